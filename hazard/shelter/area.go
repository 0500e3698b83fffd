package shelter

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// reach is how far outside its municipality a shelter may stand. Of 3,424 in
// Gunma six stand outside, at most 564 m, by agreement with the neighbour;
// geocoders that err do so by kilometres.
const reach geo.Metres = 1000

// checkArea returns [ErrElsewhere] for the shelter of another municipality that
// stands outside the area too, and an error for one that claims the area and
// stands far from it.
func checkArea(s hazard.Shelter, code string, area hazard.Area) error {
	if len(area.Boundary) == 0 {
		return nil
	}
	p := orb.Point{s.Lon, s.Lat}
	if planar.MultiPolygonContains(area.Boundary, p) {
		return nil
	}
	if code != "" && !strings.HasPrefix(code, area.Code) {
		return ErrElsewhere
	}
	if d := distance(area.Boundary, p); d > reach {
		return fmt.Errorf("position %v,%v lies %.1f km outside %s", s.Lat, s.Lon, float64(d)/1000, area.Name)
	}
	return nil
}

// distance returns how far p lies from the nearest edge of an area.
func distance(area orb.MultiPolygon, p orb.Point) geo.Metres {
	perLat := float64(geo.Point{}.Distance(geo.Point{Lat: 1}))
	perLon := perLat * math.Cos(p[1]*math.Pi/180)
	nearest := math.Inf(1)
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a := orb.Point{(ring[i-1][0] - p[0]) * perLon, (ring[i-1][1] - p[1]) * perLat}
				b := orb.Point{(ring[i][0] - p[0]) * perLon, (ring[i][1] - p[1]) * perLat}
				nearest = min(nearest, planar.DistanceFromSegment(a, b, orb.Point{}))
			}
		}
	}
	return geo.Metres(nearest)
}
