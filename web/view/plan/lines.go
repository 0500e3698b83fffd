package plan

import (
	"math"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/sheet"
)

// lines is a table of some rows.
func (p *desk) lines(title, first string, t *sheet.Tally, lines []sheet.Line) g.Node {
	if len(lines) == 0 {
		return nil
	}
	kinds := p.shownKinds(t)
	head := func(n g.Node) g.Node { return h.Th(g.Attr("scope", "col"), n) }
	names := t.Columns[:min(len(t.Columns), 4)]
	if t.Columns == nil {
		names = nil
	}
	return h.Section(
		h.H3(p.Text(title)),
		g.If(len(lines) < t.Rows, h.P(h.Class("quiet"), p.Text(first, i18n.Int("n", len(lines))))),
		h.Div(h.Class("scroll"), h.TabIndex("0"), h.Role("region"), h.Aria("label", p.Plain(title)), h.Table(h.Class("rows"),
			h.THead(h.Tr(
				head(p.Text("plan.row")),
				g.Map(names, func(name string) g.Node { return head(p.Japanese(name)) }),
				g.Map(kinds, func(k int) g.Node { return head(p.Kind(t.Kinds[k].Kind, t.Kinds[k].Scenario)) }),
				head(p.Text("plan.shelter")),
				head(p.Text("plan.remark")),
			)),
			h.TBody(g.Map(lines, func(l sheet.Line) g.Node { return p.line(l, len(names), kinds) })),
		)),
	)
}

// shownKinds are the hazards that are known of any row.
func (p *desk) shownKinds(t *sheet.Tally) []int {
	var kinds []int
	for i := range t.Kinds {
		if rows := t.Kinds[i].Rows; i == t.Main || rows[sheet.SlotNoData]+rows[sheet.SlotUndecided] < t.Rows {
			kinds = append(kinds, i)
		}
	}
	return kinds
}

func (p *desk) line(l sheet.Line, names int, kinds []int) g.Node {
	cells := slices.Grow(slices.Clone(l.Cells), names)
	for len(cells) < names {
		cells = append(cells, "")
	}
	return h.Tr(
		h.Td(h.Class("n"), g.Text(itoa(l.Number))),
		g.Map(cells[:names], func(cell string) g.Node { return h.Td(p.Japanese(cell)) }),
		g.Map(kinds, func(k int) g.Node { return h.Td(p.class(l.Worst[k])) }),
		h.Td(p.refuge(&l.Answer)),
		h.Td(p.remark(&l.Answer)),
	)
}

// class is the class of a row, and what is near by if that is worse.
func (p *desk) class(f hazard.Finding) g.Node {
	slot := sheet.SlotUndecided
	switch {
	case f.Status == hazard.Inside && f.Rank == hazard.RankUnknown:
		slot = sheet.SlotUnknown
	case f.Status == hazard.Inside:
		slot = int(f.Rank)
	case f.Status == hazard.Outside:
		slot = sheet.SlotOutside
	case f.Status == hazard.NoData:
		slot = sheet.SlotNoData
	}
	near := g.Node(nil)
	if f.Within100 > f.Rank {
		near = h.Small(p.Text("near.within", i18n.Int("n", 100)), g.Text(" "), p.Swatch(f.Kind, f.Within100))
	}
	return h.Div(h.Class("name"), p.slotName(f.Kind, slot), near)
}

func (p *desk) refuge(a *sheet.Answer) g.Node {
	if a.Refuge == nil {
		return nil
	}
	return g.Group{p.Japanese(a.Refuge.Name), g.Text(" "), h.Span(h.Class("far"), p.Text("distance.metres", i18n.Int("n", int(math.Round(float64(a.Metres))))))}
}

// remark says why a row has no answer, or what an address was read as.
func (p *desk) remark(a *sheet.Answer) g.Node {
	switch {
	case a.Fault != "":
		return p.Text("plan.why." + a.Fault)
	case a.Reason != "":
		return g.Group{p.Text("plan.why." + a.Reason), g.If(a.Place != "", g.Group{g.Text(" "), p.Japanese(a.Place)})}
	case a.Verdict.Ranges != nil:
		return g.Group{p.Text("plan.whole"), g.Text(" "), p.Japanese(a.Place)}
	case a.Place != "":
		return p.Japanese(a.Place)
	}
	return nil
}
