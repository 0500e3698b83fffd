package ogc

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo/relate"
)

// TestMeetsBox asks of shapes on a coarse grid, where corners and edges often
// fall on those of the box, and compares what is sure with the full comparison.
func TestMeetsBox(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	at := func() float64 { return float64(rng.IntN(9)) }
	rectangle := func(x0, y0, x1, y1 float64) orb.Ring {
		return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
	}
	count := map[[2]bool]int{}
	for range 20_000 {
		x0, y0 := at(), at()
		box := orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x0 + 1 + at()/2, y0 + 1 + at()/2}}
		var g orb.Geometry
		switch rng.IntN(4) {
		case 0:
			g = orb.Point{at(), at()}
		case 1:
			g = orb.MultiLineString{{{at(), at()}, {9.5, at()}, {at(), 10}}}
		case 2: // a triangle
			a, b := orb.Point{at(), at()}, orb.Point{at() + 9, at()}
			c := orb.Point{at(), at() + 9}
			g = orb.MultiPolygon{{{a, b, c, a}}}
		case 3: // a frame, and a square in it
			x, y := at()-8, at()-8
			g = orb.MultiPolygon{
				{rectangle(x, y, x+20, y+20), rectangle(x+3, y+3, x+17, y+17)},
				{rectangle(x+8, y+8, x+10, y+10)},
			}
		}
		meets, sure := meetsBox(g, box)
		if want := relate.Intersects(relate.Prepare(box.ToPolygon()), relate.Prepare(g)); sure && meets != want {
			t.Fatalf("%v meets %v: %v, want %v", g, box, meets, want)
		}
		count[[2]bool{meets, sure}]++
	}
	if count[[2]bool{true, true}] < 1000 || count[[2]bool{false, true}] < 1000 || count[[2]bool{false, false}] < 100 {
		t.Errorf("one side is hardly tried: %v", count)
	}
}
