package gazetteer

import (
	"bytes"
	"cmp"
	"errors"
	"math/bits"
	"slices"
	"sync"
	"unicode/utf8"

	"hazardmap/geo"
)

// ErrTooLong refuses a text of more than [MaxRunes] code points.
var ErrTooLong = errors.New("text is longer than 200 characters")

const (
	// MaxRunes is the longest text that is searched, in code points.
	MaxRunes = 200
	// DefaultLimit is how many candidates a query returns if it does not say.
	DefaultLimit = 8
)

// readers keeps the scratch memory of finished queries.
var readers = sync.Pool{New: func() any { return new(reader) }}

// hit is one possible reading of the text.
type hit struct {
	place  uint32
	match  Match
	prec   Precision // 0: of the place
	done   uint16    // bits of completed parts
	dist   uint8     // steps of the fuzzy comparison, doubled
	hint   Hint
	length int16 // of the town's name in the text
	number span
	spans  spans
	sort   sortKey
}

// state is how far a reading has come before the town.
type state struct {
	pos   int
	pref  int
	muni  uint32 // none if the text names no municipality
	only  bool   // muni is not named, it is the only one in the data
	spans spans
}

// Search reads a whole address and returns the places that it may mean. The
// only error is [ErrTooLong].
func (x *Index) Search(query Query) (Result, error) {
	q := readers.Get().(*reader)
	defer readers.Put(q)
	if err := q.start(x, query.Text, true); err != nil {
		return Result{}, err
	}
	q.search()
	return q.result(query), nil
}

// start normalises the text and takes the postal code from it. whole tells
// that nothing will follow, so that numerals at the end are numbers.
func (q *reader) start(x *Index, s string, whole bool) error {
	q.x, q.hits, q.words = x, q.hits[:0], q.words[:0]
	if err := q.t.read(s, whole); err != nil {
		return err
	}
	q.lo, q.hi = 0, len(q.t.r)
	q.findPostal()
	q.lo = q.skip(q.lo)
	for q.hi > q.lo && (q.t.r[q.hi-1] == ' ' || q.t.r[q.hi-1] == ',') {
		q.hi--
	}
	q.k.fold(q.t.r, q.lo, q.hi)
	return nil
}

// search fills q.hits.
func (q *reader) search() {
	if q.lo >= q.hi {
		q.postalArea()
		return
	}
	q.readAll()
	if q.best() > Assumed && !q.offersChomes() {
		q.fuzzy()
	}
	q.checkPostal()
	q.prune()
}

// readAll reads the text in the order of Japanese, then, where Latin letters
// leave it open, in any order.
func (q *reader) readAll() {
	if slices.ContainsFunc(q.t.r[q.lo:q.hi], func(r rune) bool { return r >= 0x3041 }) {
		q.japanese()
	}
	if q.best() > Assumed && q.anyLatin() {
		q.latin()
	}
}

// offersChomes reports whether the text names a 丁目 that its town has not.
func (q *reader) offersChomes() bool {
	return slices.ContainsFunc(q.hits, func(h hit) bool { return h.hint == HintNoSuchChome })
}

// prune leaves questions out where there is an answer, and of the readings
// that left something unread those that explain less than another.
func (q *reader) prune() {
	best, most := q.best(), 0
	for i := range q.hits {
		if q.hits[i].match == Partial {
			most = max(most, q.hits[i].spans.size())
		}
	}
	q.hits = slices.DeleteFunc(q.hits, func(h hit) bool {
		if best <= Assumed {
			return h.match > Assumed
		}
		return h.match == Partial && h.place != none && h.spans.size() < most
	})
}

func (q *reader) best() Match { return q.bestFrom(0) }

// bestFrom returns the best match of the hits from first on.
func (q *reader) bestFrom(first int) Match {
	best := Partial + 1
	for i := first; i < len(q.hits); i++ {
		best = min(best, q.hits[i].match)
	}
	return best
}

func (q *reader) anyLatin() bool { return slices.ContainsFunc(q.t.r[q.lo:q.hi], isLatin) }

