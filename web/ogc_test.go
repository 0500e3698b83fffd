package web

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/geopackage"
)

const layerItems = "/ogc/collections/10204-flood-depth/items"

// plannedCity is the test city with zones for planners, and the file of them.
func plannedCity(t testing.TB) (*Dataset, string) {
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
	rng := rand.New(rand.NewPCG(11, 12))
	corner := func(west, south float64) orb.Polygon {
		side := 0.0001 + rng.Float64()*0.01
		return orb.Polygon{{{west, south}, {west + side, south}, {west, south + side}, {west, south}}}
	}
	do(w.Layer("zones", geopackage.MultiPolygon, geopackage.JGD2011, []geopackage.Column{{Name: "kind", Type: geopackage.Text}, {Name: "rank", Type: geopackage.Integer},
		{Name: "depth", Type: geopackage.Real}, {Name: "designated", Type: geopackage.Boolean}, {Name: "river", Type: geopackage.Text}}))
	for i := range 550 {
		shape := orb.MultiPolygon{corner(139.08+rng.Float64()*0.2, 36.24+rng.Float64()*0.2), corner(139.08+rng.Float64()*0.2, 36.24+rng.Float64()*0.2)}
		do(w.Add(int64(2*i+1), shape, "flood-depth", 1+i%6, float64(i%7)/2, i%3 == 0, []string{"利根川", "", `"広瀬川", <&>`}[i%3]))
	}
	do(w.Layer("shelters", geopackage.Point, geopackage.WGS84, []geopackage.Column{{Name: "name", Type: geopackage.Text}}))
	do(w.Add(1, orb.Point{139.2244, 36.274}, "中央小学校"))
	do(w.Close())
	d := testCity(t)
	d.Shapes, err = geopackage.Open(path)
	do(err)
	d.Close = d.Shapes.Close
	return d, path
}

func TestLayersOverHTTP(t *testing.T) {
	d, _ := plannedCity(t)
	s := testServer(t, Options{Datasets: []*Dataset{d}})
	for _, target := range []string{"/ogc", "/ogc/", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/10204-shelters", "/ogc/collections/10204-shelters/queryables",
		layerItems, layerItems + "?limit=3", layerItems + "/1", "/ogc/tiles", "/ogc/tiles/10204-flood", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets/WebMercatorQuad",
		fmt.Sprintf("/ogc/tiles/10204-flood/WebMercatorQuad/%d/%d/%d", smallTile.Z, smallTile.Y, smallTile.X)} {
		w := ask(s, "GET", target)
		if w.Code != http.StatusOK || w.Body.Len() == 0 || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s = %d %v", target, w.Code, w.Header())
		}
		head := ask(s, "HEAD", target)
		for _, name := range []string{"Content-Type", "Etag", "Content-Crs", "Cache-Control"} {
			if got, want := head.Header().Get(name), w.Header().Get(name); got != want {
				t.Errorf("HEAD %s: %s is %q, GET has %q", target, name, got, want)
			}
		}
		if head.Code != http.StatusOK || head.Body.Len() > 0 {
			t.Errorf("HEAD %s = %d with %d bytes", target, head.Code, head.Body.Len())
		}
		if again := ask(s, "GET", target, "If-None-Match", w.Header().Get("Etag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("GET %s again = %d with %d bytes", target, again.Code, again.Body.Len())
		}
		if post := ask(s, "POST", target); post.Code != http.StatusMethodNotAllowed || post.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s = %d, Allow %q", target, post.Code, post.Header().Get("Allow"))
		}
		packed := ask(s, "GET", target, "Accept-Encoding", "gzip")
		if packed.Header().Get("Content-Encoding") == "gzip" {
			if raw, err := gunzip(packed.Body.Bytes()); err != nil || string(raw) != w.Body.String() {
				t.Errorf("GET %s as gzip: %v", target, err)
			}
		} else if w.Body.Len() > compressFrom || packed.Body.String() != w.Body.String() {
			t.Errorf("GET %s is sent as it is", target)
		}
	}
}

func TestLayerFaults(t *testing.T) {
	d, _ := plannedCity(t)
	s := testServer(t, Options{Datasets: []*Dataset{d}})
	for target, want := range map[string]int{
		layerItems + "?x=1": 400, layerItems + "?bbox=%zz": 400, layerItems + "/2": 404, "/ogc/absent": 404, layerItems + "?cursor=00.1": 410,
		"/ogc/tiles/10204-flood/WebMercatorQuad/10/401/-1": 400, "/ogc/tiles/10204-flood/WebMercatorQuad/10/01/1": 400, "/ogc/tiles/10204-flood/WorldCRS84Quad/1/1/1": 404,
		"/ogc/tiles/absent/WebMercatorQuad/1/1/1": 404, "/ogc/tiles/10204-flood/WebMercatorQuad/14/0/0": 404,
		fmt.Sprintf("/ogc/tiles/10204-flood/WebMercatorQuad/%d/%d/%d", emptyTile.Z, emptyTile.Y, emptyTile.X): 204,
	} {
		w := ask(s, "GET", target)
		if w.Code != want || want >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("GET %s = %d %s, want %d", target, w.Code, w.Header().Get("Content-Type"), want)
		}
	}
	page := ask(s, "GET", layerItems, "Accept", "text/html")
	if policy := page.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy of a page: %q", policy)
	}
	if near := ask(s, "GET", layerItems+"?bbox=139,36,140,37"); !strings.HasPrefix(near.Header().Get("Cache-Control"), "private") {
		t.Errorf("a place may be kept by a shared cache: %q", near.Header().Get("Cache-Control"))
	}
}

