// Package plan renders the page of those who plan: a sheet goes in and comes
// back as a table, a map and charts; an area is drawn and measured.
//
// It works as plain forms. With a script the same answers take the place of a
// part of the page, so both say the same. It is a package of its own because a
// phone that answers without a network has no use for it.
package plan

import (
	_ "embed"
	"net/url"
	"strings"
	"sync"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/changes"
	"hazardmap/web/sheet"
	"hazardmap/web/view"
)

// The pages below a language.
const (
	Path      = "plan"
	SheetPath = "plan/sheet"
	AreaPath  = "plan/area"
)

//go:embed style.css
var css string

// StyleSheet is what these pages hold beside the style of all pages.
var StyleSheet = sync.OnceValue(func() string { return view.Minify(css) })

// The size of maps in pixels; they are enlarged without loss.
const (
	mapWidth  = 560
	mapHeight = 420
)

// Limits are the largest files that are taken, in megabytes.
type Limits struct{ Sheet, Workbook int }

// Given is what the page says whatever is asked.
type Given struct {
	Limits
	Changes changes.Outcome // since the edition before
}

// desk is one page in the making.
type desk struct {
	*view.Desk
	Given
	d    *view.Dataset
	form url.Values // of the area, to be shown again
}

func newDesk(d *view.Dataset, r view.Request, given Given) *desk {
	return &desk{Desk: view.NewDesk(d, r), Given: given, d: d}
}

// Is reports whether a path names the page itself, which is the same for
// everybody.
func Is(path string) bool {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	return len(parts) == 2 && parts[1] == Path
}

// Page is the page before anything was asked.
func Page(d *view.Dataset, r view.Request, given Given) view.Page {
	page := newDesk(d, r, given).page(200, nil, nil)
	if given.Changes.State == changes.Pending {
		return private(page)
	}
	return page
}

// Tallied is the page about a sheet.
func Tallied(d *view.Dataset, r view.Request, given Given, t *sheet.Tally) view.Page {
	p := newDesk(d, r, given)
	return private(p.page(200, p.tally(t), nil))
}

// private marks a page that must not be kept: it tells what was sent, or that
// there will be more to tell.
func private(page view.Page) view.Page {
	page.Place = true
	return page
}

// Refused is the page about a sheet that is not answered: the code ends a key
// "plan.refused.".
func Refused(d *view.Dataset, r view.Request, given Given, status int, code string) view.Page {
	p := newDesk(d, r, given)
	return private(p.page(status, p.refusal("plan.refused."+code, i18n.Int("n", given.Sheet)), nil))
}

func (p *desk) refusal(key string, args ...i18n.Arg) g.Node {
	return h.Div(h.Class("warn"), h.Role("alert"), h.P(p.Text(key, args...)))
}

// page puts the two questions and the answer of one of them together.
func (p *desk) page(status int, sheetAnswer, areaAnswer g.Node) view.Page {
	return p.Page(status, view.DeskPage{
		Title: p.Plain("nav.plan"), Class: "plan", Style: StyleSheet(), Index: status == 200 && sheetAnswer == nil && areaAnswer == nil,
		Body: g.Group{
			h.H1(p.Text("nav.plan")),
			h.P(h.Class("lead"), p.Text("plan.lead")),
			changes.GoneBriefly(p.Desk, p.Changes),
			h.Section(h.Aria("labelledby", "sheet"),
				h.H2(h.ID("sheet"), p.Text("plan.sheet")),
				p.sheetForm(),
				h.Div(h.ID("sheet-answer"), h.TabIndex("-1"), sheetAnswer),
			),
			h.Section(h.Aria("labelledby", "area"),
				h.H2(h.ID("area"), p.Text("plan.area")),
				p.areaForm(),
				h.Div(h.ID("area-answer"), h.TabIndex("-1"), areaAnswer),
			),
			h.Section(h.Class("compare"), h.Aria("labelledby", changes.BriefID),
				h.H2(h.ID(changes.BriefID), p.Text("changes.title")),
				changes.Brief(p.Desk, p.d, p.Changes),
			),
			p.Desk.Limits(),
			p.Sources(),
		},
	})
}

// formats are those in which a sheet is saved, most wanted first.
var formats = []sheet.Format{sheet.CSV, sheet.GeoPackage, sheet.GeoJSON, sheet.NDJSON}

// sheetForm sends a file. Its buttons tell what is wanted by their address,
// because the file must not be read before that is known.
func (p *desk) sheetForm() g.Node {
	action := p.Href(SheetPath)
	return h.Form(h.Class("deskform screen"), h.ID("sheet-form"), h.Method("post"), h.EncType("multipart/form-data"), h.Action(action),
		h.Data("answer", "sheet-answer"), h.Data("limit", itoa(p.Sheet<<20)),
		h.Data("sending", p.Plain("plan.sending")), h.Data("working", p.Plain("plan.working")), h.Data("failed", p.Plain("plan.failed")),
		h.Data("large", p.Plain("plan.refused.too-large", i18n.Int("n", p.Sheet))),
		h.P(p.Text("plan.need")),
		h.Details(h.Summary(p.Text("plan.columns")), h.Div(h.Class("fields"),
			p.field("lat", "plan.column.lat"), p.field("lon", "plan.column.lon"), p.field("address", "plan.column.address"),
		)),
		h.P(h.Label(h.For("kind"), p.Text("plan.kind")), p.kindChoice()),
		h.Div(h.Class("drop"),
			h.Label(h.For("file"), p.Text("plan.file")),
			h.Input(h.Type("file"), h.ID("file"), h.Name("file"), h.Required(), h.Accept(".csv,.txt,.tsv,.xlsx,.ndjson,.jsonl,.json,text/csv,application/x-ndjson,"+sheet.XLSX.ContentType())),
			h.P(h.Class("quiet"), g.Attr("hidden"), h.Data("script", ""), p.Text("plan.drop")),
		),
		h.P(h.Class("buttons"), h.Button(h.Class("button main"), h.Type("submit"), h.Name("show"), h.Value("1"), p.Text("plan.show"))),
		h.P(h.Class("buttons"), h.Span(p.Text("plan.save")), g.Map(formats, func(f sheet.Format) g.Node {
			return h.Button(h.Class("button"), h.Type("submit"), g.Attr("formaction", action+"?as="+string(f)), h.Data("save", ""), p.Text("plan.as."+string(f)))
		})),
		h.P(h.Class("progress"), g.Attr("hidden"), h.Role("status"), h.Span(), g.El("progress", h.Max("100"))),
		h.P(h.Class("quiet"), p.Text("plan.limit", i18n.Int("n", p.Sheet), i18n.Int("excel", p.Workbook)), g.Text(" "), p.Text("plan.private")),
	)
}

func (p *desk) field(name, key string) g.Node {
	return h.Div(h.Label(h.For("column-"+name), p.Text(key)), h.Input(h.ID("column-"+name), h.Name(name), h.AutoComplete("off")))
}

// kindChoice offers the kinds of which anything is known.
func (p *desk) kindChoice() g.Node {
	sourced := p.d.Risks.Sourced()
	var options g.Group
	for _, k := range hazard.Kinds() {
		if sourced.Has(k) {
			options = append(options, h.Option(h.Value(k.String()), g.Text(p.Plain("kind."+k.String()))))
		}
	}
	return h.Select(h.ID("kind"), h.Name("kind"), options)
}
