package drawn

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/tiles"
)

// patchwork is a city of small squares of all depths, as a 5 m mesh is, with a
// hatched zone over it.
func patchwork() []hazard.Zone {
	random := rand.New(rand.NewPCG(5, 6))
	var zones []hazard.Zone
	square := func(lon, lat, side float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
	}
	for i := range 80 {
		for j := range 80 {
			zones = append(zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: uint8(1 + random.IntN(6)),
				Shape: square(139.2+float64(i)*0.0003, 36.27+float64(j)*0.0003, 0.0003)})
		}
	}
	zones = append(zones,
		hazard.Zone{Kind: hazard.CollapseErosion, Scenario: hazard.Max, Rank: 1, Shape: square(139.21, 36.28, 0.004)},
		hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Plan, Rank: 1, Shape: square(139.19, 36.27, 0.004)},
		hazard.Zone{Kind: hazard.FloodDuration, Scenario: hazard.Max, Rank: 7, Shape: square(139.2, 36.27, 0.02)})
	hazard.SortZones(zones)
	return zones
}

// TestIntricateZonesStaySmall: whatever the zones, a picture weighs at most
// 11 KB in gzip, which is 10 KB in Brotli, and keeps the worst class.
func TestIntricateZonesStaySmall(t *testing.T) {
	stored := map[string][]byte{}
	_, err := tiles.Cut(t.Context(), patchwork(), tiles.CutOptions{Theme: "flood", MinZoom: 10}, func(id tiles.ID, raw []byte) error {
		stored["flood/"+id.String()] = bytes.Clone(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	kinds := []hazard.Kind{hazard.FloodDepth, hazard.CollapseErosion}
	for _, zoom := range []float64{10, 12.6, 14, 15, 17} {
		picture := Draw(Scene{
			Center: geo.Point{Lon: 139.212, Lat: 36.282}, Zoom: zoom, Width: 400, Height: 360, Kinds: kinds, Words: words(),
			Tilesets: []string{"flood", "landslide"}, Tile: func(set string, id tiles.ID) []byte { return stored[set+"/"+id.String()] },
		})
		if n := gzipSize(t, picture); n > 11_000 {
			t.Errorf("zoom %g: %d bytes in gzip", zoom, n)
		}
		if !strings.Contains(picture, "url(#m1-6)") || !strings.Contains(picture, "url(#m4-1)") {
			t.Errorf("zoom %g: the worst depth or the house collapse is not drawn", zoom)
		}
		if strings.Contains(picture, "url(#m2-") {
			t.Errorf("zoom %g: times of flooding are drawn unasked", zoom)
		}
	}
}

func gzipSize(t *testing.T, s string) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
