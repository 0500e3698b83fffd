package changes

import (
	"fmt"
	"math"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Path is that of the page below a language.
const Path = "changes"

// State says why there is no report.
type State string

// The states of the page.
const (
	None    State = "none"    // there is no edition before
	Pending State = "pending" // it is being compared
	Failed  State = "failed"
)

// Outcome is a report, or why there is none.
type Outcome struct {
	Report *diff.Report
	State  State // "" with a report
}

// Empty is the page without a report.
func Empty(d *view.Dataset, r view.Request, status int, state State) view.Page {
	p := view.NewDesk(d, r)
	return p.Page(status, view.DeskPage{Title: p.Plain("changes.title"), Class: "prose", Body: g.Group{
		h.H1(p.Text("changes.title")),
		h.P(h.Class("lead"), p.Text("changes."+string(state))),
	}})
}

// Page is the page with the report.
func Page(d *view.Dataset, r view.Request, report *diff.Report) view.Page {
	p := newPage(view.NewDesk(d, r), d, report)
	return p.Page(200, view.DeskPage{Title: p.Plain("changes.title"), Class: "prose", Index: true, Body: g.Group{
		h.H1(p.Text("changes.title")),
		p.editions(),
		p.gone(h.H2),
		g.If(report.Same(), h.P(p.Text("changes.same"))),
		g.If(report.Boundary, h.P(h.Class("warn"), p.Text("changes.boundary"))),
		p.shelters(),
		p.ground(),
		p.towns(),
		h.P(h.Class("note"), p.Text("changes.exact")),
		p.Limits(),
		p.Sources(),
	}})
}

// page is the page in the making.
type page struct {
	*view.Desk
	r *Report
}

func newPage(desk *view.Desk, d *view.Dataset, report *diff.Report) *page {
	return &page{desk, &Report{Report: report, Dataset: d, Words: desk.Words()}}
}

// editions says which two are compared.
func (p *page) editions() g.Node {
	return h.P(h.Class("lead"), p.Text("changes.lead", i18n.Str("before", editionName(p.r.Before)), i18n.Str("after", editionName(p.r.After))))
}

// gone stands first: somebody may be on the way to a shelter that is no more.
func (p *page) gone(heading func(...g.Node) g.Node) g.Node {
	gone := p.r.Shelters.Gone
	if len(gone) == 0 {
		return h.P(p.Text("changes.none-gone"))
	}
	return h.Div(h.Class("warn"), h.Role("alert"),
		heading(p.Text("changes.gone", i18n.Int("n", len(gone)))),
		h.P(p.Text("changes.gone-note")),
		h.Ul(g.Map(gone, func(s area.Shelter) g.Node { return h.Li(p.Japanese(s.Name), g.Text(" "), p.Japanese(s.Address)) })),
	)
}

func (p *page) shelters() g.Node {
	s := &p.r.Shelters
	if len(s.New)+len(s.Changed) == 0 {
		return nil
	}
	return h.Section(h.H2(p.Text("changes.shelters")), p.shelterTable(s.Changed, s.New))
}

func (p *page) shelterTable(changed []diff.ShelterChange, added []area.Shelter) g.Node {
	row := func(own area.Shelter, what g.Node) g.Node {
		at := geo.Point{Lon: own.Lon, Lat: own.Lat}
		return h.Tr(h.Th(h.Scope("row"), h.A(h.Href(p.Href("at/"+at.E7().Point().String())), p.Japanese(own.Name))), h.Td(what))
	}
	var rows g.Group
	for i := range changed {
		c := &changed[i]
		rows = append(rows, row(c.After, h.Ul(g.Map(p.r.ShelterWords(c), func(words string) g.Node { return h.Li(g.Text(words)) }))))
	}
	for _, own := range added {
		rows = append(rows, row(own, p.Text("changes.new")))
	}
	return h.Div(h.Class("scroll"), h.Table(h.Class("told"), h.TBody(rows)))
}

// ground tells each hazard that changed.
func (p *page) ground() g.Node {
	var parts g.Group
	for i := range p.r.Hazards {
		own := &p.r.Hazards[i]
		if told(own) {
			parts = append(parts, p.hazard(own))
		}
	}
	if parts == nil {
		return nil
	}
	return h.Section(h.H2(p.Text("changes.ground")), parts)
}

// told reports whether anything changed that a page shows.
func told(own *diff.Hazard) bool {
	return own.Changed() >= shownFrom || own.Zones.Before != own.Zones.Same || own.Zones.After != own.Zones.Same
}

func (p *page) hazard(own *diff.Hazard) g.Node {
	var zones g.Group
	for _, what := range Fates() {
		if n := own.Zones.Count(what); n > 0 {
			zones = append(zones, h.Li(p.Text("changes."+string(what)), g.Text(fmt.Sprintf(": %d", n))))
		}
	}
	return g.Group{
		h.H3(p.Kind(own.Kind, own.Scenario)),
		p.measures(own),
		g.If(zones != nil, h.Div(h.P(p.Text("changes.zones")), h.Ul(zones))),
		h.Div(h.Class("scroll"), h.Table(
			h.THead(h.Tr(p.head("changes.class"), p.head("changes.before"), p.head("changes.after"))),
			h.TBody(g.Map(p.r.Classes(own), func(c Class) g.Node { return p.class(own.Kind, c) })),
		)),
	}
}

// measures lists how much ground changed in which way.
func (p *page) measures(own *diff.Hazard) g.Node {
	var list g.Group
	for _, m := range Measures(&own.Changes) {
		if m.SquareMetres >= shownFrom {
			list = append(list, h.Li(h.B(g.Text(squareMetres(m.SquareMetres))), g.Text(" "), p.Text("changes."+m.Key)))
		}
	}
	if list == nil {
		list = g.Group{h.Li(p.Text("changes.unchanged"))}
	}
	return h.Ul(list)
}

func (p *page) head(key string) g.Node { return h.Th(h.Scope("col"), p.Text(key)) }

func (p *page) class(k hazard.Kind, c Class) g.Node {
	if c.Before < shownFrom && c.After < shownFrom {
		return nil
	}
	return h.Tr(p.className(k, c), h.Td(h.Class("n"), g.Text(squareMetres(c.Before))), h.Td(h.Class("n"), g.Text(squareMetres(c.After))))
}

// className heads the row of a class.
func (p *page) className(k hazard.Kind, c Class) g.Node {
	if c.Status == hazard.Inside {
		return h.Th(h.Scope("row"), p.Swatch(k, uint8(c.Rank)), g.Text(" "+c.Text))
	}
	return h.Th(h.Scope("row"), h.Span(h.Class("sw out")), g.Text(" "+c.Text))
}

// shownFrom is the ground that is written as a number other than 0.
const shownFrom = 0.5

// squareMetres groups the digits with thin blanks, as all languages may.
func squareMetres(v float64) string {
	digits := strconv.FormatInt(int64(math.Round(v)), 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits + " m²"
}

// townNames names the towns that are in one edition only.
func (p *page) townNames() g.Node {
	return g.Group{
		g.If(len(p.r.TownsGone) > 0, h.P(p.Text("changes.town-gone", i18n.Str("list", p.r.Places(p.r.TownsGone))))),
		g.If(len(p.r.TownsNew) > 0, h.P(p.Text("changes.town-new", i18n.Str("list", p.r.Places(p.r.TownsNew))))),
	}
}

func (p *page) towns() g.Node {
	r := p.r
	if len(r.Towns)+len(r.TownsGone)+len(r.TownsNew) == 0 {
		return nil
	}
	var rows g.Group
	for _, t := range r.Towns {
		for i := range t.Changes {
			c := &t.Changes[i]
			before, after := r.FromTo(c)
			rows = append(rows, h.Tr(
				h.Th(h.Scope("row"), h.A(h.Href(p.Href("place/"+t.ID)), p.Japanese(t.Name))),
				h.Td(p.Kind(c.Kind, c.Scenario)), h.Td(g.Text(before)), h.Td(g.Text(after)),
				h.Td(p.Text("changes.part", i18n.Str("share", view.Percent(c.Changed()/c.SquareMetres)))),
			))
		}
	}
	return h.Section(
		h.H2(p.Text("changes.towns")),
		p.townNames(),
		g.If(rows != nil, h.Div(h.Class("scroll"), h.Table(
			h.THead(h.Tr(p.head("changes.town"), p.head("changes.ground"), p.head("changes.before"), p.head("changes.after"), h.Td())),
			h.TBody(rows),
		))),
	)
}
