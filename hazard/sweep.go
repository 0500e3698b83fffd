package hazard

import (
	"context"
	"errors"
	"math"
	"math/bits"
	"slices"
)

// role is what it means to be inside a group: in the query, in surveyed ground,
// or in a zone of a rank (as a nibble). Where two editions are laid over each
// other, each has roles of its own.
type role uint8

const (
	roleNone       role = 0
	roleQuery      role = 16
	roleWithin     role = 17
	roleCovered    role = 18
	roleIncomplete role = 19
	roleLater      role = 24 // added to the roles of the later edition
	roleEnd        role = roleLater + roleIncomplete + 1
)

func rankRole(nibble byte) role { return role(nibble) }

// later returns the role in the later edition.
func (r role) later() role {
	if r == roleNone {
		return roleNone
	}
	return r + roleLater
}

// roles is what one group means: in one edition, or in both.
type roles [2]role

// tally counts how many groups of each role hold a spot.
type tally struct {
	count   [roleEnd]int32
	present uint64 // bit per role
}

func (t *tally) enter(group roles) {
	for _, r := range group {
		if r != roleNone {
			t.count[r]++
			t.present |= 1 << r
		}
	}
}

func (t *tally) leave(group roles) {
	for _, r := range group {
		if r == roleNone {
			continue
		}
		if t.count[r]--; t.count[r] == 0 {
			t.present &^= 1 << r
		}
	}
}

// slotOf returns the slot of one edition.
func slotOf(present uint64) int {
	if ranks := present & (1<<roleQuery - 1); ranks != 0 {
		if rank := bits.Len64(ranks) - 1; rank < slotNoData {
			return rank
		}
		return slotUndecided
	}
	switch {
	case present&(1<<roleIncomplete) != 0:
		return slotUndecided
	case present&(1<<roleCovered) != 0:
		return 0
	}
	return slotNoData
}

// sweep cuts one cell into level slabs in which no edges cross, and each slab
// into trapezoids along the edges. Lengths are in units of the lattice from the
// cell's lower left border.
type sweep struct {
	needs  uint64 // roles that a spot must have to count, as bits
	paired bool   // count by the slots of both editions
	even   bool   // a cell without edges is added as a whole

	c      cell
	size   float64
	ground ground
	corner tally   // at the cell's reference corner
	roles  []roles // per group with edges
	inside []bool  // at the corner, per group with edges
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

// counts returns the number of the sum that a spot with these roles belongs to,
// or -1 where it does not count.
func (s *sweep) counts(present uint64) int {
	switch {
	case present&s.needs != s.needs:
		return -1
	case s.paired:
		return slotOf(present)*slots + slotOf(present>>roleLater)
	}
	return slotOf(present)
}

func (s *sweep) start(c cell, g ground) {
	s.c, s.size, s.ground, s.corner = c, float64(c.size()), g, tally{}
	s.roles, s.inside, s.edges = s.roles[:0], s.inside[:0], s.edges[:0]
}

// add adds a group. Without edges it fills the cell or is not there.
func (s *sweep) add(r roles, inside bool, edges []segment) {
	if r == (roles{}) {
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

// ErrTangled refuses an area whose edges cross each other too often.
var ErrTangled = errors.New("the edges of the area cross each other too often")

// mostLevels bounds the crossings within one cell: those of any published zone
// are some hundreds.
const mostLevels = 1 << 18

// run adds the cell's ground to the sums.
func (s *sweep) run(ctx context.Context, sums []float64) error {
	if s.even && len(s.edges) == 0 {
		if i := s.counts(s.corner.present); i >= 0 {
			sums[i] += s.ground.cell(s.c)
		}
		return nil
	}
	if err := s.findLevels(); err != nil {
		return err
	}
	for i := 1; i < len(s.levels); i++ {
		if i&0xff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if s.levels[i] > s.levels[i-1] {
			s.slab(s.levels[i-1], s.levels[i], sums)
		}
	}
	return nil
}

// findLevels collects the heights between which no edge begins, ends, crosses
// another or passes a side of the cell.
func (s *sweep) findLevels() error {
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
		if len(s.levels) > mostLevels {
			return ErrTangled
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
	return nil
}

// slab adds the trapezoids between two heights, from the right border to the
// left one.
func (s *sweep) slab(low, high float64, sums []float64) {
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
		s.trapezoid(low, high, a-c.low, b-c.high, s.counts(now.present), sums)
		s.flip(&now, c.group)
		a, b = c.low, c.high
	}
	s.trapezoid(low, high, a, b, s.counts(now.present), sums)
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
func (s *sweep) trapezoid(low, high, a, b float64, i int, sums []float64) {
	if i < 0 {
		return
	}
	f, g := s.ground.bottom+s.ground.slope*low, s.ground.bottom+s.ground.slope*high
	area := (high - low) / 6 * (a*(2*f+g) + b*(f+2*g))
	sums[i] += math.Max(0, area)
}
