package geopackage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"hazardmap/geo"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/wkb"
)

// The geometry header: "GP", version 0, flags, SRS id, envelope.
const (
	flagLittleEndian = 1 << 0
	flagEnvelopeXY   = 1 << 1
	flagEmpty        = 1 << 4
	envelopeShift    = 1
	envelopeMask     = 7
)

// envelopeBytes by the envelope indicator of the header.
var envelopeBytes = [...]int{0, 32, 48, 48, 64}

// encode writes a shape as a GeoPackage geometry with its envelope.
func encode(g orb.Geometry, srs int32) ([]byte, error) {
	t, err := toGeom(g)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	flags := byte(flagLittleEndian)
	_, point := g.(orb.Point)
	empty := t.Empty()
	switch {
	case empty:
		flags |= flagEmpty
	case !point:
		flags |= flagEnvelopeXY
	}
	b.Write([]byte{'G', 'P', 0, flags})
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(srs)))
	if !empty && !point {
		box := geo.Bound(g)
		for _, v := range []float64{box.Min[0], box.Max[0], box.Min[1], box.Max[1]} {
			b.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)))
		}
	}
	if err := wkb.Write(&b, wkb.NDR, t); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decode reads a GeoPackage geometry; nil for an empty one.
func decode(blob []byte) (orb.Geometry, error) {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return nil, errors.New("not a GeoPackage geometry")
	}
	if blob[2] != 0 {
		return nil, fmt.Errorf("geometry version %d is not known", blob[2])
	}
	flags := blob[3]
	kind := int(flags >> envelopeShift & envelopeMask)
	if kind >= len(envelopeBytes) || len(blob) < 8+envelopeBytes[kind] {
		return nil, errors.New("geometry envelope is cut off")
	}
	if flags&flagEmpty != 0 {
		return nil, nil
	}
	r := wkbReader{rest: blob[8+envelopeBytes[kind]:]}
	return r.geometry()
}

func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, []float64{g[0], g[1]}), nil
	case orb.MultiLineString:
		t := geom.NewMultiLineString(geom.XY)
		for _, line := range g {
			if err := t.Push(geom.NewLineStringFlat(geom.XY, appendFlat(nil, line))); err != nil {
				return nil, err
			}
		}
		return t, nil
	case orb.MultiPolygon:
		t := geom.NewMultiPolygon(geom.XY)
		for _, polygon := range g {
			var flat []float64
			var ends []int
			for _, ring := range polygon {
				flat = appendFlat(flat, ring)
				ends = append(ends, len(flat))
			}
			if err := t.Push(geom.NewPolygonFlat(geom.XY, flat, ends)); err != nil {
				return nil, err
			}
		}
		return t, nil
	}
	return nil, fmt.Errorf("geometry %s is not supported", g.GeoJSONType())
}

func appendFlat[P ~[]orb.Point](flat []float64, points P) []float64 {
	for _, p := range points {
		flat = append(flat, p[0], p[1])
	}
	return flat
}
