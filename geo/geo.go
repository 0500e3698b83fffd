// Package geo answers where: positions, lengths on the ground, and the records
// that published files hold before anyone knows what they mean.
//
// Geometry is that of paulmach/orb, in degrees, longitude before latitude.
// JGD2000 and JGD2011 coordinates are used as WGS 84 without a shift; they
// differ by less than a metre in Japan.
package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Point is a position on the WGS 84 ellipsoid, in degrees.
type Point struct{ Lon, Lat float64 }

// Metres is a length on the ground.
type Metres float64

// earthRadius is the mean radius of the Earth (IUGG), in metres.
const earthRadius = 6371008.8

// ParsePoint reads a position as people write it, latitude first:
// "36.2740,139.2244". Only plain decimal digits are taken: no exponent, no
// blank, no sign other than a leading minus, at most 9 decimals.
func ParsePoint(s string) (Point, error) {
	latText, lonText, ok := strings.Cut(s, ",")
	if !ok {
		return Point{}, fmt.Errorf("position %q: want LAT,LON", s)
	}
	lat, err := ParseDegrees(latText, 90)
	if err != nil {
		return Point{}, fmt.Errorf("position %q: latitude: %w", s, err)
	}
	lon, err := ParseDegrees(lonText, 180)
	if err != nil {
		return Point{}, fmt.Errorf("position %q: longitude: %w", s, err)
	}
	return Point{Lon: lon, Lat: lat}, nil
}

// ParseDegrees reads one coordinate by the grammar of [ParsePoint] and checks
// that it lies in [-limit, limit].
func ParseDegrees(s string, limit float64) (float64, error) {
	digits := strings.TrimPrefix(s, "-")
	whole, fraction, dotted := strings.Cut(digits, ".")
	if len(whole) == 0 || len(whole) > 3 || len(fraction) > 9 || (dotted && fraction == "") || !allDigits(whole) || !allDigits(fraction) {
		return 0, fmt.Errorf("%q is not a plain decimal number", s)
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, err
	}
	if v < -limit || v > limit {
		return 0, fmt.Errorf("%s is beyond ±%g", s, limit)
	}
	return v, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// String writes p latitude first, as [ParsePoint] reads it, to 1e-7 degree.
func (p Point) String() string {
	return formatDegrees(p.Lat) + "," + formatDegrees(p.Lon)
}

func formatDegrees(v float64) string {
	s := strconv.FormatFloat(v, 'f', 7, 64)
	s = strings.TrimRight(s, "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// Distance returns the length of the great circle from p to q.
func (p Point) Distance(q Point) Metres {
	const rad = math.Pi / 180
	sinLat := math.Sin((q.Lat - p.Lat) * rad / 2)
	sinLon := math.Sin((q.Lon - p.Lon) * rad / 2)
	h := sinLat*sinLat + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*sinLon*sinLon
	return Metres(2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h))))
}

// Bearing returns the initial direction from p to q in degrees clockwise from
// north, in [0, 360).
func (p Point) Bearing(q Point) float64 {
	const rad = math.Pi / 180
	dLon := (q.Lon - p.Lon) * rad
	y := math.Sin(dLon) * math.Cos(q.Lat*rad)
	x := math.Cos(p.Lat*rad)*math.Sin(q.Lat*rad) - math.Sin(p.Lat*rad)*math.Cos(q.Lat*rad)*math.Cos(dLon)
	return math.Mod(math.Atan2(y, x)/rad+360, 360)
}

// Compass names a bearing by one of eight winds: N, NE, E, SE, S, SW, W, NW.
func Compass(bearing float64) string {
	winds := [...]string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}
	return winds[int(math.Floor(bearing/45+0.5))&7]
}

// E7 is a position in units of 1e-7 degree, about 1 cm: the lattice on which
// the look-up is exact.
type E7 struct{ Lon, Lat int32 }

// E7 rounds p to the lattice, halves away from zero.
func (p Point) E7() E7 {
	return E7{Lon: int32(math.Round(p.Lon * 1e7)), Lat: int32(math.Round(p.Lat * 1e7))}
}

// Point returns the position of a lattice point in degrees.
func (e E7) Point() Point {
	return Point{Lon: float64(e.Lon) / 1e7, Lat: float64(e.Lat) / 1e7}
}
