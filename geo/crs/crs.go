// Package crs answers how a position is written in the coordinate reference
// systems that planners ask for: degrees, Web Mercator and the metres of city
// drawings.
//
// Each system has its own order of axes. JGD2011 is used as WGS 84 without a
// shift: the two differ by less than a metre in Japan, which is less than any
// published zone is true to.
package crs

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// System is a coordinate reference system of two axes. It is one of [All].
type System struct {
	URI    string // as OGC registers it
	Name   string // "EPSG:6677"
	Metres bool   // coordinates are metres, else degrees

	first, second axis
	forward       func(p orb.Point) (north, east float64) // nil where they are the degrees
	inverse       func(north, east float64) orb.Point
	northFirst    bool
}

// axis is how a coordinate is called and how far it may be.
type axis struct {
	name  string
	limit float64
}

const (
	epsg = "http://www.opengis.net/def/crs/EPSG/0/"

	// mercatorLimit is where the square world of Web Mercator ends, in metres.
	mercatorLimit = 20037508.342789244
	// planeLimit keeps to where the series of the plane systems are exact to
	// less than a millimetre, in metres.
	planeLimit = 1_500_000
)

var systems = []System{
	{URI: "http://www.opengis.net/def/crs/OGC/1.3/CRS84", Name: "OGC:CRS84", first: axis{"longitude", 180}, second: axis{"latitude", 90}},
	{URI: epsg + "4326", Name: "EPSG:4326", first: axis{"latitude", 90}, second: axis{"longitude", 180}, northFirst: true},
	{URI: epsg + "3857", Name: "EPSG:3857", Metres: true, first: axis{"easting", mercatorLimit}, second: axis{"northing", mercatorLimit},
		forward: mercator, inverse: unmercator},
	{URI: epsg + "6668", Name: "EPSG:6668", first: axis{"latitude", 90}, second: axis{"longitude", 180}, northFirst: true},
	{URI: epsg + "6677", Name: "EPSG:6677", Metres: true, first: axis{"northing", planeLimit}, second: axis{"easting", planeLimit}, northFirst: true,
		forward: plane9.forward, inverse: plane9.inverse},
}

// All returns the systems, the default one first.
func All() []System { return append([]System(nil), systems...) }

// CRS84 is the default: degrees, longitude first.
func CRS84() System { return systems[0] }

// ByURI returns the system with a URI.
func ByURI(uri string) (System, bool) {
	for _, s := range systems {
		if s.URI == uri {
			return s, true
		}
	}
	return System{}, false
}

// Coordinates writes a position, longitude and latitude in degrees, in the
// order of the system's axes.
func (s System) Coordinates(p orb.Point) (first, second float64) {
	north, east := p[1], p[0]
	if s.forward != nil {
		north, east = s.forward(p)
	}
	if s.northFirst {
		return north, east
	}
	return east, north
}

// Position reads coordinates in the order of the system's axes. It refuses
// what lies beyond the system: two axes changed for each other would
// otherwise find nothing, which reads as safe.
func (s System) Position(first, second float64) (orb.Point, error) {
	if err := s.first.check(first); err != nil {
		return orb.Point{}, fmt.Errorf("%s has %s first: %w", s.Name, s.first.name, err)
	}
	if err := s.second.check(second); err != nil {
		return orb.Point{}, fmt.Errorf("%s has %s second: %w", s.Name, s.second.name, err)
	}
	north, east := second, first
	if s.northFirst {
		north, east = first, second
	}
	if s.inverse != nil {
		return s.inverse(north, east), nil
	}
	return orb.Point{east, north}, nil
}

func (a axis) check(v float64) error {
	if !(math.Abs(v) <= a.limit) { // also NaN
		return fmt.Errorf("%g is beyond ±%g", v, a.limit)
	}
	return nil
}

// side is the longest piece of a box's border that is taken as straight in
// degrees: the border of a box in metres is bent there, by less than a
// millimetre on a piece of this length.
const side = 250

// Box returns the area between two corners, given in the order of the system's
// axes. Of degrees the western one may be the greater: then the box crosses the
// 180th meridian and has two parts.
func (s System) Box(lower, upper [2]float64) (orb.MultiPolygon, error) {
	for _, c := range [][2]float64{lower, upper} {
		if _, err := s.Position(c[0], c[1]); err != nil {
			return nil, err
		}
	}
	east := 0
	if s.northFirst {
		east = 1
	}
	if lower[1-east] > upper[1-east] || (s.Metres && lower[east] > upper[east]) {
		return nil, fmt.Errorf("the lower corner lies beyond the upper one")
	}
	if lower[east] <= upper[east] {
		return orb.MultiPolygon{s.box(lower, upper)}, nil
	}
	west, rest := upper, lower
	west[east], rest[east] = 180, -180
	return orb.MultiPolygon{s.box(lower, west), s.box(rest, upper)}, nil
}

func (s System) box(lower, upper [2]float64) orb.Polygon {
	corners := [][2]float64{lower, {upper[0], lower[1]}, upper, {lower[0], upper[1]}, lower}
	var ring orb.Ring
	for i, from := range corners[:4] {
		to, pieces := corners[i+1], 1
		if s.Metres {
			length := math.Abs(to[0]-from[0]) + math.Abs(to[1]-from[1])
			pieces = int(min(1000, max(1, math.Ceil(length/side))))
		}
		for n := range pieces {
			share := float64(n) / float64(pieces)
			p, _ := s.Position(from[0]+(to[0]-from[0])*share, from[1]+(to[1]-from[1])*share) // between corners that were checked
			ring = append(ring, p)
		}
	}
	return orb.Polygon{append(ring, ring[0])}
}

const earthAxis = 6378137.0 // semi-major axis of GRS 80 and WGS 84, in metres

func mercator(p orb.Point) (north, east float64) {
	const most = 85.05112877980659 // the latitude where north is as far as east can be
	lat := min(most, max(-most, p[1]))
	return earthAxis * math.Asinh(math.Tan(lat*math.Pi/180)), earthAxis * p[0] * math.Pi / 180
}

func unmercator(north, east float64) orb.Point {
	return orb.Point{east / earthAxis * 180 / math.Pi, math.Atan(math.Sinh(north/earthAxis)) * 180 / math.Pi}
}
