package drawn

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// raster is a sheet in square cells, each with the worst rank that touches
// it: what is drawn small must not be drawn milder.
type raster struct {
	cell          float64
	columns, rows int
	rank          []uint8     // 0 where no zone is
	crossings     [][]float64 // of the feature being added: where its edges meet the middle of each row
}

// newRaster covers a picture of so many units from its north-west corner.
func newRaster(width, height, cell float64) *raster {
	columns, rows := int(math.Ceil(width/cell))+1, int(math.Ceil(height/cell))+1
	return &raster{cell: cell, columns: columns, rows: rows, rank: make([]uint8, columns*rows), crossings: make([][]float64, rows)}
}

func (r *raster) mark(x, y int, rank uint8) {
	if x >= 0 && x < r.columns && y >= 0 && y < r.rows {
		i := y*r.columns + x
		r.rank[i] = max(r.rank[i], rank)
	}
}

// add marks the cells that the rings of one feature cover or touch.
func (r *raster) add(rings []orb.LineString, rank uint8) {
	low, high := r.rows, -1
	for _, ring := range rings {
		for i := range len(ring) - 1 {
			a, b := ring[i], ring[i+1]
			r.trace(a, b, rank)
			first, last := max(0, int(min(a[1], b[1])/r.cell)), min(int(max(a[1], b[1])/r.cell), r.rows-1)
			low, high = min(low, first), max(high, last)
			for y := first; y <= last; y++ {
				if middle := (float64(y) + 0.5) * r.cell; (a[1] > middle) != (b[1] > middle) {
					r.crossings[y] = append(r.crossings[y], a[0]+(middle-a[1])/(b[1]-a[1])*(b[0]-a[0]))
				}
			}
		}
	}
	for y := low; y <= high; y++ {
		r.fill(y, r.crossings[y], rank)
		r.crossings[y] = r.crossings[y][:0]
	}
}

// fill marks the cells of a row between pairs of crossings.
func (r *raster) fill(y int, crossings []float64, rank uint8) {
	slices.Sort(crossings)
	row := r.row(y)
	for i := 0; i+1 < len(crossings); i += 2 {
		for x := max(0, int(crossings[i]/r.cell)); x <= min(int(crossings[i+1]/r.cell), r.columns-1); x++ {
			row[x] = max(row[x], rank)
		}
	}
}

// row returns the ranks of the cells of a row of the raster.
func (r *raster) row(y int) []uint8 { return r.rank[y*r.columns : (y+1)*r.columns] }

// trace marks every cell that an edge enters: with those whose middle lies
// inside, they are all that the zone touches.
func (r *raster) trace(a, b orb.Point, rank uint8) {
	x, y := int(math.Floor(a[0]/r.cell)), int(math.Floor(a[1]/r.cell))
	endX, endY := int(math.Floor(b[0]/r.cell)), int(math.Floor(b[1]/r.cell))
	stepX, nextX, deltaX := r.walk(a[0], b[0], x)
	stepY, nextY, deltaY := r.walk(a[1], b[1], y)
	for range abs(endX-x) + abs(endY-y) {
		r.mark(x, y, rank)
		if nextX < nextY {
			x, nextX = x+stepX, nextX+deltaX
		} else {
			y, nextY = y+stepY, nextY+deltaY
		}
	}
	r.mark(x, y, rank)
	r.mark(endX, endY, rank)
}

// walk returns, for one axis, the direction of an edge, how far along it (0 to
// 1) it meets the next border of cells, and how far the borders are apart.
func (r *raster) walk(from, to float64, cell int) (step int, next, delta float64) {
	length := to - from
	switch {
	case length > 0:
		return 1, (float64(cell+1)*r.cell - from) / length, r.cell / length
	case length < 0:
		return -1, (float64(cell)*r.cell - from) / length, -r.cell / length
	}
	return 0, math.Inf(1), math.Inf(1)
}

func abs(n int) int { return max(n, -n) }

func (r *raster) at(x, y int) uint8 {
	if x < 0 || y < 0 || x >= r.columns || y >= r.rows {
		return 0
	}
	return r.rank[y*r.columns+x]
}

// outline returns the border of the cells with at least a rank: every loop
// keeps its cells to the right.
func (r *raster) outline(least uint8) (loops [][]corner) {
	width := r.columns + 1
	seen := make([]bool, width*r.rows) // upper edges that a loop has used
	above := make([]uint8, r.columns)
	for y := range r.rows {
		here := r.row(y)
		for x, rank := range here {
			if rank >= least && above[x] < least && !seen[y*width+x] {
				loops = append(loops, r.loop(least, seen, x, y))
			}
		}
		above = here
	}
	return loops
}

// corner is where cells meet: the north-west one of cell x, y.
type corner struct{ x, y int }

// loop follows one border from the upper edge of cell x, y, eastward first.
// No border passes its first corner straight on: the edge before would have
// been the first.
func (r *raster) loop(least uint8, seen []bool, startX, startY int) []corner {
	in := func(x, y int) bool { return r.at(x, y) >= least }
	corners := []corner{{startX, startY}}
	x, y, dx, dy := startX, startY, 1, 0
	for {
		if dx == 1 {
			seen[y*(r.columns+1)+x] = true
		}
		x, y = x+dx, y+dy
		nextX, nextY := turn(in, x, y, dx, dy)
		if nextX == dx && nextY == dy {
			continue
		}
		if x == startX && y == startY && nextX == 1 {
			return corners
		}
		corners = append(corners, corner{x, y})
		dx, dy = nextX, nextY
	}
}

// turn returns where a border goes on at a corner: right where it can, so that
// cells that meet at a corner stay apart.
func turn(in func(x, y int) bool, x, y, dx, dy int) (int, int) {
	// The two cells ahead of the corner, seen in the direction of travel.
	cell := func(side int) bool {
		switch {
		case dx == 1:
			return in(x, y-1+side)
		case dx == -1:
			return in(x-1, y-side)
		case dy == 1:
			return in(x-side, y)
		}
		return in(x-1+side, y-1)
	}
	left, right := cell(0), cell(1)
	switch {
	case !right:
		return -dy, dx // right turn
	case left:
		return dy, -dx // left turn
	}
	return dx, dy
}
