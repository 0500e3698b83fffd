package demo

import (
	"bytes"
	stdcsv "encoding/csv"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
	"hazardmap/hazard"
	"hazardmap/hazard/ksj"
	"hazardmap/hazard/shelter"
)

// city is the invented city, made once for all tests.
var city = sync.OnceValue(Generate)

func records(t *testing.T, f File) []geo.Feature {
	t.Helper()
	r, err := geojson.Read(bytes.NewReader(f.Data), f.Name)
	if err != nil {
		t.Fatal(err)
	}
	var list []geo.Feature
	for feature, err := range r.Features() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, feature)
	}
	return list
}

func columnsOf(a geo.Attributes) []string {
	var columns []string
	for c := range a {
		columns = append(columns, c)
	}
	return columns
}

// zones reads every file of zones as an import does.
func zones(t *testing.T) []hazard.Zone {
	t.Helper()
	var all []hazard.Zone
	for _, f := range city().Files {
		if !strings.HasPrefix(f.Name, "A3") {
			continue
		}
		list := records(t, f)
		d, err := ksj.Recognise(f.Name, "", columnsOf(list[0].Attr), list[0].Attr)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for _, feature := range list {
			z, err := d.Zones(feature)
			if err != nil {
				t.Fatalf("%s: record %d: %v", f.Name, feature.Record, err)
			}
			all = append(all, z...)
		}
		if len(d.Notes()) > 0 {
			t.Errorf("%s: %v: its shapes need no repair", f.Name, d.Notes())
		}
	}
	return all
}

func boundary(t *testing.T) hazard.Area {
	t.Helper()
	for _, f := range city().Files {
		if strings.HasPrefix(f.Name, "N03") {
			list := records(t, f)
			b, err := ksj.RecogniseBoundaries(f.Name, columnsOf(list[0].Attr), list[0].Attr)
			if err != nil {
				t.Fatal(err)
			}
			for _, feature := range list {
				if err := b.Add(feature); err != nil {
					t.Fatal(err)
				}
			}
			area, err := b.Area(Code)
			if err != nil {
				t.Fatal(err)
			}
			return area
		}
	}
	t.Fatal("no boundary")
	return hazard.Area{}
}

func TestSameCityEveryTime(t *testing.T) {
	again := Generate()
	if len(again.Files) != len(city().Files) || len(again.Base) != len(city().Base) {
		t.Fatalf("another city: %d files, %d features", len(again.Files), len(again.Base))
	}
	total := 0
	for i, f := range again.Files {
		if !bytes.Equal(f.Data, city().Files[i].Data) {
			t.Errorf("%s differs from its first making", f.Name)
		}
		total += len(f.Data)
	}
	for i, f := range again.Base {
		if !orb.Equal(f.Geometry, city().Base[i].Geometry) {
			t.Fatalf("base feature %d differs from its first making", i)
		}
	}
	if total > 5<<20 {
		t.Errorf("the files hold %d bytes, want a few megabytes", total)
	}
}

// The city shows everything that a reader of the map may ever meet.
func TestEveryClassOccurs(t *testing.T) {
	type class struct {
		kind     hazard.Kind
		scenario hazard.Scenario
		rank     uint8
		flags    hazard.ZoneFlags
	}
	found := map[class]int{}
	for _, z := range zones(t) {
		found[class{z.Kind, z.Scenario, z.Rank, z.Flags}]++
	}
	var want []class
	for rank := uint8(1); rank <= 6; rank++ {
		want = append(want, class{hazard.FloodDepth, hazard.Max, rank, 0})
	}
	for rank := uint8(1); rank <= 5; rank++ {
		want = append(want, class{hazard.FloodDepth, hazard.Plan, rank, 0})
	}
	for rank := uint8(1); rank <= 7; rank++ {
		want = append(want, class{hazard.FloodDuration, hazard.Max, rank, 0})
	}
	want = append(want, class{hazard.CollapseFlow, hazard.Max, 1, 0}, class{hazard.CollapseErosion, hazard.Max, 1, 0},
		class{hazard.LandslideSteep, 0, 1, hazard.LineOnly}, class{hazard.LandslideSteep, 0, 1, hazard.RedNotSurveyed})
	for _, kind := range []hazard.Kind{hazard.LandslideSteep, hazard.LandslideDebris, hazard.LandslideSlide} {
		for _, flags := range []hazard.ZoneFlags{0, hazard.NotDesignated} {
			want = append(want, class{kind, 0, 1, flags}, class{kind, 0, 2, flags})
		}
	}
	for _, c := range want {
		if found[c] == 0 {
			t.Errorf("no zone of %v %v rank %d flags %b", c.kind, c.scenario, c.rank, c.flags)
		}
	}
}

// The plan's flood lies inside the largest, and is nowhere deeper.
func TestPlanIsMilder(t *testing.T) {
	l := newLand()
	m := newFlood(l).meshes(outline(layOut()))
	for k, plan := range m.plan.class {
		if plan > m.largest.class[k] {
			t.Fatalf("cell %d: rank %d in the plan, %d in the largest flood", k, plan, m.largest.class[k])
		}
	}
}

// The towns fill the city, without gaps and without overlaps.
func TestTownsFillTheCity(t *testing.T) {
	area := boundary(t)
	var whole float64
	for _, p := range area.Boundary {
		whole += planar.Area(p)
	}
	sum := 0.0
	seen := map[string]bool{}
	for _, f := range city().Files {
		if f.Name != "towns.geojson" {
			continue
		}
		for _, town := range records(t, f) {
			sum += planar.Area(town.Geometry)
			seen[town.Attr.Text("oaza_cho")] = true
			if town.Attr.Text("oaza_cho_kana") == "" || town.Attr.Text("oaza_cho_roma") == "" || len(town.Attr.Text("post_code")) != 7 {
				t.Errorf("town %v lacks a reading or a postal code", town.Attr)
			}
		}
	}
	if math.Abs(sum-whole) > whole*1e-6 {
		t.Errorf("the towns hold %.9f of the city's area", sum/whole)
	}
	if len(seen) != len(towns) || len(seen) < 30 {
		t.Errorf("%d towns, want %d", len(seen), len(towns))
	}
}

