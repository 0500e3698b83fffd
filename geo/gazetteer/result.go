package gazetteer

import (
	"slices"
	"strings"
	"unicode"

	"hazardmap/geo"
)

// postalArea answers a text that holds nothing but a postal code: every town
// of the code is offered and none is chosen.
func (q *reader) postalArea() {
	if q.postal == 0 {
		return
	}
	for _, p := range q.x.postalPlaces(q.postal) {
		h := hit{place: p, match: Verified}
		h.spans.add(PartPostalCode, int(q.postalSpan.from), int(q.postalSpan.to))
		switch q.x.place(p).level {
		case LevelOffice, LevelFacility: // the code is a place's own
		case LevelCity:
			h.assume(PartTown)
		default:
			h.prec = PrecisionPostalArea
			h.assume(PartTown)
		}
		q.hits = append(q.hits, h)
	}
}

// checkPostal weighs a postal code beside an address: one that belongs to the
// place stands for the municipality, one that belongs elsewhere makes the
// answer a question.
func (q *reader) checkPostal() {
	if q.postal == 0 || q.lo >= q.hi {
		return
	}
	places := q.x.postalPlaces(q.postal)
	q.settle(0)
	if i := slices.IndexFunc(q.hits, func(h hit) bool { return h.match <= Assumed && h.place != none }); i >= 0 && q.onlyCity(q.hits[i].place, places) {
		city := q.hits[i].spans
		q.hits = q.hits[:0]
		q.postalArea()
		for i := range q.hits {
			for _, p := range city.all() {
				q.hits[i].spans.add(p.as, int(p.from), int(p.to))
			}
		}
		return
	}
	for i := range q.hits {
		h := &q.hits[i]
		h.spans.add(PartPostalCode, int(q.postalSpan.from), int(q.postalSpan.to))
		if h.place == none {
			continue
		}
		switch q.postalFits(places, h.place) {
		case postalSame:
			if h.done &^= 1 << PartMunicipality; h.done == 0 && h.match == Assumed {
				h.match = Verified
			}
		case postalOther:
			h.assume(PartPostalCode)
			h.hint = HintPostalDiffers
		}
	}
	q.settle(0)
}

// onlyCity reports whether beside the code nothing is read but the municipality
// in which all its places lie: the code says more.
func (q *reader) onlyCity(city uint32, places []uint32) bool {
	muni := q.x.place(city).muni
	return len(places) > 0 && q.x.place(city).level == LevelCity &&
		!slices.ContainsFunc(q.hits, func(h hit) bool { return h.place != city }) &&
		!slices.ContainsFunc(places, func(p uint32) bool {
			return q.x.place(p).level == LevelCity || q.x.place(p).muni != muni
		})
}

type postalFit uint8

const (
	postalNeutral postalFit = iota // nothing in the data speaks for or against it
	postalSame
	postalOther
)

// postalFits compares the places of a code with a place that was read.
func (q *reader) postalFits(places []uint32, p uint32) postalFit {
	town := q.x.townOf(p)
	record := q.x.place(town)
	for _, other := range places {
		o := q.x.place(other)
		switch {
		case other == p || other == town || o.parent == town:
			return postalSame
		case o.level == LevelCity && o.muni == record.muni:
			return postalNeutral // 以下に掲載がない場合
		case record.level == LevelCity && o.muni == record.muni:
			return postalSame
		}
	}
	if record.flags&placePostal == 0 && len(places) == 0 {
		return postalNeutral
	}
	if record.flags&placePostal == 0 && q.x.place(places[0]).muni == record.muni {
		return postalNeutral
	}
	return postalOther
}

// result writes the answer.
func (q *reader) result(query Query) Result {
	r := Result{Query: query.Text}
	if len(q.hits) == 0 {
		q.describe(&r, nil)
		r.Hint = HintNothingFound
		switch {
		case q.lo >= q.hi && q.postal == 0:
			r.Hint = HintEmpty
		case q.lo >= q.hi:
			r.Hint = HintPostalUnknown
		}
		return r
	}
	q.order(query.Near)
	q.describe(&r, &q.hits[0])
	limit := query.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	for i := range q.hits {
		h := &q.hits[i]
		if h.place == none || q.repeated(i) {
			continue
		}
		if len(r.Candidates) == limit {
			r.More++
			continue
		}
		r.Candidates = append(r.Candidates, q.candidate(h))
	}
	r.Hint = q.hint(&r)
	return r
}

// repeated reports whether a better hit names the same place.
func (q *reader) repeated(i int) bool {
	return slices.ContainsFunc(q.hits[:i], func(h hit) bool { return h.place == q.hits[i].place })
}