// japanese reads the text from the largest part to the smallest.
func (q *reader) japanese() {
	start := state{pos: q.lo, muni: none}
	q.afterCountry(start)
	if q.best() == Verified {
		return
	}
	for _, word := range [...]string{"日本国", "日本", "にほん", "ニホン", "ニッポン"} {
		if q.has(q.lo, word) {
			s := start
			s.pos = q.skip(q.lo + utf8.RuneCountInString(word))
			s.spans.add(PartCountry, q.lo, s.pos)
			q.afterCountry(s)
			return
		}
	}
}

// afterCountry tries every reading of what may be a prefecture.
func (q *reader) afterCountry(s state) {
	if s.pos >= q.hi {
		return
	}
	if isKana(q.t.r[s.pos]) {
		if code, end := q.kanaPrefecture(s.pos); code > 0 {
			q.inPrefecture(s, code, end, false)
		}
	} else if code, end, full := q.kanjiPrefecture(s.pos); code > 0 {
		q.inPrefecture(s, code, end, !full)
		if full {
			return
		}
	}
	if q.best() > Verified {
		q.municipality(s, false)
	}
}

// inPrefecture goes on after the name of a prefecture.
func (q *reader) inPrefecture(s state, code, end int, mustName bool) {
	after := s
	after.pref, after.pos = code, q.skip(end)
	after.spans.add(PartPrefecture, s.pos, end)
	q.municipality(after, mustName)
}

// kanjiPrefecture reads a prefecture at pos, with or without its last word.
func (q *reader) kanjiPrefecture(pos int) (code, end int, full bool) {
	rest := q.k.b[q.keyAt(pos):]
	for code := 1; code < len(prefKeys); code++ {
		name := &prefKeys[code]
		if len(rest) < len(name.short) || string(rest[:len(name.short)]) != name.short {
			continue
		}
		at := q.keyAt(pos)
		if len(rest) >= len(name.full) && string(rest[:len(name.full)]) == name.full {
			return code, q.keyEnd(at + len(name.full)), true
		}
		return code, q.keyEnd(at + len(name.short)), false
	}
	return 0, 0, false
}

// kanaPrefecture reads the reading of a prefecture at pos.
func (q *reader) kanaPrefecture(pos int) (code, end int) {
	q.kanaRun(pos, func(to int, sound []byte) bool {
		for i := 1; i < len(prefKeys); i++ {
			if string(sound) == prefKeys[i].sound {
				code, end = i, to
			}
		}
		return code == 0 && len(sound) < 16
	})
	return code, end
}

// keyAt returns the first byte of the key that comes from the rune at pos or
// after it.
func (q *reader) keyAt(pos int) int {
	if i := pos - q.lo; i >= 0 && i < len(q.k.of) {
		return int(q.k.of[i])
	}
	return len(q.k.b)
}

// keyEnd returns where the runes of the first n bytes of the key end.
func (q *reader) keyEnd(n int) int {
	if n == 0 {
		return q.lo
	}
	return int(q.k.at[n-1]) + 1
}

// kanaRun calls fn with every beginning of the kana at pos, as a sound, until
// fn returns false.
func (q *reader) kanaRun(pos int, fn func(end int, sound []byte) bool) {
	q.raw = q.raw[:0]
	for i := pos; i < q.hi && i < pos+48; i++ {
		r := q.t.r[i]
		if r == ' ' {
			continue
		}
		if !isKana(r) {
			return
		}
		q.raw = appendKana(q.raw, r)
		if i+1 < q.hi && smallKana(q.t.r[i+1]) {
			continue
		}
		q.snd = foldSound(q.snd[:0], q.raw)
		if !fn(i+1, q.snd) {
			return
		}
	}
}

// smallKana reports whether r belongs to the kana before it.
func smallKana(r rune) bool {
	switch r {
	case 'ゃ', 'ゅ', 'ょ', 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ', 'ャ', 'ュ', 'ョ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ー':
		return true
	}
	return false
}

