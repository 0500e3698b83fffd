package web

import (
	"fmt"
	"testing"

	"hazardmap/tiles"
)

func TestParseTilePath(t *testing.T) {
	id := tiles.ID{Z: 14, X: 14526, Y: 6440}
	tests := []struct {
		path string
		want tilePath
		ours bool
	}{
		{"/tiles/flood/1f0c/14/14526/6440.mvt", tilePath{"flood/1f0c", id, "mvt", true}, true},
		{"/tiles/base/1f0c/14/14526/6440.png", tilePath{"base/1f0c", id, "png", true}, true},
		{"/tiles/flood/1f0c/0/0/0.mvt", tilePath{"flood/1f0c", tiles.ID{}, "mvt", true}, true},
		{"/tiles/flood/1f0c/-1/0/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/1/-1/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/1/2/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/1/0/2.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/25/0/2.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/01/0/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/+1/0/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/1/0/0,5.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/NaN/0/0.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c///.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/14/4294981822/6440.mvt", tilePath{set: "flood/1f0c", ext: "mvt"}, true},
		{"/tiles/flood/1f0c/14/14526/6440.mvt\x00", tilePath{"flood/1f0c", id, "mvt\x00", true}, true},
		{"/tiles/flood/1f0c/14/14526/6440", tilePath{"flood/1f0c", id, "", true}, true},
		{"/tiles/flood/1f0c/../../..", tilePath{set: "flood/1f0c", ext: "."}, true},
		{"/tiles//1f0c/1/0/0.mvt", tilePath{}, false},
		{"/tiles/flood//1/0/0.mvt", tilePath{}, false},
		{"/tiles/flood/1f0c/1/0", tilePath{}, false},
		{"/tiles/flood/1f0c/1/0/0/0.mvt", tilePath{}, false},
		{"/tiles/flood.json", tilePath{}, false},
		{"/Tiles/flood/1f0c/1/0/0.mvt", tilePath{}, false},
		{"", tilePath{}, false},
	}
	for _, tt := range tests {
		if got, ours := parseTilePath(tt.path); got != tt.want || ours != tt.ours {
			t.Errorf("parseTilePath(%q) = %+v, %v; want %+v, %v", tt.path, got, ours, tt.want, tt.ours)
		}
	}
}

// FuzzParseTilePath: a tile has one address only.
func FuzzParseTilePath(f *testing.F) {
	for _, seed := range []string{"/tiles/flood/1f0c/14/14526/6440.mvt", "/tiles/flood/1f0c/-1/0/0.mvt", "/tiles/flood/1f0c/NaN/0/0.mvt",
		"/tiles/flood/1f0c/1/-1/0.mvt", "/tiles/a/b/00/0/0.mvt", "/tiles/a/b/3/", "/tiles/", "", "/tiles/a/b/2/3/3.", "/tiles/a/b/24/16777215/16777216.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		p, ours := parseTilePath(path)
		if !ours || !p.ok {
			return
		}
		if !p.id.Valid() {
			t.Fatalf("parseTilePath(%q) took %v, which is no tile", path, p.id)
		}
		again := fmt.Sprintf("/tiles/%s/%v", p.set, p.id)
		if p.ext != "" {
			again += "." + p.ext
		}
		if again != path && again+"." != path {
			t.Fatalf("parseTilePath(%q) took what is written %q", path, again)
		}
	})
}
