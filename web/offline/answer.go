package offline

import (
	"net/url"
	"strconv"
	"strings"

	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
	"hazardmap/tiles"
	"hazardmap/web/view"
)

// Question is a request as the phone's browser makes it.
type Question struct {
	Post  bool
	Path  string // with its escapes: "/en/at/36.27,139.22"
	Query string // without "?"
	Form  string // of a POST
	Look  string // the visitor's settings, as [view.Prefs.String] writes them
	Old   bool   // the data are past their expiry
}

// Reply is what the server would have answered.
type Reply struct {
	Status   int
	Type     string // Content-Type
	Location string // for a redirect
	Look     string // settings that the visitor changed, "" if none
	Body     []byte
}

// SuggestPath is where the search box asks what a visitor may mean.
const SuggestPath = "/api/v1/places"

const tileType = "application/vnd.mapbox-vector-tile"

// Answer answers a page or a tile. The status is 0 where only the server can
// tell.
func (t *Town) Answer(q Question) Reply {
	path, err := url.PathUnescape(q.Path)
	if err != nil {
		return Reply{}
	}
	switch {
	case strings.HasPrefix(path, "/tiles/"):
		return t.tileReply(path)
	case q.Post && path == SuggestPath:
		return t.suggestReply(q.Form)
	}
	r := view.Request{Post: q.Post, Path: path, Prefs: view.ParsePrefs(q.Look), BaseURL: t.site.BaseURL, Script: t.site.Script, Worker: t.site.Worker, Old: q.Old}
	switch {
	case !view.IsPage(path):
		return t.bare(r, 404, "error.not-found")
	case q.Post && !view.TakesForm(path):
		return t.bare(r, 405, "error.method")
	}
	if r.Query, err = url.ParseQuery(q.Query); err != nil {
		return t.bare(r, 400, "error.bad-request")
	}
	r.TakeFragment()
	if q.Post {
		if r.Form, err = url.ParseQuery(q.Form); err != nil {
			return t.bare(r, 400, "error.bad-request")
		}
	}
	return reply(view.Handle(t.pages, r))
}

// suggestReply answers what the search box asks while somebody types; whatever
// else a program may ask for is for the server.
func (t *Town) suggestReply(form string) Reply {
	values, err := url.ParseQuery(form)
	limit, _ := strconv.Atoi(values.Get("limit"))
	if err != nil || t.pages.Places == nil || len(values) != 3 || values.Get("suggest") != "true" || limit < 1 || limit > mostSuggested {
		return Reply{}
	}
	found, err := t.pages.Places.Suggest(gazetteer.Query{Text: values.Get("q"), Limit: limit})
	if err != nil {
		return Reply{}
	}
	return Reply{Status: 200, Type: "application/json", Body: view.AppendPlacesJSON(nil, t.pages, i18n.For(i18n.Japanese), found)}
}

// mostSuggested is more than a search box shows.
const mostSuggested = 20

// bare is the page of a fault that was found before the page was asked.
func (t *Town) bare(r view.Request, status int, key string) Reply {
	if _, ok := i18n.Parse(view.PathLang(r.Path)); !ok {
		return Reply{}
	}
	return reply(view.Fault(t.pages, view.Request{Path: r.Path, Prefs: r.Prefs, Script: r.Script, Worker: r.Worker}, status, key))
}

func reply(page view.Page) Reply {
	r := Reply{Status: page.Status, Type: page.Type, Location: page.Location, Body: page.Body}
	if page.Prefs != nil {
		r.Look = page.Prefs.String()
	}
	return r
}

// tileReply answers /tiles/{set}/{version}/{z}/{x}/{y}.mvt of this version.
func (t *Town) tileReply(path string) Reply {
	set, rest, _ := strings.Cut(strings.TrimPrefix(path, "/tiles/"), "/")
	version, address, _ := strings.Cut(rest, "/")
	address, ok := strings.CutSuffix(address, ".mvt")
	id, err := tiles.ParseID(address)
	if !ok || err != nil || version != t.site.Version {
		return Reply{}
	}
	if _, ok := t.tiles[set]; !ok {
		return Reply{}
	}
	body := t.tiles[set].find(id)
	if body == nil {
		return Reply{Status: 204}
	}
	return Reply{Status: 200, Type: tileType, Body: body}
}
