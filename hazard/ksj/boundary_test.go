package ksj

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

func box(west, south, size float64) orb.Ring {
	return orb.Ring{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}
}

func n03(pref, county, city string, code any) geo.Attributes {
	return geo.Attributes{"N03_001": pref, "N03_002": nil, "N03_003": county, "N03_004": city, "N03_007": code}
}

func TestBoundaries(t *testing.T) {
	mainland, island := box(139, 36, 0.1), box(139.5, 36, 0.1)
	records := []geo.Feature{
		{Geometry: orb.Polygon{mainland}, Attr: n03("群馬県", "", "伊勢崎市", "10204")},
		{Geometry: orb.Polygon{island}, Attr: n03("群馬県", "", "伊勢崎市", 10204.0)},
		{Geometry: orb.Polygon{box(140, 36, 0.1)}, Attr: n03("群馬県", "吾妻郡", "高山村", "104281")},
		{Geometry: orb.Polygon{box(140.5, 36, 0.1)}, Attr: n03("神奈川県", "横浜市", "鶴見区", "14101")},
		{Geometry: orb.Polygon{box(141, 42, 0.1)}, Attr: n03("北海道", "", "函館市", 1202.0)},
		{Geometry: orb.Polygon{box(141.5, 36, 0.1)}, Attr: n03("群馬県", "", "所属未定地", nil)},
	}
	b, err := RecogniseBoundaries("N03-20200101.geojson", columnsOf(records[0].Attr), records[0].Attr)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range records {
		if err := b.Add(f); err != nil {
			t.Errorf("Add(%v) fails: %v", f.Attr, err)
		}
	}
	if got, want := b.Codes(), []string{"01202", "10204", "10428", "14101"}; !slices.Equal(got, want) {
		t.Errorf("Codes() = %v, want %v", got, want)
	}
	for _, tt := range []struct {
		code, name string
		parts      int
	}{{"10204", "伊勢崎市", 2}, {"10428", "高山村", 1}, {"14101", "横浜市鶴見区", 1}, {"01202", "函館市", 1}, {"10", "群馬県", 3}} {
		area, err := b.Area(tt.code)
		if err != nil || area.Name != tt.name || len(area.Boundary) != tt.parts {
			t.Errorf("Area(%q) = %q with %d parts, %v, want %q with %d", tt.code, area.Name, len(area.Boundary), err, tt.name, tt.parts)
		}
	}
	if _, err := b.Area("99999"); err == nil {
		t.Error("Area(99999) of a place that is not there succeeds")
	}
	if !strings.Contains(fmt.Sprint(b.Notes()), NoteNoMunicipality) {
		t.Errorf("Notes() = %v, want the area of no municipality", b.Notes())
	}
	if b.Source().Edition != "2020" {
		t.Errorf("Edition = %q, want 2020", b.Source().Edition)
	}
}

func TestHolesLieInTheirShells(t *testing.T) {
	shell, other := box(139, 36, 0.2), box(139.5, 36, 0.2)
	own, astray, lost := box(139.05, 36.05, 0.01), box(139.55, 36.05, 0.01), box(140.5, 36, 0.01)
	b, err := RecogniseBoundaries("N03-20200101_10204.geojson", []string{"name"}, geo.Attributes{"name": "群馬県伊勢崎市"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []orb.Polygon{{shell, own, astray, lost}, {other}} {
		if err := b.Add(geo.Feature{Geometry: p, Attr: geo.Attributes{"name": "群馬県伊勢崎市"}}); err != nil {
			t.Fatal(err)
		}
	}
	area, err := b.Area("10204")
	if err != nil {
		t.Fatal(err)
	}
	if want := (orb.MultiPolygon{{shell, own}, {other, astray}}); !orb.Equal(area.Boundary, want) {
		t.Errorf("Boundary = %v, want %v", area.Boundary, want)
	}
	if notes := fmt.Sprint(b.Notes()); !strings.Contains(notes, NoteHoleMoved) || !strings.Contains(notes, NoteHoleOutside) {
		t.Errorf("Notes() = %v, want a hole moved and one left out", notes)
	}
}

func TestBoundariesRefuse(t *testing.T) {
	tests := []struct {
		file   string
		record geo.Attributes
	}{
		{"N03.geojson", geo.Attributes{"name": "群馬県伊勢崎市"}},       // no code anywhere
		{"10204.geojson", geo.Attributes{"name": "伊勢崎市"}},        // no prefecture: anything may have a name
		{"10204.geojson", geo.Attributes{"A31a_205": 1.0}},       // zones
		{"10204.geojson", geo.Attributes{"N03_001": "群馬県"}},      // a prefecture's own file
		{"102045.geojson", geo.Attributes{"name": "群馬県伊勢崎市"}},    // no code of 5 digits
		{"10204_x.geojson", geo.Attributes{"Name ": "避難所一覧（市）"}}, // no municipality
	}
	for _, tt := range tests {
		if _, err := RecogniseBoundaries(tt.file, columnsOf(tt.record), tt.record); !errors.Is(err, ErrUnknown) {
			t.Errorf("RecogniseBoundaries(%q, %v) = %v, want ErrUnknown", tt.file, tt.record, err)
		}
	}
	b, err := RecogniseBoundaries("N03.shp", columnsOf(n03("群馬県", "", "伊勢崎市", "10204")), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []any{"102", "1020400", "10204.5"} {
		if err := b.Add(geo.Feature{Geometry: square, Attr: n03("群馬県", "", "伊勢崎市", code)}); err == nil {
			t.Errorf("Add with code %v succeeds", code)
		}
	}
}
