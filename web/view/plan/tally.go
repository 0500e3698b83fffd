package plan

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/sheet"
	"hazardmap/web/view"
	"hazardmap/web/view/drawn"
)

func itoa(n int) string { return strconv.Itoa(n) }

// tally is the answer about a sheet: how many rows, their classes, their towns,
// where they lie, the first of them, those that could not be answered.
func (p *desk) tally(t *sheet.Tally) g.Node {
	return g.Group{
		h.H3(p.Text("plan.result")),
		h.P(h.Class("big"), p.Text("plan.count", i18n.Int("n", t.Rows))),
		g.If(t.Marked == nil, h.P(p.Text("plan.marked.none"))),
		g.If(t.Marked != nil, h.P(h.Class("warn"), p.Text("plan.marked", i18n.Int("n", t.Count.Marked)))),
		p.classes(t),
		p.towns(t),
		p.spots(t),
		p.lines("plan.rows", "plan.rows.first", t, t.First),
		g.If(t.Marked != nil, p.lines("plan.problems", "plan.problems.first", t, t.Marked)),
	}
}

// order is the order of classes in a chart: worst first, then what is not
// known, then outside.
var order = []int{sheet.SlotUnknown, 7, 6, 5, 4, 3, 2, 1, sheet.SlotUndecided, sheet.SlotNoData, sheet.SlotOutside}

// slotName names a class of a chart, with its sign.
func (p *desk) slotName(k hazard.Kind, slot int) g.Node {
	switch slot {
	case sheet.SlotOutside:
		return g.Group{p.StatusIcon(hazard.Outside), h.Span(p.Text("status.outside"))}
	case sheet.SlotNoData:
		return g.Group{p.StatusIcon(hazard.NoData), h.Span(p.Text("status.no-data"))}
	case sheet.SlotUndecided:
		return g.Group{p.StatusIcon(hazard.Undecided), h.Span(p.Text("status.undecided"))}
	}
	return g.Group{p.Swatch(k, rankOf(slot)), h.Span(p.Text(view.ClassKey(k, rankOf(slot))))}
}

func rankOf(slot int) uint8 {
	if slot == sheet.SlotUnknown {
		return hazard.RankUnknown
	}
	return uint8(slot)
}

// slotFill is the colour of a class in a chart.
func (p *desk) slotFill(k hazard.Kind, slot int) string {
	switch slot {
	case sheet.SlotOutside:
		return "#b9c4cd"
	case sheet.SlotNoData:
		return "#6d7983"
	case sheet.SlotUndecided:
		return "#2f3a43"
	}
	return drawn.Fill(k, rankOf(slot), p.Second())
}

// classes are charts of the rows per class, one for each hazard that is not
// unknown everywhere.
func (p *desk) classes(t *sheet.Tally) g.Node {
	var charts g.Group
	for i := range t.Kinds {
		k := &t.Kinds[i]
		if i != t.Main && k.Rows[sheet.SlotNoData]+k.Rows[sheet.SlotUndecided] == t.Rows {
			continue
		}
		charts = append(charts, p.classChart(k, t.Rows))
	}
	return h.Section(h.H3(p.Text("plan.classes")), h.Div(h.Class("charts"), charts))
}

func (p *desk) classChart(k *sheet.KindTally, rows int) g.Node {
	return h.Table(h.Class("bars"),
		h.Caption(p.Kind(k.Kind, k.Scenario)),
		h.THead(h.Tr(h.Th(g.Attr("scope", "col"), p.Text("plan.class")), h.Th(g.Attr("scope", "col"), g.Attr("colspan", "2"), p.Text("plan.number")))),
		h.TBody(g.Map(order, func(slot int) g.Node {
			n := k.Rows[slot]
			if n == 0 {
				return nil
			}
			return h.Tr(h.Th(g.Attr("scope", "row"), h.Div(h.Class("name"), p.slotName(k.Kind, slot))),
				h.Td(p.bar([]part{{p.slotFill(k.Kind, slot), n}}, rows)), h.Td(h.Class("n"), g.Text(itoa(n))))
		})),
	)
}

