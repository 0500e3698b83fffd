package mbtiles_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// pyramid returns tiles of zooms 6 to 8 around Isesaki, some of them equal.
func pyramid() map[tiles.ID][]byte {
	set := map[tiles.ID][]byte{}
	for z := uint8(6); z <= 8; z++ {
		at := tiles.ID{Z: 8, X: 226, Y: 100}.Up(z)
		for dx := range uint32(3) {
			for dy := range uint32(2) {
				set[tiles.ID{Z: z, X: at.X + dx, Y: at.Y + dy}] = fmt.Appendf([]byte{0x1a}, "zoom %d column %d", z, dx)
			}
		}
	}
	return set
}

func write(t *testing.T, path string, set map[tiles.ID][]byte) {
	t.Helper()
	w, err := mbtiles.Create(path, mbtiles.Metadata{Name: "Flood", Type: "overlay", Attribution: "someone"})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range sortedIDs(set) {
		if err := w.Put(id, set[id]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// A zone's needle may stand in an overview tile and in none of the deepest
// zoom: the bounds reach every tile all the same.
func TestBoundsReachEveryTile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.mbtiles")
	write(t, path, pyramid())
	a, err := mbtiles.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b := a.Metadata().Bounds
	for id := range pyramid() {
		west, north := tiles.Corner(id)
		east, south := tiles.Corner(tiles.ID{Z: id.Z, X: id.X + 1, Y: id.Y + 1})
		if west > b[2] || east < b[0] || south > b[3] || north < b[1] {
			t.Errorf("tile %v lies outside bounds %v", id, b)
		}
	}
}

func TestWriteRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a?b#100%.mbtiles")
	set := pyramid()
	write(t, path, set)
	a, err := mbtiles.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for s, err := range a.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		raw, err := mbtiles.Inflate(s.Data, s.Encoding)
		if err != nil || !bytes.Equal(raw, set[s.ID]) {
			t.Errorf("tile %v = %q, %v, want %q", s.ID, raw, err, set[s.ID])
		}
		delete(set, s.ID)
	}
	if len(set) > 0 {
		t.Errorf("All yields not %v", sortedIDs(set))
	}
	m := a.Metadata()
	if m.Name != "Flood" || m.Format != "pbf" || m.MinZoom != 6 || m.MaxZoom != 8 || m.Bounds[0] >= m.Center[0] || m.Other["agg_tiles_hash"] == "" {
		t.Errorf("Metadata() = %+v", m)
	}
}

func TestSameTilesSameBytes(t *testing.T) {
	var sums [2][sha256.Size]byte
	for i := range sums {
		path := filepath.Join(t.TempDir(), "flood.mbtiles")
		write(t, path, pyramid())
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sums[i] = sha256.Sum256(b)
	}
	if sums[0] != sums[1] {
		t.Error("the same tiles gave two different files")
	}
}

func TestWriterRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "flood.mbtiles")
	write(t, path, pyramid())
	if _, err := mbtiles.Create(path, mbtiles.Metadata{}); !errors.Is(err, os.ErrExist) {
		t.Errorf("Create over a file = %v, want ErrExist", err)
	}
	w, err := mbtiles.Create(filepath.Join(dir, "twice.mbtiles"), mbtiles.Metadata{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Put(tiles.ID{Z: 2, X: 4}, nil); err == nil {
		t.Error("Put takes a tile outside the pyramid")
	}
	for range 2 {
		if err := w.Put(tiles.ID{Z: 2, X: 3}, []byte{0x1a, 0}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err == nil {
		t.Error("Close takes the same tile twice")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("left behind: %v, want only flood.mbtiles", left)
	}
}
