package web

import (
	"strings"
	"testing"
	"testing/fstest"
)

var phoneClient = fstest.MapFS{
	"dist/manifest.json":        {Data: []byte(`{"src/main.ts":{"file":"main-1.js"}}`)},
	"dist/sw.js":                {Data: []byte("ours()")},
	"dist/farewell.js":          {Data: []byte("leave()")},
	"dist-worker/manifest.json": {Data: []byte(`{"hazardmap.wasm":{"file":"hazardmap-1.wasm"},"wasm_exec.js":{"file":"exec-1.js"}}`)},
	"dist-worker/exec-1.js":     {Data: []byte("exec()")},
}

// TestWorker: where phones may answer alone the worker holds the program's
// starter and alone may start programs; everywhere else it removes itself.
func TestWorker(t *testing.T) {
	unbuilt := fstest.MapFS{"dist.none.json": {Data: []byte("{}")}}
	unprogrammed := fstest.MapFS{"dist/manifest.json": phoneClient["dist/manifest.json"], "dist/farewell.js": phoneClient["dist/farewell.js"]}
	tests := []struct {
		name    string
		files   fstest.MapFS
		opts    Options
		address string
		body    string // "" for no such file
	}{
		{"offered", phoneClient, Options{}, "/sw.js", "const HAZARDMAP_EXEC = '/assets/exec-1.js';\nexec()\nours()"},
		{"a public terminal", phoneClient, Options{Kiosk: true}, "", "leave()"},
		{"switched off", phoneClient, Options{NoOffline: true}, "", "leave()"},
		{"no program built", unprogrammed, Options{}, "", "leave()"},
		{"nothing built", unbuilt, Options{}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := openClient(tt.files)
			if err != nil {
				t.Fatal(err)
			}
			s := &server{client: c, opts: tt.opts}
			if got := s.workerAddress(); got != tt.address {
				t.Errorf("pages register %q, want %q", got, tt.address)
			}
			rep, err := s.worker(nil, nil)
			if tt.body == "" {
				if problemOf(err).status != 404 {
					t.Errorf("the worker is answered with %v, want 404", err)
				}
				return
			}
			if err != nil || string(rep.body) != tt.body {
				t.Errorf("the worker is %q, %v, want %q", rep.body, err, tt.body)
			}
			if rep.header["Cache-Control"] != "no-cache" || !strings.Contains(rep.header["Content-Security-Policy"], "'wasm-unsafe-eval'") {
				t.Errorf("the worker is sent with %v", rep.header)
			}
		})
	}
}