// municipality tries every municipality whose name the text has at the state,
// then none. mustName is set after a prefecture without its last word, which
// may be part of another name: 福島町.
func (q *reader) municipality(s state, mustName bool) {
	if s.pos >= q.hi {
		if !mustName {
			q.outside(s)
		}
		return
	}
	var seen [16]uint32
	n := 0
	try := func(m uint32, end int) bool {
		if slices.Contains(seen[:n], m|uint32(end)<<20) || s.pref != 0 && int(q.x.muni(m).code/1000) != s.pref {
			return true
		}
		if n < len(seen) {
			seen[n] = m | uint32(end)<<20
			n++
		}
		after := s
		after.muni, after.pos = m, q.skip(end)
		after.spans.add(PartMunicipality, s.pos, end)
		q.town(after)
		return q.best() != Verified
	}
	at := q.keyAt(s.pos)
	table := keys{q.x, secMuniKanji, 0, 0, q.x.count(secMuniKanji)}
	table.prefixes(q.k.b[at:], func(length int, same keys) {
		for i := same.lo; i < same.hi && n < len(seen); i++ {
			if _, m, _ := same.entry(i); !try(m, q.keyEnd(at+length)) {
				return
			}
		}
	})
	if q.best() == Verified {
		return
	}
	q.soundMunicipality(s.pos, try)
	if q.best() != Verified && !mustName {
		q.town(s)
		if n == 0 && len(q.hits) == 0 {
			q.outside(s)
		}
	}
}

// soundMunicipality tries the municipalities that the kana or the first Latin
// word at pos name.
func (q *reader) soundMunicipality(pos int, try func(m uint32, end int) bool) {
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	type found struct {
		m   uint32
		end int
	}
	var list [12]found
	n := 0
	look := func(end int, sound []byte) bool {
		same := table.equal(sound)
		for i := same.lo; i < same.hi && n < len(list); i++ {
			_, m, _ := same.entry(i)
			list[n] = found{m, end}
			n++
		}
		return true
	}
	if isKana(q.t.r[pos]) {
		q.kanaRun(pos, look)
	} else if isLatin(q.t.r[pos]) {
		q.latinRun(pos, look)
	}
	for i := n - 1; i >= 0; i-- {
		if !try(list[i].m, list[i].end) {
			return
		}
	}
}

// latinRun calls fn with the sound of the Latin word at pos, alone and with
// the words glued to it by hyphens.
func (q *reader) latinRun(pos int, fn func(end int, sound []byte) bool) {
	q.raw = q.raw[:0]
	for i := pos; i < q.hi; i++ {
		r := q.t.r[i]
		if !isLatin(r) && r != '-' {
			return
		}
		q.raw = appendLatin(q.raw, r)
		if i+1 == q.hi || !isLatin(q.t.r[i+1]) {
			q.snd = foldSound(q.snd[:0], q.raw)
			fn(i+1, q.snd)
		}
	}
}

// outside notes that the text names a prefecture or municipality that is not
// in the data.
func (q *reader) outside(s state) {
	if q.x.meta.prefs&(1<<s.pref) == 0 && s.pref != 0 || q.namesCity(s.pos) {
		q.hits = append(q.hits, hit{place: none, match: Partial, hint: HintOutsideArea, spans: s.spans})
	}
}

// namesCity reports whether the text at pos starts like a municipality.
func (q *reader) namesCity(pos int) bool {
	for i := pos; i < min(q.hi, pos+9); i++ {
		if !isHan(q.t.r[i]) && !isKana(q.t.r[i]) {
			return false
		}
		if r := q.t.r[i]; i > pos && (r == '市' || r == '郡' || r == '県' || r == '都' || r == '府') {
			return true
		}
	}
	return false
}

// town tries every town whose name the text has at the state.
func (q *reader) town(s state) {
	if s.pos >= q.hi {
		if s.muni != none {
			q.hits = append(q.hits, hit{place: q.x.muni(s.muni).place, match: Verified, spans: s.spans})
		}
		return
	}
	before := len(q.hits)
	table := q.x.everywhere(secKanji, secKanjiAll)
	if s.muni != none {
		table = q.x.kanjiOf(s.muni)
	}
	at := q.keyAt(s.pos)
	table.prefixes(q.k.b[at:], func(length int, same keys) {
		q.same(s, same, s.pos, q.keyEnd(at+length), 0)
	})
	if isKana(q.t.r[s.pos]) {
		q.soundTown(s)
	}
	q.settle(before)
	if len(q.hits) == before && s.muni != none {
		q.hits = append(q.hits, hit{place: q.x.muni(s.muni).place, match: Partial, hint: HintTownUnknown, spans: s.spans})
	}
}

