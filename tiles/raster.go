//go:build !js

package tiles

import (
	"encoding/binary"
	"math"
	"slices"
)

// A raster covers a tile and a margin of neighbouring ground, in cells of one
// tile unit. It is kept in blocks, and blocks without a zone take no memory.
const (
	blockSize    = 64
	rasterMargin = 4 * blockSize
	rasterBlocks = (Extent + 2*rasterMargin) / blockSize
	rasterLow    = -rasterMargin
	rasterHigh   = Extent + rasterMargin // first cell beyond
)

type block [blockSize * blockSize]byte // a class each

// raster holds the worst class of each cell.
type raster struct {
	blocks [rasterBlocks * rasterBlocks]*block
}

func (r *raster) block(bx, by int) *block {
	b := &r.blocks[by*rasterBlocks+bx]
	if *b == nil {
		*b = new(block)
	}
	return *b
}

// raise makes the cells of a row from x0 to x1, both included, at least as bad
// as c. Cells beyond the raster are left out.
func (r *raster) raise(y, x0, x1 int, c class) {
	if y < rasterLow || y >= rasterHigh {
		return
	}
	x0, x1 = max(x0, rasterLow), min(x1, rasterHigh-1)
	by, iy := (y-rasterLow)/blockSize, (y-rasterLow)%blockSize
	for x0 <= x1 {
		bx, ix := (x0-rasterLow)/blockSize, (x0-rasterLow)%blockSize
		n := min(x1-x0+1, blockSize-ix)
		raiseAll(r.block(bx, by)[iy*blockSize+ix:][:n], byte(c))
		x0 += n
	}
}

// raiseAll raises cells, eight at a time where they are dry or all of the class
// already.
func raiseAll(cells []byte, c byte) {
	all := uint64(c) * 0x0101010101010101
	for len(cells) >= 8 {
		switch binary.NativeEndian.Uint64(cells) {
		case all:
		case 0:
			binary.NativeEndian.PutUint64(cells, all)
		default:
			for i, old := range cells[:8] {
				cells[i] = max(old, c)
			}
		}
		cells = cells[8:]
	}
	for i, old := range cells {
		cells[i] = max(old, c)
	}
}

// row copies the cells of a row from x on into dst.
func (r *raster) row(dst []byte, x, y int) {
	by, iy := (y-rasterLow)/blockSize, (y-rasterLow)%blockSize
	for len(dst) > 0 {
		bx, ix := (x-rasterLow)/blockSize, (x-rasterLow)%blockSize
		n := min(len(dst), blockSize-ix)
		if b := r.blocks[by*rasterBlocks+bx]; b != nil {
			copy(dst[:n], b[iy*blockSize+ix:])
		} else {
			clear(dst[:n])
		}
		dst, x = dst[n:], x+n
	}
}

// emptyRow reports whether no block holds anything in the row.
func (r *raster) emptyRow(y int) bool {
	by := (y - rasterLow) / blockSize
	return !slices.ContainsFunc(r.blocks[by*rasterBlocks:(by+1)*rasterBlocks], func(b *block) bool { return b != nil })
}

// absorb draws the raster of a child tile into that of its parent: each cell
// takes the worst of its four. qx and qy are 0 or 1.
func (r *raster) absorb(child *raster, qx, qy int) {
	const halfBlock = blockSize / 2
	for i, b := range child.blocks {
		if b == nil {
			continue
		}
		x := qx*Extent/2 + (i%rasterBlocks*blockSize+rasterLow)/2 - rasterLow
		y := qy*Extent/2 + (i/rasterBlocks*blockSize+rasterLow)/2 - rasterLow
		into := r.block(x/blockSize, y/blockSize)
		for cy := range halfBlock {
			high, low := b[2*cy*blockSize:][:blockSize], b[(2*cy+1)*blockSize:][:blockSize]
			row := into[(y%blockSize+cy)*blockSize+x%blockSize:][:halfBlock]
			for cx := 0; cx < halfBlock; cx += 4 {
				if binary.NativeEndian.Uint64(high[2*cx:])|binary.NativeEndian.Uint64(low[2*cx:]) == 0 {
					continue
				}
				for x := cx; x < cx+4; x++ {
					row[x] = max(row[x], high[2*x], high[2*x+1], low[2*x], low[2*x+1])
				}
			}
		}
	}
}

