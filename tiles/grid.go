//go:build !js

package tiles

import "math"

// grid divides the rectangle of some segments into square cells, about as many
// as there are segments.
type grid struct {
	minX, minY int64
	shift      uint // a cell is 1<<shift fine units wide
	nx, ny     int
}

// maxWidth keeps products of two lengths, times two, inside 63 bits.
const maxWidth = 1 << 30

// cover lays the grid over the segments, of which there is at least one. It
// reports false where they span more than the arithmetic can hold.
func (g *grid) cover(segments []segment) bool {
	first := segments[0].a
	minX, minY, maxX, maxY := first.x, first.y, first.x, first.y
	for _, s := range segments {
		minX, maxX = min(minX, s.a.x, s.b.x), max(maxX, s.a.x, s.b.x)
		minY, maxY = min(minY, s.a.y, s.b.y), max(maxY, s.a.y, s.b.y)
	}
	// One unit of room, because hot squares reach past the corners.
	g.minX, g.minY = minX-fineUnit, minY-fineUnit
	width, height := maxX-minX+2*fineUnit, maxY-minY+2*fineUnit
	if width > maxWidth || height > maxWidth {
		return false
	}
	const perCell = 3
	for g.shift = fineBits; ; g.shift++ {
		g.nx, g.ny = int(width>>g.shift)+1, int(height>>g.shift)+1
		if int64(g.nx)*int64(g.ny) <= int64(len(segments))/perCell+1 {
			return true
		}
	}
}

func (g *grid) size() int { return g.nx * g.ny }

func (g *grid) column(x int64) int { return int(min(max((x-g.minX)>>g.shift, 0), int64(g.nx-1))) }

func (g *grid) row(y int64) int { return int(min(max((y-g.minY)>>g.shift, 0), int64(g.ny-1))) }

func (g *grid) cellAt(f fine) int32 { return int32(g.row(f.y)*g.nx + g.column(f.x)) }

// cells appends the cells that s comes closer to than pad.
func (g *grid) cells(dst []int32, s segment, pad int64) []int32 {
	a, b := s.a, s.b
	if a.y > b.y {
		a, b = b, a
	}
	left, right := min(a.x, b.x)-pad, max(a.x, b.x)+pad
	firstRow, lastRow := g.row(a.y-pad), g.row(b.y+pad)
	if firstRow == lastRow || g.column(left) == g.column(right) {
		return g.appendCells(dst, firstRow, lastRow, g.column(left), g.column(right))
	}
	slope := 0.0
	if b.y != a.y {
		slope = float64(b.x-a.x) / float64(b.y-a.y)
	}
	for r := firstRow; r <= lastRow; r++ {
		top := max(a.y, g.minY+int64(r)<<g.shift-pad)
		bottom := min(b.y, g.minY+int64(r+1)<<g.shift+pad)
		u := float64(a.x) + float64(top-a.y)*slope
		v := float64(a.x) + float64(bottom-a.y)*slope
		from, to := int64(math.Floor(min(u, v)))-pad-1, int64(math.Ceil(max(u, v)))+pad+1
		if b.y-a.y <= 2*pad { // nearly level: the ends say more than the slope
			from, to = left, right
		}
		dst = g.appendCells(dst, r, r, g.column(max(from, left)), g.column(min(to, right)))
	}
	return dst
}

func (g *grid) appendCells(dst []int32, firstRow, lastRow, first, last int) []int32 {
	for r := firstRow; r <= lastRow; r++ {
		for c := first; c <= last; c++ {
			dst = append(dst, int32(r*g.nx+c))
		}
	}
	return dst
}

// index lists numbers by cell. Add, finish, then ask.
type index struct {
	start []int32 // first of each cell in items
	items []int32
	pairs []pair
}

type pair struct{ cell, item int32 }

func (x *index) reset(g *grid) {
	x.pairs = x.pairs[:0]
	n := g.size() + 1
	if cap(x.start) < n {
		x.start = make([]int32, n)
	}
	x.start = x.start[:n]
	clear(x.start)
}

func (x *index) add(cells []int32, item int32) {
	for _, c := range cells {
		x.pairs = append(x.pairs, pair{c, item})
		x.start[c]++
	}
}

// finish sorts the pairs by cell, by counting, and keeps their order within
// a cell.
func (x *index) finish() {
	sum := int32(0)
	for i, n := range x.start {
		x.start[i] = sum
		sum += n
	}
	if cap(x.items) < int(sum) {
		x.items = make([]int32, sum)
	}
	x.items = x.items[:sum]
	for _, p := range x.pairs {
		x.items[x.start[p.cell]] = p.item
		x.start[p.cell]++
	}
	copy(x.start[1:], x.start)
	x.start[0] = 0
}

func (x *index) cell(c int) []int32 { return x.items[x.start[c]:x.start[c+1]] }
