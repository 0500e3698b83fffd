package geojson_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
)

// readAll returns the features, the refused records and what ended the file.
func readAll(text string) (features []geo.Feature, refused []*geo.RecordError, err error) {
	r, err := geojson.Read(strings.NewReader(text), "x.geojson")
	if err != nil {
		return nil, nil, err
	}
	return collect(r.Features())
}

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

const square = `{"type":"Polygon","coordinates":[[[139,36],[139.5,36],[139.5,36.5],[139,36]]]}`

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func withGeometry(geometry string) string {
	return `{"type":"Feature","properties":{"A31_205":1},"geometry":` + geometry + `}`
}

func TestGeometry(t *testing.T) {
	ring := orb.Ring{{139, 36}, {139.5, 36}, {139.5, 36.5}, {139, 36}}
	tests := []struct {
		name, in string
		want     orb.Geometry
	}{
		{"none", `null`, nil},
		{"point", `{"type":"Point","coordinates":[139.25,36]}`, orb.Point{139.25, 36}},
		{"point with height", `{"type":"Point","coordinates":[139.25,36,12.5]}`, orb.Point{139.25, 36}},
		{"exponents", `{"type":"Point","coordinates":[1.3925e+2,-360e-1]}`, orb.Point{139.25, -36}},
		{"points", `{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}`, orb.MultiPoint{{1, 2}, {3, 4}}},
		{"line", `{"type":"LineString","coordinates":[[1,2],[3,4]]}`, orb.LineString{{1, 2}, {3, 4}}},
		{"lines", `{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]}`, orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}},
		{"polygon", square, orb.Polygon{ring}},
		{"coordinates before type", `{"coordinates":[[[139,36],[139.5,36],[139.5,36.5],[139,36]]],"type":"Polygon"}`, orb.Polygon{ring}},
		{"polygon in three dimensions", `{"type":"Polygon","coordinates":[[[139,36,0],[139.5,36,0],[139.5,36.5,1e3],[139,36,0]]]}`, orb.Polygon{ring}},
		{"open ring is closed", `{"type":"Polygon","coordinates":[[[139,36],[139.5,36],[139.5,36.5]],[[1,2],[3,4],[5,6],[1,2]]]}`, orb.Polygon{ring, {{1, 2}, {3, 4}, {5, 6}, {1, 2}}}},
		{"polygons", `{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,6],[1,2]],[[1,2],[3,4],[5,6],[1,2]]],[[[139,36],[139.5,36],[139.5,36.5],[139,36]]]]}`,
			orb.MultiPolygon{{{{1, 2}, {3, 4}, {5, 6}, {1, 2}}, {{1, 2}, {3, 4}, {5, 6}, {1, 2}}}, {ring}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, refused, err := readAll(collection(withGeometry(tt.in)))
			if err != nil || len(refused) > 0 || len(got) != 1 {
				t.Fatalf("got %d features, %v, %v", len(got), refused, err)
			}
			if diff := cmp.Diff(tt.want, got[0].Geometry); diff != "" {
				t.Errorf("%s: -want +got\n%s", tt.in, diff)
			}
		})
	}
}

