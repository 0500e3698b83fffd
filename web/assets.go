package web

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gorilla/mux"
)

// clientFiles is what the build of web/client wrote, and dist.none.json, which
// stands for its manifest where it was not built: pages then have no script,
// which they do not need.
//
//go:embed all:dist*
var clientFiles embed.FS

const (
	clientManifest = "dist/manifest.json"
	emptyManifest  = "dist.none.json"
	clientEntry    = "src/main.ts"
	assetPrefix    = "/assets/"
)

// client is the built script, compressed beforehand.
type client struct {
	files  fs.FS  // below dist
	script string // address of the entry, "" where nothing was built
	// Of public terminals: the style sheet that names their fonts, and the same
	// list for the live map.
	fontSheet, fontFaces string
}

// openClient reads the manifest of the build.
func openClient(files fs.FS) (*client, error) {
	text, err := fs.ReadFile(files, clientManifest)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = fs.ReadFile(files, emptyManifest)
	}
	if err != nil {
		return nil, err
	}
	var manifest map[string]struct {
		File string `json:"file"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", clientManifest, err)
	}
	address := func(name string) string {
		if manifest[name].File == "" {
			return ""
		}
		return assetPrefix + manifest[name].File
	}
	return &client{files: files, script: address(clientEntry), fontSheet: address("fonts.css"), fontFaces: address("fonts.json")}, nil
}

// assetTypes are the files of the client that are served. Their names hold a
// hash of their content.
var assetTypes = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".json":  "application/json",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8", // the fonts' licences
}

// compressed reports whether the build left a file in brotli and gzip.
func compressed(name string) bool {
	switch path.Ext(name) {
	case ".js", ".css", ".json":
		return true
	}
	return false
}

// asset serves one file of the client in the best coding that the browser
// takes.
func (s *server) asset(r *http.Request, _ *openSet) (reply, error) {
	name := mux.Vars(r)["file"]
	kind, ok := assetTypes[path.Ext(name)]
	if !ok || name == path.Base(clientManifest) {
		return reply{}, notFound("")
	}
	header := map[string]string{"Content-Type": kind, "Cache-Control": immutable}
	coding, suffix := "", ""
	switch accept := r.Header["Accept-Encoding"]; {
	case !compressed(name):
	case acceptsBrotli(accept):
		coding, suffix = "br", ".br"
	case acceptsGzip(accept):
		coding, suffix = "gzip", ".gz"
	}
	body, err := fs.ReadFile(s.client.files, "dist/"+name+suffix)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid):
		return reply{}, notFound("")
	case err != nil:
		return reply{}, err
	}
	if coding != "" {
		header["Content-Encoding"], header["Vary"] = coding, "Accept-Encoding"
	}
	return reply{status: http.StatusOK, header: header, body: body}, nil
}

// acceptsBrotli reports whether Accept-Encoding names br and does not forbid it.
func acceptsBrotli(values []string) bool {
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			coding, weight, _ := strings.Cut(item, ";")
			if strings.EqualFold(strings.Trim(coding, " \t"), "br") {
				return allowed(weight) == 1
			}
		}
	}
	return false
}
