package demo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Feature is one thing of the base map: in degrees, with its layer, the zooms
// from which it is drawn, and what it is called.
type Feature struct {
	Layer    string // "landcover", "water", "landuse", "road", "railway", "building", "boundary", "place", "poi"
	Geometry orb.Geometry
	Attr     map[string]any // class, name, kana, romaji, ref, bridge
	MinZoom  uint8
}

// builder draws the city, in metres; what it adds is turned into degrees.
type builder struct {
	*land
	cells    []cell
	axes     []orb.Point // by town: the direction of its streets
	tracks   *taken      // railway and motorway: no street runs along or over them
	routes   *taken      // these and the other through roads: no house stands there
	blocks   []block
	features []Feature
}

// attr makes attributes of pairs.
func attr(pairs ...string) map[string]any {
	a := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			a[pairs[i]] = pairs[i+1]
		}
	}
	return a
}

func (b *builder) add(layer string, g orb.Geometry, minZoom uint8, a map[string]any) {
	b.features = append(b.features, Feature{Layer: layer, Geometry: globe(g), Attr: a, MinZoom: minZoom})
}

// globe carries a shape from the plane to degrees, to 1e-7.
func globe(g orb.Geometry) orb.Geometry {
	place := func(points []orb.Point) []orb.Point {
		placed := make([]orb.Point, len(points))
		for i, p := range points {
			d := degrees(p)
			placed[i] = orb.Point{math.Round(d[0]*1e7) / 1e7, math.Round(d[1]*1e7) / 1e7}
		}
		return placed
	}
	switch g := g.(type) {
	case orb.Point:
		return place([]orb.Point{g})[0]
	case orb.LineString:
		return orb.LineString(place(g))
	case orb.Polygon:
		polygon := make(orb.Polygon, len(g))
		for i, ring := range g {
			polygon[i] = place(ring)
		}
		return polygon
	}
	panic("demo draws points, lines and polygons only")
}

func newBuilder(l *land, cells []cell) *builder {
	b := &builder{land: l, cells: cells, tracks: newTaken(), routes: newTaken(), axes: make([]orb.Point, len(towns))}
	for i := range cells {
		c := &cells[i]
		switch {
		case towns[c.town].streets == centre:
			b.axes[c.town] = orb.Point{math.Cos(0.05), math.Sin(0.05)}
		case c.chome <= 1:
			b.axes[c.town] = longAxis(c.sheet)
		}
	}
	b.tracks.mark(railway(), 13)
	b.routes.mark(railway(), 16)
	for _, r := range routes {
		line := smooth(r.through, 20)
		b.routes.mark(line, map[string]float64{"motorway": 24, "primary": 15, "secondary": 12}[r.class])
		if r.class == "motorway" {
			b.tracks.mark(line, 20)
		}
	}
	return b
}

// draw adds everything but the sites, which the blocks must be ready for.
func (b *builder) draw() {
	b.relief()
	b.waters()
	for i := range b.cells {
		b.quarter(i)
	}
	b.borders()
	b.throughRoads()
}

// relief draws the hills in steps of height, and their woods.
func (b *builder) relief() {
	const smallest = 24 // cells, a hectare and a half: less is a speck
	for n, height := range []float64{14, 45, 85, 130} {
		m := newMesh(b.columns-1, b.rows-1, func(i, j int) orb.Point {
			return orb.Point{landWest + (float64(i)-0.5)*landStep, landSouth + (float64(j)-0.5)*landStep}
		})
		for j := range m.rows {
			for i := range m.columns {
				if b.high[j*b.columns+i] >= height {
					m.class[j*m.columns+i] = 1
				}
			}
		}
		for _, p := range m.patches() {
			if p.cells < smallest {
				continue
			}
			var shape orb.Polygon
			for _, ring := range p.shape {
				if len(ring) > 9 { // a hole of a cell or two is none
					shape = append(shape, rounded(ring))
				}
			}
			if len(shape) > 0 {
				b.add("landcover", shape, 6, map[string]any{"class": "wood", "height": int(height), "step": n + 1})
			}
		}
	}
}

// rounded cuts the corners off a ring, again and again.
func rounded(ring orb.Ring) orb.Ring {
	ring = ring[:len(ring)-1]
	for range 3 {
		var cut orb.Ring
		for i, p := range ring {
			q := ring[(i+1)%len(ring)]
			cut = append(cut, orb.Point{mix(p[0], q[0], 0.25), mix(p[1], q[1], 0.25)}, orb.Point{mix(p[0], q[0], 0.75), mix(p[1], q[1], 0.75)})
		}
		ring = cut
		if len(ring) > 60 { // keep every second point: the shape stays
			kept := ring[:0:0]
			for i := 0; i < len(ring); i += 2 {
				kept = append(kept, ring[i])
			}
			ring = kept
		}
	}
	return append(ring, ring[0])
}

// ribbon widens a line to an area.
func ribbon(line orb.LineString, halfWidth func(i int) float64) orb.Polygon {
	var left, right orb.Ring
	for i, p := range line {
		a, c := line[max(0, i-1)], line[min(len(line)-1, i+1)]
		dx, dy := c[0]-a[0], c[1]-a[1]
		length := math.Hypot(dx, dy)
		w := halfWidth(i)
		left = append(left, orb.Point{p[0] - dy/length*w, p[1] + dx/length*w})
		right = append(right, orb.Point{p[0] + dy/length*w, p[1] - dx/length*w})
	}
	slices.Reverse(left)
	ring := append(right, left...)
	return orb.Polygon{append(ring, ring[0])}
}

