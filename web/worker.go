package web

import (
	"errors"
	"io/fs"
	"net/http"
	"strings"

	"hazardmap/web/view"
)

const (
	workerPath   = "/sw.js"
	workerFile   = "dist/sw.js"
	farewellFile = "dist/farewell.js"
)

// workerPolicy is that of the worker alone: no page may start a program.
const workerPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'"

// offersWorker reports whether visitors' phones may answer alone. A public
// terminal has no use for it: the server runs on it.
func (s *server) offersWorker() bool {
	return !s.opts.Kiosk && !s.opts.NoOffline && s.client.program != ""
}

// workerAddress is what pages register, "" for nothing.
func (s *server) workerAddress() string {
	if !s.offersWorker() {
		return ""
	}
	return workerPath
}

// worker answers the service worker: the script that starts the program of the
// phone, then ours. Where none is offered it is one that removes itself and
// all that it kept, so that an operator can end what goes wrong on phones.
func (s *server) worker(*http.Request, *openSet) (reply, error) {
	body, err := s.workerScript()
	if errors.Is(err, fs.ErrNotExist) {
		return reply{}, notFound("")
	}
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: body, header: map[string]string{"Content-Type": "text/javascript; charset=utf-8",
		"Cache-Control": "no-cache", "Content-Security-Policy": workerPolicy}}, nil
}

func (s *server) workerScript() ([]byte, error) {
	if !s.offersWorker() {
		return fs.ReadFile(s.client.files, farewellFile)
	}
	starter, err := s.client.read(strings.TrimPrefix(s.client.starter, assetPrefix))
	if err != nil {
		return nil, err
	}
	ours, err := fs.ReadFile(s.client.files, workerFile)
	if err != nil {
		return nil, err
	}
	return []byte("const HAZARDMAP_EXEC = '" + s.client.starter + "';\n" + string(starter) + "\n" + string(ours)), nil
}

// notices answers the words of the worker.
func (s *server) notices(*http.Request, *openSet) (reply, error) {
	if !s.offersWorker() {
		return reply{}, notFound("")
	}
	return jsonReply("no-cache", view.Notices()), nil
}
