package demo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// The towns are laid out on a sheet on which the river is a straight line,
// v = 0. bend carries the sheet to the plane, so that town borders follow the
// river and no border is a ruler's line.
func bend(p orb.Point) orb.Point {
	x, v := p[0], p[1]
	follow := math.Exp(-v * v / (1500 * 1500))
	sway := smoothstep(0, 260, math.Abs(v)) // the river itself stays where it is
	y := 2150 + v + (riverY(x)-2150)*follow
	return orb.Point{
		x + sway*(46*noise(31, x/520, v/520)+14*noise(32, x/170, v/170)),
		y + sway*(46*noise(33, x/520, v/520)+14*noise(34, x/170, v/170)),
	}
}

// cityOutline is the city on the sheet, an open ring as all rings there.
var cityOutline = orb.Ring{
	{260, -1250}, {900, -1840}, {2300, -2060}, {3900, -1990}, {5300, -1700}, {5960, -900},
	{6080, 700}, {5900, 2050}, {5200, 2780}, {3700, 3010}, {1800, 2860}, {560, 2250}, {90, 900},
}

// cell is one town, or one 丁目 of it, as a convex polygon on the sheet.
type cell struct {
	town, chome int // chome 0 where the town has none
	sheet       orb.Ring
	plane       orb.Ring
}

// layOut divides the city among its towns.
func layOut() []cell {
	var cells []cell
	seeds := townSeeds()
	for _, north := range []bool{true, false} {
		half := clip(cityOutline, orb.Point{0, 0}, orb.Point{0, map[bool]float64{true: 1, false: -1}[north]})
		var own []int
		for i, t := range towns {
			if t.north == north {
				own = append(own, i)
			}
		}
		for range 3 { // towns of like size
			for _, i := range own {
				seeds[i] = centroid(voronoi(half, seeds, own, i))
			}
		}
		for _, i := range own {
			for k, part := range split(voronoi(half, seeds, own, i), max(1, towns[i].chome)) {
				c := cell{town: i, sheet: part}
				if towns[i].chome > 0 {
					c.chome = k + 1
				}
				cells = append(cells, c)
			}
		}
	}
	slices.SortFunc(cells, func(a, b cell) int { return (a.town-b.town)*100 + a.chome - b.chome })
	meet(cells)
	for i := range cells {
		cells[i].plane = bendRing(cells[i].sheet)
	}
	return cells
}

func townSeeds() []orb.Point {
	r := newRand(1)
	seeds := make([]orb.Point, len(towns))
	for i, t := range towns {
		seeds[i] = orb.Point{t.at[0] + 60*r.NormFloat64(), t.at[1] + 60*r.NormFloat64()}
	}
	return seeds
}

// voronoi returns what of an area lies nearer to one seed than to the others.
func voronoi(area orb.Ring, seeds []orb.Point, own []int, i int) orb.Ring {
	part := area
	for _, k := range own {
		if k != i {
			middle := orb.Point{(seeds[i][0] + seeds[k][0]) / 2, (seeds[i][1] + seeds[k][1]) / 2}
			part = clip(part, middle, orb.Point{seeds[i][0] - seeds[k][0], seeds[i][1] - seeds[k][1]})
		}
	}
	return part
}

// clip keeps what of an open convex ring lies on the side of a line to which
// its normal points.
func clip(ring orb.Ring, on, normal orb.Point) orb.Ring {
	side := func(p orb.Point) float64 { return (p[0]-on[0])*normal[0] + (p[1]-on[1])*normal[1] }
	var kept orb.Ring
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		a, b := side(p), side(q)
		if a >= 0 {
			kept = append(kept, p)
		}
		if (a > 0 && b < 0) || (a < 0 && b > 0) {
			t := a / (a - b)
			kept = append(kept, orb.Point{mix(p[0], q[0], t), mix(p[1], q[1], t)})
		}
	}
	return kept
}

func area(ring orb.Ring) float64 {
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	return sum / 2
}

func centroid(ring orb.Ring) orb.Point {
	var x, y, sum float64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		w := p[0]*q[1] - q[0]*p[1]
		x, y, sum = x+(p[0]+q[0])*w, y+(p[1]+q[1])*w, sum+w
	}
	return orb.Point{x / sum / 3, y / sum / 3}
}

// split cuts a convex ring across its long axis into n parts of equal area,
// numbered from the west.
func split(ring orb.Ring, n int) []orb.Ring {
	axis := longAxis(ring)
	if axis[0] < 0 {
		axis = orb.Point{-axis[0], -axis[1]}
	}
	var parts []orb.Ring
	for ; n > 1; n-- {
		want := math.Abs(area(ring)) / float64(n)
		low, high := math.Inf(1), math.Inf(-1)
		for _, p := range ring {
			along := p[0]*axis[0] + p[1]*axis[1]
			low, high = min(low, along), max(high, along)
		}
		var cut orb.Point
		for range 40 {
			middle := (low + high) / 2
			cut = orb.Point{axis[0] * middle, axis[1] * middle}
			if math.Abs(area(clip(ring, cut, orb.Point{-axis[0], -axis[1]}))) < want {
				low = middle
			} else {
				high = middle
			}
		}
		parts = append(parts, clip(ring, cut, orb.Point{-axis[0], -axis[1]}))
		ring = clip(ring, cut, axis)
	}
	return append(parts, ring)
}

