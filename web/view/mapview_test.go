package view

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/web/view/drawn"
)

// TestTownLiesOnItsMap: the corners of a box are on the map that shows it,
// whatever its shape and wherever the grid moves the middle.
func TestTownLiesOnItsMap(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	for range 2000 {
		corner := geo.Point{Lon: 123 + 25*random.Float64(), Lat: 24 + 21*random.Float64()}
		wide, high := math.Exp(-8*random.Float64()), math.Exp(-8*random.Float64())
		b := orb.Bound{Min: orb.Point{corner.Lon, corner.Lat}, Max: orb.Point{corner.Lon + wide, corner.Lat + high}}
		zoom := zoomFor(b)
		center := drawn.Snap(middleOf(b), zoom, snapPixels)
		east, south := drawn.Move(center, zoom, mapWidth/2, 0).Lon, drawn.Move(center, zoom, 0, mapHeight/2).Lat
		west, north := drawn.Move(center, zoom, -mapWidth/2, 0).Lon, drawn.Move(center, zoom, 0, -mapHeight/2).Lat
		if b.Min[0] < west || b.Max[0] > east || b.Min[1] < south || b.Max[1] > north {
			t.Fatalf("the box %v leaves its map from %f,%f to %f,%f at zoom %.1f", b, south, west, north, east, zoom)
		}
	}
}