// soundTown tries the towns whose reading the kana at the state start with.
func (q *reader) soundTown(s state) {
	table := q.x.everywhere(secSound, secSoundAll)
	if s.muni != none {
		table = q.x.soundOf(s.muni)
	}
	q.kanaRun(s.pos, func(end int, sound []byte) bool {
		if end < q.hi && q.t.r[end] == '町' { // いまいずみ町
			with := append(append(q.buffer(), sound...), townSymbol)
			q.same(s, table.equal(with), s.pos, end+1, 0) // does not use q.snd
		}
		q.sounds(table, sound, func(same keys, done uint16) { q.same(s, same, s.pos, end, done) })
		return true
	})
}

// sounds looks a sound up as it is, with its cho or machi as the symbol,
// without it, and with one added.
func (q *reader) sounds(table keys, sound []byte, fn func(same keys, done uint16)) {
	name := append(q.buffer(), sound...) // fn may use q.snd
	stem, ok := townStem(name)
	fn(table.equal(name), 0)
	with := append(stem, townSymbol)
	if !ok {
		fn(table.equal(with), 1<<PartTownSuffix)
		return
	}
	fn(table.equal(with), 0)
	fn(table.equal(stem), 1<<PartTownSuffix)
}

// buffer returns scratch memory for one key.
func (q *reader) buffer() []byte {
	if q.with == nil {
		q.with = make([]byte, 0, 256)
	}
	return q.with[:0]
}

// same takes the places of equal keys that the text names from from to to.
func (q *reader) same(s state, same keys, from, to int, done uint16) {
	for i := same.lo; i < same.hi; i++ {
		_, p, flags := same.entry(i)
		if !q.within(s, p) || flags&keyInner != 0 {
			continue
		}
		if flags&keyWhole != 0 {
			if q.skip(to) == q.hi {
				q.whole(s, p, flags, from, to)
			}
			continue
		}
		weak := done
		if flags&keyWeak != 0 {
			weak |= 1 << PartTownSuffix
		}
		q.placed(s, p, from, to, weak)
	}
}

// within reports whether a place lies in the prefecture that the text names.
func (q *reader) within(s state, p uint32) bool {
	return s.pref == 0 || s.muni != none || int(q.x.muni(q.x.place(p).muni).code/1000) == s.pref
}

// whole adds a facility or office whose name is all the text has.
func (q *reader) whole(s state, p uint32, flags uint8, from, to int) {
	h := hit{place: p, match: Verified, spans: s.spans, length: int16(to - from)}
	if flags&keyWeak != 0 {
		h.assume(PartFacility)
	}
	h.spans.add(PartFacility, from, to)
	q.hits = append(q.hits, h)
}

func (h *hit) assume(p Part) {
	h.done |= 1 << p
	h.match = max(h.match, Assumed)
}

// placed adds the readings in which the text names place p and goes on after
// it: as one of its 丁目, as the whole town, with a number.
func (q *reader) placed(s state, p uint32, from, to int, done uint16) {
	t := q.tail(to)
	h := hit{place: p, match: Verified, spans: s.spans, length: int16(to - from), done: done}
	if s.muni == none {
		done |= 1 << PartMunicipality
	}
	if q.addsAza(p, from, to) {
		done |= 1 << PartTown
	}
	if h.done = done; done != 0 {
		h.match = Assumed
	}
	h.spans.add(PartTown, from, to)
	if !t.ok {
		h.match, h.hint = Partial, HintPartlyUnread
		q.hits = append(q.hits, h)
		return
	}
	q.withChome(h, t)
}

// addsAza reports whether the text writes a 字 that the register has not: 字新山
// and 新山 may both exist, and only one may be in the data.
func (q *reader) addsAza(p uint32, from, to int) bool {
	for i := from; i < to; i++ {
		if q.t.r[i] == '字' && isAza(q.t.r[from:to], i-from) && (i == from || q.t.r[i-1] != '大' && q.t.r[i-1] != '小') {
			return !bytes.Contains(q.x.str(q.x.place(p).name), []byte("字"))
		}
	}
	return false
}

