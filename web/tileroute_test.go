package web

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// The tiles of the test city: one whose header and body fit one buffer, one
// that takes more, and a place inside the bounds without a tile.
var (
	smallTile = tiles.ID{Z: 10, X: 908, Y: 401}
	largeTile = tiles.ID{Z: 14, X: 14530, Y: 6410}
	emptyTile = tiles.ID{Z: 14, X: 14531, Y: 6410}
	farTile   = tiles.ID{Z: 14, X: 0, Y: 0}
)

const (
	testVersion = "1f0c5d"
	testTown    = "1020410063000" // 柴町 in the register; here it is one zone and nothing else
)

// testCity is a dataset of two tilesets. Its index answers that nothing is known.
func testCity(t testing.TB) *Dataset {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	flood := &shelf{
		meta: mbtiles.Metadata{Name: "flood", Format: "pbf", MinZoom: 6, MaxZoom: 14, Bounds: [4]float64{139.08, 36.24, 139.30, 36.44},
			Attribution: `<a href="https://example.org">国土数値情報</a>`, Layers: []tiles.VectorLayer{{ID: "flood-depth", MinZoom: 6, MaxZoom: 14, Fields: map[string]string{"rank": "Number"}}}},
		stored: []mbtiles.Stored{
			{ID: smallTile, Data: zipped(t, []byte("small")), Encoding: mbtiles.Gzip},
			{ID: largeTile, Data: zipped(t, noise(rng, 9000)), Encoding: mbtiles.Gzip},
		},
	}
	base := &shelf{
		meta:   mbtiles.Metadata{Name: "base", Format: "png", MinZoom: 10, MaxZoom: 10},
		stored: []mbtiles.Stored{{ID: smallTile, Data: []byte("\x89PNG picture")}},
	}
	return &Dataset{
		ID: "10204", Version: testVersion, Edition: "2026-04-01",
		Bounds:   orb.Bound{Min: orb.Point{139.08, 36.24}, Max: orb.Point{139.30, 36.44}},
		Index:    testIndex(t, false),
		Archives: map[string]Archive{"flood": flood, "base": base},
	}
}

func testIndex(t testing.TB, sample bool) *hazard.Index {
	t.Helper()
	return writeIndex(t, testInput(sample))
}

func testInput(sample bool) *hazard.Input {
	square := orb.MultiPolygon{{{{139.08, 36.24}, {139.30, 36.24}, {139.30, 36.44}, {139.08, 36.44}, {139.08, 36.24}}}}
	zone := orb.MultiPolygon{{{{139.18, 36.29}, {139.20, 36.29}, {139.20, 36.31}, {139.18, 36.31}, {139.18, 36.29}}}}
	return &hazard.Input{
		DatasetID: "10204",
		Area:      hazard.Area{Code: "10204", Name: "試験市", Romaji: "Shiken-shi", Boundary: square, Sample: sample},
		Sources:   []hazard.Source{{Title: "浸水想定", Attribution: "試験", Edition: "2026"}},
		Zones:     []hazard.Zone{{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, River: "広瀬川", Shape: zone}},
		Coverage:  []hazard.Coverage{{Kinds: hazard.KindSet(0).With(hazard.FloodDepth), Area: square}},
		Places:    []hazard.Place{{ID: testTown, Area: zone}},
		Shelters:  []hazard.Shelter{{ID: "1", Name: "中央小学校", Lon: 139.19, Lat: 36.30, Emergency: true, Suitable: 1}},
	}
}

