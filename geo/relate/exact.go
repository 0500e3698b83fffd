package relate

import (
	"math"
	"math/big"
	"slices"

	"github.com/paulmach/orb"
)

// place is a point: a corner, or a share of the way along an edge, which has
// no coordinates in floating point but a neighbour x, y of them.
type place struct {
	x, y  float64
	whole bool // x and y are the point
	e     *edge
	t     *big.Rat
}

func corner(p orb.Point) place { return place{x: p[0], y: p[1], whole: true} }

func (p place) point() orb.Point { return orb.Point{p.x, p.y} }

// at returns the point at a share of the edge.
func (e *edge) at(t *big.Rat) place {
	f, _ := t.Float64()
	return place{x: e.a[0] + (e.b[0]-e.a[0])*f, y: e.a[1] + (e.b[1]-e.a[1])*f, e: e, t: t}
}

// node is [edge.at], as a corner where it is one.
func (e *edge) node(t *big.Rat) place {
	p := e.at(t)
	x, wholeX := p.exact(0).Float64()
	y, wholeY := p.exact(1).Float64()
	if wholeX && wholeY {
		return corner(orb.Point{x, y})
	}
	return p
}

// exact returns one coordinate of the point: 0 is x, 1 is y.
func (p place) exact(axis int) *big.Rat {
	if p.whole {
		return rat(orb.Point{p.x, p.y}[axis])
	}
	from := rat(p.e.a[axis])
	way := new(big.Rat).Sub(rat(p.e.b[axis]), from)
	return from.Add(from, way.Mul(way, p.t))
}

