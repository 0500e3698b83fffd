package hazard

import (
	"bytes"
	"context"
	"flag"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// sample is a small input with everything an index can hold, from invented
// shapes.
func sample() *Input {
	square := func(x, y, size float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
	}
	in := &Input{
		DatasetID: "sample",
		Area:      Area{Code: "99999", Name: "見本市", Kana: "みほんし", Romaji: "Mihon", Sample: true, Boundary: square(139, 36, 0.01)},
		Sources:   []Source{{Title: "sample", Attribution: "nobody", Licence: "CC0-1.0", Edition: "2026"}},
		Zones: []Zone{
			{Kind: FloodDepth, Scenario: Max, Rank: 3, River: "見本川", Designated: "2026-01-01", Shape: square(139.001, 36.001, 0.004)},
			{Kind: FloodDepth, Scenario: Max, Rank: RankUnknown, ClassText: "?", Shape: square(139.003, 36.003, 0.004)},
			{Kind: FloodDepth, Scenario: Plan, Rank: 1, Shape: orb.MultiPolygon{
				{{{139.002, 36.002}, {139.004, 36.004}, {139.004, 36.002}, {139.002, 36.004}}}, square(139.0035, 36.0025, 0.002)[0]}},
			{Kind: LandslideDebris, Rank: 2, Flags: NotDesignated, Name: "見本沢", Number: "1", Place: "見本", Shape: square(139.02, 36.02, 0.001)},
			{Kind: LandslideDebris, Rank: 1, Flags: LineOnly, Shape: orb.MultiLineString{{{139.006, 36}, {139.007, 36.009}}}},
		},
		Shelters: []Shelter{{ID: "E9999900001", Name: "見本小学校", Lon: 139.005, Lat: 36.005, Emergency: true, Suitable: 3, Capacity: "640", Remarks: "２階に避難"}},
		Places:   []Place{{ID: "b", Area: square(139.002, 36.002, 0.003), Approximate: true}, {ID: "a", Area: square(139, 36, 0.03)}},
	}
	in.Coverage = []Coverage{
		{Kinds: KindSet(0).With(FloodDepth), Area: in.Area.Boundary},
		{Kinds: KindSet(0).With(LandslideDebris), Area: square(139, 36, 0.005), Incomplete: true},
	}
	// A comb makes nodes.
	var comb orb.Ring
	for i := range 60 {
		x := 139.008 + float64(i)*1e-5
		comb = append(comb, orb.Point{x, 36.008}, orb.Point{x, 36.0081}, orb.Point{x + 5e-6, 36.0081}, orb.Point{x + 5e-6, 36.008})
	}
	in.Zones = append(in.Zones, Zone{Kind: CollapseErosion, Scenario: Max, Rank: 1, Shape: orb.MultiPolygon{{append(comb, orb.Point{139.0086, 36.007}, comb[0])}}})
	SortZones(in.Zones)
	return in
}

// use asks everything; it must not panic whatever the bytes are.
func use(x *Index) {
	_ = x.Verify()
	r := rand.New(rand.NewPCG(1, 1))
	var points []geo.E7
	for range 200 {
		points = append(points, geo.Point{Lon: 138.999 + r.Float64()*0.025, Lat: 35.999 + r.Float64()*0.025}.E7())
	}
	points = append(points, geo.E7{}, geo.E7{Lon: -1 << 31, Lat: 1<<31 - 1})
	x.Batch(points, func(_ int, hits []Hit) {
		for _, h := range hits {
			x.Zone(h.Zone)
		}
	})
	for _, p := range points[:20] {
		x.Covered(p)
		x.InArea(p)
		x.Answer(p.Point(), Home{})
		for _, k := range []Kind{FloodDepth, LandslideDebris, CollapseErosion} {
			x.Near(p, k, Max, 300)
			x.LineWithin(p, k, 300)
		}
	}
	x.AreaShares(orb.MultiPolygon{{{{138.99, 35.99}, {139.03, 36}, {139.0045, 36.0301}}}})
	x.Range("a")
	x.Range("b")
	x.Area()
	x.Sources()
	x.Shelters()
}

// FuzzIndex changes bytes of a good file: it is refused, found wrong, or
// answers, but never panics. Checksums are repaired so that the fuzzer gets
// past them.
func FuzzIndex(f *testing.F) {
	_, good := write(f, sample())
	f.Add(uint32(0), []byte{}, uint32(len(good)))
	f.Add(uint32(8), []byte{0xff}, uint32(len(good)))
	f.Add(uint32(40), []byte{0xff, 0xff, 0xff, 0x7f}, uint32(len(good)))
	f.Add(uint32(4096), []byte{0xff, 0xff, 0xff, 0xff}, uint32(len(good)))
	f.Add(uint32(0), []byte{}, uint32(4096))
	f.Add(uint32(0), []byte{}, uint32(0))
	for id := secGrid; id < secEnd; id++ {
		at := le.Uint64(good[offSections+int(id-1)*entrySize+8:])
		for k := range uint32(6) {
			f.Add(uint32(at)+k*4, []byte{0xfe, 0xff, 0x8f, 0xff}, uint32(len(good)))
		}
	}
	f.Fuzz(func(t *testing.T, at uint32, change []byte, size uint32) {
		b := bytes.Clone(good[:min(int(size), len(good))])
		if int64(at) < int64(len(b)) {
			copy(b[at:], change)
		}
		if x, err := OpenIndex(b); err == nil {
			use(x)
		}
		if len(b) < headerSize {
			return
		}
		le.PutUint32(b[headerSize-4:], crc32.Checksum(b[:headerSize-4], castagnoli))
		if x, err := OpenIndex(b); err == nil {
			use(x)
		}
	})
}

func TestVerifyFindsEveryChange(t *testing.T) {
	x, good := write(t, sample())
	ends := map[int]bool{}
	for _, s := range x.header.sections[secGrid:] {
		for i := range s.length {
			ends[int(s.offset+i)] = true
		}
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 3000 {
		i := r.IntN(len(good))
		if i >= headerSize && !ends[i] {
			continue // padding between sections
		}
		b := bytes.Clone(good)
		b[i] ^= 1 << r.IntN(8)
		x, err := OpenIndex(b)
		if err == nil {
			err = x.Verify()
		}
		if err == nil {
			t.Fatalf("byte %d changed and nobody noticed", i)
		}
	}
}

func TestOpenIndexRefuses(t *testing.T) {
	_, good := write(t, sample())
	tests := []struct {
		name string
		b    func([]byte) []byte
		want string
	}{
		{"nothing", func([]byte) []byte { return nil }, "cut off"},
		{"other file", func([]byte) []byte { return make([]byte, 8192) }, "not a risk index"},
		{"newer version", func(b []byte) []byte { b[8] = 2; return b }, "format version 2 is unknown"},
		{"damaged header", func(b []byte) []byte { b[100]++; return b }, "checksum"},
		{"cut off", func(b []byte) []byte { return b[:len(b)-1] }, "cut off"},
		{"longer", func(b []byte) []byte { return append(b, 0) }, "bytes where the header says"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := OpenIndex(tt.b(bytes.Clone(good)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("OpenIndex = %v, want %q", err, tt.want)
			}
		})
	}
}

var update = flag.Bool("update", false, "rewrite golden files")

// TestGolden keeps the bytes of each format version for ever.
func TestGolden(t *testing.T) {
	path := filepath.Join("testdata", "risks-v1.idx")
	var b bytes.Buffer
	if err := WriteIndex(context.Background(), &b, sample()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := OpenIndex(want)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	hits := x.At(nil, geo.Point{Lon: 139.004, Lat: 36.004}.E7())
	if len(hits) != 3 {
		t.Errorf("At = %v, want three zones", hits)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the same input gives other bytes than %s", path)
	}
}
