package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"hazardmap/i18n"
	"hazardmap/web/ogc"
)

// handler asks one room and says what to reply. It does not write.
type handler func(r *http.Request, set *openSet) (reply, error)

// route is one line of the table: a pattern and what its methods do. GET
// answers HEAD too.
type route struct {
	pattern string
	methods map[string]handler
	faults  func(r *http.Request, p *problem) reply // how its faults read
}

// routes is everything that is answered but tiles, most particular first.
func (s *server) routes() []route {
	get := func(h handler) map[string]handler { return map[string]handler{http.MethodGet: h} }
	getPost := func(h handler) map[string]handler {
		return map[string]handler{http.MethodGet: h, http.MethodPost: h}
	}
	return []route{
		{"/healthz", get(s.alive), forPrograms},
		{"/readyz", get(s.ready), forPrograms},
		{"/tiles/{set}.json", get(s.tileJSON), forPrograms},
		{"/tiles/{dataset}/{set}.json", get(s.tileJSON), forPrograms},
		{"/api/openapi.json", get(s.openAPI), forPrograms},
		{"/api/v1/risk", getPost(s.risk), forPrograms},
		{risksPattern, map[string]handler{http.MethodPost: s.risks}, forPrograms},
		{areasPattern, map[string]handler{http.MethodPost: s.areas}, forPrograms},
		{"/api/v1/places", getPost(s.places), forPrograms},
		{ogc.Root, get(s.ogc), forPrograms},
		{ogc.Root + "/", get(s.ogc), forPrograms},
		{ogc.Root + "/conformance", get(s.ogc), forPrograms},
		{ogc.Root + "/api", get(s.ogc), forPrograms},
		{ogc.Root + "/collections", get(s.ogc), forPrograms},
		{ogc.Root + "/collections/{collection}", get(s.ogc), forPrograms},
		{ogc.Root + "/collections/{collection}/queryables", get(s.ogc), forPrograms},
		{ogc.Root + "/collections/{collection}/items", get(s.ogc), forPrograms},
		{ogc.Root + "/collections/{collection}/items/{feature}", get(s.ogc), forPrograms},
		{ogc.Root + "/tiles", get(s.ogc), forPrograms},
		{ogc.Root + "/tiles/{tileset}", get(s.ogc), forPrograms},
		{ogc.Root + "/tiles/{tileset}/{matrixSet}/{matrix}/{row}/{column}", get(s.ogcTile), forPrograms},
		{ogc.Root + "/tileMatrixSets", get(s.ogc), forPrograms},
		{ogc.Root + "/tileMatrixSets/{matrixSet}", get(s.ogc), forPrograms},
		{"/robots.txt", get(s.robots), forPrograms},
		{"/share/{picture}.png", get(s.share), forPrograms},
		{"/assets/{file}", get(s.asset), forPrograms},
		{workerPath, get(s.worker), forPrograms},
		{"/offline/words.json", get(s.notices), forPrograms},
		{"/offline/{dataset}.json", get(s.phone), forPrograms},
		{"/offline/{shard}.bin", get(s.shard), forPrograms},
		{bundlesPrefix + "{dataset}.json", get(s.announced), forPrograms},
		{bundlesPrefix + "{bundle}.hazmap", get(s.bundle), forPrograms},
		{"/icons/{icon}.png", get(s.icon), forPrograms},
		{"/", get(s.home), s.pageFault},
		{"/kiosk", get(s.kiosk), s.pageFault},
		{"/{lang}", get(s.withSlash), s.pageFault},
		{"/{lang}/", get(s.page), s.pageFault},
		{"/{lang}/search", getPost(s.page), s.pageFault},
		{"/{lang}/at/{position}", get(s.page), s.pageFault},
		{"/{lang}/place/{id}", get(s.page), s.pageFault},
		{"/{lang}/print/{position}", get(s.page), s.pageFault},
		{planSheetPattern, map[string]handler{http.MethodGet: s.planPage, http.MethodPost: s.planSheet}, s.pageFault},
		{planAreaPattern, map[string]handler{http.MethodGet: s.planPage, http.MethodPost: s.planArea}, s.pageFault},
		{changesPattern, get(s.changes), s.pageFault},
		{"/{lang}/style.json", get(s.page), s.pageFault},
		{"/{lang}/{page}", get(s.page), s.pageFault},
	}
}

// languages is the pattern of a language in an address.
func languages() string {
	var names []string
	for _, lang := range i18n.Langs() {
		names = append(names, string(lang))
	}
	return "{lang:" + strings.Join(names, "|") + "}"
}

func (s *server) newRouter() *mux.Router {
	// A path that is not clean is not found: no redirect repeats it.
	router := mux.NewRouter().SkipClean(true)
	for _, rt := range s.routes() {
		router.Path(strings.Replace(rt.pattern, "{lang}", languages(), 1)).Handler(s.serve(rt))
	}
	router.NotFoundHandler = s.serve(route{"none", nil, s.nowhere})
	return router
}

// nowhere tells programs and people alike that there is nothing.
func (s *server) nowhere(r *http.Request, p *problem) reply {
	for _, prefix := range []string{"/api/", ogc.Root, tilePrefix, assetPrefix, phonePrefix, bundlesPrefix} {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return p.reply()
		}
	}
	return s.pageFault(r, p)
}

func forPrograms(_ *http.Request, p *problem) reply { return p.reply() }

// allow lists the methods of a route.
func (rt route) allow() string {
	var methods []string
	for m := range rt.methods {
		methods = append(methods, m)
		if m == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

// handler returns what a method does, or the fault that it does nothing.
func (rt route) handler(method string) (handler, error) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if h, ok := rt.methods[method]; ok {
		return h, nil
	}
	if rt.methods == nil {
		return nil, notFound("")
	}
	if method == http.MethodOptions && strings.HasPrefix(rt.pattern, "/api/") {
		return rt.options, nil
	}
	return nil, &problem{status: http.StatusMethodNotAllowed, allow: rt.allow()}
}

// options lets a page of another site post JSON.
func (rt route) options(*http.Request, *openSet) (reply, error) {
	return reply{status: http.StatusNoContent, header: map[string]string{
		"Allow": rt.allow(), "Cache-Control": noStore, "Access-Control-Allow-Origin": "*",
		"Access-Control-Allow-Methods": rt.allow(), "Access-Control-Allow-Headers": "Content-Type"}}, nil
}
