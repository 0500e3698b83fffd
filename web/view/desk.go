package view

import (
	"io"
	"strconv"

	"github.com/paulmach/orb"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view/drawn"
)

// Desk renders the pages of those who plan, which another package makes, in the
// frame and the words of all pages.
type Desk struct{ v *visit }

// DeskPage is what such a page puts into the frame.
type DeskPage struct {
	Title, Class string
	Style        string // its own style sheet
	Index        bool   // may be found by search engines
	Body         g.Node
}

// NewDesk begins a page for a request whose path names a language.
func NewDesk(d *Dataset, r Request) *Desk {
	lang, rest, _ := cutLang(r.Path)
	return &Desk{newVisit(d, r, lang, rest)}
}

// Words is the catalogue of the page's language.
func (p *Desk) Words() *i18n.Catalogue { return p.v.c }

// Text renders a text of the catalogue with its readings.
func (p *Desk) Text(key string, args ...i18n.Arg) g.Node { return p.v.text(key, args...) }

// Plain returns a text without markup.
func (p *Desk) Plain(key string, args ...i18n.Arg) string { return p.v.plain(key, args...) }

// Japanese marks Japanese data on pages in other languages.
func (p *Desk) Japanese(s string) g.Node { return p.v.japanese(s) }

// Href returns the address of a page in the visitor's language.
func (p *Desk) Href(path string) string { return p.v.href(path) }

// Kiosk reports whether the page is read at a public terminal.
func (p *Desk) Kiosk() bool { return p.v.r.Kiosk }

// Second reports whether the second palette was chosen.
func (p *Desk) Second() bool { return p.v.prefs.Palette }

// Swatch draws a class as the map does.
func (p *Desk) Swatch(k hazard.Kind, rank uint8) g.Node { return p.v.swatch(k, rank) }

// StatusIcon draws a status that is no class.
func (p *Desk) StatusIcon(s hazard.Status) g.Node { return g.Raw(statusIcon(s)) }

// Kind names a kind of hazard and its scenario.
func (p *Desk) Kind(k hazard.Kind, s hazard.Scenario) g.Node {
	return g.Group{p.v.kindName(k), p.v.scenarioName(hazard.Finding{Kind: k, Scenario: s})}
}

// Limits and Sources are the sections that stand beside every answer.
func (p *Desk) Limits() g.Node { return p.v.limitSection(nil) }

// Sources says what the answers rest on.
func (p *Desk) Sources() g.Node { return p.v.sourceSection() }

// Page renders the page.
func (p *Desk) Page(status int, d DeskPage) Page {
	return p.v.page(status, pageParts{title: d.Title, class: d.Class, style: d.Style, index: d.Index, body: d.Body})
}

// Chart is a map with many places on it.
type Chart struct {
	Bound         orb.Bound // what must be seen; empty for the whole municipality
	Width, Height int       // pixels
	Title         string
	Spots         []drawn.Spot
	Outline       []geo.Point // a drawn area
}

// Chart draws a map with the zones of one kind. Its middle and zoom stand in
// its data attributes, for a client that draws upon it.
func (p *Desk) Chart(c Chart) g.Node {
	bound := c.Bound
	if bound.IsZero() {
		bound = p.v.d.Area.Boundary.Bound()
	}
	zoom := fitZoom(bound, float64(c.Width), float64(c.Height))
	center := geo.Point{Lon: (bound.Min[0] + bound.Max[0]) / 2, Lat: (bound.Min[1] + bound.Max[1]) / 2}
	scene := drawn.Scene{
		Center: center, Zoom: zoom, Width: c.Width, Height: c.Height, Kinds: allMapped(), Second: p.v.prefs.Palette,
		Spots: c.Spots, Outline: c.Outline,
		Words: drawn.Words{
			Title: c.Title, Desc: p.Plain("map.desc"), North: p.Plain("map.north"),
			Scale: func(metres int) string { return distance(p.v.c, geo.Metres(metres)) },
		},
	}
	return h.Div(h.Class("chart"), h.Data("lat", degrees(center.Lat)), h.Data("lon", degrees(center.Lon)), h.Data("zoom", number(zoom)),
		g.NodeFunc(func(w io.Writer) error { return p.v.d.atlas().Draw(w, scene) }))
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 7, 64) }
