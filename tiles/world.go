package tiles

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// Corner returns the longitude and latitude, in degrees, of the north-west
// corner of a tile. The tile one past the last names the far edge.
func Corner(id ID) (lon, lat float64) {
	n := math.Exp2(float64(id.Z))
	lon = float64(id.X)/n*360 - 180
	lat = math.Atan(math.Sinh(math.Pi*(1-2*float64(id.Y)/n))) * 180 / math.Pi
	return lon, lat
}

// position is a place in the Web Mercator square, from 0 to 1, y downwards.
type position struct{ x, y float64 }

// maxLatitude is where the Web Mercator square ends.
const maxLatitude = 85.05112877980659

func project(lon, lat float64) position {
	lat = min(max(lat, -maxLatitude), maxLatitude)
	sin := math.Sin(lat * math.Pi / 180)
	return position{
		x: min(max(lon/360+0.5, 0), 1),
		y: min(max(0.5-math.Log((1+sin)/(1-sin))/(4*math.Pi), 0), 1),
	}
}

// unitsAt returns where a lattice point lies in the units of a zoom's tiles:
// divide by [Extent] for the tile.
func unitsAt(p geo.E7, zoom uint8) (x, y float64) {
	at := p.Point()
	world := project(at.Lon, at.Lat)
	scale := worldUnits(zoom)
	return world.x * scale, world.y * scale
}

// worldUnits is the width of the world in tile units of a zoom.
func worldUnits(zoom uint8) float64 { return math.Exp2(float64(zoom)) * Extent }

// squareMetres is the ground area of one square tile unit at a height y of the
// Mercator square.
func squareMetres(zoom uint8, y float64) float64 {
	const equator = 2 * math.Pi * 6378137
	side := equator / worldUnits(zoom) / math.Cosh(math.Pi*(1-2*y))
	return side * side
}

// box is a rectangle of positions.
type box struct{ min, max position }

func emptyBox() box {
	return box{position{math.Inf(1), math.Inf(1)}, position{math.Inf(-1), math.Inf(-1)}}
}

func (b *box) add(p position) {
	b.min.x, b.min.y = min(b.min.x, p.x), min(b.min.y, p.y)
	b.max.x, b.max.y = max(b.max.x, p.x), max(b.max.y, p.y)
}

// shape is a projected geometry. Rings do not repeat their first point.
type shape struct {
	polygons [][][]position
	lines    [][]position
	points   []position
	box      box
}

var errNoShape = errors.New("has no shape")

// projectShape projects a geometry of the E7 lattice, which is what the
// look-up answers from.
func projectShape(g orb.Geometry) (shape, error) {
	s := shape{box: emptyBox()}
	if err := s.add(g); err != nil {
		return s, err
	}
	if len(s.polygons)+len(s.lines)+len(s.points) == 0 {
		return s, errNoShape
	}
	return s, nil
}

func (s *shape) add(g orb.Geometry) error {
	switch g := g.(type) {
	case nil:
		return errNoShape
	case orb.MultiPolygon:
		for _, p := range g {
			s.addPolygon(p)
		}
	case orb.Polygon:
		s.addPolygon(g)
	case orb.MultiLineString:
		for _, l := range g {
			s.addLine(l)
		}
	case orb.LineString:
		s.addLine(g)
	case orb.MultiPoint:
		for _, p := range g {
			s.points = append(s.points, s.positions([]orb.Point{p})[0])
		}
	case orb.Point:
		s.points = append(s.points, s.positions([]orb.Point{g})[0])
	case orb.Collection:
		for _, part := range g {
			if err := s.add(part); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("shape of type %s cannot be drawn", g.GeoJSONType())
	}
	return nil
}

func (s *shape) addPolygon(p orb.Polygon) {
	var rings [][]position
	for _, r := range p {
		if len(r) > 0 {
			if r[0] != r[len(r)-1] {
				r = append(r[:len(r):len(r)], r[0])
			}
			ring := s.positions(r)
			rings = append(rings, ring[:max(1, len(ring)-1)])
		}
	}
	if len(rings) > 0 {
		s.polygons = append(s.polygons, rings)
	}
}

func (s *shape) addLine(l orb.LineString) {
	if len(l) > 0 {
		s.lines = append(s.lines, s.positions(l))
	}
}

// straightDegrees is how far a slanting line may run in degrees and still be
// drawn as one straight line in Mercator: 400 m bend by 3 mm.
const straightDegrees = 0.004

// positions projects points. The look-up joins them by straight lines in
// degrees, so long slanting lines get points between.
func (s *shape) positions(points []orb.Point) []position {
	out := make([]position, 0, len(points))
	var last geo.Point
	for i, p := range points {
		at := geo.Point{Lon: p[0], Lat: p[1]}.E7().Point()
		if dLon, dLat := at.Lon-last.Lon, at.Lat-last.Lat; i > 0 && dLon != 0 && dLat != 0 {
			n := math.Ceil(max(math.Abs(dLon), math.Abs(dLat)) / straightDegrees)
			for k := 1.0; k < n; k++ {
				out = append(out, project(last.Lon+dLon*k/n, last.Lat+dLat*k/n))
			}
		}
		out = append(out, project(at.Lon, at.Lat))
		last = at
	}
	for _, p := range out {
		s.box.add(p)
	}
	return out
}