// longAxis returns the direction of the longest edge, to which streets run
// parallel.
func longAxis(ring orb.Ring) orb.Point {
	var axis orb.Point
	longest := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		if d := math.Hypot(q[0]-p[0], q[1]-p[1]); d > longest {
			longest, axis = d, orb.Point{(q[0] - p[0]) / d, (q[1] - p[1]) / d}
		}
	}
	return axis
}

// meet gives neighbours the same vertices: where the corner of one lies on the
// edge of another, it becomes a vertex there too.
func meet(cells []cell) {
	for i := range cells {
		var ring orb.Ring
		for k, p := range cells[i].sheet {
			q := cells[i].sheet[(k+1)%len(cells[i].sheet)]
			on := []orb.Point{p}
			for j := range cells {
				for _, c := range cells[j].sheet {
					if j != i && between(p, q, c) && !slices.ContainsFunc(on, func(o orb.Point) bool { return near(o, c) }) {
						on = append(on, c)
					}
				}
			}
			slices.SortFunc(on, func(a, b orb.Point) int {
				if math.Hypot(a[0]-p[0], a[1]-p[1]) < math.Hypot(b[0]-p[0], b[1]-p[1]) {
					return -1
				}
				return 1
			})
			ring = append(ring, on...)
		}
		cells[i].sheet = ring
	}
	snap(cells)
}

// snap makes corners that differ by rounding only the same.
func snap(cells []cell) {
	var corners []orb.Point
	for i := range cells {
		for k, p := range cells[i].sheet {
			at := slices.IndexFunc(corners, func(c orb.Point) bool { return near(c, p) })
			if at < 0 {
				corners = append(corners, p)
				continue
			}
			cells[i].sheet[k] = corners[at]
		}
		cells[i].sheet = slices.Compact(cells[i].sheet)
	}
}

const roundingMetres = 1e-3

func near(a, b orb.Point) bool {
	return math.Abs(a[0]-b[0]) < roundingMetres && math.Abs(a[1]-b[1]) < roundingMetres
}

// between reports whether c lies on the edge from a to b, not at its ends.
func between(a, b, c orb.Point) bool {
	if near(a, c) || near(b, c) {
		return false
	}
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	along := ((c[0]-a[0])*dx + (c[1]-a[1])*dy) / length
	off := math.Abs((c[0]-a[0])*dy-(c[1]-a[1])*dx) / length
	return along > 0 && along < length && off < roundingMetres
}

// bendRing carries an open ring to the plane, with points every few metres,
// and closes it.
func bendRing(ring orb.Ring) orb.Ring {
	var bent orb.Ring
	for i, p := range ring {
		for _, q := range steps(p, ring[(i+1)%len(ring)], 40)[1:] {
			bent = append(bent, bend(q))
		}
	}
	return append(bent, bent[0])
}

// steps divides a line into equal steps of at most so many metres. The points
// do not depend on the direction, so that both neighbours of a border get the
// same.
func steps(a, b orb.Point, metres float64) orb.LineString {
	if a[0] > b[0] || (a[0] == b[0] && a[1] > b[1]) {
		line := steps(b, a, metres)
		slices.Reverse(line)
		return line
	}
	n := max(1, int(math.Ceil(math.Hypot(b[0]-a[0], b[1]-a[1])/metres)))
	line := make(orb.LineString, 0, n+1)
	for i := range n {
		t := float64(i) / float64(n)
		line = append(line, orb.Point{mix(a[0], b[0], t), mix(a[1], b[1], t)})
	}
	return append(line, b)
}

// outline returns the border around all cells: the edges that no neighbour
// shares.
func outline(cells []cell) orb.Ring {
	type edge struct{ a, b orb.Point }
	edges := map[edge]bool{}
	for _, c := range cells {
		for i := 1; i < len(c.plane); i++ {
			edges[edge{c.plane[i-1], c.plane[i]}] = true
		}
	}
	next := map[orb.Point]orb.Point{}
	var start orb.Point
	for _, c := range cells {
		for i := 1; i < len(c.plane); i++ {
			if e := (edge{c.plane[i-1], c.plane[i]}); !edges[edge{e.b, e.a}] {
				next[e.a] = e.b
				start = e.a
			}
		}
	}
	ring := orb.Ring{start}
	for p := next[start]; p != start; p = next[p] {
		ring = append(ring, p)
	}
	return append(ring, start)
}
