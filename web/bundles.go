package web

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"
)

// bundlesPrefix is below which other servers and kiosks fetch the bundle that
// is served here, where they find no hub.
const bundlesPrefix = "/bundles/"

// bundleSoon is after how many seconds to ask again for what is being installed.
const bundleSoon = 3

// bundlePause is how long a slow line has for one piece of a bundle.
const bundlePause = 30 * time.Second

// bundlesAtOnce bounds how many bundles are sent together; visitors come first.
const bundlesAtOnce = 16

// announced answers /bundles/{dataset}.json: which bundle is the newest here.
func (s *server) announced(r *http.Request, _ *openSet) (reply, error) {
	f, err := s.bundleFile(mux.Vars(r)["dataset"] + ".json")
	if err != nil {
		if s.bundleComes() {
			return reply{}, &problem{status: http.StatusServiceUnavailable, retryAfter: bundleSoon}
		}
		return reply{}, err
	}
	body, err := fs.ReadFile(s.opts.Bundles, f.Name())
	if err != nil {
		return reply{}, err
	}
	return jsonReply(shortLived, body), nil
}

// bundle answers /bundles/{bundle}.hazmap, also from any byte on.
func (s *server) bundle(r *http.Request, _ *openSet) (reply, error) {
	entry, err := s.bundleFile(mux.Vars(r)["bundle"] + ".hazmap")
	if err != nil {
		return reply{}, err
	}
	return reply{stream: func(w http.ResponseWriter, r *http.Request) (status, sent int) {
		select {
		case s.bundlesInHand <- struct{}{}:
			defer func() { <-s.bundlesInHand }()
		default:
			rep := (&problem{status: http.StatusServiceUnavailable, retryAfter: 30}).reply()
			return rep.status, rep.send(w, r)
		}
		return s.sendBundle(w, r, entry.Name())
	}}, nil
}

func (s *server) sendBundle(w http.ResponseWriter, r *http.Request, name string) (status, sent int) {
	f, err := s.opts.Bundles.Open(name)
	if err != nil { // replaced a moment ago
		rep := problemOf(notFound("")).reply()
		return rep.status, rep.send(w, r)
	}
	defer f.Close()
	file, ok := f.(io.ReadSeeker)
	if !ok {
		rep := problemOf(errors.New("a bundle that cannot be read from its middle")).reply()
		return rep.status, rep.send(w, r)
	}
	h := w.Header()
	for name, value := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": immutable,
		"Content-Type": "application/octet-stream", "ETag": `"` + strings.TrimSuffix(name, ".hazmap") + `"`} {
		h.Set(name, value)
	}
	out := &slowWriter{ResponseWriter: w, control: http.NewResponseController(w)}
	http.ServeContent(out, r, "", time.Time{}, file)
	return out.status, out.sent
}

// bundleFile finds a file in the list of what is offered: no name from a
// request opens anything.
func (s *server) bundleFile(name string) (fs.DirEntry, error) {
	if s.opts.Bundles == nil {
		return nil, notFound("")
	}
	entries, err := fs.ReadDir(s.opts.Bundles, ".")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if e.Name() == name && e.Type().IsRegular() {
			return e, nil
		}
	}
	return nil, notFound("")
}

// bundleComes reports whether the first one is on its way here: begun, or not
// announced yet.
func (s *server) bundleComes() bool {
	if s.opts.Bundles == nil {
		return false
	}
	entries, err := fs.ReadDir(s.opts.Bundles, ".")
	if err != nil {
		return false
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			return false
		}
	}
	return len(entries) > 0
}

// slowWriter gives a slow line time for each piece, and counts.
type slowWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	status  int
	sent    int
}

func (w *slowWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *slowWriter) Write(p []byte) (int, error) {
	if err := w.control.SetWriteDeadline(time.Now().Add(bundlePause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	n, err := w.ResponseWriter.Write(p)
	w.sent += n
	return n, err
}
