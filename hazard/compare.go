package hazard

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/paulmach/orb"
)

// Edition is one edition of a dataset: what it answers and what it is made of.
type Edition struct {
	Index *Index
	Input *Input
}

// Changes is what became of the ground of an area, for one kind and scenario,
// from one edition to the next. Every part is exact: both editions are laid
// over each other and the ground is cut along the edges of both. All are
// square metres; what is in none of the changes stayed as it was.
type Changes struct {
	Kind     Kind
	Scenario Scenario

	Before, After Range // shares of the area

	SquareMetres   float64 // of the area
	NewlyInside    float64 // outside every zone before
	NoLongerInside float64 // outside every zone now
	Worse, Milder  float64 // inside before and now
	LostCoverage   float64 // known before, not surveyed now
	NewlySurveyed  float64 // not surveyed before, known now
	SurveyedInside float64 // the part of NewlySurveyed that lies inside a zone
	NowUndecided   float64 // decided before
	NowDecided     float64 // undecided before
}

// Changed returns how much ground is answered otherwise than before.
func (c *Changes) Changed() float64 {
	return c.NewlyInside + c.NoLongerInside + c.Worse + c.Milder + c.LostCoverage + c.NewlySurveyed + c.NowUndecided + c.NowDecided
}

// Comparison holds two editions ready to be laid over each other.
type Comparison struct {
	topics []comparedTopic
}

// comparedTopic is the content of both editions for one kind and scenario.
type comparedTopic struct {
	kind     Kind
	scenario Scenario
	shapes   []comparedShape
}

// comparedShape is one shape on the lattice and what it means.
type comparedShape struct {
	*outline
	roles roles
}

