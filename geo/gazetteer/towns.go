package gazetteer

import (
	"bytes"
	"slices"
)

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
	if len(q.hits) == before && !s.later && !q.anyTown() && (s.muni != none || !q.namesCity(s.pos)) {
		q.laterTown(s)
	}
	if len(q.hits) == before && s.muni != none && !s.later {
		q.hits = append(q.hits, hit{place: q.x.muni(s.muni).place, match: Partial, hint: HintTownUnknown, spans: s.spans})
	}
}

// anyTown reports whether a reading has the name of a town.
func (q *reader) anyTown() bool {
	return slices.ContainsFunc(q.hits, func(h hit) bool { return h.length > 0 })
}

// laterTown tries the words behind one that nothing explains: "高崎 大手町". It
// leaves a question that shows the word.
func (q *reader) laterTown(s state) {
	s.later = true
	for i, tries := s.pos+1, 0; i < q.hi && tries < 4; i++ {
		if isLetter(q.t.r[i-1]) || !isLetter(q.t.r[i]) || isDigit(q.t.r[i-1]) {
			continue
		}
		tries++
		before := len(q.hits)
		s.pos = i
		q.town(s)
		for k := before; k < len(q.hits); k++ {
			if h := &q.hits[k]; h.match != Partial {
				h.match, h.hint, h.townRead = Partial, HintPartlyUnread, true
			}
		}
		if len(q.hits) > before {
			return
		}
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
	var buf [96]byte
	name := append(buf[:0], sound...) // fn may look up other sounds
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

// doubt makes a question of what a state rests on that is only similar.
func (s *state) doubt(h *hit) {
	if s.voice {
		h.match, h.hint = Similar, HintDidYouMean
	}
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
	if at := q.skip(to); !t.ok && at > to && q.behindHome(at, q.x.place(p).muni) == q.hi {
		t.ok = true // 大手町 伊勢崎市
		h.spans.add(PartMunicipality, at, q.hi)
		s.muni = q.x.place(p).muni
	}
	if s.muni == none {
		done |= 1 << PartMunicipality
	}
	if q.addsAza(p, from, to) {
		done |= 1 << PartTown
	}
	if h.done = done; done != 0 {
		h.match = Assumed
	}
	s.doubt(&h)
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
	if t.building.to > 0 && (t.aside || q.secondNumber(&t) || q.namesPlace(t.building, q.x.place(h.place).muni)) {
		if h.match == Similar {
			return
		}
		h.match, h.hint, h.townRead, t.building = Partial, HintPartlyUnread, true, span{}
	}
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
		apart := t.building.to > 0 && t.afterFirst == 0 && q.t.r[t.firstEnd] != '-' // 1 コーポ may be a lot
		q.firstIsChome(h, rest, t, match, apart || town.flags&placeUnregistered == 0)
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
