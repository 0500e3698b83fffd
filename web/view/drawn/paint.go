package drawn

import (
	"math"
	"slices"
	"strconv"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

// What one kind of shapes may take. A ground only helps to find the way; more
// lines are a town seen from so far that its streets are a grey; all zones
// together keep a picture within 10 KB on the wire.
const (
	mostGroundBytes = 4_000
	mostLineBytes   = 9_000
	mostZoneBytes   = 25_000
)

// deepest is the zoom of the finest tiles; closer pictures enlarge them.
// Buildings stand only in those, so a base map drawn without them is taken from
// the zoom above.
const (
	deepest      = 14
	buildingZoom = 15.5
	townZoom     = 14.5 // from which borders of towns and streets are drawn
)

// placed is a sheet and where it lies in the picture.
type placed struct {
	*sheet
	set       string
	left, top float64
	scale     float64 // of the sheet's units to the picture's
}

// load finds the sheets under the picture, for the themes that it shows and
// for the ground below them.
func (p *picture) load() {
	for _, set := range p.a.tilesets {
		base := set == "base"
		if !base && set != "places" && !slices.ContainsFunc(p.s.Kinds, func(k hazard.Kind) bool { return k.Theme() == set }) {
			continue
		}
		p.hasBase = p.hasBase || base
		z := min(int(p.s.Zoom), deepest)
		if base && p.s.Zoom < buildingZoom {
			z = min(z, deepest-1)
		}
		p.loadSet(set, z)
	}
	for _, s := range p.sheets {
		p.namedPlace = p.namedPlace || s.set == "base" && slices.ContainsFunc(s.labels, func(l label) bool { return l.place })
	}
}

func (p *picture) loadSet(set string, z int) {
	level := math.Ceil(p.s.Zoom)
	size := 256 * unit * math.Exp2(p.s.Zoom-float64(z))
	last := math.Exp2(float64(z)) - 1
	column := func(v float64) uint32 { return uint32(max(0, min(last, math.Floor(v/size)))) }
	for y := column(p.north); y <= column(p.north+float64(p.s.Height*unit)); y++ {
		for x := column(p.west); x <= column(p.west+float64(p.s.Width*unit)); x++ {
			s := p.a.sheet(sheetKey{set, tiles.ID{Z: uint8(z), X: x, Y: y}, uint8(level)})
			p.sheets = append(p.sheets, placed{s, set, float64(x)*size - p.west, float64(y)*size - p.north, math.Exp2(p.s.Zoom - level)})
		}
	}
}

// ground paints land and water of the base map, below the zones.
func (p *picture) ground() {
	p.block(greenCoat, `fill="#dfe9d2"`)
	p.block(builtCoat, `fill="#ebe6dc"`)
	p.block(waterCoat, `fill="#a9cfea"`)
	if p.s.Zoom >= buildingZoom {
		p.block(buildingCoat, `fill="#d6cfc2"`)
	}
}

func (p *picture) block(c coat, attributes string) {
	of := func(i ink) bool { return i.coat == c }
	for _, a := range p.areas(mostGroundBytes, of) {
		p.paint(attributes, p.data[a.from:a.to])
	}
}

func (p *picture) paint(attributes string, data []byte) {
	if len(data) > 0 {
		p.write(`<path `, attributes, ` d="`)
		p.b = append(append(p.b, data...), `"/>`...)
	}
}

// area is the outline of everything in one ink, in [picture.data].
type area struct {
	ink
	from, to int
}

// areas traces what lies in some inks as finely as so many bytes allow.
func (p *picture) areas(most int, of func(ink) bool) []area {
	for i, cell := range cellSizes {
		last := i == len(cellSizes)-1
		if !last && p.guess(cell, of) > most {
			continue
		}
		if areas := p.trace(cell, most, of); len(p.data) <= most || last {
			return areas
		}
	}
	return nil
}

// pointBytes is what a point takes in path data, about; a little less than the
// mean, so that a guess never spares detail that would fit.
const pointBytes = 4

// guess estimates the bytes of a trace from the points of each part and how much
// of its box is in view.
func (p *picture) guess(cell int, of func(ink) bool) (bytes int) {
	for i := range p.sheets {
		s := &p.sheets[i]
		view := s.window(p.view)
		for _, r := range s.areas(cell) {
			if !of(r.ink) {
				continue
			}
			for j := range r.parts {
				if q := &r.parts[j]; q.box.meets(view) {
					bytes += 8 + int(pointBytes*float64(q.end-q.first)*q.box.share(view))
				}
			}
		}
	}
	return bytes
}

// window is the view in units of the sheet.
func (s *placed) window(view box) box {
	x := func(v int32) int32 { return int32((float64(v) - s.left) / s.scale) }
	y := func(v int32) int32 { return int32((float64(v) - s.top) / s.scale) }
	return box{x(view.x0), y(view.y0), x(view.x1), y(view.y1)}
}

// share is how much of b lies in c, which it meets.
func (b box) share(c box) float64 {
	if c.holds(b) {
		return 1
	}
	along := func(b0, b1, c0, c1 int32) float64 {
		return float64(min(b1, c1)-max(b0, c0)+1) / float64(b1-b0+1)
	}
	return along(b.x0, b.x1, c.x0, c.x1) * along(b.y0, b.y1, c.y0, c.y1)
}

// trace writes path data of every ink, in the order of painting, until it is
// too much.
func (p *picture) trace(cell, most int, of func(ink) bool) []area {
	var inks []ink
	for _, s := range p.sheets {
		for _, r := range s.areas(cell) {
			if of(r.ink) && !slices.Contains(inks, r.ink) {
				inks = append(inks, r.ink)
			}
		}
	}
	slices.SortStableFunc(inks, ink.compare)
	p.data = p.data[:0]
	areas := make([]area, 0, len(inks))
	for _, i := range inks {
		from := len(p.data)
		for k := range p.sheets {
			s := &p.sheets[k]
			for _, r := range s.areas(cell) {
				if r.ink == i && len(p.data) <= most {
					p.rings(s, &r)
				}
			}
		}
		if len(p.data) > from {
			areas = append(areas, area{i, from, len(p.data)})
		}
	}
	return areas
}

// zones paints the mildest classes first, so that the worst is on top, and the
// hatched house collapse over the depths. Zones too intricate for a small
// picture are drawn in cells, as coarse as it takes.
func (p *picture) zones() {
	areas := p.areas(mostZoneBytes, func(i ink) bool { return i.coat == zoneCoat && slices.Contains(p.s.Kinds, i.kind) })
	p.write("<defs>")
	for _, a := range areas {
		p.pattern(a.ink)
	}
	p.write("</defs>")
	for _, a := range areas {
		attributes := `fill="url(#` + a.id() + `)"`
		if a.kind.Collapse() {
			attributes += ` stroke="` + Fill(a.kind, a.rank, p.s.Second) + `" stroke-width="2"`
		}
		p.paint(attributes, p.data[a.from:a.to])
	}
}

func (i ink) id() string {
	return idPrefix + strconv.Itoa(int(i.kind)) + "-" + strconv.Itoa(int(i.rank))
}

// pattern defines the fill of a class: colour and, over it, its pattern. House
// collapse has lines only, so that the depth below stays visible.
func (p *picture) pattern(c ink) {
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
	p.write(`</pattern>`)
}

// lines draws rivers, roads and railways over the zones, thin, so that people
// find their way.
func (p *picture) lines() {
	p.line(waterwayCoat, `stroke="#6fa8d6" stroke-width="3"`)
	if p.s.Zoom >= townZoom {
		p.line(streetCoat, `stroke="#fff" stroke-width="3" stroke-opacity=".85"`)
	}
	casing, fill := 7, 4
	if p.s.Zoom < 13 {
		casing, fill = 4, 2
	}
	p.line(roadCoat, `stroke="#9a8257" stroke-width="`+strconv.Itoa(casing)+`"`, `stroke="#fff1c4" stroke-width="`+strconv.Itoa(fill)+`"`)
	p.line(railCoat, `stroke="#555" stroke-width="`+strconv.Itoa(fill)+`"`, `stroke="#fff" stroke-width="`+strconv.Itoa(fill-1)+`" stroke-dasharray="10 10"`)
	if p.s.Zoom >= townZoom {
		p.line(townCoat, `stroke="#7a6a96" stroke-width="2" stroke-dasharray="6 5" stroke-opacity=".7"`)
	}
}

// line paints the lines of one coat with one stroke over the other.
func (p *picture) line(c coat, strokes ...string) {
	p.data = p.data[:0]
	for i := range p.sheets {
		s := &p.sheets[i]
		if c == townCoat && p.hasBase && s.set != "base" {
			continue // the register and the base map have the same borders
		}
		for j := range s.lines {
			if s.lines[j].coat == c {
				p.strokes(s, &s.lines[j])
			}
		}
	}
	if len(p.data) > mostLineBytes {
		return
	}
	for _, stroke := range strokes {
		p.paint(`fill="none" stroke-linejoin="round" `+stroke, p.data)
	}
}

// outline draws the border of the municipality.
func (p *picture) outline() {
	p.data = p.data[:0]
	for i := range p.a.border {
		p.stretch(&p.a.border[i])
	}
	if len(p.data) <= mostLineBytes {
		p.paint(`fill="none" stroke="#5b3f8c" stroke-width="3" stroke-dasharray="14 6 3 6" stroke-opacity=".8"`, p.data)
	}
}

// frame is drawn around the area asked about: its border where the tiles have
// it, else the four corners of its box, which point at the area and claim no
// border.
func (p *picture) frame() {
	if p.s.Frame.IsZero() {
		return
	}
	if p.border(p.s.Town) {
		p.paint(`fill="none" stroke="#fff" stroke-width="9" stroke-linejoin="round"`, p.data)
		p.paint(`fill="none" stroke="#12395b" stroke-width="5" stroke-linejoin="round"`, p.data)
		return
	}
	x0, y1 := p.at(pointOf(p.s.Frame.Min))
	x1, y0 := p.at(pointOf(p.s.Frame.Max))
	arm := min(x1-x0, y1-y0) / 6
	p.write(`<path class="corners" fill="none" stroke="#12395b" stroke-width="5" stroke-linecap="round" stroke-linejoin="round" d="`)
	for _, c := range [][4]int{{x0, y0, arm, arm}, {x1, y0, -arm, arm}, {x1, y1, -arm, -arm}, {x0, y1, arm, -arm}} {
		p.write("M", c[0]+c[2], " ", c[1], "H", c[0], "V", c[1]+c[3])
	}
	p.write(`"/>`)
}

// border traces the border of a town and reports whether there is one.
func (p *picture) border(town string) bool {
	p.data = p.data[:0]
	for i := range p.sheets {
		s := &p.sheets[i]
		for j := range s.lines {
			if l := &s.lines[j]; town != "" && l.coat == townCoat && l.town == town {
				p.strokes(s, l)
			}
		}
	}
	return len(p.data) > 0
}
