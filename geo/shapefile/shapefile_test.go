package shapefile_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
	"hazardmap/geo/shapefile"
)

// box returns a square ring, clockwise or not.
func box(x, y, size float64, clockwise bool) []orb.Point {
	ring := []orb.Point{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
	if !clockwise {
		slices.Reverse(ring)
	}
	return ring
}

func TestShapes(t *testing.T) {
	a, b := []orb.Point{{1, 2}, {3, 4}}, []orb.Point{{5, 6}, {7, 8}, {9, 10}}
	shell, hole, island, other := box(0, 0, 10, true), box(2, 2, 6, false), box(4, 4, 1, true), box(20, 20, 5, true)
	tests := []struct {
		name   string
		kind   uint32
		record []byte
		want   orb.Geometry
	}{
		{"null", 5, le32(0), nil},
		{"point", 1, append(le32(1), floats(139.25, 36)...), orb.Point{139.25, 36}},
		{"point with height", 11, append(le32(11), floats(139.25, 36, 12, 0)...), orb.Point{139.25, 36}},
		{"point with measure", 21, append(le32(21), floats(139.25, 36, 7)...), orb.Point{139.25, 36}},
		{"points", 8, bytes.Join([][]byte{le32(8), floats(0, 0, 0, 0), le32(2), floats(1, 2, 3, 4)}, nil), orb.MultiPoint{{1, 2}, {3, 4}}},
		{"line", 3, parts(3, a), orb.LineString(a)},
		{"lines", 3, parts(3, a, b), orb.MultiLineString{a, b}},
		{"polygon", 5, parts(5, shell), orb.Polygon{shell}},
		{"polygon with height", 15, append(parts(15, shell), floats(make([]float64, 2+5)...)...), orb.Polygon{shell}},
		{"polygon with height and measure", 15, append(parts(15, shell), floats(make([]float64, 2*(2+5))...)...), orb.Polygon{shell}},
		{"polygon with measure", 25, append(parts(25, shell), floats(make([]float64, 2+5)...)...), orb.Polygon{shell}},
		{"open ring", 5, parts(5, shell[:4]), orb.Polygon{shell}},
		{"hole", 5, parts(5, shell, hole), orb.Polygon{shell, hole}},
		{"hole before its shell", 5, parts(5, hole, shell), orb.Polygon{shell, hole}},
		{"all in one direction", 5, parts(5, shell, box(2, 2, 6, true)), orb.Polygon{shell, box(2, 2, 6, true)}},
		{"all in the wrong direction", 5, parts(5, box(0, 0, 10, false), box(2, 2, 6, true)), orb.Polygon{box(0, 0, 10, false), box(2, 2, 6, true)}},
		{"parts", 5, parts(5, shell, other), orb.MultiPolygon{{shell}, {other}}},
		{"island in a hole", 5, parts(5, island, hole, other, shell), orb.MultiPolygon{{island}, {other}, {shell, hole}}},
		{"hole that touches its shell", 5, parts(5, shell, box(0, 0, 5, false)), orb.Polygon{shell, box(0, 0, 5, false)}},
		{"parts that touch", 5, parts(5, shell, box(10, 0, 5, true)), orb.MultiPolygon{{shell}, {box(10, 0, 5, true)}}},
		{"one ring twice cancels nothing", 5, parts(5, shell, shell), orb.MultiPolygon{{shell}, {shell}}},
		{"ring without area", 5, parts(5, shell, []orb.Point{{1, 1}, {2, 1}, {3, 1}, {1, 1}}), orb.MultiPolygon{{shell}, {{{1, 1}, {2, 1}, {3, 1}, {1, 1}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := numbered(tt.kind, tt.record, tt.record)
			got, refused, err := read(m.shp(), m.dbf(), shapefile.Options{})
			if err != nil || len(refused) > 0 || len(got) != 2 {
				t.Fatalf("%d features, %v, %v", len(got), refused, err)
			}
			for i, f := range got {
				if diff := cmp.Diff(tt.want, f.Geometry); diff != "" || f.Record != i+1 || f.Attr["n"] != float64(i+1) {
					t.Errorf("record %d, %v: -want +got\n%s", f.Record, f.Attr, diff)
				}
			}
		})
	}
}

func TestRefusedRecord(t *testing.T) {
	counts := func(parts, points uint32) []byte {
		return bytes.Join([][]byte{le32(5), floats(0, 0, 0, 0), le32(parts, points, 0), floats(1, 2, 3, 4)}, nil)
	}
	starts := func(starts ...uint32) []byte {
		record := parts(5, box(0, 0, 1, true), box(2, 2, 1, true))
		copy(record[44:], le32(starts...))
		return record
	}
	tests := []struct {
		name   string
		record []byte
		why    string
	}{
		{"NaN", parts(5, []orb.Point{{1, 2}, {math.NaN(), 4}, {5, 6}, {1, 2}}), "longitude NaN"},
		{"infinite", parts(5, []orb.Point{{1, 2}, {3, math.Inf(1)}, {5, 6}, {1, 2}}), "latitude +Inf"},
		{"metres", parts(5, box(-50_000, 30_000, 100, true)), "longitude -50000 "},
		{"ring of two points", parts(5, []orb.Point{{1, 2}, {3, 4}}), "ring has 2 points"},
		{"ring of three points", parts(5, []orb.Point{{1, 2}, {3, 4}, {1, 2}}), "ring has 3 points"},
		{"another type", append(le32(1), floats(1, 2)...), "type 1 among those of type 5"},
		{"no parts", counts(0, 2), "0 parts"},
		{"no points", counts(1, 0), "0 points"},
		{"huge number of parts", counts(math.MaxUint32, 2), "4294967295 parts"},
		{"huge number of points", counts(1, math.MaxUint32), "4294967295 points"},
		{"more points than bytes", counts(1, 3), "3 points in"},
		{"parts backwards", starts(6, 0), "part 1"},
		{"part beyond the points", starts(0, 4_000_000_000), "part 1"},
		{"empty part", starts(0, 0), "part 1"},
		{"too short", le32(5, 0), "shape of 4 bytes"},
	}
	good := parts(5, box(0, 0, 1, true))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := numbered(5, good, tt.record, good)
			got, refused, err := read(m.shp(), m.dbf(), shapefile.Options{})
			if err != nil || len(got) != 2 || len(refused) != 1 || refused[0].Record != 2 || !strings.Contains(refused[0].Error(), tt.why) {
				t.Fatalf("%d features, %v, %v; want 2 and %q", len(got), refused, err, tt.why)
			}
			if got[1].Attr["n"] != 3.0 {
				t.Errorf("the record behind has the attributes of %v", got[1].Attr)
			}
		})
	}
}

