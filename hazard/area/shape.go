package area

import (
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
)

// Bounds of a drawn area: a detailed border of a city has some thousands of
// corners, and no city spans a degree.
const (
	MostVertices = 20_000
	mostDegrees  = 3
)

// ReadShape reads a drawn area from GeoJSON: a polygon, a feature or a
// collection of features, all of which belong to it. Errors name the feature.
func ReadShape(r io.Reader, name string) (orb.MultiPolygon, error) {
	file, err := geojson.Read(r, name)
	if err != nil {
		return nil, err
	}
	var area orb.MultiPolygon
	for f, err := range file.Features() {
		if err != nil {
			return nil, err
		}
		switch shape := f.Geometry.(type) {
		case orb.Polygon:
			area = append(area, shape)
		case orb.MultiPolygon:
			area = append(area, shape...)
		default:
			return nil, fmt.Errorf("%s: record %d: %s, want a polygon", name, f.Record, typeName(shape))
		}
		if countVertices(area) > MostVertices {
			return nil, fmt.Errorf("%s: record %d: more than %d corners; draw the area more simply", name, f.Record, MostVertices)
		}
	}
	if len(area) == 0 {
		return nil, fmt.Errorf("%s: %w", name, errNoPolygon)
	}
	if box := geo.Bound(area); box.Max[0]-box.Min[0] > mostDegrees || box.Max[1]-box.Min[1] > mostDegrees {
		return nil, fmt.Errorf("%s: wider than %d degrees", name, mostDegrees)
	}
	return area, nil
}

var errNoPolygon = errors.New("holds no polygon")

func typeName(shape orb.Geometry) string {
	if shape == nil {
		return "no shape"
	}
	return shape.GeoJSONType()
}

func countVertices(area orb.MultiPolygon) int {
	n := 0
	for _, polygon := range area {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}