func writeIndex(t testing.TB, in *hazard.Input) *hazard.Index {
	t.Helper()
	hazard.SortZones(in.Zones)
	var out bytes.Buffer
	if err := hazard.WriteIndex(t.Context(), &out, in); err != nil {
		t.Fatal(err)
	}
	index, err := hazard.OpenIndex(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func testServer(t testing.TB, opts Options) *server {
	t.Helper()
	if opts.Datasets == nil {
		opts.Datasets = []*Dataset{testCity(t)}
	}
	s, err := newServer(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends one request to a handler; headers are pairs.
func ask(h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	r.Host = "localhost"
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func tileAddress(id tiles.ID) string {
	return "/tiles/flood/" + testVersion + "/" + id.String() + ".mvt"
}

func TestTileStatus(t *testing.T) {
	s := testServer(t, Options{})
	const long, never = immutable, noStore
	tests := []struct {
		name, method, target string
		status               int
		cache                string
	}{
		{"a tile", "GET", tileAddress(smallTile), 200, long},
		{"a large tile", "GET", tileAddress(largeTile), 200, long},
		{"HEAD", "HEAD", tileAddress(largeTile), 200, long},
		{"a picture", "GET", "/tiles/base/" + testVersion + "/10/908/401.png", 200, long},
		{"empty inside the bounds", "GET", tileAddress(emptyTile), 204, long},
		{"empty, HEAD", "HEAD", tileAddress(emptyTile), 204, long},
		{"outside the bounds", "GET", tileAddress(farTile), 404, never},
		{"outside the tiles where bounds are not known", "GET", "/tiles/base/" + testVersion + "/10/909/401.png", 404, never},
		{"too shallow", "GET", "/tiles/flood/" + testVersion + "/5/28/12.mvt", 404, never},
		{"too deep", "GET", "/tiles/flood/" + testVersion + "/15/29060/12854.mvt", 404, never},
		{"unknown version", "GET", "/tiles/flood/0000/10/908/401.mvt", 404, never},
		{"unknown set", "GET", "/tiles/fire/" + testVersion + "/10/908/401.mvt", 404, never},
		{"another format", "GET", "/tiles/flood/" + testVersion + "/10/908/401.png", 404, never},
		{"no format", "GET", "/tiles/flood/" + testVersion + "/10/908/401", 404, never},
		{"two dots", "GET", "/tiles/flood/" + testVersion + "/10/908/401.mvt.gz", 404, never},
		{"z=-1", "GET", "/tiles/flood/" + testVersion + "/-1/0/0.mvt", 400, never},
		{"x=-1", "GET", "/tiles/flood/" + testVersion + "/10/-1/0.mvt", 400, never},
		{"x at 2^z", "GET", "/tiles/flood/" + testVersion + "/10/1024/0.mvt", 400, never},
		{"leading zero", "GET", "/tiles/flood/" + testVersion + "/10/0908/401.mvt", 400, never},
		{"NaN", "GET", "/tiles/flood/" + testVersion + "/10/NaN/401.mvt", 400, never},
		{"a query", "GET", tileAddress(smallTile) + "?v=2", 400, never},
		{"an empty query", "GET", tileAddress(smallTile) + "?", 400, never},
		{"an escaped digit", "GET", "/tiles/flood/" + testVersion + "/%310/908/401.mvt", 400, never},
		{"NUL", "GET", tileAddress(smallTile) + "%00", 404, never},
		{"NUL in a number", "GET", "/tiles/flood/" + testVersion + "/10/908%00/401.mvt", 400, never},
		{"CRLF", "GET", "/tiles/flood/" + testVersion + "/10/908/401%0d%0aX-A:1.mvt", 400, never},
		{"climbing out", "GET", "/tiles/flood/..%2f..%2fetc/10/908/401.mvt", 404, never},
		{"climbing out, plainly", "GET", "/tiles/flood/../../etc/passwd", 400, never},
		{"POST", "POST", tileAddress(smallTile), 405, never},
		{"DELETE", "DELETE", tileAddress(smallTile), 405, never},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(s, tt.method, tt.target, "Accept-Encoding", "gzip")
			if w.Code != tt.status || w.Header().Get("Cache-Control") != tt.cache {
				t.Errorf("%s %s = %d %q, want %d %q", tt.method, tt.target, w.Code, w.Header().Get("Cache-Control"), tt.status, tt.cache)
			}
			if tt.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow = %q", w.Header().Get("Allow"))
			}
			if tt.status >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("Content-Type of a fault = %q", w.Header().Get("Content-Type"))
			}
			if (tt.status == 204 || tt.method == "HEAD") && w.Body.Len() != 0 {
				t.Errorf("%d with a body of %d bytes", tt.status, w.Body.Len())
			}
		})
	}
}

func TestTileRepresentations(t *testing.T) {
	s := testServer(t, Options{})
	stored, hash, _ := s.current.Load().tilesets["flood/"+testVersion].pack.find(largeTile)
	raw, err := s.inflater.inflate(t.Context(), stored)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		accepts  string
		encoding string
		tag      string
		body     []byte
	}{
		{"gzip", "gzip", entityTag(hash, 'g'), stored},
		{"br, gzip;q=0.5", "gzip", entityTag(hash, 'g'), stored},
		{"", "", entityTag(hash, 'i'), raw},
		{"br", "", entityTag(hash, 'i'), raw},
		{"gzip;q=0", "", entityTag(hash, 'i'), raw},
	}
	for _, tt := range tests {
		t.Run("accepts "+tt.accepts, func(t *testing.T) {
			w := ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", tt.accepts)
			h := w.Header()
			if h.Get("Content-Encoding") != tt.encoding || h.Get("ETag") != tt.tag || h.Get("Vary") != "Accept-Encoding" || !bytes.Equal(w.Body.Bytes(), tt.body) {
				t.Errorf("encoding %q, tag %s, vary %q, %d bytes; want %q, %s, Accept-Encoding, %d bytes",
					h.Get("Content-Encoding"), h.Get("ETag"), h.Get("Vary"), w.Body.Len(), tt.encoding, tt.tag, len(tt.body))
			}
			if again := ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", tt.accepts, "If-None-Match", tt.tag); again.Code != 304 || again.Body.Len() != 0 ||
				again.Header().Get("ETag") != tt.tag || again.Header().Get("Vary") != "Accept-Encoding" || again.Header().Get("Cache-Control") != immutable {
				t.Errorf("with the tag: %d, %v", again.Code, again.Header())
			}
		})
	}
	if w := ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", "gzip", "If-None-Match", entityTag(hash, 'i')); w.Code != 200 {
		t.Errorf("the tag of another encoding: %d, want 200", w.Code)
	}
}

