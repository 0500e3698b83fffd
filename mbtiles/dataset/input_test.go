package dataset_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"

	"github.com/paulmach/orb"
)

// TestInput reads back what a dataset was made of.
func TestInput(t *testing.T) {
	c := contents()
	c.Input.Places = []hazard.Place{
		{ID: "109991000", Level: "town", Name: "本町", Kana: "ホンチョウ", Romaji: "Honcho", Area: orb.MultiPolygon{square(1, 1, 6, 6)}, Approximate: true},
		{ID: "109991001", Level: "chome", Name: "本町一丁目", Area: orb.MultiPolygon{square(1, 1, 2, 2), square(3, 3, 4, 4)}},
	}
	out := filepath.Join(t.TempDir(), "mihon")
	build(t, out, c)
	d, err := dataset.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	got, err := d.Input(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := *c.Input
	want.Coverage = nil
	for _, k := range hazard.Kinds() {
		if all := c.Input.Coverage[0]; all.Kinds.Has(k) {
			want.Coverage = append(want.Coverage, hazard.Coverage{Kinds: hazard.KindSet(0).With(k), Area: all.Area})
		}
	}
	if !reflect.DeepEqual(got, &want) {
		t.Errorf("Input() = %+v\nwant %+v", got, &want)
	}
	towns, err := d.Towns(context.Background())
	if err != nil || !reflect.DeepEqual(towns, want.Places) {
		t.Errorf("Towns() = %+v, %v, want %+v", towns, err, want.Places)
	}
}

func TestNoTowns(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	build(t, out, contents())
	d, err := dataset.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Towns(context.Background()); !errors.Is(err, dataset.ErrNoTowns) {
		t.Errorf("Towns() of a dataset without a gazetteer: %v, want %v", err, dataset.ErrNoTowns)
	}
}

// TestVerifyFindsAnotherTown gives a town the area of another.
func TestVerifyFindsAnotherTown(t *testing.T) {
	dir := t.TempDir()
	c := contents()
	c.Input.Places = []hazard.Place{{ID: "1", Level: "town", Name: "本町", Area: orb.MultiPolygon{square(1, 1, 6, 6)}}}
	build(t, filepath.Join(dir, "a"), c)
	c.Input.Places[0].Area = orb.MultiPolygon{square(1, 1, 5, 6)}
	build(t, filepath.Join(dir, "b"), c)
	takeFile(t, filepath.Join(dir, "b"), filepath.Join(dir, "a"), "hazards.gpkg")
	if err := dataset.Verify(context.Background(), filepath.Join(dir, "a"), nil); err == nil || !strings.Contains(err.Error(), "shares of 1 本町") {
		t.Errorf("Verify: %v", err)
	}
}

// takeFile puts a file of one dataset into another and names its hash in the
// manifest there, as somebody might who edits a dataset by hand.
func takeFile(t *testing.T, from, to, name string) {
	t.Helper()
	read := func(path string) []byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	digest := func(data []byte) []byte {
		sum := sha256.Sum256(data)
		return []byte(hex.EncodeToString(sum[:]))
	}
	before, after := read(filepath.Join(to, name)), read(filepath.Join(from, name))
	manifest := filepath.Join(to, dataset.ManifestName)
	if len(before) != len(after) {
		t.Fatalf("%s has %d and %d bytes; the manifest would have to change too", name, len(before), len(after))
	}
	write(t, filepath.Join(to, name), after)
	write(t, manifest, bytes.Replace(read(manifest), digest(before), digest(after), 1))
}
