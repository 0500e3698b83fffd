//go:build !js

package tiles

// areaInTile returns the area of a ring within the tile itself, negative for a
// hole.
func areaInTile(ring []XY) float64 {
	inside := true
	for _, p := range ring {
		inside = inside && p.inTile()
	}
	if inside {
		return float64(doubleArea(ring)) / 2
	}
	points := make([]position, len(ring))
	for i, p := range ring {
		points[i] = position{float64(p.X), float64(p.Y)}
	}
	for range 4 {
		// Cut off what lies beyond x = 0, then turn the tile by 90 degrees.
		points = cutOff(points)
		for i, p := range points {
			points[i] = position{p.y, Extent - p.x}
		}
	}
	if len(points) == 0 {
		return 0
	}
	var sum float64
	last := points[len(points)-1]
	for _, p := range points {
		sum += last.x*p.y - p.x*last.y
		last = p
	}
	return sum / 2
}

// cutOff returns the part of a ring where x is not negative.
func cutOff(ring []position) []position {
	var kept []position
	for i, p := range ring {
		last := ring[(i+len(ring)-1)%len(ring)]
		if (p.x < 0) != (last.x < 0) {
			kept = append(kept, position{0, last.y + (p.y-last.y)*last.x/(last.x-p.x)})
		}
		if p.x >= 0 {
			kept = append(kept, p)
		}
	}
	return kept
}
