package ksj

import "testing"

func TestFileName(t *testing.T) {
	tests := []struct {
		name  string
		layer string
		year  int
	}{
		{"A31-20-21_1400020001.geojson", "20", 2021},
		{"A31a-41-24_83_8303040001.geojson", "41", 2024},
		{"A31b-20-23_10_5439.geojson", "20", 2023},
		{"A31-19_83.shp", "", 2019},
		{"A31-20_14.shp", "", 2020},
		{"A31a-30.geojson", "30", 0},
		{"A31a-20_isesaki.geojson", "20", 0},
		{"A31a-30-GML.zip", "30", 0},
		{"A33-22_22Polygon.geojson", "", 2022},
		{"A33-derived_22.xml", "", 0},
		{"N03-20200101_10.geojson", "", 2020},
		{"N03-2020_10204_isesaki.geojson", "", 2020},
		{"N03-21_10_210101_s0010.geojson", "", 2021},
		{"20_浸水.geojson", "", 0},
		{"", "", 0},
	}
	for _, tt := range tests {
		if got := parseFileName(tt.name); got != (fileName{tt.layer, tt.year}) {
			t.Errorf("parseFileName(%q) = %+v, want layer %q, year %d", tt.name, got, tt.layer, tt.year)
		}
	}
}
