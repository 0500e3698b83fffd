package hazard

import (
	"context"
	"errors"
	"math"
)

// leafEdges is how many edges a leaf may hold before its cell is divided.
const leafEdges = 24

// planter builds one tree from the content of its root cell. Leaves and lists
// of several trees share their sections.
type planter struct {
	grid  lattice
	refs  []byte   // of the grid's cells
	shape []uint32 // per part: the number that answers give
	word  []uint32 // per part: the fixed bits of its groups
	cut   bool     // divide cells of the grid that hold many edges

	stride           int // bytes of a summary; 0: none are kept
	blocks, branches []byte

	out    *branches
	levels []*[16]pile

	scratch []byte
}

// branches holds the sections below the grid.
type branches struct {
	nodes, leaves, lists []byte
	listAt               map[string]uint32 // where a list already lies
}

var errTooLarge = errors.New("more than 2^30 references")

func newPlanter(grid lattice, out *branches) *planter {
	return &planter{grid: grid, refs: make([]byte, uint64(grid.cols)*uint64(grid.rows)*4), out: out}
}

// plant fills the grid's cells within c.
func (p *planter) plant(ctx context.Context, c cell, content *pile, level int) error {
	left, bottom, right, top := p.span(c)
	if left >= right || bottom >= top {
		return ctx.Err()
	}
	bare := len(content.segments) == 0
	if p.stride > 0 && (c.shift == uint(p.grid.shift)+2 || bare && c.shift > uint(p.grid.shift)) {
		p.markBlocks(left, bottom, right, top, content)
	}
	if bare || c.shift == uint(p.grid.shift) {
		ref, err := p.reference(c, content, level)
		if ref != 0 {
			for row := bottom; row < top; row++ {
				for column := left; column < right; column++ {
					le.PutUint32(p.refs[(row*int64(p.grid.cols)+column)*4:], ref)
				}
			}
		}
		return err
	}
	children := p.level(level)
	content.divide(c, children)
	for i := range children {
		if err := p.plant(ctx, c.child(i), &children[i], level+1); err != nil {
			return err
		}
	}
	return nil
}

// span returns the grid's columns and rows within c.
func (p *planter) span(c cell) (left, bottom, right, top int64) {
	shift := p.grid.shift
	left, bottom = (c.x0-int64(p.grid.x0))>>shift, (c.y0-int64(p.grid.y0))>>shift
	n := int64(1) << (c.shift - uint(shift))
	right, top = min(left+n, int64(p.grid.cols)), min(bottom+n, int64(p.grid.rows))
	return max(left, 0), max(bottom, 0), right, top
}

func (p *planter) level(n int) *[16]pile {
	for len(p.levels) <= n {
		p.levels = append(p.levels, new([16]pile))
	}
	return p.levels[n]
}

// markBlocks notes the worst rank of each layer for every block of 4x4 cells.
func (p *planter) markBlocks(left, bottom, right, top int64, content *pile) {
	if len(content.groups) == 0 {
		return
	}
	across := int64(p.grid.cols+3) / 4
	for row := bottom / 4; row < (top+3)/4; row++ {
		for column := left / 4; column < (right+3)/4; column++ {
			i := (row*across + column) * int64(p.stride)
			p.summarise(p.blocks[i:i+int64(p.stride)], content)
		}
	}
}

func (p *planter) summarise(b []byte, content *pile) {
	for _, g := range content.groups {
		word := p.word[g.part]
		layer, rank := word&groupLayer>>layerShift, byte(word&groupRank>>rankShift)
		shift := layer & 1 * 4
		if b[layer/2]>>shift&15 < rank {
			b[layer/2] = b[layer/2]&^(15<<shift) | rank<<shift
		}
	}
}

// reference stores the content of one cell and returns what points to it.
func (p *planter) reference(c cell, content *pile, level int) (uint32, error) {
	if len(content.segments) == 0 {
		return p.uniform(content)
	}
	if p.cut && c.shift >= 4 && short(content.segments, c) > leafEdges {
		children := p.level(level)
		content.divide(c, children)
		total := 0
		for i := range children {
			total += len(children[i].segments)
		}
		if total <= 3*len(content.segments) {
			return p.node(c, content, children, level+1)
		}
	}
	return p.leaf(c, content)
}

// short counts the edges that dividing c can set apart: longer ones would
// enter most of the children.
func short(segments []segment, c cell) int {
	n, limit := 0, c.size()/2
	for _, e := range segments {
		dx, dy := int64(e.bx)-int64(e.ax), int64(e.by)-int64(e.ay)
		if -limit <= dx && dx <= limit && dy <= limit {
			n++
		}
	}
	return n
}

