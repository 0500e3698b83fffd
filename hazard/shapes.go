package hazard

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// outline collects the edges of shapes on the lattice, part by part.
type outline struct {
	pile
	minX, minY, maxX, maxY int64
}

func newOutline() *outline {
	return &outline{minX: math.MaxInt64, minY: math.MaxInt64, maxX: math.MinInt64, maxY: math.MinInt64}
}

func (o *outline) empty() bool { return len(o.segments) == 0 }

// addPolygon adds a polygon as the next part.
func (o *outline) addPolygon(polygon orb.Polygon) error {
	before := len(o.segments)
	for _, ring := range polygon {
		if err := o.path(ring, true); err != nil {
			return err
		}
	}
	o.end(before, false)
	return nil
}

// addLine adds a line as the next part.
func (o *outline) addLine(line orb.LineString) error {
	before := len(o.segments)
	if err := o.path(line, false); err != nil {
		return err
	}
	o.end(before, true)
	return nil
}

func (o *outline) end(before int, line bool) {
	o.groups = append(o.groups, group{part: uint32(len(o.groups)), line: line, edges: int32(len(o.segments) - before)})
}

// path adds the edges between successive points. Edges without length are left
// out, unless nothing else would remain of the path.
func (o *outline) path(points []orb.Point, closed bool) error {
	if len(points) == 0 {
		return nil
	}
	before := len(o.segments)
	first, err := latticePoint(points[0])
	if err != nil {
		return err
	}
	last := first
	o.reach(first)
	for _, p := range points[1:] {
		at, err := latticePoint(p)
		if err != nil {
			return err
		}
		if at != last {
			o.segments = append(o.segments, newSegment(last.Lon, last.Lat, at.Lon, at.Lat))
			o.reach(at)
			last = at
		}
	}
	if closed && last != first {
		o.segments = append(o.segments, newSegment(last.Lon, last.Lat, first.Lon, first.Lat))
	}
	if len(o.segments) == before {
		o.segments = append(o.segments, segment{first.Lon, first.Lat, first.Lon, first.Lat})
	}
	return nil
}

func (o *outline) reach(p geo.E7) {
	x, y := int64(p.Lon), int64(p.Lat)
	o.minX, o.minY = min(o.minX, x), min(o.minY, y)
	o.maxX, o.maxY = max(o.maxX, x), max(o.maxY, y)
}

func latticePoint(p orb.Point) (geo.E7, error) {
	// Written so that NaN fails.
	if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
		return geo.E7{}, fmt.Errorf("position %v,%v is not on the Earth", p[1], p[0])
	}
	return geo.Point{Lon: p[0], Lat: p[1]}.E7(), nil
}

// add adds every part of a shape.
func (o *outline) add(shape orb.Geometry) error {
	before := len(o.segments)
	switch shape := shape.(type) {
	case orb.MultiPolygon:
		for _, polygon := range shape {
			if err := o.addPolygon(polygon); err != nil {
				return err
			}
		}
	case orb.MultiLineString:
		for _, line := range shape {
			if err := o.addLine(line); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("shape is %T, want polygons or lines", shape)
	}
	if len(o.segments) == before {
		return errNoShape
	}
	return nil
}