// withChome adds h for the 丁目 that the tail names, or for each that it may
// mean.
func (q *reader) withChome(h hit, t tail) {
	town := q.x.place(h.place)
	wanted, explicit := uint16(t.chome), t.chome > 0
	if !explicit {
		wanted = uint16(t.first)
	}
	chomes, match := 0, uint32(none)
	q.x.chomes(h.place, func(i uint32, number uint16) {
		chomes++
		if number == wanted && wanted > 0 {
			match = i
		}
	})
	rest := h
	rest.spans.add(PartChome, int(t.chomeSpan.from), int(t.chomeSpan.to))
	rest.number = t.number
	rest.spans.add(PartNumber, int(t.number.from), int(t.number.to))
	rest.spans.add(PartBuilding, int(t.building.from), int(t.building.to))
	switch {
	case explicit && match != none:
		rest.place = match
		q.hits = append(q.hits, rest)
	case explicit:
		h.match, h.hint = Partial, HintPartlyUnread
		if chomes > 0 {
			h.hint = HintNoSuchChome
			h.number = t.number
			h.spans.add(PartNumber, int(t.number.from), int(t.number.to))
		}
		q.offerChomes(h, chomes)
	case match != none:
		q.firstIsChome(h, rest, t, match, town.flags&placeUnregistered == 0)
	case chomes > 0:
		if rest.hint = HintChooseChome; town.flags&placeUnregistered != 0 {
			rest.assume(PartChome)
		}
		q.offerChomes(rest, chomes)
	default:
		q.hits = append(q.hits, rest)
	}
}

// firstIsChome adds the reading of 1-410 as 一丁目410. Where the town also
// stands alone in the register, both readings are offered.
func (q *reader) firstIsChome(h, whole hit, t tail, chome uint32, townToo bool) {
	h.place = chome
	h.spans.add(PartChome, int(t.number.from), t.firstEnd)
	if t.afterFirst > 0 {
		h.number = span{PartNumber, int16(t.afterFirst), t.number.to}
		h.spans.add(PartNumber, t.afterFirst, int(t.number.to))
	}
	h.spans.add(PartBuilding, int(t.building.from), int(t.building.to))
	if !townToo {
		q.hits = append(q.hits, h)
		return
	}
	h.assume(PartChome)
	whole.assume(PartChome)
	h.hint, whole.hint = HintChooseChome, HintChooseChome
	whole.dist = 1 // the text is shaped like a 丁目
	q.hits = append(q.hits, h, whole)
}

// offerChomes adds the town and each of its 丁目, none of them chosen.
func (q *reader) offerChomes(h hit, chomes int) {
	q.hits = append(q.hits, h)
	if chomes == 0 {
		return
	}
	q.x.chomes(h.place, func(i uint32, _ uint16) {
		c := h
		c.place = i
		c.assume(PartChome)
		q.hits = append(q.hits, c)
	})
}

// settle judges the hits from index first on against each other: of places
// that share a key only the one spelled exactly stays verified, a shorter name
// gives way to a longer one, and of partial readings only the longest stays.
func (q *reader) settle(first int) {
	hits := q.hits[first:]
	longest, longestSure := int16(0), int16(0)
	sure := 0
	for i := range hits {
		longest = max(longest, hits[i].length)
		if hits[i].match == Verified {
			longestSure = max(longestSure, hits[i].length)
			sure++
		}
	}
	better := slices.ContainsFunc(hits, func(h hit) bool { return h.match <= Assumed })
	keep := hits[:0]
	for _, h := range hits {
		if h.match == Partial && (better || h.length < longest) {
			continue
		}
		keep = append(keep, h)
	}
	q.hits = q.hits[:first+len(keep)]
	q.doubtKoaza(keep)
	if sure < 2 {
		return
	}
	exact, exacts, closest := -1, 0, 1
	for i := range keep {
		h := &keep[i]
		if h.match != Verified {
			continue
		}
		if h.length < longestSure {
			h.assume(PartTown)
			continue
		}
		if how := q.spelled(h); how > closest {
			exact, exacts, closest = i, 1, how
		} else if how == closest {
			exact = i
			exacts++
		}
	}
	q.demoteTwins(keep, longestSure, exact, exacts)
}

