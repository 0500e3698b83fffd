//go:build !js

package view

import (
	"bytes"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/i18n"
)

// StaffState is what those who run the site see of it at one moment.
type StaffState struct {
	Program     string
	Now, Since  time.Time
	Word        string // staff.ready, staff.draining or staff.refused
	Memory      int64  // bytes
	Connections int
	Certificate time.Time // its end; zero without one
	Datasets    []StaffDataset
	Following   *StaffFollowing // nil where nothing is followed
	Asked       []StaffClass
	Swaps       int
	Refused     int
	Fault       string // "" for none
	FaultAt     time.Time
}

// StaffFollowing is how it stands with what brings newer data.
type StaffFollowing struct {
	Contact       time.Time // zero for never
	Source, Fault string    // "" for none
}

// StaffDataset is one dataset that is served.
type StaffDataset struct {
	ID, Area, Edition, Version string
	Days                       int // since the edition; -1 where it has no date
}

// StaffClass counts the requests of one class.
type StaffClass struct {
	Word                           string // staff.lookup …
	Answered, Busy, Client, Failed int
}

// StaffPage renders the state for staff, in Japanese or English.
func StaffPage(lang i18n.Lang, s StaffState) []byte {
	p := staffPage{i18n.Staff(lang)}
	var page bytes.Buffer
	err := h.Doctype(h.HTML(h.Lang(string(p.c.Lang())),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.TitleEl(p.text("staff.title")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width,initial-scale=1")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.Meta(h.Name("robots"), h.Content("noindex")),
			h.Link(h.Rel("icon"), h.Href("data:,")),
			h.StyleEl(g.Raw(StyleSheet())),
		),
		h.Body(h.Main(h.ID("main"), h.Class("prose"),
			h.P(g.Map(i18n.StaffLangs(), func(l i18n.Lang) g.Node {
				return g.Group{h.A(h.Href("?lang="+string(l)), h.Lang(string(l)), g.Text(l.Own())), g.Text(" ")}
			})),
			h.H1(p.text("staff.title")),
			h.P(h.Class("lead"), p.text(s.Word)),
			p.facts(s), p.datasets(s.Datasets), p.following(s.Following), p.asked(s.Asked), p.swaps(s),
			h.P(p.text("staff.advice")),
		)),
	)).Render(&page)
	if err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return page.Bytes()
}

type staffPage struct{ c *i18n.Catalogue }

func (p staffPage) text(key string, args ...i18n.Arg) g.Node { return g.Text(p.c.T(key, args...)) }

// time writes a moment as the clock of the machine shows it.
func (p staffPage) time(t time.Time) g.Node {
	if t.IsZero() {
		return p.text("staff.unknown")
	}
	return g.Text(t.Format("2006-01-02 15:04:05 -07:00"))
}

// table is a table with one heading per column.
func (p staffPage) table(headings []string, rows []g.Node) g.Node {
	return h.Div(h.Class("scroll"), h.Table(
		h.THead(h.Tr(g.Map(headings, func(key string) g.Node { return h.Th(h.Scope("col"), p.text(key)) }))),
		h.TBody(g.Group(rows))))
}

// row is a row of a table whose first cell names it.
func row(name g.Node, cells ...g.Node) g.Node {
	return h.Tr(h.Th(h.Scope("row"), name), g.Map(cells, func(cell g.Node) g.Node { return h.Td(cell) }))
}

func count(n int) g.Node { return g.Text(strconv.Itoa(n)) }

func (p staffPage) facts(s StaffState) g.Node {
	rows := []g.Node{
		row(p.text("staff.now"), p.time(s.Now)),
		row(p.text("staff.since"), p.time(s.Since)),
		row(g.Text("hazardmap"), g.Text(s.Program)),
		row(p.text("staff.memory"), g.Text(strconv.FormatInt(s.Memory>>20, 10)+" MB")),
		row(p.text("staff.connections"), count(s.Connections)),
	}
	if !s.Certificate.IsZero() {
		rows = append(rows, row(p.text("staff.certificate"), p.time(s.Certificate)))
	}
	return h.Table(h.TBody(g.Group(rows)))
}

func (p staffPage) datasets(datasets []StaffDataset) g.Node {
	return g.Group{h.H2(p.text("staff.datasets")), p.table(
		[]string{"staff.dataset", "staff.area", "staff.edition", "staff.age", "staff.version"},
		g.Map(datasets, func(d StaffDataset) g.Node {
			age := p.text("staff.unknown")
			if d.Days >= 0 {
				age = p.text("staff.days", i18n.Int("n", d.Days))
			}
			return row(g.Text(d.ID), g.Text(d.Area), g.Text(d.Edition), age, h.Code(g.Text(d.Version)))
		}))}
}

func (p staffPage) following(s *StaffFollowing) g.Node {
	if s == nil {
		return g.Group{}
	}
	fault := p.text("staff.no-fault")
	if s.Fault != "" {
		fault = h.Code(g.Text(s.Fault))
	}
	return g.Group{h.H2(p.text("staff.following")), h.Table(h.TBody(
		row(p.text("staff.contact"), p.time(s.Contact)),
		row(p.text("staff.source"), h.Code(g.Text(s.Source))),
		row(p.text("staff.not-here"), fault),
	))}
}

func (p staffPage) asked(classes []StaffClass) g.Node {
	return g.Group{h.H2(p.text("staff.asked")), p.table(
		[]string{"staff.class", "staff.answered", "staff.busy", "staff.client", "staff.failed"},
		g.Map(classes, func(c StaffClass) g.Node {
			return row(p.text(c.Word), count(c.Answered), count(c.Busy), count(c.Client), count(c.Failed))
		}))}
}

func (p staffPage) swaps(s StaffState) g.Node {
	fault := p.text("staff.no-fault")
	if s.Fault != "" {
		fault = g.Group{p.time(s.FaultAt), g.Text(" "), h.Code(g.Text(s.Fault))}
	}
	return g.Group{h.H2(p.text("staff.swaps")), h.Table(h.TBody(
		row(p.text("staff.swapped"), count(s.Swaps)),
		row(p.text("staff.swap-refused"), count(s.Refused)),
		row(p.text("staff.last-fault"), fault),
	))}
}
