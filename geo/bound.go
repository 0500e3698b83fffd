package geo

import "github.com/paulmach/orb"

// Bound returns the box around every point of a shape. That of orb looks at
// shells alone, and in published files a hole may lie outside its shell.
func Bound(shape orb.Geometry) orb.Bound {
	box := shape.Bound()
	add := func(polygon orb.Polygon) {
		for _, ring := range polygon[min(1, len(polygon)):] {
			if len(ring) > 0 {
				box = box.Union(ring.Bound())
			}
		}
	}
	switch g := shape.(type) {
	case orb.Polygon:
		add(g)
	case orb.MultiPolygon:
		for _, polygon := range g {
			add(polygon)
		}
	}
	return box
}
