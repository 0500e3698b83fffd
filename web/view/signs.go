package view

import (
	"fmt"
	"math"
	"strings"

	"hazardmap/hazard"
	"hazardmap/web/view/drawn"
)

const pin = `<svg class="ic pin" viewBox="0 0 24 24" aria-hidden="true"><path fill="currentColor" d="M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zm0 9.5A2.5 2.5 0 1 1 12 6.500a2.500 2.500 0 0 1 0 5z"/></svg>`

// actionIcon is a person leaving, a house with its upper floor, a radio, or a
// question: our own drawings.
func actionIcon(code hazard.ActionCode) string {
	paths := map[hazard.ActionCode]string{
		hazard.Leave:            `<circle cx="17" cy="6" r="3.200" fill="currentColor" stroke="none"/><path d="m16 12-4 6 5 4v8M13 13l-5 1-2 5m12-6 3 4 5 1M12 18l-2 5-5 5M28 6v24M24 18h-2"/>`,
		hazard.UpstairsPossible: `<path d="M5 17 18 6l13 11M8 15v15h20V15M8 23h20"/><path d="M18 21v-6m-3 3 3-3 3 3"/>`,
		hazard.Check:            `<rect x="5" y="14" width="26" height="15" rx="2"/><path d="M10 14 25 6M21 19h6M21 24h6"/><circle cx="13" cy="21.500" r="3.500"/>`,
		hazard.UnknownAction:    `<circle cx="18" cy="18" r="13"/><path d="M14 14.500a4 4 0 1 1 5.500 3.700c-1 .4-1.500 1-1.500 2.300M18 25v.1"/>`,
	}
	return `<svg class="sign" viewBox="0 0 36 36" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">` + paths[code] + `</g></svg>`
}

// statusIcon tells the statuses apart by shape, not by colour.
func statusIcon(s hazard.Status) string {
	paths := map[hazard.Status]string{
		hazard.Outside:   `<circle cx="10" cy="10" r="7" stroke-dasharray="3 2.500"/>`,
		hazard.NoData:    `<circle cx="10" cy="10" r="7"/><path d="m5 15 10-10"/>`,
		hazard.Undecided: `<circle cx="10" cy="10" r="7"/><path d="M8 8a2.200 2.200 0 1 1 3 2.200c-.7.3-1 .7-1 1.500M10 14v.1"/>`,
	}
	return `<svg class="st" viewBox="0 0 20 20" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round">` + paths[s] + `</g></svg>`
}

// arrow points from the place to a shelter; north is up.
func arrow(bearing float64) string {
	return fmt.Sprintf(`<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path transform="rotate(%d 12 12)" fill="currentColor" d="m12 2 7 18-7-4-7 4z"/></svg>`, int(math.Round(bearing)))
}

// swatchSVG draws a class as the map does: colour, pattern, number.
func swatchSVG(k hazard.Kind, rank uint8, second bool, mark string) string {
	var b strings.Builder
	b.WriteString(`<svg class="sw" viewBox="0 0 28 28" aria-hidden="true">`)
	ink := drawn.Ink(k, rank, second)
	fmt.Fprintf(&b, `<path fill="%s" d="M0 0h28v28H0z"/>`, drawn.Fill(k, rank, second))
	if pattern := drawn.PatternPath(k, rank, 28); pattern != "" {
		fmt.Fprintf(&b, `<path stroke="%s" stroke-opacity=".55" stroke-width="1.5" fill="none" d="%s"/>`, ink, pattern)
	}
	fmt.Fprintf(&b, `<circle cx="14" cy="14" r="8" fill="%s"/><text x="14" y="18.500" fill="%s">%s</text></svg>`,
		drawn.Fill(k, rank, second), ink, mark)
	return b.String()
}

// depthFigure draws a house and a person with the water of a depth class: the
// darker water is sure, the lighter one is the rest of the class.
func depthFigure(rank uint8) string {
	class, ok := hazard.ClassOf(hazard.FloodDepth, rank)
	if !ok {
		return ""
	}
	high := class.High
	if class.Open {
		high = 24
	}
	// One metre is 8 units for low water; the picture shrinks for deep water.
	scale := min(8, 62/(high+0.6))
	ground := 70.0
	y := func(metres float64) string { return number(ground - metres*scale) }
	var b strings.Builder
	b.WriteString(`<svg class="depth" viewBox="0 0 90 76" aria-hidden="true">`)
	drawHouse(&b, scale, ground)
	fmt.Fprintf(&b, `<path fill="#2f7fc1" fill-opacity=".3" d="M0 %sh90V%sH0z"/>`, y(high), y(class.Low))
	if class.Low > 0 {
		fmt.Fprintf(&b, `<path fill="#1b62a5" fill-opacity=".55" d="M0 %sh90V%sH0z"/>`, y(class.Low), number(ground))
	}
	fmt.Fprintf(&b, `<path stroke="#1b62a5" stroke-width="1.5" stroke-dasharray="4 2" d="M0 %sh90"/>`, y(high))
	fmt.Fprintf(&b, `<path fill="currentColor" d="M0 %sh90v6H0z"/></svg>`, number(ground))
	return b.String()
}

// drawHouse draws two storeys of 3 m under a roof, and a person of 1.7 m.
func drawHouse(b *strings.Builder, scale, ground float64) {
	w := 38 * scale / 8
	x := 24.0
	top := ground - 6*scale
	fmt.Fprintf(b, `<g class="house" stroke-width="1.300" stroke-linejoin="round"><path d="M%s %sV%sh%sV%s"/><path d="M%s %sl%s %s %s %sz"/>`,
		number(x), number(ground), number(top), number(w), number(ground),
		number(x-3), number(top), number(w/2+3), number(-2*scale), number(w/2+3), number(2*scale))
	fmt.Fprintf(b, `<path d="M%s %sh%s"/>`, number(x), number(ground-3*scale), number(w))
	for _, storey := range []float64{1, 4} {
		for _, left := range []float64{0.15, 0.6} {
			fmt.Fprintf(b, `<path d="M%s %sh%sv%sh%sz"/>`, number(x+w*left), number(ground-(storey+1.2)*scale), number(w*0.25), number(1.2*scale), number(-w*0.25))
		}
	}
	px := x + w + 10*scale/8
	fmt.Fprintf(b, `<path d="M%s %sv%s"/></g><g fill="currentColor"><circle cx="%s" cy="%s" r="%s"/><path d="M%s %sh%sl%s %sh%sz"/></g>`,
		number(x+w/2), number(ground), number(-2*scale),
		number(px), number(ground-1.5*scale), number(0.2*scale),
		number(px-0.3*scale), number(ground-1.25*scale), number(0.6*scale), number(-0.1*scale), number(1.25*scale), number(-0.4*scale))
}

// number writes a coordinate with one decimal, without a useless zero.
func number(v float64) string { return drawn.Number(v) }