func sjis(t *testing.T, s string, width int) string {
	t.Helper()
	b, err := japanese.ShiftJIS.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return (b + strings.Repeat(" ", width))[:width]
}

func TestAttributes(t *testing.T) {
	m := numbered(1, append(le32(1), floats(139, 36)...))
	m.columns = []column{
		{sjis(t, "区域名", 6), 'C', 10, 0}, {"A33_002", 'N', 9, 0}, {"depth", 'F', 8, 3}, {"A33_007", 'D', 8, 0}, {"flag", 'L', 1, 0},
		{"blank", 'N', 3, 0}, {"stars", 'N', 3, 0}, {sjis(t, "区域名", 6), 'C', 3, 0}, {"nodate", 'D', 8, 0}, {"memo", 'M', 10, 0}, {"unset", 'L', 1, 0},
	}
	m.rows = []string{" " + sjis(t, "Ⅰ表能①", 10) + "        2" + "   1.500" + "20180330" + "T" + "   " + "***" + sjis(t, "東本", 3) + "        " + "0000000012" + "?"}
	want := geo.Attributes{"区域名": "Ⅰ表能①", "A33_002": 2.0, "depth": 1.5, "A33_007": "2018-03-30", "flag": true,
		"blank": nil, "stars": nil, "区域名#8": "東", "nodate": nil, "memo": nil, "unset": nil}
	for _, ldid := range []byte{0, 0x13} {
		for _, cpg := range []string{"", "CP932", "Shift_JIS", "932"} {
			m.ldid = ldid
			got, refused, err := read(m.shp(), m.dbf(), shapefile.Options{Encoding: cpg})
			if err != nil || len(refused) > 0 || len(got) != 1 {
				t.Fatal(got, refused, err)
			}
			if diff := cmp.Diff(want, got[0].Attr); diff != "" {
				t.Errorf("language %#x, .cpg %q: -want +got\n%s", ldid, cpg, diff)
			}
		}
	}
	m.columns, m.rows, m.ldid = []column{{"名", 'C', 9, 0}}, []string{" 浸水域"}, 0
	for _, cpg := range []string{"", "UTF-8", "utf8\r\n"} {
		got, _, err := read(m.shp(), m.dbf(), shapefile.Options{Encoding: cpg})
		if err != nil || len(got) != 1 || got[0].Attr["名"] != "浸水域" {
			t.Errorf(".cpg %q: %v, %v, want 浸水域", cpg, got, err)
		}
	}
	m.columns, m.rows = []column{{"wide", 'C', 44, 1}}, []string{" " + strings.Repeat("x", 300)}
	if got, _, err := read(m.shp(), m.dbf(), shapefile.Options{}); err != nil || got[0].Attr["wide"] != strings.Repeat("x", 300) {
		t.Errorf("text of 300 bytes: %v, %v", got, err)
	}
	m.columns, m.rows = []column{{"n", 'N', 3, 0}}, []string{" NaN"}
	if _, refused, err := read(m.shp(), m.dbf(), shapefile.Options{}); err != nil || len(refused) != 1 || !strings.Contains(refused[0].Error(), `n: "NaN" is no number`) {
		t.Errorf("NaN: %v, %v", refused, err)
	}
	m.rows = []string{"*  1"}
	if _, refused, err := read(m.shp(), m.dbf(), shapefile.Options{}); err != nil || len(refused) != 1 || !strings.Contains(refused[0].Error(), "deleted") {
		t.Errorf("deleted: %v, %v", refused, err)
	}
}