// TestSwapInTheMiddleOfALayer reads a page while the dataset is replaced: it
// ends as it began, and the page after it is refused.
func TestSwapInTheMiddleOfALayer(t *testing.T) {
	d, _ := plannedCity(t)
	s := testServer(t, Options{Datasets: []*Dataset{d}})
	want := ask(s, "GET", layerItems+"?limit=10000").Body.String()
	r, err := http.NewRequest("GET", layerItems+"?limit=10000", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "localhost"
	rep, err := s.ogc(r, s.current.Load())
	if err != nil {
		t.Fatal(err)
	}
	var next struct{ Links []struct{ Rel, Href string } }
	if err := json.Unmarshal(ask(s, "GET", layerItems+"?limit=10").Body.Bytes(), &next); err != nil {
		t.Fatal(err)
	}
	newer, _ := plannedCity(t)
	newer.Version = "2a2a2a"
	set, err := openAll(t.Context(), []*Dataset{newer})
	if err != nil {
		t.Fatal(err)
	}
	s.swap(set)
	w := httptest.NewRecorder()
	if status, _ := rep.stream(w, r); status != http.StatusOK || w.Body.String() != want {
		t.Errorf("the page is %d and other than before", status)
	}
	last := next.Links[len(next.Links)-1]
	if after := ask(s, "GET", last.Href); last.Rel != "next" || after.Code != http.StatusGone {
		t.Errorf("the page %s after the swap = %d", last.Href, after.Code)
	}
}

// TestGDALReadsEveryFeature copies whole collections through GDAL's drivers and
// compares them with what GDAL reads of the file itself.
func TestGDALReadsEveryFeature(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	d, path := plannedCity(t)
	st := startSite(t, Options{Datasets: []*Dataset{d}})
	service := "OAPIF:http://" + st.address + "/ogc"
	if out, err := exec.Command("ogrinfo", "-so", service, "10204-shelters").CombinedOutput(); err != nil || !strings.Contains(string(out), "Feature Count: 1") || strings.Contains(string(out), "ERROR") {
		t.Fatalf("ogrinfo: %v: %s", err, out)
	}
	for collection, layer := range map[string]string{"10204-flood-depth": "zones", "10204-shelters": "shelters"} {
		got := gdalFeatures(t, service, collection, "-oo", "PAGE_SIZE=200")
		if want := gdalFeatures(t, path, layer); !reflect.DeepEqual(got, want) || len(want) == 0 {
			t.Errorf("%s: GDAL reads %d features, the file has %d, or they differ", collection, len(got), len(want))
		}
	}
	const box = "139.15 36.28 139.2 36.33"
	near := append([]string{"-spat"}, strings.Fields(box)...)
	got, want := gdalFeatures(t, service, "10204-flood-depth", near...), gdalFeatures(t, path, "zones", near...)
	if !reflect.DeepEqual(got, want) || len(want) == 0 {
		t.Errorf("in a box GDAL reads %d features, of the file %d", len(got), len(want))
	}
	if got := gdalFeatures(t, service, "10204-flood-depth", "-where", "rank >= 5"); len(got) != 182 {
		t.Errorf("of rank 5 and 6 GDAL reads %d", len(got))
	}
}

// gdalFeatures reads a layer through GDAL, every bit of the coordinates.
func gdalFeatures(t *testing.T, source, layer string, options ...string) []any {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.geojson")
	args := append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=17", "-lco", "RFC7946=NO", "-lco", "WRITE_NAME=NO", out, source, layer}, options...)
	if text, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil || strings.Contains(string(text), "ERROR") {
		t.Fatalf("ogr2ogr %v: %v: %s", args, err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var collection struct{ Features []any }
	if err := json.Unmarshal(data, &collection); err != nil {
		t.Fatal(err)
	}
	text := func(f any) string { return fmt.Sprint(f) }
	for _, f := range collection.Features {
		delete(f.(map[string]any), "id") // GDAL writes that of one driver and not of the other
	}
	// Of a box GDAL reads a file in the order of its R-tree.
	slices.SortFunc(collection.Features, func(a, b any) int { return strings.Compare(text(a), text(b)) })
	return collection.Features
}

// TestTilesetNamesItsTiles: the tile of the address that the tileset names is
// that of the standard's path.
func TestTilesetNamesItsTiles(t *testing.T) {
	s := testServer(t, Options{})
	var tileset struct {
		Links []struct{ Rel, Href, Type string }
	}
	if err := json.Unmarshal(ask(s, "GET", "/ogc/tiles/10204-flood").Body.Bytes(), &tileset); err != nil {
		t.Fatal(err)
	}
	address := ""
	for _, l := range tileset.Links {
		if l.Rel == "item" && l.Type == "application/vnd.mapbox-vector-tile" {
			address = l.Href
		}
	}
	address = strings.NewReplacer("{tileMatrix}", fmt.Sprint(smallTile.Z), "{tileRow}", fmt.Sprint(smallTile.Y), "{tileCol}", fmt.Sprint(smallTile.X)).Replace(address)
	byTemplate := ask(s, "GET", address)
	byPath := ask(s, "GET", fmt.Sprintf("/ogc/tiles/10204-flood/WebMercatorQuad/%d/%d/%d", smallTile.Z, smallTile.Y, smallTile.X))
	if byTemplate.Code != http.StatusOK || byTemplate.Body.String() != "small" || byPath.Body.String() != "small" {
		t.Errorf("GET %s = %d %q, by the path %d %q", address, byTemplate.Code, byTemplate.Body, byPath.Code, byPath.Body)
	}
}
