package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
)

// readTowns returns the ground nearest to each town of Isesaki.
func readTowns(data string) ([]orb.MultiPolygon, error) {
	b, err := os.ReadFile(filepath.Join(data, "addresses", "geolonia_isesaki.json"))
	if err != nil {
		return nil, err
	}
	var towns []struct{ Lng, Lat float64 }
	if err := json.Unmarshal(b, &towns); err != nil {
		return nil, err
	}
	var areas []orb.MultiPolygon
	for i, at := range towns {
		ring := orb.Ring{{139.08, 36.23}, {139.32, 36.23}, {139.32, 36.45}, {139.08, 36.45}}
		for j, other := range towns {
			if i != j {
				ring = nearer(ring, orb.Point{at.Lng, at.Lat}, orb.Point{other.Lng, other.Lat})
			}
		}
		if len(ring) > 0 {
			areas = append(areas, orb.MultiPolygon{{append(ring, ring[0])}})
		}
	}
	return areas, nil
}

// nearer cuts a convex ring to the points nearer to p than to q.
func nearer(ring orb.Ring, p, q orb.Point) orb.Ring {
	side := func(at orb.Point) float64 {
		return (at[0]-(p[0]+q[0])/2)*(q[0]-p[0]) + (at[1]-(p[1]+q[1])/2)*(q[1]-p[1])
	}
	var cut orb.Ring
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		u, v := side(a), side(b)
		if u <= 0 {
			cut = append(cut, a)
		}
		if (u < 0) != (v < 0) && u != v {
			cut = append(cut, orb.Point{a[0] + (b[0]-a[0])*u/(u-v), a[1] + (b[1]-a[1])*u/(u-v)})
		}
	}
	return cut
}

// measureTowns asks for the shares of every class in every town, and for the
// neighbourhood of many points.
func measureTowns(towns []orb.MultiPolygon, s *set, x *hazard.Index) {
	times := best(
		func() {
			for _, area := range towns {
				x.AreaShares(area)
			}
		},
		func() {
			for _, p := range s.points[:2000] {
				x.Near(p, hazard.FloodDepth, hazard.Max, 100)
				x.Near(p, hazard.FloodDepth, hazard.Max, 200)
			}
		},
	)
	line("table of all towns, ms", float64(times[0].Microseconds())/1000, "<=", 200)
	line("Near 100 m and 200 m, µs a point", float64(times[1].Microseconds())/2000, "<=", 0)
}
