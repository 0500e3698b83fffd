//go:build !js

package tiles

import (
	"cmp"
	"math"
	"slices"
)

// unit is a place on the lattice of whole tile units of the world at one zoom.
type unit struct{ x, y int32 }

func (u unit) compare(v unit) int { return cmp.Or(cmp.Compare(u.x, v.x), cmp.Compare(u.y, v.y)) }

// edge joins two lattice places; a comes before b. A polygon is a set of edges
// in which every place has an even number of ends: inside is where a ray
// crosses an odd number of them.
type edge struct{ a, b unit }

func newEdge(a, b unit) edge {
	if a.compare(b) > 0 {
		a, b = b, a
	}
	return edge{a, b}
}

// fineBits: before it is rounded, a place is known to 1/256 of a unit.
const (
	fineBits = 8
	fineUnit = 1 << fineBits
)

// fine is a place in 1/256 of a unit.
type fine struct{ x, y int64 }

func toFine(p position, zoom uint8) fine {
	scale := worldUnits(zoom) * fineUnit
	return fine{int64(math.Round(p.x * scale)), int64(math.Round(p.y * scale))}
}

// round is the one rule by which places are rounded: to the middle of the
// half-open square, one unit wide, in which they lie.
func (f fine) round() unit {
	return unit{int32((f.x + fineUnit/2) >> fineBits), int32((f.y + fineUnit/2) >> fineBits)}
}

func (u unit) fine() fine { return fine{int64(u.x) << fineBits, int64(u.y) << fineBits} }

// segment is a piece of outline before it is rounded.
type segment struct{ a, b fine }

// turn is positive where c lies to the left of the line from a to b.
func turn(a, b, c fine) int64 {
	return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x)
}

// crosses reports whether two segments cross inside both.
func (s segment) crosses(t segment) bool {
	if max(s.a.x, s.b.x) < min(t.a.x, t.b.x) || max(t.a.x, t.b.x) < min(s.a.x, s.b.x) ||
		max(s.a.y, s.b.y) < min(t.a.y, t.b.y) || max(t.a.y, t.b.y) < min(s.a.y, s.b.y) {
		return false
	}
	return opposite(turn(s.a, s.b, t.a), turn(s.a, s.b, t.b)) && opposite(turn(t.a, t.b, s.a), turn(t.a, t.b, s.b))
}

func opposite(a, b int64) bool { return (a > 0 && b < 0) || (a < 0 && b > 0) }

// crossing returns the square in which two crossing segments meet.
func (s segment) crossing(t segment) unit {
	u, v := float64(turn(s.a, s.b, t.a)), float64(turn(s.a, s.b, t.b))
	share := u / (u - v)
	return unit{roundAfter(t.a.x, float64(t.b.x-t.a.x)*share), roundAfter(t.a.y, float64(t.b.y-t.a.y)*share)}
}

// roundAfter rounds a fine coordinate plus a part of a fine unit once.
func roundAfter(from int64, step float64) int32 {
	from += fineUnit / 2
	return int32(from>>fineBits) + int32(math.Floor((float64(from&(fineUnit-1))+step)/fineUnit))
}

// enters reports whether s passes through the square around h. The square is
// open at its greater sides, so that each place lies in one square only.
func (s segment) enters(h fine) bool {
	const half = fineUnit / 2
	p, q := s.a, s.b
	if p.x > q.x {
		p, q = q, p
	}
	left, right, low, high := h.x-half, h.x+half, h.y-half, h.y+half
	if p.x >= right || q.x < left || min(p.y, q.y) >= high || max(p.y, q.y) < low {
		return false
	}
	if p.x == q.x || p.y == q.y {
		return true
	}
	highLeft, highRight := turn(p, q, fine{left, high}), turn(p, q, fine{right, high})
	lowLeft, lowRight := turn(p, q, fine{left, low}), turn(p, q, fine{right, low})
	rising := p.y < q.y
	switch {
	case highLeft == 0:
		return !rising // a rising segment only touches the open corner
	case highRight == 0:
		return rising
	case (highLeft > 0) != (highRight > 0):
		return true
	case lowLeft == 0:
		return true
	case (lowLeft > 0) != (highRight > 0):
		return true
	case lowRight == 0:
		return !rising
	}
	return (lowLeft > 0) != (lowRight > 0)
}

// holds reports whether h lies on s, its ends included.
func (s segment) holds(h fine) bool {
	return min(s.a.x, s.b.x) <= h.x && h.x <= max(s.a.x, s.b.x) &&
		min(s.a.y, s.b.y) <= h.y && h.y <= max(s.a.y, s.b.y) && turn(s.a, s.b, h) == 0
}

// oddEdges sorts edges and keeps one of each that occurs an odd number of
// times: two outlines that run over each other cancel.
func oddEdges(edges []edge) []edge {
	if len(edges) == 0 {
		return edges
	}
	b := boxOf(edges)
	if max(b.maxX-b.minX, b.maxY-b.minY) >= 1<<16 {
		return oddWideEdges(edges)
	}
	// Most polygons are small enough for their edges to be sorted as numbers.
	keys := make([]uint64, len(edges))
	for i, e := range edges {
		keys[i] = uint64(e.a.x-b.minX)<<48 | uint64(e.a.y-b.minY)<<32 | uint64(e.b.x-b.minX)<<16 | uint64(e.b.y-b.minY)
	}
	slices.Sort(keys)
	kept := edges[:0]
	for i := 0; i < len(keys); {
		j := i + 1
		for j < len(keys) && keys[j] == keys[i] {
			j++
		}
		if k := keys[i]; (j-i)%2 == 1 {
			place := func(n uint64) int32 { return int32(n & (1<<16 - 1)) }
			kept = append(kept, edge{
				unit{b.minX + place(k>>48), b.minY + place(k>>32)},
				unit{b.minX + place(k>>16), b.minY + place(k)},
			})
		}
		i = j
	}
	return kept
}

func oddWideEdges(edges []edge) []edge {
	slices.SortFunc(edges, func(e, f edge) int { return cmp.Or(e.a.compare(f.a), e.b.compare(f.b)) })
	kept := edges[:0]
	for i := 0; i < len(edges); {
		j := i + 1
		for j < len(edges) && edges[j] == edges[i] {
			j++
		}
		if (j-i)%2 == 1 {
			kept = append(kept, edges[i])
		}
		i = j
	}
	return kept
}

// floorDiv divides and rounds down.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
