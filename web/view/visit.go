package view

import (
	"bytes"
	"net/url"
	"strings"
	"sync"

	g "maragu.dev/gomponents"

	"hazardmap/i18n"
)

// visit is one request on its way through a page.
type visit struct {
	d       *Dataset
	r       Request
	lang    i18n.Lang
	c       *i18n.Catalogue
	path    string // without its language: "at/36.27,139.22"
	prefs   Prefs
	changed bool

	segs []i18n.Segment // of the phrase that is being written
	out  []byte
}

func newVisit(d *Dataset, r Request, lang i18n.Lang, path string) *visit {
	v := &visit{d: d, r: r, lang: lang, c: i18n.For(lang), path: path}
	v.prefs, v.changed = r.Prefs.with(r.Query)
	return v
}

// href returns the address of a page in the visitor's language.
func (v *visit) href(path string) string { return "/" + string(v.lang) + "/" + path }

// here returns the address of this page with some parameters of its query
// changed: pairs of name and value, "" to leave one out.
func (v *visit) here(pairs ...string) string {
	query := v.ownQuery()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			query.Del(pairs[i])
			continue
		}
		query.Set(pairs[i], pairs[i+1])
	}
	return withQuery(v.href(v.path), query)
}

// pageParameters are those that pages read and hand on in their links. Settings
// end up in the cookie; what nobody knows is not repeated.
var pageParameters = [...]string{"at", "floor", "for", "form", "from", "lat", "lon", "match", "near", "precision", "radius", "second", "stocked", "storeys", "z"}

// ownQuery is the query of this page as far as pages know it.
func (v *visit) ownQuery() url.Values {
	query := url.Values{}
	for _, name := range pageParameters {
		if value := v.r.Query.Get(name); value != "" {
			query.Set(name, value)
		}
	}
	return query
}

func withQuery(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// inLang returns the address of this page in another language.
func (v *visit) inLang(lang i18n.Lang) string {
	if v.r.Post {
		return "/" + string(lang) + "/" // what was posted is not repeated in an address
	}
	return withQuery("/"+string(lang)+"/"+v.path, v.ownQuery())
}

// drafts are where pages are written before their length is known.
var drafts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render writes a node into a page.
func (v *visit) render(status int, node g.Node) Page {
	b := drafts.Get().(*bytes.Buffer)
	defer drafts.Put(b)
	b.Reset()
	if err := node.Render(b); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return Page{Status: status, Type: htmlType, Body: bytes.Clone(b.Bytes())}
}

func redirect(location string) Page {
	return Page{Status: 303, Location: location, Type: htmlType}
}

// shortName cuts a text for a title.
func shortName(s string, runes int) string {
	for i := range s {
		if runes--; runes < 0 {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
