package shapefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// shapeType is the code of a kind of shape. Kinds with heights (Z) are 10 more,
// kinds with measures (M) 20 more.
type shapeType uint32

const (
	null       shapeType = 0
	point      shapeType = 1
	polyline   shapeType = 3
	polygon    shapeType = 5
	multipoint shapeType = 8
)

func (s shapeType) known() bool {
	switch s.flat() {
	case null:
		return s == null
	case point, polyline, polygon, multipoint:
		return s < 30
	}
	return false
}

// flat returns the kind without heights and measures.
func (s shapeType) flat() shapeType { return s % 10 }

// The most that one shape may have: 256 MB of vertices.
const maxVertices = 1 << 24

// shape reads one record of the .shp: why it is refused, or why there can be no
// more.
func (r *Reader) shape() (shape orb.Geometry, refused, err error) {
	head, err := r.take(8)
	if err != nil {
		return nil, nil, err
	}
	length := 2 * int64(int32(binary.BigEndian.Uint32(head[4:])))
	if length < 4 || length > r.left {
		return nil, nil, fmt.Errorf("says that it has %d bytes, the file has %d left", length, r.left)
	}
	end := r.left - length
	shape, refused, err = r.content(length)
	if err != nil {
		return nil, nil, err
	}
	// What is left are heights and measures, or what was refused.
	return shape, refused, r.skip(r.left - end)
}

func (r *Reader) content(length int64) (shape orb.Geometry, refused, err error) {
	kind, err := r.take(4)
	if err != nil {
		return nil, nil, err
	}
	switch k := shapeType(binary.LittleEndian.Uint32(kind)); {
	case k == null:
		return nil, nil, nil
	case k != r.kind:
		return nil, fmt.Errorf("is a shape of type %d among those of type %d", k, r.kind), nil
	}
	length -= 4
	switch r.kind.flat() {
	case point:
		return r.point(length)
	case multipoint:
		return r.multipoint(length)
	}
	return r.parts(length)
}

func (r *Reader) point(length int64) (shape orb.Geometry, refused, err error) {
	if length < 16 {
		return nil, fmt.Errorf("point of %d bytes", length), nil
	}
	points, refused, err := r.points(1)
	if err != nil || refused != nil {
		return nil, refused, err
	}
	return points[0], nil, nil
}

func (r *Reader) multipoint(length int64) (shape orb.Geometry, refused, err error) {
	const head = 36 // box, number of points
	if length < head {
		return nil, fmt.Errorf("points of %d bytes", length), nil
	}
	b, err := r.take(head)
	if err != nil {
		return nil, nil, err
	}
	n := int64(binary.LittleEndian.Uint32(b[32:]))
	if n == 0 || n > maxVertices || head+16*n > length {
		return nil, fmt.Errorf("says that it has %d points in %d bytes", n, length), nil
	}
	points, refused, err := r.points(int(n))
	return orb.MultiPoint(points), refused, err
}

// parts reads a polyline or polygon.
func (r *Reader) parts(length int64) (shape orb.Geometry, refused, err error) {
	const head = 40 // box, numbers of parts and points
	if length < head {
		return nil, fmt.Errorf("shape of %d bytes", length), nil
	}
	b, err := r.take(head)
	if err != nil {
		return nil, nil, err
	}
	parts, n := int64(binary.LittleEndian.Uint32(b[32:])), int64(binary.LittleEndian.Uint32(b[36:]))
	if parts == 0 || n == 0 || parts > n || n > maxVertices || head+4*parts+16*n > length {
		return nil, fmt.Errorf("says that it has %d parts and %d points in %d bytes", parts, n, length), nil
	}
	starts := make([]int, 0, min(parts, 1<<10))
	for range parts {
		b, err := r.take(4)
		if err != nil {
			return nil, nil, err
		}
		starts = append(starts, int(binary.LittleEndian.Uint32(b)))
	}
	points, refused, err := r.points(int(n))
	if err != nil || refused != nil {
		return nil, refused, err
	}
	lines, refused := split(points, starts)
	if refused != nil {
		return nil, refused, nil
	}
	if r.kind.flat() == polyline {
		shape, refused = polylines(lines)
	} else {
		shape, refused = polygons(lines)
	}
	return shape, refused, nil
}

// split cuts the points into parts, with no room to grow into the next.
func split(points []orb.Point, starts []int) ([][]orb.Point, error) {
	parts := make([][]orb.Point, len(starts))
	for i, start := range starts {
		end := len(points)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		if i == 0 && start != 0 || start >= end || end > len(points) {
			return nil, fmt.Errorf("part %d has points %d to %d of %d", i+1, start, end, len(points))
		}
		parts[i] = points[start:end:end]
	}
	return parts, nil
}

func polylines(parts [][]orb.Point) (orb.Geometry, error) {
	lines := make(orb.MultiLineString, len(parts))
	for i, part := range parts {
		if len(part) < 2 {
			return nil, errors.New("line has 1 point")
		}
		lines[i] = part
	}
	if len(lines) == 1 {
		return lines[0], nil
	}
	return lines, nil
}

func polygons(parts [][]orb.Point) (orb.Geometry, error) {
	rings := make([]orb.Ring, len(parts))
	for i, part := range parts {
		ring, err := geo.CloseRing(part)
		if err != nil {
			return nil, err
		}
		rings[i] = ring
	}
	area, err := nest(rings, maxSteps)
	if err != nil {
		return nil, err
	}
	if len(area) == 1 {
		return area[0], nil
	}
	return area, nil
}

// points reads n positions, whose number was compared with the size of the
// record. Where the size of the file is unknown the memory grows as they
// arrive.
func (r *Reader) points(n int) (points []orb.Point, refused, err error) {
	room := n
	if !r.sized {
		room = min(n, 1<<12)
	}
	points = make([]orb.Point, 0, room)
	for range n {
		b, err := r.take(16)
		if err != nil {
			return nil, nil, err
		}
		p := orb.Point{math.Float64frombits(binary.LittleEndian.Uint64(b)), math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))}
		if err := geo.CheckLonLat(p[0], p[1]); err != nil && refused == nil {
			refused = err
		}
		points = append(points, p)
	}
	return points, refused, nil
}

// take returns the next n bytes, at most as many as the buffer has, valid until
// the next call.
func (r *Reader) take(n int) ([]byte, error) {
	if int64(n) > r.left {
		return nil, fmt.Errorf("record ends after the file: %w", io.ErrUnexpectedEOF)
	}
	b, err := r.shp.Peek(n)
	if err != nil {
		return nil, cutOff(err)
	}
	r.left -= int64(n)
	_, err = r.shp.Discard(n)
	return b, err
}

func (r *Reader) skip(n int64) error {
	r.left -= n
	if _, err := io.CopyN(io.Discard, r.shp, n); err != nil {
		return cutOff(err)
	}
	return nil
}
