package ksj

import (
	"errors"
	"maps"
	"math"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/geojson"
	"hazardmap/geo/gml"
	"hazardmap/geo/published"
	"hazardmap/geo/shapefile"
	"hazardmap/hazard"
)

// file is a published file, read whole.
type file struct {
	name, element string
	features      []geo.Feature
}

// readPublished reads the files in a path that hold features, as an import
// does: whatever they are packed in.
func readPublished(t *testing.T, path string) []file {
	t.Helper()
	var files []file
	err := archive.Walk(t.Context(), published.Path(t, path), func(m *archive.Member) error {
		f, err := readMember(m)
		if err == nil && len(f.features) > 0 {
			files = append(files, f)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readMember(m *archive.Member) (file, error) {
	f := file{name: m.Name}
	in, err := m.Open()
	if err != nil {
		return f, err
	}
	defer in.Close()
	var features geo.Features
	switch filepath.Ext(m.Name) {
	case ".geojson", ".json":
		r, err := geojson.Read(in, m.Name)
		if err != nil {
			return f, err
		}
		features = r.Features()
	case ".shp":
		dbf, _ := m.Sibling(".dbf")
		table, err := dbf.Open()
		if err != nil {
			return f, err
		}
		defer table.Close()
		r, err := shapefile.Read(in, table, m.Size, dbf.Size, m.Name, shapefile.Options{})
		if err != nil {
			return f, err
		}
		features = r.Features()
	case ".xml", ".gml":
		r, err := gml.Read(in, m.Name)
		if errors.Is(err, gml.ErrNoFeatures) { // KS-META
			return f, nil
		}
		if err != nil {
			return f, err
		}
		for feature, err := range r.Features() {
			if err != nil {
				return f, err
			}
			f.element = r.Element()
			f.features = append(f.features, feature)
		}
		return f, nil
	default:
		return f, nil
	}
	for feature, err := range features {
		if err != nil {
			return f, err
		}
		f.features = append(f.features, feature)
	}
	return f, nil
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

// One set of zones in four forms of file says the same in all of them.
func TestPublishedLandslide(t *testing.T) {
	type class struct {
		kind hazard.Kind
		rank uint8
	}
	want := map[class]int{{hazard.LandslideSteep, 1}: 97, {hazard.LandslideSteep, 2}: 120, {hazard.LandslideDebris, 1}: 17}
	tests := []struct {
		name, path string
		numbered   bool // the form holds the zones' numbers and dates
	}{
		{"GeoJSON", "landslide/A33_numazu_523856.geojson.gz", true},
		{"CityGML with height", "landslide/523856_lsld_6668_op.gml.gz", true},
		{"Shapefile in CP932 without .cpg", "ksj-format/A33-derived_22_SHP.zip", true},
		{"JPGIS beside its metadata", "ksj-format/A33-derived_22_GML.zip", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zones, d := zonesOf(t, tt.path)
			got := map[class]int{}
			touching := false
			square := 0.0
			for _, z := range zones {
				got[class{z.Kind, z.Rank}]++
				square += planar.Area(z.Shape)
				if z.Flags != 0 || z.Name == "" || (z.Designated == "") == tt.numbered {
					t.Errorf("zone = %+v, want it designated, named and dated", z)
				}
				// Ⅰ is no letter of plain Shift_JIS; this zone's ring touches itself.
				touching = touching || (z.Number == "103-Ⅰ-0655" && z.Name == "東本郷町")
			}
			if !maps.Equal(got, want) {
				t.Errorf("zones per class = %v, want %v", got, want)
			}
			if tt.numbered && !touching {
				t.Error("the zone whose ring touches itself, 103-Ⅰ-0655 東本郷町, is gone")
			}
			if len(d.Notes()) != 0 {
				t.Errorf("Notes() = %v, want nothing repaired", d.Notes())
			}
			if want := 2.29598e-4; math.Abs(square-want) > 1e-9 { // as GDAL measures the Shapefile
				t.Errorf("the zones cover %.6g square degrees, want %.6g", square, want)
			}
		})
	}
}

func TestPublishedContainers(t *testing.T) {
	tests := []struct {
		name, path string
		rivers     map[string]int
	}{
		{"A31 Shapefile in a folder", "ksj-format/A31-derived_14_SHP.zip", map[string]int{"千歳川": 234}},
		{"A31a in a folder named in CP932", "ksj-format/A31a-derived_14_20_GEOJSON.zip", map[string]int{"須雲川": 12, "皆瀬川": 30, "神戸川": 98}},
	}
	for _, tt := range tests {
		zones, _ := zonesOf(t, tt.path)
		got := map[string]int{}
		for _, z := range zones {
			got[z.River]++
			if z.Kind != hazard.FloodDepth || z.Scenario != hazard.Max || z.Rank < 1 || z.Rank > 3 || z.Designated != "" {
				t.Fatalf("%s: zone = %+v", tt.name, z)
			}
		}
		if !maps.Equal(got, tt.rivers) {
			t.Errorf("%s holds %v, want %v", tt.name, got, tt.rivers)
		}
	}
}

// Water bodies of PLATEAU carry the code of a list that is not at hand: they
// are unknown rather than guessed.
func TestPublishedUnknown(t *testing.T) {
	for _, path := range []string{
		"other-inundation/523855_tnm_6697_op.gml", "other-inundation/52385721_fld_6697_l1_op.gml.gz",
		"boundaries/prefectures_s0001.geojson.gz", "shelters/isesaki/102041_emergency.geojson",
	} {
		for _, f := range readPublished(t, path) {
			sample := f.features[0].Attr
			if _, err := Recognise(f.name, f.element, columnsOf(sample), sample); !errors.Is(err, ErrUnknown) {
				t.Errorf("Recognise(%s) = %v, want ErrUnknown", path, err)
			}
			if _, err := RecogniseBoundaries(f.name, columnsOf(sample), sample); !errors.Is(err, ErrUnknown) {
				t.Errorf("RecogniseBoundaries(%s) = %v, want ErrUnknown", path, err)
			}
		}
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

func TestPublishedMunicipalities(t *testing.T) {
	f := readPublished(t, "boundaries/N03-21_10_210101_s0010.geojson")[0]
	b, err := RecogniseBoundaries(f.name, columnsOf(f.features[0].Attr), f.features[0].Attr)
	if err != nil {
		t.Fatal(err)
	}
	for _, feature := range f.features {
		if err := b.Add(feature); err != nil {
			t.Errorf("record %d: %v", feature.Record, err)
		}
	}
	if codes := b.Codes(); len(codes) != 35 || codes[3] != "10204" {
		t.Errorf("Codes() = %v, want the 35 of Gunma", codes)
	}
	area, err := b.Area("10")
	if err != nil || area.Name != "群馬県" || len(area.Boundary) < 35 {
		t.Errorf("Area(10) = %s with %d parts, %v, want 群馬県", area.Name, len(area.Boundary), err)
	}
	if b.Source().Edition != "2021" {
		t.Errorf("Edition = %q, want 2021", b.Source().Edition)
	}
}
