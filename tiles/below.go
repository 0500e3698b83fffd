//go:build !js

package tiles

// columnIndex finds the nearest edge below a place. Edges are listed by
// columns of a few units.
type columnIndex struct {
	edges   []tileEdge
	minX    int32
	buckets index
	cells   []int32
	width   int
}

const columnShift = 3

func (x *columnIndex) build(edges []tileEdge) {
	x.edges, x.minX = edges, edges[0].a.X
	maxX := x.minX
	for _, e := range edges {
		x.minX, maxX = min(x.minX, e.a.X, e.b.X), max(maxX, e.a.X, e.b.X)
	}
	x.width = int(maxX-x.minX)>>columnShift + 1
	x.buckets.reset(&grid{nx: x.width, ny: 1})
	for i, e := range edges {
		first, last := x.bucket(min(e.a.X, e.b.X)), x.bucket(max(e.a.X, e.b.X))
		if e.a.X == e.b.X {
			continue // nothing lies above a vertical edge
		}
		x.cells = x.cells[:0]
		for c := first; c <= last; c++ {
			x.cells = append(x.cells, int32(c))
		}
		x.buckets.add(x.cells, int32(i))
	}
	x.buckets.finish()
}

func (x *columnIndex) bucket(at int32) int { return int(at-x.minX) >> columnShift }

// find returns the half-edge, directed towards greater x, that lies nearest
// below p. Where p stands exactly above the end of edges, those count that go
// on to greater x.
func (x *columnIndex) find(p XY) (half int32, ok bool) {
	var best rightward
	for _, i := range x.buckets.cell(x.bucket(p.X)) {
		e := toRight(x.edges[i])
		if e.from.X <= p.X && p.X < e.to.X && e.side(p) > 0 && (!ok || e.above(best, p.X)) {
			best, ok = e, true
			half = 2 * i
			if x.edges[i].a != e.from {
				half++
			}
		}
	}
	return half, ok
}

// rightward is an edge with its ends in the order of x.
type rightward struct{ from, to XY }

func toRight(e tileEdge) rightward {
	if e.a.X < e.b.X {
		return rightward{e.a, e.b}
	}
	return rightward{e.b, e.a}
}

// side is positive where p lies above the edge.
func (e rightward) side(p XY) int64 {
	return int64(e.to.X-e.from.X)*int64(p.Y-e.from.Y) - int64(e.to.Y-e.from.Y)*int64(p.X-e.from.X)
}

// above reports whether e runs above f just right of x.
func (e rightward) above(f rightward, x int32) bool {
	ex, ey := int64(e.to.X-e.from.X), int64(e.to.Y-e.from.Y)
	fx, fy := int64(f.to.X-f.from.X), int64(f.to.Y-f.from.Y)
	// Heights at x, over the common denominator ex*fx.
	heightE := (int64(e.from.Y)*ex + ey*int64(x-e.from.X)) * fx
	heightF := (int64(f.from.Y)*fx + fy*int64(x-f.from.X)) * ex
	if heightE != heightF {
		return heightE > heightF
	}
	return ey*fx > fy*ex
}
