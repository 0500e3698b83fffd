package gazetteer

import (
	"bytes"
	"slices"
	"strings"
)

// maxSuggestKeys is how many keys of one prefix are looked through.
const maxSuggestKeys = 400

// Suggest returns the places that a text not yet complete may become: what
// [Index.Search] finds, then names that go on. An input method's half-written
// syllable counts: "いまいz".
func (x *Index) Suggest(query Query) (Result, error) {
	q := readers.Get().(*reader)
	defer readers.Put(q)
	if err := q.start(x, query.Text, false); err != nil {
		return Result{}, err
	}
	if q.lo >= q.hi {
		q.postalArea()
		return q.result(query), nil
	}
	if q.postalPrefix() {
		return q.result(query), nil
	}
	q.readAll()
	q.checkPostal()
	q.hits = slices.DeleteFunc(q.hits, func(h hit) bool { return h.match == Similar })
	found := len(q.hits)
	if q.best() > Verified || q.hits[0].number.to == 0 {
		q.complete()
	}
	if len(q.hits) == found && q.best() > Assumed {
		if len(q.words) == 0 && q.anyLatin() {
			q.split()
		}
		q.fuzzy()
	}
	q.prune()
	return q.result(query), nil
}

// postalPrefix offers the places of a postal code of which three digits or more
// are typed.
func (q *reader) postalPrefix() bool {
	low, n := uint32(0), 0
	for i := q.lo; i < q.hi; i++ {
		r := q.t.r[i]
		if r == '-' && n == 3 {
			continue
		}
		if !isDigit(r) || n == 6 {
			return false
		}
		low = low*10 + uint32(r-'0')
		n++
	}
	if n < 3 {
		return false
	}
	high := low + 1
	for ; n < 7; n++ {
		low, high = low*10, high*10
	}
	for i := q.x.postalFrom(low); i < q.x.count(secPostal) && len(q.hits) < 4*DefaultLimit; i++ {
		if q.x.u32(secPostal, 8, i, 0) >= high {
			break
		}
		q.suggestion(state{pos: q.lo, muni: q.x.place(q.x.u32(secPostal, 8, i, 4)).muni}, q.x.u32(secPostal, 8, i, 4), 0)
	}
	return len(q.hits) > 0
}

// complete adds the towns whose names go on from what the text has after its
// municipality.
func (q *reader) complete() {
	states := q.openStates()
	if len(states) == 0 && !slices.ContainsFunc(q.hits, func(h hit) bool { return h.place == none }) {
		states = append(states, state{pos: q.lo, muni: none})
	}
	for _, s := range states {
		q.completeTown(s)
	}
}

func (q *reader) completeTown(s state) {
	if s.pos >= q.hi {
		q.wholeCity(s)
		return
	}
	kanji, sound := q.x.everywhere(secKanji, secKanjiAll), q.x.everywhere(secSound, secSoundAll)
	if s.muni != none {
		kanji, sound = q.x.kanjiOf(s.muni), q.x.soundOf(s.muni)
	}
	if rest := q.k.b[q.keyAt(s.pos):]; len(rest) > 0 {
		q.goOn(s, kanji, rest)
	}
	q.goOnSound(s, sound)
	q.completeMunicipality(s)
}

// wholeCity offers towns of a municipality that is all the text has.
func (q *reader) wholeCity(s state) {
	if s.muni == none {
		return
	}
	m := q.x.muni(s.muni)
	for i, n := m.places[0], 0; i < m.places[1] && n < DefaultLimit; i++ {
		if p := q.x.place(i); p.level == LevelTown {
			q.suggestion(s, i, 0)
			n++
		}
	}
}

// goOn adds the places whose key starts with prefix.
func (q *reader) goOn(s state, k keys, prefix []byte) {
	if s.muni == none && q.tops(s, prefix) {
		return
	}
	r := k.starting(prefix)
	for i := r.lo; i < r.hi && i-r.lo < maxSuggestKeys; i++ {
		_, p, flags := r.entry(i)
		if q.within(s, p) {
			q.suggestion(s, p, flags)
		}
	}
}

// tops adds the places that are kept ready for a short prefix.
func (q *reader) tops(s state, prefix []byte) bool {
	lo, hi := uint32(0), q.x.count(secTops)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if bytes.Compare(q.x.str(q.x.u32(secTops, topSize, mid, 0)), prefix) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if s.pref != 0 || lo >= q.x.count(secTops) || !bytes.Equal(q.x.str(q.x.u32(secTops, topSize, lo, 0)), prefix) {
		return false
	}
	for f := 4; f < topSize; f += 4 {
		if p := q.x.u32(secTops, topSize, lo, f); p != none {
			q.suggestion(s, p, 0)
		}
	}
	return true
}

