package hazard

import (
	"math"

	"hazardmap/geo"
)

// metric measures the ground around one position on the plane that touches the
// WGS 84 ellipsoid there: a degree of latitude is as long as the meridian's
// curve at the position, a degree of longitude as long as its parallel. Within
// 200 m in Japan the error stays under 1 cm, within 2 km under 1 m.
type metric struct {
	at   geo.E7
	x, y float64 // metres per 1e-7 degree
}

func newMetric(at geo.E7) metric {
	x, y := groundScale(float64(at.Lat))
	return metric{at, x, y}
}

// toSegment returns the square of the distance to a segment.
func (m metric) toSegment(e segment) float64 {
	px, py := float64(int64(m.at.Lon)-int64(e.ax))*m.x, float64(int64(m.at.Lat)-int64(e.ay))*m.y
	dx, dy := float64(int64(e.bx)-int64(e.ax))*m.x, float64(int64(e.by)-int64(e.ay))*m.y
	if length := dx*dx + dy*dy; length > 0 {
		t := min(1, max(0, (px*dx+py*dy)/length))
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

// toCell returns the square of the distance to a square of cells.
func (m metric) toCell(x0, y0, size int64) float64 {
	out := func(v, from int64) float64 { // 0 inside, borders half-way between lattice points
		return max(0, float64(from-v)-0.5, float64(v-from-size)+0.5)
	}
	dx, dy := out(int64(m.at.Lon), x0)*m.x, out(int64(m.at.Lat), y0)*m.y
	return dx*dx + dy*dy
}

// Near returns the worst rank of a kind and scenario within a true distance on
// the ground, 0 if there is none. The distance is exact to the zone's edges; a
// position inside a zone is within any distance of it. It is measured on the
// plane that touches the ellipsoid at p, meant for up to a few kilometres.
// [RankUnknown] is worse than any rank.
func (x *Index) Near(p geo.E7, k Kind, s Scenario, within geo.Metres) uint8 {
	layer, ok := x.layer(k, s, 0)
	if !ok || !(within >= 0) {
		return 0
	}
	n := search{x: x, metric: newMetric(p), layer: layer, limit: float64(within) * float64(within)}
	var buf [16]Hit
	for _, h := range x.At(buf[:0], p) {
		n.offer(x.nibble(h.Zone, layer))
	}
	n.blocks(within)
	return nibbleRank(n.best)
}

// LineWithin returns the distance on the ground to the nearest zone of a kind
// that is drawn only as a line, if one lies within so many metres. It is
// measured as in [Index.Near].
func (x *Index) LineWithin(p geo.E7, k Kind, within geo.Metres) (geo.Metres, bool) {
	if !(within >= 0) {
		return 0, false
	}
	n := search{x: x, metric: newMetric(p), line: true, limit: float64(within) * float64(within)}
	for s := NoScenario; s <= Plan; s++ {
		if layer, ok := x.layer(k, s, 1); ok {
			n.layer, n.best = layer, 0
			n.blocks(within)
		}
	}
	return geo.Metres(math.Sqrt(n.limit)), n.found
}

// nibble returns the rank of a zone if it belongs to the layer, else 0.
func (x *Index) nibble(zone uint32, layer int) uint8 {
	if own, nibble := x.class(zone); own == layer {
		return nibble
	}
	return 0
}

// class returns the layer and rank of a zone, or -1 where there is none.
func (x *Index) class(zone uint32) (layer int, nibble uint8) {
	if zone >= x.header.zones {
		return -1, 0
	}
	r := x.sections[secZones][zone*zoneSize:]
	layer, _ = x.layer(Kind(r[0]), Scenario(r[1]), int(r[3]&byte(LineOnly)/byte(LineOnly)))
	return layer, rankNibble(r[2]) & 15
}

// search goes through the cells around a position and leaves out those that
// are too far or hold nothing worse than what was found.
type search struct {
	x      *Index
	metric metric
	layer  int
	limit  float64 // square of the distance
	best   uint8   // as a nibble

	line  bool // look for the nearest line instead: limit shrinks
	found bool
}

func (n *search) offer(nibble uint8) {
	n.best = max(n.best, nibble)
}

// pointless reports whether a summary promises nothing worse.
func (n *search) pointless(summary []byte, i int) bool {
	at := i*n.x.stride() + n.layer/2
	if at >= len(summary) {
		return true
	}
	nibble := summary[at] >> (n.layer & 1 * 4) & 15
	return nibble <= n.best
}

// blocks goes through the blocks of 4x4 cells within the distance.
func (n *search) blocks(within geo.Metres) {
	t := &n.x.zones
	size := int64(4) << t.shift
	across, down := int64(t.cols+3)/4, int64(n.x.header.zoneGrid.rows+3)/4
	columns := reach(int64(n.metric.at.Lon)-t.x0, within, n.metric.x, t.shift+2, uint64(across))
	rows := reach(int64(n.metric.at.Lat)-t.y0, within, n.metric.y, t.shift+2, uint64(down))
	for row := rows[0]; row < rows[1]; row++ {
		for column := columns[0]; column < columns[1]; column++ {
			if n.best == n.x.header.layers[n.layer].top {
				return
			}
			if n.pointless(n.x.sections[secBlocks], int(row*across+column)) ||
				n.metric.toCell(t.x0+column*size, t.y0+row*size, size) > n.limit {
				continue
			}
			n.block(row*4, column*4)
		}
	}
}

func (n *search) block(row0, column0 int64) {
	t := &n.x.zones
	for row := row0; row < min(row0+4, int64(n.x.header.zoneGrid.rows)); row++ {
		for column := column0; column < min(column0+4, int64(t.cols)); column++ {
			c := cell{t.x0 + column<<t.shift, t.y0 + row<<t.shift, t.shift}
			n.cell(c, load32(t.grid[(row*int64(t.cols)+column)*4:]))
		}
	}
}

func (n *search) cell(c cell, ref uint32) {
	if ref == 0 || n.metric.toCell(c.x0, c.y0, c.size()) > n.limit {
		return
	}
	v := int(ref & maxValue)
	switch ref & tagMask {
	case tagZone:
		n.offer(n.x.nibble(uint32(v-1), n.layer))
	case tagList:
		for _, zone := range n.x.zones.list(v).all() {
			n.offer(n.x.nibble(zone, n.layer))
		}
	case tagNode:
		nodes := n.x.zones.nodes
		if c.shift < 2 || v*64+64 > len(nodes) || n.pointless(n.x.sections[secBranches], v) {
			return
		}
		for i := range 16 {
			n.cell(c.child(i), load32(nodes[v*64+4*i:]))
		}
	case tagLeaf:
		n.leaf(c, v*8)
	}
}

// leaf goes through the groups of a leaf as [leafGroups] does, and looks only
// at those that may change the answer: most of a search is spent here.
func (n *search) leaf(c cell, o int) {
	b := n.x.zones.leaves
	for o+8 <= len(b) {
		word := load32(b[o+4:])
		wide := o + 8 + int(word&groupNarrow)*8
		end := wide + int(word&groupWide>>wideShift)*16
		if end > len(b) {
			return
		}
		switch {
		case word&groupList != 0:
			for _, zone := range n.x.zones.list(int(load32(b[o:]))).all() {
				n.offer(n.x.nibble(zone, n.layer))
			}
		case int(word&groupLayer>>layerShift) == n.layer && uint8(word&groupRank>>rankShift) > n.best:
			n.group(c, leafGroup{word: word, narrow: b[o+8 : wide], wide: b[wide:end]})
		}
		if word&groupLast != 0 {
			return
		}
		o = end
	}
}

func (n *search) group(c cell, g leafGroup) {
	nibble := uint8(g.word & groupRank >> rankShift)
	if len(g.narrow)+len(g.wide) == 0 {
		if g.word&(groupInside|groupMore|groupLine) == groupInside {
			n.offer(nibble) // covers the cell, which is near enough
		}
		return
	}
	for e := range g.edges(c) {
		d := n.metric.toSegment(e)
		switch {
		case d > n.limit:
		case n.line:
			n.limit, n.found = d, true
		default:
			n.offer(nibble)
			return
		}
	}
}
