package web

import (
	"net/http"
	"strings"
)

// alive says that the process answers.
func (s *server) alive(*http.Request, *openSet) (reply, error) {
	return textReply(http.StatusOK, "ok"), nil
}

// ready says that it should be sent visitors.
func (s *server) ready(*http.Request, *openSet) (reply, error) {
	if s.draining.Load() {
		return reply{}, &problem{status: http.StatusServiceUnavailable, retryAfter: 5, detail: "shutting down"}
	}
	return textReply(http.StatusOK, "ready"), nil
}

// robots keeps crawlers out of what each visitor asks, which has no end.
func (s *server) robots(*http.Request, *openSet) (reply, error) {
	rep := textReply(http.StatusOK, strings.Join([]string{"User-agent: *", "Disallow: /api/", "Disallow: /tiles/", "Disallow: /*/at/",
		"Disallow: /*/place/", "Disallow: /*/print/", "Disallow: /*/search", "Disallow: /*/settings", "Disallow: /*?"}, "\n"))
	rep.header["Cache-Control"] = shortLived
	return rep, nil
}
