package web

import (
	"net/http"
	"strings"
	"time"
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
	if s.opts.Following != nil { // a hub that is away takes no visitor away
		return textReply(http.StatusOK, "ready: "+strings.Join(set.names(), ", ")+"; "+s.opts.Following().lastContact()), nil
	}
	return textReply(http.StatusOK, "ready"), nil
}

// lastContact says when newer data were last asked for with success.
func (f Following) lastContact() string {
	if f.Contact.IsZero() {
		return "no source of newer data has answered yet"
	}
	return "a source of newer data answered at " + f.Contact.UTC().Format(time.RFC3339)
}

// robots keeps crawlers out of what each visitor asks, which has no end.
func (s *server) robots(*http.Request, *openSet) (reply, error) {
	rep := textReply(http.StatusOK, strings.Join([]string{"User-agent: *", "Disallow: /api/", "Disallow: /tiles/", "Disallow: /*/at/",
		"Disallow: /*/place/", "Disallow: /*/print/", "Disallow: /*/search", "Disallow: /*/settings", "Disallow: /*?"}, "\n"))
	rep.header["Cache-Control"] = shortLived
	return rep, nil
}