// One bad feature is refused with its reason; its neighbours are read.
func TestRefusedRecord(t *testing.T) {
	tests := []struct{ name, in, why string }{
		{"ring of three points", withGeometry(`{"type":"Polygon","coordinates":[[[1,2],[3,4],[1,2]]]}`), "ring has 3 points"},
		{"ring of two points", withGeometry(`{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}`), "ring has 2 points"},
		{"line of one point", withGeometry(`{"type":"LineString","coordinates":[[1,2]]}`), "line has 1 point"},
		{"empty polygon", withGeometry(`{"type":"Polygon","coordinates":[]}`), "empty array"},
		{"no coordinates", withGeometry(`{"type":"Polygon"}`), "coordinates are not those of a Polygon"},
		{"uneven nesting", withGeometry(`{"type":"Polygon","coordinates":[[[1,2],[[3,4]]]]}`), "nested unevenly"},
		{"nested too deep", withGeometry(`{"type":"MultiPolygon","coordinates":[[[[[1,2]]]]]}`), "not arrays of numbers"},
		{"text as coordinate", withGeometry(`{"type":"Point","coordinates":["139",{"a":[36]}]}`), "not arrays of numbers"},
		{"number as coordinates", withGeometry(`{"type":"Point","coordinates":139}`), "not arrays of numbers"},
		{"one number", withGeometry(`{"type":"Point","coordinates":[139]}`), "no latitude"},
		{"wrong type", withGeometry(`{"type":"Polygon","coordinates":[1,2]}`), "not those of a Polygon"},
		{"latitude first", withGeometry(`{"type":"Point","coordinates":[36,139]}`), "latitude 139 "},
		{"metres", withGeometry(`{"type":"Point","coordinates":[-53000.5,33000.25]}`), "longitude -53000.5 "},
		{"too large", withGeometry(`{"type":"Point","coordinates":[1e999,36]}`), "too large"},
		{"collection", withGeometry(`{"type":"GeometryCollection","geometries":[]}`), `geometry of type "GeometryCollection"`},
		{"geometry without type", withGeometry(`{}`), "no type"},
		{"geometry as text", withGeometry(`"POINT(1 2)"`), "geometry is no object"},
		{"properties as array", `{"type":"Feature","geometry":null,"properties":[1]}`, "properties are no object"},
		{"number", `17`, "feature is no object"},
		{"Esri JSON", `{"attributes":{},"geometry":{"rings":[[[1,2],[3,4]]]}}`, "geometry has no type"},
		{"type", `{"type":"feature","geometry":null}`, `type "feature"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, refused, err := readAll(collection(withGeometry(square), tt.in, withGeometry(square)))
			if err != nil || len(got) != 2 || len(refused) != 1 {
				t.Fatalf("got %d features, %v, %v; want 2 and one refused", len(got), refused, err)
			}
			if refused[0].Record != 2 || got[1].Record != 3 || !strings.Contains(refused[0].Error(), tt.why) {
				t.Errorf("refused %v, want record 2 with %q", refused[0], tt.why)
			}
		})
	}
}

func TestAttributes(t *testing.T) {
	got, refused, err := readAll(collection(`{"properties":{"A31_201":"1400210007","A31_202":"須雲\u5ddd\n","A31_205":2,"x":-0.5,"big":1234567890123456789,
		"blank":" ","yes":true,"no":false,"none":null,"対応災害":["洪水",{"a" : [ ]}],"\u0041":"\u0000"},"type":"Feature"}`))
	if err != nil || len(refused) > 0 || len(got) != 1 {
		t.Fatal(got, refused, err)
	}
	want := geo.Attributes{"A31_201": "1400210007", "A31_202": "須雲川\n", "A31_205": 2.0, "x": -0.5, "big": 1234567890123456789.0,
		"blank": " ", "yes": true, "no": false, "none": nil, "対応災害": `["洪水",{"a":[]}]`, "A": "\x00"}
	if diff := cmp.Diff(want, got[0].Attr); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestCRS(t *testing.T) {
	tests := []struct {
		crs  string
		want geo.CRS
		ok   bool
	}{
		{`null`, "", true},
		{`{"type":"name","properties":{"name":"EPSG:6668"}}`, geo.JGD2011, true},
		{`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::6668"}}`, geo.JGD2011, true},
		{`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4612"}}`, geo.JGD2000, true},
		{`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`, geo.WGS84, true},
		{`{"type":"name","properties":{"name":"http://www.opengis.net/def/crs/EPSG/0/6697"}}`, geo.JGD2011H, true},
		{`{"type":"EPSG","properties":{"code":4326}}`, geo.WGS84, true},
		{`{"type":"name","properties":{"name":"EPSG:6677"}}`, "", false},
		{`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}}`, "", false},
		{`{"type":"name","properties":{"name":"EPSG:4301"}}`, "", false},
		{`{"type":"name","properties":{}}`, "", false},
		{`"EPSG:6668"`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.crs, func(t *testing.T) {
			r, err := geojson.Read(strings.NewReader(`{"type":"FeatureCollection","crs":`+tt.crs+`,"features":[]}`), "x")
			if (err == nil) != tt.ok || (err == nil && r.CRS() != tt.want) {
				t.Errorf("Read = %v, %v; want %q, ok %v", r, err, tt.want, tt.ok)
			}
			_, _, err = readAll(`{"features":[],"crs":` + tt.crs + `,"type":"FeatureCollection"}`)
			if (err == nil) != tt.ok {
				t.Errorf("crs after the features: %v, want ok %v", err, tt.ok)
			}
		})
	}
}

func TestForms(t *testing.T) {
	feature := withGeometry(square)
	cp932, err := japanese.ShiftJIS.NewEncoder().String(collection(`{"type":"Feature","geometry":null,"properties":{"区域名":"①表能"}}`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, in string
		features int
	}{
		{"collection", collection(feature, feature), 2},
		{"no features", collection(), 0},
		{"byte order mark", "\uFEFF" + collection(feature), 1},
		{"CP932", cp932, 1},
		{"blanks", " \r\n" + strings.ReplaceAll(collection(feature), ",", " ,\t") + "\n", 1},
		{"one feature", feature, 1},
		{"one geometry", square, 1},
		{"foreign members", `{"name":"x","bbox":[1,2,3,4],"a":{"features":[]},"type":"FeatureCollection","features":[` + feature + `],"z":[{}]}`, 1},
		{"type last", `{"features":[` + feature + `],"type":"FeatureCollection"}`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, refused, err := readAll(tt.in)
			if err != nil || len(refused) > 0 || len(got) != tt.features {
				t.Errorf("%d features, %v, %v; want %d", len(got), refused, err, tt.features)
			}
		})
	}
}

func TestNotGeoJSON(t *testing.T) {
	tests := []struct {
		name, in string
		none     bool // is ErrNoFeatures
		why      string
	}{
		{"unavailable", `{"type":"unavailable"}`, true, `type "unavailable"`},
		{"empty object", `{}`, true, ""},
		{"array", `[["伊勢崎市"]]`, true, ""},
		{"TopoJSON", `{"type":"Topology","objects":{},"arcs":[[[1,2]]]}`, true, `type "Topology"`},
		{"collection without features", `{"type":"FeatureCollection"}`, true, ""},
		{"empty", ``, false, "ends"},
		{"minus one", `-1`, true, ""},
		{"NaN", `NaN`, false, `'N' where a value`},
		{"CSV", "NO,名称\r\n1,x\r\n", false, ""},
		{"cut off", collection(withGeometry(square))[:100], false, "ends"},
		{"cut off in a string", `{"type":"Feat`, false, "ends inside a string"},
		{"garbage behind", collection() + "x", false, "end of the text"},
		{"no type", `{"features":[]}`, false, "type"},
		{"features twice", `{"type":"FeatureCollection","features":[],"features":[]}`, false, "twice"},
		{"leading zero", collection(withGeometry(`{"type":"Point","coordinates":[01,2]}`)), false, "number"},
		{"trailing comma", collection(withGeometry(`{"type":"Point","coordinates":[1,2,]}`)), false, ""},
		{"NaN coordinate", collection(withGeometry(`{"type":"Point","coordinates":[NaN,2]}`)), false, ""},
		{"raw line feed in text", collection(`{"type":"Feature","properties":{"a":"` + "\n" + `"}}`), false, "string"},
		{"bad escape", collection(`{"type":"Feature","properties":{"a":"\x"}}`), false, "escape"},
		{"deep array", `{"a":` + strings.Repeat("[", 1_000_000), false, "deeper than 100"},
		{"deep object", `{"a":` + strings.Repeat(`{"a":`, 1_000_000), false, "deeper than 100"},
		{"deep coordinates", collection(withGeometry(`{"type":"Polygon","coordinates":` + strings.Repeat("[", 1_000_000))), false, "deeper than 100"},
		{"endless string", `{"` + strings.Repeat("a", 2_000_000), false, "1 MB"},
		{"endless number", `{"a":` + strings.Repeat("1", 2_000_000), false, "1 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := readAll(tt.in)
			if err == nil || errors.Is(err, geojson.ErrNoFeatures) != tt.none || !strings.Contains(err.Error(), tt.why) || !strings.HasPrefix(err.Error(), "x.geojson: ") {
				t.Errorf("%.50q: %v; want %q, no features %v", tt.in, err, tt.why, tt.none)
			}
		})
	}
}

