package view

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// sheltersPage lists all shelters, or those fit for one disaster:
// ?for=flood, near a place: ?near=36.27,139.22.
func (v *visit) sheltersPage() Page {
	kinds, heard := v.shelterKinds(), map[string]bool{}
	wanted := v.r.Query.Get("for")
	at, err := geo.ParsePoint(v.r.Query.Get("near"))
	var list []hazard.NearShelter
	if err == nil {
		list = v.d.Risks.NearShelters(at, len(v.d.Risks.Shelters()))
	} else {
		for _, s := range v.d.Risks.Shelters() {
			list = append(list, hazard.NearShelter{Shelter: s, InZone: v.d.Risks.WorstAt(geo.Point{Lon: s.Lon, Lat: s.Lat}.E7())})
		}
	}
	var asked []hazard.ShelterHazard
	for _, k := range kinds {
		if k.String() == wanted {
			asked = []hazard.ShelterHazard{k}
			list = slices.DeleteFunc(list, func(s hazard.NearShelter) bool { return !s.Fit(k) })
		}
	}
	page := v.page(200, pageParts{title: v.plain("nav.shelters"), nav: "shelters", class: "shelterlist", index: err != nil, body: g.Group{
		h.H1(v.text("shelter.list", v.cityArg())),
		h.P(h.Class("lead"), v.text("shelter.how")),
		h.Nav(h.Class("ask"), h.Aria("label", v.plain("shelter.filter")), h.Div(
			h.Span(v.text("shelter.filter")),
			h.A(h.Class("chip"), h.Href(v.here("for", "")), g.If(asked == nil, h.Aria("current", "true")), v.text("shelter.any")),
			g.Map(kinds, func(k hazard.ShelterHazard) g.Node {
				return h.A(h.Class("chip"), h.Href(v.here("for", k.String())), g.If(slices.Contains(asked, k), h.Aria("current", "true")), v.text("shelter.for."+k.String()))
			}))),
		h.H2(h.Span(h.Role("status"), v.text("shelter.count", i18n.Int("n", len(list))))),
		h.Ol(h.Class("cards"), g.Map(list, func(s hazard.NearShelter) g.Node {
			return h.Li(v.listedShelter(s, kinds, asked, heard))
		})),
		h.P(h.Class("note"), v.text("limit.shelter")),
	}})
	page.Place = err == nil
	return page
}

// listedShelter is a card of the long list, with a link to the answer for the
// shelter's own position.
func (v *visit) listedShelter(s hazard.NearShelter, kinds, asked []hazard.ShelterHazard, heard map[string]bool) g.Node {
	at := roundPoint(geo.Point{Lon: s.Lon, Lat: s.Lat})
	return g.Group{v.shelterCard(s, kinds, asked, heard), h.P(h.A(h.Href(v.href("at/"+at.String())), v.text("shelter.answer")))}
}

// aboutPage says where everything comes from and what it cannot do.
func (v *visit) aboutPage() Page {
	sourced := v.d.Risks.Sourced()
	return v.page(200, pageParts{title: v.plain("nav.about"), nav: "about", class: "prose", index: true, body: g.Group{
		h.H1(v.text("nav.about")),
		h.P(h.Class("lead"), v.text("sources.edition", i18n.Str("edition", v.d.Edition))),
		h.H2(v.text("about.kinds")),
		h.Div(h.Class("lines"), h.Ul(g.Map(hazard.Kinds(), func(k hazard.Kind) g.Node {
			word, icon := "about.has", hazard.Outside
			if !sourced.Has(k) {
				word, icon = "status.no-data", hazard.NoData
			}
			return h.Li(h.Class("has"), g.Raw(statusIcon(icon)), h.Div(h.H3(v.kindName(k)), h.P(v.sentence(word), v.text("stop"))))
		}))),
		h.H2(v.text("sources.title")),
		h.Div(h.Class("lines"), h.Ul(g.Map(sourcesOnce(v.d), func(s hazard.Source) g.Node {
			return h.Li(h.H3(v.japanese(s.Title)), h.P(v.japanese(s.Attribution)), h.P(h.Class("quiet"),
				v.text("about.licence"), g.Text(colon(v.c)), v.japanese(s.Licence),
				g.If(s.Edition != "", g.Group{g.Text(" · "), v.text("about.edition"), g.Text(colon(v.c) + s.Edition)})))
		}))),
		v.limitSection(nil),
		h.H2(v.text("about.law")),
		h.P(v.text("about.law.text", v.cityArg())),
		h.P(v.saveLink()),
		h.P(h.Class("quiet"), v.text("about.version"), g.Text(" "), h.Code(g.Text(v.d.ID+" "+shortName(v.d.Version, 12)))),
	}})
}

// helpPage says whom to ask, in which languages and when.
func (v *visit) helpPage() Page {
	return v.page(200, pageParts{title: v.plain("nav.help"), nav: "help", class: "prose", index: true, body: g.Group{
		h.H1(v.text("nav.help")),
		h.P(h.Class("lead"), v.text("help.lead")),
		h.Ul(h.Class("numbers"),
			h.Li(h.B(v.phone("119")), v.text("help.119")),
			h.Li(h.B(v.phone("110")), v.text("help.110")),
			h.Li(h.B(v.phone("171")), v.text("help.171")),
		),
		v.askSection(),
		h.H2(v.text("help.levels")),
		h.Ol(h.Class("levels"), g.Map([]string{"5", "4", "3", "2", "1"}, func(n string) g.Node {
			return h.Li(h.Class("level l"+n), h.B(v.text("term.alert-level"), g.Text(" "+n)), h.Span(v.text("help.level."+n)))
		})),
		h.P(v.text("help.issuers")),
	}})
}

// privacyPage is one plain page.
func (v *visit) privacyPage() Page {
	keys := []string{"privacy.address", "privacy.log", "privacy.third", "privacy.cookie", "privacy.phone", "privacy.link", "privacy.kiosk"}
	return v.page(200, pageParts{title: v.plain("nav.privacy"), class: "prose", index: true, body: g.Group{
		h.H1(v.text("nav.privacy")),
		h.Ul(g.Map(keys, func(key string) g.Node { return h.Li(v.text(key)) })),
	}})
}

// settingsPage is where the links of the footer lead without a page of their own.
func (v *visit) settingsPage() Page {
	return v.page(200, pageParts{title: v.plain("settings.title"), class: "prose", body: g.Group{
		h.H1(v.text("settings.title")),
		h.P(h.Class("lead"), v.text("settings.lead")),
		v.settingsRow(),
	}})
}
