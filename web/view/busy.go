package view

import (
	"bytes"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/i18n"
)

// Busy is the page for those who are turned away while too many ask at once.
// It is made beforehand and fits one packet: no style, no script, no map.
func Busy(lang i18n.Lang) []byte {
	v := &visit{c: i18n.For(lang), lang: lang}
	var page bytes.Buffer
	err := h.Doctype(h.HTML(h.Lang(lang.Tag()),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.TitleEl(g.Text(v.c.T("busy.title"))),
			h.Meta(h.Name("viewport"), h.Content("width=device-width,initial-scale=1")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.Link(h.Rel("icon"), h.Href("data:,")),
		),
		h.Body(h.Main(
			h.H1(v.text("busy.title")),
			h.P(h.Strong(v.text("busy.leave"))),
			h.P(v.text("busy.text")),
			h.P(h.A(h.Href(""), v.text("busy.again"))),
			h.P(v.text("help.lead")),
		)),
	)).Render(&page)
	if err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return page.Bytes()
}
