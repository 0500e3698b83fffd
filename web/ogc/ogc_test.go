package ogc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/crs"
	"hazardmap/geo/geopackage"
	"hazardmap/geo/relate"
	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"
	"hazardmap/web/ogc"
)

const site, version = "http://localhost:8080", "1f0c5d"

func square(west, south, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {west + side, south}, {west + side, south + side}, {west, south + side}, {west, south}}}}
}

// triangle fills half of its box, so that a box alone decides nothing.
func triangle(west, south, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {west + side, south}, {west, south + side}, {west, south}}}}
}

// zone is what the test city holds.
type zone struct {
	kind, date, river string
	rank              any
	shape             orb.MultiPolygon
}

func zones() []zone {
	rng := rand.New(rand.NewPCG(7, 8))
	var all []zone
	for i := range 60 {
		all = append(all, zone{kind: "flood-depth", river: []string{"利根川", "広瀬川", ""}[i%3], rank: 1 + i%5,
			shape: triangle(139.1+rng.Float64()*0.2, 36.2+rng.Float64()*0.2, 0.001+rng.Float64()*0.05)})
	}
	for i := range 10 {
		all = append(all, zone{kind: "landslide-steep", date: fmt.Sprintf("20%02d-07-20", 10+i), shape: square(139.15, 36.25, 0.01*float64(i+1))})
	}
	all = append(all, zone{kind: "landslide-steep", date: "平成の頃", rank: 2}, zone{kind: "landslide-steep", rank: 1, shape: square(0, 0, 1)})
	return all
}

// city writes the test city and serves it.
func city(t testing.TB) *ogc.Service {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hazards.gpkg")
	w, err := geopackage.Create(path, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.Layer("zones", geopackage.MultiPolygon, geopackage.JGD2011, []geopackage.Column{{Name: "kind", Type: geopackage.Text}, {Name: "rank", Type: geopackage.Integer},
		{Name: "depth", Type: geopackage.Real}, {Name: "designated", Type: geopackage.Boolean}, {Name: "designated_on", Type: geopackage.Text}, {Name: "river", Type: geopackage.Text}}))
	for i, z := range zones() {
		do(w.Add(int64(i+1), z.shape, z.kind, z.rank, 3.0, i%2 == 0, z.date, z.river))
	}
	do(w.Layer("shelters", geopackage.Point, geopackage.WGS84, []geopackage.Column{{Name: "name", Type: geopackage.Text}}))
	do(w.Add(1, orb.Point{139.2244, 36.274}, `中央<小学校>"`))
	do(w.Close())
	f, err := geopackage.Open(path)
	do(err)
	t.Cleanup(func() { f.Close() })
	flood := ogc.Tileset{Name: "flood", Type: "application/vnd.mapbox-vector-tile", Vector: true, Tiles: "/tiles/flood/" + version + "/{z}/{x}/{y}.mvt",
		Limits: []ogc.Limit{{Zoom: 10, MinX: 908, MaxX: 908, MinY: 401, MaxY: 402}},
		Meta: mbtiles.Metadata{Name: "洪水", MinZoom: 10, MaxZoom: 10, Bounds: [4]float64{139.1, 36.2, 139.4, 36.5},
			Layers: []tiles.VectorLayer{{ID: "flood-depth", MinZoom: 10, MaxZoom: 10, Fields: map[string]string{"rank": "Number"}}}}}
	return ogc.New([]ogc.Dataset{{ID: "10204", Version: version, Edition: "2026", Area: hazard.Area{Name: "試験市", Romaji: "Shiken-shi"}, Shapes: f,
		Sourced: hazard.KindSet(0).With(hazard.FloodDepth).With(hazard.PondDepth), Sources: []hazard.Source{{Title: "浸水想定", Attribution: "出典：試験"}},
		Bounds: orb.Bound{Min: orb.Point{139, 36}, Max: orb.Point{140, 37}}, Tilesets: []ogc.Tileset{flood}}})
}

