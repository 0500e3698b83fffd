package importer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hazardmap/geo/published"
	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"

	"github.com/google/go-cmp/cmp"
)

// numazu is a rough border around the published zones of 沼津市.
const numazu = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"N03_001":"静岡県","N03_003":null,"N03_004":"沼津市","N03_007":"22203"},
"geometry":{"type":"Polygon","coordinates":[[[138.7,34.9],[139.1,34.9],[139.1,35.3],[138.7,35.3],[138.7,34.9]]]}}]}`

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func gather(t *testing.T, opts Options) *Import {
	t.Helper()
	got, err := Gather(context.Background(), opts)
	if err != nil {
		t.Fatalf("Gather(%v): %v", opts.Sources, err)
	}
	return got
}

// TestPublishedFormats: the same zones of 沼津市, as GeoJSON, Shapefile, JPGIS
// and CityGML.
func TestPublishedFormats(t *testing.T) {
	border := write(t, "border.geojson", numazu)
	for _, name := range []string{
		"landslide/A33_numazu_523856.geojson.gz", "landslide/523856_lsld_6668_op.gml.gz",
		"ksj-format/A33-derived_22_SHP.zip", "ksj-format/A33-derived_22_GML.zip",
	} {
		t.Run(name, func(t *testing.T) {
			got := gather(t, Options{Area: "22203", Sources: []string{border, published.Path(t, name)}})
			count := map[[2]int]int{}
			for _, z := range got.Contents.Input.Zones {
				count[[2]int{int(z.Kind), int(z.Rank)}]++
			}
			want := map[[2]int]int{{int(hazard.LandslideSteep), 1}: 97, {int(hazard.LandslideSteep), 2}: 120, {int(hazard.LandslideDebris), 1}: 17}
			if diff := cmp.Diff(want, count); diff != "" {
				t.Errorf("zones by kind and rank: want -, got +:\n%s", diff)
			}
			coverage := got.Contents.Input.Coverage
			if len(coverage) != 1 || !coverage[0].Kinds.Has(hazard.LandslideSlide) || coverage[0].Kinds.Has(hazard.FloodDepth) {
				t.Errorf("coverage %+v: want that of the three landslides, of 地すべり too, which has no zone", coverage)
			}
		})
	}
}

func TestMunicipalityOutOfAPrefecture(t *testing.T) {
	sources := []string{
		published.Path(t, "boundaries/N03-2020_gunma_municipalities.tar.gz"),
		published.Path(t, "boundaries/N03-21_10_210101_s0010.geojson"),
		published.Path(t, "shelters/gsi-gunma-municipal.tar.gz"),
	}
	got := gather(t, Options{Area: "10204", Sources: sources})
	in := got.Contents.Input
	if in.Area.Name != "伊勢崎市" || vertices(in.Area.Boundary) != 2539 {
		t.Errorf("area %s of %d vertices, want 伊勢崎市 by the finer of two boundaries, of 2539", in.Area.Name, vertices(in.Area.Boundary))
	}
	for _, s := range got.Contents.Sources {
		if s.Read != s.Kept+s.Elsewhere+s.Refused {
			t.Errorf("%s (%s): read %d, kept %d, elsewhere %d, refused %d do not add up", s.File, s.Content, s.Read, s.Kept, s.Elsewhere, s.Refused)
		}
	}
	for _, s := range in.Shelters {
		if !strings.HasPrefix(s.ID, "E10204") {
			t.Errorf("shelter %s %s is of another city", s.ID, s.Name)
		}
	}
	if len(in.Shelters) < 149 {
		t.Errorf("%d shelters", len(in.Shelters))
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	border := write(t, "border.geojson", numazu)
	a, b := published.Path(t, "ksj-format/A33-derived_22_SHP.zip"), published.Path(t, "ksj-format/A31-derived_14_SHP.zip")
	one := gather(t, Options{Area: "22203", Sources: []string{border, a, b}})
	two := gather(t, Options{Area: "22203", Sources: []string{b, a, border, a}})
	if diff := cmp.Diff(one.Contents.Sources, two.Contents.Sources); diff != "" {
		t.Errorf("sources differ with their order: %s", diff)
	}
	if diff := cmp.Diff(one.Contents.Input.Zones, two.Contents.Input.Zones); diff != "" {
		t.Errorf("zones differ with the order of sources: %s", diff)
	}
}

func TestFaults(t *testing.T) {
	border := write(t, "border.geojson", numazu)
	slope := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"A33_001":"1","A33_002":"CODE","A33_003":"22"},"geometry":{"type":"Polygon","coordinates":[[[138.8,35],[138.81,35],[138.81,35.01],[138.8,35]]]}}]}`
	tests := []struct {
		name    string
		sources []string
		want    error
	}{
		{"no boundary", []string{write(t, "A33-24_22.geojson", strings.Replace(slope, "CODE", "1", 1))}, ErrNoBoundary},
		{"unreadable class", []string{border, write(t, "A33-24_22.geojson", strings.Replace(slope, "CODE", "9", 1))}, ErrBad},
		{"cut off", []string{border, write(t, "A33-24_22.geojson", strings.Replace(slope, "CODE", "1", 1)[:150])}, ErrBad},
		{"nothing inside", []string{border, write(t, "A33-24_22.geojson", `{"type":"FeatureCollection","features":[]}`)}, ErrBad},
		{"empty", []string{border, write(t, "a.csv", "")}, ErrBad},
		{"not there", []string{border, filepath.Join(t.TempDir(), "absent")}, ErrBad},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := Options{Area: "22203", Sources: tt.sources}
			if _, err := Gather(context.Background(), opts); !errors.Is(err, tt.want) {
				t.Fatalf("Gather(%v) = %v, want %v", tt.sources, err, tt.want)
			}
			if tt.want != ErrBad {
				return
			}
			opts.SkipBad = true
			got := gather(t, opts)
			refused := 0
			for _, s := range got.Contents.Sources {
				refused += s.Refused
			}
			if refused != 1 || len(got.Bad) != 1 {
				t.Errorf("with SkipBad %d refused, faults %v, want one of each", refused, got.Bad)
			}
		})
	}
}

func TestContacts(t *testing.T) {
	border := write(t, "border.geojson", numazu)
	desks := write(t, "desks.json", `[{"name":"危機管理課","phone":"000","hours":[{"lang":"en","text":"Mon"}]}]`)
	got := gather(t, Options{Area: "22203", Sources: []string{border, desks}})
	want := []dataset.Contact{{Name: "危機管理課", Phone: "000", Hours: []dataset.Hours{{Lang: "en", Text: "Mon"}}}}
	if diff := cmp.Diff(want, got.Contents.Contacts); diff != "" {
		t.Errorf("contacts: want -, got +:\n%s", diff)
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Gather(ctx, Options{Area: "22203", Sources: []string{write(t, "border.geojson", numazu)}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Gather after cancel = %v", err)
	}
}
