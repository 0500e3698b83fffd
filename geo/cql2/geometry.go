package cql2

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo/relate"
)

// spatial reads a spatial function of two geometries.
func (p *parser) spatial(r relation) (node, error) {
	name := strings.ToUpper(p.take().text)
	if err := p.demand("("); err != nil {
		return nil, err
	}
	a, err := p.geometry()
	if err != nil {
		return nil, err
	}
	if err := p.demand(","); err != nil {
		return nil, err
	}
	b, err := p.geometry()
	if err != nil {
		return nil, err
	}
	n := spatial{r, a, b}
	if err := p.demand(")"); err != nil {
		return nil, err
	}
	if name != "S_DISJOINT" && (a.property == "") != (b.property == "") {
		return near{n}, nil
	}
	return n, nil
}

// geometry reads an operand of a spatial function.
func (p *parser) geometry() (value, error) {
	t := p.next()
	if t.kind == quotedToken || t.kind == wordToken && p.opts.Properties[t.text] != 0 {
		v, err := p.property()
		if err == nil && v.kind != Geometry {
			err = fmt.Errorf("at %d: %s is %v, want a geometry", t.at, t.text, v.kind)
		}
		return v, err
	}
	if t.kind != wordToken {
		return value{}, p.wrong("a geometry")
	}
	g, err := p.literal()
	return value{literal: relate.Prepare(g), kind: Geometry}, err
}

// literal reads a geometry as well-known text, or a BBOX.
func (p *parser) literal() (orb.Geometry, error) {
	t := p.take()
	height := p.keyword("Z")
	switch strings.ToUpper(t.text) {
	case "POINT":
		return between(p, func() (orb.Geometry, error) { return p.position(height) })
	case "LINESTRING":
		line, err := p.line(height)
		return orb.LineString(line), atLeast(2, len(line), t, err)
	case "POLYGON":
		return p.polygon(height)
	case "MULTIPOINT":
		return p.multiPoint(height)
	case "MULTILINESTRING":
		lines, err := list(p, func() (orb.LineString, error) {
			line, err := p.line(height)
			return line, atLeast(2, len(line), t, err)
		})
		return orb.MultiLineString(lines), err
	case "MULTIPOLYGON":
		polygons, err := list(p, func() (orb.Polygon, error) { return p.polygon(height) })
		return orb.MultiPolygon(polygons), err
	case "GEOMETRYCOLLECTION":
		return p.collection()
	case "BBOX":
		return p.bbox()
	}
	return nil, fmt.Errorf("at %d: no property and no kind of geometry is called %s", t.at, t.text)
}

// collection reads the parts of a collection, which may be collections.
func (p *parser) collection() (orb.Geometry, error) {
	if p.depth++; p.depth > deepest {
		return nil, fmt.Errorf("at %d: nested deeper than %d", p.next().at, deepest)
	}
	defer func() { p.depth-- }()
	parts, err := list(p, func() (orb.Geometry, error) {
		if p.next().kind != wordToken {
			return nil, p.wrong("a geometry")
		}
		return p.literal()
	})
	return orb.Collection(parts), err
}

// between reads something in parentheses.
func between[T any](p *parser, read func() (T, error)) (T, error) {
	var none T
	if err := p.demand("("); err != nil {
		return none, err
	}
	v, err := read()
	if err != nil {
		return none, err
	}
	return v, p.demand(")")
}

// list reads one or more things in parentheses, with commas between them.
func list[T any](p *parser, read func() (T, error)) ([]T, error) {
	return between(p, func() ([]T, error) {
		var all []T
		for {
			v, err := read()
			if err != nil {
				return nil, err
			}
			all = append(all, v)
			if !p.sign(",") {
				return all, nil
			}
		}
	})
}

func (p *parser) line(height bool) ([]orb.Point, error) {
	return list(p, func() (orb.Point, error) { return p.position(height) })
}

func atLeast(least, got int, t token, err error) error {
	if err == nil && got < least {
		return fmt.Errorf("at %d: %s has %d positions, want at least %d", t.at, t.text, got, least)
	}
	return err
}

// polygon reads rings, each of which ends where it begins.
func (p *parser) polygon(height bool) (orb.Polygon, error) {
	return list(p, func() (orb.Ring, error) {
		t := p.next()
		ring, err := p.line(height)
		if err := atLeast(4, len(ring), token{text: "a ring", at: t.at}, err); err != nil {
			return nil, err
		}
		if ring[0] != ring[len(ring)-1] {
			return nil, fmt.Errorf("at %d: the ring does not end where it begins", t.at)
		}
		return ring, nil
	})
}

// multiPoint reads positions with or without parentheses of their own.
func (p *parser) multiPoint(height bool) (orb.Geometry, error) {
	points, err := list(p, func() (orb.Point, error) {
		if t := p.next(); t.kind == signToken && t.text == "(" {
			return between(p, func() (orb.Point, error) { return p.position(height) })
		}
		return p.position(height)
	})
	return orb.MultiPoint(points), err
}

// position reads two coordinates, and a height that is not used.
func (p *parser) position(height bool) (orb.Point, error) {
	t := p.next()
	first, err := p.number()
	if err != nil {
		return orb.Point{}, err
	}
	second, err := p.number()
	if err != nil {
		return orb.Point{}, err
	}
	if height {
		if _, err := p.number(); err != nil {
			return orb.Point{}, err
		}
	}
	at, err := p.opts.Position(first, second)
	if err != nil {
		return orb.Point{}, fmt.Errorf("at %d: %w", t.at, err)
	}
	return at, nil
}

// bbox reads BBOX(…) of four numbers, or of six with heights.
func (p *parser) bbox() (orb.Geometry, error) {
	t := p.next()
	n, err := list(p, p.number)
	if err != nil {
		return nil, err
	}
	switch len(n) {
	case 4:
	case 6:
		n = []float64{n[0], n[1], n[3], n[4]}
	default:
		return nil, fmt.Errorf("at %d: BBOX has %d numbers, want 4 or 6", t.at, len(n))
	}
	box, err := p.opts.Box([2]float64{n[0], n[1]}, [2]float64{n[2], n[3]})
	if err != nil {
		return nil, fmt.Errorf("at %d: %w", t.at, err)
	}
	return box, nil
}