// Compare prepares two editions. The topics are those of either.
func Compare(before, after Edition) (*Comparison, error) {
	c := new(Comparison)
	var topics [2][]topic
	for side, e := range [2]Edition{before, after} {
		topics[side] = e.Index.topics()
		for _, t := range topics[side] {
			if c.topic(t.kind, t.scenario) == nil {
				c.topics = append(c.topics, comparedTopic{kind: t.kind, scenario: t.scenario})
			}
		}
	}
	slices.SortFunc(c.topics, func(p, q comparedTopic) int {
		return 4*(int(p.kind)-int(q.kind)) + int(p.scenario) - int(q.scenario)
	})
	for i := range c.topics {
		if err := c.topics[i].gather(before, after, topics); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Comparison) topic(k Kind, s Scenario) *comparedTopic {
	for i := range c.topics {
		if t := &c.topics[i]; t.kind == k && t.scenario == s {
			return t
		}
	}
	return nil
}

// gather puts the shapes of both editions on the lattice; one that both have
// is kept once.
func (t *comparedTopic) gather(before, after Edition, topics [2][]topic) error {
	known := map[uint64][]int{}
	seed := maphash.MakeSeed()
	for side, e := range [2]Edition{before, after} {
		add := func(shape orb.Geometry, r role) error {
			o := newOutline()
			if err := o.add(shape); err != nil {
				return emptyIfNoShape(err)
			}
			if side == 1 {
				r = r.later()
			}
			key := o.hash(seed)
			for _, i := range known[key] {
				if s := &t.shapes[i]; s.roles[side] == roleNone && s.equal(o) {
					s.roles[side] = r
					return nil
				}
			}
			known[key] = append(known[key], len(t.shapes))
			s := comparedShape{outline: o}
			s.roles[side] = r
			t.shapes = append(t.shapes, s)
			return nil
		}
		if err := t.gatherSide(e.Input, topics[side], add); err != nil {
			return err
		}
	}
	return nil
}

// gatherSide goes through the zones and the coverage of one edition. An edition
// that does not answer the topic knows nothing of it.
func (t *comparedTopic) gatherSide(in *Input, topics []topic, add func(orb.Geometry, role) error) error {
	i := slices.IndexFunc(topics, func(own topic) bool { return own.kind == t.kind && own.scenario == t.scenario })
	if i < 0 {
		return nil
	}
	for n := range in.Zones {
		z := &in.Zones[n]
		if z.Kind != t.kind || z.Scenario != t.scenario || z.Flags&LineOnly != 0 {
			continue
		}
		if err := add(z.Shape, rankRole(rankNibble(z.Rank))); err != nil {
			return fmt.Errorf("zone %d: %w", n, err)
		}
	}
	for n, c := range in.Coverage {
		r := roleCovered
		switch {
		case !c.Kinds.Has(t.kind) || topics[i].planOnly && !c.Incomplete:
			continue
		case c.Incomplete:
			r = roleIncomplete
		}
		if err := add(c.Area, r); err != nil {
			return fmt.Errorf("coverage %d: %w", n, err)
		}
	}
	return nil
}

func (o *outline) hash(seed maphash.Seed) uint64 {
	h := uint64(len(o.groups))
	for _, e := range o.segments {
		h = h*1099511628211 + maphash.Comparable(seed, e)
	}
	return h
}

func (o *outline) equal(p *outline) bool {
	return slices.Equal(o.groups, p.groups) && slices.Equal(o.segments, p.segments)
}

// meets reports whether the boxes of two outlines have a point in common.
func (o *outline) meets(p *outline) bool {
	return o.minX <= p.maxX && p.minX <= o.maxX && o.minY <= p.maxY && p.minY <= o.maxY
}

// Over measures the changes within an area; ground that lies in several of its
// parts counts once. Nil means that the area holds no ground.
func (c *Comparison) Over(ctx context.Context, area orb.MultiPolygon) ([]Changes, error) {
	query := newOutline()
	if err := query.add(area); err != nil {
		return nil, emptyIfNoShape(err)
	}
	var list []Changes
	for i := range c.topics {
		t := &c.topics[i]
		var sums [slots * slots]float64
		if err := t.over(ctx, query, sums[:]); err != nil {
			return nil, err
		}
		changes, ok := t.changes(&sums)
		if !ok {
			return nil, nil
		}
		list = append(list, changes)
	}
	return list, nil
}

func (t *comparedTopic) over(ctx context.Context, query *outline, sums []float64) error {
	content := new(pile)
	reach := newOutline()
	add := func(o *outline, r roles) {
		reach.minX, reach.minY = min(reach.minX, o.minX), min(reach.minY, o.minY)
		reach.maxX, reach.maxY = max(reach.maxX, o.maxX), max(reach.maxY, o.maxY)
		for _, g := range o.groups {
			g.part = r.part()
			content.groups = append(content.groups, g)
		}
		content.segments = append(content.segments, o.segments...)
	}
	add(query, roles{roleQuery})
	for _, s := range t.shapes {
		if s.meets(query) {
			add(s.outline, s.roles)
		}
	}
	root := cell{x0: reach.minX, y0: reach.minY, shift: 4}
	for reach.maxX >= root.x0+root.size() || reach.maxY >= root.y0+root.size() {
		root.shift += 2
	}
	k := cutter{sweep: sweep{needs: 1 << roleQuery, paired: true, even: true}}
	return k.add(ctx, root, newGround(root), content, sums, 0)
}

// changes sums the pairs of slots up.
func (t *comparedTopic) changes(sums *[slots * slots]float64) (Changes, bool) {
	c := Changes{Kind: t.kind, Scenario: t.scenario}
	before, after := topic{kind: t.kind, scenario: t.scenario}, topic{kind: t.kind, scenario: t.scenario}
	for i, v := range sums {
		from, to := i/slots, i%slots
		before.sums[from] += v
		after.sums[to] += v
		c.SquareMetres += v
		if from != to {
			c.move(from, to, v)
		}
	}
	if !(c.SquareMetres > 0) {
		return c, false
	}
	c.Before, c.After = before.shares(c.SquareMetres), after.shares(c.SquareMetres)
	return c, true
}

// move adds ground that went from one slot to another.
func (c *Changes) move(from, to int, squareMetres float64) {
	switch {
	case to == slotNoData:
		c.LostCoverage += squareMetres
	case from == slotNoData:
		c.NewlySurveyed += squareMetres
		if to != 0 && to != slotUndecided {
			c.SurveyedInside += squareMetres
		}
	case to == slotUndecided:
		c.NowUndecided += squareMetres
	case from == slotUndecided:
		c.NowDecided += squareMetres
	case from == 0:
		c.NewlyInside += squareMetres
	case to == 0:
		c.NoLongerInside += squareMetres
	case to > from:
		c.Worse += squareMetres
	default:
		c.Milder += squareMetres
	}
}

// Differs reports whether any shape that meets an area may not be the same in
// both editions. Where it does not, no ground can have changed.
func (c *Comparison) Differs(area orb.MultiPolygon) bool {
	query := newOutline()
	if query.add(area) != nil {
		return true // [Comparison.Over] tells why
	}
	for _, t := range c.topics {
		for _, s := range t.shapes {
			if s.roles[1] != s.roles[0].later() && s.meets(query) {
				return true
			}
		}
	}
	return false
}
