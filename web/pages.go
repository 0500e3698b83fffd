package web

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
	"hazardmap/web/view"
	"hazardmap/web/view/plan"
)

// home sends a visitor to the site in their language.
func (s *server) home(r *http.Request, _ *openSet) (reply, error) {
	rep := redirect(http.StatusFound, "/"+string(visitorLang(r))+"/")
	rep.header["Vary"] = "Cookie, Accept-Language"
	return rep, nil
}

// kiosk opens the screen that greets at a public terminal.
func (s *server) kiosk(*http.Request, *openSet) (reply, error) {
	if !s.opts.Kiosk {
		return reply{}, notFound("")
	}
	return redirect(http.StatusFound, "/"+string(i18n.Japanese)+"/kiosk"), nil
}

// withSlash completes /en to /en/.
func (s *server) withSlash(r *http.Request, _ *openSet) (reply, error) {
	return redirect(http.StatusFound, r.URL.Path+"/"), nil
}

// page answers everything below a language.
func (s *server) page(r *http.Request, set *openSet) (reply, error) {
	request, err := s.pageRequest(r)
	if err != nil {
		return reply{}, err
	}
	page, packed := set.render(request, s.metrics.page)
	rep := s.pageReply(r, request, page)
	rep.packed = packed
	return rep, nil
}

// render makes a page, or finds it if it is the same for everybody; then it is
// there compressed too.
func (o *openSet) render(request view.Request, found func(bool)) (page view.Page, packed []byte) {
	d := o.forPage(request)
	request.Old = d.old(time.Now())
	key, same := keyOf(request)
	if same {
		kept, ok := o.kept.find(key)
		found(ok)
		if ok {
			return kept.page, kept.gzip
		}
	}
	page = o.handlePage(d.pages, request)
	if same {
		if kept, ok := o.kept.keep(key, page); ok {
			return page, kept.gzip
		}
	}
	return page, nil
}

// handlePage makes a page, or has the package of its own make it.
func (o *openSet) handlePage(d *view.Dataset, request view.Request) view.Page {
	if plan.Is(request.Path) {
		return plan.Page(d, request, o.planGiven())
	}
	return view.Handle(d, request)
}

// pageFault is the page that people read instead of a problem.
func (s *server) pageFault(r *http.Request, p *problem) reply {
	if p.retryAfter > 0 {
		return s.busyReply(r, p)
	}
	set := s.acquire()
	defer set.release()
	request := view.Request{Path: r.URL.Path, Prefs: s.prefs(r), Kiosk: s.opts.Kiosk, Script: s.client.script, Worker: s.workerAddress()}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if _, ok := i18n.Parse(first); !ok {
		request.Path = "/" + string(visitorLang(r)) + "/"
	}
	rep := s.pageReply(r, request, view.Fault(set.datasets[0].pages, request, p.status, faultKey(p.status)))
	p.setHeaders(rep.header)
	return rep
}

type busyPage struct{ plain, gzip []byte }

// busyPages are ready before anybody has to be turned away.
func busyPages() map[i18n.Lang]busyPage {
	pages := map[i18n.Lang]busyPage{}
	for _, lang := range i18n.Langs() {
		page := view.Busy(lang)
		pages[lang] = busyPage{page, compress(page)}
	}
	return pages
}

// busyReply tells people to come again, and what not to wait for.
func (s *server) busyReply(r *http.Request, p *problem) reply {
	lang, ok := pageLang(r)
	if !ok {
		lang = visitorLang(r)
	}
	rep := reply{status: p.status, body: s.busyPages[lang].plain, packed: s.busyPages[lang].gzip, header: map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": noStore, "Content-Security-Policy": s.policy}}
	p.setHeaders(rep.header)
	return rep
}

// faultKey returns the sentence for a status.
func faultKey(status int) string {
	switch status {
	case http.StatusNotFound:
		return "error.not-found"
	case http.StatusMethodNotAllowed:
		return "error.method"
	case http.StatusRequestEntityTooLarge:
		return "error.too-large"
	case http.StatusServiceUnavailable:
		return "error.unavailable"
	case http.StatusInternalServerError:
		return "error.internal"
	}
	return "error.bad-request"
}

// pageRequest takes from the request what a page may know of it.
func (s *server) pageRequest(r *http.Request) (view.Request, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return view.Request{}, badRequest("")
	}
	request := view.Request{
		Path:   r.URL.Path,
		Query:  query,
		Prefs:  s.prefs(r),
		Kiosk:  s.opts.Kiosk,
		Script: s.client.script,
		Worker: s.workerAddress(),
	}
	request.TakeFragment()
	if s.opts.Kiosk {
		request.FontSheet, request.FontFaces = s.client.fontSheet, s.client.fontFaces
	}
	if base, err := s.origin.of(r); err == nil {
		request.BaseURL = base
	}
	if r.Method != http.MethodPost {
		return request, nil
	}
	request.Post = true
	request.Form, err = postedForm(r)
	return request, err
}

// postedForm reads the form of a page, which a client may also send as parts.
func postedForm(r *http.Request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &problem{status: http.StatusUnsupportedMediaType}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, badRequest("")
	}
	return form, nil
}

// forPage chooses the dataset that a page is about.
func (o *openSet) forPage(r view.Request) *served {
	if len(o.datasets) == 1 {
		return o.datasets[0]
	}
	parts := strings.Split(strings.TrimPrefix(r.Path, "/"), "/")
	if len(parts) < 2 {
		return o.datasets[0]
	}
	rest := strings.Join(parts[2:], "/")
	switch parts[1] {
	case "at", "print":
		if at, err := geo.ParsePoint(rest); err == nil {
			return o.at(at)
		}
	case "place":
		for _, d := range o.datasets {
			if d.Places == nil {
				continue
			}
			if _, ok := d.Places.Place(rest); ok {
				return d
			}
		}
	case "search":
		return o.bestMatch(r.Form.Get("q"))
	}
	return o.datasets[0]
}

// bestMatch returns the dataset that is surest of what was typed.
func (o *openSet) bestMatch(text string) *served {
	best, match := o.datasets[0], gazetteer.Partial+1
	for _, d := range o.datasets {
		if d.Places == nil {
			continue
		}
		result, err := d.Places.Search(gazetteer.Query{Text: text, Limit: 1})
		if err == nil && len(result.Candidates) > 0 && result.Candidates[0].Match < match {
			best, match = d, result.Candidates[0].Match
		}
	}
	return best
}

// pageReply adds what HTTP says around a page.
func (s *server) pageReply(r *http.Request, request view.Request, page view.Page) reply {
	rep := reply{status: page.Status, body: page.Body, header: map[string]string{
		"Content-Type":            page.Type,
		"Cache-Control":           "private, max-age=30",
		"Content-Security-Policy": s.policy,
		"Permissions-Policy":      "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()",
		"Vary":                    "Cookie",
	}}
	if page.Place || page.Status != http.StatusOK || request.Post {
		rep.header["Cache-Control"] = noStore
	}
	if s.offersWorker() {
		// What the worker keeps beside the page, since it sees no cookie.
		look := request.Prefs
		if page.Prefs != nil {
			look = *page.Prefs
		}
		rep.header["X-Look"], rep.header["X-Edition"] = look.String(), url.QueryEscape(page.Edition)
	}
	if page.Location != "" {
		rep.header["Location"] = page.Location
	}
	if s.origin.secure(r) {
		rep.header["Strict-Transport-Security"] = strictTransport
	}
	rep.cookies = s.cookies(r, page)
	return rep
}
