package view

import (
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/i18n"
)

// pageParts is what one page puts into the common frame.
type pageParts struct {
	title string // plain text
	class string // of <main>
	style string // a style sheet of its own
	nav   string // name of the page in the menu
	index bool   // may be found by search engines
	// preview names the picture for those who share the page; "" for none.
	preview string
	body    g.Node
}

// page renders a page in the common frame, or its content alone for a client
// that swaps it.
func (v *visit) page(status int, p pageParts) Page {
	main := h.Main(h.ID("main"), h.Class(p.class), p.body)
	if v.r.Fragment {
		return v.render(status, g.Group{h.TitleEl(g.Text(v.title(p.title))), main})
	}
	return v.render(status, h.Doctype(h.HTML(h.Lang(v.lang.Tag()), v.look(),
		v.head(p),
		h.Body(v.kioskData(), g.If(v.r.Worker != "", h.Data("worker", v.r.Worker)),
			h.A(h.Class("skip"), h.Href("#main"), v.text("page.skip")),
			v.sampleBanner(),
			v.oldBanner(),
			v.header(p.nav),
			main,
			v.footer(),
		),
	)))
}

// look is the class of <html>.
func (v *visit) look() g.Node {
	class := v.prefs.class()
	if v.lang == i18n.EasyJapanese && !v.prefs.NoRuby {
		class = strings.TrimSpace("easy " + class) // room for furigana
	}
	if v.r.Kiosk {
		class = strings.TrimSpace("kiosk " + class)
	}
	if class == "" {
		return nil
	}
	return h.Class(class)
}

func (v *visit) title(page string) string {
	site := v.plain("site.title", v.cityArg())
	if page == "" {
		return site
	}
	return page + " - " + site
}

func (v *visit) head(p pageParts) g.Node {
	return h.Head(
		h.Meta(h.Charset("utf-8")),
		h.TitleEl(g.Text(v.title(p.title))),
		h.Meta(h.Name("viewport"), h.Content("width=device-width,initial-scale=1")),
		h.Meta(h.Name("color-scheme"), h.Content("light dark")),
		h.Meta(h.Name("theme-color"), h.Content("#12395b")),
		g.If(!p.index, h.Meta(h.Name("robots"), h.Content("noindex"))),
		g.If(p.index, h.Meta(h.Name("description"), h.Content(v.plain("site.description", v.cityArg())))),
		v.shareMeta(p),
		h.Link(h.Rel("icon"), h.Href("data:,")),
		v.appLinks(),
		h.StyleEl(g.Raw(StyleSheet())),
		g.Iff(v.r.Kiosk, func() g.Node { return h.StyleEl(g.Raw(KioskSheet())) }),
		g.If(p.style != "", h.StyleEl(g.Raw(p.style))),
		g.If(v.r.FontSheet != "", h.Link(h.Rel("stylesheet"), h.Href(v.r.FontSheet))),
		g.If(v.r.Script != "", h.Script(h.Type("module"), h.Src(v.r.Script))),
	)
}

func (v *visit) sampleBanner() g.Node {
	if !v.d.Area.Sample {
		return nil
	}
	return h.Aside(h.Class("sample"), h.Strong(v.text("sample.mark")), g.Text(" "), v.text("limit.sample", v.cityArg()))
}

// oldBanner says that newer data should have come. They are shown all the same:
// an old map is better than none.
func (v *visit) oldBanner() g.Node {
	if !v.r.Old {
		return nil
	}
	return h.Aside(h.Class("sample"), v.text("limit.old", i18n.Str("edition", v.d.Edition), v.cityArg()))
}

// menu lists the pages that every page links to.
var menu = []string{"home", "map", "shelters", "timeline", "help", "about"}

func (v *visit) header(current string) g.Node {
	return h.Header(h.Class("bar"), h.Div(h.Class("wide"),
		h.A(h.Class("brand"), h.Href(v.href("")), g.Raw(logo),
			h.Span(h.B(v.cityName()), h.Span(v.text("site.name")))),
		g.If(v.path != "kiosk", h.Details(h.Class("menu"),
			h.Summary(g.Raw(bars), h.Span(v.text("nav.menu"))),
			h.Nav(h.Aria("label", v.plain("nav.menu")), g.Map(menu, func(name string) g.Node {
				path := name
				if name == "home" {
					path = ""
				}
				return h.A(h.Href(v.href(path)), g.If(name == current, h.Aria("current", "page")), v.text("nav."+name))
			})),
		)),
		g.If(v.path != "kiosk", v.languagePicker()),
		v.doneButton(),
	))
}

