package tiles_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path"
	"strings"
	"testing"

	"hazardmap/geo/published"
	"hazardmap/tiles"
)

// readTar returns the files of a .tar.gz by name.
func readTar(t *testing.T, name string) map[string][]byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDecodeFixtures reads the fixtures of the MVT working group: those that
// version 2 allows are read, all others refused.
func TestDecodeFixtures(t *testing.T) {
	files := readTar(t, published.Path(t, "basemap-tiles/mvt-fixtures-A.tar.gz"))
	seen := 0
	for name, raw := range files {
		if !strings.HasSuffix(name, "tile.mvt") {
			continue
		}
		var info struct {
			Description string
			Validity    struct{ V2 bool }
		}
		if err := json.Unmarshal(files[path.Join(path.Dir(name), "info.json")], &info); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen++
		if _, err := tiles.Decode(raw); (err == nil) != info.Validity.V2 {
			t.Errorf("Decode(%s) = %v, want valid %v: %s", name, err, info.Validity.V2, info.Description)
		}
	}
	if seen < 37 {
		t.Errorf("%d fixtures, want at least 37", seen)
	}
}

func TestDecodeRealWorld(t *testing.T) {
	files := readTar(t, published.Path(t, "basemap-tiles/omt_tiles_z0-z5.tar.gz"))
	for name, raw := range files {
		if !strings.HasSuffix(name, ".mvt") && !strings.HasSuffix(name, ".pbf") {
			continue
		}
		if tile, err := tiles.Decode(raw); err != nil || len(tile.Layers) == 0 {
			t.Errorf("Decode(%s) = %d layers, %v", name, len(tile.Layers), err)
		}
	}
}

// FuzzDecode: no input makes the decoder panic, and what it reads has rings
// and lines that can be drawn.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x1a})
	f.Add([]byte("\x1a\x20\x78\x02\x0a\x01a\x12\x10\x18\x03\x22\x0c\x09\x00\x00\x12\x02\x00\x00\x02\x01\x01\x0f\x0f\x28\x80\x20"))
	f.Add([]byte{0x1a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x78})
	f.Fuzz(func(t *testing.T, raw []byte) {
		tile, err := tiles.Decode(raw)
		if err != nil {
			return
		}
		for _, l := range tile.Layers {
			for _, f := range l.Features {
				for _, part := range f.Parts {
					if len(part) < [...]int{0, 1, 2, 3}[f.Type] {
						t.Errorf("type %d with a part of %d points", f.Type, len(part))
					}
				}
			}
		}
	})
}
