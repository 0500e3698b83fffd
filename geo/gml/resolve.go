package gml

import (
	"errors"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

const (
	maxReferences = 8       // that lead from one to the next
	maxNodes      = 1 << 20 // parts of one feature, however often one is referred to
)

// drawing is what the nodes of one feature draw.
type drawing struct {
	store    *store
	areas    orb.MultiPolygon
	lines    orb.MultiLineString
	points   orb.MultiPoint
	nodes    int
	vertices int
}

// resolve follows the references of a feature and returns its shape, nil if it
// has none.
func (s *store) resolve(shape node) (orb.Geometry, error) {
	d := drawing{store: s}
	if err := d.draw(shape, 0); err != nil {
		return nil, err
	}
	switch {
	case len(d.areas) == 1:
		return d.areas[0], nil
	case len(d.areas) > 1:
		return d.areas, nil
	case len(d.lines) == 1:
		return d.lines[0], nil
	case len(d.lines) > 1:
		return d.lines, nil
	case len(d.points) == 1:
		return d.points[0], nil
	case len(d.points) > 1:
		return d.points, nil
	}
	return nil, nil
}

// count bounds what references may make of a small file.
func (d *drawing) count(vertices int) error {
	d.nodes++
	if d.vertices += vertices; d.vertices > maxVertices {
		return errTooMany
	}
	if d.nodes > maxNodes {
		return fmt.Errorf("more than %d parts", maxNodes)
	}
	return nil
}

// follow returns the node that a reference leads to.
func (d *drawing) follow(n node, references *int) (node, error) {
	for n.kind == isRef {
		if *references++; *references > maxReferences {
			return n, errors.New("refers to what refers to others without end")
		}
		var err error
		if n, err = d.store.get(n.text); err != nil {
			return n, err
		}
	}
	return n, d.count(len(n.points))
}

// draw adds what a node draws.
func (d *drawing) draw(n node, references int) error {
	n, err := d.follow(n, &references)
	if err != nil {
		return err
	}
	switch n.kind {
	case isFault:
		return errors.New(n.text)
	case isPoints:
		d.points = append(d.points, n.points...)
	case isCurve, isRing:
		line, err := d.line(n, references)
		if err != nil {
			return err
		}
		d.lines = append(d.lines, line)
		return nil
	case isArea:
		area, err := d.area(n, references)
		if err != nil {
			return err
		}
		d.areas = append(d.areas, area)
		return nil
	}
	for _, part := range n.parts {
		if err := d.draw(part, references); err != nil {
			return err
		}
	}
	return nil
}

func (d *drawing) area(n node, references int) (orb.Polygon, error) {
	if len(n.parts) == 0 {
		return nil, errors.New("polygon without a ring")
	}
	polygon := make(orb.Polygon, 0, len(n.parts))
	for _, part := range n.parts {
		line, err := d.line(part, references)
		if err != nil {
			return nil, err
		}
		ring, err := geo.CloseRing(line)
		if err != nil {
			return nil, err
		}
		polygon = append(polygon, ring)
	}
	return polygon, nil
}

// line returns the points of a curve or ring.
func (d *drawing) line(n node, references int) (orb.LineString, error) {
	n, err := d.follow(n, &references)
	if err != nil {
		return nil, err
	}
	switch {
	case n.kind == isFault:
		return nil, errors.New(n.text)
	case n.kind != isCurve && n.kind != isRing:
		return nil, errors.New("something else where a curve should be")
	}
	pieces := make([]orb.LineString, 0, len(n.parts)+1)
	if len(n.points) > 0 {
		pieces = append(pieces, n.points)
	}
	for _, part := range n.parts {
		piece, err := d.line(part, references)
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, piece)
	}
	line, err := join(pieces)
	if err == nil && len(line) < 2 {
		err = fmt.Errorf("line has %d points", len(line))
	}
	return line, err
}

// join puts curves that share end points into one line, turning those that run
// backwards. They follow each other in the order of the file wherever that
// order fits.
func join(pieces []orb.LineString) (orb.LineString, error) {
	switch len(pieces) {
	case 0:
		return nil, errors.New("curve without points")
	case 1:
		return pieces[0], nil
	}
	ends := map[orb.Point][]int{}
	for i, piece := range pieces {
		for _, p := range []orb.Point{piece[0], piece[len(piece)-1]} {
			ends[p] = append(ends[p], i)
		}
	}
	line := slices.Clone(pieces[0])
	if second := pieces[1]; !touches(second, line[len(line)-1]) && touches(second, line[0]) {
		slices.Reverse(line)
	}
	used := make([]bool, len(pieces))
	used[0] = true
	for last, left := 0, len(pieces)-1; left > 0; left-- {
		tip := line[len(line)-1]
		next := last + 1
		if next == len(pieces) || used[next] || !touches(pieces[next], tip) {
			next = free(ends, tip, used)
		}
		if next < 0 {
			return nil, fmt.Errorf("curves do not join at %v,%v", tip[1], tip[0])
		}
		line = extend(line, pieces[next])
		used[next], last = true, next
	}
	return line, nil
}

func touches(piece orb.LineString, p orb.Point) bool {
	return piece[0] == p || piece[len(piece)-1] == p
}

// free returns the first piece at a point that is not used, -1 if there is
// none. Pieces that are used are forgotten, so that each is looked at twice at
// most.
func free(ends map[orb.Point][]int, p orb.Point, used []bool) int {
	for len(ends[p]) > 0 {
		i := ends[p][0]
		if !used[i] {
			return i
		}
		ends[p] = ends[p][1:]
	}
	return -1
}

// extend appends a piece that touches the tip of the line, without its first
// point.
func extend(line, piece orb.LineString) orb.LineString {
	if piece[0] == line[len(line)-1] {
		return append(line, piece[1:]...)
	}
	for i := len(piece) - 2; i >= 0; i-- {
		line = append(line, piece[i])
	}
	return line
}
