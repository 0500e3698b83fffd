// Package view renders every page, the text answer and the JSON answer from a
// dataset, as pure functions: no clock, no globals, no request object. What is
// kept between calls are drawn maps, which are the same when drawn again.
//
// The server and, later, the worker on a phone call the same [Handle], so both
// say the same bytes. All sentences come from i18n.
package view

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/tiles"
	"hazardmap/web/view/drawn"
)

// Dataset is what the pages say about one open dataset.
type Dataset struct {
	ID       string // "10204"
	Version  string // hash of the manifest; part of every tile address
	Edition  string // "2026-04-01"
	Area     hazard.Area
	Risks    Risks     // never nil
	Places   Places    // nil where the dataset has no gazetteer
	Tilesets []string  // "flood", "places", "base": those that exist
	Tile     TileFunc  // nil where there are no tiles: then maps show the places alone
	Contacts []Contact // whom to ask; the city hall first

	maps struct {
		once  sync.Once
		atlas *drawn.Atlas
	}
}

// atlas draws the maps of the dataset.
func (d *Dataset) atlas() *drawn.Atlas {
	d.maps.once.Do(func() { d.maps.atlas = drawn.NewAtlas(d.Tilesets, d.Tile, d.Area.Boundary) })
	return d.maps.atlas
}

// PrepareMaps makes what the maps of answer pages need ready before somebody
// asks, until stop says so.
func (d *Dataset) PrepareMaps(stop func() bool) {
	scene := drawn.Scene{Zoom: placeZoom, Width: mapWidth, Height: mapHeight, Kinds: allMapped(), Words: drawn.Words{Scale: strconv.Itoa}}
	d.atlas().Prepare(d.Area.Boundary.Bound(), scene, stop)
}

// Risks is what the pages need of [hazard.Index].
type Risks interface {
	Answer(at geo.Point, home hazard.Home) hazard.Answer
	AnswerWithin(at geo.Point, radius geo.Metres, home hazard.Home) hazard.Answer
	Range(placeID string) ([]hazard.Range, bool)
	AreaShares(area orb.MultiPolygon) []hazard.Range
	Shelters() []hazard.Shelter
	NearShelters(at geo.Point, n int) []hazard.NearShelter
	WorstAt(p geo.E7) []hazard.ZoneRank
	Sources() []hazard.Source
	Sourced() hazard.KindSet
}

// Places is what the pages need of [gazetteer.Index].
type Places interface {
	Search(gazetteer.Query) (gazetteer.Result, error)
	Suggest(gazetteer.Query) (gazetteer.Result, error)
	Place(id string) (gazetteer.Place, bool)
}

// TileFunc returns the raw (not gzipped) vector tile of a tileset, or nil.
type TileFunc func(set string, id tiles.ID) []byte

// Contact is a desk that answers questions.
type Contact struct {
	Name    string // as the city writes it
	Phone   string
	Address string
	URL     string
	Hours   []Hours // per language that the desk speaks
}

// Hours says when a desk speaks a language, in that language.
type Hours struct {
	Lang i18n.Lang
	Text string
}

// Request is what a page needs of the visitor's request.
type Request struct {
	Post  bool
	Path  string     // "/en/at/36.27,139.22"; begins with a language
	Query url.Values // of the address
	Form  url.Values // of a POST
	Prefs Prefs
	// BaseURL is the site's own origin without a final slash, "" where it is
	// not known; for QR codes and the map style.
	BaseURL string
	Kiosk   bool // no links that leave the site
	Old     bool // the data are past the date to which they were meant to be shown
	// Fragment asks for the content of <main> alone, for a client that swaps it.
	Fragment bool
	// Script is the address of the client, "" where it was not built; Worker
	// that of the service worker, "" where none is offered.
	Script, Worker string
	// FontSheet and FontFaces are the addresses of the bundled fonts, as a style
	// sheet and as a list; "" where the device's own fonts are used.
	FontSheet, FontFaces string
}

// Page is a rendered response.
type Page struct {
	Status   int
	Type     string // Content-Type
	Location string // for 303
	Body     []byte
	Edition  string // of the dataset that the page is about
	// Prefs is set where the visitor changed a setting: keep it in a cookie.
	Prefs *Prefs
	// Place is true where the body tells which place was looked up: it must not
	// be kept by shared caches.
	Place bool
}

const htmlType = "text/html; charset=utf-8"

// Handle answers the path of a page. Every fault is answered by a page in the
// visitor's language.
func Handle(d *Dataset, r Request) Page {
	lang, rest, ok := cutLang(r.Path)
	v := newVisit(d, r, lang, rest)
	if !ok {
		return v.fault(404, "error.not-found")
	}
	page := v.route()
	if v.changed {
		page.Prefs = &v.prefs
	}
	page.Edition = d.Edition
	return page
}

// TakeFragment moves the wish for the content of <main> alone from the query
// to where it belongs: it is no part of the page's address.
func (r *Request) TakeFragment() {
	r.Fragment = r.Query.Get("fragment") == "main"
	r.Query.Del("fragment")
}

// IsPage reports whether a path is one that [Handle] is asked for: below a
// language, one name or a name of [deeper] and what it is about.
func IsPage(path string) bool {
	_, rest, ok := cutLang(path)
	if !ok || !strings.HasPrefix(path, "/") || path == "/"+PathLang(path) {
		return false
	}
	name, about, deep := strings.Cut(rest, "/")
	return !deep || slices.Contains(deeper, name) && about != "" && !strings.Contains(about, "/")
}

// deeper are the pages about one place.
var deeper = []string{"at", "place", "print"}

// TakesForm reports whether a form may be posted to a page.
func TakesForm(path string) bool {
	_, rest, ok := cutLang(path)
	return ok && rest == "search"
}

// PathLang returns the first part of a path, where the language stands.
func PathLang(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// Fault renders an error page: key is one of the error.* texts.
func Fault(d *Dataset, r Request, status int, key string) Page {
	lang, rest, _ := cutLang(r.Path)
	return newVisit(d, r, lang, rest).fault(status, key)
}

// cutLang splits "/en/at/1,2" into en and "at/1,2".
func cutLang(path string) (i18n.Lang, string, bool) {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	lang, ok := i18n.Parse(first)
	if !ok {
		return i18n.Japanese, "", false
	}
	return lang, rest, true
}

// route calls the page that a path names.
func (v *visit) route() Page {
	name, rest, _ := strings.Cut(v.path, "/")
	switch name {
	case "at":
		return v.atPage(rest)
	case "place":
		return v.placePage(rest)
	case "print":
		return v.printPage(rest)
	case "search":
		return v.searchPage()
	}
	if rest != "" {
		return v.fault(404, "error.not-found")
	}
	switch name {
	case "":
		return v.homePage()
	case "shelters":
		return v.sheltersPage()
	case "about":
		return v.aboutPage()
	case "help":
		return v.helpPage()
	case "privacy":
		return v.privacyPage()
	case "timeline":
		return v.timelinePage()
	case "offline":
		return v.offlinePage()
	case "app.webmanifest":
		return v.appPage()
	case "style.json":
		return v.stylePage()
	case "settings":
		return v.settingsPage()
	case "map":
		return v.mapPage()
	case "kiosk":
		return v.kioskPage()
	}
	return v.fault(404, "error.not-found")
}
