package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gorilla/mux"
)

var builtClient = fstest.MapFS{
	"dist.none.json":       {Data: []byte("{}")},
	"dist/manifest.json":   {Data: []byte(`{"src/main.ts":{"file":"main-1.js"},"src/map.ts":{"file":"map-2.js"}}`)},
	"dist/main-1.js":       {Data: []byte("plain")},
	"dist/main-1.js.br":    {Data: []byte("br")},
	"dist/main-1.js.gz":    {Data: []byte("gz")},
	"dist/map-2.js":        {Data: []byte("map")},
	"dist/sw.js":           {Data: []byte("worker")},
	"dist/farewell.js":     {Data: []byte("farewell")},
	"dist/notes.html":      {Data: []byte("no")},
	"dist/noto.woff2":      {Data: []byte("font")},
	"dist/.built":          {Data: []byte("")},
	"dist/sub/main-1.js":   {Data: []byte("no")},
	"dist/sub/hidden.conf": {Data: []byte("no")},
}

func TestOpenClient(t *testing.T) {
	built, err := openClient(builtClient)
	if err != nil || built.script != "/assets/main-1.js" {
		t.Errorf("built: script %q, %v", built.script, err)
	}
	empty, err := openClient(fstest.MapFS{"dist.none.json": {Data: []byte("{}")}})
	if err != nil || empty.script != "" {
		t.Errorf("not built: script %q, %v", empty.script, err)
	}
	if _, err := openClient(fstest.MapFS{"dist/manifest.json": {Data: []byte("{")}}); err == nil {
		t.Error("a cut-off manifest is taken")
	}
	if _, err := openClient(clientFiles); err != nil {
		t.Errorf("the embedded files: %v", err)
	}
}

func TestAssets(t *testing.T) {
	c, err := openClient(builtClient)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{client: c}
	tests := []struct {
		name, file, accept string
		status             int
		body, coding       string
	}{
		{"brotli first", "main-1.js", "gzip, deflate, br", 200, "br", "br"},
		{"gzip", "main-1.js", "gzip", 200, "gz", "gzip"},
		{"brotli forbidden", "main-1.js", "br;q=0, gzip", 200, "gz", "gzip"},
		{"plain", "main-1.js", "", 200, "plain", ""},
		{"not compressed by the build", "map-2.js", "br", 404, "", ""},
		{"no such file", "main-9.js", "", 404, "", ""},
		{"another type", "notes.html", "", 404, "", ""},
		{"a font is not compressed again", "noto.woff2", "br", 200, "font", ""},
		{"the manifest", "manifest.json", "", 404, "", ""},
		{"the service worker, which has an address of its own", "sw.js", "", 404, "", ""},
		{"the one that removes itself", "farewell.js", "", 404, "", ""},
		{"climbing out", "../dist.none.js", "", 404, "", ""},
		{"empty", "", "", 404, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/assets/x", nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			r = mux.SetURLVars(r, map[string]string{"file": tt.file})
			rep, err := s.asset(r, nil)
			status := rep.status
			if err != nil {
				status = problemOf(err).status
			}
			if status != tt.status || string(rep.body) != tt.body || rep.header["Content-Encoding"] != tt.coding {
				t.Errorf("asset(%q, %q) = %d %q %q, want %d %q %q", tt.file, tt.accept, status, rep.body, rep.header["Content-Encoding"], tt.status, tt.body, tt.coding)
			}
		})
	}
}

// TestClientIsSmall: what a page loads at once, and what the live map loads
// when it is asked for, in brotli.
func TestClientIsSmall(t *testing.T) {
	files, err := fs.Glob(clientFiles, "dist/*.br")
	if err != nil || len(files) == 0 {
		t.Skip("the client is not built: make client")
	}
	limits := map[string]int{"dist/main-": 15_000, "dist/map": 375_000}
	sizes := map[string]int{}
	for _, name := range files {
		body, err := fs.ReadFile(clientFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		for prefix := range limits {
			if strings.HasPrefix(name, prefix) {
				sizes[prefix] += len(body)
			}
		}
	}
	for prefix, limit := range limits {
		if sizes[prefix] == 0 || sizes[prefix] > limit {
			t.Errorf("%s*: %d bytes in brotli, want 1 to %d", prefix, sizes[prefix], limit)
		}
	}
}

// TestWorkerIsSmall: what a phone fetches to answer alone, in brotli.
func TestWorkerIsSmall(t *testing.T) {
	files, err := fs.Glob(clientFiles, "dist-worker/hazardmap-*.wasm.br")
	if err != nil || len(files) == 0 {
		t.Skip("the program of the phone is not built: make client")
	}
	body, err := fs.ReadFile(clientFiles, files[0])
	if err != nil {
		t.Fatal(err)
	}
	const limit = 900_000
	if len(body) > limit {
		t.Errorf("%s: %d bytes, want at most %d; cmd/hazardmap-wasm/build.mjs says what keeps it small", files[0], len(body), limit)
	}
}
