//go:build !js

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/cmd/internal/importer"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard/demo"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web"
)

// demoPack fetches what a phone would of the sample city, from the server
// itself.
func demoPack(t *testing.T) map[string][]byte {
	t.Helper()
	d, err := dataset.Open(demoDataset(t))
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open(d.Places)
	if err != nil {
		t.Fatal(err)
	}
	b := d.Manifest.Bounds
	served := &web.Dataset{ID: d.Manifest.ID, Version: d.Version, Edition: d.Manifest.Edition,
		Bounds: orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}},
		Index:  d.Index, Places: places, RisksFile: d.Risks, PlacesFile: d.Places, Archives: map[string]web.Archive{}, Close: d.Close}
	for _, name := range d.Tilesets() {
		served.Archives[name], _ = d.Tileset(name)
	}
	site, err := web.NewHandler(t.Context(), web.Options{BaseURL: "https://map.example.jp", Datasets: []*web.Dataset{served}})
	if err != nil {
		t.Fatal(err)
	}
	var pack struct {
		Site  []byte
		Files []struct {
			Name   string
			Shards []struct{ URL string }
		}
	}
	if err := json.Unmarshal(get(t, site, "/offline/"+d.Manifest.ID+".json"), &pack); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"site": pack.Site}
	for _, f := range pack.Files {
		for _, shard := range f.Shards {
			files[f.Name] = append(files[f.Name], get(t, site, shard.URL)...)
		}
	}
	return files
}

func get(t *testing.T, site http.Handler, address string) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s = %d", address, w.Code)
	}
	return w.Body.Bytes()
}

// demoDataset writes the sample city.
func demoDataset(t *testing.T) string {
	t.Helper()
	sources := t.TempDir()
	for _, f := range demo.Generate().Files {
		if err := os.WriteFile(filepath.Join(sources, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gathered, err := importer.Gather(t.Context(), importer.Options{Area: demo.Code, Sources: []string{sources}, Edition: demo.Edition, CreatedWith: "test",
		Invented: &importer.Invented{Kana: demo.Kana, Romaji: demo.Romaji, Source: demo.Source()}})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "demo")
	if _, err := dataset.Build(t.Context(), out, gathered.Contents, nil); err != nil {
		t.Fatal(err)
	}
	return out
}
