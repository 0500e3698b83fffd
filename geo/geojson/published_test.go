package geojson_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
)

// open opens a published file, unpacked.
func open(t testing.TB, name string) io.ReadCloser {
	t.Helper()
	f, err := os.Open(published.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if filepath.Ext(name) != ".gz" {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func readPublished(t testing.TB, name string) (*geojson.Reader, []geo.Feature) {
	t.Helper()
	r, err := geojson.Read(open(t, name), name)
	if err != nil {
		t.Fatal(err)
	}
	features, refused, err := collect(r.Features())
	if err != nil || len(refused) > 0 {
		t.Fatalf("%s: %v, %v", name, refused, err)
	}
	return r, features
}

// shapes counts what DATA.md section 11 says of a file of polygons.
type shapes struct{ features, touching, vertices, maxVertices, maxRings int }

func count(t *testing.T, features []geo.Feature) shapes {
	t.Helper()
	c := shapes{features: len(features)}
	for _, f := range features {
		polygon, ok := f.Geometry.(orb.Polygon)
		if !ok {
			t.Fatalf("record %d is a %T", f.Record, f.Geometry)
		}
		vertices, touches := 0, false
		for _, ring := range polygon {
			vertices += len(ring)
			touches = touches || touchesItself(ring)
		}
		if touches {
			c.touching++
		}
		c.vertices += vertices
		c.maxVertices = max(c.maxVertices, vertices)
		c.maxRings = max(c.maxRings, len(polygon))
	}
	return c
}

// touchesItself reports whether a ring comes to one vertex twice: the only
// fault of the published flood polygons.
func touchesItself(ring orb.Ring) bool {
	seen := make(map[orb.Point]bool, len(ring))
	for _, p := range ring[1:] {
		if seen[p] {
			return true
		}
		seen[p] = true
	}
	return false
}

func TestPublishedFlood(t *testing.T) {
	tests := []struct {
		file  string
		want  shapes // vertices 0: not published
		ranks string
	}{
		{"flood/A31-20-21_1400210007.geojson.gz", shapes{12, 0, 0, 53, 1}, "123"},
		{"flood/A31-20-21_1400190016.geojson.gz", shapes{30, 0, 0, 17, 1}, "123"},
		{"flood/A31-20-21_1400120001.geojson.gz", shapes{98, 6, 0, 1360, 30}, "12"},
		{"flood/A31-20-21_1400230001.geojson.gz", shapes{234, 4, 0, 1686, 68}, "123"},
		{"flood/A31-20-21_8303070024.geojson.gz", shapes{667, 13, 0, 639, 11}, "1234"},
		{"flood/A31-20-21_1400030001.geojson.gz", shapes{710, 33, 0, 6579, 183}, "123"},
		{"flood/A31-20-21_1400170001.geojson.gz", shapes{776, 11, 0, 534, 8}, "1234"},
		{"flood/A31-20-21_1400160001.geojson.gz", shapes{1099, 42, 0, 2298, 64}, "123456"},
		{"flood/A31-20-21_1400020001.geojson.gz", shapes{2014, 73, 0, 15099, 375}, "123"},
		{"flood/A31b-20-23_10_10204.geojson.gz", shapes{21873, 0, 366570, 39628, 3218}, "12345"},
		{"flood/A31b-20-23_20_10204.geojson.gz", shapes{2739, 0, 41242, 2855, 229}, "1234"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			r, features := readPublished(t, tt.file)
			got := count(t, features)
			if tt.want.vertices == 0 {
				got.vertices = 0
			}
			if got != tt.want || r.CRS() != geo.JGD2011 {
				t.Errorf("got %+v in %s, want %+v in EPSG:6668", got, r.CRS(), tt.want)
			}
			ranks := ""
			for _, rank := range "123456" {
				for _, f := range features {
					if code := f.Attr.Code("A31_205") + f.Attr.Code("A31b_201"); code == string(rank) {
						ranks += code
						break
					}
				}
			}
			if ranks != tt.ranks {
				t.Errorf("ranks %s, want %s", ranks, tt.ranks)
			}
		})
	}
}

func TestPublishedIsesakiRanks(t *testing.T) {
	for file, want := range map[string]map[string]int{
		"flood/A31b-20-23_10_10204.geojson.gz": {"1": 8755, "2": 7410, "3": 4645, "4": 1060, "5": 3},
		"flood/A31b-20-23_20_10204.geojson.gz": {"1": 1654, "2": 914, "3": 147, "4": 24},
	} {
		_, features := readPublished(t, file)
		got := map[string]int{}
		for _, f := range features {
			got[f.Attr.Code("A31b_201")]++
		}
		for rank, n := range want {
			if got[rank] != n {
				t.Errorf("%s: rank %s %d times, want %d", file, rank, got[rank], n)
			}
		}
	}
}

func TestPublishedLandslide(t *testing.T) {
	_, features := readPublished(t, "landslide/A33_numazu_523856.geojson.gz")
	got := count(t, features)
	if want := (shapes{234, 0, 6416, 144, 1}); got.features != want.features || got.vertices != want.vertices || got.maxVertices != want.maxVertices {
		t.Errorf("got %+v, want %+v", got, want)
	}
	kinds := map[string]int{}
	for _, f := range features {
		kinds[f.Attr.Code("A33_001")+","+f.Attr.Code("A33_002")]++
	}
	if kinds["1,1"] != 97 || kinds["1,2"] != 120 || kinds["2,1"] != 17 {
		t.Errorf("got %v, want 97, 120 and 17", kinds)
	}
	for _, f := range features {
		if f.Attr.Text("A33_004") == "103-Ⅰ-0655" && f.Attr.Text("A33_005") != "東本郷町" {
			t.Errorf("103-Ⅰ-0655 is %q, want 東本郷町", f.Attr.Text("A33_005"))
		}
	}
}

func TestPublishedOthers(t *testing.T) {
	tests := []struct {
		file     string
		features int
		column   string // in every feature
	}{
		{"shelters/isesaki/102041_emergency.geojson", 97, "共通ID"},
		{"shelters/isesaki/102041_evacuation.geojson", 149, "共通ID"},
		{"shelters/gsi_10000_gunma_prefecture.geojson.gz", 1753, "対応災害"},
		{"shelters/gsi-csv-original/42202_2.geojson", 270, "共通ID"},
		{"boundaries/N03-2020_10204_isesaki.geojson", 1, "name"},
		{"boundaries/prefectures_s0001.geojson.gz", 47, "N03_001"},
		{"boundaries/N03-21_10_210101_s0010.geojson", 35, "N03_007"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			r, features := readPublished(t, tt.file)
			if len(features) != tt.features {
				t.Errorf("%d features, want %d (crs %q)", len(features), tt.features, r.CRS())
			}
			for _, f := range features {
				if f.Attr.Text(tt.column) == "" {
					t.Fatalf("record %d has no %s: %v", f.Record, tt.column, f.Attr)
				}
			}
		})
	}
}

// Archives of many files: features, their vertices and the most of one.
func TestPublishedArchives(t *testing.T) {
	tests := []struct {
		path            string
		files, features int
		vertices, most  int // 0: not polygons
	}{
		{"ksj-format/A31a-derived_14_20_GEOJSON.zip", 3, 12 + 30 + 98, 0, 1360},
		{"boundaries/N03-2020_gunma_municipalities.tar.gz", 35, 37, 123_679, 8471},
		{"shelters/gsi-gunma-municipal.tar.gz", 70, 1750 + 1674, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			files, features, vertices, most := 0, 0, 0, 0
			err := archive.Walk(t.Context(), published.Path(t, tt.path), func(m *archive.Member) error {
				if !strings.HasSuffix(m.Name, "json") {
					return nil
				}
				text, err := m.Open()
				if err != nil {
					return err
				}
				defer text.Close()
				r, err := geojson.Read(text, m.Path)
				if err != nil {
					return err
				}
				files++
				for f, err := range r.Features() {
					if err != nil {
						return err
					}
					features++
					n := verticesOf(f.Geometry)
					vertices += n
					most = max(most, n)
				}
				return nil
			})
			if tt.vertices == 0 {
				vertices = 0
			}
			if tt.most == 0 {
				most = 0
			}
			if err != nil || files != tt.files || features != tt.features || vertices != tt.vertices || most != tt.most {
				t.Errorf("%d files, %d features, %d vertices, at most %d, %v; want %+v", files, features, vertices, most, err, tt)
			}
		})
	}
}

func verticesOf(g orb.Geometry) (n int) {
	switch g := g.(type) {
	case orb.Polygon:
		for _, ring := range g {
			n += len(ring)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			n += verticesOf(polygon)
		}
	}
	return n
}

// The boundary of Isesaki has a hole: an enclave south of the Tone.
func TestPublishedBoundary(t *testing.T) {
	_, features := readPublished(t, "boundaries/N03-2020_10204_isesaki.geojson")
	polygon := features[0].Geometry.(orb.Polygon)
	if len(polygon) != 2 || len(polygon[0])+len(polygon[1]) != 2539 || len(polygon[1]) != 18 {
		t.Errorf("%d rings, want 2539 points of which 18 in the hole", len(polygon))
	}
}

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"flood/A31b-20-23_10_10204.geojson.gz", "flood/A31-20-21_1400020001.geojson.gz"} {
		text, err := io.ReadAll(open(b, name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r, err := geojson.Read(bytes.NewReader(text), name)
				if err != nil {
					b.Fatal(err)
				}
				for _, err := range r.Features() {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