// part is a stretch of a bar.
type part struct {
	fill string
	n    int
}

// bar draws parts of a whole side by side.
func (p *desk) bar(parts []part, whole int) g.Node {
	width := func(n int) string { return drawn.Number(float64(n) * 300 / float64(max(whole, 1))) }
	b := []byte(`<svg class="stripe" viewBox="0 0 300 16" preserveAspectRatio="none" aria-hidden="true">`)
	at := 0
	for _, part := range parts {
		b = append(b, `<path fill="`+part.fill+`" stroke="#0008" stroke-width=".7" d="M`+width(at)+` 1h`+width(part.n)+`v14h-`+width(part.n)+`z"/>`...)
		at += part.n
	}
	return g.Raw(string(append(b, "</svg>"...)))
}

// mostBars keeps the chart of towns on a page.
const mostBars = 30

// towns is a chart of the rows per town by class, those with the most rows in
// zones first.
func (p *desk) towns(t *sheet.Tally) g.Node {
	main := t.Kinds[t.Main]
	if len(t.Towns) == 0 {
		return h.Section(h.H3(p.Text("plan.towns")), h.P(h.Class("quiet"), p.Text("plan.towns.none")))
	}
	most := 0
	shown := t.Towns[:min(len(t.Towns), mostBars)]
	for _, town := range shown {
		most = max(most, sum(town.Rows))
	}
	return h.Section(
		h.H3(p.Text("plan.towns")),
		h.P(h.Class("quiet"), p.Kind(main.Kind, main.Scenario)),
		h.Table(h.Class("bars"),
			h.THead(h.Tr(h.Th(g.Attr("scope", "col"), p.Text("plan.town")), h.Td(),
				h.Th(g.Attr("scope", "col"), h.Class("n"), p.Text("status.inside")), h.Th(g.Attr("scope", "col"), h.Class("n"), p.Text("plan.number")))),
			h.TBody(g.Map(shown, func(town sheet.TownTally) g.Node {
				var parts []part
				for _, slot := range order {
					if town.Rows[slot] > 0 {
						parts = append(parts, part{p.slotFill(main.Kind, slot), town.Rows[slot]})
					}
				}
				inside := sheet.KindTally{Rows: town.Rows}
				return h.Tr(h.Th(g.Attr("scope", "row"), p.Japanese(town.Name)), h.Td(p.bar(parts, most)),
					h.Td(h.Class("n"), g.Text(itoa(inside.Inside()))), h.Td(h.Class("n"), g.Text(itoa(sum(town.Rows)))))
			})),
		),
		g.If(len(t.Towns) > len(shown), h.P(h.Class("quiet"), p.Text("plan.towns.more", i18n.Int("n", len(t.Towns)-len(shown))))),
		g.If(t.NoTown > 0, h.P(h.Class("quiet"), p.Text("plan.towns.rest", i18n.Int("n", t.NoTown)))),
	)
}

func sum(rows [sheet.Slots]int) int {
	n := 0
	for _, r := range rows {
		n += r
	}
	return n
}

// spots is the map of the rows.
func (p *desk) spots(t *sheet.Tally) g.Node {
	if len(t.Spots) == 0 {
		return nil
	}
	main := t.Kinds[t.Main]
	var spots []drawn.Spot
	for _, s := range t.Spots {
		size := 7
		for n := s.Rows; n > 1 && size < 14; n /= 8 {
			size += 2
		}
		fill := p.slotFill(main.Kind, s.Slot)
		if s.Slot == sheet.SlotOutside {
			fill = "" // as white as the map
		}
		spots = append(spots, drawn.Spot{At: s.At, Fill: fill, Size: size})
	}
	return h.Section(
		h.H3(p.Text("plan.map")),
		p.Chart(view.Chart{Bound: t.Bound.Pad(0.002), Width: mapWidth, Height: mapHeight, Title: p.Plain("plan.map"), Spots: spots}),
		h.P(h.Class("quiet"), p.Kind(main.Kind, main.Scenario), g.Text(" "), p.Text("plan.map.note")),
	)
}
