package offline

import (
	"errors"
	"reflect"
	"testing"

	"hazardmap/i18n"
	"hazardmap/tiles"
	"hazardmap/web/view"
)

var site = Site{ID: "99999", Version: "0123456789abcdef", Edition: "2026-04-01", BaseURL: "https://map.example.jp", Script: "/assets/main-1.js",
	Worker: "/sw.js", Tilesets: []string{"flood", "places"},
	Contacts: []view.Contact{{Name: "見本市役所", Phone: "0270-00-0000", Hours: []view.Hours{{Lang: i18n.Vietnamese, Text: "9:00"}}}, {Name: "消防"}}}

func TestSiteReadsBack(t *testing.T) {
	for _, want := range []Site{{}, site} {
		got, err := ParseSite(want.Encode())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ParseSite(Encode(%+v)) = %+v, %v", want, got, err)
		}
	}
}

// FuzzParseSite: it takes only what Encode writes.
func FuzzParseSite(f *testing.F) {
	whole := site.Encode()
	for _, b := range [][]byte{nil, []byte("-1"), []byte("NaN"), whole, whole[:len(whole)-1], append(whole[:len(whole):len(whole)], 0), Site{}.Encode()} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseSite(b)
		if err == nil && string(s.Encode()) != string(b) {
			t.Errorf("ParseSite takes %q, which is not what Encode writes", b)
		}
	})
}

func writtenTiles(t testing.TB) ([]byte, map[string]map[tiles.ID]string) {
	want := map[string]map[tiles.ID]string{
		"flood":  {{Z: 6, X: 56, Y: 24}: "wide", {Z: 14, X: 1, Y: 2}: "same", {Z: 14, X: 1, Y: 3}: "same"},
		"places": {{Z: 14, X: 1, Y: 2}: "names", {Z: 14, X: 9, Y: 0}: ""},
	}
	var w TileWriter
	add := func(set string, id tiles.ID) {
		if err := w.Add(set, id, []byte(want[set][id])); err != nil {
			t.Fatal(err)
		}
	}
	add("flood", tiles.ID{Z: 6, X: 56, Y: 24})
	add("flood", tiles.ID{Z: 14, X: 1, Y: 2})
	add("flood", tiles.ID{Z: 14, X: 1, Y: 3})
	add("places", tiles.ID{Z: 14, X: 1, Y: 2})
	add("places", tiles.ID{Z: 14, X: 9, Y: 0})
	return w.Encode(), want
}

func TestTilesReadBack(t *testing.T) {
	b, want := writtenTiles(t)
	sets, err := openTiles(b)
	if err != nil {
		t.Fatal(err)
	}
	for set, all := range want {
		for id, body := range all {
			if got := sets[set].find(id); got == nil || string(got) != body {
				t.Errorf("%s %v = %q, want %q", set, id, got, body)
			}
		}
		if got := sets[set].find(tiles.ID{Z: 14, X: 2, Y: 2}); got != nil {
			t.Errorf("%s holds a tile that nobody added: %q", set, got)
		}
	}
	if got := sets["none"].find(tiles.ID{}); got != nil {
		t.Errorf("no set holds %q", got)
	}
}

func TestTilesInOrder(t *testing.T) {
	var w TileWriter
	id := tiles.ID{Z: 1, X: 1, Y: 1}
	if err := w.Add("b", id, nil); err != nil {
		t.Fatal(err)
	}
	for _, next := range []struct {
		set string
		id  tiles.ID
	}{{"b", id}, {"b", tiles.ID{}}, {"a", tiles.ID{Z: 2}}} {
		if err := w.Add(next.set, next.id, nil); !errors.Is(err, ErrTileOrder) {
			t.Errorf("Add(%s, %v) = %v, want %v", next.set, next.id, err, ErrTileOrder)
		}
	}
}

// FuzzOpenTiles: no file makes a look-up leave it.
func FuzzOpenTiles(f *testing.F) {
	whole, _ := writtenTiles(f)
	for _, b := range [][]byte{nil, []byte("-1"), []byte("NaN"), whole, whole[:len(whole)-1], whole[:40], []byte(tilesMagic + "\x00")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sets, err := openTiles(b)
		if err != nil {
			return
		}
		for _, s := range sets {
			for i := range len(s.entries) / tileEntry {
				id, _, length := s.at(i)
				if got := s.find(id); got != nil && len(got) > len(b) {
					t.Errorf("tile %v has %d of %d bytes, its entry says %d", id, len(got), len(b), length)
				}
			}
		}
	})
}
