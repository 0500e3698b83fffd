package gazetteer

import (
	"slices"
	"unicode/utf8"
)

// Fuzzy readings are questions, never answers: they are tried only when
// nothing exact was found and only inside one municipality.

// maxFuzzyKeys keeps the comparison in the time of a keystroke.
const maxFuzzyKeys = 20000

// Of a long text only so much is compared: who leaves more words unexplained
// has not misspelled a name.
const (
	maxFuzzyStates = 2
	maxFuzzyWords  = 5
)

// fuzzy adds the towns whose names are like the one in the text.
func (q *reader) fuzzy() {
	for i, s := range q.openStates() {
		if i == maxFuzzyStates {
			return
		}
		if q.anyLatin() && len(q.words) > 0 {
			q.fuzzyLatin(s)
		} else {
			q.fuzzyJapanese(s)
		}
	}
}

// fuzzyJapanese compares what stands before the number.
func (q *reader) fuzzyJapanese(s state) {
	end := s.pos
	for end < q.hi && end-s.pos < 24 && !isDigit(q.t.r[end]) && q.t.r[end] != '-' && q.t.r[end] != ' ' && q.t.r[end] != ',' {
		end++
	}
	if end == s.pos {
		return
	}
	if !isKana(q.t.r[s.pos]) {
		q.likeKanji(s, s.pos, end)
		return
	}
	q.raw = q.raw[:0]
	for _, r := range q.t.r[s.pos:end] {
		if !isKana(r) && r != '町' {
			return
		}
		q.raw = appendKana(q.raw, r)
	}
	q.likeSound(s, foldSound(nil, q.raw), s.pos, end, q.withChome)
}

// openStates returns the readings from which to go on: after each
// municipality that the text names, or in the only one there is.
func (q *reader) openStates() []state {
	var list []state
	for i := range q.hits {
		h := &q.hits[i]
		if h.place == none {
			return nil // another prefecture
		}
		s := state{muni: none}
		for _, p := range h.spans.all() {
			if p.as <= PartMunicipality {
				s.spans.add(p.as, int(p.from), int(p.to))
			}
			if p.as == PartMunicipality {
				s.muni, s.pos = q.x.place(h.place).muni, q.skip(int(p.to))
			}
		}
		if s.muni != none && !slices.ContainsFunc(list, func(o state) bool { return o.muni == s.muni && o.pos == s.pos }) {
			list = append(list, s)
		}
	}
	if len(list) == 0 && q.x.count(secMunis) == 1 {
		list = append(list, state{pos: q.lo, only: true})
	}
	return list
}

// likeKanji compares the key of the runes from from to to with every key of
// the municipality: the same length and one character other, or a 町 too many.
func (q *reader) likeKanji(s state, from, to int) {
	lo, hi := q.keyAt(from), q.keyAt(to)
	if lo >= hi {
		return
	}
	name := q.k.b[lo:hi]
	table := q.x.kanjiOf(s.muni)
	if table.hi-table.lo > maxFuzzyKeys {
		return
	}
	short, _ := cutTown(name)
	for i := table.lo; i < table.hi; i++ {
		k, p, flags := table.entry(i)
		d := uint8(0)
		if flags&keyInner != 0 && string(k) == string(name) || len(short) < len(name) && string(k) == string(short) && flags&keyWeak == 0 {
			d = 1
		} else if d = kanjiDistance(k, name); d == 0 || flags&keyWhole != 0 {
			continue
		}
		h := s.like(p, d, from, to)
		if t := q.tail(to); t.ok {
			q.withChome(h, t)
		}
	}
}

// like returns the question whether the text from from to to means place p.
func (s *state) like(p uint32, dist uint8, from, to int) hit {
	h := hit{place: p, match: Similar, hint: HintDidYouMean, dist: dist, spans: s.spans, length: int16(to - from)}
	if s.only {
		h.done = 1 << PartMunicipality
	}
	h.spans.add(PartTown, from, to)
	return h
}

// cutTown cuts a final 町.
func cutTown(name []byte) ([]byte, bool) {
	const town = "町"
	if n := len(name) - len(town); n > 0 && string(name[n:]) == town {
		return name[:n], true
	}
	return name, false
}

// kanjiDistance returns 1 for names that differ in one confusable character, 2
// for one other character, 0 if they are the same or further apart.
func kanjiDistance(a, b []byte) uint8 {
	n, d := 0, uint8(0)
	for len(a) > 0 && len(b) > 0 {
		x, i := utf8.DecodeRune(a)
		y, j := utf8.DecodeRune(b)
		a, b = a[i:], b[j:]
		n++
		if x == y {
			continue
		}
		if d > 0 {
			return 0
		}
		if d = 2; confusable(x, y) {
			d = 1
		}
	}
	if len(a) > 0 || len(b) > 0 || d == 2 && n < 3 {
		return 0
	}
	return d
}

