package geo

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

// CheckLonLat refuses a position that is no number or lies beyond the globe,
// as coordinates in metres or in the wrong order do.
func CheckLonLat(lon, lat float64) error {
	if !(lon >= -180 && lon <= 180) {
		return fmt.Errorf("longitude %v is not in ±180 degrees", lon)
	}
	if !(lat >= -90 && lat <= 90) {
		return fmt.Errorf("latitude %v is not in ±90 degrees", lat)
	}
	return nil
}

// CloseRing returns the points as a ring whose last point is its first, adding
// that point where the file left it out. A ring without area for lack of
// points is refused; a ring that touches or crosses itself is kept as it is.
func CloseRing(points []orb.Point) (orb.Ring, error) {
	n := len(points)
	if n == 0 {
		return nil, errors.New("ring has no points")
	}
	if n >= 3 && points[0] != points[n-1] {
		return append(orb.Ring(points[:n:n]), points[0]), nil
	}
	if n < 4 {
		return nil, fmt.Errorf("ring has %d points", n)
	}
	return points, nil
}
