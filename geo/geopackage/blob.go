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
	return decodeWKB(bytes.NewReader(blob[8+envelopeBytes[kind]:]))
}

// ISO WKB types without Z and M.
const (
	wkbPoint = iota + 1
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
)

// decodeWKB reads the parts of a collection one by one: go-geom caps a
// multipolygon at 1,024 parts, which real files exceed, and nests as deep as a
// hostile file likes.
func decodeWKB(r *bytes.Reader) (orb.Geometry, error) {
	kind, order, err := peekWKB(r)
	if err != nil {
		return nil, err
	}
	switch kind {
	case wkbPoint, wkbLineString, wkbPolygon:
		return decodeSingle(r)
	case wkbMultiLineString, wkbMultiPolygon:
	default:
		return nil, fmt.Errorf("geometry type %d is not supported", kind)
	}
	var head [9]byte
	if n, _ := r.Read(head[:]); n != len(head) {
		return nil, errors.New("geometry is cut off")
	}
	parts := order.Uint32(head[5:])
	var lines orb.MultiLineString
	var polygons orb.MultiPolygon
	for range parts {
		if part, _, err := peekWKB(r); err != nil || part != kind-3 {
			return nil, errors.Join(errors.New("geometry part is of another type than its collection"), err)
		}
		single, err := decodeSingle(r)
		if err != nil {
			return nil, err
		}
		switch g := single.(type) {
		case orb.LineString:
			lines = append(lines, g)
		case orb.Polygon:
			polygons = append(polygons, g)
		}
	}
	if kind == wkbMultiLineString {
		return lines, nil
	}
	return polygons, nil
}

// peekWKB returns the type, without Z and M, of the geometry that comes next.
func peekWKB(r *bytes.Reader) (kind uint32, order binary.ByteOrder, err error) {
	var head [5]byte
	n, _ := r.ReadAt(head[:], r.Size()-int64(r.Len()))
	if n != len(head) {
		return 0, nil, errors.New("geometry is cut off")
	}
	order = binary.LittleEndian
	if head[0] == 0 {
		order = binary.BigEndian
	}
	return order.Uint32(head[1:]) % 1000, order, nil
}

func decodeSingle(r *bytes.Reader) (orb.Geometry, error) {
	if err := checkCounts(r); err != nil {
		return nil, err
	}
	t, err := wkb.Read(r)
	if err != nil {
		return nil, err
	}
	return fromGeom(t)
}

// checkCounts refuses a line or polygon that announces more points than there
// are bytes, before memory is taken for them. It leaves r where it was.
func checkCounts(r *bytes.Reader) error {
	kind, order, err := peekWKB(r)
	if err != nil {
		return err
	}
	at := r.Size() - int64(r.Len()) + 1
	count := func() int64 {
		var four [4]byte
		if n, _ := r.ReadAt(four[:], at); n != len(four) {
			return math.MaxInt32
		}
		at += 4
		return int64(order.Uint32(four[:]))
	}
	pointBytes := 8 * (2 + (count()/1000+1)/2) // 0 XY, 1 XYZ, 2 XYM, 3 XYZM
	rings := int64(1)
	switch kind {
	case wkbPoint:
		return nil
	case wkbPolygon:
		rings = count()
	}
	for range rings {
		at += count() * pointBytes
		if at > r.Size() {
			return errors.New("geometry is cut off")
		}
	}
	return nil
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

func fromGeom(t geom.T) (orb.Geometry, error) {
	flat, stride := t.FlatCoords(), t.Stride()
	switch t := t.(type) {
	case *geom.Point:
		return orb.Point{t.X(), t.Y()}, nil
	case *geom.LineString:
		return orb.LineString(points(flat, stride)), nil
	case *geom.Polygon:
		polygon := make(orb.Polygon, 0, t.NumLinearRings())
		start := 0
		for _, end := range t.Ends() {
			polygon = append(polygon, orb.Ring(points(flat[start:end], stride)))
			start = end
		}
		return polygon, nil
	}
	return nil, fmt.Errorf("geometry %T is not supported", t)
}

func points(flat []float64, stride int) []orb.Point {
	all := make([]orb.Point, 0, len(flat)/stride)
	for i := 0; i+stride <= len(flat); i += stride {
		all = append(all, orb.Point{flat[i], flat[i+1]})
	}
	return all
}
