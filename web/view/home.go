package view

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard"
	"hazardmap/i18n"
)

// homePage asks for a place first; the map and its legend come after.
func (v *visit) homePage() Page {
	return v.page(200, pageParts{nav: "home", class: "home", index: true, preview: CityPreview, body: g.Group{
		h.Section(h.Class("hero"), h.Div(
			h.H1(v.text("home.title")),
			h.P(h.Class("lead"), v.text("home.lead", v.cityArg())),
			v.searchForm(""),
		), g.Raw(skyline)),
		h.Section(h.Aria("labelledby", "themes"),
			h.H2(h.ID("themes"), v.text("home.themes")),
			v.themeList(),
		),
		h.Section(h.Class("overview"), h.Aria("labelledby", "map"),
			h.H2(h.ID("map"), v.text("home.map", v.cityArg())),
			v.overviewFigure(),
			v.legend(v.d.Risks.Sourced()),
			h.P(h.Class("note"), v.text("limit.white")),
		),
		h.Nav(h.Class("take"), h.Aria("label", v.plain("home.more")),
			h.A(h.Class("button"), h.Href(v.href("map")), v.text("nav.map")),
			h.A(h.Class("button"), h.Href(v.href("shelters")), v.text("nav.shelters")),
			h.A(h.Class("button"), h.Href(v.href("timeline")), v.text("nav.timeline")),
			h.A(h.Class("button"), h.Href(v.href("help")), v.text("nav.help")),
			v.saveLink(),
		),
	}})
}

// searchForm works without a script; with one it suggests places and offers
// the device's position.
func (v *visit) searchForm(q string) g.Node {
	return h.Form(h.Class("search"), h.Method("post"), h.Action(v.href("search")), h.Role("search"),
		h.Label(h.For("q"), v.text("search.label")),
		h.Div(h.Class("box"),
			h.Input(h.ID("q"), h.Name("q"), h.Type("search"), h.Value(q), h.Required(), h.MaxLength("200"),
				h.AutoComplete("street-address"), g.Attr("enterkeyhint", "search"), h.Aria("describedby", "q-hint")),
			h.Button(h.Type("submit"), v.text("search.go")),
		),
		h.P(h.ID("q-hint"), v.text("search.hint")),
		g.If(!v.r.Kiosk, h.Button(h.Class("locate later"), h.Type("button"), g.Attr("hidden"), h.Data("locate", v.href("at/")),
			h.Data("denied", v.plain("locate.denied")), g.Raw(target), v.text("locate.button"))),
		h.Div(h.Class("vh"), h.Role("status"), h.Data("status", "")),
	)
}

const target = `<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="2"><circle cx="12" cy="12" r="6"/><path d="M12 2v4m0 12v4M2 12h4m12 0h4"/></g><circle cx="12" cy="12" r="2.500" fill="currentColor"/></svg>`

// themeList says what this dataset can answer, and what it cannot.
func (v *visit) themeList() g.Node {
	sourced := v.d.Risks.Sourced()
	var has, not g.Group
	for _, k := range hazard.Kinds() {
		switch {
		case sourced.Has(k):
			has = append(has, h.Li(v.swatch(k, min(k.Ranks(), 2)), h.Span(v.kindName(k))))
		case k == hazard.SurgeDepth || k == hazard.TsunamiDepth:
			// a dataset without a source about the sea says nothing of it
		default:
			not = append(not, h.Li(g.Raw(statusIcon(hazard.NoData)), h.Span(v.text("kind."+k.String()))))
		}
	}
	return g.Group{
		h.Ul(h.Class("themes"), has),
		g.If(len(not) > 0, h.Div(h.Class("hasnot"), h.P(v.sentence("status.no-data"), g.Text(colon(v.c))), h.Ul(not), h.P(v.sentence("status.no-data.note"), v.text("stop")))),
	}
}

// legend lists every class of the kinds with its swatch and words, from the
// same table as the tiles.
func (v *visit) legend(kinds hazard.KindSet) g.Node {
	return h.Div(h.Class("legend"), g.Map(hazard.Kinds(), func(k hazard.Kind) g.Node {
		if !kinds.Has(k) {
			return nil
		}
		var classes g.Group
		for rank := uint8(1); rank <= k.Ranks(); rank++ {
			classes = append(classes, h.Li(v.swatch(k, rank), g.Text(" "), v.text(ClassKey(k, rank))))
		}
		return h.Details(g.If(k == hazard.FloodDepth, g.Attr("open")), h.Summary(v.text("kind."+k.String())), h.Ul(classes))
	}))
}

// overviewFigure shows the whole area.
func (v *visit) overviewFigure() g.Node {
	bound := v.d.Area.Boundary.Bound()
	return v.figure(figure{at: middleOf(bound), zoom: zoomFor(bound), kinds: allMapped(), label: v.plain("map.title-city", i18n.Str("city", v.city()))})
}

// skyline is a town between its hills and its river.
const skyline = `<svg class="skyline" viewBox="0 0 420 200" aria-hidden="true" preserveAspectRatio="xMaxYMax slice"><path fill="#fff" fill-opacity=".1" d="M-60 200 60 86l34 22 66-70 52 52 38-26 70 58 44-34 56 42v90H0z"/><path fill="#fff" fill-opacity=".14" d="M-900 200c500-30 800-40 960-50 60-14 100-14 120-12s150 20 240-16v78z"/><g fill="#fff" fill-opacity=".9"><path d="M60 128v30h30v-30L75 114zm46-6v36h26v-36zm250 0v36h32v-36l-16-13zM150 116v42h40v-42l-20-17zm68-28v70h34V88zm48 44v26h28v-26l-14-12zm40-18v44h32v-44z"/></g><g fill="#174d78"><path d="M71 144h8v14h-8zm41-14h5v6h-5zm9 0h5v6h-5zm-9 12h5v6h-5zm9 0h5v6h-5zm44-14h10v10h-10zm61-30h6v7h-6zm11 0h6v7h-6zm-11 14h6v7h-6zm11 0h6v7h-6zm-11 14h6v7h-6zm11 0h6v7h-6zm72-4h6v7h-6zm10 0h6v7h-6zm-10 14h6v7h-6zm10 0h6v7h-6zm48 6h8v14h-8z"/></g><g fill="none" stroke="#bfe3fa" stroke-width="4" stroke-linecap="round"><path d="M-900 174q13-9 26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0"/><path stroke-opacity=".6" d="M-908 190q13-9 26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0t26 0"/></g></svg>`
