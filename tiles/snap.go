//go:build !js

package tiles

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// snapper rounds outlines to the lattice so that they stay outlines: it is
// snap rounding (Hobby; Guibas and Marimont). A square of the lattice is hot
// when a corner or a crossing lies in it, and every segment that passes through
// a hot square is led through its middle. So no place moves by more than half
// a unit in x or y, and rounded edges meet at their ends alone.
//
// Where segments cross the lines at which tiles are cut, the squares are hot
// too. Then a cut needs no rounding of its own, and tiles agree.
type snapper struct {
	buffer        int64 // the cutting lines lie so many units on both sides of each tile border
	segments      []segment
	hot           []unit
	firstCrossing int // hot squares from here on hold a crossing
	edges         []edge
	grid          grid
	inCells       index // segments
	hotCells      index // hot squares
	cells         []int32
	path          []unit
}

// errTooWide refuses what the arithmetic of snapper cannot hold.
var errTooWide = errors.New("shape is wider than 4 million tile units")

// polygon returns the rounded edges of one polygon.
func (s *snapper) polygon(rings [][]position, zoom uint8) ([]edge, error) {
	s.segments = s.segments[:0]
	for _, ring := range rings {
		last := toFine(ring[len(ring)-1], zoom)
		for _, p := range ring {
			next := toFine(p, zoom)
			if next != last {
				s.segments = append(s.segments, segment{last, next})
			}
			last = next
		}
	}
	if err := s.snap(); err != nil {
		return nil, err
	}
	s.edges = oddEdges(s.edges)
	return s.edges, nil
}

// maxPasses is far more than any input is known to need.
const maxPasses = 20

// snap turns segments into edges that meet at their ends alone.
func (s *snapper) snap() error {
	s.edges = s.edges[:0]
	if len(s.segments) == 0 {
		return nil
	}
	if !s.grid.cover(s.segments) {
		return errTooWide
	}
	s.heat()
	s.lead(segment.enters)
	// The square of a crossing is found with rounded numbers, so what came of
	// crossings is looked through again, until nothing touches any more.
	for pass := 0; s.firstCrossing < len(s.hot); pass++ {
		if pass == maxPasses {
			return fmt.Errorf("outline still crosses itself after %d passes", pass)
		}
		if again := s.again(); !again {
			return nil
		}
	}
	return nil
}

// again snaps the edges once more and reports whether there are any.
func (s *snapper) again() bool {
	s.edges = oddEdges(s.edges)
	s.segments = s.segments[:0]
	for _, e := range s.edges {
		s.segments = append(s.segments, segment{e.a.fine(), e.b.fine()})
	}
	if len(s.segments) == 0 {
		return false
	}
	s.grid.cover(s.segments)
	s.heat()
	s.lead(segment.holds)
	return true
}

// heat collects the hot squares.
func (s *snapper) heat() {
	s.hot = s.hot[:0]
	for _, g := range s.segments {
		s.hot = append(s.hot, g.a.round())
		s.heatCuts(g)
	}
	s.firstCrossing = len(s.hot)
	s.inCells.reset(&s.grid)
	for i, g := range s.segments {
		s.cells = s.grid.cells(s.cells[:0], g, 0)
		s.inCells.add(s.cells, int32(i))
	}
	s.inCells.finish()
	for c := range s.grid.size() {
		in := s.inCells.cell(c)
		for i, a := range in {
			for _, b := range in[i+1:] {
				if s.segments[a].crosses(s.segments[b]) {
					s.hot = append(s.hot, s.segments[a].crossing(s.segments[b]))
				}
			}
		}
	}
	s.hotCells.reset(&s.grid)
	for i, h := range s.hot {
		s.cells = append(s.cells[:0], s.grid.cellAt(h.fine()))
		s.hotCells.add(s.cells, int32(i))
	}
	s.hotCells.finish()
}

