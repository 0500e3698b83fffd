package hazard

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// randomZones returns zones whose corners lie on a lattice of so many points
// around an origin: with few points, rings touch and cross themselves and each
// other everywhere, and edges run through the corners of cells.
func randomZones(r *rand.Rand, origin geo.E7, points int32, n int) []Zone {
	corner := func() orb.Point {
		p := geo.E7{Lon: origin.Lon + r.Int32N(points), Lat: origin.Lat + r.Int32N(points)}.Point()
		return orb.Point{p.Lon, p.Lat}
	}
	ring := func() orb.Ring {
		var ring orb.Ring
		for range 1 + r.IntN(9) {
			ring = append(ring, corner())
		}
		if r.IntN(4) > 0 {
			ring = append(ring, ring[0])
		}
		return ring
	}
	var zones []Zone
	for range n {
		var shape orb.MultiPolygon
		for range 1 + r.IntN(3) {
			var polygon orb.Polygon
			for range 1 + r.IntN(3) {
				polygon = append(polygon, ring())
			}
			shape = append(shape, polygon)
		}
		zones = append(zones, Zone{Kind: FloodDepth, Scenario: Max, Rank: uint8(1 + r.IntN(6)), Shape: shape})
		if r.IntN(8) == 0 {
			line := orb.MultiLineString{orb.LineString(ring())}
			zones = append(zones, Zone{Kind: LandslideDebris, Rank: 1, Flags: LineOnly, Shape: line})
		}
	}
	SortZones(zones)
	return zones
}

func TestAtOnRandomShapes(t *testing.T) {
	tests := []struct {
		name   string
		points int32 // of the lattice in each direction
		zones  int
		rounds int
	}{
		{"nearly a point", 3, 4, 100},
		{"one cell", 15, 6, 20},
		{"several cells", 60, 12, 4},
		{"divided cells", 200, 120, 1},
		{"long edges", 1 << 29, 30, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(tt.points), 7))
			for range tt.rounds {
				origin := geo.E7{Lon: r.Int32N(1000) - 500, Lat: r.Int32N(1000) - 500}
				zones := randomZones(r, origin, tt.points, tt.zones)
				x, _ := write(t, &Input{Zones: zones})
				compareWithTwin(t, r, x, zones, origin, tt.points)
			}
		})
	}
}

func compareWithTwin(t *testing.T, r *rand.Rand, x *Index, zones []Zone, origin geo.E7, points int32) {
	t.Helper()
	w := newTwin(nil)
	for i, z := range zones {
		if shape, ok := z.Shape.(orb.MultiPolygon); ok {
			for _, polygon := range shape {
				w.parts = append(w.parts, newTwinPart(uint32(i), polygon))
			}
		}
	}
	check := func(p geo.E7) {
		if got, want := x.At(nil, p), w.all(p); !slices.Equal(got, want) {
			t.Fatalf("At(%v) = %v, want %v in %v", p, got, want, zones)
		}
	}
	if points <= 200 {
		step := int32(1)
		if points > 50 {
			step = 7 // prime to the size of cells
		}
		for lon := int32(-2); lon < points+2; lon += step {
			for lat := int32(-2); lat < points+2; lat++ {
				check(geo.E7{Lon: origin.Lon + lon, Lat: origin.Lat + lat})
			}
		}
		return
	}
	for _, p := range hostile(r, zones, x, 1000) {
		check(p)
	}
}