func (v *visit) languagePicker() g.Node {
	return h.Details(h.Class("langs"),
		h.Summary(g.Raw(globe), h.Span(g.Text(v.lang.Own())), h.Span(h.Class("vh"), g.Text(" Language"))),
		h.Nav(h.Aria("label", "Language"), g.Map(i18n.Langs(), func(lang i18n.Lang) g.Node {
			return h.A(h.Href(v.inLang(lang)), h.Lang(lang.Tag()), g.Attr("hreflang", lang.Tag()),
				g.If(lang == v.lang, h.Aria("current", "true")), g.Text(lang.Own()))
		})),
	)
}

func (v *visit) footer() g.Node {
	return h.Footer(h.Div(h.Class("wide"),
		g.Iff(v.path != "settings", v.settingsRow),
		h.P(v.text("footer.source", i18n.Str("edition", v.d.Edition)), g.Text(" "),
			h.A(h.Href(v.href("about")), v.text("nav.about")), g.Text(" "),
			h.A(h.Href(v.href("privacy")), v.text("nav.privacy")), g.Text(" "),
			g.If(!v.r.Kiosk, h.A(h.Href(v.href("plan")), v.text("nav.plan")))),
		g.If(!v.lang.Japanese(), h.P(v.text("footer.translation"))),
	))
}

// settingsRow changes the look by plain links.
func (v *visit) settingsRow() g.Node {
	link := func(key, name, value string, on bool) g.Node {
		return h.A(h.Class("chip"), h.Rel("nofollow"), h.Href(v.here(name, value)), g.If(on, h.Aria("current", "true")), v.text(key))
	}
	return h.Nav(h.Class("settings"), h.Aria("label", v.plain("settings.title")),
		h.Span(v.text("settings.text")),
		link("settings.text.0", "text", "0", v.prefs.Text == 0),
		link("settings.text.1", "text", "1", v.prefs.Text == 1),
		link("settings.text.2", "text", "2", v.prefs.Text == 2),
		v.furiganaSwitch(link),
		h.Span(v.text("settings.look")),
		link("settings.contrast", "contrast", onOff(v.prefs.Contrast), v.prefs.Contrast),
		link("settings.palette", "palette", oneTwo(v.prefs.Palette), v.prefs.Palette),
	)
}

func (v *visit) furiganaSwitch(link func(key, name, value string, on bool) g.Node) g.Node {
	if v.lang != i18n.EasyJapanese {
		return nil
	}
	return g.Group{
		h.Span(v.text("settings.furigana")),
		link("settings.on", "furigana", "on", !v.prefs.NoRuby),
		link("settings.off", "furigana", "off", v.prefs.NoRuby),
	}
}

// onOff is the value that turns a switch over.
func onOff(on bool) string {
	if on {
		return "off"
	}
	return "on"
}

func oneTwo(second bool) string {
	if second {
		return "1"
	}
	return "2"
}

// fault is the page of an error.
func (v *visit) fault(status int, key string) Page {
	return v.page(status, pageParts{title: v.plain("error.title"), body: g.Group{
		h.H1(h.ID("result"), h.TabIndex("-1"), v.text("error.title")),
		h.P(h.Class("lead"), v.text(key, v.cityArg())),
		v.searchForm(""),
	}})
}

const (
	logo  = `<svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><path fill="#12395b" d="M16 1 30 8v9c0 7-6 12-14 14C8 29 2 24 2 17V8z"/><path fill="#fff" d="m16 7 9 8h-3v6H10v-6H7z"/><path fill="none" stroke="#7fc4f0" stroke-width="2.4" d="M6 22q2.5-2.5 5 0t5 0 5 0 5 0"/></svg>`
	bars  = `<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" d="M4 7h16M4 12h16M4 17h16"/></svg>`
	globe = `<svg class="ic" viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-width="1.8"><circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18"/></g></svg>`
)
