package web

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// shelf is an archive in memory.
type shelf struct {
	meta   mbtiles.Metadata
	stored []mbtiles.Stored
	err    error // yielded last
}

func (s *shelf) Metadata() mbtiles.Metadata { return s.meta }

func (s *shelf) All(context.Context) iter.Seq2[mbtiles.Stored, error] {
	return func(yield func(mbtiles.Stored, error) bool) {
		for _, stored := range s.stored {
			if !yield(stored, nil) {
				return
			}
		}
		if s.err != nil {
			yield(mbtiles.Stored{}, s.err)
		}
	}
}

func zipped(t testing.TB, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func deflated(t testing.TB, raw []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func noise(rng *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// TestPackHoldsWhatWasPut compares the pack with a map, for ids that crowd
// together as tiles do.
func TestPackHoldsWhatWasPut(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	w, err := newPackWriter()
	if err != nil {
		t.Fatal(err)
	}
	want := map[tiles.ID][]byte{}
	bodies := [][]byte{noise(rng, 1), noise(rng, 5000), {}}
	for z := uint8(0); z <= tiles.DeepestZoom; z++ {
		side := uint32(1) << z
		for range 300 {
			id := tiles.ID{Z: z, X: (side/2 + rng.Uint32N(20)) % side, Y: side - 1 - rng.Uint32N(min(side, 20))}
			if _, there := want[id]; there {
				continue
			}
			body := bodies[rng.IntN(len(bodies))]
			if rng.IntN(2) == 0 {
				body = noise(rng, rng.IntN(600))
			}
			want[id] = body
			if err := w.add(id, body); err != nil {
				t.Fatal(err)
			}
		}
	}
	p, err := w.finish()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if p.tiles != len(want) {
		t.Errorf("pack holds %d tiles, want %d", p.tiles, len(want))
	}
	for z := uint8(0); z <= tiles.DeepestZoom; z++ {
		side := uint32(1) << z
		for range 2000 {
			id := tiles.ID{Z: z, X: (side/2 + rng.Uint32N(40)) % side, Y: side - 1 - rng.Uint32N(min(side, 40))}
			body, there := want[id]
			if got, _, ok := p.find(id); ok != there || !bytes.Equal(got, body) {
				t.Fatalf("find(%v) = %d bytes, %v; want %d bytes, %v", id, len(got), ok, len(body), there)
			}
		}
	}
}

func TestPackStoresRepeatsOnce(t *testing.T) {
	w, err := newPackWriter()
	if err != nil {
		t.Fatal(err)
	}
	water := bytes.Repeat([]byte("water"), 100)
	for x := range uint32(50) {
		if err := w.add(tiles.ID{Z: 10, X: x, Y: 3}, water); err != nil {
			t.Fatal(err)
		}
	}
	p, err := w.finish()
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if len(p.body) != len(water) {
		t.Errorf("50 equal tiles take %d bytes, want %d", len(p.body), len(water))
	}
}

func TestPackRefuses(t *testing.T) {
	tests := []struct {
		name string
		put  []tiles.ID
		body int
		want string
	}{
		{"a tile twice", []tiles.ID{{Z: 3, X: 1, Y: 1}, {Z: 3, X: 1, Y: 1}}, 1, "tile 3/1/1 is there twice"},
		{"a column beyond the zoom", []tiles.ID{{Z: 3, X: 8, Y: 1}}, 1, "no such tile"},
		{"a zoom too deep", []tiles.ID{{Z: 25, X: 8, Y: 1}}, 1, "no such tile"},
		{"a tile of 16 MiB", []tiles.ID{{Z: 3, X: 1, Y: 1}}, 16 << 20, "bytes are too many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, err := newPackWriter()
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range tt.put {
				if err = w.add(id, make([]byte, tt.body)); err != nil {
					break
				}
			}
			if err == nil {
				_, err = w.finish()
			} else if closed := w.abort(nil); closed != nil {
				t.Error(closed)
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestOpenTileset(t *testing.T) {
	raw := []byte("layers of a tile")
	id := tiles.ID{Z: 2, X: 3, Y: 1}
	gz := zipped(t, raw)
	tests := []struct {
		name   string
		format string
		stored mbtiles.Stored
		want   string // as served, inflated; "" for a refusal
	}{
		{"gzip as it is", "pbf", mbtiles.Stored{ID: id, Data: gz, Encoding: mbtiles.Gzip}, string(raw)},
		{"not compressed", "pbf", mbtiles.Stored{ID: id, Data: raw}, string(raw)},
		{"zlib", "pbf", mbtiles.Stored{ID: id, Data: deflated(t, raw), Encoding: mbtiles.Zlib}, string(raw)},
		{"broken zlib", "pbf", mbtiles.Stored{ID: id, Data: raw, Encoding: mbtiles.Zlib}, ""},
		{"zlib bomb", "pbf", mbtiles.Stored{ID: id, Data: deflated(t, make([]byte, maxRawTile+1)), Encoding: mbtiles.Zlib}, ""},
		{"grid", "json", mbtiles.Stored{ID: id, Data: raw}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ts, err := openTileset(t.Context(), &shelf{meta: mbtiles.Metadata{Format: tt.format}, stored: []mbtiles.Stored{tt.stored}})
			if tt.want == "" {
				if err == nil {
					t.Fatal("openTileset took it")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer ts.pack.close()
			body, _, ok := ts.pack.find(id)
			got, err := newInflater().inflate(t.Context(), body)
			if !ok || err != nil || string(got) != tt.want {
				t.Errorf("tile = %q, %v, %v; want %q", got, ok, err, tt.want)
			}
		})
	}
	t.Run("a shelf that breaks", func(t *testing.T) {
		if _, err := openTileset(t.Context(), &shelf{meta: mbtiles.Metadata{Format: "pbf"}, err: fmt.Errorf("malformed")}); err == nil || err.Error() != "malformed" {
			t.Errorf("error %v, want that of the shelf", err)
		}
	})
}

func TestWindows(t *testing.T) {
	isesaki := [4]float64{139.08, 36.24, 139.28, 36.44}
	tests := []struct {
		bounds [4]float64
		z      uint8
		want   window
	}{
		{isesaki, 0, window{0, 0, 1, 1}},
		{isesaki, 10, window{907, 400, 909, 402}},
		{[4]float64{-180, -90, 180, 90}, 2, window{0, 0, 4, 4}},
		{[4]float64{0, 0, 0, 0.1}, 1, window{1, 0, 2, 2}},
	}
	for _, tt := range tests {
		if got := windowOf(tt.bounds, tt.z); got != tt.want {
			t.Errorf("windowOf(%v, %d) = %v, want %v", tt.bounds, tt.z, got, tt.want)
		}
	}
}

func TestPlainAttribution(t *testing.T) {
	tests := []struct{ html, want string }{
		{"国土数値情報（洪水浸水想定区域データ）", "国土数値情報（洪水浸水想定区域データ）"},
		{`<a href="https://example.org/">&copy; OpenStreetMap contributors</a>`, "© OpenStreetMap contributors"},
		{`<img src=x onerror=alert(1)>map`, "map"},
		{`&lt;script&gt;x`, "&lt;script&gt;x"},
		{`<<b>script>x`, "script&gt;x"},
		{"A &amp; B", "A &amp; B"},
		{"cut <a href", "cut"},
	}
	for _, tt := range tests {
		if got := plainAttribution(tt.html); got != tt.want {
			t.Errorf("plainAttribution(%q) = %q, want %q", tt.html, got, tt.want)
		}
	}
}
