package tiles_test

import (
	"compress/gzip"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
	"hazardmap/hazard"
)

// floodZones returns the zones of published files whose rank is in a column.
func floodZones(t testing.TB, column string, names ...string) []hazard.Zone {
	t.Helper()
	var zones []hazard.Zone
	for _, name := range names {
		f, err := os.Open(published.Path(t, name))
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		r, err := geojson.Read(z, name)
		if err != nil {
			t.Fatal(err)
		}
		for feature, err := range r.Features() {
			if err != nil {
				t.Fatal(err)
			}
			rank, _ := feature.Attr.Int(column)
			shape := feature.Geometry
			if p, ok := shape.(orb.Polygon); ok {
				shape = orb.MultiPolygon{p}
			}
			zones = append(zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: uint8(rank), Shape: shape})
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return zones
}

// isesaki returns the published flood zones of Isesaki.
func isesaki(t testing.TB) []hazard.Zone {
	return floodZones(t, "A31b_201", "flood/A31b-20-23_10_10204.geojson.gz", "flood/A31b-20-23_20_10204.geojson.gz")
}
