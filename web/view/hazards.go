package view

import (
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard"
	"hazardmap/i18n"
)

// hazardSection lists every hazard with its status: what lies inside a zone as
// cards, the rest as lines, those alike together. None is left blank.
func (v *visit) hazardSection(findings []hazard.Finding) g.Node {
	var inside g.Group
	for _, f := range findings {
		if f.Status == hazard.Inside {
			inside = append(inside, v.insideCard(f))
		}
	}
	return h.Section(h.Class("hazards"), h.Aria("labelledby", "hazards"),
		h.H2(h.ID("hazards"), v.text("hazards.title")),
		inside,
		v.otherLines(findings),
	)
}

// otherLines are the hazards without a zone at the place, by their status, and
// what each status means. Those of which only is known that there are no data
// share one sentence.
func (v *visit) otherLines(findings []hazard.Finding) g.Node {
	return g.Map([]hazard.Status{hazard.Undecided, hazard.NoData, hazard.Outside}, func(s hazard.Status) g.Node {
		var lines, unknown g.Group
		for _, f := range findings {
			switch {
			case f.Status != s:
			case s == hazard.NoData && !f.NoneInArea && !f.RedNotSurveyed && f.LineWithin < 0:
				unknown = append(unknown, h.Li(h.H3(v.kindName(f.Kind), v.scenarioName(f))))
			default:
				lines = append(lines, v.otherLine(f))
			}
		}
		if lines == nil && unknown == nil {
			return nil
		}
		return h.Div(h.Class("lines "+string(s)),
			g.If(lines != nil, h.Ul(lines)),
			g.If(unknown != nil, g.Group{h.P(h.Class("all"), v.sentence("status.no-data"), v.text("stop")), h.Ul(h.Class("names"), unknown)}),
			h.P(g.Raw(statusIcon(s)), h.Span(v.sentence("status."+string(s)+".note"), v.text("stop"))))
	})
}

// insideCard says a class three ways: the range of numbers, what it means for
// body and house, what to do.
func (v *visit) insideCard(f hazard.Finding) g.Node {
	key := ClassKey(f.Kind, f.Rank)
	return h.Article(h.Class("card"),
		h.Div(h.Class("mark"), v.swatch(f.Kind, f.Rank), g.If(f.Kind.Depth(), g.Raw(depthFigure(f.Rank)))),
		h.Div(
			h.H3(v.kindName(f.Kind), v.scenarioName(f)),
			h.P(h.Class("big"), v.sentence(key)),
			h.P(v.sentence(key+".house"), v.text("stop")),
			h.P(h.Class("do"), v.text(doKey(f.Kind, f.Rank))),
			v.findingNotes(f),
			v.zoneList(f),
		),
	)
}

func (v *visit) kindName(k hazard.Kind) g.Node {
	inName := slices.ContainsFunc(v.c.Segments("kind."+k.String()), func(s i18n.Segment) bool { return s.Lang == "ja" })
	if v.lang == i18n.Japanese || inName {
		return v.text("kind." + k.String())
	}
	return g.Group{v.text("kind." + k.String()), g.Text(" "), h.Small(v.text(besideKey(k)))}
}

func (v *visit) scenarioName(f hazard.Finding) g.Node {
	if f.Scenario == hazard.NoScenario {
		return nil
	}
	return g.Group{g.Text(" "), h.Span(h.Class("rain"), v.text("scenario."+f.Scenario.String()))}
}

func (v *visit) findingNotes(f hazard.Finding) g.Node {
	edge := false
	for _, z := range f.Zones {
		edge = edge || (z.OnEdge && z.Rank == f.Rank)
	}
	return g.Group{
		g.If(f.Status == hazard.Inside && !f.Designated, h.P(h.Class("note"), v.sentence("status.before-designation"), v.text("stop"))),
		g.If(f.RedNotSurveyed, h.P(h.Class("note"), v.sentence("status.red-not-surveyed"), v.text("stop"))),
		g.If(edge, h.P(h.Class("note"), v.sentence("status.edge"), v.text("stop"))),
		g.If(f.LineWithin >= 0, h.P(h.Class("note"), v.sentence("status.line", i18n.Int("n", int(f.LineWithin+0.5))), v.text("stop"))),
	}
}

