package drawn

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

func pair(b *strings.Builder, before string, x, y int) {
	b.WriteString(before)
	b.WriteString(strconv.Itoa(x))
	if y >= 0 {
		b.WriteByte(' ')
	}
	b.WriteString(strconv.Itoa(y))
}

// mostLineBytes is what one kind of lines may take. More is a town seen from so
// far that its streets are a grey.
const mostLineBytes = 9_000

// paint writes one path of all shapes that a test picks.
func (p *picture) paint(shapes []shape, attributes string, closed bool, pick func(shape) bool) {
	var d strings.Builder
	for _, s := range shapes {
		if pick(s) {
			path(&d, s.parts, closed)
		}
	}
	if d.Len() > 0 && d.Len() <= mostLineBytes {
		p.write(`<path `, attributes, ` d="`, d.String(), `"/>`)
	}
}

// ground paints land and water of the base map, below the zones.
func (p *picture) ground(shapes []shape) {
	p.blocks(shapes, `fill="#dfe9d2"`, "landcover", "park")
	p.blocks(shapes, `fill="#ebe6dc"`, "landuse")
	p.blocks(shapes, `fill="#a9cfea"`, "water", "river")
	if p.s.Zoom >= buildingZoom {
		p.blocks(shapes, `fill="#d6cfc2"`, "building")
	}
}

// mostGroundBytes is what one layer of the ground may take: it only helps to
// find the way.
const mostGroundBytes = 4_000

// blocks paints the polygons of some layers of the base map, in cells where
// there are too many.
func (p *picture) blocks(shapes []shape, attributes string, layers ...string) {
	var some []shape
	var d strings.Builder
	for _, s := range shapes {
		if s.isBase(tiles.Polygons, layers...) {
			some = append(some, s)
			path(&d, s.parts, true)
		}
	}
	for cell := 4.0; d.Len() > mostGroundBytes && cell < 64; cell *= 1.5 {
		r := newRaster(p.view, cell)
		for _, s := range some {
			r.add(s.parts, 1)
		}
		d.Reset()
		r.outline(&d, 1)
	}
	if d.Len() > 0 {
		p.write(`<path `, attributes, ` d="`, d.String(), `"/>`)
	}
}

// isBase reports whether a shape is no hazard and in one of some layers.
func (s shape) isBase(kind tiles.GeomType, layers ...string) bool {
	return (s.set == "base" || s.set == "places") && s.kind == kind && slices.Contains(layers, s.layer)
}

// is reports whether the class of a base shape is one of those.
func (s shape) is(classes ...string) bool { return slices.Contains(classes, s.text("class")) }

// class is one kind and rank of the zones in the picture.
type class struct {
	kind hazard.Kind
	rank uint8
}

func (c class) id() string {
	return idPrefix + strconv.Itoa(int(c.kind)) + "-" + strconv.Itoa(int(c.rank))
}

// area is the outline of one class.
type area struct {
	class
	path string
}

// mostZoneBytes keeps a picture within 10 KB on the wire.
const mostZoneBytes = 25_000

// zones paints the mildest classes first, so that the worst is on top, and the
// hatched house collapse over the depths. Zones too intricate for a small
// picture are drawn in cells, as coarse as it takes.
func (p *picture) zones(shapes []shape) {
	zones := slices.DeleteFunc(slices.Clone(shapes), func(s shape) bool {
		kind, _, ok := s.zone()
		return !ok || s.kind != tiles.Polygons || s.text("scenario") == "plan" || !slices.Contains(p.s.Kinds, kind)
	})
	areas := exactAreas(zones)
	for cell := 2.0; size(areas) > mostZoneBytes; cell *= 1.4 {
		areas = p.cellAreas(zones, cell)
	}
	p.b.WriteString("<defs>")
	for _, a := range areas {
		p.pattern(a.class)
	}
	p.b.WriteString("</defs>")
	for _, a := range areas {
		p.write(`<path fill="url(#`, a.id(), `)"`)
		if a.kind.Collapse() {
			p.write(` stroke="`, Fill(a.kind, a.rank, p.s.Second), `" stroke-width="2"`)
		}
		p.write(` d="`, a.path, `"/>`)
	}
}

func size(areas []area) int {
	n := 0
	for _, a := range areas {
		n += len(a.path)
	}
	return n
}

// exactAreas joins the zones of each class as the tiles give them.
func exactAreas(zones []shape) []area {
	paths := map[class]*strings.Builder{}
	for _, s := range zones {
		kind, rank, _ := s.zone()
		c := class{kind, rank}
		if paths[c] == nil {
			paths[c] = &strings.Builder{}
		}
		path(paths[c], s.parts, true)
	}
	return inOrder(paths)
}

// cellAreas draws each kind in cells: an area holds the cells of its class and
// of every worse one, which are painted over it.
func (p *picture) cellAreas(zones []shape, cell float64) []area {
	rasters := map[hazard.Kind]*raster{}
	ranks := map[class]bool{}
	for _, s := range zones {
		kind, rank, _ := s.zone()
		if rasters[kind] == nil {
			rasters[kind] = newRaster(p.view, cell)
		}
		rasters[kind].add(s.parts, rank)
		ranks[class{kind, rank}] = true
	}
	paths := map[class]*strings.Builder{}
	for c := range ranks {
		paths[c] = &strings.Builder{}
		rasters[c.kind].outline(paths[c], c.rank)
	}
	return inOrder(paths)
}