// confusable reports whether two kanji are commonly written for each other.
func confusable(x, y rune) bool {
	const pairs = "堺境境界堺界土士末未太大大犬代台台代原源川河河川田由塚家森守島鳥井居井伊小子古小戸門江柄谷屋本元元本下上沼泊波浪香番茂繁韮菫連蓮触蝕蓮連植値渕測除徐宮官保穂穂保久玖"
	prev := rune(0)
	for i, r := range []rune(pairs) {
		if i%2 == 0 {
			prev = r
		} else if prev == x && r == y || prev == y && r == x {
			return true
		}
	}
	return false
}

// likeSound compares a sound with every sound of the municipality: without
// voicing first, then with an edit distance.
func (q *reader) likeSound(s state, sound []byte, from, to int, add func(hit, tail)) {
	table := q.x.soundOf(s.muni)
	if table.hi-table.lo > maxFuzzyKeys {
		return
	}
	stem, _ := townStem(sound)
	voiceless := append([]byte(nil), stem...)
	foldVoice(voiceless)
	first, best := len(q.hits), uint8(255)
	buf := make([]byte, 0, 64)
	for i := table.lo; i < table.hi; i++ {
		k, p, flags := table.entry(i)
		if flags&keyWhole != 0 {
			continue
		}
		if n := len(k); n > 0 && k[n-1] == townSymbol {
			k = k[:n-1]
		}
		limit := editLimit(min(len(k), len(stem)))
		if len(k)-len(stem) > limit || len(stem)-len(k) > limit {
			continue
		}
		buf = append(buf[:0], k...)
		foldVoice(buf)
		d := uint8(1)
		if string(buf) != string(voiceless) {
			n := editDistance(k, stem, limit)
			if n > limit {
				continue
			}
			d = uint8(2 * n)
		}
		if d > best {
			continue
		}
		best = min(best, d)
		h := s.like(p, d, from, to)
		if flags&keyInner != 0 {
			h.dist++
		}
		if t := q.tail(to); t.ok || q.anyLatin() {
			add(h, t)
		}
	}
	kept := q.hits[:first]
	for _, h := range q.hits[first:] {
		if h.dist <= best+1 {
			kept = append(kept, h)
		}
	}
	q.hits = kept
}

// editLimit returns how many edits are still like a name of n letters.
func editLimit(n int) int {
	switch {
	case n < 3:
		return 0
	case n <= 5:
		return 1
	}
	return 2
}

// editDistance returns the Levenshtein distance of a and b, or limit+1 if it
// is more than limit.
func editDistance(a, b []byte, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(b) >= 64 {
		return limit + 1
	}
	var rows [2][65]uint8
	prev, row := &rows[0], &rows[1]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := range a {
		row[0] = uint8(i + 1)
		low := row[0]
		for j := range b {
			cost := prev[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, prev[j+1]+1, row[j]+1)
			low = min(low, row[j+1])
		}
		if int(low) > limit {
			return limit + 1
		}
		prev, row = row, prev
	}
	return int(prev[len(b)])
}

// fuzzyLatin compares the words that nothing explains, together and one by
// one.
func (q *reader) fuzzyLatin(s state) {
	base := state{muni: s.muni, only: s.only}
	var at []int
	for i := range q.words {
		w := &q.words[i]
		if w.used = s.spans.covers(int(w.from)); w.used || w.kind != wordName {
			continue
		}
		if len(at) < maxFuzzyWords && !q.namesPref(w, s.muni) {
			at = append(at, i)
		}
	}
	base.spans = s.spans
	tried := len(q.hits)
	for n := min(len(at), 4); n > 0; n-- {
		for i := 0; i+n <= len(at); i++ {
			q.fuzzyWindow(base, at[i:i+n])
		}
		if len(q.hits) > tried {
			break
		}
	}
	for i := range q.words {
		q.words[i].used = false
	}
}

func (q *reader) namesPref(w *word, m uint32) bool {
	pref := q.x.muni(m).code / 1000
	if pref == 0 || int(pref) >= len(prefKeys) {
		return false
	}
	sound := string(q.sound(*w))
	return sound == prefKeys[pref].sound || sound == prefKeys[pref].soundShort
}

// fuzzyWindow compares neighbouring words in both orders.
func (q *reader) fuzzyWindow(s state, at []int) {
	var turned [4]word
	first, last := at[0], at[len(at)-1]
	for turn := range at {
		for i := range at {
			turned[i] = q.words[at[(i+turn)%len(at)]]
		}
		sound := append([]byte(nil), q.sound(turned[:len(at)]...)...)
		q.likeSound(s, sound, int(q.words[first].from), int(q.words[last].to), func(h hit, _ tail) {
			if q.hides(at, int(h.dist)/2) {
				return
			}
			t, number := q.latinTail(last, first)
			q.finish(h, t, first, last, number)
		})
	}
}

// hides reports whether so many edits may swallow one of several words whole.
func (q *reader) hides(at []int, edits int) bool {
	return edits > 0 && len(at) > 1 && slices.ContainsFunc(at, func(i int) bool {
		return len(q.sound(q.words[i])) <= edits+1
	})
}
