package tiles

import "math"

// Corner returns the longitude and latitude, in degrees, of the north-west
// corner of a tile. The tile one past the last names the far edge.
func Corner(id ID) (lon, lat float64) {
	n := math.Exp2(float64(id.Z))
	lon = float64(id.X)/n*360 - 180
	lat = math.Atan(math.Sinh(math.Pi*(1-2*float64(id.Y)/n))) * 180 / math.Pi
	return lon, lat
}
