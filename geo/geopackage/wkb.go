package geopackage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// ISO WKB types without Z and M.
const (
	wkbPoint = iota + 1
	wkbLineString
	wkbPolygon
	wkbMultiPoint
	wkbMultiLineString
	wkbMultiPolygon
)

// wkbReader reads one geometry of well-known binary. go-geom, which writes
// them, caps a multipolygon at 1,024 parts, which real files exceed, nests as
// deep as a hostile file likes, and copies every corner twice.
type wkbReader struct {
	rest   []byte
	order  binary.ByteOrder
	stride int // bytes of a corner
}

var errCutOff = errors.New("geometry is cut off")

// Sizes of what stands before what is counted.
const (
	wkbHeadBytes  = 5
	wkbCountBytes = 4
)

func (r *wkbReader) geometry() (orb.Geometry, error) {
	kind, err := r.head()
	if err != nil {
		return nil, err
	}
	switch kind {
	case wkbPoint:
		if len(r.rest) < r.stride {
			return nil, errCutOff
		}
		return r.corner(), nil
	case wkbLineString:
		line, err := r.corners()
		return orb.LineString(line), err
	case wkbPolygon:
		return r.polygon()
	case wkbMultiLineString:
		var lines orb.MultiLineString
		err := r.parts(wkbLineString, func() error {
			line, err := r.corners()
			lines = append(lines, line)
			return err
		})
		return lines, err
	case wkbMultiPolygon:
		var polygons orb.MultiPolygon
		err := r.parts(wkbPolygon, func() error {
			polygon, err := r.polygon()
			polygons = append(polygons, polygon)
			return err
		})
		return polygons, err
	}
	return nil, fmt.Errorf("geometry type %d is not supported", kind)
}

// head reads the byte order and the type, which it returns without Z and M.
func (r *wkbReader) head() (kind uint32, err error) {
	if len(r.rest) < wkbHeadBytes {
		return 0, errCutOff
	}
	switch r.rest[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, fmt.Errorf("geometry has byte order %d", r.rest[0])
	}
	code := r.order.Uint32(r.rest[1:])
	r.rest = r.rest[wkbHeadBytes:]
	if code >= 4000 {
		return 0, fmt.Errorf("geometry type %d is not supported", code)
	}
	r.stride = 8 * int(2+(code/1000+1)/2) // 0 XY, 1 XYZ, 2 XYM, 3 XYZM
	return code % 1000, nil
}

// count reads how many things follow. There are no more than their bytes are
// there for, so that memory can be taken for them.
func (r *wkbReader) count(bytesOfOne int) (int, error) {
	if len(r.rest) < wkbCountBytes {
		return 0, errCutOff
	}
	n := int64(r.order.Uint32(r.rest))
	r.rest = r.rest[wkbCountBytes:]
	if n*int64(bytesOfOne) > int64(len(r.rest)) {
		return 0, errCutOff
	}
	return int(n), nil
}

// parts reads the parts of a collection, each of which says its type again.
func (r *wkbReader) parts(want uint32, read func() error) error {
	n, err := r.count(wkbHeadBytes + wkbCountBytes)
	if err != nil {
		return err
	}
	for range n {
		kind, err := r.head()
		if err != nil {
			return err
		}
		if kind != want {
			return errors.New("geometry part is of another type than its collection")
		}
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

func (r *wkbReader) polygon() (orb.Polygon, error) {
	n, err := r.count(wkbCountBytes)
	if err != nil {
		return nil, err
	}
	polygon := make(orb.Polygon, 0, n)
	for range n {
		ring, err := r.corners()
		if err != nil {
			return nil, err
		}
		polygon = append(polygon, ring)
	}
	return polygon, nil
}

func (r *wkbReader) corners() ([]orb.Point, error) {
	n, err := r.count(r.stride)
	if err != nil {
		return nil, err
	}
	all := make([]orb.Point, n)
	for i := range all {
		all[i] = r.corner()
	}
	return all, nil
}

func (r *wkbReader) corner() orb.Point {
	p := orb.Point{math.Float64frombits(r.order.Uint64(r.rest)), math.Float64frombits(r.order.Uint64(r.rest[8:]))}
	r.rest = r.rest[r.stride:]
	return p
}
