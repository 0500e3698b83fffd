package view

import (
	"net/url"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// atPage answers for one position: what may happen there and what to do.
func (v *visit) atPage(position string) Page {
	at, err := geo.ParsePoint(position)
	if err != nil {
		return v.fault(400, "error.bad-position")
	}
	home := parseHome(v.r.Query)
	if radius := v.radius(); radius > widestRadius {
		return v.placePage(v.r.Query.Get("from"))
	} else if lot, ok := v.parentLot(at, radius); ok {
		return v.areaPage(Found{Candidate: lot}, Ranges(v.d.Risks, &lot))
	}
	answer := v.answerAt(at, home)
	if v.r.Query.Get("form") == "short" {
		return v.shortPage(answer)
	}
	page := v.page(200, pageParts{title: v.plain("at.title"), class: "answer", preview: PreviewOf(at), body: v.answer(answer, home)})
	page.Place = true
	return page
}

// parseHome reads what the visitor told: ?floor=2&storeys=3&stocked=1.
func parseHome(query url.Values) hazard.Home {
	number := func(name string, low, high int) int {
		n, err := strconv.Atoi(query.Get(name))
		if err != nil || n < low || n > high {
			return 0
		}
		return n
	}
	return hazard.Home{Floor: number("floor", -1, 60), Storeys: number("storeys", 0, 60), Stocked: query.Get("stocked") == "1"}
}

// answer follows the order of CONVENTIONS section 9: place, action, hazard by
// hazard, neighbourhood, shelters, limits, source, whom to ask.
func (v *visit) answer(a hazard.Answer, home hazard.Home) g.Node {
	return g.Group{
		h.Div(h.Class("top"),
			h.H1(h.ID("result"), h.TabIndex("-1"), v.text("at.title")),
			v.whichPlace(a),
			v.actionPanel(a.Action),
			v.askHome(a, home),
		),
		v.hazardSection(a.Findings),
		v.nearSection(a),
		v.shelterSection(a.At, a.Shelters, a.Findings),
		v.limitSection(a.Findings),
		v.sourceSection(),
		v.askSection(),
		v.handOver(a.At),
		v.takeAway(a.At),
	}
}

// whichPlace says which place is answered for, and how well it matches what
// was typed.
func (v *visit) whichPlace(a hazard.Answer) g.Node {
	lat, lon := strconv.FormatFloat(a.At.Lat, 'f', 5, 64), strconv.FormatFloat(a.At.Lon, 'f', 5, 64)
	place, found := v.matchedPlace()
	return h.Div(h.Class("which"),
		g.Raw(pin),
		h.Div(
			g.If(found, h.P(h.Class("name"), v.placeName(place.Label))),
			g.If(found, v.readings(place.Label)),
			g.If(found, h.P(v.matchWords())),
			h.P(v.text("at.position", i18n.Str("lat", lat), i18n.Str("lon", lon)), g.Text(" "),
				h.A(h.Href(v.href("")), v.text("at.other"))),
			g.If(!a.InArea, h.P(h.Class("warn"), v.text("error.outside-area", v.cityArg()))),
		),
	)
}

// matchedPlace is the place that the search led from: ?from=ID.
func (v *visit) matchedPlace() (gazetteer.Place, bool) {
	id := v.r.Query.Get("from")
	if id == "" || v.d.Places == nil {
		return gazetteer.Place{}, false
	}
	return v.d.Places.Place(id)
}

// placeName writes a register's label: kanji, then what helps to say it.
func (v *visit) placeName(label gazetteer.Label) g.Node {
	switch {
	case v.lang == i18n.EasyJapanese && label.Kana != "" && !v.prefs.NoRuby:
		return ruby(label.Ja, hiragana(label.Kana))
	case !v.lang.Japanese() && label.Romaji != "":
		return g.Group{g.Text(label.Romaji), g.Text(" "), h.Span(h.Class("ja"), h.Lang("ja"), g.Text(label.Ja))}
	}
	return v.japanese(label.Ja)
}

// widestRadius is as far as the surroundings of a place go. What is spread
// wider is answered for as a town.
const widestRadius = 3000

// radius reads how far the position of a block or a lot may be off, 0 where it
// is not told.
func (v *visit) radius() geo.Metres {
	n, err := strconv.Atoi(v.r.Query.Get("radius"))
	if err != nil || n <= 0 {
		return 0
	}
	return geo.Metres(n)
}

// answerAt answers for a position, for a block with the worst within its
// radius.
func (v *visit) answerAt(at geo.Point, home hazard.Home) hazard.Answer {
	if radius := v.radius(); radius > 0 && v.r.Query.Get("precision") == gazetteer.PrecisionBlock.String() {
		return v.d.Risks.AnswerWithin(at, min(radius, widestRadius), home)
	}
	return v.d.Risks.Answer(at, home)
}

// parentLot is the lot that the search led from, of which only the main number
// has a position.
func (v *visit) parentLot(at geo.Point, radius geo.Metres) (gazetteer.Candidate, bool) {
	place, ok := v.matchedPlace()
	if !ok || radius == 0 || v.r.Query.Get("precision") != gazetteer.PrecisionParentLot.String() {
		return gazetteer.Candidate{}, false
	}
	ring := around(at, radius).Bound()
	return gazetteer.Candidate{ID: place.ID, AreaID: place.ID, Label: place.Label, Precision: gazetteer.PrecisionParentLot, Radius: radius, Point: &at,
		Bounds: gazetteer.Bounds{West: ring.Min[0], South: ring.Min[1], East: ring.Max[0], North: ring.Max[1]}}, true
}

// readings write a name in kana and in Latin letters, for whoever compares it
// with a letter box.
func (v *visit) readings(label gazetteer.Label) g.Node {
	if label.Kana == "" && label.Romaji == "" {
		return nil
	}
	return h.P(h.Class("quiet"),
		g.If(label.Kana != "", h.Span(h.Lang("ja"), g.Text(label.Kana))),
		g.If(label.Kana != "" && label.Romaji != "", g.Text(" / ")),
		g.If(label.Romaji != "", h.Span(h.Lang("ja-Latn"), g.Text(label.Romaji))))
}

// matchWords says how sure the match is and how far the position goes, for
// the few values that our own search writes.
func (v *visit) matchWords() g.Node {
	match, precision := "match."+v.r.Query.Get("match"), "precision."+v.r.Query.Get("precision")
	var parts g.Group
	if v.c.Has(match) {
		parts = append(parts, v.sentence(match), v.stop(match), g.Text(" "))
	}
	if v.c.Has(precision) {
		parts = append(parts, v.text("precision.is", v.c.Arg("precision", precision)))
	}
	if radius := v.radius(); radius > 0 {
		parts = append(parts, g.Text(" "), v.sentence("precision.radius", i18n.Int("n", int(radius))), v.text("stop"))
	}
	return parts
}

// actionPanel is the one line of the answer, announced when it appears.
func (v *visit) actionPanel(a hazard.Action) g.Node {
	key := "action." + string(a.Code)
	return h.Section(h.Class("act "+string(a.Code)), h.Aria("labelledby", "action"),
		g.Raw(actionIcon(a.Code)),
		h.Div(
			h.Div(h.Role("status"), h.H2(h.ID("action"), v.text(key))),
			v.officialAction(a.Code),
			h.Ul(v.reasons(a.Reasons)),
			h.P(v.text(key+".how")),
			g.If(a.Code == hazard.Leave, h.P(v.text("action.late"))),
		),
	)
}

// reasons are the sentences of the reasons, each once.
func (v *visit) reasons(reasons []hazard.Reason) g.Node {
	var items g.Group
	said := map[string]bool{}
	for _, r := range reasons {
		key, args := reasonWords(v.c, r)
		if sentence := v.plain(key, args...); !said[sentence] {
			said[sentence] = true
			items = append(items, h.Li(v.text(key, args...)))
		}
	}
	return items
}

// officialAction is the term that people hear on the radio.
func (v *visit) officialAction(code hazard.ActionCode) g.Node {
	name := map[hazard.ActionCode]string{hazard.Leave: "leave", hazard.UpstairsPossible: "upstairs"}[code]
	if name == "" {
		return nil
	}
	if v.lang == i18n.Japanese {
		return h.P(h.Class("term"), v.text("term."+name))
	}
	return h.P(h.Class("term"), v.text("term."+name), g.Text(" ("), v.text("beside."+name), g.Text(")"))
}

// askHome asks for floor, building and supplies, each answered by one tap. It
// is left out where the answer does not depend on them.
func (v *visit) askHome(a hazard.Answer, home hazard.Home) g.Node {
	if !dependsOnHome(a) {
		return nil
	}
	chip := func(key string, on bool, name, value string, args ...i18n.Arg) g.Node {
		if on {
			value = "" // a second tap takes it back
		}
		return h.A(h.Class("chip"), h.Href(v.here(name, value)+"#result"), g.If(on, h.Aria("current", "true")), v.text(key, args...))
	}
	floors := g.Group{chip("ask.floor.basement", home.Floor < 0, "floor", "-1")}
	for n := 1; n <= 5; n++ {
		key := "ask.floor.n"
		if n == 5 {
			key = "ask.floor.up"
		}
		floors = append(floors, chip(key, home.Floor == n, "floor", strconv.Itoa(n), i18n.Int("n", n)))
	}
	var storeys g.Group
	for n := 1; n <= 5; n++ {
		key := "ask.storeys.n"
		if n == 5 {
			key = "ask.storeys.up"
		}
		storeys = append(storeys, chip(key, home.Storeys == n, "storeys", strconv.Itoa(n), i18n.Int("n", n)))
	}
	return h.Section(h.Class("ask"), h.Aria("labelledby", "ask"),
		h.H2(h.ID("ask"), v.text("ask.title")),
		h.P(v.text("ask.why")),
		h.Div(h.Role("group"), h.Aria("labelledby", "ask-f"), h.Span(h.ID("ask-f"), v.text("ask.floor")), floors),
		h.Div(h.Role("group"), h.Aria("labelledby", "ask-s"), h.Span(h.ID("ask-s"), v.text("ask.storeys")), storeys),
		h.Div(h.Role("group"), h.Aria("labelledby", "ask-p"), h.Span(h.ID("ask-p"), v.text("ask.stocked")),
			chip("ask.yes", home.Stocked, "stocked", "1"),
			chip("ask.no", !home.Stocked && v.r.Query.Get("stocked") == "0", "stocked", "0")),
	)
}

// dependsOnHome: landslides and collapsing houses leave nothing to ask.
func dependsOnHome(a hazard.Answer) bool {
	water := false
	for _, f := range a.Findings {
		if f.Status != hazard.Inside {
			continue
		}
		if f.Kind.Landslide() || f.Kind.Collapse() {
			return false
		}
		water = true
	}
	return water
}
