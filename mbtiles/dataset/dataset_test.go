package dataset_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"
	"hazardmap/tiles"

	"github.com/paulmach/orb"
)

// at is a position in thousandths of a degree from the corner of the city.
func at(x, y float64) orb.Point { return orb.Point{139 + x/1000, 36 + y/1000} }

func square(west, south, east, north float64) orb.Polygon {
	return orb.Polygon{{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}}
}

// contents is a small city: two depths side by side, a slope, a line, a shelter.
func contents() dataset.Contents {
	cite := hazard.Source{Title: "見本", Attribution: "出典：<見本>", Licence: "CC BY 4.0", Edition: "2024"}
	deep := orb.MultiPolygon{append(square(0, 0, 2, 10), square(0.5, 2, 1, 3)[0])}
	in := &hazard.Input{
		DatasetID: "10999",
		Area:      hazard.Area{Code: "10999", Name: "見本市", Boundary: orb.MultiPolygon{square(0, 0, 10, 10)}},
		Sources:   []hazard.Source{cite},
		Zones: []hazard.Zone{
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, River: "見本川", Shape: deep},
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 2, River: "見本川", Shape: orb.MultiPolygon{square(2, 0, 5, 10)}},
			{Kind: hazard.LandslideSteep, Rank: hazard.RankUnknown, Name: "見本の沢", Shape: orb.MultiPolygon{square(6, 6, 6.1, 6.1)}},
			{Kind: hazard.LandslideDebris, Rank: 1, Flags: hazard.LineOnly, Shape: orb.MultiLineString{{at(7, 7), at(8, 8)}}},
		},
		Shelters: []hazard.Shelter{{ID: "E1", Name: "見本小", Lon: 139.003, Lat: 36.005, Emergency: true, Suitable: 1}},
	}
	kinds := hazard.KindSet(0).With(hazard.FloodDepth).With(hazard.LandslideSteep).With(hazard.LandslideDebris).With(hazard.LandslideSlide)
	in.Coverage = []hazard.Coverage{{Kinds: kinds, Area: in.Area.Boundary}}
	hazard.SortZones(in.Zones)
	return dataset.Contents{
		Input: in, Edition: "2024", CreatedWith: "test",
		Sources: []dataset.Source{{File: "a.geojson", SHA256: strings.Repeat("0", 64), Content: "hazard zones", Title: cite.Title, Attribution: cite.Attribution, Licence: cite.Licence, Edition: cite.Edition, Read: 4, Kept: 4}},
		Base:    []tiles.Feature{{Layer: "river", Geometry: orb.LineString{at(1, 0), at(1, 10)}, Attr: map[string]any{"name": "見本川"}, MinZoom: 6}},
	}
}

func build(t *testing.T, out string, c dataset.Contents) dataset.Report {
	t.Helper()
	report, err := dataset.Build(context.Background(), out, c, nil)
	if err != nil {
		t.Fatalf("Build(%s): %v", out, err)
	}
	return report
}

func TestBuildAndOpen(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	report := build(t, out, contents())
	d, err := dataset.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if d.Version != report.Version || len(d.Version) != 64 {
		t.Errorf("version %q, the report says %q", d.Version, report.Version)
	}
	if got := strings.Join(d.Tilesets(), " "); got != "base flood landslide" {
		t.Errorf("tilesets: %s", got)
	}
	if _, ok := d.Tileset("tsunami"); ok {
		t.Error("there is a tileset of tsunamis")
	}
	answer := d.Index.Answer(geo.Point{Lon: 139.001, Lat: 36.005}, hazard.Home{})
	if f := answer.Findings[0]; f.Status != hazard.Inside || f.Rank != 3 {
		t.Errorf("answer in the deep water: %+v", f)
	}
	want := map[string]dataset.Coverage{
		"flood-depth":     {Kind: "flood-depth", Surveyed: true, Zones: 2, InArea: 2},
		"landslide-slide": {Kind: "landslide-slide", Surveyed: true},
		"flood-duration":  {Kind: "flood-duration"},
	}
	for _, c := range d.Manifest.Coverage {
		if w, ok := want[c.Kind]; ok && c != w {
			t.Errorf("coverage %+v, want %+v", c, w)
		}
	}
	if len(d.Manifest.Samples) < 20 {
		t.Errorf("only %d samples", len(d.Manifest.Samples))
	}
}

func TestSameInputSameBytes(t *testing.T) {
	dir := t.TempDir()
	before := runtime.GOMAXPROCS(1)
	build(t, filepath.Join(dir, "a"), contents())
	runtime.GOMAXPROCS(max(before, 4))
	build(t, filepath.Join(dir, "b"), contents())
	runtime.GOMAXPROCS(before)
	entries, err := os.ReadDir(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		a, errA := os.ReadFile(filepath.Join(dir, "a", e.Name()))
		b, errB := os.ReadFile(filepath.Join(dir, "b", e.Name()))
		if err := errors.Join(errA, errB); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs between one and several workers", e.Name())
		}
	}
}