// touchMargin: what comes closer to a cell than this touches it. It makes up
// for the rounding of the arithmetic, so that a place on an edge is never left dry.
const touchMargin = 1.0 / 64

// painter draws shapes into a raster, every touched cell. It is the scratch of
// one worker.
type painter struct {
	crossings []uint64 // row, then x
}

// paint draws a shape into the raster of a tile.
func (p *painter) paint(r *raster, tile ID, s *shape, c class) {
	scale := worldUnits(tile.Z)
	at := func(q position) position {
		return position{q.x*scale - float64(tile.X)*Extent, q.y*scale - float64(tile.Y)*Extent}
	}
	for _, rings := range s.polygons {
		p.crossings = p.crossings[:0]
		for _, ring := range rings {
			last := at(ring[len(ring)-1])
			for _, q := range ring {
				next := at(q)
				p.edge(r, last, next, c)
				p.cross(last, next)
				last = next
			}
		}
		p.fill(r, c)
	}
	for _, line := range s.lines {
		last := at(line[0])
		p.edge(r, last, last, c)
		for _, q := range line[1:] {
			next := at(q)
			p.edge(r, last, next, c)
			last = next
		}
	}
}

// edge draws every cell that a segment touches.
func (p *painter) edge(r *raster, a, b position, c class) {
	if a.y > b.y {
		a, b = b, a
	}
	left, right := min(a.x, b.x)-touchMargin, max(a.x, b.x)+touchMargin
	first, last := math.Floor(a.y-touchMargin), math.Floor(b.y+touchMargin)
	if right < rasterLow || left >= rasterHigh || last < rasterLow || first >= rasterHigh {
		return
	}
	slope := 0.0
	if b.y > a.y {
		slope = (b.x - a.x) / (b.y - a.y)
	}
	for y := max(first, rasterLow); y <= min(last, rasterHigh-1); y++ {
		from, to := left, right
		if first != last && a.y < b.y {
			u := a.x + (min(max(y-touchMargin, a.y), b.y)-a.y)*slope
			v := a.x + (min(max(y+1+touchMargin, a.y), b.y)-a.y)*slope
			from, to = max(min(u, v)-touchMargin, left), min(max(u, v)+touchMargin, right)
		}
		r.raise(int(y), cellOf(from), cellOf(to), c)
	}
}

// cellOf returns the cell of a coordinate, kept near the raster.
func cellOf(x float64) int {
	return int(math.Floor(min(max(x, rasterLow-1), rasterHigh)))
}

// crossing packs a row and a place in it so that they sort.
const crossingBits = 20

// cross notes where a segment crosses the middle of rows.
func (p *painter) cross(a, b position) {
	if a.y > b.y {
		a, b = b, a
	}
	first, last := math.Ceil(a.y-0.5), math.Ceil(b.y-0.5)-1
	if last < rasterLow || first >= rasterHigh || first > last {
		return
	}
	slope := (b.x - a.x) / (b.y - a.y)
	for y := max(first, rasterLow); y <= min(last, rasterHigh-1); y++ {
		x := min(max(a.x+(y+0.5-a.y)*slope, rasterLow-1), rasterHigh)
		row, place := uint64(y-rasterLow), uint64((x-(rasterLow-1))*(1<<crossingBits))
		p.crossings = append(p.crossings, row<<40|place)
	}
}

// fill draws the cells between odd and even crossings of each row. Cells that
// the outline touches are drawn already, so only whole cells matter here.
func (p *painter) fill(r *raster, c class) {
	slices.Sort(p.crossings)
	for i := 0; i+1 < len(p.crossings); i += 2 {
		x := func(n uint64) int { return int(n&(1<<40-1)>>crossingBits) + rasterLow - 1 }
		r.raise(int(p.crossings[i]>>40)+rasterLow, x(p.crossings[i]), x(p.crossings[i+1]), c)
	}
}
