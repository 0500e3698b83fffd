package geopackage_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hazardmap/geo"
	"hazardmap/geo/geopackage"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

var edition = time.Date(2023, 4, 1, 0, 0, 0, 0, time.UTC)

// A square with a hole, an odd coordinate that no rounding would keep.
var square = orb.MultiPolygon{{
	{{139.1, 36.2}, {139.30000000000001, 36.2}, {139.3, 36.4}, {139.1, 36.4}, {139.1, 36.2}},
	{{139.15, 36.25}, {139.15, 36.3}, {139.2, 36.3}, {139.15, 36.25}},
}}

var line = orb.MultiLineString{{{139.1, 36.2}, {139.2, 36.3}}, {{1, 2}, {3, 4}}}

func write(t testing.TB, path string) {
	t.Helper()
	w, err := geopackage.Create(path, edition)
	if err != nil {
		t.Fatal(err)
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.Layer("zones", geopackage.MultiPolygon, geopackage.JGD2011, []geopackage.Column{{"kind", geopackage.Text}, {"rank", geopackage.Integer}, {"area", geopackage.Real}, {"known", geopackage.Boolean}}))
	do(w.Add(1, square, "flood-depth", 3, 1.5, true))
	do(w.Add(4, square[0], "", nil, -0.25, false))
	do(w.Add(5, orb.MultiPolygon{}, "利根川's \"flood\"", 6, 0.0, true))
	do(w.Layer("lines", geopackage.MultiLineString, geopackage.JGD2011, nil))
	do(w.Add(2, line))
	do(w.Layer("shelters", geopackage.Point, geopackage.WGS84, []geopackage.Column{{"name", geopackage.Text}}))
	do(w.Add(1, orb.Point{139.19, 36.3}, "ひろせ"))
	do(w.Add(2, orb.Point{140.19, 36.3}, "見本"))
	do(w.Close())
}

func features(t *testing.T, f *geopackage.File, layer string, q geopackage.Query) []geo.Feature {
	t.Helper()
	var all []geo.Feature
	for feature, err := range f.Features(context.Background(), layer, q) {
		if err != nil {
			t.Fatalf("Features(%s): %v", layer, err)
		}
		all = append(all, feature)
	}
	return all
}

func open(t *testing.T, path string) *geopackage.File {
	t.Helper()
	f, err := geopackage.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestReadsBackEveryBit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "見本 50%?#.gpkg")
	write(t, path)
	f := open(t, path)
	want := map[string][]geo.Feature{
		"zones": {
			{Record: 1, Geometry: square, Attr: geo.Attributes{"kind": "flood-depth", "rank": 3.0, "area": 1.5, "known": true}},
			{Record: 4, Geometry: square, Attr: geo.Attributes{"kind": nil, "rank": nil, "area": -0.25, "known": false}},
			{Record: 5, Attr: geo.Attributes{"kind": "利根川's \"flood\"", "rank": 6.0, "area": 0.0, "known": true}},
		},
		"lines": {{Record: 2, Geometry: line, Attr: geo.Attributes{}}},
		"shelters": {
			{Record: 1, Geometry: orb.Point{139.19, 36.3}, Attr: geo.Attributes{"name": "ひろせ"}},
			{Record: 2, Geometry: orb.Point{140.19, 36.3}, Attr: geo.Attributes{"name": "見本"}},
		},
	}
	for layer, features1 := range want {
		if diff := cmp.Diff(features1, features(t, f, layer, geopackage.Query{})); diff != "" {
			t.Errorf("layer %s: want -, got +:\n%s", layer, diff)
		}
	}
	if err := f.Check(context.Background()); err != nil {
		t.Errorf("Check() = %v", err)
	}
	if layers := f.Layers(); len(layers) != 3 || layers[0].Name != "zones" || layers[0].Records != 3 || layers[2].SRS != geopackage.WGS84 {
		t.Errorf("Layers() = %+v", layers)
	}
}

func TestQuery(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gpkg")
	write(t, path)
	f := open(t, path)
	tests := []struct {
		name  string
		layer string
		query geopackage.Query
		want  []int
	}{
		{"all", "zones", geopackage.Query{}, []int{1, 4, 5}},
		{"after the first", "zones", geopackage.Query{After: 1}, []int{4, 5}},
		{"between", "zones", geopackage.Query{After: 1, Until: 4}, []int{4}},
		{"one", "zones", geopackage.Query{Limit: 1}, []int{1}},
		{"of a kind", "zones", geopackage.Query{Equal: map[string]any{"kind": "flood-depth"}}, []int{1}},
		{"in a box", "shelters", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139, 36}, Max: orb.Point{139.5, 37}}}, []int{1}},
		{"meets a box", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139.2, 36}, Max: orb.Point{140, 37}}}, []int{1, 4}},
		{"inside a box", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139, 36}, Max: orb.Point{140, 37}}, Part: geopackage.Inside}, []int{1, 4}},
		{"inside a box and not", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139.2, 36}, Max: orb.Point{140, 37}}, Part: geopackage.Inside}, nil},
		{"on the border of a box", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139.2, 36}, Max: orb.Point{140, 37}}, Part: geopackage.OnBorder}, []int{1, 4}},
		{"on the border of a box, or nowhere", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139.2, 36}, Max: orb.Point{140, 37}}, Part: geopackage.OnBorder, Bare: true}, []int{1, 4, 5}},
		{"in a far box, or nowhere", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, 1}}, Bare: true}, []int{5}},
		{"greater", "zones", geopackage.Query{Where: []geopackage.Condition{{Column: "rank", Operator: ">=", Value: 4.0}}}, []int{5}},
		{"other than, where there is a value", "zones", geopackage.Query{Where: []geopackage.Condition{{Column: "rank", Operator: "<>", Value: 3}}}, []int{5}},
		{"text with a quote", "zones", geopackage.Query{Where: []geopackage.Condition{{Column: "kind", Operator: "=", Value: `利根川's "flood"`}}}, []int{5}},
		{"outside every box", "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{1, 1}}}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			for _, feature := range features(t, f, tt.layer, tt.query) {
				got = append(got, feature.Record)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Features(%s, %+v): want -, got +:\n%s", tt.layer, tt.query, diff)
			}
			if n, err := f.Count(context.Background(), tt.layer, tt.query); err != nil || tt.query.Limit == 0 && n != int64(len(tt.want)) {
				t.Errorf("Count(%s, %+v) = %d, %v, want %d", tt.layer, tt.query, n, err, len(tt.want))
			}
		})
	}
}

