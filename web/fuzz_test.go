package web

import (
	"bufio"
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// secret stands for the place that a visitor asks about.
const secret = "36.3001234"

// FuzzRequest hands any bytes that net/http takes for a request to the whole
// site: no panic, no fault of ours, no page without its policy, no place in
// the log.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /ja/at/" + secret + ",139.19 HTTP/1.1\r\nHost: localhost\r\nCookie: look=large; lang=vi\r\n\r\n",
		"GET /en/place/" + secret + "?fragment=main HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=0, br\r\n\r\n",
		"GET /api/v1/risk?lat=" + secret + "&lon=NaN&floor=-1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{\"lat\":" + secret + ",\"lon\":139.1905}",
		"POST /ja/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 19\r\n\r\nq=" + secret + "%2C139",
		"POST /api/v1/risks HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n17\r\nlat,lon\n" + secret + ",139.2\r\n0\r\n\r\n",
		"POST /api/v1/areas HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"GET /tiles/flood/" + testVersion + "/14/-1/99.mvt HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n",
		"GET /ogc/collections/zones/items?bbox=" + secret + ",1,2,3&limit=-1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"HEAD /en/style.json HTTP/1.0\r\n\r\n",
		"OPTIONS /api/v1/places HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n\r\n",
		"GET /%00/..%2f HTTP/1.1\r\nHost: [::1]:99999\r\n\r\n",
		"", "-1", "NaN", "GET / HT",
	} {
		f.Add([]byte(seed))
	}
	logged := &syncBuffer{}
	s := testServer(f, Options{Log: textLog(logged)})
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		serveRecorded(t, s, w, r)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Errorf("%.200q is answered %d\n%s", raw, w.Code, logged)
		}
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			checkPage(t, raw, w)
		}
		if text := logged.String(); strings.Contains(text, secret) {
			t.Errorf("%.200q is in the log: %s", raw, text)
		}
		logged.reset()
	})
}

// serveRecorded lets a handler cut off its answer, which a stream may.
func serveRecorded(t *testing.T, s *server, w http.ResponseWriter, r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			if err, ok := v.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				t.Errorf("panic: %v", v)
			}
		}
	}()
	s.ServeHTTP(w, r)
}

// checkPage holds a page against the policy: what the policy forbids must not
// stand in it, or it would silently not work.
func checkPage(t *testing.T, raw []byte, w *httptest.ResponseRecorder) {
	policy := w.Header().Get("Content-Security-Policy")
	if policy == "" || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'self'") {
		t.Errorf("%.200q: a page with the policy %q", raw, policy)
	}
	if w.Header().Get("Content-Encoding") != "" {
		return
	}
	for _, forbidden := range []string{"<script>", " style=", " onclick=", " onload=", "javascript:", "http-equiv"} {
		if strings.Contains(w.Body.String(), forbidden) {
			t.Errorf("%.200q: the page holds %s", raw, forbidden)
		}
	}
}

func (b *syncBuffer) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Reset()
}
