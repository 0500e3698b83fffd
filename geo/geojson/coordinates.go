package geojson

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// maxVertices is how many vertices one feature may have, 256 MB of them. The
// largest published so far have under a million.
const maxVertices = 1 << 24

// maxScratch is how many vertices of memory are kept from feature to feature.
const maxScratch = 1 << 18

// coordinates are the nested arrays of a geometry laid out flat, since its type
// may come after them.
type coordinates struct {
	points []orb.Point
	lines  []int // for each array of positions, where it ends in points
	areas  []int // for each array of those, where it ends in lines
	height int   // 0 a position, 1 an array of positions, ... 3; none before any was read
	err    error // the first reason that they are no coordinates
}

const none = -1

func (c *coordinates) reset() {
	if cap(c.points) > maxScratch {
		c.points = nil
	}
	*c = coordinates{points: c.points[:0], lines: c.lines[:0], areas: c.areas[:0], height: none}
}

func (c *coordinates) refuse(err error) {
	if c.err == nil {
		c.err = err
	}
}

// read takes the value of "coordinates".
func (c *coordinates) read(s *scanner) {
	c.reset()
	c.height = c.array(s, 0)
}

// array takes one array and returns its height, none if it has no meaning.
func (c *coordinates) array(s *scanner, depth int) int {
	if s.peek() != '[' || depth > 3 {
		c.refuse(errors.New("coordinates are not arrays of numbers"))
		s.value(nil, depth)
		return none
	}
	s.pos++
	switch b := s.peek(); {
	case b == '-' || b-'0' <= 9:
		c.position(s)
		return 0
	case b == ']':
		s.pos++
		c.refuse(errors.New("coordinates hold an empty array"))
		return none
	}
	height := c.array(s, depth+1)
	for s.next(']') {
		if c.array(s, depth+1) != height {
			c.refuse(errors.New("coordinates are nested unevenly"))
		}
	}
	switch height {
	case none:
		return none
	case 0:
		c.lines = append(c.lines, len(c.points))
	case 1:
		c.areas = append(c.areas, len(c.lines))
	}
	return height + 1
}

// position takes longitude, latitude and whatever numbers follow, from the
// first digit on.
func (c *coordinates) position(s *scanner) {
	var p orb.Point
	n := 0
	for {
		if b := s.peek(); b != '-' && b-'0' > 9 {
			c.refuse(errors.New("coordinates are not arrays of numbers"))
			s.skip()
		} else {
			v, _, err := s.number()
			if err != nil {
				c.refuse(err)
			}
			if n < len(p) {
				p[n] = v
			}
			n++
		}
		if !s.next(']') {
			break
		}
	}
	switch {
	case n < 2:
		c.refuse(errors.New("position has no latitude"))
	case len(c.points) == maxVertices:
		c.refuse(fmt.Errorf("more than %d vertices", maxVertices))
	default:
		if err := geo.CheckLonLat(p[0], p[1]); err != nil {
			c.refuse(err)
		}
		c.points = append(c.points, p)
	}
}

// shape builds the geometry of a type, in memory of its own.
func (c *coordinates) shape(kind string) (orb.Geometry, error) {
	want, known := map[string]int{"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}[kind]
	switch {
	case !known:
		return nil, fmt.Errorf("geometry of type %q", kind)
	case c.err != nil:
		return nil, c.err
	case c.height != want:
		return nil, fmt.Errorf("coordinates are not those of a %s", kind)
	}
	points := make([]orb.Point, len(c.points))
	copy(points, c.points)
	switch kind {
	case "Point":
		return points[0], nil
	case "MultiPoint":
		return orb.MultiPoint(points), nil
	case "LineString", "MultiLineString":
		return c.strings(points, kind)
	case "Polygon":
		return c.polygon(points, 0, len(c.lines))
	}
	area := make(orb.MultiPolygon, len(c.areas))
	for i, first := 0, 0; i < len(c.areas); i++ {
		polygon, err := c.polygon(points, first, c.areas[i])
		if err != nil {
			return nil, err
		}
		area[i], first = polygon, c.areas[i]
	}
	return area, nil
}

// line returns the points of line i, with no room to grow into the next.
func (c *coordinates) line(points []orb.Point, i int) []orb.Point {
	first := 0
	if i > 0 {
		first = c.lines[i-1]
	}
	return points[first:c.lines[i]:c.lines[i]]
}

func (c *coordinates) strings(points []orb.Point, kind string) (orb.Geometry, error) {
	lines := make(orb.MultiLineString, len(c.lines))
	for i := range lines {
		if lines[i] = c.line(points, i); len(lines[i]) < 2 {
			return nil, errors.New("line has 1 point")
		}
	}
	if kind == "LineString" {
		return lines[0], nil
	}
	return lines, nil
}

// polygon builds one polygon of the lines from first up to end.
func (c *coordinates) polygon(points []orb.Point, first, end int) (orb.Polygon, error) {
	rings := make(orb.Polygon, 0, end-first)
	for i := first; i < end; i++ {
		ring, err := geo.CloseRing(c.line(points, i))
		if err != nil {
			return nil, err
		}
		rings = append(rings, ring)
	}
	return rings, nil
}