func TestReadsOnlyWhatIsAsked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gpkg")
	write(t, path)
	got := features(t, open(t, path), "zones", geopackage.Query{Columns: []string{"rank"}, NoShape: true, Limit: 1})
	if diff := cmp.Diff([]geo.Feature{{Record: 1, Attr: geo.Attributes{"rank": 3.0}}}, got); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gpkg")
	write(t, path)
	f := open(t, path)
	kinds, err := f.Groups(context.Background(), "zones", "kind")
	if err != nil || len(kinds) != 2 {
		t.Fatalf("Groups(zones, kind) = %+v, %v", kinds, err)
	}
	if k := kinds[0]; k.Value != "flood-depth" || k.Records != 1 || k.First != 1 || k.Last != 1 || !k.Bound.Contains(orb.Point{139.3, 36.4}) || k.Bound.Contains(orb.Point{139.301, 36.4}) {
		t.Errorf("the first kind is %+v", k)
	}
	if k := kinds[1]; k.Records != 1 || k.Boxes != 0 || k.HasBound {
		t.Errorf("a kind with an empty shape alone is %+v", k)
	}
	all, err := f.Groups(context.Background(), "shelters", "")
	if err != nil || len(all) != 1 || all[0].Records != 2 || all[0].Boxes != 2 || all[0].Last != 2 {
		t.Errorf("Groups(shelters) = %+v, %v", all, err)
	}
}

func TestRefusesWrongUse(t *testing.T) {
	dir := t.TempDir()
	w, err := geopackage.Create(filepath.Join(dir, "a.gpkg"), edition)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Add(1, square); err == nil {
		t.Error("Add before Layer: no error")
	}
	if err := w.Layer("zones", geopackage.MultiPolygon, geopackage.WGS84, nil); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		add  func() error
	}{
		{"another geometry", func() error { return w.Add(1, orb.Point{1, 2}) }},
		{"too many values", func() error { return w.Add(1, square, "x") }},
		{"an id that does not rise", func() error { return w.Add(0, square) }},
	}
	for _, tt := range tests {
		if err := tt.add(); err == nil {
			t.Errorf("Add of %s: no error", tt.name)
		}
	}
	foreign := filepath.Join(dir, "b.gpkg")
	if err := os.WriteFile(foreign, []byte("not SQLite at all, but long enough to hold a header of a hundred bytes, which SQLite reads first of all."), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{foreign, filepath.Join(dir, "absent.gpkg")} {
		if f, err := geopackage.Open(path); err == nil {
			f.Close()
			t.Errorf("Open(%s): no error", path)
		}
	}
}

func TestFeaturesOfUnknownNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gpkg")
	write(t, path)
	f := open(t, path)
	for name, stream := range map[string]geo.Features{
		"layer":    f.Features(context.Background(), "absent", geopackage.Query{}),
		"column":   f.Features(context.Background(), "zones", geopackage.Query{Equal: map[string]any{"1=1 --": 1}}),
		"choice":   f.Features(context.Background(), "zones", geopackage.Query{Columns: []string{"absent"}}),
		"operator": f.Features(context.Background(), "zones", geopackage.Query{Where: []geopackage.Condition{{Column: "kind", Operator: "OR 1=1 --", Value: 1}}}),
	} {
		for _, err := range stream {
			if err == nil {
				t.Errorf("unknown %s: no error", name)
			}
		}
	}
}

func TestSameRecordsSameBytes(t *testing.T) {
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		path := filepath.Join(dir, string(rune('a'+i))+".gpkg")
		write(t, path)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = data
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two files of the same records differ")
	}
}

func TestOpensInGDAL(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.gpkg")
	write(t, path)
	for _, args := range [][]string{{"-so", "-al", path}, {"-al", path, "-spat", "139", "36", "139.2", "36.3"}} {
		out, err := exec.Command("ogrinfo", args...).CombinedOutput()
		if err != nil {
			t.Fatalf("ogrinfo %v: %v\n%s", args, err, out)
		}
		for _, complaint := range []string{"Warning", "ERROR"} {
			if strings.Contains(string(out), complaint) {
				t.Errorf("ogrinfo %v complains:\n%s", args, out)
			}
		}
	}
	// GDAL edits through the triggers; our reader must still find the result.
	out, err := exec.Command("ogrinfo", path, "-sql", "DELETE FROM zones WHERE fid = 4").CombinedOutput()
	if err != nil || strings.Contains(string(out), "ERROR") {
		t.Fatalf("ogrinfo delete: %v\n%s", err, out)
	}
	f := open(t, path)
	if got := features(t, f, "zones", geopackage.Query{Box: &orb.Bound{Min: orb.Point{139, 36}, Max: orb.Point{140, 37}}}); len(got) != 1 {
		t.Errorf("after the delete %d zones are left in the box, want 1", len(got))
	}
}
