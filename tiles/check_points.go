//go:build !js

package tiles

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// tileView answers which class a tile shows at a place.
type tileView struct {
	groups   int
	zones    []ZoneFeature
	group    []int // of each feature
	sides    []side
	rows     [][]int32 // sides by rows of places
	top      int32
	rowUnits int32
	cell     int32 // units of the cells in which an overview is drawn
	inside   []bool
	touched  []int
}

const viewRows = 256

// newTileView reads the hazard layers of a tile.
func newTileView(t Tile, groups []group) (*tileView, error) {
	v := &tileView{groups: len(groups), cell: coarsestCells}
	low, high := int32(math.MaxInt32), int32(math.MinInt32)
	for _, l := range t.Layers {
		for i := range l.Features {
			f := &l.Features[i]
			z, err := ReadZone(l.Name, f)
			if err != nil {
				return nil, fmt.Errorf("layer %s: feature %d: %w", l.Name, i, err)
			}
			n := len(v.zones)
			v.zones = append(v.zones, z)
			v.group = append(v.group, slices.Index(groups, group{z.Kind, z.Scenario}))
			if f.Type != Polygons {
				continue
			}
			for _, ring := range f.Parts {
				last := ring[len(ring)-1]
				for _, p := range ring {
					low, high = min(low, p.Y), max(high, p.Y)
					for (p.X|p.Y)%v.cell != 0 {
						v.cell /= 2
					}
					if p.Y != last.Y {
						v.sides = append(v.sides, side{last, p, n})
					}
					last = p
				}
			}
		}
	}
	if slices.Contains(v.group, -1) {
		return nil, fmt.Errorf("shows a kind and scenario of which there is no zone")
	}
	v.sortRows(low, high)
	return v, nil
}

func (v *tileView) sortRows(low, high int32) {
	v.inside = make([]bool, len(v.zones))
	if len(v.sides) == 0 {
		return
	}
	v.top, v.rowUnits = low, (high-low)/viewRows+1
	v.rows = make([][]int32, (high-low)/v.rowUnits+1)
	for i, s := range v.sides {
		first, last := (min(s.a.Y, s.b.Y)-low)/v.rowUnits, (max(s.a.Y, s.b.Y)-low)/v.rowUnits
		for r := first; r <= last; r++ {
			v.rows[r] = append(v.rows[r], int32(i))
		}
	}
}

// at returns the worst class that each group shows at a place in tile units.
func (v *tileView) at(dst []class, x, y float64) []class {
	clear(dst)
	row := int(math.Floor(y-float64(v.top))) / max(int(v.rowUnits), 1)
	if y < float64(v.top) || row >= len(v.rows) {
		return dst
	}
	for _, i := range v.rows[row] {
		s := v.sides[i]
		ay, by := float64(s.a.Y), float64(s.b.Y)
		if (ay <= y) != (by <= y) && float64(s.a.X)+(y-ay)/(by-ay)*float64(s.b.X-s.a.X) <= x {
			v.inside[s.ring] = !v.inside[s.ring]
			v.touched = append(v.touched, s.ring)
		}
	}
	for _, f := range v.touched {
		if v.inside[f] {
			dst[v.group[f]] = max(dst[v.group[f]], v.zones[f].class())
			v.inside[f] = false
		}
	}
	v.touched = v.touched[:0]
	return dst
}

// count compares what a tile shows at its probes with what is true there.
func (c *Checker) count(id ID, v *tileView, probes []int32) (n ZoomCheck) {
	exact := id.Z >= c.cut.ExactZoom
	shown := make([]class, len(c.groups))
	for _, i := range probes {
		p := &c.probes[i]
		x, y := unitsAt(p.at, id.Z)
		v.at(shown, x-float64(id.X)*Extent, y-float64(id.Y)*Extent)
		if p.zone >= 0 {
			for g, truth := range p.truth {
				if shown[g] < truth {
					n.WithoutTrace++
				}
			}
			continue
		}
		for g, truth := range p.truth {
			n.compare(truth, shown[g])
			if truth != shown[g] && !c.excused(p.at, id.Z, g, truth, shown[g], exact, v.cell) {
				n.Far++
			}
		}
	}
	return n
}

func (z *ZoomCheck) compare(truth, shown class) {
	if truth > 0 {
		z.Wet++
	} else {
		z.Outside++
	}
	switch {
	case shown < truth && shown == 0:
		z.DryShown++
	case shown < truth:
		z.Milder++
	case shown > truth:
		z.Worse++
		if truth == 0 {
			z.FalseWet++
		}
	}
}

// excused reports whether a miss is one that the method allows: at an exact
// zoom a border within half a unit, in an overview ground of that class or
// worse within a cell. The cell that a zone keeps which rounds away reaches one
// unit.
func (c *Checker) excused(p geo.E7, zoom uint8, g int, truth, shown class, exact bool, cell int32) bool {
	if !exact {
		return shown > truth && c.groundNear(p, zoom, g, shown, cell)
	}
	reach := 0.5
	if shown > truth {
		reach = 1
	}
	return c.borderNear(p, zoom, g, reach)
}