// hint chooses the one hint that helps most.
func (q *reader) hint(r *Result) Hint {
	first := &q.hits[0]
	switch {
	case first.hint != NoHint && (first.match > Verified || len(r.Candidates) > 1):
		return first.hint
	case first.match == Partial && r.Unread != "":
		return HintPartlyUnread
	case first.match == Assumed && len(r.Candidates) > 1:
		return HintChooseTown
	}
	if p := q.x.place(first.place); first.number.to > 0 && p.level != LevelFacility {
		return q.x.locate(first.place, q.numberText(first)).hint
	}
	return NoHint
}

// describe fills in what the best reading took from the text and what it left.
func (q *reader) describe(r *Result, h *hit) {
	var s spans
	if h != nil {
		s = h.spans
	} else if q.postal > 0 {
		s.add(PartPostalCode, int(q.postalSpan.from), int(q.postalSpan.to))
	}
	list := slices.Clone(s.all())
	slices.SortStableFunc(list, func(a, b span) int { return int(a.from) - int(b.from) })
	r.Read = make([]Span, 0, len(list))
	for _, p := range list {
		from, to := q.original(p)
		r.Read = append(r.Read, Span{From: from, To: to, As: p.as, Text: string(q.t.orig[from:to])})
	}
	r.Unread = q.unread(&s)
}

// original returns the code points of the query that a span came from.
func (q *reader) original(s span) (from, to int) {
	from, to = int(q.t.from[s.from]), int(q.t.to[s.to-1])
	for i := s.from; i < s.to; i++ {
		from, to = min(from, int(q.t.from[i])), max(to, int(q.t.to[i]))
	}
	return from, to
}

// unread collects what no span covers, in the visitor's own characters.
func (q *reader) unread(s *spans) string {
	var b strings.Builder
	for i := q.lo; i < q.hi; {
		if s.covers(i) || q.idle(i) {
			i++
			continue
		}
		j := i
		for j < q.hi && !s.covers(j) {
			j++
		}
		for q.idle(j - 1) {
			j--
		}
		from, to := q.original(span{0, int16(i), int16(j)})
		part := strings.TrimSpace(string(q.t.orig[from:to]))
		if part != "" {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(part)
		}
		i = j
	}
	return b.String()
}

// idle reports whether the rune at i needs no explanation: blanks, marks, words
// such as city or rua. A picture does: it may stand for a word.
func (q *reader) idle(i int) bool {
	if r := q.t.r[i]; !isLatin(r) {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && (!unicode.Is(unicode.So, r) || r == '〒')
	}
	for w := range q.words {
		word := &q.words[w]
		if (word.kind == wordGeneric || word.kind == wordChome) && int(word.from) <= i && i < int(word.to) {
			return true
		}
	}
	return false
}

func (q *reader) numberText(h *hit) string {
	if h.number.to == 0 {
		return ""
	}
	return canonicalNumber(q.t.r[h.number.from:h.number.to])
}

// candidate writes one hit.
func (q *reader) candidate(h *hit) Candidate {
	p := q.x.place(h.place)
	a := q.x.area(p)
	c := Candidate{
		ID: q.x.id(h.place), Label: q.x.label(h.place), Number: q.numberText(h), Match: h.match,
		Precision: p.precision(), Radius: a.radius, Bounds: a.bounds, Sources: q.x.sources(p),
	}
	c.AreaID = c.ID
	for part := PartCountry; part <= PartFacility; part++ {
		if h.done&(1<<part) != 0 {
			c.Completed = append(c.Completed, part)
		}
	}
	if p.level == LevelOffice && p.parent != none {
		town := q.x.place(p.parent)
		a = q.x.area(town)
		c.AreaID, c.Bounds, c.Radius, c.Precision = q.x.id(p.parent), a.bounds, a.radius, town.precision()
	}
	if h.prec != 0 {
		c.Precision = h.prec
	}
	if c.Radius == 0 {
		c.Radius = q.x.radius(c.Precision)
	}
	if c.Bounds.IsZero() && p.flags&placeNoPoint == 0 {
		c.Bounds = circle(p.at.Point(), c.Radius)
	}
	if p.level == LevelFacility && p.flags&placeNoPoint == 0 {
		c.setPoint(p.at.Point(), q.x.radius(PrecisionHouse))
	} else if found := q.x.locate(h.place, c.Number); found.prec != 0 {
		c.Precision = found.prec
		c.setPoint(found.at, found.radius)
	}
	return c
}

// setPoint makes the candidate a place with the bounds of its circle.
func (c *Candidate) setPoint(at geo.Point, radius geo.Metres) {
	c.Point, c.Radius, c.Bounds = &at, radius, circle(at, radius)
}

// circle returns the box around a circle.
func circle(at geo.Point, radius geo.Metres) Bounds {
	const metresPerDegree = 111195
	lat := float64(radius) / metresPerDegree
	lon := lat / 0.69 // Japan reaches 46 degrees north; a box may be too wide
	return Bounds{at.Lon - lon, at.Lat - lat, at.Lon + lon, at.Lat + lat}
}
