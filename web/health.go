package web

import "net/http"

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
