package hazard

import (
	"math"
	"math/bits"
	"slices"
)

// role is what it means to be inside a group: in the query, in surveyed ground,
// or in a zone of a rank (as a nibble).
type role uint8

const (
	roleQuery      role = 16
	roleCovered    role = 17
	roleIncomplete role = 18
	roleNone       role = 19
)

func rankRole(nibble byte) role { return role(nibble) }

// tally counts how many groups of each role hold a spot.
type tally struct {
	count   [roleNone]int32
	present uint32 // bit per role
}

func (t *tally) enter(r role) {
	t.count[r]++
	t.present |= 1 << r
}

func (t *tally) leave(r role) {
	if t.count[r]--; t.count[r] == 0 {
		t.present &^= 1 << r
	}
}

// slot returns the slot that a spot counts for, or -1 outside the query.
func (t *tally) slot() int {
	if t.present&(1<<roleQuery) == 0 {
		return -1
	}
	if ranks := t.present & (1<<roleQuery - 1); ranks != 0 {
		if rank := bits.Len32(ranks) - 1; rank < slotNoData {
			return rank
		}
		return slotUndecided
	}
	switch {
	case t.present&(1<<roleIncomplete) != 0:
		return slotUndecided
	case t.present&(1<<roleCovered) != 0:
		return 0
	}
	return slotNoData
}

// sweep cuts one cell into level slabs in which no edges cross, and each slab
// into trapezoids along the edges. Lengths are in units of the lattice from the
// cell's lower left border.
type sweep struct {
	c      cell
	size   float64
	ground ground
	corner tally  // at the cell's reference corner
	roles  []role // per group with edges
	inside []bool // at the corner, per group with edges
	edges  []sweepEdge
	levels []float64 // where slabs may begin
	active []crossing
	right  []bool // per group, at the right border of the slab
}

type sweepEdge struct {
	group        int
	x, y         float64 // of the lower end
	low, high    float64 // the part within the cell's rows
	slope        float64 // dx/dy
	level        bool    // or a point
	turns        bool    // crosses the cell's right border at height turn
	turn         float64
	leavesUpward bool // it lies beyond the right border above turn
}

// crossing is where an edge crosses a slab: in its middle, below and above.
type crossing struct {
	at, low, high float64
	group         int
}

func (s *sweep) start(c cell, g ground) {
	s.c, s.size, s.ground, s.corner = c, float64(c.size()), g, tally{}
	s.roles, s.inside, s.edges = s.roles[:0], s.inside[:0], s.edges[:0]
}

// add adds a group. Without edges it fills the cell or is not there.
func (s *sweep) add(r role, inside bool, edges []segment) {
	if r == roleNone || r == 0 {
		return
	}
	if inside {
		s.corner.enter(r)
	}
	if len(edges) == 0 {
		return
	}
	n := len(s.roles)
	s.roles, s.inside = append(s.roles, r), append(s.inside, inside)
	for _, e := range edges {
		s.edge(n, e)
	}
}

func (s *sweep) edge(group int, e segment) {
	w := sweepEdge{group: group, x: float64(int64(e.ax)-s.c.x0) + 0.5, y: float64(int64(e.ay)-s.c.y0) + 0.5}
	dx, dy := float64(int64(e.bx)-int64(e.ax)), float64(int64(e.by)-int64(e.ay))
	w.low, w.high = max(0, w.y), min(s.size, w.y+dy)
	if w.level = dy == 0; !w.level {
		w.slope = dx / dy
	}
	beyond := s.c.x0 + s.c.size()
	if (int64(e.ax) >= beyond) != (int64(e.bx) >= beyond) && e.crossRow(2*beyond-1, s.c.y0, s.c.shift) == 0 {
		w.turns, w.leavesUpward = true, dx > 0
		w.turn = min(s.size, max(0, w.y+(s.size-w.x)*dy/dx))
	}
	s.edges = append(s.edges, w)
}

func (e *sweepEdge) at(y float64) float64 { return e.x + (y-e.y)*e.slope }

// run adds the cell's ground to the sums.
func (s *sweep) run(sums *[slots]float64) {
	s.findLevels()
	for i := 1; i < len(s.levels); i++ {
		if s.levels[i] > s.levels[i-1] {
			s.slab(s.levels[i-1], s.levels[i], sums)
		}
	}
}

// findLevels collects the heights between which no edge begins, ends, crosses
// another or passes a side of the cell.
func (s *sweep) findLevels() {
	s.levels = append(s.levels[:0], 0, s.size)
	note := func(y float64) {
		if y > 0 && y < s.size {
			s.levels = append(s.levels, y)
		}
	}
	for i := range s.edges {
		e := &s.edges[i]
		if e.turns {
			note(e.turn)
		}
		if e.level {
			continue
		}
		note(e.low)
		note(e.high)
		if a, b := e.at(e.low), e.at(e.high); (a < 0) != (b < 0) {
			note(e.low + (e.high-e.low)*a/(a-b))
		}
		for j := range s.edges[:i] {
			f := &s.edges[j]
			low, high := max(e.low, f.low), min(e.high, f.high)
			if f.level || low >= high || (e.slope == 0 && f.slope == 0) {
				continue
			}
			if a, b := e.at(low)-f.at(low), e.at(high)-f.at(high); (a < 0) != (b < 0) {
				note(low + (high-low)*a/(a-b))
			}
		}
	}
	slices.Sort(s.levels)
}

// slab adds the trapezoids between two heights, from the right border to the
// left one.
func (s *sweep) slab(low, high float64, sums *[slots]float64) {
	middle := (low + high) / 2
	now := s.corner
	s.right = append(s.right[:0], s.inside...)
	s.active = s.active[:0]
	for i := range s.edges {
		e := &s.edges[i]
		if e.turns && e.turn > middle {
			s.flip(&now, e.group)
		}
		if e.level || middle < e.low || middle > e.high || (e.turns && (middle > e.turn) == e.leavesUpward) {
			continue
		}
		clip := func(x float64) float64 { return min(s.size, max(0, x)) }
		c := crossing{at: e.at(middle), low: clip(e.at(low)), high: clip(e.at(high)), group: e.group}
		n := len(s.active)
		s.active = append(s.active, c)
		for ; n > 0 && s.active[n-1].at < c.at; n-- {
			s.active[n] = s.active[n-1]
		}
		s.active[n] = c
	}
	a, b := s.size, s.size
	for _, c := range s.active {
		s.trapezoid(low, high, a-c.low, b-c.high, now.slot(), sums)
		s.flip(&now, c.group)
		a, b = c.low, c.high
	}
	s.trapezoid(low, high, a, b, now.slot(), sums)
}

// flip enters or leaves a group.
func (s *sweep) flip(now *tally, group int) {
	if s.right[group] = !s.right[group]; s.right[group] {
		now.enter(s.roles[group])
	} else {
		now.leave(s.roles[group])
	}
}

// trapezoid adds the ground between two heights, a wide below and b above.
func (s *sweep) trapezoid(low, high, a, b float64, slot int, sums *[slots]float64) {
	if slot < 0 {
		return
	}
	f, g := s.ground.bottom+s.ground.slope*low, s.ground.bottom+s.ground.slope*high
	area := (high - low) / 6 * (a*(2*f+g) + b*(f+2*g))
	sums[slot] += math.Max(0, area)
}
