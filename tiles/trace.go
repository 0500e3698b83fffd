//go:build !js

package tiles

import (
	"cmp"
	"slices"
)

// polygon is a ring with its holes, in tile units. Rings do not repeat their
// first point; the outer one has a positive area by the surveyor's formula and
// holes a negative one, as MVT 2.1 asks.
type polygon struct {
	outer []XY
	holes [][]XY
}

// tracer turns a set of edges that meet at their ends alone, an even number at
// each place, into valid polygons.
//
// It walks around every face with the face at its left hand, taking the
// sharpest turn where more than two edges meet. So two pieces that touch at a
// corner come apart, and a ring that touches itself becomes an outer ring and a
// hole. Whether a face is inside follows from its neighbours: crossing an edge
// changes sides.
type tracer struct {
	ends  []XY     // where half-edge h starts; h^1 is the same edge the other way
	order []uint64 // half-edges by start: y, then x
	next  []int32  // the half-edge that follows around the face at the left
	crowd []int32  // how many half-edges start where h starts
	walk  []int32  // around which face h runs
	face  []int32  // of each walk: its polygon, or outside
	known []bool   // of each walk: face is set
	below columnIndex
	stack []int32
	loop  []int32
	seen  map[XY]int
}

const outside = -1

// trace returns the polygons of edges given in tile units. Coordinates lie
// within 15 bits.
func (t *tracer) trace(edges []tileEdge) []polygon {
	if len(edges) == 0 {
		return nil
	}
	t.link(edges)
	t.findWalks()
	t.below.build(edges)
	return t.collect(t.settleFaces())
}

// tileEdge is an edge in the units of one tile.
type tileEdge struct{ a, b XY }

// link sorts the half-edges around each place and finds what follows what.
func (t *tracer) link(edges []tileEdge) {
	n := 2 * len(edges)
	t.ends, t.order = t.ends[:0], t.order[:0]
	for _, e := range edges {
		for _, end := range [...]XY{e.a, e.b} {
			t.order = append(t.order, placeKey(end)<<32|uint64(len(t.ends)))
			t.ends = append(t.ends, end)
		}
	}
	slices.Sort(t.order)
	t.next, t.crowd = resize(t.next, n), resize(t.crowd, n)
	for i := 0; i < n; {
		j := i + 1
		for j < n && t.order[j]>>32 == t.order[i]>>32 {
			j++
		}
		t.linkPlace(t.order[i:j])
		i = j
	}
}

// placeKey orders places by y, then x.
func placeKey(p XY) uint64 { return uint64(p.Y+1<<15)<<16 | uint64(p.X+1<<15) }

func resize(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n, n+n/4)
	}
	return s[:n]
}

// linkPlace joins the half-edges that start at one place: what comes in by the
// other half of one goes on by the next one clockwise.
func (t *tracer) linkPlace(around []uint64) {
	if len(around) > 2 {
		slices.SortFunc(around, func(g, h uint64) int { return t.compareAngle(int32(uint32(g)), int32(uint32(h))) })
	}
	for i, o := range around {
		h := int32(uint32(o))
		previous := around[(i+len(around)-1)%len(around)]
		t.next[h^1] = int32(uint32(previous))
		t.crowd[h] = int32(len(around))
	}
}

// compareAngle orders half-edges with the same start counter-clockwise from
// the direction of x.
func (t *tracer) compareAngle(g, h int32) int {
	d, e := t.direction(g), t.direction(h)
	if c := cmp.Compare(half(d), half(e)); c != 0 {
		return c
	}
	return cmp.Compare(0, int64(d.X)*int64(e.Y)-int64(d.Y)*int64(e.X))
}

func (t *tracer) direction(h int32) XY {
	from, to := t.ends[h], t.ends[h^1]
	return XY{to.X - from.X, to.Y - from.Y}
}

// half is 0 for directions from 0 to less than 180 degrees, else 1.
func half(d XY) int {
	if d.Y > 0 || (d.Y == 0 && d.X > 0) {
		return 0
	}
	return 1
}

// findWalks numbers the walks around faces.
func (t *tracer) findWalks() {
	t.walk = resize(t.walk, len(t.ends))
	for i := range t.walk {
		t.walk[i] = outside
	}
	walks := int32(0)
	for h := range t.walk {
		if t.walk[h] != outside {
			continue
		}
		for g := int32(h); t.walk[g] == outside; g = t.next[g] {
			t.walk[g] = walks
		}
		walks++
	}
	t.face = resize(t.face, int(walks))
	t.known = make([]bool, walks)
}