func TestShelters(t *testing.T) {
	area := boundary(t)
	var rows []hazard.Shelter
	for _, f := range city().Files {
		if !strings.HasSuffix(f.Name, ".csv") {
			continue
		}
		cells, err := stdcsv.NewReader(bytes.NewReader(bytes.TrimPrefix(f.Data, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		d, err := shelter.Recognise(f.Name, cells[0], nil)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		d.Restrict(area)
		for _, row := range cells[1:] {
			a := geo.Attributes{}
			for i, cell := range row {
				a[cells[0][i]] = cell
			}
			s, err := d.Shelter(geo.Feature{Attr: a})
			if err != nil {
				t.Errorf("%s: %v: %v", f.Name, row, err)
			}
			rows = append(rows, s)
		}
	}
	merged, all := shelter.Merge(rows), zones(t)
	var fitButWet, underSlope, both, remarks int
	for _, s := range merged {
		at := orb.Point{s.Lon, s.Lat}
		in := func(match func(hazard.Kind) bool) bool {
			return slices.ContainsFunc(all, func(z hazard.Zone) bool {
				shape, ok := z.Shape.(orb.MultiPolygon)
				return ok && match(z.Kind) && shape.Bound().Contains(at) && planar.MultiPolygonContains(shape, at)
			})
		}
		for n, yes := range map[*int]bool{
			&fitButWet:  s.Fit(hazard.ShelterFlood) && in(func(k hazard.Kind) bool { return k == hazard.FloodDepth }),
			&underSlope: in(hazard.Kind.Landslide),
			&both:       s.Emergency && s.Evacuation,
			&remarks:    s.Remarks != "",
		} {
			if yes {
				*n++
			}
		}
	}
	if fitButWet < 5 || underSlope < 1 || both < 10 || remarks < 5 {
		t.Errorf("of %d shelters %d fit for floods stand in one, %d under a slope, %d are of both kinds, %d have a remark",
			len(merged), fitButWet, underSlope, both, remarks)
	}
}

func TestBaseMap(t *testing.T) {
	classes := map[string]map[string]int{}
	for _, f := range city().Base {
		if classes[f.Layer] == nil {
			classes[f.Layer] = map[string]int{}
		}
		class, _ := f.Attr["class"].(string)
		classes[f.Layer][class]++
		b := f.Geometry.Bound()
		if b.Min[0] < 141.4 || b.Max[0] > 141.7 || b.Min[1] < 35.9 || b.Max[1] > 36.2 || b.IsEmpty() {
			t.Fatalf("%s %v lies at %v", f.Layer, f.Attr, b)
		}
		if name, ok := f.Attr["name"]; ok && (f.Attr["kana"] == nil || f.Attr["romaji"] == nil) {
			t.Errorf("%s %v has no reading", f.Layer, name)
		}
	}
	for _, want := range []struct{ layer, class string }{
		{"landcover", "wood"}, {"landcover", "green"}, {"landuse", "urban"}, {"landuse", "field"}, {"landuse", "park"}, {"landuse", "school"},
		{"water", "river"}, {"water", "pond"}, {"road", "motorway"}, {"road", "primary"}, {"road", "secondary"}, {"road", "tertiary"},
		{"road", "residential"}, {"railway", "rail"}, {"building", ""}, {"boundary", "city"}, {"place", "town"}, {"poi", "station"},
	} {
		if classes[want.layer][want.class] == 0 {
			t.Errorf("the base map has no %s of class %q", want.layer, want.class)
		}
	}
}

func TestMeshOutlines(t *testing.T) {
	tests := []struct {
		name  string
		rows  []string // from the north
		rings []int    // of each patch
		cells []int
	}{
		{"one cell", []string{"1"}, []int{1}, []int{1}},
		{"two classes", []string{"12"}, []int{1, 1}, []int{1, 1}},
		{"a hole", []string{"111", "1.1", "111"}, []int{2}, []int{8}},
		{"cells that touch at a corner are apart", []string{".1", "1."}, []int{1, 1}, []int{1, 1}},
		{"holes that touch at a corner are one ring", []string{"1111", "1.11", "11.1", "1111"}, []int{2}, []int{14}},
		{"an island in a hole", []string{"11111", "1...1", "1.1.1", "1...1", "11111"}, []int{2, 1}, []int{16, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMesh(len(tt.rows[0]), len(tt.rows), func(i, j int) orb.Point { return orb.Point{float64(i), float64(j)} })
			for j := range m.rows {
				for i := range m.columns {
					if c := tt.rows[m.rows-1-j][i]; c != '.' {
						m.class[j*m.columns+i] = c - '0'
					}
				}
			}
			patches := m.patches()
			var rings, cells []int
			for _, p := range patches {
				rings, cells = append(rings, len(p.shape)), append(cells, p.cells)
				if got := planar.Area(p.shape); math.Abs(got-float64(p.cells)) > 1e-9 {
					t.Errorf("a patch of %d cells has area %v", p.cells, got)
				}
			}
			if !slices.Equal(rings, tt.rings) || !slices.Equal(cells, tt.cells) {
				t.Errorf("rings %v, cells %v, want %v, %v", rings, cells, tt.rings, tt.cells)
			}
		})
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate()
	}
}
