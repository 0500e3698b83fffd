package ogc

import "github.com/paulmach/orb"

// meetsBox reports whether a shape meets a box, and whether that is sure: it is
// not where an edge may cut across the box without a corner in it. It compares
// numbers and rounds nothing.
func meetsBox(g orb.Geometry, box orb.Bound) (meets, sure bool) {
	sure = true
	part := func(corners []orb.Point) (inside bool) {
		part, odd := boxPart(corners, box)
		meets = meets || part == within
		sure = sure && part != near
		return odd
	}
	switch g := g.(type) {
	case orb.Point:
		return box.Contains(g), true
	case orb.MultiLineString:
		for _, line := range g {
			part(line)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			inside := false
			for _, ring := range polygon {
				inside = part(ring) != inside
			}
			meets = meets || inside && sure
		}
	default:
		return false, false
	}
	return meets, sure || meets
}

// place is where a line lies, as seen from a box.
type place uint8

const (
	away   place = iota // none of its edges can reach the box
	near                // one may
	within              // one of its corners lies in it
)

// boxPart tells where a line lies, and of a ring away from the box whether the
// box lies in it: a ray from the box to the east meets an odd number of edges,
// all of which lie wholly east or wholly west of the box.
func boxPart(corners []orb.Point, box orb.Bound) (at place, odd bool) {
	for i, b := range corners {
		if box.Contains(b) {
			return within, false
		}
		if i == 0 {
			continue
		}
		a := corners[i-1]
		low, high := min(a[0], b[0]), max(a[0], b[0])
		if low <= box.Max[0] && high >= box.Min[0] && min(a[1], b[1]) <= box.Max[1] && max(a[1], b[1]) >= box.Min[1] {
			at = near
		}
		if low > box.Max[0] && (a[1] > box.Min[1]) != (b[1] > box.Min[1]) {
			odd = !odd
		}
	}
	return at, odd
}