// heatCuts makes the squares hot in which g crosses a cutting line.
func (s *snapper) heatCuts(g segment) {
	for _, x := range s.cutsBetween(g.a.x, g.b.x) {
		s.hot = append(s.hot, unit{int32(x), int32(crossAt(g.a.x, g.a.y, g.b.x, g.b.y, x))})
	}
	for _, y := range s.cutsBetween(g.a.y, g.b.y) {
		s.hot = append(s.hot, unit{int32(crossAt(g.a.y, g.a.x, g.b.y, g.b.x, y)), int32(y)})
	}
}

// cutsBetween returns the cutting lines strictly between two fine coordinates.
func (s *snapper) cutsBetween(a, b int64) []int64 {
	if a > b {
		a, b = b, a
	}
	// Nearly every segment lies between two lines.
	first := floorDiv(a, fineUnit*Extent)
	last := floorDiv(b, fineUnit*Extent) + 1
	if last-first == 1 && a-first*fineUnit*Extent >= s.buffer*fineUnit && last*fineUnit*Extent-b >= s.buffer*fineUnit {
		return nil
	}
	var cuts []int64
	for k := first; k <= last; k++ {
		for _, c := range [...]int64{k*Extent - s.buffer, k*Extent + s.buffer} {
			if a < c*fineUnit && c*fineUnit < b {
				cuts = append(cuts, c)
			}
		}
	}
	return cuts
}

// crossAt returns the rounded v of the line from (ua, va) to (ub, vb) where its
// u is the whole unit at.
func crossAt(ua, va, ub, vb, at int64) int64 {
	if ua > ub {
		ua, va, ub, vb = ub, vb, ua, va
	}
	width := ub - ua
	return va>>fineBits + floorDiv((vb-va)*(at*fineUnit-ua)+(va&(fineUnit-1)+fineUnit/2)*width, fineUnit*width)
}

// lead leads every segment through the hot squares that it meets, and through
// those of crossings that it enters.
func (s *snapper) lead(meets func(segment, fine) bool) {
	s.edges = s.edges[:0]
	for _, g := range s.segments {
		start, end := g.a.round(), g.b.round()
		low := unit{min(start.x, end.x), min(start.y, end.y)}
		high := unit{max(start.x, end.x), max(start.y, end.y)}
		s.path = append(s.path[:0], start)
		s.cells = s.grid.cells(s.cells[:0], g, fineUnit/2+1)
		for _, c := range s.cells {
			for _, i := range s.hotCells.cell(int(c)) {
				h := s.hot[i]
				if h.x < low.x || h.x > high.x || h.y < low.y || h.y > high.y || h == start || h == end {
					continue // squares on the way lie between those of the ends
				}
				if meets(g, h.fine()) || int(i) >= s.firstCrossing && g.enters(h.fine()) {
					s.path = append(s.path, h)
				}
			}
		}
		if len(s.path) > 1 {
			sortAlong(s.path[1:], g)
		}
		s.path = append(s.path, end)
		for i, p := range s.path[1:] {
			if s.path[i] != p {
				s.edges = append(s.edges, newEdge(s.path[i], p))
			}
		}
	}
}

// sortAlong orders squares as g runs through them: it goes on in x, in y or in
// both from one square to the next.
func sortAlong(path []unit, g segment) {
	dx, dy := int64(cmp.Compare(g.b.x, g.a.x)), int64(cmp.Compare(g.b.y, g.a.y))
	progress := func(u unit) int64 { return dx*int64(u.x) + dy*int64(u.y) }
	along := func(u unit) int64 {
		f := u.fine()
		return (f.x-g.a.x)*(g.b.x-g.a.x) + (f.y-g.a.y)*(g.b.y-g.a.y)
	}
	slices.SortFunc(path, func(a, b unit) int {
		return cmp.Or(cmp.Compare(progress(a), progress(b)), cmp.Compare(along(a), along(b)), a.compare(b))
	})
}