// zoneList cites all zones that hold the place, one line per river and source.
func (v *visit) zoneList(f hazard.Finding) g.Node {
	type cited struct{ river, name, class, source, designated string }
	seen := map[cited]bool{}
	var items g.Group
	for _, z := range f.Zones {
		c := cited{z.River, z.Name, v.plain(ClassKey(f.Kind, z.Rank)), z.Source.Title, z.Designated}
		if seen[c] {
			continue
		}
		seen[c] = true
		items = append(items, h.Li(v.zoneWords(f.Kind, z)))
	}
	return h.Details(h.Class("zones"), h.Summary(v.text("zones.title", i18n.Int("n", len(items)))), h.Ul(items))
}

func (v *visit) zoneWords(k hazard.Kind, z hazard.ZoneRef) g.Node {
	parts := g.Group{v.text(ClassKey(k, z.Rank))}
	add := func(n g.Node) { parts = append(parts, g.Text(" · "), n) }
	if z.River != "" {
		add(v.text("zones.river", i18n.Ja("river", z.River)))
	}
	if z.Name != "" && z.Name != z.River {
		add(v.japanese(z.Name))
	}
	if z.Designated != "" {
		add(v.text("zones.designated", i18n.Str("date", z.Designated)))
	}
	if z.Source.Title != "" {
		add(v.japanese(z.Source.Title))
	}
	return parts
}

// otherLine is the line of a hazard whose zones do not hold the place.
func (v *visit) otherLine(f hazard.Finding) g.Node {
	words := v.sentence("status." + string(f.Status))
	if f.NoneInArea {
		words = v.sentence("status.none-in-area", v.cityArg())
	}
	return h.Li(h.H3(v.kindName(f.Kind), v.scenarioName(f)), h.P(h.Strong(words), v.text("stop")), v.findingNotes(f))
}

// nearSection shows the drawn map and names the worst class within 100 m and
// 200 m, because a pinpoint misleads.
func (v *visit) nearSection(a hazard.Answer) g.Node {
	var items g.Group
	for _, f := range a.Findings {
		if f.Within200 > 0 {
			items = append(items, h.Li(h.H3(v.text("kind."+f.Kind.String()), v.scenarioName(f)), v.withinLines(f)))
		}
		if f.LineWithin >= 0 {
			items = append(items, h.Li(h.H3(v.text("kind."+f.Kind.String())), h.P(v.sentence("status.line", i18n.Int("n", int(f.LineWithin+0.5))), v.text("stop"))))
		}
	}
	return h.Section(h.Class("near"), h.Aria("labelledby", "near"),
		h.H2(h.ID("near"), v.text("near.title")),
		v.mapFigure(a.At, a.Shelters, a.Findings),
		g.If(len(items) == 0, h.P(v.text("near.none"))),
		v.notKnown(a.Findings),
		g.If(len(items) > 0, h.Ul(h.Class("within"), items)),
	)
}

// notKnown names the hazards of which nothing is known here: none near by must
// not be read as none at all.
func (v *visit) notKnown(findings []hazard.Finding) g.Node {
	unknown := unknownKinds(v.c, findings)
	if len(unknown) == 0 {
		return nil
	}
	return h.P(h.Class("note"), v.sentence("short.unknown", i18n.Segs("kinds", unknown...)), v.text("stop"))
}

// withinLines is one line where the worst class within 200 m is already met
// within 100 m.
func (v *visit) withinLines(f hazard.Finding) g.Node {
	line := func(metres int, rank uint8) g.Node {
		return h.P(v.swatch(f.Kind, rank), h.Span(v.text("near.within", i18n.Int("n", metres)), g.Text(colon(v.c)), h.B(v.text(ClassKey(f.Kind, rank)))))
	}
	switch {
	case f.Within100 == f.Within200:
		return line(100, f.Within100)
	case f.Within100 == 0:
		return line(200, f.Within200)
	}
	return g.Group{line(100, f.Within100), line(200, f.Within200)}
}

// swatch shows a class by colour, pattern and number. It says nothing to a
// screen reader: the words stand beside it.
func (v *visit) swatch(k hazard.Kind, rank uint8) g.Node {
	return g.Raw(swatchSVG(k, rank, v.prefs.Palette, classMark(k, rank)))
}

// classMark is the number of a class, or a sign.
func classMark(k hazard.Kind, rank uint8) string {
	switch {
	case k.Collapse():
		return "!"
	case rank == hazard.RankUnknown:
		return "?"
	}
	return strconv.Itoa(int(rank))
}
