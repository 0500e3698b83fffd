package tiles_test

import (
	"testing"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

func BenchmarkCutIsesaki(b *testing.B) {
	zones := isesaki(b)
	hazard.SortZones(zones)
	b.ReportAllocs()
	for b.Loop() {
		bytes := 0
		_, err := tiles.Cut(b.Context(), zones, tiles.CutOptions{}, func(_ tiles.ID, raw []byte) error {
			bytes += len(raw)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(bytes), "raw-bytes")
	}
}

func BenchmarkCheckTile(b *testing.B) {
	set, _ := cut(b, isesaki(b), tiles.CutOptions{MinZoom: 13, MaxZoom: 13})
	var largest []byte
	for _, raw := range set {
		if len(raw) > len(largest) {
			largest = raw
		}
	}
	for b.Loop() {
		tile, err := tiles.Decode(largest)
		if err != nil {
			b.Fatal(err)
		}
		if err := tile.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