// groundNear asks the index whether ground of a class or worse lies within a
// cell of p.
func (c *Checker) groundNear(p geo.E7, zoom uint8, g int, shown class, cell int32) bool {
	kind, scenario := c.groups[g].kind, c.groups[g].scenario
	rank, _ := shown.rank(kind)
	world := project(p.Point().Lon, p.Point().Lat)
	diagonal := (float64(cell) + 2*touchMargin) * math.Sqrt2 * math.Sqrt(squareMetres(zoom, world.y))
	// The index measures on the ellipsoid, Mercator on a sphere: up to 0.7 % apart.
	near := c.risks.Near(p, kind, scenario, geo.Metres(diagonal*1.01))
	return near == hazard.RankUnknown || near >= rank || c.lineNear(p, zoom, g, shown, float64(cell)+2*touchMargin)
}

// lineNear reports whether a zone that is drawn only as a line, which the index
// does not hold as ground, passes within reach.
func (c *Checker) lineNear(p geo.E7, zoom uint8, g int, shown class, reach float64) bool {
	for i := range c.zones {
		z := &c.zones[i]
		if z.Flags&hazard.LineOnly != 0 && c.isOf(z, g) && classOf(z) >= shown && c.passes(i, p, zoom, reach) {
			return true
		}
	}
	return false
}

// borderNear reports whether the outline of a zone passes within reach.
func (c *Checker) borderNear(p geo.E7, zoom uint8, g int, reach float64) bool {
	for _, i := range c.near[tileOf(p, nearZoom)] {
		// Places are known to 1/256 of a unit before they are rounded.
		if c.isOf(&c.zones[i], g) && c.passes(int(i), p, zoom, reach+1.0/128) {
			return true
		}
	}
	return false
}

func (c *Checker) isOf(z *hazard.Zone, g int) bool { return group{z.Kind, z.Scenario} == c.groups[g] }

// passes reports whether the outline of a zone meets the square of so many
// units around p. Near p, degrees are stretched into units by two factors.
func (c *Checker) passes(zone int, p geo.E7, zoom uint8, reach float64) bool {
	at := p.Point()
	perLon := worldUnits(zoom) / 360
	perLat := perLon / math.Cos(at.Lat*math.Pi/180)
	room := reach/perLon + 1e-7 // for the rounding to the lattice
	if !c.boxes[zone].Pad(room).Contains(orb.Point{at.Lon, at.Lat}) {
		return false
	}
	for _, r := range c.outlines[zone] {
		if !r.box.Pad(room).Contains(orb.Point{at.Lon, at.Lat}) {
			continue
		}
		for i, v := range r.line {
			u := r.line[max(i-1, 0)]
			if max(u[0], v[0]) < at.Lon-room || min(u[0], v[0]) > at.Lon+room || max(u[1], v[1]) < at.Lat-room || min(u[1], v[1]) > at.Lat+room {
				continue
			}
			a, b := geo.Point{Lon: u[0], Lat: u[1]}.E7().Point(), geo.Point{Lon: v[0], Lat: v[1]}.E7().Point()
			if squareMeets(position{(a.Lon - at.Lon) * perLon, (a.Lat - at.Lat) * perLat}, position{(b.Lon - at.Lon) * perLon, (b.Lat - at.Lat) * perLat}, reach) {
				return true
			}
		}
	}
	return false
}

// stretch is a piece of an outline with its box: most of a long outline is far
// from any one place.
type stretch struct {
	line orb.LineString
	box  orb.Bound
}

// stretchEdges is how many edges one stretch has at most.
const stretchEdges = 64

// stretches cuts the outlines of a shape into pieces that share their ends.
func stretches(g orb.Geometry) (all []stretch) {
	for _, l := range outlines(g) {
		for len(l) > 0 {
			n := min(len(l), stretchEdges+1)
			all = append(all, stretch{l[:n], l[:n].Bound()})
			if n == len(l) {
				break
			}
			l = l[n-1:]
		}
	}
	return all
}

// outlines returns the rings and lines of a shape.
func outlines(g orb.Geometry) (lines []orb.LineString) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			lines = append(lines, outlines(p)...)
		}
	case orb.Polygon:
		for _, r := range g {
			lines = append(lines, orb.LineString(r))
		}
	case orb.MultiLineString:
		return g
	case orb.LineString:
		lines = append(lines, g)
	}
	return lines
}

// squareMeets reports whether the line from p to q meets the square of a
// half width around the origin.
func squareMeets(p, q position, half float64) bool {
	from, to := 0.0, 1.0
	for _, axis := range [2][2]float64{{p.x, q.x}, {p.y, q.y}} {
		d := axis[1] - axis[0]
		if d == 0 {
			if math.Abs(axis[0]) > half {
				return false
			}
			continue
		}
		u, v := (-half-axis[0])/d, (half-axis[0])/d
		from, to = max(from, min(u, v)), min(to, max(u, v))
	}
	return from <= to
}
