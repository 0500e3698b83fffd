package view

import (
	"fmt"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view/drawn"
)

// placePage answers for a town, a 丁目 or a postal area as a whole: from which
// class to which, and how much of its area. A facility has a position and is
// answered there.
func (v *visit) placePage(id string) Page {
	if v.d.Places == nil {
		return v.fault(404, "error.not-found")
	}
	place, ok := v.d.Places.Place(id)
	if !ok {
		return v.fault(404, "error.not-found")
	}
	c := gazetteer.Candidate{ID: id, AreaID: id, Label: place.Label, Precision: place.Precision}
	if place.Level == gazetteer.LevelOffice && place.Parent != "" {
		c.AreaID = place.Parent
	}
	ranges := Ranges(v.d.Risks, &c)
	switch {
	case len(ranges) > 0:
		return v.areaPage(Found{Candidate: c}, ranges)
	case place.Point != nil:
		return redirect(v.href("at/"+place.Point.String()) + "?from=" + id)
	}
	return v.fault(404, "error.no-range")
}

// area is what a page answers for as a whole.
type area struct {
	place  gazetteer.Place // its name, its bounds
	office bool            // place stands somewhere in town
	town   gazetteer.Label
}

// areaOf returns the area that answers for a candidate: the town, for an office
// the town that it stands in, for a parent lot its surroundings.
func areaOf(d *Dataset, c *gazetteer.Candidate) area {
	place, ok := d.Places.Place(c.AreaID)
	a := area{place: place}
	if ok && c.AreaID != c.ID {
		a.office, a.town = true, place.Label
		a.place.Label = c.Label
	}
	if c.Precision == gazetteer.PrecisionParentLot {
		a.place.Bounds, a.place.Approximate = c.Bounds, false
	}
	return a
}

// areaPage answers for the area of a candidate, and says what of the text that
// led there was read and what was not.
func (v *visit) areaPage(found Found, ranges []hazard.Range) Page {
	a := areaOf(v.d, &found.Candidate)
	place := a.place
	home := parseHome(v.r.Query)
	best, worst := boundFindings(ranges)
	page := v.page(200, pageParts{title: place.Label.Ja, class: "answer town", preview: PreviewOf(middle(place)), body: g.Group{
		h.Div(h.Class("top"),
			h.H1(h.ID("result"), h.TabIndex("-1"), v.placeName(place.Label)),
			v.whichTown(a, found),
			v.townAction(hazard.Decide(best, home), hazard.Decide(worst, home)),
			v.askHome(hazard.Answer{Findings: worst}, home),
		),
		v.rangeSection(ranges),
		v.townMap(place, worst),
		v.shelterSection(middle(place), v.d.Risks.NearShelters(middle(place), 8), worst),
		v.limitSection(worst),
		v.sourceSection(),
		v.askSection(),
	}})
	page.Place = true
	return page
}

func middle(p gazetteer.Place) geo.Point {
	if p.Bounds.IsZero() && p.Point != nil {
		return *p.Point
	}
	return geo.Point{Lon: (p.Bounds.West + p.Bounds.East) / 2, Lat: (p.Bounds.South + p.Bounds.North) / 2}
}

func (v *visit) whichTown(a area, found Found) g.Node {
	whole := wholeWords(found)
	return h.Div(h.Class("which"), g.Raw(pin), h.Div(
		v.readings(a.place.Label),
		g.If(v.r.Query.Get("match") != "", h.P(v.matchWords())),
		g.Map(foundWords(v.c, found, a), func(s words) g.Node { return h.P(v.text(s.key, s.args...)) }),
		h.P(v.text(whole.key, whole.args...)),
		g.If(a.place.Approximate, h.P(v.text("place.approximate"))),
		h.P(h.A(h.Href(v.href("")), v.text("at.other"))),
	))
}

// boundFindings turns the ranges of an area into the findings of its mildest
// and of its worst spot.
func boundFindings(ranges []hazard.Range) (best, worst []hazard.Finding) {
	for _, r := range ranges {
		low := hazard.Finding{Kind: r.Kind, Scenario: r.Scenario, Designated: true, LineWithin: -1, NoneInArea: r.NoneInArea}
		high := low
		low.Status, low.Rank = spot(r, false)
		high.Status, high.Rank = spot(r, true)
		best, worst = append(best, low), append(worst, high)
	}
	return best, worst
}

// spot is the status at the mildest or the worst spot of an area. What is not
// known counts as worse than outside.
func spot(r hazard.Range, worst bool) (hazard.Status, uint8) {
	outside := len(r.Shares) > 0 && r.Shares[0] > 0
	if worst {
		switch {
		case r.Max > 0:
			return hazard.Inside, r.Max
		case r.Undecided > 0:
			return hazard.Undecided, 0
		case r.NoData > 0 || !outside:
			return hazard.NoData, 0
		}
		return hazard.Outside, 0
	}
	switch {
	case outside:
		return hazard.Outside, 0
	case r.NoData > 0 || r.Max == 0:
		return hazard.NoData, 0
	}
	return hazard.Inside, r.Min
}

// townAction is one line where every spot of the area gets the same advice, and
// both ends where it depends on the spot.
func (v *visit) townAction(best, worst hazard.Action) g.Node {
	if best.Code == worst.Code {
		return v.actionPanel(worst)
	}
	return g.Group{
		h.P(h.Class("spread"), v.text("place.depends")),
		v.actionPanel(worst),
		h.P(h.Class("spread"), v.text("place.mildest"), g.Text(" "), h.Strong(v.text("action."+string(best.Code))), v.text("stop")),
	}
}

