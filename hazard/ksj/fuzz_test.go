package ksj

import (
	"testing"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Whatever stands in the columns: a record gives zones with ranks that their
// kinds have, or an error.
func FuzzZones(f *testing.F) {
	for _, seed := range [][4]string{
		{"A31-20-21_1.geojson", "A31_205", "3", "A31_201"}, {"", "A31a_405", "-1", ""}, {"A31a-41-23_x", "A31a_405", "42", "A31a_401"},
		{"", "A33_001", "NaN", "A33_002"}, {"", "A33_002", "1", "A33_001"}, {"", "A40_003", "0.3m未", ""}, {"A31b-30-2", "A31b_301", "", "A31B_301"},
		{"P20-12.shp", "P20_001", "", ""}, {"", "A31_001", "13", "A31_1"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, file, column, value, other string) {
		record := geo.Attributes{column: value, other: value}
		d, err := Recognise(file, "", columnsOf(record), record)
		if err != nil {
			return
		}
		zones, err := d.Zones(geo.Feature{Geometry: square, Attr: record})
		if err == nil && len(zones) == 0 {
			t.Fatalf("Zones(%v) returns no zone and no error", record)
		}
		for _, z := range zones {
			if z.Rank != hazard.RankUnknown && (z.Rank < 1 || z.Rank > z.Kind.Ranks()) {
				t.Fatalf("Zones(%v) has rank %d of %v", record, z.Rank, z.Kind)
			}
			if z.Shape == nil || !z.Kind.Valid() {
				t.Fatalf("Zones(%v) = %+v", record, z)
			}
		}
	})
}
