//go:build !js

package view

import (
	_ "embed"
	"strings"
	"sync"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/i18n"
)

//go:embed kiosk.css
var kioskCSS string

// KioskSheet returns what the pages of a public terminal hold beside the style
// sheet: no phone waits for that.
var KioskSheet = sync.OnceValue(func() string { return Minify(kioskCSS) })

// kioskStart is where a public terminal begins and where it returns: whatever
// the visitor before has chosen is taken back.
const kioskStart = "kiosk?text=0&furigana=on&contrast=off&palette=1"

// kioskPage greets in all languages; each button starts the site in its own.
func (v *visit) kioskPage() Page {
	if !v.r.Kiosk {
		return v.fault(404, "error.not-found")
	}
	return v.page(200, pageParts{title: v.plain("kiosk.start"), class: "attract", body: g.Group{
		h.H1(v.text("kiosk.lead")),
		h.Ul(g.Map(i18n.Langs(), func(lang i18n.Lang) g.Node {
			c := i18n.For(lang)
			return h.Li(h.A(h.Href("/"+string(lang)+"/"), h.Lang(lang.Tag()),
				h.B(g.Text(lang.Own())), h.Span(g.Text(c.T("kiosk.start"))), h.Small(g.Text(c.T("kiosk.lead")))))
		})),
	}})
}

// kioskData tells the client what to say and do on a public terminal.
func (v *visit) kioskData() g.Node {
	if !v.r.Kiosk {
		return nil
	}
	return g.Group{
		g.If(v.r.FontFaces != "", h.Data("fonts", v.r.FontFaces)),
		h.Data("kiosk", v.href(kioskStart)), h.Data("still", v.plain("kiosk.still")), h.Data("continue", v.plain("kiosk.continue")),
		h.Data("space", v.plain("kiosk.space")), h.Data("delete", v.plain("kiosk.delete")), h.Data("keyboard", v.plain("kiosk.keyboard")),
	}
}

// doneButton ends a visit at a public terminal.
func (v *visit) doneButton() g.Node {
	if !v.r.Kiosk || v.path == "kiosk" {
		return nil
	}
	return h.A(h.Class("button done"), h.Href(v.href(kioskStart)), v.text("kiosk.done"))
}

// handOver is a QR code that takes the answer along on the visitor's phone,
// where the terminal knows a public address.
func (v *visit) handOver(at geo.Point) g.Node {
	if !v.r.Kiosk || strings.Contains(v.r.BaseURL, "//localhost") || strings.Contains(v.r.BaseURL, "//127.") {
		return nil
	}
	code := v.qrCode(v.href("at/" + at.String()))
	if code == nil {
		return nil
	}
	return h.Section(h.Class("over"), h.Aria("labelledby", "over"), h.H2(h.ID("over"), v.text("kiosk.qr")), code)
}
