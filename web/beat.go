package web

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// beats tells, as often as asked, that the server still answers its own
// question, until ctx is done. In a surge a refusal is an answer too: whoever
// watches must not start the server anew just then.
func (s *server) beats(ctx context.Context) {
	if s.opts.BeatEvery <= 0 {
		return
	}
	ticker := time.NewTicker(s.opts.BeatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.answers(ctx) {
				s.opts.Beat()
			}
		}
	}
}

// answers asks for the page that sends visitors on to their language, which
// goes through the gate, the router and the current set.
func (s *server) answers(ctx context.Context) bool {
	r := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}, Host: "localhost"}).WithContext(ctx)
	w := &unread{header: http.Header{}}
	s.ServeHTTP(w, r)
	return w.status == http.StatusFound || w.status == http.StatusServiceUnavailable
}

// unread is a response that nobody reads.
type unread struct {
	header http.Header
	status int
}

func (w *unread) Header() http.Header         { return w.header }
func (w *unread) Write(p []byte) (int, error) { return len(p), nil }
func (w *unread) WriteHeader(status int)      { w.status = status }
