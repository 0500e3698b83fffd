package tiles_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"hazardmap/tiles"
)

// drawnAt returns the zones that a tile draws at a place in its units, by the
// slow obvious way.
func drawnAt(tile tiles.Tile, x, y float64) map[uint64]bool {
	drawn := map[uint64]bool{}
	for _, l := range tile.Layers {
		for _, f := range l.Features {
			if f.Type == tiles.Polygons && inRings(f.Parts, x, y) {
				drawn[f.Attr["id"].(uint64)] = true
			}
		}
	}
	return drawn
}

func inRings(rings [][]tiles.XY, x, y float64) bool {
	inside := false
	for _, ring := range rings {
		last := ring[len(ring)-1]
		for _, p := range ring {
			ay, by := float64(last.Y), float64(p.Y)
			if (ay <= y) != (by <= y) && float64(last.X)+(y-ay)/(by-ay)*float64(p.X-last.X) <= x {
				inside = !inside
			}
			last = p
		}
	}
	return inside
}

// TestSeams: where the buffers of two neighbouring tiles overlap, both draw the
// same zones, to the last unit.
func TestSeams(t *testing.T) {
	zones := randomZones(3, 200)
	set, _ := cut(t, zones, tiles.CutOptions{MinZoom: 13})
	decoded := map[tiles.ID]tiles.Tile{}
	for id, raw := range set {
		tile, err := tiles.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		decoded[id] = tile
	}
	random := rand.New(rand.NewPCG(1, 2))
	seams := 0
	for id, left := range decoded {
		right, ok := decoded[tiles.ID{Z: id.Z, X: id.X + 1, Y: id.Y}]
		if !ok {
			continue
		}
		seams++
		for range 200 {
			x, y := tiles.Extent-64+random.Float64()*128, random.Float64()*tiles.Extent
			if a, b := drawnAt(left, x, y), drawnAt(right, x-tiles.Extent, y); !maps.Equal(a, b) {
				t.Fatalf("tile %v at (%v, %v) draws %v, its neighbour %v", id, x, y, a, b)
			}
		}
	}
	if seams < 5 {
		t.Errorf("only %d seams", seams)
	}
}
