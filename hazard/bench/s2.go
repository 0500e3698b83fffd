package main

import (
	"slices"

	"github.com/golang/geo/s2"

	"hazardmap/geo"
)

// s2Index asks S2 through its ShapeIndex, vertices counted as inside.
type s2Index struct {
	index *s2.ShapeIndex
	zone  map[s2.Shape]uint32
}

func newS2(s *set) s2Index {
	x := s2Index{s2.NewShapeIndex(), map[s2.Shape]uint32{}}
	for _, p := range s.parts {
		var loops [][]s2.Point
		for i, ring := range p.rings {
			var loop []s2.Point
			for _, at := range ring[:len(ring)-1] {
				loop = append(loop, s2Point(at))
			}
			// The inside of a loop is on its left.
			if (area(ring) > 0) != (i == 0) {
				slices.Reverse(loop)
			}
			loops = append(loops, loop)
		}
		shape := s2.LaxPolygonFromPoints(loops)
		x.zone[shape] = p.zone
		x.index.Add(shape)
	}
	x.index.Build()
	return x
}

func s2Point(p geo.E7) s2.Point {
	return s2.PointFromLatLng(s2.LatLngFromDegrees(float64(p.Lat)/1e7, float64(p.Lon)/1e7))
}

func area(ring []geo.E7) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += float64(a.Lon-ring[0].Lon)*float64(b.Lat-ring[0].Lat) - float64(b.Lon-ring[0].Lon)*float64(a.Lat-ring[0].Lat)
	}
	return sum
}
