package hazard

import "hazardmap/geo"

// Hit is one zone that holds a position.
type Hit struct {
	Zone uint32 // its number in the dataset
	Edge bool   // the position lies on the edge of the zone, which belongs to it
}

// tree finds the shapes at a position: a dense grid of cells, each one shape,
// a list of shapes, a leaf with edges, or a node of 4x4 smaller cells.
type tree struct {
	x0, y0        int64
	width, height uint64
	cols          uint64
	shift         uint
	grid          []byte
	nodes         []byte
	leaves        []byte
	lists         []byte
}

// place is a lattice point within one cell, counted from the cell's first.
type place struct {
	x, y int64
	cell cell
}

// find descends to the reference of the cell that holds p.
func (t *tree) find(p geo.E7) (ref uint32, at place, ok bool) {
	x, y := uint64(int64(p.Lon)-t.x0), uint64(int64(p.Lat)-t.y0)
	if x >= t.width || y >= t.height {
		return 0, at, false
	}
	shift := t.shift
	i := int(y>>shift*t.cols+x>>shift) * 4
	ref = load32(t.grid[i : i+4])
	for ref&tagMask == tagNode && shift >= 2 {
		shift -= 2
		i := int(ref&maxValue)*64 + int(y>>shift&3<<4|x>>shift&3<<2)
		if i+4 > len(t.nodes) {
			return 0, at, false
		}
		ref = load32(t.nodes[i : i+4])
	}
	mask := uint64(1)<<shift - 1
	at.x, at.y = int64(x&mask), int64(y&mask)
	at.cell = cell{t.x0 + int64(x&^mask), t.y0 + int64(y&^mask), shift}
	return ref, at, true
}

// at appends the shapes that hold p, in the order of their numbers.
func (t *tree) at(dst []Hit, p geo.E7) []Hit {
	ref, at, ok := t.find(p)
	if !ok {
		return dst
	}
	return t.resolve(dst, ref, at)
}

// resolve appends the shapes that a reference finds at a place.
func (t *tree) resolve(dst []Hit, ref uint32, at place) []Hit {
	v := int(ref & maxValue)
	switch ref & tagMask {
	case tagZone:
		if v > 0 {
			dst = append(dst, Hit{Zone: uint32(v - 1)})
		}
	case tagList:
		dst = t.list(v).hits(dst)
	case tagLeaf:
		return t.leafAt(dst, v*8, at)
	}
	return dst
}

// numbers is a list of zones as it lies in the file.
type numbers []byte

func (t *tree) list(v int) numbers {
	if v*4+4 > len(t.lists) {
		return nil
	}
	return t.listOf(v, load32(t.lists[v*4:]))
}

// listOf returns the list at v, its count already read.
func (t *tree) listOf(v int, count uint32) numbers {
	b := t.lists[v*4+4:]
	if uint64(count) > uint64(len(b)/4) {
		return nil
	}
	return numbers(b[:count*4])
}

func (l numbers) hits(dst []Hit) []Hit {
	for ; len(l) >= 4; l = l[4:] {
		dst = append(dst, Hit{Zone: load32(l)})
	}
	return dst
}

func (l numbers) all() func(yield func(int, uint32) bool) {
	return func(yield func(int, uint32) bool) {
		for i := 0; i+4 <= len(l); i += 4 {
			if !yield(i/4, load32(l[i:])) {
				return
			}
		}
	}
}

// leafAt appends the shapes of the leaf at offset o that hold the place. It
// counts the edges that a path crosses: from the place to the right border of
// its cell, then up to the cell's reference corner.
func (t *tree) leafAt(dst []Hit, o int, at place) []Hit {
	first := len(dst)
	if b := t.leaves; o+8 <= len(b) && load32(b[o+4:])&groupList != 0 {
		v := int(load32(b[o:]))
		if v*4+4 > len(t.lists) {
			return dst
		}
		// Asked for now and needed last, so that its way from memory and that of
		// the edges are one.
		count := load32(t.lists[v*4:])
		dst = edgesAt(dst, b, o+8, at)
		edges := len(dst)
		if dst = t.listOf(v, count).hits(dst); edges > first {
			dst = merge(dst, first)
		}
		return dst
	}
	return edgesAt(dst, t.leaves, o, at)
}

// merge restores the order of the hits from first on, and makes one of two
// hits of the same zone.
func merge(dst []Hit, first int) []Hit {
	hits := dst[first:]
	for i := 1; i < len(hits); i++ {
		h, j := hits[i], i
		for ; j > 0 && h.Zone < hits[j-1].Zone; j-- {
			hits[j] = hits[j-1]
		}
		hits[j] = h
	}
	n := 1
	for _, h := range hits[1:] {
		if last := &hits[n-1]; last.Zone == h.Zone {
			last.Edge = last.Edge && h.Edge
		} else {
			hits[n] = h
			n++
		}
	}
	return dst[:first+n]
}

