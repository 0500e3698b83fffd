package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hazardmap/hazard/demo"
	"hazardmap/mbtiles/dataset"
	"hazardmap/tiles"
	"hazardmap/web"
)

// sampleSite serves the sample city; shapes is its file for planners.
func sampleSite(t *testing.T) (address, shapes string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "demo")
	if err := writeDemo(t.Context(), dir, func(string, int, int) {}); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := served(d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shown.Close() })
	handler, err := web.NewHandler(t.Context(), web.Options{Datasets: []*web.Dataset{shown}})
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(handler)
	t.Cleanup(site.Close)
	return site.URL, d.Shapes()
}

// TestGDALReadsTheSampleCity holds every collection, read by GDAL from the
// service, against what GDAL reads of the file itself, and a tile that GDAL reads
// by its address against what this program reads of it.
func TestGDALReadsTheSampleCity(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	site, shapes := sampleSite(t)
	var list struct{ Collections []struct{ ID string } }
	if err := json.Unmarshal(get(t, site+"/ogc/collections?f=json"), &list); err != nil || len(list.Collections) < 5 {
		t.Fatalf("collections %v: %v", list, err)
	}
	all := 0
	for _, c := range list.Collections {
		name := strings.TrimPrefix(c.ID, demo.Code+"-")
		layer := []string{strings.ReplaceAll(name, "-", "_")}
		if exec.Command("ogrinfo", "-ro", "-so", shapes, layer[0]).Run() != nil {
			layer = []string{"zones", "-where", "kind = '" + name + "'"}
		}
		got := ogrFeatures(t, "OAPIF:"+site+"/ogc", c.ID)
		if want := ogrFeatures(t, shapes, layer...); !slices.Equal(got, want) {
			t.Errorf("%s: GDAL reads %d features, of the file %d, or they differ", c.ID, len(got), len(want))
		}
		all += len(got)
	}
	if t.Logf("%d features in %d collections", all, len(list.Collections)); all < 2_000 {
		t.Errorf("the sample city has %d features only", all)
	}
	compareTile(t, site)
}

// compareTile counts the features of the topmost tile by layer and rank.
func compareTile(t *testing.T, site string) {
	t.Helper()
	var tileset struct {
		Links  []struct{ Rel, Href, Type string }
		Limits []struct {
			TileMatrix             string
			MinTileRow, MinTileCol int
		} `json:"tileMatrixSetLimits"`
	}
	if err := json.Unmarshal(get(t, site+"/ogc/tiles/"+demo.Code+"-flood?f=json"), &tileset); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(tileset.Links, func(l struct{ Rel, Href, Type string }) bool {
		return l.Rel == "item" && l.Type == "application/vnd.mapbox-vector-tile"
	})
	if i < 0 || len(tileset.Limits) == 0 {
		t.Fatalf("the tileset names no tiles: %+v", tileset)
	}
	top := tileset.Limits[0]
	address := strings.NewReplacer("{tileMatrix}", top.TileMatrix, "{tileRow}", fmt.Sprint(top.MinTileRow), "{tileCol}", fmt.Sprint(top.MinTileCol)).Replace(tileset.Links[i].Href)
	tile, err := tiles.Decode(get(t, address))
	if err != nil {
		t.Fatal(err)
	}
	features := 0
	for _, layer := range tile.Layers {
		want := map[string]int{}
		for _, f := range layer.Features {
			want[fmt.Sprint(f.Attr["rank"])]++
			features++
		}
		got := map[string]int{}
		for _, f := range ogrFeatures(t, "MVT:/vsicurl/"+address, layer.Name, "-oo", "CLIP=NO", "-t_srs", "EPSG:4326") {
			var one struct{ Properties struct{ Rank any } }
			if err := json.Unmarshal([]byte(f), &one); err != nil {
				t.Fatal(err)
			}
			got[fmt.Sprint(one.Properties.Rank)]++
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s %s: GDAL reads features by rank %v, this program %v", address, layer.Name, got, want)
		}
	}
	if features == 0 {
		t.Errorf("%s holds no feature", address)
	}
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s = %d: %v", address, answer.StatusCode, err)
	}
	return body
}

// ogrFeatures reads a layer through GDAL, every bit of the coordinates, in one
// order.
func ogrFeatures(t *testing.T, source string, layer ...string) []string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out.geojson")
	args := append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=17", "-lco", "RFC7946=NO", "-lco", "WRITE_NAME=NO", out, source}, layer...)
	if text, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil || strings.Contains(string(text), "ERROR") {
		t.Fatalf("ogr2ogr %v: %v: %s", args, err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var collection struct{ Features []map[string]any }
	if err := json.Unmarshal(data, &collection); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range collection.Features {
		delete(f, "id") // GDAL writes that of one driver and not of the other
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(text))
	}
	slices.Sort(list)
	return list
}