func (p *planter) node(c cell, content *pile, children *[16]pile, level int) (uint32, error) {
	at := len(p.out.nodes)
	if at/64 > maxValue {
		return 0, errTooLarge
	}
	p.out.nodes = append(p.out.nodes, make([]byte, 64)...)
	summary := make([]byte, p.stride)
	p.summarise(summary, content)
	p.branches = append(p.branches, summary...)
	for i := range children {
		ref, err := p.reference(c.child(i), &children[i], level)
		if err != nil {
			return 0, err
		}
		le.PutUint32(p.out.nodes[at+4*i:], ref)
	}
	return tagNode | uint32(at/64), nil
}

// uniform refers to the shapes that cover a whole cell.
func (p *planter) uniform(content *pile) (uint32, error) {
	list := p.covering(content)
	switch len(list) {
	case 0:
		return tagZone, nil
	case 4:
		return tagZone | (le.Uint32(list) + 1), nil
	}
	at, err := p.out.list(list)
	return tagList | at, err
}

// covering lists the shapes that cover a whole cell.
func (p *planter) covering(content *pile) []byte {
	list, last := p.scratch[:0], uint32(math.MaxUint32)
	for _, g := range content.groups {
		if shape := p.shape[g.part]; g.edges == 0 && shape != last {
			list, last = le.AppendUint32(list, shape), shape
		}
	}
	p.scratch = list
	return list
}

// list returns where a list lies, and stores it if it is new.
func (o *branches) list(list []byte) (uint32, error) {
	if at, ok := o.listAt[string(list)]; ok {
		return at, nil
	}
	at := len(o.lists) / 4
	if at > maxValue {
		return 0, errTooLarge
	}
	o.listAt[string(list)] = uint32(at)
	o.lists = le.AppendUint32(o.lists, uint32(len(list)/4))
	o.lists = append(o.lists, list...)
	return uint32(at), nil
}

// leaf stores the groups of a cell.
func (p *planter) leaf(c cell, content *pile) (uint32, error) {
	at := len(p.out.leaves) / 8
	if at > maxValue {
		return 0, errTooLarge
	}
	list := p.covering(content)
	listed := len(list) > 2*4 // one or two cost less in place
	if listed {
		n, err := p.out.list(list)
		if err != nil {
			return 0, err
		}
		p.out.leaves = le.AppendUint32(p.out.leaves, n)
		p.out.leaves = le.AppendUint32(p.out.leaves, groupList)
	}
	edges := len(content.segments)
	rest := content.segments
	for i, g := range content.groups {
		if listed && g.edges == 0 {
			continue
		}
		edges -= int(g.edges)
		last := i == len(content.groups)-1 || listed && edges == 0
		p.group(c, g, rest[:g.edges], last)
		rest = rest[g.edges:]
	}
	return tagLeaf | uint32(at), nil
}

// group writes one part's edges, in several groups if one cannot hold them.
func (p *planter) group(c cell, g group, edges []segment, last bool) {
	b := p.out.leaves
	inside := g.inside
	for {
		start := len(b)
		b = le.AppendUint32(b, p.shape[g.part])
		b = le.AppendUint32(b, 0)
		narrow, wide, n := 0, 0, 0
		for _, e := range edges {
			if fitsNarrow(c, e) {
				if narrow == groupNarrow {
					break
				}
				narrow++
			} else {
				if wide == groupWide>>wideShift {
					break
				}
				wide++
			}
			n++
		}
		b = appendEdges(b, c, edges[:n])
		edges = edges[n:]
		word := p.word[g.part] | uint32(narrow) | uint32(wide)<<wideShift
		if inside {
			word |= groupInside
		}
		if len(edges) > 0 {
			word |= groupMore
		} else if last {
			word |= groupLast
		}
		le.PutUint32(b[start+4:], word)
		inside = false
		if len(edges) == 0 {
			break
		}
	}
	p.out.leaves = b
}

// fitsNarrow reports whether both ends, counted from the cell's first lattice
// point, fit int16.
func fitsNarrow(c cell, e segment) bool {
	fits := func(v int32, from int64) bool {
		d := int64(v) - from
		return math.MinInt16 <= d && d <= math.MaxInt16
	}
	return fits(e.ax, c.x0) && fits(e.ay, c.y0) && fits(e.bx, c.x0) && fits(e.by, c.y0)
}

// appendEdges writes the narrow edges, then the wide ones.
func appendEdges(b []byte, c cell, edges []segment) []byte {
	wide := false
	for _, e := range edges {
		if !fitsNarrow(c, e) {
			wide = true
			continue
		}
		for _, v := range [...]int64{int64(e.ax) - c.x0, int64(e.ay) - c.y0, int64(e.bx) - c.x0, int64(e.by) - c.y0} {
			b = le.AppendUint16(b, uint16(int16(v)))
		}
	}
	if !wide {
		return b
	}
	for _, e := range edges {
		if !fitsNarrow(c, e) {
			for _, v := range [...]int32{e.ax, e.ay, e.bx, e.by} {
				b = le.AppendUint32(b, uint32(v))
			}
		}
	}
	return b
}
