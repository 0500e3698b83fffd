package web

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/klauspost/compress/zlib"

	"hazardmap/geo/published"
	"hazardmap/mbtiles"
)

// TestServesEveryRealTileset opens every tileset of the published data that
// can be opened and compares each tile, as a client without gzip gets it, with
// what the archive holds.
func TestServesEveryRealTileset(t *testing.T) {
	folder := published.Path(t, "basemap-tiles/mbtiles")
	var files []string
	for _, pattern := range []string{"*.mbtiles", "martin/*.mbtiles"} {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil || len(found) == 0 {
			t.Fatal("no tileset", err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := mbtiles.Open(file)
			var set *openSet
			if err == nil {
				defer archive.Close()
				d := testCity(t)
				d.Archives = map[string]Archive{"base": archive}
				set, err = openAll(t.Context(), []*Dataset{d})
			}
			if refused := []string{"invalid.mbtiles", "invalid-tile-format.mbtiles", "invalid-tile-idx.mbtiles", "json.mbtiles"}; slices.Contains(refused, filepath.Base(file)) {
				if err == nil {
					t.Fatal("it was taken")
				}
				t.Logf("refused: %v", err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			s := testServer(t, Options{})
			s.swap(set)
			format := set.tilesets["base/"+testVersion].format
			n := 0
			for stored, err := range archive.All(context.Background()) {
				if err != nil {
					t.Fatal(err)
				}
				target := "/tiles/base/" + testVersion + "/" + stored.ID.String() + "." + format.ext
				w := ask(s, "GET", target)
				if want := plainBytes(t, s, stored); w.Code != 200 || !bytes.Equal(w.Body.Bytes(), want) {
					t.Fatalf("GET %s = %d, %d bytes; want the %d bytes of the archive", target, w.Code, w.Body.Len(), len(want))
				}
				n++
			}
			if info, err := os.Stat(file); err == nil {
				t.Logf("%d tiles, %d bytes in the file, %d in the pack", n, info.Size(), len(set.tilesets["base/"+testVersion].pack.body))
			}
		})
	}
}

func plainBytes(t *testing.T, s *server, stored mbtiles.Stored) []byte {
	t.Helper()
	switch stored.Encoding {
	case mbtiles.Gzip:
		raw, err := s.inflater.inflate(t.Context(), stored.Data)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	case mbtiles.Zlib:
		z, err := zlib.NewReader(bytes.NewReader(stored.Data))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := readTile(z)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	return stored.Data
}
