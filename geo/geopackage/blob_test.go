package geopackage

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"
	"github.com/twpayne/go-geom/encoding/wkbcommon"
)

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ name, hex string }{
		{"nothing", ""},
		{"other magic", "5047000100000000"},
		{"later version", "4750010100000000"},
		{"unknown envelope", "4750000b00000000"},
		{"envelope cut off", "475000030000000000"},
		{"geometry cut off", "4750000100000000" + "0101"},
		{"collection of collections", "4750000100000000" + "010700000001000000010700000000000000"},
		{"line in a multipolygon", "4750000100000000" + "010600000001000000010200000000000000"},
		{"more parts than bytes", "4750000100000000" + "0106000000ffffffff"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			blob, err := hex.DecodeString(tt.hex)
			if err != nil {
				t.Fatal(err)
			}
			if g, err := decode(blob); err == nil {
				t.Errorf("decode(%s) = %v, want an error", tt.hex, g)
			}
		})
	}
}

func TestManyParts(t *testing.T) {
	var many orb.MultiPolygon
	for i := range 3000 {
		x := float64(i)
		many = append(many, orb.Polygon{{{x, 0}, {x + 0.5, 0}, {x, 1}, {x, 0}}})
	}
	blob, err := encode(many, WGS84)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(blob)
	if err != nil || !reflect.DeepEqual(got, orb.Geometry(many)) {
		t.Errorf("3000 parts do not come back: %v", err)
	}
}

// FuzzDecode: what decodes is written and read again as the same shape.
func FuzzDecode(f *testing.F) {
	for _, g := range []orb.Geometry{
		orb.Point{-1, 2}, orb.Point{math.NaN(), math.Inf(1)}, orb.MultiPolygon{}, orb.MultiPolygon{{}},
		orb.MultiPolygon{{{{1, 2}, {3, 4}, {5, 6}, {1, 2}}}}, orb.MultiLineString{{{1, 2}, {3, 4}}},
	} {
		blob, err := encode(g, WGS84)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(blob)
		f.Add(blob[:len(blob)/2])
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, blob []byte) {
		g, err := decode(blob)
		if err != nil || g == nil {
			return
		}
		if polygon, ok := g.(orb.Polygon); ok {
			g = orb.MultiPolygon{polygon}
		}
		if line, ok := g.(orb.LineString); ok {
			g = orb.MultiLineString{line}
		}
		again, err := encode(g, WGS84)
		if err != nil {
			t.Fatalf("encode(%v): %v", g, err)
		}
		back, err := decode(again)
		if err != nil {
			t.Fatalf("decode of what encode wrote: %v", err)
		}
		if twice, err := encode(orNothing(back), WGS84); err != nil || (back != nil && string(twice) != string(again)) {
			t.Fatalf("encode(decode(%x)) = %x, %v", again, twice, err)
		}
	})
}

func orNothing(g orb.Geometry) orb.Geometry {
	if g == nil {
		return orb.MultiPolygon{}
	}
	return g
}

// FuzzDecodeLikeGeom: what decodes has the corners that go-geom finds, whatever
// the order of bytes and the layout of corners.
func FuzzDecodeLikeGeom(f *testing.F) {
	polygon := geom.NewPolygonFlat(geom.XYZM, []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3}, []int{16})
	for _, g := range []geom.T{
		geom.NewPointFlat(geom.XYM, []float64{-1, math.NaN(), 3}), geom.NewLineStringFlat(geom.XYZ, []float64{1, 2, 3, 4, 5, 6}), polygon,
		geom.NewMultiPolygonFlat(geom.XY, []float64{0, 0, 1, 0, 0, 1, 0, 0}, [][]int{{8}, {}}), geom.NewMultiLineStringFlat(geom.XYM, []float64{1, 2, 3, 4, 5, 6}, []int{3, 6}),
	} {
		for _, order := range []binary.ByteOrder{wkb.NDR, wkb.XDR} {
			b, err := wkb.Marshal(g, order)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
			f.Add(b[:len(b)-1])
		}
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := (&wkbReader{rest: b}).geometry()
		if err != nil {
			return
		}
		want, err := wkb.Read(bytes.NewReader(b))
		if errors.As(err, &wkbcommon.ErrGeometryTooLarge{}) {
			return
		}
		if err != nil {
			t.Fatalf("geometry(%x) = %v, go-geom says %v", b, got, err)
		}
		var flat []float64
		for i := 0; i < len(want.FlatCoords()); i += want.Stride() {
			flat = append(flat, want.FlatCoords()[i:i+2]...)
		}
		if corners := flatCorners(got); !slices.EqualFunc(corners, flat, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }) {
			t.Fatalf("geometry(%x) has the corners %v, go-geom %v", b, corners, flat)
		}
	})
}

func flatCorners(g orb.Geometry) (flat []float64) {
	switch g := g.(type) {
	case orb.Point:
		return g[:]
	case orb.LineString:
		return appendFlat(nil, g)
	case orb.Polygon:
		for _, ring := range g {
			flat = appendFlat(flat, ring)
		}
	case orb.MultiLineString:
		for _, line := range g {
			flat = appendFlat(flat, line)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			flat = append(flat, flatCorners(polygon)...)
		}
	}
	return flat
}
