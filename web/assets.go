package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/mux"
	"github.com/klauspost/compress/gzip"
)

// clientFiles is what the build of web/client wrote, and dist.none.json, which
// stands for its manifest where it was not built: pages then have no script,
// which they do not need.
//
//go:embed all:dist*
var clientFiles embed.FS

const (
	clientManifest = "dist/manifest.json"
	workerManifest = "dist-worker/manifest.json" // of the program of the phone, which cmd/hazardmap-wasm/build.mjs writes
	emptyManifest  = "dist.none.json"
	clientEntry    = "src/main.ts"
	assetPrefix    = "/assets/"
)

// client is the built script, compressed beforehand.
type client struct {
	files  fs.FS  // dist and dist-worker
	script string // address of the entry, "" where nothing was built
	// Of public terminals: the style sheet that names their fonts, and the same
	// list for the live map.
	fontSheet, fontFaces string
	// Of phones: the addresses of the program that answers without a network and
	// of the script that starts it, "" where they were not built.
	program, starter string
	pieces           func() ([]phonePiece, error) // the files that a saved town needs
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
	manifest, err := parseClientManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clientManifest, err)
	}
	c := &client{files: files, script: manifest.address(clientEntry), fontSheet: manifest.address("fonts.css"), fontFaces: manifest.address("fonts.json")}
	text, err = fs.ReadFile(files, workerManifest)
	if errors.Is(err, fs.ErrNotExist) || c.script == "" {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	worker, err := parseClientManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", workerManifest, err)
	}
	c.program, c.starter = worker.address("hazardmap.wasm"), worker.address("wasm_exec.js")
	c.pieces = sync.OnceValues(func() ([]phonePiece, error) { return c.takeAlong(manifest) })
	return c, nil
}

// manifestOf is what a build of vite says about its files.
type manifestOf map[string]struct {
	File   string   `json:"file"`
	CSS    []string `json:"css"`
	Assets []string `json:"assets"`
}

func parseClientManifest(text []byte) (manifest manifestOf, err error) {
	err = json.Unmarshal(text, &manifest)
	return manifest, err
}

func (m manifestOf) address(name string) string {
	if m[name].File == "" {
		return ""
	}
	return assetPrefix + m[name].File
}

// takeAlong lists the files that a saved town needs: all but the fonts of
// public terminals, and the program.
func (c *client) takeAlong(manifest manifestOf) ([]phonePiece, error) {
	names := []string{strings.TrimPrefix(c.program, assetPrefix)}
	for source, m := range manifest {
		if strings.HasPrefix(source, "src/") {
			names = append(append(append(names, m.File), m.CSS...), m.Assets...)
		}
	}
	slices.Sort(names)
	var pieces []phonePiece
	for _, name := range slices.Compact(names) {
		body, err := c.read(name)
		if err != nil {
			return nil, err
		}
		sent, err := c.open(name + ".br")
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(body)
		pieces = append(pieces, phonePiece{assetPrefix + name, hex.EncodeToString(sum[:]), len(body), len(sent)})
	}
	return pieces, nil
}

// open reads a file of either build.
func (c *client) open(name string) ([]byte, error) {
	body, err := fs.ReadFile(c.files, "dist/"+name)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ReadFile(c.files, "dist-worker/"+name)
	}
	return body, err
}

// read returns a file as it is before compression; of large ones only the
// compressed form is at hand.
func (c *client) read(name string) ([]byte, error) {
	body, err := c.open(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return body, err
	}
	packed, err := c.open(name + ".gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// assetTypes are the files of the client that are served. Their names hold a
// hash of their content.
var assetTypes = map[string]string{
	".js":    "text/javascript; charset=utf-8",
	".css":   "text/css; charset=utf-8",
	".json":  "application/json",
	".woff2": "font/woff2",
	".wasm":  "application/wasm",
	".txt":   "text/plain; charset=utf-8", // the fonts' licences
}

// unnamed are the files of the build whose names hold no hash: one is for us,
// and a worker is served at its own address alone, with its own policy.
var unnamed = map[string]bool{path.Base(clientManifest): true, path.Base(workerFile): true, path.Base(farewellFile): true}

// compressed reports whether the build left a file in brotli and gzip.
func compressed(name string) bool {
	switch path.Ext(name) {
	case ".js", ".css", ".json", ".wasm":
		return true
	}
	return false
}

// asset serves one file of the client in the best coding that the browser
// takes.
func (s *server) asset(r *http.Request, _ *openSet) (reply, error) {
	name := mux.Vars(r)["file"]
	kind, ok := assetTypes[path.Ext(name)]
	if !ok || unnamed[name] {
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
	body, err := s.client.open(name + suffix)
	if suffix == "" {
		body, err = s.client.read(name)
	}
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
