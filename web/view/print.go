package view

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
	"rsc.io/qr/coding"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// printPage is one sheet of A4 to hang up at home: answer, map, legend,
// shelters, a QR code that leads back, source and date; in a second language
// too with ?second=ja.
func (v *visit) printPage(position string) Page {
	at, err := geo.ParsePoint(position)
	if err != nil {
		return v.fault(400, "error.bad-position")
	}
	answer := v.answerAt(at, parseHome(v.r.Query))
	second, two := i18n.Parse(v.r.Query.Get("second"))
	two = two && second != v.lang
	page := v.page(200, pageParts{title: v.plain("print.title"), class: "sheet", body: g.Group{
		h.Div(h.Class("screen"), v.secondLanguages(second, two)),
		h.Header(
			h.Div(
				h.H1(h.ID("result"), v.text("print.title")),
				h.P(v.text("at.position", i18n.Str("lat", number5(at.Lat)), i18n.Str("lon", number5(at.Lon))), g.Text(" "), v.cityName()),
			),
			v.qrCode(v.href("at/"+at.String())),
		),
		v.sheetAnswer(answer, v.c, v.lang),
		g.Iff(two, func() g.Node { return v.sheetAnswer(answer, i18n.For(second), second) }),
		h.Div(h.Class("two"),
			v.figure(figure{at: at, zoom: 15, place: &at, kinds: allMapped(), shelters: fittest(answer.Shelters, answer.Findings), asked: askedHazards(answer.Findings), label: v.plain("map.title-place"), fixed: true}),
			h.Div(v.sheetLegend(answer), v.sheetShelters(answer)),
		),
		h.P(h.Class("note"), v.text("limit.white"), g.Text(" "), v.text("footer.source", i18n.Str("edition", v.d.Edition))),
	}})
	page.Place = true
	return page
}

func number5(v float64) string { return strings.SplitN(geo.Point{Lat: v}.String(), ",", 2)[0] }

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

func (v *visit) secondLanguages(second i18n.Lang, two bool) g.Node {
	return g.Group{
		h.P(v.text("take.print-how")),
		h.Nav(h.Class("settings"), h.Aria("label", v.plain("print.second")), h.Span(v.text("print.second")),
			g.Map(i18n.Langs(), func(lang i18n.Lang) g.Node {
				if lang == v.lang {
					return nil
				}
				value, on := string(lang), two && lang == second
				if on {
					value = ""
				}
				return h.A(h.Class("chip"), h.Href(v.here("second", value)), h.Lang(lang.Tag()), g.If(on, h.Aria("current", "true")), g.Text(lang.Own()))
			})),
	}
}

// sheetAnswer is the short answer in one language.
func (v *visit) sheetAnswer(a hazard.Answer, c *i18n.Catalogue, lang i18n.Lang) g.Node {
	lines := shortLines(v.d, c, a)
	return h.Section(h.Class("lines4"), h.Lang(lang.Tag()), g.Map(lines[:3], func(line []i18n.Segment) g.Node { return h.P(v.segments(line)) }))
}

// sheetLegend explains the classes that hold the place or lie near by.
func (v *visit) sheetLegend(a hazard.Answer) g.Node {
	var items g.Group
	for _, f := range a.Findings {
		if f.Scenario == hazard.Plan || f.Kind == hazard.FloodDuration {
			continue
		}
		for rank := uint8(1); rank <= f.Kind.Ranks(); rank++ {
			if rank == f.Rank || rank == f.Within200 {
				items = append(items, h.Li(v.swatch(f.Kind, rank), g.Text(" "), v.text("kind."+f.Kind.String()), g.Text(colon(v.c)), v.text(ClassKey(f.Kind, rank))))
			}
		}
	}
	if items == nil {
		return nil
	}
	return g.Group{h.H2(v.text("map.legend")), h.Ul(h.Class("shares"), items)}
}

func (v *visit) sheetShelters(a hazard.Answer) g.Node {
	kinds, asked := v.shelterKinds(), askedHazards(a.Findings)
	return g.Group{h.H2(v.text("shelter.title")), h.Ol(g.Map(fittest(a.Shelters, a.Findings), func(s hazard.NearShelter) g.Node {
		return h.Li(h.B(v.shelterName(s.Shelter)), g.Text(" "),
			v.text("shelter.way", way(v.c, s)...),
			v.shelterMarks(s.Shelter, kinds, asked))
	}))}
}

// qrCode leads to the answer on a phone. Without a known public address there
// is nothing to lead to.
func (v *visit) qrCode(path string) g.Node {
	if v.r.BaseURL == "" {
		return nil
	}
	code := encodeQR(v.r.BaseURL + path)
	if code == nil {
		return nil // longer than any QR code: the sheet is complete without
	}
	const quiet = 4
	size := code.Size + 2*quiet
	var d strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) && (x == 0 || !code.Black(x-1, y)) {
				width := 1
				for code.Black(x+width, y) && x+width < code.Size {
					width++
				}
				d.WriteString("M" + number(float64(x+quiet)) + " " + number(float64(y+quiet)) + "h" + number(float64(width)) + "v1h-" + number(float64(width)) + "z")
			}
		}
	}
	box := number(float64(size))
	return g.Raw(`<svg class="qr" viewBox="0 0 ` + box + " " + box + `" role="img" aria-label="QR" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h` + box + "v" + box + `H0z"/><path d="` + d.String() + `"/></svg>`)
}

// encodeQR returns the smallest code that holds a text and can lose 15 % of
// itself, nil if there is none.
func encodeQR(text string) *coding.Code {
	enc := coding.String(text)
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if enc.Bits(v) > v.DataBytes(coding.M)*8 {
			continue
		}
		plan, err := coding.NewPlan(v, coding.M, 0)
		if err != nil {
			return nil
		}
		code, err := plan.Encode(enc)
		if err != nil {
			return nil
		}
		return code
	}
	return nil
}
