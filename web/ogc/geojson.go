package ogc

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/crs"
	"hazardmap/geo/geopackage"
)

// appendFeature writes a feature but its last brace. Degrees keep every bit of
// the file; metres end at a tenth of a millimetre.
func (c *collection) appendFeature(b []byte, f geo.Feature, s crs.System) []byte {
	b = append(b, `{"type":"Feature","id":`...)
	b = strconv.AppendInt(b, int64(f.Record), 10)
	b = append(b, `,"geometry":`...)
	b = writer{s}.geometry(b, f.Geometry)
	b = append(b, `,"properties":{`...)
	for i, column := range c.layer.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, column.Name), ':')
		b = appendValue(b, column, f.Attr[column.Name])
	}
	return append(b, '}')
}

func appendValue(b []byte, column geopackage.Column, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendText(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			break
		}
		if column.Type == geopackage.Real && v == math.Trunc(v) && math.Abs(v) < 1e15 {
			return strconv.AppendFloat(b, v, 'f', 1, 64) // 3.0: GDAL guesses types from numbers
		}
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	return append(b, "null"...)
}

func appendText(b []byte, s string) []byte {
	if !strings.ContainsFunc(s, escaped) {
		return append(append(append(b, '"'), s...), '"')
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string
	}
	return append(b, text...)
}

// escaped reports whether JSON, or a page that it stands in, may not hold a
// character as it is.
func escaped(r rune) bool {
	return r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029' || r == utf8.RuneError
}

// appendDataset says of which edition a feature is.
func appendDataset(b []byte, d *Dataset) []byte {
	b = append(appendText(append(b, `,"dataset":{"id":`...), d.ID), `,"edition":`...)
	b = append(appendText(b, d.Edition), `,"version":`...)
	b = append(appendText(b, d.Version), `,"sample":`...)
	return append(strconv.AppendBool(b, d.Area.Sample), '}')
}

// writer writes geometries in a coordinate reference system.
type writer struct{ crs.System }

func (w writer) geometry(b []byte, g orb.Geometry) []byte {
	if g == nil {
		return append(b, "null"...)
	}
	b = append(append(append(b, `{"type":"`...), g.GeoJSONType()...), `","coordinates":`...)
	switch g := g.(type) {
	case orb.Point:
		b = w.point(b, g)
	case orb.LineString:
		b = w.points(b, g)
	case orb.Polygon:
		b = w.polygon(b, g)
	case orb.MultiLineString:
		b = appendList(b, g, func(b []byte, line orb.LineString) []byte { return w.points(b, line) })
	case orb.MultiPolygon:
		b = appendList(b, g, w.polygon)
	}
	return append(b, '}')
}

func appendList[T any](b []byte, all []T, one func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, v := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

func (w writer) polygon(b []byte, p orb.Polygon) []byte {
	return appendList(b, p, func(b []byte, ring orb.Ring) []byte { return w.points(b, ring) })
}

func (w writer) points(b []byte, all []orb.Point) []byte { return appendList(b, all, w.point) }

func (w writer) point(b []byte, p orb.Point) []byte {
	first, second := w.Coordinates(p)
	if w.Metres {
		b = strconv.AppendFloat(append(b, '['), first, 'f', 4, 64)
		b = strconv.AppendFloat(append(b, ','), second, 'f', 4, 64)
		return append(b, ']')
	}
	b = appendDegrees(append(b, '['), first)
	b = appendDegrees(append(b, ','), second)
	return append(b, ']')
}

// appendDegrees writes the shortest number that reads as the same bits. Of
// those that published files hold, with at most eight decimals, the digits are
// found by one multiplication: up to 15 digits no two numbers read as the same.
func appendDegrees(b []byte, v float64) []byte {
	const decimals, unit = 8, 1e8
	n := math.Round(v * unit)
	if n/unit != v || math.Abs(n) >= 1e15 || n == 0 {
		return strconv.AppendFloat(b, v, 'f', -1, 64)
	}
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	whole, part := uint64(n)/unit, uint64(n)%unit
	b = strconv.AppendUint(b, whole, 10)
	if part == 0 {
		return b
	}
	var digits [1 + decimals]byte
	digits[0] = '.'
	for i := decimals; i > 0; i-- {
		digits[i], part = '0'+byte(part%10), part/10
	}
	return append(b, bytes.TrimRight(digits[:], "0")...)
}

// integer reports whether a column holds whole numbers.
func (c *collection) integer(name string) bool {
	return slices.Contains(c.layer.Columns, geopackage.Column{Name: name, Type: geopackage.Integer})
}

// geometryFormat is how a JSON schema calls a type of geometry.
func geometryFormat(name string) string {
	switch geopackage.GeometryType(name) {
	case geopackage.Point:
		return "geometry-point"
	case geopackage.MultiLineString:
		return "geometry-multilinestring"
	case geopackage.MultiPolygon:
		return "geometry-multipolygon"
	}
	return "geometry-any"
}
