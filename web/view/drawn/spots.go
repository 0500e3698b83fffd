package drawn

import "hazardmap/geo"

// Spot is one of many places on a map.
type Spot struct {
	At   geo.Point
	Fill string // colour of its class; "" for none
	Size int    // radius in half pixels
}

// spots draws places in the order given, with a dark edge by which they stand
// out from zones of the same colour.
func (p *picture) spots() {
	if len(p.s.Spots) == 0 {
		return
	}
	p.write(`<g class="spots" stroke="#111" stroke-width="2">`)
	for _, s := range p.s.Spots {
		x, y := p.at(s.At)
		if !p.holds(int(x), int(y)) {
			continue
		}
		fill := s.Fill
		if fill == "" {
			fill = "#fff"
		}
		p.write(`<circle cx="`, int(x), `" cy="`, int(y), `" r="`, s.Size, `" fill="`, fill, `"/>`)
	}
	p.write(`</g>`)
}

// drawnArea draws the border of an area.
func (p *picture) drawnArea() {
	if len(p.s.Outline) < 3 {
		return
	}
	p.write(`<path class="area" fill="#000" fill-opacity=".08" stroke="#111" stroke-width="4" stroke-dasharray="10 6" d="M`)
	for i, at := range p.s.Outline {
		x, y := p.at(at)
		if i > 0 {
			p.write("L")
		}
		p.write(int(x), " ", int(y))
	}
	p.write(`z"/>`)
}
