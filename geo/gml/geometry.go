package gml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// kind is what a node of geometry means for those that it is made of.
type kind byte

const (
	noKind    kind = iota // a property: stands for its parts
	isPoints              // points
	isCurve               // points in a row, or parts in a row
	isRing                // parts that join to a ring in some order
	isArea                // rings, the first around the others
	isMany                // parts side by side
	isRef                 // whatever has the id
	isFault               // what could not be read, and why
	isFeature             // no geometry, but something that may be referred to
)

// node is a geometry as the file draws it, with references not yet followed.
type node struct {
	kind   kind
	text   string // id of a reference, reason of a fault
	points []orb.Point
	parts  []node
}

func fault(err error) node { return node{kind: isFault, text: err.Error()} }

// kinds are the elements of geometry.
var kinds = map[string]kind{
	"Point": isPoints, "MultiPoint": isMany,
	"LineString": isCurve, "LineStringSegment": isCurve, "Curve": isCurve, "CompositeCurve": isCurve, "OrientableCurve": isCurve, "MultiCurve": isMany,
	"LinearRing": isRing, "Ring": isRing,
	"Polygon": isArea, "PolygonPatch": isArea, "Triangle": isArea, "Rectangle": isArea,
	"Surface": isMany, "PolyhedralSurface": isMany, "TriangulatedSurface": isMany, "CompositeSurface": isMany, "OrientableSurface": isMany, "MultiSurface": isMany,
	"Shell": isMany, "Solid": isMany, "CompositeSolid": isMany, "MultiSolid": isMany, "MultiGeometry": isMany,
}

func isGeometry(start xml.StartElement) bool {
	space := start.Name.Space // is the prefix where that is not declared
	return kinds[start.Name.Local] != noKind && (space == "" || space == "gml" || strings.Contains(space, "opengis.net/gml"))
}

// axes say how the numbers of positions are to be read.
type axes struct {
	crs       geo.CRS
	dimension int
	lonFirst  bool
}

// of returns the axes inside an element that may name its own.
func (a axes) of(start xml.StartElement) (axes, error) {
	if name := attribute(start, "srsName"); name != "" {
		crs, err := geo.ParseCRS(name)
		if err != nil {
			return a, err
		}
		if a.crs = crs; crs == geo.JGD2011H {
			a.dimension = 3
		}
		// Of the names that are read only OGC's CRS84 has longitude first.
		a.lonFirst = strings.Contains(name, "CRS84")
	}
	switch dimension := attribute(start, "srsDimension"); dimension {
	case "":
	case "2", "3":
		a.dimension = int(dimension[0] - '0')
	default:
		return a, fmt.Errorf("positions of %q numbers", dimension)
	}
	return a, nil
}

// geometry reads an element of geometry or a property inside one. What makes no
// sense becomes a fault in the node; the error is one of the text.
func (s *source) geometry(start xml.StartElement, around axes) (node, error) {
	n := node{kind: kinds[start.Name.Local]}
	if id := idOf(start); id != "" && s.drawn != nil {
		s.drawn[strings.ToLower(id)] = true
	}
	inside, err := around.of(start)
	if err != nil {
		n.parts = append(n.parts, fault(err))
	}
	if id, ok := reference(start); ok {
		n.parts = append(n.parts, node{kind: isRef, text: id})
	}
	for {
		child, ok, err := s.child()
		if err != nil || !ok {
			return n, err
		}
		switch name := child.Name.Local; name {
		case "pos", "posList":
			err = s.positions(child, inside, &n)
		case "coordinates", "Arc", "Circle", "ArcString", "CircleByCenterPoint", "BSpline", "GeodesicString":
			n.parts = append(n.parts, fault(fmt.Errorf("gml:%s is not read", name)))
			err = s.skip()
		case "description", "name", "metaDataProperty", "boundedBy", "identifier":
			err = s.skip()
		default:
			var part node
			part, err = s.geometry(child, inside)
			n.add(part, name)
		}
		if err != nil {
			return n, err
		}
	}
}

// add puts a part, or the parts of a property, where they belong.
func (n *node) add(part node, name string) {
	switch {
	case part.kind != noKind:
		n.parts = append(n.parts, part)
	case name == "exterior":
		n.parts = slices.Insert(n.parts, 0, part.parts...)
	default:
		n.parts = append(n.parts, part.parts...)
	}
}

// positions reads the numbers of a pos or posList. The text is parsed as it
// lies in the decoder, for that of one feature may have 30 MB.
func (s *source) positions(start xml.StartElement, around axes, n *node) error {
	a, err := around.of(start)
	if err != nil {
		n.parts = append(n.parts, fault(err))
	}
	list := positionList{axes: a, points: n.points}
	for {
		t, err := s.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			list.text(t)
		case xml.StartElement:
			list.refuse(fmt.Errorf("%s among numbers", t.Name.Local))
			if err := s.skip(); err != nil {
				return err
			}
		case xml.EndElement:
			if n.points = list.finish(); list.err != nil {
				n.parts = append(n.parts, fault(list.err))
			}
			return nil
		}
	}
}

// positionList makes points of numbers.
type positionList struct {
	axes
	points  []orb.Point
	numbers [3]float64
	n       int    // numbers of the position so far
	rest    []byte // a number that the text may have cut off
	err     error
}

func (l *positionList) refuse(err error) {
	if l.err == nil {
		l.err = err
	}
}

func (l *positionList) text(text []byte) {
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && text[i] > ' ' {
			i++
		}
		switch {
		case i == len(text): // may go on behind a comment
			l.rest = append(l.rest, text[start:]...)
		case len(l.rest) > 0:
			l.number(append(l.rest, text[start:i]...))
			l.rest = l.rest[:0]
		case i > start:
			l.number(text[start:i])
		}
		for i < len(text) && text[i] <= ' ' {
			i++
		}
	}
}

func (l *positionList) finish() []orb.Point {
	if len(l.rest) > 0 {
		l.number(l.rest)
	}
	if l.n != 0 {
		l.refuse(fmt.Errorf("list of numbers ends inside a position of %d", l.dimension))
	}
	return l.points
}

func (l *positionList) number(text []byte) {
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !plain(text) {
		l.refuse(fmt.Errorf("%.20q is no number", text))
	}
	l.numbers[l.n] = v
	if l.n++; l.n < l.dimension {
		return
	}
	l.n = 0
	lat, lon := l.numbers[0], l.numbers[1]
	if l.lonFirst {
		lat, lon = lon, lat
	}
	if err := geo.CheckLonLat(lon, lat); err != nil {
		l.refuse(err)
	}
	if len(l.points) == maxVertices {
		l.refuse(errTooMany)
		return
	}
	l.points = append(l.points, orb.Point{lon, lat})
}

// plain reports whether a number has no other characters than decimal ones: NaN,
// Inf and 0x1p-2 are numbers to Go.
func plain(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c|0x20 != 'e' {
			return false
		}
	}
	return true
}

// maxVertices is how many vertices one feature may have: 256 MB of them.
const maxVertices = 1 << 24

var errTooMany = errors.New("more than 16,777,216 vertices")
