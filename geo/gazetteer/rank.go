package gazetteer

import (
	"cmp"
	"math/bits"
	"slices"

	"hazardmap/geo"
)

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