func TestBrokenReader(t *testing.T) {
	broken := errors.New("disk on fire")
	r, err := geojson.Read(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader(collection(withGeometry(square))))), "x")
	if err == nil {
		_, _, err = collect(r.Features())
	}
	if !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("timeout reported as %v", err)
	}
	if _, err := geojson.Read(iotest.ErrReader(broken), "x"); !errors.Is(err, broken) {
		t.Errorf("broken reader reported as %v", err)
	}
}

// A caller may stop, and keeps what it got.
func TestFeaturesStop(t *testing.T) {
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprintf(`{"type":"Feature","properties":{"n":%d},"geometry":{"type":"Point","coordinates":[%d,2]}}`, i, i%100))
	}
	r, err := geojson.Read(strings.NewReader(collection(many...)), "x")
	if err != nil {
		t.Fatal(err)
	}
	var kept []geo.Feature
	for f, err := range r.Features() {
		if err != nil {
			t.Fatal(err)
		}
		if kept = append(kept, f); len(kept) == 500 {
			break
		}
	}
	for i, f := range kept {
		if f.Geometry != (orb.Point{float64(i % 100), 2}) || f.Attr["n"] != float64(i) || f.Record != i+1 {
			t.Fatalf("feature %d became %v", i, f)
		}
	}
}