// TestTileAllocations keeps the hot path free of needless work: the response
// writer is a map and a counter, so only the handler's own allocations count.
func TestTileAllocations(t *testing.T) {
	s := testServer(t, Options{})
	s.current.Load().work.Wait() // the drawn maps are made ready beside
	_, hash, _ := s.current.Load().tilesets["flood/"+testVersion].pack.find(largeTile)
	tests := []struct {
		name   string
		header http.Header
		most   float64
	}{
		{"200", http.Header{"Accept-Encoding": {"gzip, deflate, br"}}, 5},
		{"304", http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {entityTag(hash, 'g')}}, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", tileAddress(largeTile), nil)
			r.Header = tt.header
			w := nullWriter{http.Header{}}
			if got := testing.AllocsPerRun(1000, func() {
				clear(w.header)
				s.ServeHTTP(w, r)
			}); got > tt.most {
				t.Errorf("%v allocations, want at most %v", got, tt.most)
			} else {
				t.Logf("%v allocations", got)
			}
		})
	}
}

type nullWriter struct{ header http.Header }

func (w nullWriter) Header() http.Header         { return w.header }
func (w nullWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w nullWriter) WriteHeader(int)             {}

// FuzzHandler: whatever is asked, the server neither fails nor panics. The test
// city has no gazetteer, so a search is answered 503.
func FuzzHandler(f *testing.F) {
	for _, target := range []string{"/", "/ja/", "/en/at/36.3,139.19", tileAddress(smallTile), "/tiles/flood.json", "/api/v1/risk?lat=36.3&lon=139.19",
		"/api/v1/risk?lat=-1&lon=NaN", "/api/v1/risk?lat=", "/api/v1/places?q=%ff", "/tiles/flood/x/-1/-1/-1.mvt", "/..%2f..%2fetc/passwd", "/%00", "/ja/search", "//", "/ja/place/"} {
		f.Add("GET", target, "gzip", "")
	}
	f.Add("POST", "/api/v1/risk", "application/json", `{"lat":36.3,"lon":139.19,"floor":-1}`)
	f.Add("POST", "/api/v1/risk", "application/json", `{"lat":NaN`)
	f.Add("POST", "/api/v1/risk", "application/x-www-form-urlencoded", "lat=36.3&lon=139.19&stocked=true")
	f.Add("POST", "/ja/search", "application/x-www-form-urlencoded", "q=372-0812")
	f.Add("PATCH", "/api/v1/risk", "*/*", "")
	site, err := NewHandler(f.Context(), Options{Datasets: []*Dataset{testCity(f)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, header, body string) {
		r, err := http.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
		if err != nil || r.URL.Host != "localhost" {
			return
		}
		r.Header.Set("Content-Type", header)
		r.Header.Set("Accept-Encoding", header)
		r.Header.Set("Accept-Language", header)
		r.Header.Set("If-None-Match", header)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Fatalf("%s %q with %q, %q = %d", method, target, header, body, w.Code)
		}
		if _, err := io.Copy(io.Discard, w.Result().Body); err != nil {
			t.Fatal(err)
		}
	})
}

// TestLookUpGoesToTheCityThatHoldsThePoint uses two datasets whose bounds overlap.
func TestLookUpGoesToTheCityThatHoldsThePoint(t *testing.T) {
	first := testCity(t)
	second := testCity(t)
	second.ID, second.Version = "10205", "aa"
	second.Bounds = orb.Bound{Min: orb.Point{139.0, 36.0}, Max: orb.Point{139.1, 36.3}}
	set := &openSet{datasets: []*served{{Dataset: second}, {Dataset: first}}}
	tests := []struct {
		name string
		at   geo.Point
		want string
	}{
		{"in one", geo.Point{Lon: 139.2, Lat: 36.3}, "10204"},
		{"in the bounds of one, the area of none", geo.Point{Lon: 139.01, Lat: 36.01}, "10205"},
		{"nowhere", geo.Point{Lon: 0, Lat: 0}, "10205"},
	}
	for _, tt := range tests {
		if got := set.at(tt.at); got.ID != tt.want {
			t.Errorf("%s: at(%v) = %s, want %s", tt.name, tt.at, got.ID, tt.want)
		}
	}
}
