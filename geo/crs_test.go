package geo_test

import (
	"testing"

	"hazardmap/geo"
)

func TestParseCRS(t *testing.T) {
	tests := []struct {
		in   string
		want geo.CRS
		ok   bool
	}{
		{"", "", true},
		{" \n", "", true},
		{"EPSG:6668", geo.JGD2011, true},
		{"epsg:4612", geo.JGD2000, true},
		{"urn:ogc:def:crs:EPSG::6668", geo.JGD2011, true},
		{"urn:ogc:def:crs:EPSG:9.8.15:4326", geo.WGS84, true},
		{"urn:ogc:def:crs:OGC:1.3:CRS84", geo.WGS84, true},
		{"http://www.opengis.net/def/crs/EPSG/0/6697", geo.JGD2011H, true},
		{"http://www.opengis.net/def/crs/OGC/1.3/CRS84", geo.WGS84, true},
		{"JGD2011 / (B, L)", geo.JGD2011, true},
		{"JGD2000 / (B, L)", geo.JGD2000, true},
		{`GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`, geo.JGD2011, true},
		{`GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]]]`, geo.WGS84, true},
		{`GEOGCS["GCS_JGD_2000",DATUM["D_JGD_2000",SPHEROID["GRS_1980",6378137,298.257222101]]]`, geo.JGD2000, true},
		{`PROJCS["JGD_2011_Japan_Zone_9",GEOGCS["GCS_JGD_2011",DATUM["D_JGD_2011"]]]`, "", false},
		{`PROJCRS["JGD2011 / Japan Plane Rectangular CS IX"]`, "", false},
		{"JGD2011 / 9(X, Y)", "", false},
		{`GEOGCS["Tokyo",DATUM["Tokyo",SPHEROID["Bessel 1841",6377397.155,299.1528128]]]`, "", false},
		{"EPSG:6677", "", false},
		{"EPSG:3857", "", false},
		{"EPSG:4301", "", false},
		{"EPSG:", "", false},
		{"-1", "", false},
		{"NaN", "", false},
	}
	for _, tt := range tests {
		got, err := geo.ParseCRS(tt.in)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("ParseCRS(%q) = %q, %v, want %q, ok %v", tt.in, got, err, tt.want, tt.ok)
		}
	}
}
