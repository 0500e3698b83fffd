package drawn

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestRasterAgrees: the cells of a feature are those that its edges enter and
// those whose middle lies inside, asked cell by cell.
func TestRasterAgrees(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	for range 300 {
		fast, slow := newRaster(100, 80, 3), newRaster(100, 80, 3)
		for rank := range uint8(3) {
			rings := make([]orb.LineString, 1+random.IntN(3))
			for i := range rings {
				for range 3 + random.IntN(12) {
					rings[i] = append(rings[i], orb.Point{random.Float64() * 100, random.Float64() * 80})
				}
				rings[i] = append(rings[i], rings[i][0])
			}
			fast.add(rings, rank+1)
			slow.addSlowly(rings, rank+1)
		}
		if !bytes.Equal(fast.rank, slow.rank) {
			t.Fatalf("cells %v, want %v", fast.rank, slow.rank)
		}
	}
}

func (r *raster) addSlowly(rings []orb.LineString, rank uint8) {
	for y := range r.rows {
		for x := range r.columns {
			if insideOf(rings, (float64(x)+0.5)*r.cell, (float64(y)+0.5)*r.cell) {
				r.mark(x, y, rank)
			}
		}
	}
	for _, ring := range rings {
		for i := range len(ring) - 1 {
			r.trace(ring[i], ring[i+1], rank)
		}
	}
}

func insideOf(rings []orb.LineString, x, y float64) bool {
	inside := false
	for _, ring := range rings {
		for i := range len(ring) - 1 {
			a, b := ring[i], ring[i+1]
			if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				inside = !inside
			}
		}
	}
	return inside
}