func TestVerifyFindsEveryFlippedByte(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "mihon")
	build(t, out, contents())
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		path := filepath.Join(out, e.Name())
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(data) / 2, len(data) - 1} {
			damaged := bytes.Clone(data)
			damaged[at] ^= 0x11
			write(t, path, damaged)
			err := dataset.Verify(context.Background(), out, nil)
			// A changed letter of the manifest is another dataset; whatever it
			// claims of its files is compared.
			if err == nil && e.Name() != dataset.ManifestName {
				t.Errorf("%s: byte %d changed and not found", e.Name(), at)
			}
		}
		write(t, path, data[:len(data)/2])
		if err := dataset.Verify(context.Background(), out, nil); err == nil {
			t.Errorf("%s: cut off and not found", e.Name())
		}
		write(t, path, data)
	}
	if err := dataset.Verify(context.Background(), out, nil); err != nil {
		t.Errorf("after all was put back: %v", err)
	}
}

// TestOpenRefusesDamage: answers come from these two files without any further
// check.
func TestOpenRefusesDamage(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	build(t, out, contents())
	path := filepath.Join(out, "risks.idx")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-5] ^= 0x11
	write(t, path, data)
	if d, err := dataset.Open(out); err == nil {
		d.Close()
		t.Error("a dataset whose index has a flipped byte was opened")
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyFindsWrongClaims: a manifest whose hashes are right and whose
// claims are not.
func TestVerifyFindsWrongClaims(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	build(t, out, contents())
	path := filepath.Join(out, dataset.ManifestName)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new string }{
		{"another id", `"id":"10999"`, `"id":"10998"`},
		{"another area", `"name":"見本市"`, `"name":"別の市"`},
		{"another boundary", `"coordinates":[[[[139,36]`, `"coordinates":[[[[138.9,36]`},
		{"a sample in other zones", `"inside":[`, `"inside":[77,`},
		{"a sample outside the area", `"in_area":true`, `"in_area":false`},
		{"another count of zones", `"zones":2`, `"zones":3`},
		{"another attribution", `<見本>`, `<他>`},
		{"an unknown member", `"format":1`, `"format":1,"more":1`},
		{"a file elsewhere", `"name":"risks.idx"`, `"name":"../risks.idx"`},
		{"a later format", `"format":1`, `"format":2`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wrong := bytes.Replace(good, []byte(tt.old), []byte(tt.new), 1)
			if bytes.Equal(wrong, good) {
				t.Fatalf("the manifest does not hold %s", tt.old)
			}
			write(t, path, wrong)
			if err := dataset.Verify(context.Background(), out, nil); err == nil {
				t.Error("not found")
			}
		})
	}
}

func TestBuildLeavesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "mihon")
	first := build(t, out, contents())
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	wrong := contents()
	wrong.Edition = "soon"
	for name, try := range map[string]func() error{
		"canceled": func() error { _, err := dataset.Build(canceled, out, contents(), nil); return err },
		"wrong":    func() error { _, err := dataset.Build(context.Background(), out, wrong, nil); return err },
		"not a folder": func() error {
			_, err := dataset.Build(context.Background(), filepath.Join(out, dataset.ManifestName), contents(), nil)
			return err
		},
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, version, err := dataset.ReadManifest(out); err != nil || version != first.Version {
		t.Errorf("the old dataset is %s, %v, want %s", version, err, first.Version)
	}
	if err := dataset.Verify(context.Background(), out, nil); err != nil {
		t.Error(err)
	}
	foreign := filepath.Join(dir, "foreign")
	if err := os.Mkdir(foreign, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(foreign, "diary.txt"), []byte("dear"))
	if _, err := dataset.Build(context.Background(), foreign, contents(), nil); err == nil {
		t.Error("a folder that is no dataset was written over")
	}
	if data, err := os.ReadFile(filepath.Join(foreign, "diary.txt")); err != nil || string(data) != "dear" {
		t.Error("the foreign file is gone")
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.part"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestBuildReplaces(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	first := build(t, out, contents())
	c := contents()
	c.Edition = "2025"
	second := build(t, out, c)
	if first.Version == second.Version {
		t.Error("another edition has the same version")
	}
	if _, version, err := dataset.ReadManifest(out); err != nil || version != second.Version {
		t.Errorf("the dataset is %s, %v, want %s", version, err, second.Version)
	}
}

// FuzzParseManifest: no bytes make it panic, and what it takes names only
// files of its own folder.
func FuzzParseManifest(f *testing.F) {
	for _, s := range []string{"", "{", "-1", "NaN", `{"format":1}`, `{"format":1,"id":"a","area":{"boundary":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,6],[1,2]]]]}},"files":[{"name":"../x"}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := dataset.ParseManifest(data)
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if strings.ContainsAny(file.Name, `/`) || file.Name == ".." {
				t.Errorf("file %q was taken", file.Name)
			}
		}
	})
}
