package demo

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// block is the land between streets.
type block struct {
	cell  int
	class string // "urban", "works", "field", "park", "school", …
	sheet orb.Ring
	plane orb.Ring
	u, v  orb.Point // directions of its streets on the sheet
}

// spacing is how far apart the streets of a density lie, along and across.
var spacing = map[density][2]float64{
	centre: {96, 62}, suburb: {126, 74}, estate: {104, 58}, works: {230, 170}, fields: {250, 170},
}

// quarter lays streets and blocks out in one cell: two bundles of parallels on
// the sheet, which the bend makes follow the river.
func (b *builder) quarter(n int) {
	c := b.cells[n]
	t := towns[c.town]
	r := newRand(100 + uint64(n))
	u := b.axes[c.town]
	v := orb.Point{-u[1], u[0]}
	gap := spacing[t.streets]
	middle := centroid(c.sheet)
	reach := 0.0
	for _, p := range c.sheet {
		reach = max(reach, math.Hypot(p[0]-middle[0], p[1]-middle[1]))
	}
	cols, rows := int(reach/gap[0])+1, int(reach/gap[1])+1
	at := func(i, j float64) orb.Point {
		along, across := i*gap[0], j*gap[1]
		return orb.Point{middle[0] + along*u[0] + across*v[0], middle[1] + along*u[1] + across*v[1]}
	}
	for i := -cols; i <= cols; i++ {
		if i%3 == 0 || t.streets != fields {
			b.street(c.sheet, at(float64(i), 0), v, reach)
		}
	}
	for j := -rows; j <= rows; j++ {
		if j%3 == 0 || t.streets != fields {
			b.street(c.sheet, at(0, float64(j)), u, reach)
		}
	}
	inner := shrunk(c.sheet, 7)
	for i := -cols; i < cols; i++ {
		for j := -rows; j < rows; j++ {
			ring := orb.Ring{at(float64(i), float64(j)), at(float64(i+1), float64(j)), at(float64(i+1), float64(j+1)), at(float64(i), float64(j+1))}
			if ring = within(inset(ring, 4.5), inner); len(ring) > 2 {
				b.addBlock(block{cell: n, sheet: ring, u: u, v: v}, t.streets, r)
			}
		}
	}
}

// street draws the part of an endless line that lies in a cell and on land
// where one can build.
func (b *builder) street(sheet orb.Ring, on, along orb.Point, reach float64) {
	from, to := -2*reach, 2*reach
	for i, p := range sheet {
		q := sheet[(i+1)%len(sheet)]
		n := orb.Point{p[1] - q[1], q[0] - p[0]} // inwards
		slope := along[0]*n[0] + along[1]*n[1]
		gapTo := (p[0]-on[0])*n[0] + (p[1]-on[1])*n[1]
		switch {
		case slope > 1e-9:
			from = max(from, gapTo/slope)
		case slope < -1e-9:
			to = min(to, gapTo/slope)
		case gapTo > 0:
			return
		}
	}
	if to-from < 30 {
		return
	}
	var line orb.LineString
	for _, p := range steps(orb.Point{on[0] + from*along[0], on[1] + from*along[1]}, orb.Point{on[0] + to*along[0], on[1] + to*along[1]}, 24) {
		line = append(line, bend(p))
	}
	for _, part := range whole(line, func(p orb.Point) bool { return b.dry(p) && !b.tracks.at(p) }) {
		b.add("road", part, 13, attr("class", "residential"))
	}
}

// inset moves the edges of a convex ring inwards.
func inset(ring orb.Ring, metres float64) orb.Ring {
	return within(ring, shrunk(ring, metres))
}

// halfPlane is what lies on one side of a line.
type halfPlane struct{ on, normal orb.Point }

func shrunk(ring orb.Ring, metres float64) []halfPlane {
	var planes []halfPlane
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		length := math.Hypot(q[0]-p[0], q[1]-p[1])
		if length < roundingMetres {
			continue
		}
		n := orb.Point{(p[1] - q[1]) / length, (q[0] - p[0]) / length}
		planes = append(planes, halfPlane{orb.Point{p[0] + metres*n[0], p[1] + metres*n[1]}, n})
	}
	return planes
}