func (v *visit) rangeSection(ranges []hazard.Range) g.Node {
	var inside g.Group
	_, worst := boundFindings(ranges)
	for i, r := range ranges {
		if worst[i].Status == hazard.Inside {
			inside = append(inside, v.rangeCard(r))
		}
	}
	return h.Section(h.Class("hazards"), h.Aria("labelledby", "hazards"),
		h.H2(h.ID("hazards"), v.text("place.hazards")),
		inside, v.otherLines(worst),
	)
}

// rangeCard shows one hazard over the area: the sentence, the bar of shares,
// and each share in words.
func (v *visit) rangeCard(r hazard.Range) g.Node {
	top := r.Headline
	if top == 0 {
		top = r.Max
	}
	key := ClassKey(r.Kind, top)
	return h.Article(h.Class("card"),
		h.Div(h.Class("mark"), v.swatch(r.Kind, top), g.If(r.Kind.Depth(), g.Raw(depthFigure(top)))),
		h.Div(
			h.H3(v.kindName(r.Kind), v.scenarioName(hazard.Finding{Scenario: r.Scenario})),
			h.P(h.Class("big"), v.rangeWords(r)),
			h.P(v.text("place.worst-means"), g.Text(" "), v.text(key+".house"), v.text("stop")),
			g.Raw(shareBar(r, v.prefs.Palette)),
			h.Ul(h.Class("shares"), v.shareLines(r)),
			h.P(h.Class("do"), v.text(doKey(r.Kind, top))),
		),
	)
}

// rangeWords says "from … to …", and names a class that covers very little
// apart, so that it is neither hidden nor the headline.
func (v *visit) rangeWords(r hazard.Range) g.Node {
	key, args := rangeText(v.c, r)
	return v.sentence(key, args...)
}

func rangeText(c *i18n.Catalogue, r hazard.Range) (string, []i18n.Arg) {
	key := func(rank uint8) string {
		if rank == 0 {
			return "status.outside"
		}
		return ClassKey(r.Kind, rank)
	}
	from, to := key(r.Min), key(r.Max)
	if len(r.Shares) > 0 && r.Shares[0] > 0 {
		from = key(0)
	}
	switch {
	case from == to:
		return "place.all", []i18n.Arg{c.Arg("class", to)}
	case r.Headline > 0 && r.Headline < r.Max:
		return "place.range-part", []i18n.Arg{c.Arg("from", from), c.Arg("to", key(r.Headline)), c.Arg("worst", to)}
	}
	return "place.range", []i18n.Arg{c.Arg("from", from), c.Arg("to", to)}
}

// shareLines lists what covers how much of the area, worst first.
func (v *visit) shareLines(r hazard.Range) g.Node {
	var lines g.Group
	for rank := len(r.Shares) - 1; rank >= 0; rank-- {
		if r.Shares[rank] <= 0 {
			continue
		}
		if rank == 0 {
			lines = append(lines, h.Li(h.Span(h.Class("sw out")), v.text("status.outside"), h.B(g.Text(share(v.c, r.Shares[0])))))
			continue
		}
		lines = append(lines, h.Li(v.swatch(r.Kind, uint8(rank)), v.text(ClassKey(r.Kind, uint8(rank))), h.B(g.Text(share(v.c, r.Shares[rank])))))
	}
	if r.Undecided > 0 {
		lines = append(lines, h.Li(h.Span(h.Class("sw out")), v.text("status.undecided"), h.B(g.Text(share(v.c, r.Undecided)))))
	}
	if r.NoData > 0 {
		lines = append(lines, h.Li(h.Span(h.Class("sw out")), v.text("status.no-data"), h.B(g.Text(share(v.c, r.NoData)))))
	}
	return lines
}

// share writes a part of an area in whole percent; never 0 or 100 for what is
// neither nothing nor all.
func share(c *i18n.Catalogue, part float64) string {
	percent := int(part*100 + 0.5)
	switch {
	case percent < 1:
		return c.T("share.under", i18n.Int("n", 1))
	case percent > 99 && part < 0.99999:
		return c.T("share.over", i18n.Int("n", 99))
	}
	return c.T("share.n", i18n.Int("n", percent))
}

// shareBar draws the shares side by side, mildest first.
func shareBar(r hazard.Range, second bool) string {
	var b strings.Builder
	b.WriteString(`<svg class="share" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true"><path fill="#fff" d="M0 0h1000v40H0z"/>`)
	x := 0.0
	add := func(part float64, fill string) {
		if part <= 0 {
			return
		}
		width := max(part*1000, 4)
		fmt.Fprintf(&b, `<path fill="%s" stroke="#555" stroke-width="1" d="M%s 0h%sv40h-%sz"/>`, fill, number(x), number(width), number(width))
		x += part * 1000
	}
	add(r.NoData, "#bbb")
	add(r.Undecided, "#888")
	for rank, part := range r.Shares {
		if rank == 0 {
			add(part, "#fff")
			continue
		}
		add(part, drawn.Fill(r.Kind, uint8(rank), second))
	}
	return b.String() + `</svg>`
}

// townMap shows the whole area with what surrounds it.
func (v *visit) townMap(place gazetteer.Place, worst []hazard.Finding) g.Node {
	return h.Section(h.Class("near"), h.Aria("labelledby", "near"),
		h.H2(h.ID("near"), v.text("place.map")),
		v.areaFigure(place, worst),
		g.If(place.Approximate, h.P(h.Class("note"), v.text("place.approximate"))),
		h.P(v.text("place.point")),
	)
}
