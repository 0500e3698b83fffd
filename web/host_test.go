package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestOrigin: the addresses that a response holds are ours, whatever the
// headers claim.
func TestOrigin(t *testing.T) {
	tests := []struct {
		name, base, host string
		header           []string
		want             string // the origin of the tile addresses; "" for a refusal
		cache            string
	}{
		{"localhost", "", "localhost:8080", nil, "http://localhost:8080", ownShort},
		{"loopback", "", "127.0.0.1:8080", nil, "http://127.0.0.1:8080", ownShort},
		{"loopback, IPv6", "", "[::1]:8080", nil, "http://[::1]:8080", ownShort},
		{"in capitals", "", "LOCALHOST", nil, "http://localhost", ownShort},
		{"a stranger", "", "evil.example", nil, "", noStore},
		{"a stranger with our name in front", "", "localhost.evil.example", nil, "", noStore},
		{"an address that is not ours", "", "192.0.2.1:8080", nil, "", noStore},
		{"a port that is none", "", "localhost:80a", nil, "", noStore},
		{"a quote", "", `localhost"`, nil, "", noStore},
		{"forwarded headers", "", "localhost", []string{"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "Forwarded", "host=evil.example"}, "http://localhost", ownShort},
		{"base URL", "https://map.example.jp", "evil.example", []string{"X-Forwarded-Host", "evil.example"}, "https://map.example.jp", shortLived},
		{"base URL with a slash", "https://map.example.jp/", "localhost", nil, "https://map.example.jp", shortLived},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := testServer(t, Options{BaseURL: tt.base})
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Host = tt.host
				s.ServeHTTP(w, r)
			})
			w := ask(h, "GET", "/tiles/flood.json", tt.header...)
			if w.Header().Get("Cache-Control") != tt.cache {
				t.Errorf("Cache-Control %q, want %q", w.Header().Get("Cache-Control"), tt.cache)
			}
			if tt.want == "" {
				if w.Code != http.StatusMisdirectedRequest && w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "evil") {
					t.Errorf("Host %q: %d %s", tt.host, w.Code, w.Body)
				}
				return
			}
			var got struct {
				Tiles []string `json:"tiles"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("%d: %v", w.Code, err)
			}
			if want := tt.want + "/tiles/flood/" + testVersion + "/{z}/{x}/{y}.mvt"; len(got.Tiles) != 1 || got.Tiles[0] != want {
				t.Errorf("tiles %q, want %q", got.Tiles, want)
			}
		})
	}
}

func TestBaseURLIsChecked(t *testing.T) {
	for _, base := range []string{"map.example.jp", "ftp://map.example.jp", "https://", "https://a/b", "https://a?x", "https://u@a", "https://a#b", "https://a b"} {
		if _, err := newOrigin(Options{BaseURL: base}); err == nil {
			t.Errorf("newOrigin took %q", base)
		}
	}
}

func TestTileJSON(t *testing.T) {
	first, second := testCity(t), testCity(t)
	second.ID, second.Version = "10205", "aaaa"
	s := testServer(t, Options{Datasets: []*Dataset{first, second}})
	tests := []struct {
		target  string
		status  int
		version string
	}{
		{"/tiles/flood.json", 200, testVersion},
		{"/tiles/10204/flood.json", 200, testVersion},
		{"/tiles/10205/flood.json", 200, "aaaa"},
		{"/tiles/10206/flood.json", 404, ""},
		{"/tiles/fire.json", 404, ""},
		{"/tiles/.json", 404, ""},
		{"/tiles/flood%2fx.json", 404, ""},
	}
	for _, tt := range tests {
		w := ask(s, "GET", tt.target)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.version) {
			t.Errorf("GET %s = %d %s, want %d with version %s", tt.target, w.Code, w.Body, tt.status, tt.version)
		}
	}
	w := ask(s, "GET", "/tiles/flood.json")
	var got struct {
		TileJSON    string            `json:"tilejson"`
		Attribution string            `json:"attribution"`
		Layers      []json.RawMessage `json:"vector_layers"`
		Bounds      [4]float64        `json:"bounds"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.TileJSON != "3.0.0" || got.Attribution != "国土数値情報" || len(got.Layers) != 1 || got.Bounds != [4]float64{139.08, 36.24, 139.30, 36.44} {
		t.Errorf("TileJSON %s", w.Body)
	}
}

func TestSampleIsMarked(t *testing.T) {
	d := testCity(t)
	d.Index = testIndex(t, true)
	w := ask(testServer(t, Options{Datasets: []*Dataset{d}}), "GET", "/tiles/flood.json")
	var got struct {
		Attribution string `json:"attribution"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || !strings.Contains(got.Attribution, "Sample data") || !strings.Contains(got.Attribution, "国土数値情報") {
		t.Errorf("attribution of an invented city %q, %v", got.Attribution, err)
	}
}
