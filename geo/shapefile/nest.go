package shapefile

import (
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// nest makes polygons of the rings of one shape: a ring inside an odd number of
// larger ones is a hole of the smallest of them. Rings may touch, themselves
// and each other; even-odd then tells inside from outside as before. No more
// than so many edges are looked at.
func nest(rings []orb.Ring, steps int) (orb.MultiPolygon, error) {
	if len(rings) == 1 {
		return orb.MultiPolygon{{rings[0]}}, nil
	}
	areas := make([]float64, len(rings))
	for i, ring := range rings {
		areas[i] = area(ring)
	}
	index := newBands(rings)
	parent := make([]int, len(rings)) // the hole's shell, -1 for shells
	for i, ring := range rings {
		parent[i] = -1
		inside, ok := interior(ring)
		if !ok {
			continue // without area it can be no hole
		}
		around := index.around(inside, &steps)
		if steps < 0 {
			return nil, errors.New("rings are too entangled to tell holes from parts")
		}
		around = slices.DeleteFunc(around, func(j int) bool { return j == i || areas[j] <= areas[i] })
		if len(around)%2 == 1 {
			parent[i] = slices.MinFunc(around, func(a, b int) int { return cmpArea(areas, a, b) })
		}
	}
	return assemble(rings, parent), nil
}

func cmpArea(areas []float64, a, b int) int {
	if areas[a] < areas[b] {
		return -1
	}
	return 1
}

// assemble puts every hole behind its shell, in the order of the file.
func assemble(rings []orb.Ring, parent []int) orb.MultiPolygon {
	shells := make(map[int]int)
	var out orb.MultiPolygon
	for i, ring := range rings {
		if parent[i] < 0 {
			shells[i] = len(out)
			out = append(out, orb.Polygon{ring})
		}
	}
	for i, ring := range rings {
		if parent[i] < 0 {
			continue
		}
		// The smallest ring around a hole is a shell unless rings cross; then
		// the hole is drawn as a part, which warns too much and not too little.
		if n, ok := shells[parent[i]]; ok {
			out[n] = append(out[n], ring)
		} else {
			out = append(out, orb.Polygon{ring})
		}
	}
	return out
}

// area returns the area of a ring, in square degrees, whatever its direction.
func area(ring orb.Ring) float64 {
	var twice float64
	origin := ring[0] // small numbers keep their digits
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		twice += (a[0]-origin[0])*(b[1]-origin[1]) - (b[0]-origin[0])*(a[1]-origin[1])
	}
	return math.Abs(twice) / 2
}

// interior returns a point inside a ring and on none of its edges, so that a
// ring that touches it there cannot deceive.
func interior(ring orb.Ring) (orb.Point, bool) {
	lowest, next := ring[0][1], math.Inf(1)
	for _, p := range ring {
		lowest = min(lowest, p[1])
	}
	for _, p := range ring {
		if p[1] > lowest {
			next = min(next, p[1])
		}
	}
	y := lowest + (next-lowest)/2
	if !(y > lowest && y < next) {
		return orb.Point{}, false
	}
	var crossings []float64
	for i := 1; i < len(ring); i++ {
		if a, b := ring[i-1], ring[i]; (a[1] > y) != (b[1] > y) {
			crossings = append(crossings, crossing(a, b, y))
		}
	}
	slices.Sort(crossings)
	for i := 0; i+1 < len(crossings); i += 2 {
		x := crossings[i] + (crossings[i+1]-crossings[i])/2
		if x > crossings[i] && x < crossings[i+1] {
			return orb.Point{x, y}, true
		}
	}
	return orb.Point{}, false
}

// crossing returns where the edge from a to b has the height y.
func crossing(a, b orb.Point, y float64) float64 {
	if a[1] > b[1] {
		a, b = b, a // the same number for both directions
	}
	return a[0] + (y-a[1])/(b[1]-a[1])*(b[0]-a[0])
}

// maxSteps bounds the edges looked at for one shape. The largest published so
// far (3,218 rings, 39,628 vertices) needs 92,588.
const maxSteps = 1 << 27

// bands finds the edges at a height: without it, rings times vertices would
// have to be looked at.
type bands struct {
	rings  []orb.Ring
	low    float64
	perDeg float64
	edges  [][]edge // by band
	odd    []bool   // by ring, while counting
}

// edge is the edge of a ring that ends at vertex at.
type edge struct{ ring, at int32 }

func newBands(rings []orb.Ring) *bands {
	low, high, n, rise := math.Inf(1), math.Inf(-1), 0, 0.0
	for _, ring := range rings {
		n += len(ring)
		for i, p := range ring {
			low, high = min(low, p[1]), max(high, p[1])
			if i > 0 {
				rise += math.Abs(p[1] - ring[i-1][1])
			}
		}
	}
	b := &bands{rings: rings, low: low, odd: make([]bool, len(rings))}
	count := 1
	if height := high - low; height > 0 {
		// An edge lies in all bands that it crosses: few enough bands that all
		// edges together lie in no more than eight times their number.
		count = max(1, int(min(float64(n)/4, 7*float64(n)*height/rise)))
		b.perDeg = float64(count) / height
	}
	b.edges = make([][]edge, count+1)
	for r, ring := range rings {
		for i := 1; i < len(ring); i++ {
			first, last := b.band(ring[i-1][1]), b.band(ring[i][1])
			for at := min(first, last); at <= max(first, last); at++ {
				b.edges[at] = append(b.edges[at], edge{int32(r), int32(i)})
			}
		}
	}
	return b
}

func (b *bands) band(y float64) int {
	return min(max(0, int((y-b.low)*b.perDeg)), len(b.edges)-1)
}

// around returns the rings that hold a point, by counting the edges to its left.
func (b *bands) around(p orb.Point, steps *int) []int {
	edges := b.edges[b.band(p[1])]
	*steps -= len(edges)
	var touched []int
	for _, e := range edges {
		from, to := b.rings[e.ring][e.at-1], b.rings[e.ring][e.at]
		if (from[1] > p[1]) != (to[1] > p[1]) && crossing(from, to, p[1]) < p[0] {
			b.odd[e.ring] = !b.odd[e.ring]
			touched = append(touched, int(e.ring))
		}
	}
	var inside []int
	for _, r := range touched {
		if b.odd[r] {
			inside = append(inside, r)
			b.odd[r] = false
		}
	}
	return inside
}