func TestRefusedFile(t *testing.T) {
	m := numbered(5, parts(5, box(0, 0, 1, true)), parts(5, box(2, 2, 1, true)))
	change := func(b []byte, at int, value ...byte) []byte {
		b = slices.Clone(b)
		copy(b[at:], value)
		return b
	}
	shp, dbf := m.shp(), m.dbf()
	more, fewer := m, m
	more.rows = append(slices.Clone(m.rows), "      3")
	fewer.rows = m.rows[:1]
	tests := []struct {
		name     string
		shp, dbf []byte
		prj, why string
	}{
		{"empty", nil, dbf, "", "cut off"},
		{"minus one", []byte("-1"), dbf, "", "cut off"},
		{"no shapefile", bytes.Repeat([]byte("x"), 200), dbf, "", "no shapefile"},
		{"head cut off", shp[:60], dbf, "", "cut off"},
		{"records cut off", shp[:len(shp)-20], dbf, "", "says that it has"},
		{"longer than it says", append(slices.Clone(shp), 0, 0), dbf, "", "says that it has"},
		{"negative length", change(shp, 24, 0xff, 0xff, 0xff, 0xff), dbf, "", "says that it has"},
		{"multipatch", change(shp, 32, 31), dbf, "", "shapes of type 31"},
		{"record longer than the file", change(shp, 104, 0x7f, 0xff, 0xff, 0xff), dbf, "", "record 1: says that it has"},
		{"record of negative length", change(shp, 104, 0xff, 0xff, 0xff, 0xff), dbf, "", "record 1: says that it has"},
		{"projected", shp, dbf, `PROJCS["JGD_2011_Japan_Zone_9"]`, ".prj: coordinate reference system"},
		{"dbf empty", shp, nil, "", ".dbf: file is cut off"},
		{"dbf cut off", shp, dbf[:len(dbf)-5], "", ".dbf: says that it has"},
		{"dbf with huge number of records", shp, change(dbf, 4, 0xff, 0xff, 0xff, 0xff), "", ".dbf: says that it has"},
		{"dbf without head", shp, change(dbf, 8, 3, 0), "", ".dbf: no table"},
		{"dbf with other widths", shp, change(dbf, 10, 3, 0), "", ".dbf: rows have 3 bytes, columns 7"},
		{"dbf without columns", shp, change(dbf, 8, 33, 0), "", ".dbf: rows have"},
		{"dbf with more records", shp, more.dbf(), "", ".dbf has 1 records more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := read(tt.shp, tt.dbf, shapefile.Options{Projection: tt.prj})
			if err == nil || !strings.HasPrefix(err.Error(), "x.shp: ") || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("Read = %v, want %q", err, tt.why)
			}
		})
	}
	got, refused, err := read(shp, fewer.dbf(), shapefile.Options{})
	if err != nil || len(got) != 1 || len(refused) != 1 || !strings.Contains(refused[0].Error(), "no attributes") {
		t.Errorf("dbf with fewer records: %d features, %v, %v", len(got), refused, err)
	}
	r, err := shapefile.Read(bytes.NewReader(shp), nil, -1, -1, "x.shp", shapefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, refused, err := collect(r.Features()); err != nil || len(got) != 2 || len(refused) > 0 || r.Fields() != nil {
		t.Errorf("no dbf, sizes unknown: %d features, %v, %v", len(got), refused, err)
	}
	big := change(parts(5, box(0, 0, 1, true)), 40, 0xff, 0xff, 0xff, 0)
	lie := numbered(5, big).shp()
	binary.BigEndian.PutUint32(lie[24:], math.MaxInt32)
	binary.BigEndian.PutUint32(lie[104:], math.MaxInt32/2)
	r, err = shapefile.Read(bytes.NewReader(lie), nil, -1, -1, "x.shp", shapefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := collect(r.Features()); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("16 M points announced and not there: %v", err)
	}
}

