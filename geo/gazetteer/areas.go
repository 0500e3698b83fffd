//go:build !js

package gazetteer

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
)

// lonScale is the length of a degree of longitude in degrees of latitude in
// the middle of Japan; nearest-point cells need no better.
const lonScale = 0.81

const metresPerDegree = 111195

// hullNumbers is how many houses or lots draw the outline of a town.
const hullNumbers = 20

// areas finds the shape of every place: given polygons, the hull of its
// houses and lots, else the cell of points that are nearest to it, cut at the
// boundary. Towns are the sum of their 丁目, postal areas of their towns.
func (j *joined) areas(ctx context.Context) error {
	var towns, all []*townEntry
	chomes := make(map[*townEntry][]*townEntry)
	for _, m := range j.munis {
		for _, t := range m.towns {
			if t.level == LevelChome {
				chomes[t.parent] = append(chomes[t.parent], t)
			}
			if len(t.shape) == 0 && t.level <= LevelKoaza {
				t.hull()
			}
			if t.level > LevelKoaza || !t.hasPoint {
				continue
			}
			all = append(all, t)
			if t.level != LevelKoaza {
				towns = append(towns, t)
			}
		}
	}
	if len(j.b.opts.Boundary) > 0 {
		j.cells(towns, towns)
		koaza := slices.DeleteFunc(slices.Clone(all), func(t *townEntry) bool { return t.level != LevelKoaza })
		j.cells(koaza, all)
	}
	for _, m := range j.munis {
		for _, t := range m.towns {
			if err := ctx.Err(); err != nil {
				return err
			}
			t.sum(chomes[t])
		}
		for _, t := range m.towns {
			if t.level == LevelPostal {
				t.sum(t.members)
			}
		}
		if len(j.munis) == 1 {
			m.self.shape = j.b.opts.Boundary
		} else {
			m.self.sum(slices.DeleteFunc(slices.Clone(m.towns), func(t *townEntry) bool { return t.level != LevelTown }))
		}
	}
	return nil
}

// sum adds the shapes of the parts to the place's own.
func (t *townEntry) sum(parts []*townEntry) {
	for _, p := range parts {
		t.shape = append(slices.Clip(t.shape), p.shape...)
		t.approximate = t.approximate || p.approximate
	}
}

// hull draws a place around its houses and lots.
func (t *townEntry) hull() {
	var points []orb.Point
	for _, list := range t.numbers {
		for _, n := range list {
			if n.hasPoint {
				points = append(points, orb.Point{n.at.Lon, n.at.Lat})
			}
		}
	}
	if len(points) < hullNumbers {
		return
	}
	if ring := convexHull(points); len(ring) > 3 {
		t.shape, t.approximate = orb.MultiPolygon{{ring}}, true
	}
}

