package view

import (
	"net/url"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// limitKeys are what stands beside every answer.
func limitKeys(sample bool) []string {
	keys := []string{"limit.white", "limit.rain", "limit.point", "limit.scale", "limit.shelter", "limit.legal"}
	if sample {
		keys = append([]string{"limit.sample"}, keys...)
	}
	return keys
}

func (v *visit) limitSection([]hazard.Finding) g.Node {
	return h.Section(h.Class("limits"), h.Aria("labelledby", "limits"),
		h.H2(h.ID("limits"), v.text("limits.title")),
		h.Ul(g.Map(limitKeys(v.d.Area.Sample), func(key string) g.Node { return h.Li(v.text(key, v.cityArg())) })),
	)
}

// sourceSection names what the answer rests on.
func (v *visit) sourceSection() g.Node {
	return h.Section(h.Class("sources"), h.Aria("labelledby", "sources"),
		h.H2(h.ID("sources"), v.text("sources.title")),
		h.P(v.text("sources.edition", i18n.Str("edition", v.d.Edition))),
		h.Ul(g.Map(sourcesOnce(v.d), func(s hazard.Source) g.Node {
			return h.Li(v.japanese(s.Title), g.If(s.Edition != "", g.Text(" ("+s.Edition+")")), g.If(s.Attribution != "", g.Group{g.Text(" · "), v.japanese(s.Attribution)}))
		})),
	)
}

// sourcesOnce leaves out sources that read the same: one publication may come in
// several files.
func sourcesOnce(d *Dataset) []hazard.Source {
	var list []hazard.Source
	for _, s := range d.Risks.Sources() {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// askSection says whom to ask.
func (v *visit) askSection() g.Node {
	return h.Section(h.Class("contacts"), h.Aria("labelledby", "contacts"),
		h.H2(h.ID("contacts"), v.text("contacts.title")),
		g.If(len(v.d.Contacts) == 0, h.P(v.text("contacts.none", v.cityArg()))),
		g.Map(v.d.Contacts, func(c Contact) g.Node { return v.contact(c) }),
		g.If(v.path != "help", h.P(h.A(h.Href(v.href("help")), v.text("contacts.more")))),
	)
}

func (v *visit) contact(c Contact) g.Node {
	return h.Div(h.Class("contact"),
		h.H3(v.japanese(c.Name)),
		h.P(v.phone(c.Phone), g.If(c.Address != "", g.Group{g.Text(" "), v.japanese(c.Address)})),
		g.If(c.URL != "" && !v.r.Kiosk, h.P(h.A(h.Href(c.URL), h.Rel("noreferrer"), g.Text(c.URL)))),
		h.Dl(g.Map(c.Hours, func(hours Hours) g.Node {
			return g.Group{h.Dt(h.Lang(hours.Lang.Tag()), g.Text(hours.Lang.Own())), h.Dd(h.Lang(hours.Lang.Tag()), g.Text(hours.Text))}
		})),
	)
}

// takeAway links to the forms of the answer that leave this page.
func (v *visit) takeAway(at geo.Point) g.Node {
	position := at.String()
	spread := url.Values{} // of a block the worst within its radius counts
	for _, name := range []string{"precision", "radius"} {
		if value := v.r.Query.Get(name); value != "" {
			spread.Set(name, value)
		}
	}
	timeline := "at=" + position
	if len(spread) > 0 {
		timeline += "&" + spread.Encode()
	}
	return h.Nav(h.Class("take"), h.Aria("label", v.plain("take.title")),
		g.If(!v.r.Kiosk, h.A(h.Class("button"), h.Href(withQuery(v.href("print/"+position), spread)), v.text("take.print"))),
		h.A(h.Class("button"), h.Href(v.here("form", "short")), v.text("take.short")),
		h.A(h.Class("button"), h.Href(v.href("timeline")+"?"+timeline), v.text("take.timeline")),
		v.shareLink(),
		v.saveLink(),
	)
}

// shareLink leads to the page of the town: whoever sends its address does not
// send where they live.
func (v *visit) shareLink() g.Node {
	town, found := v.matchedPlace()
	if !found {
		return nil
	}
	if _, ok := v.d.Risks.Range(town.ID); !ok {
		return nil
	}
	return h.A(h.Class("button"), h.Href(v.href("place/"+town.ID)), v.text("take.share"))
}

// shortPage is the answer in four lines, to read aloud or to send.
func (v *visit) shortPage(a hazard.Answer) Page {
	lines := shortLines(v.d, v.c, a)
	page := v.page(200, pageParts{title: v.plain("at.title"), class: "short", body: g.Group{
		h.H1(h.ID("result"), h.TabIndex("-1"), v.text("short.title")),
		h.Div(h.Role("status"), g.Map(lines[:], func(line []i18n.Segment) g.Node { return h.P(v.segments(line)) })),
		h.P(h.A(h.Class("button"), h.Href(v.here("form", "")), v.text("short.long"))),
	}})
	page.Place = true
	return page
}

// The zooms of the drawn map.
const (
	widest  = 8.0
	closest = 17.0
)

// mapZoom reads ?z=&lat=&lon= of the drawn map; without them the map shows
// the surroundings of the place.
func (v *visit) mapZoom(at geo.Point, zoom float64) (geo.Point, float64) {
	if z, err := geo.ParseDegrees(v.r.Query.Get("z"), closest); err == nil && z >= widest {
		zoom = z
	}
	lat, errLat := geo.ParseDegrees(v.r.Query.Get("lat"), 85)
	lon, errLon := geo.ParseDegrees(v.r.Query.Get("lon"), 180)
	if errLat == nil && errLon == nil {
		at = geo.Point{Lon: lon, Lat: lat}
	}
	return at, zoom
}