// edgesAt goes through the groups from offset o on.
func edgesAt(dst []Hit, b []byte, o int, at place) []Hit {
	first := len(dst)
	size := at.cell.size()
	inside, edge := false, false
	for o+8 <= len(b) {
		zone, word := load32(b[o:]), load32(b[o+4:])
		o += 8
		wide := o + int(word&groupNarrow)*8
		end := wide + int(word&groupWide>>wideShift)*16
		if end > len(b) {
			return dst
		}
		if word&groupLine == 0 {
			odd, on := false, false
			if wide > o {
				odd, on = crossings(b[o:wide], at.x, at.y, size)
			}
			if end > wide {
				oddWide, onWide := wideCrossings(b[wide:end], at, size)
				odd, on = odd != oddWide, on || onWide
			}
			inside = inside != (odd != (word&groupInside != 0))
			edge = edge || on
			if word&groupMore == 0 {
				if inside || edge {
					dst = settle(dst, first, zone, edge)
				}
				inside, edge = false, false
			}
		}
		if word&groupLast != 0 {
			return dst
		}
		o = end
	}
	return dst
}

// settle adds a part that holds the place to the hits from first on. A place
// inside one part of a zone is inside the zone even where it lies on the edge
// of another.
func settle(dst []Hit, first int, zone uint32, edge bool) []Hit {
	if n := len(dst); n > first && dst[n-1].Zone == zone {
		dst[n-1].Edge = dst[n-1].Edge && edge
		return dst
	}
	return append(dst, Hit{zone, edge})
}

// crossings reports whether the path from the place to its cell's corner
// crosses an odd number of narrow edges, and whether the place lies on one.
func crossings(narrow []byte, px, py, size int64) (odd, on bool) {
	var count int64
	for ; len(narrow) >= 8; narrow = narrow[8:] {
		v := load64(narrow)
		ax, ay, bx, by := int64(int16(v)), int64(int16(v>>16)), int64(int16(v>>32)), int64(int16(v>>48))
		side := (bx-ax)*(py-ay) - (by-ay)*(px-ax) // > 0: the place is left of the edge, seen upward
		if side == 0 && ay <= py && py <= by && min(ax, bx) <= px && px <= max(ax, bx) {
			return false, true
		}
		if (ax-size)^(bx-size) < 0 {
			count += aroundCorner(ax, ay, bx, by, py, side, size)
		} else {
			// All three negative: ay <= py < by and side > 0.
			count += int64(uint64((ay-py-1)&(py-by)&-side) >> 63)
		}
	}
	return count&1 == 1, false
}

// wideCrossings is crossings for wide edges.
func wideCrossings(wide []byte, at place, size int64) (odd, on bool) {
	px, py := at.x, at.y
	var count int64
	for ; len(wide) >= 16; wide = wide[16:] {
		ax, ay := int64(int32(load32(wide)))-at.cell.x0, int64(int32(load32(wide[4:])))-at.cell.y0
		bx, by := int64(int32(load32(wide[8:])))-at.cell.x0, int64(int32(load32(wide[12:])))-at.cell.y0
		side := (bx-ax)*(py-ay) - (by-ay)*(px-ax)
		if side == 0 && ay <= py && py <= by && min(ax, bx) <= px && px <= max(ax, bx) {
			return false, true
		}
		if (ax-size)^(bx-size) < 0 {
			count += aroundCorner(ax, ay, bx, by, py, side, size)
		} else {
			count += int64(uint64((ay-py-1)&(py-by)&-side) >> 63)
		}
	}
	return count&1 == 1, false
}

// aroundCorner counts the crossings of an edge that passes the cell's right
// border line: the path turns there, at the height of the place plus less than
// any number, and ends left of the corner by still less.
func aroundCorner(ax, ay, bx, by, py, side, size int64) int64 {
	dx, dy := bx-ax, by-ay
	border := 2*size - 1 - 2*ax // twice the distance from a
	turn := dx*2*(py-ay) - dy*border
	turnLeft := turn > 0 || (turn == 0 && dx > 0)
	cornerLeft := dx*(2*size-1-2*ay)-dy*border >= 0
	var n int64
	if ay <= py && py < by && side > 0 && !turnLeft {
		n++
	}
	if turnLeft != cornerLeft {
		n++
	}
	return n
}

// At appends to dst every zone that holds p, in the order of their numbers,
// and returns the result. The edge of a zone belongs to it. Zones drawn only
// as lines hold nothing.
func (x *Index) At(dst []Hit, p geo.E7) []Hit { return x.zones.at(dst, p) }

// InArea reports whether p lies in the boundary of the dataset's area, its
// edge included. Without a boundary no position does.
func (x *Index) InArea(p geo.E7) bool {
	var buf [16]Hit
	hits := x.extents.at(buf[:0], p)
	return len(hits) > 0 && hits[0].Zone == 0
}

// Covered returns the kinds that were surveyed at p, and those of them where
// part of a source was refused.
func (x *Index) Covered(p geo.E7) (covered, incomplete KindSet) {
	var buf [16]Hit
	for _, h := range x.extents.at(buf[:0], p) {
		kinds, refused := x.survey(h.Zone)
		covered |= kinds
		if refused {
			incomplete |= kinds
		}
	}
	return covered, incomplete
}

// Reads returns how many reads of memory that wait for each other a look-up at
// p takes: the grid, each node, the leaf, the list.
func (x *Index) Reads(p geo.E7) int {
	ref, at, ok := x.zones.find(p)
	if !ok {
		return 0
	}
	n := 1 + int(x.zones.shift-at.cell.shift)/2
	switch o := int(ref&maxValue) * 8; ref & tagMask {
	case tagList:
		n++
	case tagLeaf:
		n++
		if o+8 <= len(x.zones.leaves) && load32(x.zones.leaves[o+4:])&groupList != 0 {
			n++
		}
	}
	return n
}
