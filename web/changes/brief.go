package changes

import (
	"fmt"
	"math"
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// BriefID is where a page holds the comparison in short.
const BriefID = "changes"

// mostNew shelters are named in short; those that are gone or in danger all are.
const mostNew = 10

// Brief is the comparison in short, for a page about other things: the shelters
// that are gone, new or in danger now, and the ground of each hazard.
func Brief(desk *view.Desk, d *view.Dataset, o Outcome) g.Node {
	if o.Report == nil {
		return h.P(desk.Text("changes." + string(o.State)))
	}
	p := newPage(desk, d, o.Report)
	return g.Group{
		p.editions(),
		p.gone(h.H3),
		g.If(o.Report.Same(), h.P(p.Text("changes.same"))),
		g.If(o.Report.Boundary, h.P(h.Class("warn"), p.Text("changes.boundary"))),
		p.briefShelters(),
		p.briefGround(),
		p.townNames(),
		g.If(len(o.Report.Towns) > 0, h.P(p.Text("changes.towns"), g.Text(fmt.Sprintf(": %d", len(o.Report.Towns))))),
		h.P(h.Class("screen"), h.A(h.Class("button"), h.Href(p.Href(Path)), p.Text("changes.whole"))),
	}
}

// GoneBriefly leads from the head of a page to shelters that are gone, nil where
// none is.
func GoneBriefly(desk *view.Desk, o Outcome) g.Node {
	if o.Report == nil || len(o.Report.Shelters.Gone) == 0 {
		return nil
	}
	return h.P(h.Class("warn"), h.A(h.Href("#"+BriefID), desk.Text("changes.gone", i18n.Int("n", len(o.Report.Shelters.Gone)))))
}

// endangered reports whether a shelter became less safe to send people to.
func endangered(c diff.ShelterChange) bool {
	return len(c.NowMisplaced)+len(c.NowUnsure)+len(c.IntoZone)+len(c.Lost) > 0
}

func (p *page) briefShelters() g.Node {
	s := &p.r.Shelters
	if len(s.New)+len(s.Changed) == 0 {
		return nil
	}
	worse := slices.DeleteFunc(slices.Clone(s.Changed), func(c diff.ShelterChange) bool { return !endangered(c) })
	added := s.New[:min(len(s.New), mostNew)]
	rest := len(s.Changed) - len(worse) + len(s.New) - len(added)
	return h.Section(h.H3(p.Text("changes.shelters")),
		g.If(len(worse)+len(added) > 0, p.shelterTable(worse, added)),
		g.If(rest > 0, h.P(h.Class("quiet"), p.Text("changes.more-shelters", i18n.Int("n", rest)))),
	)
}

// briefGround tells of each hazard how much ground changed, and how much more or
// less of it lies in each class.
func (p *page) briefGround() g.Node {
	var parts g.Group
	for i := range p.r.Hazards {
		own := &p.r.Hazards[i]
		if !told(own) {
			continue
		}
		var rows g.Group
		for _, c := range p.r.Classes(own) {
			if more := c.After - c.Before; math.Abs(more) >= shownFrom {
				rows = append(rows, h.Tr(p.className(own.Kind, c), h.Td(h.Class("n"), g.Text(difference(more)))))
			}
		}
		parts = append(parts, h.Div(h.H4(p.Kind(own.Kind, own.Scenario)), p.measures(own),
			g.If(rows != nil, h.Table(h.Class("told"),
				h.THead(h.Tr(p.head("changes.class"), h.Th(h.Scope("col"), h.Class("n"), p.Text("changes.difference")))), h.TBody(rows)))))
	}
	if parts == nil {
		return nil
	}
	return h.Section(h.H3(p.Text("changes.ground")), h.Div(h.Class("charts"), parts))
}

// difference writes ground with its sign.
func difference(v float64) string {
	if v < 0 {
		return "\u2212" + squareMetres(-v)
	}
	return "+" + squareMetres(v)
}