func rat(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

// slack bounds how far x and y are from a point on an edge: a few units in the
// last place of coordinates on Earth, in degrees or metres.
func (p place) slack() float64 {
	if p.whole {
		return 0
	}
	const units = 16 * 0x1p-53
	return units * (math.Abs(p.e.a[0]) + math.Abs(p.e.b[0]) + math.Abs(p.e.a[1]) + math.Abs(p.e.b[1]))
}

// compare returns the sign of v less a coordinate of the point: 0 is x, 1 is y.
func (p place) compare(axis int, v float64) int {
	d := v - orb.Point{p.x, p.y}[axis]
	switch slack := p.slack(); {
	case d > slack:
		return 1
	case d < -slack:
		return -1
	case p.whole:
		return 0
	case p.e.a[axis] == p.e.b[axis]: // the edge is upright, or level
		return sign(v - p.e.a[axis])
	}
	return rat(v).Cmp(p.exact(axis))
}

func sign(d float64) int {
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// turn returns the sign of the turn at p for whoever goes from a to b and on
// to p: 1 to the left.
func (p place) turn(a, b orb.Point) int {
	dx, dy := b[0]-a[0], b[1]-a[1]
	switch { // zones made of a mesh have such edges alone
	case p.whole && (p.point() == a || p.point() == b):
		return 0
	case dy == 0 && dx > 0:
		return -p.compare(1, a[1])
	case dy == 0:
		return p.compare(1, a[1])
	case dx == 0 && dy > 0:
		return p.compare(0, a[0])
	case dx == 0:
		return -p.compare(0, a[0])
	}
	left, right := dx*(p.y-a[1]), dy*(p.x-a[0])
	det := left - right
	// Each difference and product is off by one part in 2^53; the point by slack.
	limit := (math.Abs(left)+math.Abs(right))*0x1p-50 + (math.Abs(dx)+math.Abs(dy))*p.slack()*2 + 1e-300
	switch {
	case det > limit:
		return 1
	case det < -limit:
		return -1
	}
	ax, ay := rat(a[0]), rat(a[1])
	one := new(big.Rat).Sub(rat(b[0]), ax)
	two := new(big.Rat).Sub(rat(b[1]), ay)
	one.Mul(one, ay.Sub(p.exact(1), ay))
	two.Mul(two, ax.Sub(p.exact(0), ax))
	return one.Cmp(two)
}

// holds reports whether a point lies on the edge.
func (e *edge) holds(p place) bool {
	box := e.box()
	slack := p.slack()
	if p.x < box.Min[0]-slack || p.x > box.Max[0]+slack || p.y < box.Min[1]-slack || p.y > box.Max[1]+slack || p.turn(e.a, e.b) != 0 {
		return false
	}
	if p.whole {
		return true
	}
	for axis := range 2 { // on the line, but between the ends?
		if p.compare(axis, box.Min[axis]) > 0 || p.compare(axis, box.Max[axis]) < 0 {
			return false
		}
	}
	return true
}

// meets reports whether an edge has a point in common with any of the shape's.
func (s *Shape) meets(e *edge) bool {
	box := e.box()
	for n := s.strip(box.Min[1]); n <= s.strip(box.Max[1]); n++ {
		for _, i := range s.strips[n] {
			f := &s.edges[i]
			if !box.Intersects(f.box()) {
				continue
			}
			a, b := corner(f.a).turn(e.a, e.b), corner(f.b).turn(e.a, e.b)
			c, d := corner(e.a).turn(f.a, f.b), corner(e.b).turn(f.a, f.b)
			if a*b <= 0 && c*d <= 0 { // of edges on one line the boxes decide
				return true
			}
		}
	}
	return false
}

// within is a share of an edge that is not half-way: on a mesh the middle of one
// edge is as high as the corner of another.
var zero, one, within = new(big.Rat), big.NewRat(1, 1), big.NewRat(25173, 65536)

// between returns a share between two others.
func between(a, b *big.Rat) *big.Rat {
	if a == zero && b == one {
		return within
	}
	way := new(big.Rat).Sub(b, a)
	return way.Add(a, way.Mul(way, within))
}

// cutsOf returns where the edges and points of shapes divide an edge, as shares
// of it that rise from 0 to 1.
func cutsOf(e *edge, shapes ...*Shape) []*big.Rat {
	cuts := []*big.Rat{zero, one}
	for _, s := range shapes {
		cuts = s.cut(cuts, e)
	}
	slices.SortFunc(cuts, (*big.Rat).Cmp)
	return slices.CompactFunc(cuts, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

func (s *Shape) cut(cuts []*big.Rat, e *edge) []*big.Rat {
	box := e.box()
	for n := s.strip(box.Min[1]); n <= s.strip(box.Max[1]); n++ {
		for _, i := range s.strips[n] {
			if f := &s.edges[i]; box.Intersects(f.box()) {
				cuts = append(cuts, e.cut(f)...)
			}
		}
	}
	for _, p := range s.points {
		if e.holds(corner(p)) {
			cuts = append(cuts, e.share(p))
		}
	}
	return cuts
}

// cut returns where another edge meets this one, the ends of a common piece.
func (e *edge) cut(f *edge) []*big.Rat {
	var cuts []*big.Rat
	for _, end := range []orb.Point{f.a, f.b} {
		if e.holds(corner(end)) {
			cuts = append(cuts, e.share(end))
		}
	}
	if len(cuts) > 0 {
		return cuts
	}
	a, b := corner(e.a).turn(f.a, f.b), corner(e.b).turn(f.a, f.b)
	if a*b >= 0 || corner(f.a).turn(e.a, e.b)*corner(f.b).turn(e.a, e.b) >= 0 {
		return nil // no crossing between the ends
	}
	from, to := area(f.a, f.b, e.a), area(f.a, f.b, e.b)
	way := new(big.Rat).Sub(from, to)
	return []*big.Rat{from.Quo(from, way)}
}

// area is twice that of a triangle, with its sign.
func area(a, b, c orb.Point) *big.Rat {
	ax, ay := rat(a[0]), rat(a[1])
	one := new(big.Rat).Sub(rat(b[0]), ax)
	one.Mul(one, new(big.Rat).Sub(rat(c[1]), ay))
	two := new(big.Rat).Sub(rat(b[1]), ay)
	two.Mul(two, new(big.Rat).Sub(rat(c[0]), ax))
	return one.Sub(one, two)
}

// share returns where on the edge a point of it lies.
func (e *edge) share(p orb.Point) *big.Rat {
	axis := 0
	if math.Abs(e.b[1]-e.a[1]) > math.Abs(e.b[0]-e.a[0]) {
		axis = 1
	}
	from := rat(e.a[axis])
	t := new(big.Rat).Sub(rat(p[axis]), from)
	return t.Quo(t, from.Sub(rat(e.b[axis]), from))
}
