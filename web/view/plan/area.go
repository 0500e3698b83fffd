package plan

import (
	"net/url"
	"strings"

	"github.com/paulmach/orb"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/i18n"
	"hazardmap/web/sheet"
	"hazardmap/web/view"
)

// MostCorners of an area that is drawn by hand.
const MostCorners = 200

// Corners reads the corners of a drawn area, one a line, as LAT,LON.
func Corners(text string) ([]geo.Point, error) {
	var corners []geo.Point
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at, err := geo.ParsePoint(line)
		if err != nil {
			return nil, err
		}
		corners = append(corners, at)
	}
	return corners, nil
}

// Ring closes corners to an area.
func Ring(corners []geo.Point) orb.MultiPolygon {
	var ring orb.Ring
	for _, at := range corners {
		ring = append(ring, orb.Point{at.Lon, at.Lat})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// Measured is the page about an area, drawn or of a town.
func Measured(d *view.Dataset, r view.Request, given Given, form url.Values, a *area.Answer) view.Page {
	p := newDesk(d, r, given)
	p.form = form
	return private(p.page(200, nil, p.measured(&a.Areas[0], a.AddressesKnown)))
}

// AreaRefused is the page about an area that is not measured: the code ends a
// key "plan.area.refused.".
func AreaRefused(d *view.Dataset, r view.Request, given Given, form url.Values, status int, code string) view.Page {
	p := newDesk(d, r, given)
	p.form = form
	return private(p.page(status, nil, p.refusal("plan.area.refused."+code, i18n.Int("n", MostCorners))))
}

// AreaOfSeveral is the page about an area that lies in several cities, of which
// one has to be chosen.
func AreaOfSeveral(d *view.Dataset, r view.Request, given Given, form url.Values, cities []*view.Dataset) view.Page {
	p := newDesk(d, r, given)
	p.form = form
	const formID = "area-form"
	var options g.Group
	for _, city := range cities {
		options = append(options, h.Option(h.Value(city.ID), p.Japanese(city.Area.Name)))
	}
	return private(p.page(400, nil, g.Group{
		p.refusal("plan.area.refused.several"),
		h.P(h.Label(h.For("dataset"), p.Text("plan.area.city")), h.Select(h.ID("dataset"), h.Name("dataset"), h.FormAttr(formID), options)),
		h.P(h.Class("buttons"), h.Button(h.Class("button main"), h.Type("submit"), h.FormAttr(formID), p.Text("plan.area.ask"))),
	}))
}

// areaForm takes corners, which a script takes from taps on the map, or the
// name of a town.
func (p *desk) areaForm() g.Node {
	corners, err := Corners(p.form.Get("corners"))
	if err != nil {
		corners = nil
	}
	return h.Form(h.Class("deskform screen"), h.ID("area-form"), h.Method("post"), h.Action(p.Href(AreaPath)), h.Data("answer", "area-answer"),
		h.Data("working", p.Plain("plan.working")), h.Data("failed", p.Plain("plan.failed")),
		h.P(p.Text("plan.area.lead")),
		g.If(p.d.Places != nil, h.P(h.Label(h.For("place"), p.Text("plan.area.place")), h.Input(h.ID("place"), h.Name("place"), h.AutoComplete("off"), h.Value(p.form.Get("place"))))),
		h.P(h.Class("quiet"), g.Attr("hidden"), h.Data("script", ""), p.Text("plan.area.draw")),
		p.Chart(view.Chart{Width: mapWidth, Height: mapHeight, Title: p.Plain("plan.area"), Outline: corners}),
		h.P(h.Class("buttons"), g.Attr("hidden"), h.Data("script", ""),
			h.Button(h.Class("button"), h.Type("button"), h.Data("undo", ""), p.Text("plan.area.undo")),
			h.Button(h.Class("button"), h.Type("button"), h.Data("clear", ""), p.Text("plan.area.clear"))),
		h.P(h.Label(h.For("corners"), p.Text("plan.area.corners")),
			h.Textarea(h.ID("corners"), h.Name("corners"), h.Rows("4"), h.AutoComplete("off"), g.Attr("spellcheck", "false"), g.Text(p.form.Get("corners")))),
		h.P(h.Class("buttons"), h.Button(h.Class("button main"), h.Type("submit"), p.Text("plan.area.ask"))),
		h.P(h.Class("progress"), g.Attr("hidden"), h.Role("status"), h.Span(), g.El("progress", h.Max("100"))),
	)
}

func (p *desk) measured(a *area.Area, addresses bool) g.Node {
	name := g.Node(nil)
	switch {
	case a.Name != "":
		name = h.P(h.Class("big"), p.Japanese(a.Name))
	case p.form.Get("dataset") != "":
		name = h.P(h.Class("big"), p.Japanese(p.d.Area.Name))
	}
	return g.Group{
		h.H3(p.Text("plan.result")), name,
		h.P(p.Text("plan.area.size", i18n.Decimal("n", hectares(a.SquareMetres)))),
		g.If(a.Approximate, h.P(h.Class("warn"), p.Text("place.approximate"))),
		g.If(a.Beyond > 0, h.P(h.Class("warn"), p.Text("areas.note.beyond", i18n.Str("city", p.d.Area.Name)))),
		h.Div(h.Class("charts"), g.Group(p.groundCharts(a, addresses))),
		g.If(!addresses, h.P(h.Class("quiet"), p.Text("areas.note.no-addresses"))),
		h.P(h.Class("quiet"), p.Text("areas.note.ground")),
		p.areaShelters(a),
	}
}

func hectares(squareMetres float64) float64 { return float64(int(squareMetres/1000+0.5)) / 10 }

// groundCharts tell how much of the area lies in which class, hazard by hazard.
func (p *desk) groundCharts(a *area.Area, addresses bool) []g.Node {
	var charts []g.Node
	for i, r := range a.Ranges {
		if r.NoData >= 0.999999 {
			charts = append(charts, h.P(h.Class("name"), p.StatusIcon(hazard.NoData), h.Span(p.Kind(r.Kind, r.Scenario), g.Text(" · "), p.Text("status.no-data"))))
			continue
		}
		var count *hazard.Count
		if addresses && i < len(a.Addresses) {
			count = &a.Addresses[i]
		}
		charts = append(charts, p.groundChart(r, a.SquareMetres, count))
	}
	return charts
}

func (p *desk) groundChart(r hazard.Range, squareMetres float64, count *hazard.Count) g.Node {
	var rows g.Group
	for _, slot := range order {
		share, n := shareOf(r, slot), 0
		if count != nil {
			n = countOf(count, slot)
		}
		if share <= 0 && n == 0 {
			continue
		}
		rows = append(rows, h.Tr(
			h.Th(g.Attr("scope", "row"), h.Div(h.Class("name"), p.slotName(r.Kind, slot))),
			h.Td(p.bar([]part{{p.slotFill(r.Kind, slot), int(share * 1000)}}, 1000)),
			h.Td(h.Class("n"), p.Text("plan.area.percent", i18n.Decimal("n", float64(int(share*1000+0.5))/10))),
			h.Td(h.Class("n"), p.Text("plan.area.hectares", i18n.Decimal("n", hectares(share*squareMetres)))),
			g.If(count != nil, h.Td(h.Class("n"), g.Text(itoa(n)))),
		))
	}
	head := func(key string) g.Node { return h.Th(g.Attr("scope", "col"), h.Class("n"), p.Text(key)) }
	return h.Table(h.Class("bars"),
		h.Caption(p.Kind(r.Kind, r.Scenario)),
		h.THead(h.Tr(h.Th(g.Attr("scope", "col"), p.Text("plan.class")), h.Td(), head("plan.area.share"), head("plan.area.ground"),
			g.If(count != nil, head("plan.area.addresses")))),
		h.TBody(rows),
	)
}

func shareOf(r hazard.Range, slot int) float64 {
	switch {
	case slot == sheet.SlotNoData:
		return r.NoData
	case slot == sheet.SlotUndecided:
		return r.Undecided
	case slot < len(r.Shares):
		return r.Shares[slot]
	}
	return 0
}

// countOf is how many addresses stand in a class.
func countOf(c *hazard.Count, slot int) int {
	switch {
	case slot == sheet.SlotNoData:
		return int(c.NoData)
	case slot == sheet.SlotUndecided:
		return int(c.Undecided)
	case slot < len(c.Ranks):
		return int(c.Ranks[slot])
	}
	return 0
}

// areaShelters lists the shelters that stand in the area.
func (p *desk) areaShelters(a *area.Area) g.Node {
	if len(a.Shelters) == 0 {
		return h.P(p.Text("plan.area.shelters.none"))
	}
	return h.Section(h.H3(p.Text("plan.area.shelters")), h.Ul(h.Class("plain"), g.Map(a.Shelters, func(s area.Shelter) g.Node {
		return h.Li(h.B(p.Japanese(s.Name)), g.If(s.Capacity != "", g.Group{g.Text(" · "), p.Text("plan.area.capacity"), g.Text(" "), p.Japanese(s.Capacity)}),
			g.If(len(s.InZone) > 0, h.Div(h.Class("warn"), p.Text("shelter.in-zone"), g.Text(" "), g.Map(s.InZone, func(z hazard.ZoneRank) g.Node {
				return h.Span(p.Swatch(z.Kind, z.Rank), g.Text(" "), p.Text(view.ClassKey(z.Kind, z.Rank)), g.Text(" "))
			}))))
	})))
}
