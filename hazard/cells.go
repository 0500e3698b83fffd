package hazard

import "math/bits"

// The look-up divides the lattice of 1e-7 degree into square cells. A cell's
// borders lie half-way between lattice points, so no vertex is ever on one,
// but an edge may still pass exactly through a cell's corner. The reference
// corner of a cell is therefore its upper right corner moved to the left by
// less than any number: no edge passes through that point.

// segment is one edge of a shape between two lattice points, lower end first
// and left end first where it is level. Its direction carries no meaning.
type segment struct{ ax, ay, bx, by int32 }

func newSegment(ax, ay, bx, by int32) segment {
	if ay > by || (ay == by && ax > bx) {
		return segment{bx, by, ax, ay}
	}
	return segment{ax, ay, bx, by}
}

// cell is the square of lattice points x0..x0+size-1, y0..y0+size-1, its size
// a power of two. It may lie beyond what int32 can name.
type cell struct {
	x0, y0 int64
	shift  uint
}

func (c cell) size() int64 { return 1 << c.shift }

// child returns the part of c in one of 4 rows and 4 columns, from the lower
// left.
func (c cell) child(i int) cell {
	shift := c.shift - 2
	return cell{c.x0 + int64(i&3)<<shift, c.y0 + int64(i>>2)<<shift, shift}
}

// crossColumn returns the column, counted in units of 1<<shift from x0, in
// which e meets the line y = y2/2. A meeting exactly on a border belongs to the
// column on its right.
func (e segment) crossColumn(y2, x0 int64, shift uint) int64 {
	x2 := 2 * int64(e.ax)
	if dx := int64(e.bx) - int64(e.ax); dx != 0 {
		q, _ := floorMulDiv(dx, y2-2*int64(e.ay), int64(e.by)-int64(e.ay))
		x2 += q
	}
	return (x2 - 2*x0 + 1) >> (shift + 1)
}

// crossRow returns the row, counted in units of 1<<shift from y0, in which e
// meets the vertical line just left of x = x2/2.
func (e segment) crossRow(x2, y0 int64, shift uint) int64 {
	dx := int64(e.bx) - int64(e.ax)
	along, run := x2-2*int64(e.ax), dx
	if run < 0 {
		along, run = -along, -run
	}
	q, rest := floorMulDiv(int64(e.by)-int64(e.ay), along, run)
	y2 := 2*int64(e.ay) + q - 2*y0 + 1
	row := y2 >> (shift + 1)
	if rest == 0 && y2&(2<<shift-1) == 0 && dx > 0 {
		row--
	}
	return row
}

// floorMulDiv returns the floor of a*b/c and the remainder, for c > 0.
func floorMulDiv(a, b, c int64) (q, rest int64) {
	const half = 1 << 31
	if -half < a && a < half && -half < b && b < half {
		q, rest = a*b/c, a*b%c
	} else {
		negative := (a < 0) != (b < 0)
		hi, lo := bits.Mul64(magnitude(a), magnitude(b))
		// A line meets an edge between its ends, so |b| <= 2c and hi < c.
		uq, ur := bits.Div64(hi, lo, uint64(c))
		q, rest = int64(uq), int64(ur)
		if negative {
			q, rest = -q, -rest
		}
	}
	if rest < 0 {
		q, rest = q-1, rest+c
	}
	return q, rest
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// group is what one part of a shape leaves in a cell: whether the cell's
// reference corner lies inside the part, and the edges that enter the cell.
// Without edges the corner speaks for the whole cell. Nothing lies inside a line.
type group struct {
	part   uint32
	inside bool
	line   bool
	edges  int32
}

// pile is the content of one cell: groups in the order of their parts, and
// their edges one group after the other.
type pile struct {
	groups   []group
	segments []segment
}

func (p *pile) reset() { p.groups, p.segments = p.groups[:0], p.segments[:0] }

// divide deals the content of c to its 16 children.
func (p *pile) divide(c cell, children *[16]pile) {
	for i := range children {
		children[i].reset()
	}
	rest := p.segments
	for _, g := range p.groups {
		var d dealer
		d.start(c, children)
		for _, e := range rest[:g.edges] {
			d.deal(e)
		}
		rest = rest[g.edges:]
		d.close(g)
	}
}

// dealer deals the edges of one group to the children of a cell and follows
// how the edges part the children's corners from each other.
type dealer struct {
	c        cell // the cell divided
	shift    uint // of a child
	children *[16]pile
	before   [16]int32 // edges that the children held before this group
	tops     [4]uint8  // per row, bit per column: crossings of the row's upper border are odd
	right    uint8     // bit per row: crossings of the cell's right border are odd
}

func (d *dealer) start(c cell, children *[16]pile) {
	d.c, d.shift, d.children = c, c.shift-2, children
	for i := range children {
		d.before[i] = int32(len(children[i].segments))
	}
}

func (d *dealer) deal(e segment) {
	c, shift := d.c, d.shift
	first := (int64(e.ay) - c.y0) >> shift
	last := (int64(e.by) - c.y0) >> shift
	from := (int64(e.ax) - c.x0) >> shift
	to := (int64(e.bx) - c.x0) >> shift
	if first == last && from == to {
		if uint64(first) < 4 && uint64(from) < 4 {
			i := first<<2 | from
			d.children[i].segments = append(d.children[i].segments, e)
		}
		return
	}
	if first < 0 && last >= 0 {
		from = e.crossColumn(2*c.y0-1, c.x0, shift)
	}
	for row := max(first, 0); row <= min(last, 3); row++ {
		upper := to
		if row < last {
			upper = e.crossColumn(2*(c.y0+(row+1)<<shift)-1, c.x0, shift)
			if uint64(upper) < 4 {
				d.tops[row] ^= 1 << upper
			}
		}
		for column := max(min(from, upper), 0); column <= min(max(from, upper), 3); column++ {
			i := row<<2 | column
			d.children[i].segments = append(d.children[i].segments, e)
		}
		from = upper
	}
	beyond := c.x0 + c.size()
	if (int64(e.ax) >= beyond) != (int64(e.bx) >= beyond) {
		if row := e.crossRow(2*beyond-1, c.y0, shift); uint64(row) < 4 {
			d.right ^= 1 << row
		}
	}
}

// close gives each child its group. The corner of the upper right child is
// that of the cell; from there the parity runs down the right border and along
// the upper border of each row.
func (d *dealer) close(g group) {
	corner := g.inside
	for row := 3; row >= 0; row-- {
		inside := corner
		for column := 3; column >= 0; column-- {
			child := &d.children[row<<2|column]
			if n := int32(len(child.segments)) - d.before[row<<2|column]; n > 0 || (inside && !g.line) {
				child.groups = append(child.groups, group{g.part, inside && !g.line, g.line, n})
			}
			inside = inside != (d.tops[row]>>column&1 == 1)
		}
		corner = corner != (d.right>>row&1 == 1)
	}
}
