package gml_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/geojson"
	"hazardmap/geo/gml"
	"hazardmap/geo/published"
)

func collect(stream geo.Features) (features []geo.Feature, refused []*geo.RecordError, err error) {
	for f, err := range stream {
		var record *geo.RecordError
		switch {
		case errors.As(err, &record):
			refused = append(refused, record)
		case err != nil:
			return features, refused, err
		default:
			features = append(features, f)
		}
	}
	return features, refused, nil
}

func readAll(text string) (features []geo.Feature, refused []*geo.RecordError, err error) {
	r, err := gml.Read(strings.NewReader(text), "x.xml")
	if err != nil {
		return nil, nil, err
	}
	return collect(r.Features())
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<ksj:Dataset gml:id="A33" xmlns:ksj="http://nlftp.mlit.go.jp/ksj/schemas/ksj-app" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink">
<gml:description>x</gml:description>
<gml:boundedBy><gml:EnvelopeWithTimePeriod srsName="JGD2011 / (B, L)"><gml:lowerCorner>20.0 123.0</gml:lowerCorner></gml:EnvelopeWithTimePeriod></gml:boundedBy>
`

func dataset(members ...string) string { return head + strings.Join(members, "\n") + "</ksj:Dataset>" }

// curve writes a curve of lon,lat pairs.
func curve(id string, points ...orb.Point) string {
	var list strings.Builder
	for _, p := range points {
		fmt.Fprintf(&list, "\n%v %v", p[1], p[0])
	}
	return `<gml:Curve gml:id="` + id + `"><gml:segments><gml:LineStringSegment><gml:posList>` + list.String() + "\n</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>"
}

func ring(curves ...string) string {
	var members strings.Builder
	for _, id := range curves {
		members.WriteString(`<gml:curveMember xlink:href="#` + id + `"/>`)
	}
	return "<gml:Ring>" + members.String() + "</gml:Ring>"
}

func surface(id, exterior string, interiors ...string) string {
	text := `<gml:Surface gml:id="` + id + `"><gml:patches><gml:PolygonPatch><gml:exterior>` + exterior + "</gml:exterior>"
	for _, interior := range interiors {
		text += "<gml:interior>" + interior + "</gml:interior>"
	}
	return text + "</gml:PolygonPatch></gml:patches></gml:Surface>"
}

func zone(id, ref string) string {
	return `<ksj:ExpectedFloodArea gml:id="` + id + `"><ksj:bounds xlink:href="#` + ref + `"/><ksj:waterDepth>21</ksj:waterDepth></ksj:ExpectedFloodArea>`
}

var a, b, c, d = orb.Point{139, 36}, orb.Point{139.5, 36}, orb.Point{139.5, 36.5}, orb.Point{139, 36.5}

func TestShapes(t *testing.T) {
	square := orb.Ring{a, b, c, d, a}
	hole := orb.Ring{{139.1, 36.1}, {139.2, 36.1}, {139.2, 36.2}, {139.1, 36.1}}
	tests := []struct {
		name string
		file []string
		want orb.Geometry
	}{
		{"one curve", []string{curve("c", square...), surface("s", ring("c")), zone("z", "s")}, orb.Polygon{square}},
		{"feature first", []string{zone("z", "s"), surface("s", ring("c")), curve("c", square...)}, orb.Polygon{square}},
		{"surface before its curve", []string{surface("s", ring("c")), curve("c", square...), zone("z", "s")}, orb.Polygon{square}},
		{"other letter case", []string{curve("Cv1_0", square...), surface("SF1", ring("cv1_0")), zone("z", "sf1")}, orb.Polygon{square}},
		{"letter case that tells two apart", []string{curve("x", hole...), curve("X", square...), surface("s", ring("X")), zone("z", "s")}, orb.Polygon{square}},
		{"hole", []string{curve("c", square...), curve("h", hole...), surface("s", ring("c"), ring("h")), zone("z", "s")}, orb.Polygon{square, hole}},
		{"two curves", []string{curve("c", a, b), curve("e", b, c, d, a), surface("s", ring("c", "e")), zone("z", "s")}, orb.Polygon{square}},
		{"second curve backwards", []string{curve("c", a, b), curve("e", a, d, c, b), surface("s", ring("c", "e")), zone("z", "s")}, orb.Polygon{square}},
		{"first curve backwards", []string{curve("c", b, a), curve("e", b, c), curve("f", c, d, a), surface("s", ring("c", "e", "f")), zone("z", "s")}, orb.Polygon{square}},
		{"all backwards", []string{curve("c", b, a), curve("e", c, b), curve("f", a, d, c), surface("s", ring("c", "e", "f")), zone("z", "s")}, orb.Polygon{square}},
		{"curves out of order", []string{curve("c", a, b), curve("e", c, d), curve("f", b, c), curve("g", d, a), surface("s", ring("c", "e", "f", "g")), zone("z", "s")}, orb.Polygon{square}},
		{"open ring", []string{curve("c", a, b, c, d), surface("s", ring("c")), zone("z", "s")}, orb.Polygon{square}},
		{"curve of curves", []string{curve("c", a, b, c), curve("e", c, d, a), `<gml:CompositeCurve gml:id="k"><gml:curveMember xlink:href="#c"/><gml:curveMember><gml:OrientableCurve orientation="-"><gml:baseCurve xlink:href="#e"/></gml:OrientableCurve></gml:curveMember></gml:CompositeCurve>`,
			surface("s", ring("k")), zone("z", "s")}, orb.Polygon{square}},
		{"line", []string{curve("c", a, b), zone("z", "c")}, orb.LineString{a, b}},
		{"point", []string{`<gml:Point gml:id="p"><gml:pos>36 139</gml:pos></gml:Point>`, zone("z", "p")}, a},
		{"polygon in place", []string{`<ksj:Zone><ksj:area><gml:Polygon><gml:exterior><gml:LinearRing><gml:pos>36 139</gml:pos><gml:pos>36 139.5</gml:pos><gml:pos>36.5 139.5</gml:pos><gml:pos>36.5 139</gml:pos><gml:pos>36 139</gml:pos></gml:LinearRing></gml:exterior></gml:Polygon></ksj:area></ksj:Zone>`}, orb.Polygon{square}},
		{"height", []string{`<ksj:Zone><ksj:area><gml:Polygon srsName="http://www.opengis.net/def/crs/EPSG/0/6697"><gml:exterior><gml:LinearRing><gml:posList>36 139 1 36 139.5 2 36.5 139.5 3 36.5 139 4 36 139 1</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></ksj:area></ksj:Zone>`}, orb.Polygon{square}},
		{"longitude first", []string{`<ksj:Zone><ksj:at><gml:Point srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:pos>139 36</gml:pos></gml:Point></ksj:at></ksj:Zone>`}, a},
		{"number cut by a comment", []string{`<ksj:Zone><ksj:at><gml:Point><gml:pos>3<!-- x -->6 1<![CDATA[39]]></gml:pos></gml:Point></ksj:at></ksj:Zone>`}, a},
		{"two surfaces", []string{curve("c", square...), surface("s", ring("c")), curve("h", hole...), surface("q", ring("h")),
			`<ksj:Zone><ksj:bounds xlink:href="#s"/><ksj:bounds xlink:href="#q"/></ksj:Zone>`}, orb.MultiPolygon{{square}, {hole}}},
		{"reference to a feature", []string{zone("z0", "z0"), curve("c", a, b), `<ksj:Zone><ksj:where xlink:href="#c"/><ksj:next xlink:href="#z0"/></ksj:Zone>`}, orb.LineString{a, b}},
		{"what a solid draws twice", []string{`<ksj:Zone><ksj:area><gml:MultiSurface><gml:surfaceMember><gml:Polygon gml:id="P1"><gml:exterior><gml:LinearRing><gml:posList>36 139 36 139.5 36.5 139.5 36.5 139 36 139</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></ksj:area>
			<ksj:solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember xlink:href="#p1"/></gml:CompositeSurface></gml:exterior></gml:Solid></ksj:solid></ksj:Zone>`}, orb.Polygon{square}},
		{"nothing", []string{`<ksj:Zone><ksj:cop>1</ksj:cop></ksj:Zone>`}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, refused, err := readAll(dataset(tt.file...))
			if err != nil || len(refused) > 0 || len(got) == 0 {
				t.Fatalf("%d features, %v, %v", len(got), refused, err)
			}
			if diff := cmp.Diff(tt.want, got[len(got)-1].Geometry); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestRefusedRecord(t *testing.T) {
	bomb := []string{curve("g0", a, b)}
	for i := range 7 {
		bomb = append(bomb, fmt.Sprintf(`<gml:MultiCurve gml:id="g%d">%s</gml:MultiCurve>`, i+1, strings.Repeat(fmt.Sprintf(`<gml:curveMember xlink:href="#g%d"/>`, i), 50)))
	}
	point := func(pos string) []string {
		return []string{`<ksj:Zone><ksj:at><gml:Point><gml:pos>` + pos + `</gml:pos></gml:Point></ksj:at></ksj:Zone>`}
	}
	tests := []struct {
		name string
		file []string
		why  string
	}{
		{"surface that is not there", []string{zone("z", "s9")}, "refers to #s9, which is not in the file"},
		{"curve that is not there", []string{surface("s", ring("c9")), zone("z", "s")}, "refers to #c9"},
		{"id twice", []string{curve("c", a, b), curve("c", b, c), zone("z", "c")}, "#c, which is there 2 times"},
		{"circle of references", []string{`<gml:CompositeCurve gml:id="k"><gml:curveMember xlink:href="#k"/></gml:CompositeCurve>`, zone("z", "k")}, "without end"},
		{"bomb of references", append(bomb, zone("z", "g7")), "more than"},
		{"curves that do not join", []string{curve("c", a, b), curve("e", c, d), surface("s", ring("c", "e")), zone("z", "s")}, "curves do not join at 36,139.5"},
		{"ring of two points", []string{curve("c", a, b), surface("s", ring("c")), zone("z", "s")}, "ring has 2 points"},
		{"ring without curves", []string{surface("s", ring()), zone("z", "s")}, "curve without points"},
		{"surface as curve", []string{surface("q", ring("q")), surface("s", ring("q")), zone("z", "s")}, "something else where a curve should be"},
		{"NaN", point("NaN 139"), `"NaN" is no number`},
		{"infinite", point("-Inf 139"), `"-Inf" is no number`},
		{"hexadecimal", point("0x1p4 139"), "is no number"},
		{"longitude first", point("139 36"), "latitude 139 "},
		{"one number", point("36"), "ends inside a position"},
		{"three numbers", point("36 139 0"), "ends inside a position"},
		{"arc", []string{`<ksj:Zone><ksj:at><gml:Curve><gml:segments><gml:Arc><gml:posList>36 139</gml:posList></gml:Arc></gml:segments></gml:Curve></ksj:at></ksj:Zone>`}, "gml:Arc is not read"},
		{"metres", []string{`<ksj:Zone><ksj:at><gml:Point srsName="EPSG:6677"><gml:pos>36 139</gml:pos></gml:Point></ksj:at></ksj:Zone>`}, "coordinate reference system"},
		{"four dimensions", []string{`<ksj:Zone><ksj:at><gml:Point srsDimension="4"><gml:pos>36 139 0 0</gml:pos></gml:Point></ksj:at></ksj:Zone>`}, `positions of "4" numbers`},
		{"endless attribute", []string{`<ksj:Zone><ksj:znm>` + strings.Repeat("x", 70_000) + `</ksj:znm></ksj:Zone>`}, "znm is longer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			good := `<ksj:Zone><ksj:at><gml:Point><gml:pos>36 139</gml:pos></gml:Point></ksj:at></ksj:Zone>`
			got, refused, err := readAll(dataset(append(tt.file, good)...))
			if err != nil || len(got) != 1 || len(refused) != 1 || !strings.Contains(refused[0].Error(), tt.why) {
				t.Errorf("%d features, %v, %v; want 1 and %q", len(got), refused, err, tt.why)
			}
		})
	}
}

func TestRefusedFile(t *testing.T) {
	tests := []struct {
		name, in string
		none     bool // is ErrNoFeatures
		why      string
	}{
		{"metadata", `<?xml version="1.0" encoding="UTF-8"?><MD_Metadata/>`, true, "element MD_Metadata"},
		{"HTML", `<html><body/></html>`, true, "element html"},
		{"empty", "", false, "no element"},
		{"minus one", "-1", false, "no element"},
		{"NaN", "NaN", false, "no element"},
		{"entity bomb", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Dataset>&b;</Dataset>`, false, "document type"},
		{"external entity", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Dataset><Zone><n>&a;</n></Zone></Dataset>`, false, "document type"},
		{"document type inside", `<Dataset><!DOCTYPE x><Zone/></Dataset>`, false, "document type"},
		{"unknown entity", dataset(`<ksj:Zone><ksj:n>&a;</ksj:n></ksj:Zone>`), false, "entity"},
		{"cut off", dataset(curve("c", a, b))[:len(head)+60], false, "EOF"},
		{"tags that cross", `<Dataset><a><b></a></b></Dataset>`, false, "element"},
		{"garbage behind", dataset() + "<x/>", false, "goes on"},
		{"deep", `<Dataset>` + strings.Repeat("<a>", 1_000_000), false, "deeper than 100"},
		{"deep geometry", `<Dataset>` + strings.Repeat("<Curve>", 1_000_000), false, "deeper than 100"},
		{"projected", strings.Replace(dataset(), "JGD2011 / (B, L)", "JGD2011 / 9(X, Y)", 1), false, "coordinate reference system"},
		{"UTF-16", "\xff\xfe<\x00", false, "UTF-16"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := readAll(tt.in)
			if err == nil || errors.Is(err, gml.ErrNoFeatures) != tt.none || !strings.HasPrefix(err.Error(), "x.xml: ") || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("%v, want %q, no features %v", err, tt.why, tt.none)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	text := dataset(`<ksj:SedimentRelatedDisasterWarningAreasPolygon gml:id="wp1"><ksj:cop>1</ksj:cop><ksj:znm> Ⅰ表能① </ksj:znm><ksj:cop>2</ksj:cop></ksj:SedimentRelatedDisasterWarningAreasPolygon>`)
	cp932, err := japanese.ShiftJIS.NewEncoder().String(strings.Replace(text, "UTF-8", "Shift_JIS", 1))
	if err != nil {
		t.Fatal(err)
	}
	for name, in := range map[string]string{"UTF-8": text, "byte order mark": "\uFEFF" + text, "Shift_JIS": cp932, "wrong label": strings.Replace(text, "UTF-8", "Shift_JIS", 1)} {
		r, err := gml.Read(strings.NewReader(in), name)
		if err != nil {
			t.Fatal(err)
		}
		got, refused, err := collect(r.Features())
		if err != nil || len(refused) > 0 || len(got) != 1 {
			t.Fatalf("%s: %v, %v, %v", name, got, refused, err)
		}
		if diff := cmp.Diff(geo.Attributes{"cop": "1", "znm": "Ⅰ表能①", "cop#2": "2"}, got[0].Attr); diff != "" || r.Element() != "SedimentRelatedDisasterWarningAreasPolygon" || r.CRS() != geo.JGD2011 {
			t.Errorf("%s: %s in %q: -want +got\n%s", name, r.Element(), r.CRS(), diff)
		}
	}
}

// The landslide zones of newer PLATEAU files have elements of their own.
func TestUrbanFunction(t *testing.T) {
	got, refused, err := readAll(`<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" xmlns:gml="http://www.opengis.net/gml" xmlns:urf="https://www.geospatial.jp/iur/urf/3.0">
<gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/6697" srsDimension="3"><gml:lowerCorner>35 138 0</gml:lowerCorner></gml:Envelope></gml:boundedBy>
<core:cityObjectMember><urf:SedimentDisasterProneArea gml:id="urf_1">
<urf:location>沼津市足高字尾上</urf:location><urf:disasterType codeSpace="../x.xml">1</urf:disasterType><urf:areaType>2</urf:areaType><urf:zoneNumber>103-S-0138</urf:zoneNumber>
<urf:lod1MultiSurface><gml:MultiSurface><gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>36 139 0 36 139.5 0 36.5 139.5 0 36 139 0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface></urf:lod1MultiSurface>
</urf:SedimentDisasterProneArea></core:cityObjectMember></core:CityModel>`)
	if err != nil || len(refused) > 0 || len(got) != 1 {
		t.Fatal(got, refused, err)
	}
	want := geo.Feature{Record: 1, Geometry: orb.Polygon{{a, b, c, a}},
		Attr: geo.Attributes{"location": "沼津市足高字尾上", "disasterType": "1", "areaType": "2", "zoneNumber": "103-S-0138"}}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// open reads the one GML file of a published path.
func open(t testing.TB, path string) (crs geo.CRS, elements map[string]int, features []geo.Feature) {
	t.Helper()
	elements = map[string]int{}
	err := archive.Walk(context.Background(), published.Path(t, path), func(m *archive.Member) error {
		text, err := m.Open()
		if err != nil {
			return err
		}
		defer text.Close()
		r, err := gml.Read(text, m.Name)
		if errors.Is(err, gml.ErrNoFeatures) && strings.HasPrefix(m.Name, "KS-META") {
			return nil
		}
		if err != nil {
			return err
		}
		crs = r.CRS()
		for f, err := range r.Features() {
			if err != nil {
				return err
			}
			elements[r.Element()]++
			features = append(features, f)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return crs, elements, features
}

func openGeoJSON(t *testing.T, path string) (features []geo.Feature) {
	t.Helper()
	err := archive.Walk(t.Context(), published.Path(t, path), func(m *archive.Member) error {
		text, err := m.Open()
		if err != nil {
			return err
		}
		defer text.Close()
		r, err := geojson.Read(text, m.Name)
		if err != nil {
			return err
		}
		features, _, err = collect(r.Features())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return features
}

// The zones of 沼津市 in JPGIS, in CityGML and in GeoJSON are the same zones.
func TestPublishedLandslide(t *testing.T) {
	want := openGeoJSON(t, "landslide/A33_numazu_523856.geojson.gz")
	tests := []struct {
		path, element string
		columns       map[string]string // ours by those of A33
		digits        float64
	}{
		{"ksj-format/A33-derived_22_GML.zip", "SedimentRelatedDisasterWarningAreasPolygon",
			map[string]string{"A33_001": "cop", "A33_002": "coz", "A33_003": "prc", "A33_005": "znm", "A33_008": "cus"}, 0},
		{"landslide/523856_lsld_6668_op.gml.gz", "GenericCityObject",
			map[string]string{"A33_001": "現象の種類", "A33_002": "区域区分", "A33_003": "都道府県コード", "A33_004": "区域番号", "A33_005": "区域名", "A33_006": "所在地", "A33_007": "告示日", "A33_008": "特別警戒未指定フラグ"}, 1e-9},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			crs, elements, got := open(t, tt.path)
			if crs != geo.JGD2011 || elements[tt.element] != 234 || len(got) != 234 || len(want) != 234 {
				t.Fatalf("%d features in %q: %v", len(got), crs, elements)
			}
			for i := range got {
				for theirs, ours := range tt.columns {
					if got, want := got[i].Attr.Code(ours), want[i].Attr.Code(theirs); got != want {
						t.Errorf("record %d: %s is %q, want %q", i+1, ours, got, want)
					}
				}
				if !near(got[i].Geometry.(orb.Polygon), want[i].Geometry.(orb.Polygon), tt.digits) {
					t.Fatalf("record %d: %v, want %v", i+1, got[i].Geometry, want[i].Geometry)
				}
			}
		})
	}
}

// near compares polygons vertex by vertex.
func near(a, b orb.Polygon, most float64) bool {
	return slices.EqualFunc(a, b, func(r, s orb.Ring) bool {
		return slices.EqualFunc(r, s, func(p, q orb.Point) bool {
			return math.Abs(p[0]-q[0]) <= most && math.Abs(p[1]-q[1]) <= most
		})
	})
}

func TestPublishedWater(t *testing.T) {
	for _, path := range []string{"other-inundation/52385721_fld_6697_l1_op.gml.gz", "other-inundation/523855_tnm_6697_op.gml"} {
		crs, elements, got := open(t, path)
		if crs != geo.JGD2011H || elements["WaterBody"] != 3 || len(got) != 3 {
			t.Errorf("%s: %d features in %q, %v", path, len(got), crs, elements)
		}
		for _, f := range got {
			area, ok := f.Geometry.(orb.MultiPolygon)
			if !ok || len(area) < 2 || f.Attr.Text("class") != "1140" {
				t.Errorf("%s: record %d is a %T with %v", path, f.Record, f.Geometry, f.Attr)
			}
		}
	}
}

// FuzzRead: reading ends, what is yielded is closed and on the globe, and each
// record comes once.
func FuzzRead(f *testing.F) {
	f.Add("")
	f.Add("-1")
	f.Add("NaN")
	f.Add(dataset(zone("z", "S"), surface("s", ring("c", "e"), ring("c")), curve("c", a, b), curve("e", a, d, c, b)))
	f.Add(dataset(curve("c", a, b))[:len(head)+60])
	f.Add(`<CityModel><cityObjectMember><WaterBody><a><Polygon srsDimension="3"><exterior><LinearRing><posList>1 2 3 4 5 6 7 8 9 1 2 3</posList></LinearRing></exterior></Polygon></a><stringAttribute name="x"><value>1</value></stringAttribute></WaterBody></cityObjectMember></CityModel>`)
	f.Add(`<Dataset><CompositeCurve id="k"><curveMember href="#k"/></CompositeCurve><Z><b href="#k"/></Z></Dataset>`)
	f.Fuzz(func(t *testing.T, in string) {
		features, refused, _ := readAll(in)
		seen := map[int]bool{}
		for _, r := range refused {
			seen[r.Record] = true
		}
		for _, f := range features {
			if seen[f.Record] || f.Record < 1 {
				t.Fatalf("record %d comes twice", f.Record)
			}
			seen[f.Record] = true
			var areas orb.MultiPolygon
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				areas = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				areas = g
			}
			for _, polygon := range areas {
				for _, ring := range polygon {
					if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
						t.Fatalf("ring %v is not closed", ring)
					}
					for _, p := range ring {
						if err := geo.CheckLonLat(p[0], p[1]); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var text []byte
	err := archive.Walk(b.Context(), published.Path(b, "landslide/523856_lsld_6668_op.gml.gz"), func(m *archive.Member) error {
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		text, err = io.ReadAll(r)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, refused, err := readAll(string(text)); err != nil || len(refused) > 0 {
			b.Fatal(refused, err)
		}
	}
}
