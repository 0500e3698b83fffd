// Package relate answers how two shapes lie to each other: whether they meet,
// touch, cross, or one holds the other, as the Simple Features of OGC define
// these words (DE-9IM).
//
// The answers are exact. A corner that lies on a line lies on it, however
// flat the angle: signs are computed in floating point and, where that cannot
// decide, again in rational numbers. No point of intersection is ever rounded.
package relate

import "github.com/paulmach/orb"

// Where a point lies to a shape. They are the rows and columns of a [Matrix].
const (
	interior = iota
	border
	exterior
)

// Matrix says of which dimension the parts of two shapes have points in
// common: rows are interior, boundary and exterior of the first shape, columns
// those of the second; -1 is none.
type Matrix [3][3]int8

// none is the matrix of two shapes that are nowhere.
var none = Matrix{{-1, -1, -1}, {-1, -1, -1}, {-1, -1, 2}}

func (m *Matrix) meet(a, b int, dim int8) { m[a][b] = max(m[a][b], dim) }

// String writes the matrix as other programs do: "212101212".
func (m Matrix) String() string {
	var text []byte
	for _, row := range m {
		for _, dim := range row {
			text = append(text, "F012"[dim+1])
		}
	}
	return string(text)
}

func (m Matrix) has(a, b int) bool { return m[a][b] >= 0 }

// Disjoint, Touches, Within, Contains, Equals, Overlaps and Crosses are named
// and defined as in Simple Features. The dimensions are those of the shapes.
func (m Matrix) Disjoint() bool {
	return !m.has(interior, interior) && !m.has(interior, border) && !m.has(border, interior) && !m.has(border, border)
}

// Touches reports whether only boundaries meet.
func (m Matrix) Touches() bool { return !m.Disjoint() && !m.has(interior, interior) }

// Within reports whether nothing of the first shape is outside of the second.
func (m Matrix) Within() bool {
	return m.has(interior, interior) && !m.has(interior, exterior) && !m.has(border, exterior)
}

// Contains reports whether nothing of the second shape is outside of the first.
func (m Matrix) Contains() bool {
	return m.has(interior, interior) && !m.has(exterior, interior) && !m.has(exterior, border)
}

// Equals reports whether both shapes are the same points.
func (m Matrix) Equals() bool { return m.Within() && m.Contains() }

// Overlaps reports whether shapes of one dimension have a part of that
// dimension in common and each has one of its own.
func (m Matrix) Overlaps(a, b *Shape) bool {
	if a.dim != b.dim || !m.has(interior, exterior) || !m.has(exterior, interior) {
		return false
	}
	if a.dim == 1 {
		return m[interior][interior] == 1
	}
	return m.has(interior, interior)
}

// Crosses reports whether the interiors meet in less than the greater of both
// dimensions and the lesser shape goes on outside; two lines cross in points.
func (m Matrix) Crosses(a, b *Shape) bool {
	switch {
	case a.dim < b.dim:
		return m.has(interior, interior) && m.has(interior, exterior)
	case a.dim > b.dim:
		return m.has(interior, interior) && m.has(exterior, interior)
	}
	return a.dim == 1 && m[interior][interior] == 0
}

// Of returns how two shapes lie to each other.
func Of(a, b *Shape) Matrix {
	m := none
	a.against(b, &m)
	turned := none
	b.against(a, &turned)
	for i := range m {
		for j := range m[i] {
			m.meet(i, j, turned[j][i])
		}
	}
	return m
}

// against enters what every piece of s and the ground on its two sides are to
// another shape. Every face of the plane that both shapes cut has a piece of
// one of them on its border, so both ways together see all of them.
func (s *Shape) against(o *Shape, m *Matrix) {
	for _, p := range s.points {
		at := corner(p)
		m.meet(s.locate(at), o.locate(at), 0)
	}
	for i := range s.edges {
		e := &s.edges[i]
		if !o.box.Intersects(e.box()) {
			s.outside(e, m)
			continue
		}
		cuts := cutsOf(e, o)
		if s.mixed {
			cuts = cutsOf(e, o, s)
		}
		for _, end := range []orb.Point{e.a, e.b} {
			m.meet(s.ownEnd(e, end), o.locate(corner(end)), 0)
		}
		for _, t := range cuts[1 : len(cuts)-1] {
			at := e.node(t)
			m.meet(s.locate(at), o.locate(at), 0)
		}
		for n := range cuts[1:] {
			s.piece(e.at(between(cuts[n], cuts[n+1])), e, o, m)
		}
	}
}

// outside enters an edge that is far from the other shape.
func (s *Shape) outside(e *edge, m *Matrix) {
	if e.area {
		m.meet(interior, exterior, 2)
		m.meet(border, exterior, 1)
		return
	}
	m.meet(interior, exterior, 1)
	for _, end := range []orb.Point{e.a, e.b} {
		m.meet(s.ownEnd(e, end), exterior, 0)
	}
}

// piece enters the piece of an edge around a point that no other edge crosses.
func (s *Shape) piece(at place, e *edge, o *Shape, m *Matrix) {
	level := e.a[1] == e.b[1]
	theirs := o.sides(at, level)
	mine := sides{}
	switch {
	case !e.area || s.mixed:
		mine = s.sides(at, level)
	case theirs.left || theirs.right:
		mine = s.sides(at, level)
	default:
		mine.left, mine.on = true, true // a ring has ground on one side
	}
	here, there := s.along(at, mine), o.along(at, theirs)
	m.meet(here, there, 1)
	m.meet(ground(mine.left), ground(theirs.left), 2)
	m.meet(ground(mine.right), ground(theirs.right), 2)
}

func ground(inside bool) int {
	if inside {
		return interior
	}
	return exterior
}

// Intersects reports whether two shapes have a point in common. It is
// !Of(a, b).Disjoint(), sooner.
func Intersects(a, b *Shape) bool {
	if a.dim < 0 || b.dim < 0 || !a.box.Intersects(b.box) {
		return false
	}
	if len(a.edges) > len(b.edges) {
		a, b = b, a // the edges of b are found by their height
	}
	for i := range a.edges {
		if e := &a.edges[i]; b.box.Intersects(e.box()) && b.meets(e) {
			return true
		}
	}
	return a.anyCorner(b) || b.anyCorner(a)
}

// anyCorner reports whether a corner of any part of s lies in another shape:
// where no edges meet, one corner speaks for its part.
func (s *Shape) anyCorner(o *Shape) bool {
	for _, p := range s.corners {
		if o.box.Contains(p) && o.locate(corner(p)) != exterior {
			return true
		}
	}
	return false
}
