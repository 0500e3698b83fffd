package drawn

import (
	"math"
	"slices"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

func pointOf(p orb.Point) geo.Point { return geo.Point{Lon: p[0], Lat: p[1]} }

// mostNames keeps the picture readable and small.
const mostNames = 14

// names writes names of places and rivers where they do not cover each other.
func (p *picture) names() {
	var taken []box
	for _, s := range p.s.Shelters {
		x, y := p.at(s.At)
		taken = append(taken, box{int32(x - 20), int32(y - 20), int32(x + 40), int32(y + 20)})
	}
	written := make([]string, 0, mostNames)
	p.write(`<g lang="ja" font-size="21" fill="#333" stroke="#fff" stroke-width="5" stroke-linejoin="round" paint-order="stroke" text-anchor="middle">`)
	for i := range p.sheets {
		s := &p.sheets[i]
		if p.namedPlace && s.set == "places" {
			continue // the register says 見本市本町三丁目 where a base map says 本町
		}
		for _, l := range s.labels {
			at, ok := p.labelPoint(s, l)
			if !ok || len(written) >= mostNames || slices.Contains(written, l.name) {
				continue
			}
			half := int32(11*utf8.RuneCountInString(l.name)) + 6
			around := box{at.x - half, at.y - 20, at.x + half, at.y + 12}
			if !p.view.holds(around) || slices.ContainsFunc(taken, around.meets) {
				continue
			}
			taken, written = append(taken, around), append(written, l.name)
			style := ""
			if len(l.at) > 1 {
				style = ` fill="#1d5f8f" font-style="italic"`
			}
			p.write(`<text x="`, int(at.x), `" y="`, int(at.y), `"`, style, `>`, escape(l.name), `</text>`)
		}
	}
	p.write(`</g>`)
}

// labelPoint is where a name is written: at its point, or in the middle of
// what the picture shows of a river.
func (p *picture) labelPoint(s *placed, l label) (dot, bool) {
	shown, first := 0, 0
	for i, at := range l.at {
		if d := s.dot(at); p.holds(int(d.x), int(d.y)) {
			if shown == 0 {
				first = i
			}
			shown++
		}
	}
	if shown == 0 {
		return dot{}, false
	}
	return s.dot(l.at[min(first+shown/2, len(l.at)-1)]), true
}

// signs draws the shelters, then the place over them. The signs keep their
// colours in every mode (JIS Z 9103); the drawing is ours after JIS Z 8210 6.1.4.
func (p *picture) signs() {
	p.write(`<defs><g id="`, idPrefix, `s"><rect x="-17" y="-17" width="34" height="34" rx="5" fill="#00703c" stroke="#fff" stroke-width="3"/>`+
		`<g fill="none" stroke="#fff" stroke-width="3.400" stroke-linecap="round" stroke-linejoin="round"><path d="m-1-4-5 6 6 4v6M-5 3l-6 4M-1-4l6 4h4M-2-4l-7 1"/></g><circle cx="2" cy="-10" r="3.400" fill="#fff"/></g></defs>`)
	scale := ""
	if p.s.Zoom < 13.5 {
		scale = " scale(.7)"
	}
	for i := len(p.s.Shelters) - 1; i >= 0; i-- {
		s := p.s.Shelters[i]
		x, y := p.at(s.At)
		if !p.holds(x, y) {
			continue
		}
		p.write(`<g transform="translate(`, x, " ", y, `)`, scale, `"><use href="#`, idPrefix, `s"/>`)
		if !s.Fit {
			p.write(`<path stroke="#fff" stroke-width="9" d="m5 5 14 14m0-14L5 19"/><path stroke="#b00" stroke-width="5" d="m5 5 14 14m0-14L5 19"/>`)
		}
		if s.Label != "" {
			p.write(`<text x="23" y="9" font-size="24" font-weight="700" fill="#00512b" stroke="#fff" stroke-width="5" paint-order="stroke">`, escape(s.Label), `</text>`)
		}
		p.write(`</g>`)
	}
	if p.s.Place != nil {
		x, y := p.at(*p.s.Place)
		p.write(`<g transform="translate(`, x, " ", y, `)"><circle r="7" fill="#000" fill-opacity=".35"/><path fill="#d0021b" stroke="#fff" stroke-width="4" d="M0 0C-5-14-22-22-22-40a22 22 0 0 1 44 0C22-22 5-14 0 0z"/><circle cy="-40" r="8" fill="#fff"/></g>`)
	}
}

// furniture is the scale bar and north.
func (p *picture) furniture() {
	w, h := p.s.Width*unit, p.s.Height*unit
	length := niceLength(p.metresPerPixel() * float64(p.s.Width) / 4)
	bar := round(float64(length) / p.metresPerPixel() * unit)
	p.write(`<g transform="translate(16 `, h-18, `)" fill="none" stroke="#fff" stroke-width="9"><path d="M0-10V0h`, bar, `v-10"/><path stroke="#222" stroke-width="4" d="M0-10V0h`, bar, `v-10"/></g>`)
	p.write(`<text x="`, 16+bar+12, `" y="`, h-16, `" font-size="22" fill="#222" stroke="#fff" stroke-width="5" paint-order="stroke">`, escape(p.s.Words.Scale(length)), `</text>`)
	p.write(`<g transform="translate(`, w-34, ` 36)"><circle r="26" fill="#fff" fill-opacity=".85"/><path fill="#222" d="m0-20 8 20H-8z"/><text y="21" font-size="20" font-weight="700" text-anchor="middle" fill="#222">`, escape(p.s.Words.North), `</text></g>`)
}

// niceLength returns the largest of 1, 2, 5 × 10^n that is not more than most.
func niceLength(most float64) int {
	step := math.Pow(10, math.Floor(math.Log10(max(most, 1))))
	for _, f := range []float64{5, 2} {
		if f*step <= most {
			return int(f * step)
		}
	}
	return int(step)
}
