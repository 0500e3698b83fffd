package web

import (
	"net/http"
	"strings"
)

// alive says that the process answers.
func (s *server) alive(*http.Request, *openSet) (reply, error) {
	return textReply(http.StatusOK, "ok"), nil
}

// ready says that it should be sent visitors, and shows the newest data.
func (s *server) ready(_ *http.Request, set *openSet) (reply, error) {
	if s.draining.Load() {
		return reply{}, &problem{status: http.StatusServiceUnavailable, retryAfter: 5, detail: "shutting down"}
	}
	if s.reloads.refused.Load() != nil { // the reason names files: it is for the log and for staff
		return reply{}, &problem{status: http.StatusServiceUnavailable, detail: "newer data were refused; what was served before is served on: " + strings.Join(set.names(), ", ")}
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
