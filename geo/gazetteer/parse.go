package gazetteer

import (
	"slices"
)

// reader holds what one query needs while it is read; readers are reused.
type reader struct {
	x      *Index
	t      text
	k      key
	lo, hi int // what lies between the postal code and the ends

	postal       uint32 // 7 digits, 0 if none
	postalSpan   span
	postalMarked bool // written with 〒, CEP or ZIP

	hits  []hit
	snd   []byte // scratch: a sound
	with  []byte // scratch: a key made of a sound
	raw   []byte // scratch: letters not yet folded
	apart struct{ snd, with, raw []byte }
	words []word
}

// swapScratch exchanges the scratch memory for what is judged in the middle of
// another reading.
func (q *reader) swapScratch() {
	a := &q.apart
	q.snd, q.with, q.raw, a.snd, a.with, a.raw = a.snd, a.with, a.raw, q.snd, q.with, q.raw
}

// span is a part of the normalised text.
type span struct {
	as       Part
	from, to int16
}

// spans is a short list of spans that needs no memory of its own.
type spans struct {
	n uint8
	s [12]span
}

func (s *spans) add(as Part, from, to int) {
	if int(s.n) < len(s.s) && from < to {
		s.s[s.n] = span{as, int16(from), int16(to)}
		s.n++
	}
}

// size returns how many runes the spans take.
func (s *spans) size() int {
	n := 0
	for _, p := range s.all() {
		n += int(p.to - p.from)
	}
	return n
}

func (s *spans) all() []span { return s.s[:s.n] }

func (s *spans) covers(i int) bool {
	for _, p := range s.all() {
		if int(p.from) <= i && i < int(p.to) {
			return true
		}
	}
	return false
}

// skip returns the first position from i on that is no blank or comma.
func (q *reader) skip(i int) int {
	for i < q.hi && (q.t.r[i] == ' ' || q.t.r[i] == ',') {
		i++
	}
	return i
}

// has reports whether the text reads word at i.
func (q *reader) has(i int, word string) bool {
	for _, r := range word {
		if i >= q.hi || q.t.r[i] != r {
			return false
		}
		i++
	}
	return true
}

// digits reads a number of at most 6 digits at i and returns where it ends.
func (q *reader) digits(i int) (n, end int) {
	for end = i; end < q.hi && isDigit(q.t.r[end]); end++ {
		if end-i >= 6 {
			return 0, i
		}
		n = n*10 + int(q.t.r[end]-'0')
	}
	return n, end
}

// findPostal takes a postal code from either end of the text.
func (q *reader) findPostal() {
	q.postal, q.postalSpan, q.postalMarked = 0, span{}, false
	i := q.skip(q.lo)
	marked := i
	if after := i + len([]rune("日本")); q.has(i, "日本") && (q.skip(after) > after || q.has(after, "〒")) {
		marked = q.skip(after) // as web maps write it: 日本、〒372-0801 群馬県…
	}
	for marked < q.hi && (q.t.r[marked] == '〒' || q.t.r[marked] == '〶') {
		marked = q.skip(marked + 1)
	}
	marked = q.postalWord(marked)
	if code, end := q.postalAt(marked); code > 0 {
		q.postal, q.postalSpan, q.postalMarked = code, span{PartPostalCode, int16(i), int16(end)}, marked > i
		q.lo = end
		return
	}
	for j := q.hi - 7; j >= max(i+1, q.hi-10); j-- { // at the end, set apart
		code, end := q.postalAt(j)
		if code == 0 || q.skip(end) < q.hi {
			continue
		}
		before := j
		for before > q.lo && (q.t.r[before-1] == ' ' || q.t.r[before-1] == ',' || q.t.r[before-1] == '〒' || q.t.r[before-1] == ':') {
			before--
		}
		mark := slices.Contains(q.t.r[before:j], '〒')
		word := before
		for word > q.lo && isLatin(q.t.r[word-1]) {
			word--
		}
		if word < before && q.postalWord(word) > word {
			before, mark = word, true
		}
		if mark || before < j && len(q.x.postalPlaces(code)) > 0 {
			q.postal, q.postalSpan, q.postalMarked = code, span{PartPostalCode, int16(before), int16(end)}, mark
			q.hi = before
		}
		return
	}
}

// postalWord skips CEP, ZIP, 郵便番号 and the like.
func (q *reader) postalWord(i int) int {
	for _, w := range [...]string{"郵便番号", "CEP", "cep", "Cep", "ZIP", "zip", "Zip", "C.P.", "CP"} {
		if q.has(i, w) {
			i += len([]rune(w))
			for i < q.hi && (q.t.r[i] == ' ' || q.t.r[i] == ':' || q.t.r[i] == '.') {
				i++
			}
			return i
		}
	}
	return i
}

// postalAt reads 372-0801, 372 0801 or 3720801 at i.
func (q *reader) postalAt(i int) (code uint32, end int) {
	if i < q.lo || i > q.lo && isDigit(q.t.r[i-1]) {
		return 0, i
	}
	n := 0
	for end = i; end < q.hi && n < 7; end++ {
		r := q.t.r[end]
		if isDigit(r) {
			code = code*10 + uint32(r-'0')
			n++
		} else if n != 3 || r != '-' || end == i {
			return 0, i
		}
	}
	if n < 7 || end < q.hi && (isDigit(q.t.r[end]) || q.t.r[end] == '-') {
		return 0, i
	}
	return code, end
}