// within keeps what of a convex ring lies in all half planes.
func within(ring orb.Ring, planes []halfPlane) orb.Ring {
	for _, h := range planes {
		if len(ring) < 3 {
			return nil
		}
		ring = clip(ring, h.on, h.normal)
	}
	return ring
}

func (b *builder) addBlock(bl block, d density, r *rand.Rand) {
	chance := r.Float64()
	size := math.Abs(area(bl.sheet))
	if size < 420 {
		return
	}
	bl.plane = bendRing(bl.sheet)
	for _, p := range bl.plane {
		if !b.dry(p) || b.tracks.at(p) {
			return
		}
	}
	switch {
	case d == fields && chance < 0.86:
		bl.class = "field"
	case d == works && chance < 0.9:
		bl.class = "works"
	case chance > 0.972 && size > 2500:
		bl.class = "park"
	default:
		bl.class = "urban"
	}
	b.blocks = append(b.blocks, bl)
}

// lots is how houses stand in a block of a density: width of a lot, how much
// of it is built on, how many lots stay empty.
var lots = map[density]struct{ width, depth, empty float64 }{
	centre: {17, 0.80, 0.04}, suburb: {19, 0.58, 0.14}, estate: {17, 0.56, 0.08}, works: {95, 0.62, 0.2}, fields: {27, 0.4, 0.62},
}

// build puts houses into a block: two rows, backs together.
func (b *builder) build(bl block, r *rand.Rand) {
	d := towns[b.cells[bl.cell].town].streets
	lot := lots[d]
	low, high := orb.Point{math.Inf(1), math.Inf(1)}, orb.Point{math.Inf(-1), math.Inf(-1)}
	for _, p := range bl.sheet {
		for k, axis := range []orb.Point{bl.u, bl.v} {
			along := p[0]*axis[0] + p[1]*axis[1]
			low[k], high[k] = min(low[k], along), max(high[k], along)
		}
	}
	inner := shrunk(bl.sheet, 0.5)
	row := (high[1] - low[1]) / 2
	for s := range 2 {
		for at := low[0] + 2; at+lot.width*0.6 < high[0]; {
			width := lot.width * (0.75 + 0.6*r.Float64())
			deep := (row - 3) * lot.depth * (0.75 + 0.4*r.Float64())
			setback := 1.5 + 2.5*r.Float64()
			v0 := low[1] + setback
			if s == 1 {
				v0 = high[1] - setback - deep
			}
			if r.Float64() >= lot.empty {
				b.house(bl, inner, orb.Point{at + 1.2, v0}, orb.Point{at + width - 1.2, v0 + deep}, r)
			}
			at += width
		}
	}
}

// house adds a building between two corners, given along the streets, if it
// lies in its block.
func (b *builder) house(bl block, inner []halfPlane, low, high orb.Point, r *rand.Rand) {
	corners := []orb.Point{low, {high[0], low[1]}, high, {low[0], high[1]}}
	if cut := 0.35 * r.Float64(); r.Float64() < 0.3 { // an L
		corners = []orb.Point{low, {high[0], low[1]}, {high[0], mix(low[1], high[1], 0.5+cut)},
			{mix(low[0], high[0], 0.5+cut), mix(low[1], high[1], 0.5+cut)}, {mix(low[0], high[0], 0.5+cut), high[1]}, {low[0], high[1]}}
	}
	var ring orb.Ring
	for _, c := range corners {
		p := orb.Point{c[0]*bl.u[0] + c[1]*bl.v[0], c[0]*bl.u[1] + c[1]*bl.v[1]}
		for _, h := range inner {
			if (p[0]-h.on[0])*h.normal[0]+(p[1]-h.on[1])*h.normal[1] < 0 {
				return
			}
		}
		ring = append(ring, bend(p))
	}
	for _, p := range ring {
		if b.routes.at(p) {
			return
		}
	}
	b.add("building", orb.Polygon{append(ring, ring[0])}, 14, nil)
}