// suggestion adds one place unless the text already means it.
func (q *reader) suggestion(s state, p uint32, flags uint8) {
	for i := range q.hits {
		if q.hits[i].place == p && q.hits[i].match <= Assumed {
			return
		}
	}
	h := hit{place: p, match: Assumed, spans: s.spans, done: 1 << PartTown, hint: HintContinueTyping}
	if s.muni == none {
		h.done |= 1 << PartMunicipality
	}
	if flags&(keyInner|keyWeak) != 0 {
		h.dist = 1 // after those that start with the text
	}
	h.spans.add(PartTown, s.pos, q.hi)
	q.hits = append(q.hits, h)
}

// goOnSound adds the places whose reading starts with what is typed in kana or
// Latin letters.
func (q *reader) goOnSound(s state, k keys) {
	q.raw = q.raw[:0]
	from := s.pos
	for i := s.pos; i < q.hi; i++ { // an ideograph before the kana narrows the choice
		if isHan(q.t.r[i]) {
			from = i + 1
		}
	}
	letters := false
	for _, r := range q.t.r[from:q.hi] {
		switch {
		case isKana(r):
			q.raw = appendKana(q.raw, r)
		case isLatin(r):
			q.raw = appendLatin(q.raw, r)
			letters = true
		case r == ' ' || r == '-' || r == '\'' || r == ',':
		default:
			return
		}
	}
	if len(q.raw) == 0 {
		return
	}
	head := q.t.r[s.pos:from]
	before := len(q.hits)
	for _, prefix := range q.openSounds(letters) {
		q.goOn(s, k, prefix)
	}
	if len(head) == 0 {
		return
	}
	kept := q.hits[:before]
	for _, h := range q.hits[before:] {
		name := kanjiKey(string(q.x.str(q.x.place(h.place).name)))
		if strings.HasPrefix(name, string(q.k.b[q.keyAt(s.pos):q.keyAt(from)])) {
			kept = append(kept, h)
		}
	}
	q.hits = kept
}

// openSounds folds the letters typed so far. A last syllable that is not
// finished stands for each sound it can become.
func (q *reader) openSounds(letters bool) [][]byte {
	raw := q.raw
	ends := []string{""}
	if letters {
		for _, open := range [...]struct {
			typed string
			ends  []string
		}{
			{"sh", []string{"si", "sy"}}, {"ch", []string{"ti", "ty"}}, {"ts", []string{"tu"}}, {"j", []string{"zi", "zy"}},
			{"f", []string{"hu", "ha"}}, {"c", []string{"ti", "ty", "k"}}, {"m", []string{"m", "n"}}, {"oh", []string{"o", "oh"}},
			{"d", []string{"d", "z"}}, {"x", []string{"si", "sy"}},
		} {
			if bytes.HasSuffix(raw, []byte(open.typed)) {
				raw, ends = raw[:len(raw)-len(open.typed)], open.ends
				break
			}
		}
	}
	var list [][]byte
	sound := foldSound(nil, raw)
	for _, end := range ends {
		if end == "oh" {
			list = append(list, append(bytes.Clone(sound), end...))
			continue
		}
		s := bytes.Clone(sound)
		for _, c := range []byte(end) {
			s = push(s, 0, c)
		}
		if len(s) > 0 {
			list = append(list, s)
		}
	}
	return append(list, q.openSuffix()...)
}

// openSuffix completes a cho or machi of which only the start is typed.
func (q *reader) openSuffix() [][]byte {
	var list [][]byte
	for _, suffix := range [...]struct {
		whole string
		typed []string
	}{
		{"mati", []string{"m", "ma", "mac", "mach", "machi", "mat", "mati"}},
		{"tyo", []string{"c", "ch", "cho", "chou", "t", "ty", "tyo", "tyou", "ti"}}, // ち before its ょ
	} {
		for _, typed := range suffix.typed {
			rest, ok := bytes.CutSuffix(q.raw, []byte(typed))
			if !ok || len(rest) < 2 {
				continue
			}
			sound := foldSound(nil, append(bytes.Clone(rest), suffix.whole...))
			if stem, ok := townStem(sound); ok {
				list = append(list, append(bytes.Clone(stem), townSymbol))
			}
		}
	}
	return list
}

// completeMunicipality offers municipalities whose names go on.
func (q *reader) completeMunicipality(s state) {
	if s.muni != none || q.x.count(secMunis) < 2 {
		return
	}
	k := keys{q.x, secMuniKanji, 0, 0, q.x.count(secMuniKanji)}
	r := k.starting(q.k.b[q.keyAt(s.pos):])
	for i := r.lo; i < r.hi && i-r.lo < 32; i++ {
		_, m, _ := r.entry(i)
		q.suggestion(s, q.x.muni(m).place, 0)
	}
}
