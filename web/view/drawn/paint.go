package drawn

import (
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

// paint writes one path of all shapes that a test picks.
func (p *picture) paint(shapes []shape, attributes string, closed bool, pick func(shape) bool) {
	var d strings.Builder
	for _, s := range shapes {
		if pick(s) {
			path(&d, s.parts, closed)
		}
	}
	if d.Len() > 0 {
		p.write(`<path `, attributes, ` d="`, d.String(), `"/>`)
	}
}

func (p *picture) ground(shapes []shape) {
	p.paint(shapes, `fill="#e3ecd8"`, true, func(s shape) bool {
		return s.set == "base" && s.kind == tiles.Polygons && contains(s, "park", "green", "wood", "forest", "field", "hill", "land-green")
	})
	p.paint(shapes, `fill="#e7e2d8"`, true, func(s shape) bool {
		return s.set == "base" && s.kind == tiles.Polygons && contains(s, "built", "urban", "building", "block")
	})
	p.paint(shapes, `fill="#b5d3ea"`, true, func(s shape) bool {
		return s.set == "base" && s.kind == tiles.Polygons && contains(s, "water", "river", "pond", "lake")
	})
}

// contains reports whether the layer or class of a base shape is one of those.
func contains(s shape, words ...string) bool {
	name := s.layer + " " + s.text("class", "kind", "type")
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
}

// class is one kind and rank of the zones in the picture.
type class struct {
	kind hazard.Kind
	rank uint8
}

// zones paints the mildest classes first, so that the worst is on top, and the
// hatched house collapse over the depths.
func (p *picture) zones(shapes []shape) {
	parts := map[class][]orb.LineString{}
	for _, s := range shapes {
		kind, rank, ok := s.zone()
		if !ok || s.text("scenario") == "plan" || !slices.Contains(p.s.Kinds, kind) {
			continue
		}
		if s.kind == tiles.Polygons {
			parts[class{kind, rank}] = append(parts[class{kind, rank}], s.parts...)
		}
	}
	classes := make([]class, 0, len(parts))
	for c := range parts {
		classes = append(classes, c)
	}
	slices.SortFunc(classes, func(a, b class) int {
		if overlay(a.kind) != overlay(b.kind) {
			return overlay(a.kind) - overlay(b.kind)
		}
		if a.rank != b.rank {
			return int(a.rank) - int(b.rank)
		}
		return int(a.kind) - int(b.kind)
	})
	p.b.WriteString("<defs>")
	for _, c := range classes {
		p.pattern(c)
	}
	p.b.WriteString("</defs>")
	for _, c := range classes {
		var d strings.Builder
		path(&d, parts[c], true)
		p.write(`<path fill="url(#`, c.id(), `)" `, edge(c), ` d="`, d.String(), `"/>`)
	}
}

// overlay is the order of the kinds: water, then slopes, then hatching.
func overlay(k hazard.Kind) int {
	switch {
	case k.Collapse():
		return 2
	case k.Landslide():
		return 1
	}
	return 0
}

func edge(c class) string {
	if c.kind.Collapse() {
		return `stroke="#c00" stroke-width="2"`
	}
	return `stroke="#000" stroke-opacity=".25"`
}

func (c class) id() string { return idPrefix + strconv.Itoa(int(c.kind)) + "-" + strconv.Itoa(int(c.rank)) }

// pattern defines the fill of a class: colour and, over it, its pattern. House
// collapse has lines only, so that the depth below stays visible.
func (p *picture) pattern(c class) {
	const size = 24
	p.write(`<pattern id="`, c.id(), `" width="`, size, `" height="`, size, `" patternUnits="userSpaceOnUse">`)
	ink, opacity := Ink(c.kind, c.rank, p.s.Second), ".28"
	if c.kind.Collapse() {
		ink, opacity = Fill(c.kind, c.rank, p.s.Second), ".9"
	} else {
		p.write(`<path fill="`, Fill(c.kind, c.rank, p.s.Second), `" fill-opacity=".85" d="M0 0h`, size, "v", size, `H0z"/>`)
	}
	if d := PatternPath(c.kind, c.rank, size); d != "" {
		p.write(`<path stroke="`, ink, `" stroke-opacity="`, opacity, `" stroke-width="1.5" fill="none" d="`, d, `"/>`)
	}
	p.b.WriteString(`</pattern>`)
}

// lines draws rivers, roads and railways over the zones, thin, so that people
// find their way.
func (p *picture) lines(shapes []shape) {
	isLine := func(s shape, words ...string) bool {
		return s.set == "base" && s.kind == tiles.Lines && contains(s, words...)
	}
	const open = `fill="none" stroke-linejoin="round" `
	p.paint(shapes, open+`stroke="#6fa8d6" stroke-width="3"`, false, func(s shape) bool { return isLine(s, "water", "river", "stream") })
	p.paint(shapes, open+`stroke="#fff" stroke-width="3" stroke-opacity=".9"`, false, func(s shape) bool {
		return isLine(s, "road", "street") && !contains(s, "major", "main", "national", "trunk")
	})
	major := func(s shape) bool { return isLine(s, "road") && contains(s, "major", "main", "national", "trunk") }
	p.paint(shapes, open+`stroke="#a58f6a" stroke-width="8"`, false, major)
	p.paint(shapes, open+`stroke="#fff3d0" stroke-width="5"`, false, major)
	rail := func(s shape) bool { return isLine(s, "rail") }
	p.paint(shapes, open+`stroke="#555" stroke-width="5"`, false, rail)
	p.paint(shapes, open+`stroke="#fff" stroke-width="3" stroke-dasharray="12 12"`, false, rail)
}

// outline draws the border of the municipality and the frame of the area asked
// about.
func (p *picture) outline() {
	var rings []shape
	for _, polygon := range p.s.Boundary {
		for _, ring := range polygon {
			line := make(orb.LineString, 0, len(ring))
			for _, at := range ring {
				x, y := p.at(pointOf(at))
				line = append(line, orb.Point{x, y})
			}
			rings = append(rings, shape{parts: p.cut(tiles.Lines, line)})
		}
	}
	p.paint(rings, `fill="none" stroke="#5b3f8c" stroke-width="3" stroke-dasharray="14 6 3 6" stroke-opacity=".8"`, false, func(shape) bool { return true })
	if p.s.Frame.IsZero() {
		return
	}
	x0, y1 := p.at(pointOf(p.s.Frame.Min))
	x1, y0 := p.at(pointOf(p.s.Frame.Max))
	p.write(`<path fill="none" stroke="#12395b" stroke-width="5" stroke-dasharray="4 8" stroke-linecap="round" d="M`, round(x0), " ", round(y0), "H", round(x1), "V", round(y1), "H", round(x0), `z"/>`)
}

func round(v float64) int { return int(math.Round(v)) }
