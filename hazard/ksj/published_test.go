package ksj

import (
	"compress/gzip"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
	"hazardmap/hazard"
)

// file is a published file, read whole.
type file struct {
	name, element string
	features      []geo.Feature
}

func readPublished(t *testing.T, path string) []file {
	t.Helper()
	r, err := os.Open(published.Path(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var in io.Reader = r
	name := filepath.Base(path)
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
		name = strings.TrimSuffix(name, ".gz")
	}
	reader, err := geojson.Read(in, name)
	if err != nil {
		t.Fatal(err)
	}
	f := file{name: name}
	for feature, err := range reader.Features() {
		if err != nil {
			t.Fatal(err)
		}
		f.features = append(f.features, feature)
	}
	return []file{f}
}

// zonesOf decodes all files of a path and fails where a record is refused.
func zonesOf(t *testing.T, path string) ([]hazard.Zone, *Decoder) {
	t.Helper()
	var zones []hazard.Zone
	var d *Decoder
	for _, f := range readPublished(t, path) {
		var err error
		d, err = Recognise(f.name, f.element, columnsOf(f.features[0].Attr), f.features[0].Attr)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		for _, feature := range f.features {
			z, err := d.Zones(feature)
			if err != nil {
				t.Errorf("%s: record %d: %v", f.name, feature.Record, err)
			}
			zones = append(zones, z...)
		}
	}
	return zones, d
}

func TestPublishedFlood(t *testing.T) {
	tests := []struct {
		path        string
		river, code string
		zones       int
		worst       uint8
		vertices    int // of the largest polygon
		rings       int
	}{
		{"flood/A31-20-21_1400210007.geojson.gz", "須雲川", "1400210007", 12, 3, 53, 1},
		{"flood/A31-20-21_1400190016.geojson.gz", "皆瀬川", "1400190016", 30, 3, 17, 1},
		{"flood/A31-20-21_1400120001.geojson.gz", "神戸川", "1400120001", 98, 2, 1360, 30},
		{"flood/A31-20-21_8303070024.geojson.gz", "串川", "8303070024", 667, 4, 639, 11},
		{"flood/A31-20-21_1400160001.geojson.gz", "葛川", "1400160001", 1099, 6, 2298, 64},
	}
	for _, tt := range tests {
		t.Run(tt.river, func(t *testing.T) {
			zones, d := zonesOf(t, tt.path)
			var worst uint8
			vertices, rings := 0, 0
			for _, z := range zones {
				if z.Kind != hazard.FloodDepth || z.Scenario != hazard.Max || z.River != tt.river || z.RiverCode != tt.code || z.Designated != "" {
					t.Fatalf("zone = %+v, want the largest depth of %s, without a date: its column holds one blank", z, tt.river)
				}
				worst = max(worst, z.Rank)
				n := 0
				for _, p := range z.Shape.(orb.MultiPolygon) {
					for _, ring := range p {
						n += len(ring)
					}
					rings = max(rings, len(p))
				}
				vertices = max(vertices, n)
			}
			if len(zones) != tt.zones || worst != tt.worst || vertices != tt.vertices || rings != tt.rings {
				t.Errorf("%d zones up to rank %d, largest of %d vertices and %d rings, want %d, %d, %d, %d",
					len(zones), worst, vertices, rings, tt.zones, tt.worst, tt.vertices, tt.rings)
			}
			if len(d.Notes()) != 0 {
				t.Errorf("Notes() = %v: rings that touch themselves are no repair", d.Notes())
			}
		})
	}
}

func TestPublishedIsesaki(t *testing.T) {
	tests := []struct {
		path string
		want map[uint8]int
	}{
		{"flood/A31b-20-23_10_10204.geojson.gz", map[uint8]int{1: 8755, 2: 7410, 3: 4645, 4: 1060, 5: 3}},
		{"flood/A31b-20-23_20_10204.geojson.gz", map[uint8]int{1: 1654, 2: 914, 3: 147, 4: 24}},
	}
	for _, tt := range tests {
		zones, d := zonesOf(t, tt.path)
		got := map[uint8]int{}
		for _, z := range zones {
			got[z.Rank]++
		}
		if !maps.Equal(got, tt.want) {
			t.Errorf("%s: zones per rank = %v, want %v", tt.path, got, tt.want)
		}
		want := hazard.Source{
			Title: "国土数値情報 洪水浸水想定区域データ（1次メッシュ単位）", Licence: "CC BY 4.0", Edition: "2023",
			Attribution: "「国土数値情報（洪水浸水想定区域データ（1次メッシュ単位））」（国土交通省）を加工して作成",
		}
		if diff := cmp.Diff(want, d.Source()); diff != "" {
			t.Errorf("Source(), want → got:\n%s", diff)
		}
	}
}

func TestPublishedLandslide(t *testing.T) {
	zones, _ := zonesOf(t, "landslide/A33_numazu_523856.geojson.gz")
	type class struct {
		kind hazard.Kind
		rank uint8
	}
	got := map[class]int{}
	numbers := map[string]int{}
	for _, z := range zones {
		got[class{z.Kind, z.Rank}]++
		numbers[z.Number]++
		if z.Flags != 0 || z.Designated == "" || z.Name == "" {
			t.Errorf("zone = %+v, want it designated, dated and named", z)
		}
	}
	want := map[class]int{{hazard.LandslideSteep, 1}: 97, {hazard.LandslideSteep, 2}: 120, {hazard.LandslideDebris, 1}: 17}
	if !maps.Equal(got, want) {
		t.Errorf("zones per class = %v, want %v", got, want)
	}
	if numbers["103-Ⅰ-0655"] == 0 {
		t.Error("the zone whose ring touches itself, 103-Ⅰ-0655, is gone")
	}
}

func TestPublishedBoundaries(t *testing.T) {
	f := readPublished(t, "boundaries/N03-2020_10204_isesaki.geojson")[0]
	b, err := RecogniseBoundaries(f.name, columnsOf(f.features[0].Attr), f.features[0].Attr)
	if err != nil {
		t.Fatal(err)
	}
	for _, feature := range f.features {
		if err := b.Add(feature); err != nil {
			t.Fatal(err)
		}
	}
	area, err := b.Area("10204")
	if err != nil || area.Name != "伊勢崎市" || len(area.Boundary) != 1 || len(area.Boundary[0]) != 2 {
		t.Fatalf("Area(10204) = %s, %d parts, %v, want 伊勢崎市 with one part and its hole", area.Name, len(area.Boundary), err)
	}
	enclave := area.Boundary[0][1][0]
	inEnclave, _ := planar.CentroidArea(area.Boundary[0][1])
	if planar.MultiPolygonContains(area.Boundary, inEnclave) || math.Abs(enclave[0]-139.262) > 0.01 || math.Abs(enclave[1]-36.244) > 0.01 {
		t.Errorf("the enclave at %v is not a hole in the city", enclave)
	}
}
