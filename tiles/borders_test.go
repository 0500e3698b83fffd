package tiles

import (
	"math/rand/v2"
	"testing"
)

// TestBordersTrace: the polygons of a raster cover the cells of their class and
// no others, and are valid, checkerboards included.
func TestBordersTrace(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, cells := range []int{1, 2, 8} {
		var r raster
		for range 400 {
			x, y := random.IntN(70)-20, random.IntN(70)-20
			r.raise(y, x, x+random.IntN(6), class(1+random.IntN(3)))
		}
		var b borders
		b.find(&r, 3, cells, 16)
		var tr tracer
		ground := make([]int64, 4)
		for c := class(1); c <= 3; c++ {
			f := TileFeature{Type: Polygons}
			for _, p := range tr.trace(b.edges[c]) {
				f.Parts = append(append(f.Parts, p.outer), p.holes...)
			}
			if err := f.Validate(); err != nil {
				t.Errorf("cells of %d: class %d: %v", cells, c, err)
			}
			for y := -16; y < 80; y += cells {
				for x := -16; x < 80; x += cells {
					want := worst(&r, x, y, cells) == c
					if got := inParts(f.Parts, float64(x)+float64(cells)/2, float64(y)+float64(cells)/2); got != want {
						t.Fatalf("cells of %d: class %d at (%d, %d) is drawn %v, want %v", cells, c, x, y, got, want)
					}
					if want && x >= 0 && y >= 0 {
						ground[c] += int64(cells * cells)
					}
				}
			}
			if b.ground[c] != ground[c] {
				t.Errorf("cells of %d: class %d covers %d square units, want %d", cells, c, b.ground[c], ground[c])
			}
		}
	}
}

func worst(r *raster, x, y, cells int) class {
	var c byte
	row := make([]byte, cells)
	for i := range cells {
		r.row(row, x, y+i)
		for _, v := range row {
			c = max(c, v)
		}
	}
	return class(c)
}

func inParts(rings [][]XY, x, y float64) bool {
	inside := false
	for _, ring := range rings {
		last := ring[len(ring)-1]
		for _, p := range ring {
			if (float64(last.Y) <= y) != (float64(p.Y) <= y) && float64(p.X) <= x {
				inside = !inside
			}
			last = p
		}
	}
	return inside
}

// TestSnapMeetsAtEnds: after snapping, edges meet at their ends alone, and no
// place moved further than half a unit, by the slow obvious way.
func TestSnapMeetsAtEnds(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	s := snapper{buffer: 64}
	for round := range 300 {
		size := 3 + random.Float64()*60
		var ring []position
		for range 4 + random.IntN(25) {
			x, y := random.Float64()*size, random.Float64()*size
			if round%2 == 0 { // on a mesh of quarter units, many places in line
				x, y = float64(int(x*4))/4, float64(int(y*4))/4
			}
			// Around the corner of a tile, so that cutting lines run through.
			ring = append(ring, position{(x + 4096*100 + 40) / worldUnits(14), (y + 4096*100 - 90) / worldUnits(14)})
		}
		edges, err := s.polygon([][]position{ring}, 14)
		if err != nil {
			t.Fatal(err)
		}
		checkNear(t, edges, ring)
		ends := map[unit]int{}
		for i, e := range edges {
			ends[e.a]++
			ends[e.b]++
			g := segment{e.a.fine(), e.b.fine()}
			for _, f := range edges[i+1:] {
				h := segment{f.a.fine(), f.b.fine()}
				if g.crosses(h) {
					t.Fatalf("round %d: %v crosses %v", round, e, f)
				}
				for _, u := range []unit{f.a, f.b} {
					if u != e.a && u != e.b && g.holds(u.fine()) {
						t.Fatalf("round %d: %v ends inside %v", round, u, e)
					}
				}
			}
		}
		for u, n := range ends {
			if n%2 != 0 {
				t.Fatalf("round %d: %d edges end at %v", round, n, u)
			}
		}
	}
}

// checkNear: every edge runs within half a unit of the outline, in x and y.
func checkNear(t *testing.T, edges []edge, ring []position) {
	t.Helper()
	const reach = 0.5 + 1.0/fineUnit
	scale := worldUnits(14)
	for _, e := range edges {
		for _, share := range []float64{0, 0.3, 0.5, 1} {
			x := float64(e.a.x) + share*float64(e.b.x-e.a.x)
			y := float64(e.a.y) + share*float64(e.b.y-e.a.y)
			near := false
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				near = near || squareMeets(position{p.x*scale - x, p.y*scale - y}, position{q.x*scale - x, q.y*scale - y}, reach)
			}
			if !near {
				t.Fatalf("%v at %v is further than half a unit from the outline", e, share)
			}
		}
	}
}