func (b *builder) waters() {
	main, side := river(), brook()
	b.add("landcover", ribbon(main, func(i int) float64 { return leveeHalfWidth(main[i][0]) - 6 }), 9, attr("class", "green"))
	b.add("water", ribbon(main, func(i int) float64 { return riverHalfWidth(main[i][0]) }), 6,
		attr("class", "river", "name", "大瀬川", "kana", "おおせがわ", "romaji", "Ose River"))
	b.add("water", ribbon(side, func(i int) float64 { return brookHalfWidth(float64(i) / float64(len(side))) }), 10,
		attr("class", "river", "name", "小滝川", "kana", "こたきがわ", "romaji", "Kotaki River"))
	b.add("waterway", main, 8, attr("class", "river", "name", "大瀬川", "kana", "おおせがわ", "romaji", "Ose River"))
	b.add("waterway", side, 11, attr("class", "stream", "name", "小滝川", "kana", "こたきがわ", "romaji", "Kotaki River"))
	for _, pond := range ponds {
		b.add("water", orb.Polygon{pond.shape()}, 12, attr("class", "pond", "name", pond.name, "kana", pond.kana, "romaji", pond.romaji))
		b.routes.disc(pond.at[0], pond.at[1], pond.radius+14)
		b.tracks.disc(pond.at[0], pond.at[1], pond.radius+8)
	}
	old := oldRiver()
	var lake orb.LineString
	for _, p := range old {
		if p[0] > 1500 && p[0] < 2180 {
			lake = append(lake, p)
		}
	}
	b.add("water", ribbon(lake, func(i int) float64 {
		return 24 * math.Sqrt(math.Sin(math.Pi*(float64(i)+0.5)/float64(len(lake))))
	}), 12, attr("class", "pond", "name", "古川沼", "kana", "ふるかわぬま", "romaji", "Furukawa Pond"))
	b.tracks.mark(lake, 34)
	b.routes.mark(lake, 38)
}

// pond is a small lake.
type pond struct {
	at                 orb.Point
	radius             float64
	name, kana, romaji string
}

var ponds = []pond{
	{pits[0].at, 96, "採石場跡池", "さいせきじょうあといけ", "Old Quarry Pond"},
	{pits[1].at, 74, "平松調整池", "ひらまつちょうせいち", "Hiramatsu Retention Pond"},
	{orb.Point{1330, 690}, 120, "大沼", "おおぬま", "Onuma Pond"},
}

func (p pond) shape() orb.Ring {
	var ring orb.Ring
	for k := range 48 {
		a := 2 * math.Pi * float64(k) / 48
		r := p.radius * (1 + 0.2*noise(71, 2*math.Cos(a)+p.at[0], 2*math.Sin(a)))
		ring = append(ring, orb.Point{p.at[0] + 1.3*r*math.Cos(a), p.at[1] + 0.85*r*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// borders draws the streets between towns, and the border of the city.
func (b *builder) borders() {
	type edge struct{ a, b orb.Point }
	seen := map[edge]bool{}
	for _, c := range b.cells {
		for i, p := range c.sheet {
			q := c.sheet[(i+1)%len(c.sheet)]
			if seen[edge{q, p}] || (math.Abs(p[1]) < roundingMetres && math.Abs(q[1]) < roundingMetres) {
				continue
			}
			seen[edge{p, q}] = true
			var line orb.LineString
			for _, s := range steps(p, q, 40) {
				line = append(line, bend(s))
			}
			for _, part := range whole(line, b.dry) {
				b.add("road", part, 12, attr("class", "tertiary"))
			}
		}
	}
	border := outline(b.cells)
	b.add("boundary", orb.LineString(border), 6, attr("class", "city"))
	for _, c := range b.cells {
		b.add("boundary", orb.LineString(c.plane), 13, attr("class", "town"))
	}
}

// throughRoads draws the railway and the routes, with their bridges.
func (b *builder) throughRoads() {
	overWater := func(p orb.Point) bool {
		return b.toRiver(p[0], p[1]) < leveeHalfWidth(p[0])-4 || b.toBrook(p[0], p[1]) < 17
	}
	draw := func(layer string, line orb.LineString, minZoom uint8, a map[string]any) {
		bridges, ground := crossed(line, overWater)
		for _, part := range ground {
			b.add(layer, part, minZoom, a)
		}
		for _, part := range bridges {
			onBridge := map[string]any{"bridge": true}
			for k, v := range a {
				onBridge[k] = v
			}
			b.add(layer, part, minZoom, onBridge)
		}
	}
	for _, r := range routes {
		zoom := map[string]uint8{"motorway": 6, "primary": 8, "secondary": 10}[r.class]
		draw("road", smooth(r.through, 20), zoom, attr("class", r.class, "ref", r.ref, "name", r.name, "kana", r.kana, "romaji", r.romaji))
	}
	draw("railway", railway(), 8, attr("class", "rail", "name", "見本線", "kana", "みほんせん", "romaji", "Mihon Line"))
}