// ask answers a path with its query as the server would.
func ask(t testing.TB, s *ogc.Service, target string, accept ...string) (*ogc.Answer, []byte, error) {
	t.Helper()
	path, query, _ := strings.Cut(strings.TrimPrefix(target, site), "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Answer(context.Background(), ogc.Request{Path: path, Query: values, Base: site, Accept: accept, AcceptLanguage: "en"})
	if err != nil || a.Stream == nil {
		if a != nil {
			return a, a.Body, err
		}
		return nil, nil, err
	}
	var b bytes.Buffer
	if err := a.Stream(context.Background(), &b); err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	return a, b.Bytes(), nil
}

// features is a page as a client reads it.
type features struct {
	Type           string
	NumberMatched  int
	NumberReturned int
	Features       []struct {
		ID       int
		Geometry *struct {
			Type        string
			Coordinates json.RawMessage
		}
		Properties map[string]any
	}
	Links []struct{ Href, Rel, Type string }
}

func (f features) ids() []int {
	ids := []int{}
	for _, one := range f.Features {
		ids = append(ids, one.ID)
	}
	return ids
}

func (f features) link(rel string) string {
	for _, l := range f.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

func page(t testing.TB, s *ogc.Service, target string) features {
	t.Helper()
	_, body, err := ask(t, s, target)
	if err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	var f features
	if err := json.Unmarshal(body, &f); err != nil || f.Type != "FeatureCollection" || f.NumberReturned != len(f.Features) {
		t.Fatalf("GET %s: %v: %.300s", target, err, body)
	}
	return f
}

const floods, slides = "/ogc/collections/10204-flood-depth/items", "/ogc/collections/10204-landslide-steep/items"

// TestPagesAreTheWhole follows next from page to page: every feature once, in
// order, and the same number matched on each.
func TestPagesAreTheWhole(t *testing.T) {
	s := city(t)
	tests := []struct{ path, query, limit string }{
		{floods, "", "7"},
		{floods, "", "60"},
		{floods, "&river=利根川", "7"},
		{floods, "&bbox=139.1,36.2,139.2,36.3", "7"},
		{floods, "&filter=rank%3E2%20AND%20S_INTERSECTS(geom,BBOX(139.1,36.2,139.2,36.3))", "1"},
		{slides, "", "5"},
		{slides, "&datetime=2012-01-01/..", "2"},
	}
	for _, tt := range tests {
		whole := page(t, s, tt.path+"?limit=1000"+tt.query)
		var ids []int
		for next := tt.path + "?limit=" + tt.limit + tt.query; next != ""; {
			f := page(t, s, next)
			ids = append(ids, f.ids()...)
			if f.NumberMatched != len(whole.Features) {
				t.Errorf("%s: %d matched, there are %d", next, f.NumberMatched, len(whole.Features))
			}
			next = f.link("next")
		}
		if !slices.Equal(ids, whole.ids()) || len(ids) == 0 {
			t.Errorf("%v: pages hold %v, the whole %v", tt, ids, whole.ids())
		}
	}
}

// TestBoxIsExact holds random boxes, in every system, against the shapes one
// by one.
func TestBoxIsExact(t *testing.T) {
	s, rng := city(t), rand.New(rand.NewPCG(9, 10))
	hits := 0
	for range 60 {
		for _, system := range crs.All() {
			lower := orb.Point{139.1 + rng.Float64()*0.2, 36.2 + rng.Float64()*0.2}
			side := 0.0005 + rng.Float64()*rng.Float64()*0.1 // some so small that their border has no bend
			a1, a2 := system.Coordinates(lower)
			b1, b2 := system.Coordinates(orb.Point{lower[0] + side, lower[1] + side})
			area, err := system.Box([2]float64{a1, a2}, [2]float64{b1, b2})
			if err != nil {
				t.Fatal(err)
			}
			want := []int{}
			for i, z := range zones() {
				if z.kind == "flood-depth" && relate.Intersects(relate.Prepare(area), relate.Prepare(z.shape)) {
					want = append(want, i+1)
				}
			}
			target := floods + "?limit=1000&bbox=" + strings.Join([]string{number(a1), number(a2), number(b1), number(b2)}, ",") + "&bbox-crs=" + url.QueryEscape(system.URI)
			got := page(t, s, target)
			if !slices.Equal(got.ids(), want) || got.NumberMatched != len(want) {
				t.Fatalf("%s holds %v (%d matched), want %v", target, got.ids(), got.NumberMatched, want)
			}
			hits += len(want)
		}
	}
	if hits == 0 {
		t.Error("no box met a zone")
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func TestItems(t *testing.T) {
	s := city(t)
	tests := []struct {
		query   string
		matched int
	}{
		{slides, 12},
		{slides + "?limit=3", 12},
		{slides + "?limit=99999999", 12},
		{slides + "?designated_on=2012-07-20", 1},
		{slides + "?designated_on=2012-07-21", 0},
		{slides + "?datetime=2012-07-20T09:00:00Z", 3}, // and the two without a date
		{slides + "?datetime=2012-07-20", 3},
		{slides + "?datetime=2012-07-21T00:00:00Z/2014-07-20T00:00:00Z", 4},
		{slides + "?datetime=../2011-12-31", 4},
		{slides + "?datetime=/2011-12-31", 4},
		{slides + "?bbox=139.15,36.25,139.16,36.26", 11}, // and the one without a shape
		{slides + "?bbox=139.15,36.25,0,139.16,36.26,9", 11},
		{slides + "?bbox=139.26,36.36,139.3,36.4", 1},
		{slides + "?bbox=170,36,-170,37", 1},
		{slides + "?filter=designated_on%20%3E%20DATE('2015-01-01')", 5},
		{slides + "?filter=designated_on%20IS%20NULL", 2}, // a date that cannot be read is none
		{slides + "?filter=rank%20IS%20NULL%20AND%20designated%20%3D%20true", 5},
		{slides + "?filter=S_CONTAINS(geom,POINT(139.2%2036.3))&filter-lang=cql2-text", 5},
		{slides + "?filter=S_CONTAINS(geom,POINT(36.3%20139.2))&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326", 5},
		{slides + "?filter=S_DISJOINT(geom,BBOX(139,36,140,37))", 1},
		{floods + "?river=利根川", 20},
		{floods + "?river=利根川&rank=1", 4},
		{floods + "?depth=3&designated=true", 30},
		{floods + "?filter=river%20LIKE%20'%25川'%20AND%20NOT%20rank%20IN%20(1,2)", 24},
		{floods + "?filter=rank=1&bbox=139,36,140,37&rank=1", 12},
		{floods + "?filter=rank=1&rank=2", 0},
		{"/ogc/collections/10204-pond-depth/items", 0}, // surveyed, and none is designated
		{"/ogc/collections/10204-shelters/items", 1},
	}
	for _, tt := range tests {
		if got := page(t, s, tt.query); got.NumberMatched != tt.matched {
			t.Errorf("%s: %d matched %v, want %d", tt.query, got.NumberMatched, got.ids(), tt.matched)
		}
	}
}

// TestAxes writes one shelter in every system.
func TestAxes(t *testing.T) {
	s := city(t)
	tests := map[string]string{
		"":              "[139.2244,36.274]",
		crs.CRS84().URI: "[139.2244,36.274]",
		"http://www.opengis.net/def/crs/EPSG/0/4326": "[36.274,139.2244]",
		"http://www.opengis.net/def/crs/EPSG/0/6668": "[36.274,139.2244]",
		"http://www.opengis.net/def/crs/EPSG/0/3857": "[15498389.3140,4338389.1432]",
		"http://www.opengis.net/def/crs/EPSG/0/6677": "[30572.4271,-54707.9632]",
	}
	for uri, want := range tests {
		target := "/ogc/collections/10204-shelters/items"
		if uri == "" {
			uri = crs.CRS84().URI
		} else {
			target += "?crs=" + uri
		}
		a, body, err := ask(t, s, target)
		if err != nil || !strings.Contains(string(body), `"coordinates":`+want) || a.Header["Content-Crs"] != "<"+uri+">" {
			t.Errorf("GET %s: %v, %v: %.400s, want %s", target, err, a.Header, body, want)
		}
		a, body, err = ask(t, s, strings.Replace(target, "/items", "/items/1", 1))
		if err != nil || !strings.Contains(string(body), `"coordinates":`+want) || a.Header["Content-Crs"] != "<"+uri+">" {
			t.Errorf("one feature of %s: %v: %.400s, want %s", target, err, body, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	s := city(t)
	tests := map[string]int{
		"/ogc?x=1": 400, "/ogc/conformance?limit=1": 400, "/ogc/collections?bbox=1,2,3,4": 400, "/ogc?f=xml": 400, "/ogc?lang=xx": 400,
		"/ogc/nowhere": 404, "/ogc/collections/absent": 404, "/ogc/collections/absent/items": 404, "/ogc/collections/10204-shelters/absent": 404,
		slides + "/0": 404, slides + "/1": 404, slides + "/99": 404, slides + "/x": 404, slides + "/061": 404, slides + "/61/x": 404, slides + "/61?bbox=1,2,3,4": 400,
		slides + "?limit=0": 400, slides + "?limit=-1": 400, slides + "?limit=x": 400, slides + "?limit=1&limit=2": 400, slides + "?limit=": 400,
		slides + "?bbox=1,2,3": 400, slides + "?bbox=1,2,3,NaN": 400, slides + "?bbox=1,2,3,x": 400, slides + "?bbox=36,139,37,140": 400, slides + "?bbox=139,37,140,36": 400,
		slides + "?crs=EPSG:4326": 400, slides + "?bbox-crs=x": 400, slides + "?filter-crs=x&filter=TRUE": 400, slides + "?filter-lang=cql2-json&filter=TRUE": 400,
		slides + "?filter=": 400, slides + "?filter=absent=1": 400, slides + "?filter=1=1;DROP TABLE zones": 400, slides + "?filter=rank='1'": 400,
		slides + "?datetime=x": 400, slides + "?datetime=2020-01-01/2019-01-01": 400, slides + "?datetime=../..": 400, slides + "?datetime=2020-01-01/2021-01-01/2022-01-01": 400,
		slides + "?rank=x": 400, slides + "?rank=NaN": 400, slides + "?designated=1": 400, slides + "?designated_on=x": 400, slides + "?geom=x": 400, slides + "?fid=1": 400,
		slides + "?cursor=x": 400, slides + "?cursor=" + version + ".-1": 400, slides + "?cursor=0a0a0a.5": 410,
		"/ogc/tiles/absent": 404, "/ogc/tileMatrixSets/WorldCRS84Quad": 404,
	}
	for target, want := range tests {
		_, body, err := ask(t, s, strings.ReplaceAll(target, ";", "%3B"))
		var fault *ogc.Fault
		if !errors.As(err, &fault) || fault.Status != want {
			t.Errorf("GET %s: %v, %.200s, want %d", target, err, body, want)
		}
	}
}

// TestChangesWithEverything: two answers that differ have two tags.
func TestChangesWithEverything(t *testing.T) {
	s := city(t)
	seen := map[string]string{}
	for _, target := range []string{"/ogc", "/ogc?f=html", "/ogc?lang=ja", floods, floods + "?limit=1", floods + "?limit=2", slides} {
		a, _, err := ask(t, s, target)
		if err != nil {
			t.Fatal(err)
		}
		if other := seen[a.Tag]; other != "" {
			t.Errorf("%s and %s share the tag %s", target, other, a.Tag)
		}
		seen[a.Tag] = target
		if again, _, _ := ask(t, s, target); again.Tag != a.Tag {
			t.Errorf("%s changes its tag", target)
		}
	}
}

func TestForPeople(t *testing.T) {
	s := city(t)
	browser := "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	for _, path := range []string{"", "/conformance", "/api", "/collections", "/collections/10204-flood-depth", "/collections/10204-flood-depth/queryables",
		"/collections/10204-flood-depth/items?limit=1", "/collections/10204-shelters/items/1", "/collections/10204-landslide-steep/items/71", "/tiles", "/tiles/10204-flood", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad"} {
		a, body, err := ask(t, s, "/ogc"+path, browser)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		text := string(body)
		if !strings.HasPrefix(a.Type, "text/html") || !strings.Contains(text, "<h1>") || strings.Contains(text, "<script") || strings.Contains(text, "<小学校>") || strings.Contains(text, "style=") {
			t.Errorf("%s: %s %.2000s", path, a.Type, text)
		}
		if a, _, _ := ask(t, s, "/ogc"+path, "application/json, text/html;q=0.5"); strings.HasPrefix(a.Type, "text/html") {
			t.Errorf("%s: a program gets %s", path, a.Type)
		}
	}
}

// schema is the part of JSON Schema that the checks below need.
type schema struct {
	Type       string
	Const      any
	Required   []string
	Properties map[string]schema
	Items      *schema
	MinItems   int
}

func (sc schema) fault(where string, v any) string {
	kind := map[string]bool{}
	switch v := v.(type) {
	case string:
		kind["string"] = true
	case float64:
		kind["number"], kind["integer"] = true, v == float64(int64(v))
	case bool:
		kind["boolean"] = true
	case []any:
		kind["array"] = true
		if len(v) < sc.MinItems {
			return fmt.Sprintf("%s has %d items, want %d", where, len(v), sc.MinItems)
		}
		for i, one := range v {
			if sc.Items != nil {
				if fault := sc.Items.fault(fmt.Sprintf("%s[%d]", where, i), one); fault != "" {
					return fault
				}
			}
		}
	case map[string]any:
		kind["object"] = true
		for _, name := range sc.Required {
			if _, ok := v[name]; !ok {
				return where + " lacks " + name
			}
		}
		for name, property := range sc.Properties {
			if one, ok := v[name]; ok {
				if fault := property.fault(where+"."+name, one); fault != "" {
					return fault
				}
			}
		}
	}
	if sc.Type != "" && !kind[sc.Type] || sc.Const != nil && sc.Const != v {
		return fmt.Sprintf("%s is %v, want %s %v", where, v, sc.Type, sc.Const)
	}
	return ""
}

// TestSchemas holds the documents against what the standards demand of them.
func TestSchemas(t *testing.T) {
	s := city(t)
	text := schema{Type: "string"}
	texts := schema{Type: "array", Items: &text, MinItems: 1}
	links := schema{Type: "array", MinItems: 1, Items: &schema{Type: "object", Required: []string{"href", "rel"}, Properties: map[string]schema{"href": text, "rel": text, "type": text}}}
	number := schema{Type: "number"}
	bbox := schema{Type: "array", MinItems: 1, Items: &schema{Type: "array", MinItems: 4, Items: &number}}
	collection := schema{Type: "object", Required: []string{"id", "links", "crs", "storageCrs", "itemType"}, Properties: map[string]schema{
		"id": text, "title": text, "links": links, "crs": texts, "itemType": {Const: "feature"},
		"extent": {Type: "object", Properties: map[string]schema{"spatial": {Type: "object", Required: []string{"bbox"}, Properties: map[string]schema{"bbox": bbox}}}}}}
	feature := schema{Type: "object", Required: []string{"type", "id", "geometry", "properties"}, Properties: map[string]schema{
		"type": {Const: "Feature"}, "id": {Type: "integer"}, "properties": {Type: "object"}}}
	tests := map[string]schema{
		"/ogc":                               {Type: "object", Required: []string{"links", "title"}, Properties: map[string]schema{"links": links}},
		"/ogc/conformance":                   {Type: "object", Required: []string{"conformsTo"}, Properties: map[string]schema{"conformsTo": texts}},
		"/ogc/collections":                   {Type: "object", Required: []string{"links", "collections"}, Properties: map[string]schema{"links": links, "collections": {Type: "array", MinItems: 4, Items: &collection}}},
		"/ogc/collections/10204-flood-depth": collection,
		slides:                               {Type: "object", Required: []string{"type", "features", "links", "numberMatched", "numberReturned"}, Properties: map[string]schema{"type": {Const: "FeatureCollection"}, "links": links, "features": {Type: "array", MinItems: 12, Items: &feature}, "numberMatched": {Type: "integer"}, "numberReturned": {Type: "integer"}}},
		slides + "/61":                       feature,
		"/ogc/collections/10204-shelters/queryables": {Type: "object", Required: []string{"$schema", "$id", "type", "properties"}, Properties: map[string]schema{"type": {Const: "object"}, "properties": {Type: "object", Required: []string{"geom", "name"}}}},
		"/ogc/tiles":                          {Type: "object", Required: []string{"links", "tilesets"}, Properties: map[string]schema{"tilesets": {Type: "array", MinItems: 1, Items: &schema{Type: "object", Required: []string{"dataType", "crs", "tileMatrixSetURI", "links"}, Properties: map[string]schema{"links": links}}}}},
		"/ogc/tiles/10204-flood":              {Type: "object", Required: []string{"dataType", "crs", "tileMatrixSetURI", "links", "boundingBox", "tileMatrixSetLimits"}, Properties: map[string]schema{"links": links}},
		"/ogc/tileMatrixSets":                 {Type: "object", Required: []string{"tileMatrixSets"}},
		"/ogc/tileMatrixSets/WebMercatorQuad": {Type: "object", Required: []string{"id", "crs", "tileMatrices"}, Properties: map[string]schema{"tileMatrices": {Type: "array", MinItems: 15, Items: &schema{Type: "object", Required: []string{"id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"}}}}},
	}
	for target, want := range tests {
		_, body, err := ask(t, s, target)
		var document any
		if err == nil {
			err = json.Unmarshal(body, &document)
		}
		if err != nil {
			t.Errorf("GET %s: %v", target, err)
		} else if fault := want.fault("answer", document); fault != "" {
			t.Errorf("GET %s: %s", target, fault)
		}
	}
}

// TestEveryLinkLeadsSomewhere follows all links from the landing page on.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	s := city(t)
	seen := map[string]bool{}
	todo := []string{site + "/ogc"}
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if href, ok := v["href"].(string); ok && strings.HasPrefix(href, site+"/ogc") && !seen[href] {
				seen[href] = true
				todo = append(todo, href)
			}
			for _, one := range v {
				collect(one)
			}
		case []any:
			for _, one := range v {
				collect(one)
			}
		}
	}
	for len(todo) > 0 {
		target := todo[0]
		todo = todo[1:]
		a, body, err := ask(t, s, target)
		if err != nil {
			t.Errorf("GET %s: %v", target, err)
			continue
		}
		var document any
		if !strings.HasPrefix(a.Type, "text/html") {
			if err := json.Unmarshal(body, &document); err != nil {
				t.Errorf("GET %s: %v", target, err)
			}
			collect(document)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d links were found", len(seen))
	}
}

// TestAPIDescribesWhatIsAnswered asks every path of the OpenAPI document that
// has no placeholder, and each parameter of a page of features.
func TestAPIDescribesWhatIsAnswered(t *testing.T) {
	s := city(t)
	_, body, err := ask(t, s, "/ogc/api")
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]struct {
			Get struct {
				Parameters []map[string]any
			}
		}
		Components struct{ Parameters map[string]any }
	}
	if err := json.Unmarshal(body, &api); err != nil || api.OpenAPI != "3.0.3" || api.Servers[0].URL != site+"/ogc" {
		t.Fatalf("%v: %.300s", err, body)
	}
	for path, item := range api.Paths {
		for _, p := range item.Get.Parameters {
			if ref, ok := p["$ref"].(string); ok && api.Components.Parameters[strings.TrimPrefix(ref, "#/components/parameters/")] == nil {
				t.Errorf("%s: nothing at %s", path, ref)
			}
		}
		if strings.Contains(path, "{") {
			continue
		}
		if _, _, err := ask(t, s, "/ogc"+path); err != nil {
			t.Errorf("GET /ogc%s: %v", path, err)
		}
	}
}
