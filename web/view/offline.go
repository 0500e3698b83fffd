package view

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/i18n"
)

// offlinePage is where a town is saved on a phone, renewed and deleted. What
// it says of this phone the client fills in.
func (v *visit) offlinePage() Page {
	if v.r.Worker == "" {
		return v.fault(404, "error.not-found")
	}
	button := func(part, key string) g.Node {
		return h.P(h.Button(h.Class("button"), h.Type("button"), h.Data("part", part), g.Attr("hidden"), v.text(key)))
	}
	return v.page(200, pageParts{title: v.plain("offline.title"), nav: "offline", class: "prose", index: true, body: g.Group{
		h.H1(v.text("offline.title")),
		h.P(h.Class("lead"), v.text("offline.lead", v.cityArg())),
		h.Section(h.Data("pack", "/offline/"+v.d.ID+".json"), h.Data("words", v.offlineWords()),
			h.P(h.Role("status"), h.Data("part", "status"), v.text("offline.script")),
			h.Progress(h.Data("part", "bar"), g.Attr("hidden"), h.Max("1"), h.Value("0"), h.Aria("label", v.plain("offline.loading"))),
			button("save", "offline.title"),
			button("remove", "offline.delete"),
			h.P(v.text("offline.alerts")),
			h.P(v.text("offline.ios")),
			h.P(v.text("offline.kept")),
			button("forget", "offline.forget"),
		),
	}})
}

// savedNames are what the client says about this phone, without the readings
// that only a page can show.
var savedNames = []string{"save", "none", "saved", "loading", "stopped", "later", "damaged", "forgotten"}

func (v *visit) offlineWords() string {
	j := jsonWriter{}
	j.open('{')
	for _, name := range savedNames {
		j.key(name).text(v.plain("offline."+name, leftOpen...))
	}
	j.close('}')
	return string(j.b)
}

// leftOpen leaves to the client what only it knows.
var leftOpen = []i18n.Arg{i18n.Str("saved", "{saved}"), i18n.Str("edition", "{edition}"), i18n.Str("size", "{size}"),
	i18n.Str("since", "{since}"), i18n.Str("days", "{days}")}

// saveLink leads to the page that saves the town, where there is a worker.
func (v *visit) saveLink() g.Node {
	if v.r.Worker == "" {
		return nil
	}
	return h.A(h.Class("button"), h.Href(v.href("offline")), v.text("nav.offline"))
}

// noticeNames are what the worker says at the start of a page that did not
// come from the network.
var noticeNames = []string{"old", "clock", "town", "page", "alerts", "title", "nothing"}

// Notices returns the words of the worker as JSON, for each language, as HTML.
func Notices() []byte {
	j := jsonWriter{}
	j.open('{')
	for _, lang := range i18n.Langs() {
		v := newVisit(&Dataset{}, Request{}, lang, "")
		j.key(string(lang)).open('{')
		j.key("tag").text(lang.Tag())
		for _, name := range noticeNames {
			j.key(name).text(string(v.render(200, v.text("notice."+name, leftOpen...)).Body))
		}
		j.close('}')
	}
	j.close('}')
	return j.b
}

// appPage is what a phone asks before it puts the site on its home screen.
func (v *visit) appPage() Page {
	if v.r.Worker == "" {
		return v.fault(404, "error.not-found")
	}
	j := &jsonWriter{}
	j.open('{')
	j.key("name").text(v.plain("site.title", v.cityArg()))
	j.key("short_name").text(v.city())
	j.key("description").text(v.plain("site.description", v.cityArg()))
	j.key("lang").text(v.lang.Tag())
	j.key("id").text("/")
	j.key("start_url").text(v.href(""))
	j.key("scope").text("/")
	j.key("display").text("standalone")
	j.key("background_color").text("#ffffff")
	j.key("theme_color").text("#12395b")
	j.key("icons").open('[')
	for _, icon := range [][3]string{{"192", "192x192", "any"}, {"512", "512x512", "any"}, {"maskable", "512x512", "maskable"}} {
		j.value().open('{')
		j.key("src").text("/icons/" + icon[0] + ".png")
		j.key("sizes").text(icon[1])
		j.key("type").text("image/png")
		j.key("purpose").text(icon[2])
		j.close('}')
	}
	j.close(']')
	j.close('}')
	return Page{Status: 200, Type: "application/manifest+json", Body: j.b}
}

// appLinks name in the head what a phone puts on its home screen.
func (v *visit) appLinks() g.Node {
	if v.r.Worker == "" {
		return nil
	}
	return g.Group{
		h.Link(h.Rel("apple-touch-icon"), h.Href("/icons/180.png")),
		h.Link(h.Rel("manifest"), h.Href(v.href("app.webmanifest"))),
	}
}