// doubtKoaza takes the certainty from a 小字 that the register has without its
// 大字, if a number follows: addresses do not name it alone, so 平井410 is more
// likely 平井町410, a town that the data may lack.
func (q *reader) doubtKoaza(hits []hit) {
	for i := range hits {
		h := &hits[i]
		if h.match != Verified || h.number.to == 0 {
			continue
		}
		if p := q.x.place(h.place); p.level == LevelKoaza && p.flags&placeHashID == 0 && p.id < 1000 {
			h.assume(PartTown)
			h.hint = HintChooseTown
		}
	}
}

// demoteTwins leaves at most one place verified.
func (q *reader) demoteTwins(hits []hit, length int16, exact, exacts int) {
	verified := 0
	town := uint32(none)
	for i := range hits {
		if h := &hits[i]; h.match == Verified && h.length == length {
			if t := q.x.townOf(h.place); t != town {
				verified++
				town = t
			}
		}
	}
	if verified < 2 {
		return
	}
	for i := range hits {
		if h := &hits[i]; h.match == Verified && (exacts != 1 || i != exact) {
			h.assume(PartTown)
			h.hint = HintChooseTown
		}
	}
}

// townOf returns the town of a 丁目, else the place itself.
func (x *Index) townOf(i uint32) uint32 {
	if p := x.place(i); p.level == LevelChome {
		return p.parent
	}
	return i
}

// spelled tells how closely the text has the town's name as the register
// spells it: 3 to the letter, 2 after normalisation, 1 as its reading, else 0.
func (q *reader) spelled(h *hit) int {
	p := q.x.place(q.x.townOf(h.place))
	for _, s := range h.spans.all() {
		if s.as != PartTown && s.as != PartFacility {
			continue
		}
		name := string(q.x.str(p.name))
		from, to := q.original(s)
		switch typed := string(q.t.r[s.from:s.to]); {
		case string(q.t.orig[from:to]) == name:
			return 3
		case typed == name:
			return 2
		case typed == string(q.x.str(p.kana)):
			return 1
		}
	}
	return 0
}

// order sorts hits: the surest first, by the rules of one municipality at
// home, distance, completed parts, precision, weight, code.
func (q *reader) order(near *geo.Point) {
	if len(q.hits) < 2 {
		return
	}
	home := q.x.meta.area
	for i := range q.hits {
		h := &q.hits[i]
		h.sort = sortKey{completed: int8(bits.OnesCount16(h.done)), rank: 99}
		if h.place == none {
			continue
		}
		p := q.x.place(h.place)
		h.sort.away = home >= 100 && q.x.muni(p.muni).code != home
		h.sort.rank, h.sort.weight = rank(p.level), q.x.weight(h.place)
		if near != nil {
			h.sort.metres = near.Distance(p.at.Point())
		}
	}
	slices.SortStableFunc(q.hits, func(a, b hit) int {
		if a.match != b.match {
			return cmp.Compare(a.match, b.match)
		}
		if a.dist != b.dist {
			return cmp.Compare(a.dist, b.dist)
		}
		if c := compareKeys(&a.sort, &b.sort, a.length, b.length); c != 0 {
			return c
		}
		return cmp.Compare(a.place, b.place)
	})
}

// sortKey is what an order needs to know of a hit's place.
type sortKey struct {
	away      bool
	completed int8
	rank      int8
	weight    uint32
	metres    geo.Metres
}

func compareKeys(a, b *sortKey, aLength, bLength int16) int {
	switch {
	case a.away != b.away:
		if b.away {
			return -1
		}
		return 1
	case a.metres != b.metres:
		return cmp.Compare(a.metres, b.metres)
	case a.completed != b.completed:
		return cmp.Compare(a.completed, b.completed)
	case aLength != bLength:
		return cmp.Compare(bLength, aLength)
	case a.rank != b.rank:
		return cmp.Compare(a.rank, b.rank)
	}
	return cmp.Compare(b.weight, a.weight)
}

// rank orders by precision; towns stand before their 丁目, which they include.
func rank(level Level) int8 {
	switch level {
	case LevelPostal:
		return 0
	case LevelFacility, LevelOffice:
		return 1
	case LevelTown:
		return 2
	case LevelChome:
		return 3
	case LevelKoaza:
		return 4
	}
	return 5
}

// weight returns how many addresses a place is known to have.
func (x *Index) weight(i uint32) uint32 {
	n := uint32(0)
	x.chomes(i, func(uint32, uint16) { n++ })
	return n
}
