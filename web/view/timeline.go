package view

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// timelinePage is マイ・タイムライン: who does what at which alert level. It is
// filled from the answer for ?at=LAT,LON, written on paper or kept on the
// device by the client; nothing of it is sent.
func (v *visit) timelinePage() Page {
	at, err := geo.ParsePoint(v.r.Query.Get("at"))
	known := err == nil
	var answer hazard.Answer
	if known {
		answer = v.answerAt(at, parseHome(v.r.Query))
	}
	page := v.page(200, pageParts{title: v.plain("nav.timeline"), nav: "timeline", class: "prose timeline", index: !known, body: g.Group{
		h.H1(v.text("nav.timeline")),
		h.P(h.Class("lead"), v.text("timeline.lead")),
		g.Iff(known, func() g.Node { return v.timelineAnswer(answer) }),
		g.If(!known, v.searchForm("")),
		h.Form(h.Data("keep", "timeline"),
			g.Map([]string{"1", "2", "3", "4", "5"}, func(level string) g.Node { return v.timelineStep(level) }),
			h.P(h.Class("quiet"), v.text("timeline.kept")),
		),
		h.P(v.text("take.print-how")),
	}})
	page.Place = known
	return page
}

// timelineAnswer repeats what the plan must take into account.
func (v *visit) timelineAnswer(a hazard.Answer) g.Node {
	lines := shortLines(v.d, v.c, a)
	return h.Section(h.Class("card"), h.Div(g.Map(lines[:3], func(line []i18n.Segment) g.Node { return h.P(v.segments(line)) })))
}

func (v *visit) timelineStep(level string) g.Node {
	id := "step-" + level
	return h.Section(h.Class("step"),
		h.H2(h.Class("level l"+level), h.B(v.text("term.alert-level"), g.Text(" "+level)), h.Span(v.text("help.level."+level))),
		h.P(v.text("timeline.do."+level)),
		h.Label(h.For(id), v.text("timeline.mine", i18n.Str("level", level))),
		h.Textarea(h.ID(id), h.Name(id), h.Rows("2"), h.AutoComplete("off")),
	)
}