// settleFaces decides for each walk to which polygon its face belongs, and
// returns how many polygons there are. Connected edges are taken by their
// lowest place: the face below it is that above the nearest edge below, which
// is settled already.
func (t *tracer) settleFaces() (polygons int) {
	for i := 0; i < len(t.order); {
		place, last := t.order[i]>>32, i
		for last+1 < len(t.order) && t.order[last+1]>>32 == place {
			last++
		}
		if !t.known[t.walk[uint32(t.order[i])]] {
			h := t.lastAround(t.order[i : last+1])
			w := t.walk[h]
			t.face[w], t.known[w] = outside, true
			if under, ok := t.below.find(t.ends[h]); ok {
				t.face[w] = t.face[t.walk[under]]
			}
			polygons = t.spread(h, polygons)
		}
		i = last + 1
	}
	return polygons
}

// lastAround returns the half-edge with the greatest angle: at a lowest place,
// the face below lies at its left.
func (t *tracer) lastAround(around []uint64) int32 {
	best := int32(uint32(around[0]))
	for _, o := range around[1:] {
		if h := int32(uint32(o)); t.compareAngle(best, h) < 0 {
			best = h
		}
	}
	return best
}

// spread settles every walk that is connected with the one of h: sides change
// at each edge.
func (t *tracer) spread(h int32, polygons int) int {
	t.stack = append(t.stack[:0], h)
	for len(t.stack) > 0 {
		start := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		inside := t.face[t.walk[start]] != outside
		for g := start; ; {
			if w := t.walk[g^1]; !t.known[w] {
				t.known[w] = true
				t.face[w] = outside
				if !inside {
					t.face[w] = int32(polygons)
					polygons++
				}
				t.stack = append(t.stack, g^1)
			}
			if g = t.next[g]; g == start {
				break
			}
		}
	}
	return polygons
}

// collect walks around every inside face and sorts out outer rings and holes.
func (t *tracer) collect(n int) []polygon {
	polygons := make([]polygon, n)
	pending := t.known // all true by now
	for h := range t.walk {
		w := t.walk[h]
		if !pending[w] {
			continue
		}
		pending[w] = false
		if f := t.face[w]; f != outside {
			t.addRings(&polygons[f], int32(h))
		}
	}
	return polygons
}

// addRings adds the rings of one walk: it is cut in two wherever it comes back
// to a place.
func (t *tracer) addRings(p *polygon, start int32) {
	t.loop = t.loop[:0]
	crowded := false
	for h := start; ; {
		if t.crowd[h] > 2 {
			if crowded {
				if first, again := t.seen[t.ends[h]]; again {
					p.add(t.ring(t.loop[first:]))
					for _, g := range t.loop[first:] {
						if t.crowd[g] > 2 {
							delete(t.seen, t.ends[g])
						}
					}
					t.loop = t.loop[:first]
				}
			} else {
				crowded = true
				if t.seen == nil {
					t.seen = map[XY]int{}
				}
				clear(t.seen)
			}
			t.seen[t.ends[h]] = len(t.loop)
		}
		t.loop = append(t.loop, h)
		if h = t.next[h]; h == start {
			break
		}
	}
	p.add(t.ring(t.loop))
}

// ring returns the places of a loop without those on a straight line between
// their neighbours, where nothing else can touch it.
func (t *tracer) ring(loop []int32) []XY {
	points := make([]XY, 0, len(loop))
	for i, h := range loop {
		before := t.direction(loop[(i+len(loop)-1)%len(loop)])
		after := t.direction(h)
		if t.crowd[h] > 2 || int64(before.X)*int64(after.Y) != int64(before.Y)*int64(after.X) {
			points = append(points, t.ends[h])
		}
	}
	return points
}

func (p *polygon) add(ring []XY) {
	if doubleArea(ring) > 0 {
		p.outer = ring
	} else {
		p.holes = append(p.holes, ring)
	}
}

// doubleArea is twice the area by the surveyor's formula.
func doubleArea(ring []XY) int64 {
	var sum int64
	last := ring[len(ring)-1]
	for _, p := range ring {
		sum += int64(last.X)*int64(p.Y) - int64(p.X)*int64(last.Y)
		last = p
	}
	return sum
}