// convexHull returns the hull of points as a closed ring (Andrew's monotone
// chain).
func convexHull(points []orb.Point) orb.Ring {
	slices.SortFunc(points, func(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	var hull orb.Ring
	half := func(p orb.Point, base int) {
		for n := len(hull); n >= base+2 && cross(hull[n-2], hull[n-1], p) <= 0; n = len(hull) {
			hull = hull[:n-1]
		}
		hull = append(hull, p)
	}
	for _, p := range points {
		half(p, 0)
	}
	base := len(hull) - 1
	for i := len(points) - 2; i >= 0; i-- {
		half(points[i], base)
	}
	return hull
}

func cross(o, a, b orb.Point) float64 {
	return (a[0]-o[0])*(b[1]-o[1]) - (a[1]-o[1])*(b[0]-o[0])
}

// cells gives a nearest-point cell to each of the places that has no shape;
// sites are the places whose points bound them.
func (j *joined) cells(places, sites []*townEntry) {
	box := j.b.bounds
	grid := newSiteGrid(box, sites)
	for _, t := range places {
		if len(t.shape) > 0 {
			continue
		}
		cell := grid.cell(t)
		t.shape, t.approximate = clip(j.b.opts.Boundary, cell), true
	}
}

// siteGrid finds neighbours.
type siteGrid struct {
	box    orb.Bound
	side   float64
	nx, ny int
	cells  [][]*townEntry
}

func newSiteGrid(box orb.Bound, sites []*townEntry) *siteGrid {
	w, h := (box.Max[0]-box.Min[0])*lonScale, box.Max[1]-box.Min[1]
	g := &siteGrid{box: box, side: math.Sqrt(max(w*h, 1e-9)/float64(max(1, len(sites)))) * 1.5}
	g.nx, g.ny = int(w/g.side)+1, int(h/g.side)+1
	g.cells = make([][]*townEntry, g.nx*g.ny)
	for _, t := range sites {
		x, y := g.at(t.at)
		g.cells[y*g.nx+x] = append(g.cells[y*g.nx+x], t)
	}
	return g
}

func (g *siteGrid) at(p geo.Point) (x, y int) {
	x, y = int((p.Lon-g.box.Min[0])*lonScale/g.side), int((p.Lat-g.box.Min[1])/g.side)
	return max(0, min(g.nx-1, x)), max(0, min(g.ny-1, y))
}

// cell cuts the box by the bisectors to all neighbours that can reach it, ring
// by ring outwards.
func (g *siteGrid) cell(t *townEntry) orb.Ring {
	margin := outsideTolerance / metresPerDegree * 2.0
	ring := orb.Ring{{g.box.Min[0] - margin, g.box.Min[1] - margin}, {g.box.Max[0] + margin, g.box.Min[1] - margin},
		{g.box.Max[0] + margin, g.box.Max[1] + margin}, {g.box.Min[0] - margin, g.box.Max[1] + margin}}
	cx, cy := g.at(t.at)
	for r := 0; r <= max(g.nx, g.ny); r++ {
		if r > 1 && float64(r-1)*g.side > 2*reach(ring, t.at) {
			break
		}
		for y := cy - r; y <= cy+r; y++ {
			for x := cx - r; x <= cx+r; x++ {
				if x < 0 || y < 0 || x >= g.nx || y >= g.ny || max(abs(x-cx), abs(y-cy)) != r {
					continue
				}
				for _, other := range g.cells[y*g.nx+x] {
					if other != t && other.at != t.at {
						ring = cutHalfPlane(ring, bisector(t.at, other.at))
					}
				}
			}
		}
	}
	return ring
}

func abs(n int) int { return max(n, -n) }

// reach returns how far a ring goes from p, in degrees of latitude.
func reach(ring orb.Ring, p geo.Point) float64 {
	far := 0.0
	for _, v := range ring {
		far = max(far, math.Hypot((v[0]-p.Lon)*lonScale, v[1]-p.Lat))
	}
	return far
}

// line is a half plane: a·x + b·y ≤ c.
type line struct{ a, b, c float64 }

func (l line) side(p orb.Point) float64 { return l.a*p[0] + l.b*p[1] - l.c }

// bisector returns the half plane of points nearer to p than to q.
func bisector(p, q geo.Point) line {
	const k = lonScale * lonScale
	a, b := 2*(q.Lon-p.Lon)*k, 2*(q.Lat-p.Lat)
	return line{a, b, a*(p.Lon+q.Lon)/2 + b*(p.Lat+q.Lat)/2}
}

// cutHalfPlane keeps the part of an open ring on one side of a line
// (Sutherland and Hodgman). Of a ring that is not convex the parts stay joined
// along the line, which even-odd counting does not see.
func cutHalfPlane(ring orb.Ring, l line) orb.Ring {
	out := make(orb.Ring, 0, len(ring)+4)
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sp, sq := l.side(p), l.side(q)
		if sp <= 0 {
			out = append(out, p)
		}
		if sp < 0 && sq > 0 || sp > 0 && sq < 0 {
			f := sp / (sp - sq)
			out = append(out, orb.Point{p[0] + f*(q[0]-p[0]), p[1] + f*(q[1]-p[1])})
		}
	}
	return out
}

// clip cuts a boundary by a convex cell.
func clip(boundary orb.MultiPolygon, cell orb.Ring) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, polygon := range boundary {
		var part orb.Polygon
		for _, ring := range polygon {
			open := slices.Clone(ring)
			if n := len(open); n > 1 && open[0] == open[n-1] {
				open = open[:n-1]
			}
			for i, p := range cell {
				q := cell[(i+1)%len(cell)]
				if p != q && len(open) > 0 { // the cell runs counter-clockwise
					open = cutHalfPlane(open, line{q[1] - p[1], p[0] - q[0], (q[1]-p[1])*p[0] + (p[0]-q[0])*p[1]})
				}
			}
			if len(open) > 2 {
				part = append(part, append(open, open[0]))
			}
		}
		if len(part) > 0 {
			out = append(out, part)
		}
	}
	return out
}

// holds reports whether a shape holds a point, even-odd within each polygon.
func holds(shape orb.MultiPolygon, p geo.Point) bool {
	for _, polygon := range shape {
		inside := false
		for _, ring := range polygon {
			if planar.RingContains(ring, orb.Point{p.Lon, p.Lat}) {
				inside = !inside
			}
		}
		if inside {
			return true
		}
	}
	return false
}

// nearBoundary reports whether p lies within so many metres of an edge.
func nearBoundary(shape orb.MultiPolygon, p geo.Point, metres float64) bool {
	limit := metres / metresPerDegree
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if edgeDistance(ring[i-1], ring[i], p) <= limit {
					return true
				}
			}
		}
	}
	return false
}

// edgeDistance returns the distance to an edge in degrees of latitude.
func edgeDistance(a, b orb.Point, p geo.Point) float64 {
	ax, ay := (a[0]-p.Lon)*lonScale, a[1]-p.Lat
	dx, dy := (b[0]-a[0])*lonScale, b[1]-a[1]
	f := 0.0
	if d := dx*dx + dy*dy; d > 0 {
		f = max(0, min(1, -(ax*dx+ay*dy)/d))
	}
	return math.Hypot(ax+f*dx, ay+f*dy)
}

// measure returns the bounds of a shape, its area in square metres and the
// radius around at that holds 95 % of it.
func measure(shape orb.MultiPolygon, at geo.Point) (bounds orb.Bound, squareMetres float64, radius geo.Metres) {
	bounds = shape.Bound()
	scale := metresPerDegree * metresPerDegree * math.Cos(bounds.Center()[1]*math.Pi/180)
	for _, polygon := range shape {
		for i, ring := range polygon {
			a := math.Abs(planar.Area(ring)) * scale
			if i > 0 {
				a = -a
			}
			squareMetres += a
		}
	}
	const steps = 24
	var far []float64
	for y := range steps {
		for x := range steps {
			p := geo.Point{Lon: bounds.Min[0] + (bounds.Max[0]-bounds.Min[0])*(float64(x)+0.5)/steps,
				Lat: bounds.Min[1] + (bounds.Max[1]-bounds.Min[1])*(float64(y)+0.5)/steps}
			if holds(shape, p) {
				far = append(far, float64(at.Distance(p)))
			}
		}
	}
	if len(far) == 0 {
		return bounds, squareMetres, 0
	}
	slices.Sort(far)
	return bounds, squareMetres, geo.Metres(math.Ceil(far[len(far)*95/100]))
}
