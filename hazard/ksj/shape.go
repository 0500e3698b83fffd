package ksj

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

// Japan lies within these degrees, from 与那国島 to 南鳥島 and from 沖ノ鳥島 to 宗谷岬.
const (
	west, east   = 122.0, 155.0
	south, north = 20.0, 46.0
)

// shape returns a drawn zone as a multipolygon, or as lines where the file
// draws lines. Rings that touch themselves are left as they are.
func (d *Decoder) shape(g orb.Geometry) (shape orb.Geometry, lineOnly bool, err error) {
	var areas orb.MultiPolygon
	var lines orb.MultiLineString
	if err := d.collect(g, &areas, &lines); err != nil {
		return nil, false, err
	}
	switch {
	case len(areas) > 0 && len(lines) > 0:
		return nil, false, errors.New("shape mixes areas and lines")
	case len(areas) > 0:
		return areas, false, nil
	case len(lines) > 0 && d.lines:
		return lines, true, nil
	case len(lines) > 0:
		return nil, false, errors.New("shape is a line, and this file draws areas")
	}
	return nil, false, errors.New("no shape")
}

func (d *Decoder) collect(g orb.Geometry, areas *orb.MultiPolygon, lines *orb.MultiLineString) error {
	switch g := g.(type) {
	case nil:
		return nil
	case orb.Polygon:
		return d.addPolygon(g, areas)
	case orb.MultiPolygon:
		for _, p := range g {
			if err := d.addPolygon(p, areas); err != nil {
				return err
			}
		}
	case orb.LineString:
		return d.addLine(g, lines)
	case orb.MultiLineString:
		for _, l := range g {
			if err := d.addLine(l, lines); err != nil {
				return err
			}
		}
	case orb.Collection:
		for _, part := range g {
			if err := d.collect(part, areas, lines); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("shape is a %s, not an area", g.GeoJSONType())
	}
	return nil
}

func (d *Decoder) addPolygon(p orb.Polygon, areas *orb.MultiPolygon) error {
	kept := make(orb.Polygon, 0, len(p))
	for i, ring := range p {
		if err := inJapan(ring); err != nil {
			return err
		}
		if n := len(ring); n > 0 && ring[0] != ring[n-1] {
			ring = append(ring[:n:n], ring[0])
			d.notes.add(NoteRingClosed)
		}
		if len(ring) < 4 {
			d.notes.add(NoteRingDropped)
			if i == 0 { // without its shell the polygon is nothing
				return nil
			}
			continue
		}
		kept = append(kept, ring)
	}
	if len(kept) > 0 {
		*areas = append(*areas, kept)
	}
	return nil
}

func (d *Decoder) addLine(l orb.LineString, lines *orb.MultiLineString) error {
	if err := inJapan(l); err != nil {
		return err
	}
	if len(l) < 2 {
		d.notes.add(NoteRingDropped)
		return nil
	}
	*lines = append(*lines, l)
	return nil
}

// inJapan refuses coordinates that cannot be Japanese: metres of a plane, NaN,
// latitude before longitude.
func inJapan[T ~[]orb.Point](points T) error {
	for _, p := range points {
		if p[0] >= west && p[0] <= east && p[1] >= south && p[1] <= north {
			continue
		}
		if p[1] >= west && p[1] <= east && p[0] >= south && p[0] <= north {
			return fmt.Errorf("vertex %v,%v: latitude stands before longitude", p[0], p[1])
		}
		return fmt.Errorf("vertex %v,%v lies outside Japan", p[0], p[1])
	}
	return nil
}
