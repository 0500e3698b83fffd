package importer

import (
	"cmp"
	"slices"

	"hazardmap/geo"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// cutter shortens zones that reach far beyond the area, such as the one
// polygon that a river floods from the mountains to the sea.
//
// Within the box (the area's own and 1 km around) a cut zone is exactly what
// the file drew: every edge that enters the box keeps both of its points. Only
// what runs outside is drawn along the frame, a box 1 km wider, instead. Any
// two ways around the outside hold the same points of the box or differ in all
// of them, and moving a point straight to the frame never crosses the box, so
// that the answer inside stays the same to the last bit.
type cutter struct{ box, frame orb.Bound }

func newCutter(n *neighbourhood) cutter {
	perLat, perLon := metresPerDegree(n.box)
	return cutter{box: n.box, frame: orb.Bound{
		Min: orb.Point{n.box.Min[0] - float64(margin)/perLon, n.box.Min[1] - float64(margin)/perLat},
		Max: orb.Point{n.box.Max[0] + float64(margin)/perLon, n.box.Max[1] + float64(margin)/perLat},
	}}
}

// cut shortens a zone where it leaves the frame and reports whether it did.
func (c cutter) cut(z *hazard.Zone) bool {
	shape, ok := z.Shape.(orb.MultiPolygon)
	if !ok || contains(c.frame, geo.Bound(shape)) {
		return false
	}
	kept := make(orb.MultiPolygon, 0, len(shape))
	for _, polygon := range shape {
		switch bound := geo.Bound(polygon); {
		case contains(c.frame, bound):
			kept = append(kept, polygon)
		case bound.Intersects(c.frame):
			if p := c.cutPolygon(polygon); len(p) > 0 {
				kept = append(kept, p)
			}
		}
	}
	z.Shape = kept
	z.Flags |= hazard.Clipped
	return true
}

func contains(outer, inner orb.Bound) bool {
	return outer.Contains(inner.Min) && outer.Contains(inner.Max)
}

func (c cutter) cutPolygon(polygon orb.Polygon) orb.Polygon {
	var kept orb.Polygon
	for _, ring := range polygon {
		if r := c.cutRing(ring); r != nil {
			kept = append(kept, r)
		}
	}
	return kept
}

// cutRing returns nil for a ring that neither enters nor surrounds the box.
func (c cutter) cutRing(ring orb.Ring) orb.Ring {
	if contains(c.frame, ring.Bound()) {
		return ring
	}
	var out orb.Ring
	add := func(p orb.Point) {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	onFrame := false // whether the way goes along the frame at the moment
	entered := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if c.enters(a, b) {
			if onFrame {
				add(c.clamp(a))
			}
			add(a)
			add(b)
			onFrame, entered = false, true
			continue
		}
		c.along(a, b, add)
		onFrame = true
	}
	if len(out) > 0 {
		add(out[0])
	}
	out = c.simplify(out)
	if len(out) < 4 || (!entered && planar.Area(orb.Polygon{out}) == 0) {
		return nil
	}
	return out
}

// enters reports whether an edge may meet the frame's inside: the boxes are
// compared, then the corners of the frame on both sides of the edge.
func (c cutter) enters(a, b orb.Point) bool {
	if !(orb.LineString{a, b}).Bound().Intersects(c.frame) {
		return false
	}
	f := c.frame
	var left, right bool
	for _, corner := range []orb.Point{f.Min, {f.Max[0], f.Min[1]}, f.Max, {f.Min[0], f.Max[1]}} {
		side := (b[0]-a[0])*(corner[1]-a[1]) - (b[1]-a[1])*(corner[0]-a[0])
		left, right = left || side >= 0, right || side <= 0
	}
	return left && right
}

// along adds the way of an edge that stays outside, moved to the frame.
func (c cutter) along(a, b orb.Point, add func(orb.Point)) {
	add(c.clamp(a))
	for _, corner := range c.corners(a, b) {
		add(corner)
	}
	add(c.clamp(b))
}

func (c cutter) clamp(p orb.Point) orb.Point {
	return orb.Point{min(max(p[0], c.frame.Min[0]), c.frame.Max[0]), min(max(p[1], c.frame.Min[1]), c.frame.Max[1])}
}

// corners returns the corners of the frame that an edge outside goes around,
// in its direction. It passes one wherever it crosses the line of a side, for
// there it is beyond the side's end.
func (c cutter) corners(a, b orb.Point) []orb.Point {
	type crossing struct {
		t      float64
		corner orb.Point
	}
	var met []crossing
	for axis := range 2 {
		other := 1 - axis
		middle := (c.frame.Min[other] + c.frame.Max[other]) / 2
		for _, line := range []float64{c.frame.Min[axis], c.frame.Max[axis]} {
			if (a[axis] < line) == (b[axis] < line) {
				continue
			}
			t := (line - a[axis]) / (b[axis] - a[axis])
			corner := c.frame.Min
			if a[other]+t*(b[other]-a[other]) > middle {
				corner[other] = c.frame.Max[other]
			}
			corner[axis] = line
			met = append(met, crossing{t, corner})
		}
	}
	slices.SortStableFunc(met, func(a, b crossing) int { return cmp.Compare(a.t, b.t) })
	corners := make([]orb.Point, len(met))
	for i, m := range met {
		corners[i] = m.corner
	}
	return corners
}

// simplify leaves out the points between others on one side of the frame, ways
// there and back included.
func (c cutter) simplify(ring orb.Ring) orb.Ring {
	var out orb.Ring
	for _, p := range ring {
		for len(out) >= 2 && c.sameSide(out[len(out)-2], out[len(out)-1], p) {
			out = out[:len(out)-1]
		}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

func (c cutter) sameSide(points ...orb.Point) bool {
	on := func(axis int, line float64) bool {
		return !slices.ContainsFunc(points, func(p orb.Point) bool { return p[axis] != line })
	}
	return on(0, c.frame.Min[0]) || on(0, c.frame.Max[0]) || on(1, c.frame.Min[1]) || on(1, c.frame.Max[1])
}
