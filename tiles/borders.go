//go:build !js

package tiles

import "bytes"

// borders finds the borders of every class of a raster, in tile units. It is
// the scratch of one worker.
type borders struct {
	edges  [][]tileEdge // by class
	ground []int64      // by class: square units within the tile itself
	rows   [2][]byte
	right  []int // by column: where the running edge began that has its class at the left
	left   []int
	cells  int // width of a cell in units
	low    int // first unit drawn
	line   []byte
}

// find collects the borders, in cells of some units, of the tile and a buffer
// around it.
func (b *borders) find(r *raster, classes, cells, buffer int) {
	b.cells, b.low = cells, -(buffer / cells * cells)
	n := (Extent - 2*b.low) / cells
	b.edges, b.ground = make([][]tileEdge, classes+1), make([]int64, classes+1)
	// One empty cell on each side closes every border.
	for i := range b.rows {
		b.rows[i] = make([]byte, n+2)
	}
	b.right, b.left = make([]int, n+2), make([]int, n+2)
	for y := range n + 1 {
		above, here := b.rows[y%2], b.rows[(y+1)%2]
		b.load(here[1:n+1], r, y, y == n)
		b.compare(above, here, y)
	}
}

// load fills one row of cells, the worst class of each.
func (b *borders) load(dst []byte, r *raster, row int, beyond bool) {
	clear(dst)
	if beyond {
		return
	}
	if b.cells == 1 {
		if y := b.low + row; !r.emptyRow(y) {
			r.row(dst, b.low, y)
		}
		return
	}
	if b.line == nil {
		b.line = make([]byte, Extent+2*rasterMargin)
	}
	line := b.line[:len(dst)*b.cells]
	for y := b.low + row*b.cells; y < b.low+(row+1)*b.cells; y++ {
		if r.emptyRow(y) {
			continue
		}
		r.row(line, b.low, y)
		for x, c := range line {
			dst[x/b.cells] = max(dst[x/b.cells], c)
		}
	}
}

// compare goes over two rows where they differ.
func (b *borders) compare(above, here []byte, y int) {
	if bytes.Equal(above, here) {
		return
	}
	const stride = 32 // mostly equal, and compared as words
	for x := 0; x < len(here); {
		if x+stride <= len(here) && bytes.Equal(above[x:x+stride], here[x:x+stride]) {
			x += stride
			continue
		}
		if above[x] == here[x] {
			x++
			continue
		}
		end := x + 1
		for end < len(here) && above[end] != here[end] {
			end++
		}
		b.level(above, here, x, end, y)
		for i := max(x, 1); i <= min(end, len(here)-1); i++ {
			b.upright(above, here, i, y)
		}
		x = end
	}
}

// level adds the level edges between two rows: a run goes on while the class is
// on one side only. Where it ends there is a corner.
func (b *borders) level(above, here []byte, x, end, y int) {
	for _, rows := range [2][]byte{above, here} {
		for i := x; i < end; {
			c := rows[i]
			j := i + 1
			for j < end && rows[j] == c {
				j++
			}
			if c != 0 {
				b.add(c, i, y, j, y)
			}
			i = j
		}
	}
}

// upright begins and ends the upright edges at the left side of column x.
func (b *borders) upright(above, here []byte, x, y int) {
	sides := [2]struct {
		old, new     byte // the class at this side of the edge
		oldOther     byte
		newOther     byte
		began        []int
		groundFactor int64
	}{
		{above[x-1], here[x-1], above[x], here[x], b.right, 1},
		{above[x], here[x], above[x-1], here[x-1], b.left, -1},
	}
	for _, s := range sides {
		ran, runs := s.old != 0 && s.old != s.oldOther, s.new != 0 && s.new != s.newOther
		if ran && runs && s.old == s.new {
			continue
		}
		if ran {
			b.add(s.old, x, s.began[x], x, y)
			b.ground[s.old] += s.groundFactor * b.inTile(x) * (b.inTile(y+1) - b.inTile(s.began[x]+1))
		}
		if runs {
			s.began[x] = y
		}
	}
}

// unit returns where the border before a column, counted with the empty one,
// lies in tile units.
func (b *borders) unit(column int) int32 { return int32(b.low + (column-1)*b.cells) }

// inTile returns the same for a row or column border, moved into the tile.
func (b *borders) inTile(column int) int64 {
	return int64(min(max(b.unit(column), 0), Extent))
}

func (b *borders) add(c byte, x0, y0, x1, y1 int) {
	// Rows are counted without the empty one.
	b.edges[c] = append(b.edges[c], tileEdge{XY{b.unit(x0), b.unit(y0 + 1)}, XY{b.unit(x1), b.unit(y1 + 1)}})
}
