package hazard

import "hazardmap/geo"

// toucher decides which zones touch the boundary of the area or lie in it,
// while the index is being written.
type toucher struct {
	b        *builder
	x        *Index
	starts   []int // first edge of each part of the zones
	boundary []segment
	hits     []Hit
}

func newToucher(b *builder, x *Index) *toucher {
	t := &toucher{b: b, x: x}
	at := 0
	for _, g := range b.zones.groups {
		t.starts = append(t.starts, at)
		at += int(g.edges)
	}
	t.starts = append(t.starts, at)
	n := 0
	for _, g := range b.extents.groups[:b.boundaries] {
		n += int(g.edges)
	}
	t.boundary = b.extents.segments[:n]
	return t
}

// touches reports whether zone n has a point in common with the area. Without
// a boundary every zone has.
func (t *toucher) touches(n int) bool {
	if len(t.boundary) == 0 {
		return true
	}
	edges := t.b.zones.segments[t.starts[t.b.firstPart[n]]:t.starts[t.b.firstPart[n+1]]]
	low, high := edges[0], edges[0]
	for _, e := range edges {
		if t.x.InArea(geo.E7{Lon: e.ax, Lat: e.ay}) {
			return true
		}
		low.ax, low.ay = min(low.ax, e.ax, e.bx), min(low.ay, e.ay)
		high.bx, high.by = max(high.bx, e.ax, e.bx), max(high.by, e.by)
	}
	for _, f := range t.boundary {
		if max(f.ax, f.bx) < low.ax || min(f.ax, f.bx) > high.bx || f.by < low.ay || f.ay > high.by {
			continue
		}
		t.hits = t.x.At(t.hits[:0], geo.E7{Lon: f.ax, Lat: f.ay})
		for _, h := range t.hits {
			if h.Zone == uint32(n) {
				return true
			}
		}
		for _, e := range edges {
			if e.meets(f) {
				return true
			}
		}
	}
	return false
}

// meets reports whether two edges have a point in common.
func (e segment) meets(f segment) bool {
	if max(e.ax, e.bx) < min(f.ax, f.bx) || max(f.ax, f.bx) < min(e.ax, e.bx) || e.by < f.ay || f.by < e.ay {
		return false
	}
	apart := func(e, f segment) bool { // both ends of f on one side of e
		a, b := e.side(f.ax, f.ay), e.side(f.bx, f.by)
		return a > 0 && b > 0 || a < 0 && b < 0
	}
	return !apart(e, f) && !apart(f, e)
}

// side is positive where the point lies left of the edge, seen upward.
func (e segment) side(x, y int32) int64 {
	return (int64(e.bx)-int64(e.ax))*(int64(y)-int64(e.ay)) - (int64(e.by)-int64(e.ay))*(int64(x)-int64(e.ax))
}