// open reads a published shapefile out of its zip.
func open(t *testing.T, path string) (fields []shapefile.Field, crs geo.CRS, features []geo.Feature) {
	t.Helper()
	err := archive.Walk(context.Background(), published.Path(t, path), func(m *archive.Member) error {
		if filepath.Ext(m.Name) != ".shp" {
			return nil
		}
		shp, err := m.Open()
		if err != nil {
			return err
		}
		defer shp.Close()
		table, ok := m.Sibling(".dbf")
		if !ok {
			t.Fatalf("%s has no .dbf", m.Path)
		}
		dbf, err := table.Open()
		if err != nil {
			return err
		}
		defer dbf.Close()
		var opts shapefile.Options
		if prj, ok := m.Sibling(".prj"); ok {
			r, err := prj.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			text, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			opts.Projection = string(text)
		}
		r, err := shapefile.Read(shp, dbf, m.Size, table.Size, m.Path, opts)
		if err != nil {
			return err
		}
		fields, crs = r.Fields(), r.CRS()
		got, refused, err := collect(r.Features())
		features = got
		if len(refused) > 0 {
			t.Errorf("refused %v", refused)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fields, crs, features
}

func openGeoJSON(t testing.TB, path string) []geo.Feature {
	t.Helper()
	var features []geo.Feature
	err := archive.Walk(context.Background(), published.Path(t, path), func(m *archive.Member) error {
		text, err := m.Open()
		if err != nil {
			return err
		}
		defer text.Close()
		r, err := geojson.Read(text, m.Name)
		if err != nil {
			return err
		}
		features, _, err = collect(r.Features())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return features
}

// canonical starts every ring at its least vertex, turns all one way and sorts
// the holes.
func canonical(g orb.Geometry) orb.Geometry {
	polygon, ok := g.(orb.Polygon)
	if !ok {
		return g
	}
	out := make(orb.Polygon, len(polygon))
	for i, ring := range polygon {
		least := func(ring orb.Ring) orb.Ring {
			open := ring[:len(ring)-1]
			at := 0
			for i := range open {
				if slices.Compare(open[i][:], open[at][:]) < 0 {
					at = i
				}
			}
			return slices.Concat(open[at:], open[:at], open[at:at+1])
		}
		forth := least(ring)
		back := slices.Clone(ring)
		slices.Reverse(back)
		back = least(back)
		if compareRings(back, forth) < 0 {
			forth = back
		}
		out[i] = forth
	}
	slices.SortFunc(out[1:], compareRings)
	return out
}

func compareRings(a, b orb.Ring) int {
	return slices.CompareFunc(a, b, func(p, q orb.Point) int { return slices.Compare(p[:], q[:]) })
}

// The shapefiles were made of these GeoJSON files: same shapes, same values.
func TestPublished(t *testing.T) {
	tests := []struct {
		shp, twin string
		fields    int
		column    string
	}{
		{"ksj-format/A33-derived_22_SHP.zip", "landslide/A33_numazu_523856.geojson.gz", 8, "A33_006"},
		{"ksj-format/A31-derived_14_SHP.zip", "flood/A31-20-21_1400230001.geojson.gz", 9, "A31_202"},
	}
	for _, tt := range tests {
		t.Run(tt.shp, func(t *testing.T) {
			fields, crs, got := open(t, tt.shp)
			want := openGeoJSON(t, tt.twin)
			if len(fields) != tt.fields || crs != geo.JGD2011 || len(got) != 234 || len(want) != 234 {
				t.Fatalf("%d fields in %s, %d features, want %d, EPSG:6668 and 234", len(fields), crs, len(got), tt.fields)
			}
			for i := range got {
				if diff := cmp.Diff(canonical(want[i].Geometry), canonical(got[i].Geometry)); diff != "" {
					t.Fatalf("record %d: -want +got\n%s", i+1, diff)
				}
				for name := range want[i].Attr {
					if got, want := got[i].Attr.Code(name), want[i].Attr.Code(name); got != want {
						t.Errorf("record %d: %s is %q, want %q", i+1, name, got, want)
					}
				}
				if !strings.ContainsFunc(got[i].Attr.Text(tt.column), func(r rune) bool { return r > 0x3000 && r != 0xFFFD }) {
					t.Errorf("record %d: %s is %q", i+1, tt.column, got[i].Attr.Text(tt.column))
				}
			}
		})
	}
}

// Rings of the most entangled real polygons, shuffled and turned at random, come
// back as the polygons they were.
func TestPublishedNesting(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"flood/A31b-20-23_10_10204.geojson.gz", "flood/A31-20-21_1400020001.geojson.gz"} {
		want := openGeoJSON(t, name)
		var records [][]byte
		for _, f := range want {
			var rings [][]orb.Point
			for _, ring := range f.Geometry.(orb.Polygon) {
				ring = slices.Clone(ring)
				if random.IntN(2) == 0 {
					slices.Reverse(ring)
				}
				rings = append(rings, ring)
			}
			random.Shuffle(len(rings), func(i, j int) { rings[i], rings[j] = rings[j], rings[i] })
			records = append(records, parts(5, rings...))
		}
		m := numbered(5, records...)
		got, refused, err := read(m.shp(), m.dbf(), shapefile.Options{})
		if err != nil || len(refused) > 0 || len(got) != len(want) {
			t.Fatalf("%s: %d features, %v, %v", name, len(got), refused, err)
		}
		for i := range got {
			if !cmp.Equal(canonical(want[i].Geometry), canonical(got[i].Geometry)) {
				t.Errorf("%s: record %d of %d rings came back as a %T", name, i+1, len(want[i].Geometry.(orb.Polygon)), got[i].Geometry)
			}
		}
	}
}

// FuzzRead: whatever the bytes, every ring that is read is closed and finite, and
// no more vertices are read than the file has room for.
func FuzzRead(f *testing.F) {
	m := numbered(5, parts(5, box(0, 0, 10, true), box(2, 2, 3, false)), le32(0), parts(5, box(2, 2, 1, true)))
	f.Add(m.shp(), m.dbf())
	f.Add([]byte("-1"), []byte("NaN"))
	f.Add([]byte{}, []byte{})
	f.Add(m.shp()[:150], m.dbf()[:40])
	line := numbered(13, append(parts(13, box(1, 2, 3, true)), floats(make([]float64, 7)...)...))
	f.Add(line.shp(), line.dbf())
	f.Fuzz(func(t *testing.T, shp, dbf []byte) {
		for _, size := range []int64{int64(len(shp)), -1} {
			r, err := shapefile.Read(bytes.NewReader(shp), bytes.NewReader(dbf), size, int64(len(dbf)), "x.shp", shapefile.Options{})
			if err != nil {
				continue
			}
			features, _, _ := collect(r.Features())
			vertices := 0
			for _, feature := range features {
				vertices += check(t, feature.Geometry)
				if len(feature.Attr) != len(r.Fields()) {
					t.Fatalf("record %d has %d of %d columns", feature.Record, len(feature.Attr), len(r.Fields()))
				}
			}
			if vertices > len(shp)/16+len(shp)/4 { // 16 bytes each, and one to close each part of 4 bytes
				t.Fatalf("%d vertices in %d bytes", vertices, len(shp))
			}
		}
	})
}

func check(t *testing.T, g orb.Geometry) (vertices int) {
	var polygons orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		polygons = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		polygons = g
	}
	for _, polygon := range polygons {
		for _, ring := range polygon {
			vertices += len(ring)
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				t.Fatalf("ring %v is not closed", ring)
			}
			for _, p := range ring {
				if err := geo.CheckLonLat(p[0], p[1]); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return vertices
}

// FuzzDBF: a table beside a good .shp gives each record a value for each column,
// as text that is UTF-8.
func FuzzDBF(f *testing.F) {
	m := numbered(1, append(le32(1), floats(139, 36)...), append(le32(1), floats(139, 36)...))
	f.Add(m.dbf())
	m.columns, m.rows = []column{{"\x8b\xe6\x88\xe6", 'C', 4, 0}, {"d", 'D', 8, 0}, {"l", 'L', 1, 0}}, []string{" \x87\x54\x81 20180330T", "*    -1NaN   ?"}
	f.Add(m.dbf())
	f.Add([]byte("-1"))
	f.Add([]byte{})
	f.Add(m.dbf()[:50])
	f.Fuzz(func(t *testing.T, dbf []byte) {
		features, _, _ := read(m.shp(), dbf, shapefile.Options{})
		for _, feature := range features {
			for name, value := range feature.Attr {
				if text, ok := value.(string); ok && strings.ToValidUTF8(text, "") != text || strings.ToValidUTF8(name, "") != name {
					t.Fatalf("%q = %q", name, value)
				}
				if v, ok := value.(float64); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
					t.Fatalf("%q = %v", name, v)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	var records [][]byte
	for _, f := range openGeoJSON(b, "flood/A31b-20-23_10_10204.geojson.gz") {
		var rings [][]orb.Point
		for _, ring := range f.Geometry.(orb.Polygon) {
			rings = append(rings, ring)
		}
		records = append(records, parts(5, rings...))
	}
	m := numbered(5, records...)
	shp, dbf := m.shp(), m.dbf()
	b.SetBytes(int64(len(shp)))
	for b.Loop() {
		if _, _, err := read(shp, dbf, shapefile.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
