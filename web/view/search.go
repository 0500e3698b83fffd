package view

import (
	"net/url"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
)

// searchPage answers what a visitor typed: straight to the answer where there
// is one sure place, else the candidates as questions. The text comes in a
// POST and goes into no address.
func (v *visit) searchPage() Page {
	if !v.r.Post {
		return redirect(v.href(""))
	}
	q := strings.TrimSpace(v.r.Form.Get("q"))
	if at, err := geo.ParsePoint(strings.ReplaceAll(q, " ", "")); err == nil {
		return redirect(v.href("at/"+at.String()) + "#result")
	}
	if v.d.Places == nil {
		return v.fault(503, "error.no-places")
	}
	result, err := v.d.Places.Search(gazetteer.Query{Text: q})
	if err != nil {
		return v.fault(400, "error.long-text")
	}
	if sure, ok := OneSure(result.Candidates); ok {
		return v.foundPage(Found{result, sure})
	}
	page := v.page(200, pageParts{title: v.plain("search.title"), class: "found", body: g.Group{
		h.H1(h.ID("result"), h.TabIndex("-1"), v.text("search.title")),
		h.Div(h.Role("status"), h.P(h.Class("lead"), v.foundWords(result))),
		v.hint(result),
		h.Ol(h.Class("cards"), g.Map(result.Candidates, func(c gazetteer.Candidate) g.Node { return h.Li(v.candidate(c)) })),
		g.If(result.More > 0, h.P(v.text("search.more", i18n.Int("n", result.More)))),
		v.searchForm(q),
		h.P(v.text("search.none-of-these"), g.Text(" "), h.A(h.Href(v.href("map")), v.text("nav.map"))),
	}})
	page.Place = true
	return page
}

// foundPage answers for the one place that is meant. A position has an address
// of its own to go to. An area is answered here, where the number and what else
// was typed can be told without writing it into an address; the links of the
// page lead on from the page of the area.
func (v *visit) foundPage(found Found) Page {
	c := &found.Candidate
	ranges := Ranges(v.d.Risks, c)
	if c.RiskScope() == "place" && c.Point != nil || len(ranges) == 0 {
		return redirect(v.candidateHref(*c) + "#result")
	}
	v.path, v.r.Query = v.candidatePath(c)
	v.r.Post = false
	return v.areaPage(found, ranges)
}

// OneSure returns the only candidate that needs no question.
func OneSure(candidates []gazetteer.Candidate) (gazetteer.Candidate, bool) {
	sure := -1
	for i, c := range candidates {
		if c.Match != gazetteer.Verified {
			continue
		}
		if sure >= 0 {
			return gazetteer.Candidate{}, false
		}
		sure = i
	}
	if sure != 0 {
		return gazetteer.Candidate{}, false
	}
	return candidates[0], true
}

// candidateHref leads to the answer for a candidate.
func (v *visit) candidateHref(c gazetteer.Candidate) string {
	path, query := v.candidatePath(&c)
	return withQuery(v.href(path), query)
}

// candidatePath is the page of a candidate: of its position where it has one,
// else of its area. Only codes go along, never the text.
func (v *visit) candidatePath(c *gazetteer.Candidate) (string, url.Values) {
	query := url.Values{"match": {c.Match.String()}, "precision": {c.Precision.String()}}
	if !c.Precision.HasPoint() || c.Point == nil {
		return "place/" + url.PathEscape(c.ID), query
	}
	query.Set("from", c.ID)
	query.Set("radius", strconv.Itoa(int(c.Radius+0.5)))
	return "at/" + roundPoint(*c.Point).String(), query
}

// roundPoint keeps five decimals, about a metre: finer than any register.
func roundPoint(p geo.Point) geo.Point {
	round := func(v float64) float64 {
		r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 5, 64), 64)
		if err != nil {
			return v
		}
		return r
	}
	return geo.Point{Lon: round(p.Lon), Lat: round(p.Lat)}
}

func (v *visit) foundWords(result gazetteer.Result) g.Node {
	n := len(result.Candidates) + result.More
	if n == 0 {
		return v.text("search.nothing")
	}
	return v.text("search.found", i18n.Int("n", n))
}

// hint names what may help, in words.
func (v *visit) hint(result gazetteer.Result) g.Node {
	var hints g.Group
	if key := "hint." + string(result.Hint); result.Hint != "" && v.c.Has(key) {
		hints = append(hints, h.P(h.Class("warn"), v.text(key, v.cityArg())))
	}
	if result.Unread != "" {
		hints = append(hints, h.P(v.text("search.unread", i18n.Ja("text", result.Unread))))
	}
	return hints
}

// candidate is one question: this place?
func (v *visit) candidate(c gazetteer.Candidate) g.Node {
	name, match := v.placeName(c.Label), "match."+c.Match.String()
	if c.Number != "" {
		name = g.Group{name, g.Text(" " + c.Number)}
	}
	return g.Group{
		h.H2(h.A(h.Href(v.candidateHref(c)+"#result"), name)),
		v.readings(c.Label),
		h.P(v.sentence(match), v.stop(match), g.Text(" "),
			v.text("precision.is", v.c.Arg("precision", "precision."+c.Precision.String())),
			g.If(c.Precision.HasPoint() && c.Radius > 0, g.Group{g.Text(" "), v.sentence("precision.radius", i18n.Int("n", int(c.Radius+0.5))), v.text("stop")})),
		g.If(!c.Precision.HasPoint(), h.P(v.text("search.area"))),
		g.If(len(c.Completed) > 0, h.P(v.text("search.completed"), g.Text(" "), v.completed(c.Completed))),
	}
}

func (v *visit) completed(parts []gazetteer.Part) g.Node {
	var names g.Group
	for i, p := range parts {
		if i > 0 {
			names = append(names, g.Text(comma(v.c)))
		}
		names = append(names, v.text("part."+p.String()))
	}
	return names
}