// inOrder sorts areas from the first painted to the last: water, then slopes,
// then hatching; within them by rank.
func inOrder(paths map[class]*strings.Builder) []area {
	overlay := func(k hazard.Kind) int {
		switch {
		case k.Collapse():
			return 2
		case k.Landslide():
			return 1
		}
		return 0
	}
	areas := make([]area, 0, len(paths))
	for c, b := range paths {
		areas = append(areas, area{c, b.String()})
	}
	slices.SortFunc(areas, func(a, b area) int {
		return cmp.Or(cmp.Compare(overlay(a.kind), overlay(b.kind)), cmp.Compare(a.rank, b.rank), cmp.Compare(a.kind, b.kind))
	})
	return areas
}

// pattern defines the fill of a class: colour and, over it, its pattern. House
// collapse has lines only, so that the depth below stays visible.
func (p *picture) pattern(c class) {
	const size = 24
	p.write(`<pattern id="`, c.id(), `" width="`, size, `" height="`, size, `" patternUnits="userSpaceOnUse">`)
	ink, opacity := Ink(c.kind, c.rank, p.s.Second), ".2"
	if c.kind.Collapse() {
		ink, opacity = Fill(c.kind, c.rank, p.s.Second), ".9"
	} else {
		p.write(`<path fill="`, Fill(c.kind, c.rank, p.s.Second), `" d="M0 0h`, size, "v", size, `H0z"/>`)
	}
	if d := PatternPath(c.kind, c.rank, size); d != "" {
		p.write(`<path stroke="`, ink, `" stroke-opacity="`, opacity, `" stroke-width="1.5" fill="none" d="`, d, `"/>`)
	}
	p.b.WriteString(`</pattern>`)
}

// lines draws rivers, roads and railways over the zones, thin, so that people
// find their way.
func (p *picture) lines(shapes []shape) {
	const open = `fill="none" stroke-linejoin="round" `
	line := func(attributes string, pick func(shape) bool) { p.paint(shapes, open+attributes, false, pick) }
	road := func(s shape) bool { return s.isBase(tiles.Lines, "road", "transportation") }
	main := func(s shape) bool { return road(s) && s.is("motorway", "trunk", "primary", "secondary") }
	line(`stroke="#6fa8d6" stroke-width="3"`, func(s shape) bool { return s.isBase(tiles.Lines, "waterway", "river") })
	if p.s.Zoom >= 14.5 {
		line(`stroke="#fff" stroke-width="3" stroke-opacity=".85"`, func(s shape) bool { return road(s) && !main(s) })
	}
	casing, fill := 7, 4
	if p.s.Zoom < 13 {
		casing, fill = 4, 2
	}
	line(`stroke="#9a8257" stroke-width="`+strconv.Itoa(casing)+`"`, main)
	line(`stroke="#fff1c4" stroke-width="`+strconv.Itoa(fill)+`"`, main)
	rail := func(s shape) bool { return s.isBase(tiles.Lines, "railway") }
	line(`stroke="#555" stroke-width="`+strconv.Itoa(fill)+`"`, rail)
	line(`stroke="#fff" stroke-width="`+strconv.Itoa(fill-1)+`" stroke-dasharray="10 10"`, rail)
	if p.s.Zoom >= 14.5 { // the register and the base map have the same borders
		set := "places"
		if slices.Contains(p.s.Tilesets, "base") {
			set = "base"
		}
		line(`stroke="#7a6a96" stroke-width="2" stroke-dasharray="6 5" stroke-opacity=".7"`, func(s shape) bool {
			return s.set == set && s.isBase(tiles.Lines, "boundary") && s.is("town")
		})
	}
}

// outline draws the border of the municipality.
func (p *picture) outline() {
	var rings []shape
	for _, polygon := range p.s.Boundary {
		for _, ring := range polygon {
			line := make(orb.LineString, 0, len(ring))
			for _, at := range ring {
				x, y := p.at(pointOf(at))
				line = append(line, orb.Point{x, y})
			}
			rings = append(rings, shape{parts: p.cut(tiles.Lines, line, line.Bound())})
		}
	}
	p.paint(rings, `fill="none" stroke="#5b3f8c" stroke-width="3" stroke-dasharray="14 6 3 6" stroke-opacity=".8"`, false, func(shape) bool { return true })
}

// frame is drawn around the area asked about.
func (p *picture) frame() {
	if p.s.Frame.IsZero() {
		return
	}
	x0, y1 := p.at(pointOf(p.s.Frame.Min))
	x1, y0 := p.at(pointOf(p.s.Frame.Max))
	p.write(`<path fill="none" stroke="#12395b" stroke-width="5" stroke-dasharray="4 8" stroke-linecap="round" d="M`, round(x0), " ", round(y0), "H", round(x1), "V", round(y1), "H", round(x0), `z"/>`)
}

func round(v float64) int { return int(math.Round(v)) }
