package relate

import (
	"math"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// Shape is a shape made ready to be compared. It is for one goroutine at a
// time.
type Shape struct {
	dim     int // of its greatest part; -1 where it holds no point
	box     orb.Bound
	points  []orb.Point
	edges   []edge
	corners []orb.Point       // one of each point, line and ring
	ends    map[orb.Point]int // of lines: how many end here
	mixed   bool              // holds parts of several dimensions

	// Edges by height: each strip lists those that reach into it.
	strips     [][]int32
	low, scale float64

	parts     int // polygons; even-odd holds within one, and they stand apart
	crossings []crossing
	touched   []int32
}

type edge struct {
	a, b orb.Point
	part int32
	area bool
}

func (e *edge) box() orb.Bound {
	return orb.Bound{
		Min: orb.Point{min(e.a[0], e.b[0]), min(e.a[1], e.b[1])},
		Max: orb.Point{max(e.a[0], e.b[0]), max(e.a[1], e.b[1])},
	}
}

// Prepare makes a shape ready. Nil is the empty shape.
func Prepare(g orb.Geometry) *Shape {
	s := &Shape{dim: -1, ends: map[orb.Point]int{}}
	dims := map[int]bool{}
	s.add(g, dims)
	s.mixed = len(dims) > 1
	s.crossings = make([]crossing, s.parts)
	s.index()
	return s
}

// Bound returns the box around the shape.
func (s *Shape) Bound() orb.Bound { return s.box }

func (s *Shape) add(g orb.Geometry, dims map[int]bool) {
	switch g := g.(type) {
	case orb.Point:
		s.grow(g.Bound(), 0, dims)
		s.points, s.corners = append(s.points, g), append(s.corners, g)
	case orb.MultiPoint:
		for _, p := range g {
			s.add(p, dims)
		}
	case orb.LineString:
		s.line(g, dims)
	case orb.MultiLineString:
		for _, line := range g {
			s.line(line, dims)
		}
	case orb.Polygon:
		s.polygon(g, dims)
	case orb.MultiPolygon:
		for _, polygon := range g {
			s.polygon(polygon, dims)
		}
	case orb.Collection:
		for _, part := range g {
			s.add(part, dims)
		}
	}
}

func (s *Shape) grow(box orb.Bound, dim int, dims map[int]bool) {
	if s.dim >= 0 {
		box = s.box.Union(box)
	}
	s.box, s.dim = box, max(s.dim, dim)
	dims[dim] = true
}

func (s *Shape) line(line orb.LineString, dims map[int]bool) {
	if len(line) == 0 {
		return
	}
	s.grow(line.Bound(), 1, dims)
	s.corners = append(s.corners, line[0])
	s.ends[line[0]]++
	s.ends[line[len(line)-1]]++
	s.string(line, edge{})
}

func (s *Shape) polygon(polygon orb.Polygon, dims map[int]bool) {
	if len(polygon) == 0 || len(polygon[0]) == 0 {
		return
	}
	s.grow(geo.Bound(polygon), 2, dims)
	for _, ring := range polygon {
		if len(ring) == 0 {
			continue
		}
		s.corners = append(s.corners, ring[0])
		s.string(ring, edge{area: true, part: int32(s.parts)})
		if last := ring[len(ring)-1]; last != ring[0] {
			s.string([]orb.Point{last, ring[0]}, edge{area: true, part: int32(s.parts)})
		}
	}
	s.parts++
}

func (s *Shape) string(points []orb.Point, like edge) {
	for i := range len(points) - 1 {
		if points[i] == points[i+1] {
			continue
		}
		like.a, like.b = points[i], points[i+1]
		s.edges = append(s.edges, like)
	}
}

// edgesPerStrip is about how many edges a look-up by height sees.
const edgesPerStrip = 8

func (s *Shape) index() {
	n := max(1, len(s.edges)/edgesPerStrip)
	s.strips = make([][]int32, n)
	if s.dim < 0 {
		return
	}
	s.low = s.box.Min[1]
	if height := s.box.Max[1] - s.low; height > 0 {
		s.scale = float64(n) / height
	}
	for i := range s.edges {
		box := s.edges[i].box()
		// One strip more on both sides makes up for every rounding.
		for n := s.strip(box.Min[1]) - 1; n <= s.strip(box.Max[1])+1; n++ {
			if n >= 0 && n < len(s.strips) {
				s.strips[n] = append(s.strips[n], int32(i))
			}
		}
	}
}

func (s *Shape) strip(y float64) int {
	return int(max(0, min(float64(len(s.strips)-1), math.Floor((y-s.low)*s.scale))))
}

// locate tells where a point lies to the shape.
func (s *Shape) locate(at place) int {
	found := exterior
	if s.dim == 2 {
		if found = s.locateInAreas(at); found == interior {
			return found
		}
	}
	onLine := false
	if s.dim == 1 || s.mixed {
		onLine = s.onLine(at)
	}
	switch {
	case found == border:
		return border
	case onLine && at.whole && s.ends[at.point()]%2 == 1:
		return border
	case onLine, s.isPoint(at):
		return interior
	}
	return exterior
}

// ownEnd tells where the end of one of the shape's own edges lies to it.
func (s *Shape) ownEnd(e *edge, p orb.Point) int {
	switch {
	case s.mixed:
		return s.locate(corner(p))
	case e.area, s.ends[p]%2 == 1:
		return border
	}
	return interior
}

func (s *Shape) locateInAreas(at place) int {
	switch found := s.sides(at, true); {
	case found.within:
		return interior
	case found.on:
		return border
	}
	return exterior
}

func (s *Shape) onLine(at place) bool {
	for _, i := range s.strips[s.strip(at.y)] {
		if e := &s.edges[i]; !e.area && e.holds(at) {
			return true
		}
	}
	return false
}

func (s *Shape) isPoint(at place) bool {
	for _, p := range s.points {
		if at.whole && p == at.point() {
			return true
		}
	}
	return false
}

// along tells what a piece that lies around a point is to the shape, whose
// ground on both sides of the piece is known.
func (s *Shape) along(at place, ground sides) int {
	switch {
	case ground.left && ground.right:
		return interior
	case ground.left != ground.right, ground.on:
		return border
	case (s.dim == 1 || s.mixed) && s.onLine(at):
		return interior
	}
	return exterior
}

// sides tells whether the ground of areas lies on the two sides of a piece.
// Right is east; for a level piece left is north and right is south.
type sides struct {
	left, right bool
	on          bool // the piece is part of a ring
	within      bool // of a part whose rings are elsewhere
}

// crossing counts the edges of one part beside a point.
type crossing struct {
	east, eastBelow, on int32
	level, seen         bool
}

// sides looks east from a point, once just above it and once just below, and
// counts the edges of each part that it passes.
func (s *Shape) sides(at place, level bool) sides {
	if s.parts == 0 {
		return sides{}
	}
	for _, i := range s.strips[s.strip(at.y)] {
		e := &s.edges[i]
		if !e.area {
			continue
		}
		low, high := at.compare(1, e.a[1]), at.compare(1, e.b[1])
		if low*high > 0 {
			continue // all above or all below
		}
		s.count(e, at, low, high)
	}
	var found sides
	for _, part := range s.touched {
		c := &s.crossings[part]
		left, right := c.east%2 == 1, c.eastBelow%2 == 1
		if !level {
			left, right = (c.east+c.on)%2 == 1, c.east%2 == 1
		}
		found.left, found.right = found.left || left, found.right || right
		on := c.on > 0 || c.level
		found.on, found.within = found.on || on, found.within || (left && !on)
		*c = crossing{}
	}
	s.touched = s.touched[:0]
	return found
}

func (s *Shape) count(e *edge, at place, low, high int) {
	c := &s.crossings[e.part]
	if !c.seen {
		c.seen = true
		s.touched = append(s.touched, e.part)
	}
	if low == 0 && high == 0 {
		c.level = c.level || e.holds(at)
		return
	}
	a, b := e.a, e.b
	if a[1] > b[1] {
		a, b = b, a
	}
	if at.x-at.slack() > max(a[0], b[0]) {
		return // the edge lies west
	}
	turn := 1
	if at.x+at.slack() >= min(a[0], b[0]) {
		turn = at.turn(a, b)
	}
	switch {
	case turn == 0:
		c.on++
	case turn > 0: // the point lies west of the edge that goes up
		if (low > 0) != (high > 0) {
			c.east++
		}
		if (low >= 0) != (high >= 0) {
			c.eastBelow++
		}
	}
}
