package web

import (
	"encoding/hex"
	"net/http"
	"strconv"
)

const tilePattern = "/tiles/{set}/{version}/{z}/{x}/{y}"

// Header values that never change: one slice for all responses.
var (
	headerGzip      = []string{"gzip"}
	headerImmutable = []string{immutable}
	headerVary      = []string{"Accept-Encoding"}
	headerNosniff   = []string{"nosniff"}
	headerAnyOrigin = []string{"*"}
)

// serveTile answers a tile: no SQL, no compression, no log line, and the body
// is not touched before the tags have been compared.
func (s *server) serveTile(w http.ResponseWriter, r *http.Request, p tilePath) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		s.refuseTile(w, r, &problem{status: http.StatusMethodNotAllowed, allow: "GET, HEAD"})
		return
	}
	if r.URL.RawQuery != "" || r.URL.ForceQuery || r.URL.RawPath != "" {
		s.refuseTile(w, r, &problem{status: http.StatusBadRequest, detail: "a tile's address has no query and no escapes"})
		return
	}
	if !p.ok {
		s.refuseTile(w, r, &problem{status: http.StatusBadRequest, detail: "want ZOOM/COLUMN/ROW as whole numbers, column and row below 2^ZOOM"})
		return
	}
	set := s.acquire()
	defer set.release()
	t := set.tilesets[p.set]
	if t == nil {
		if before := s.tilesBefore(); before != nil {
			defer before.release()
			t = before.tilesets[p.set]
		}
	}
	if t == nil || p.ext != t.format.ext {
		s.refuseTile(w, r, &problem{status: http.StatusNotFound, detail: "no such tileset, version or format"})
		return
	}
	body, hash, ok := t.pack.find(p.id)
	if ok {
		s.sendTile(w, r, t, body, hash)
		return
	}
	if !t.windows[p.id.Z].holds(p.id) {
		s.refuseTile(w, r, &problem{status: http.StatusNotFound, detail: "the tileset does not cover this tile"})
		return
	}
	h := w.Header()
	h["Cache-Control"] = headerImmutable
	h["Access-Control-Allow-Origin"] = headerAnyOrigin
	w.WriteHeader(http.StatusNoContent)
	s.metrics.tile(http.StatusNoContent, 0)
}

func (s *server) sendTile(w http.ResponseWriter, r *http.Request, t *tileset, body []byte, hash uint64) {
	h := w.Header()
	suffix := byte(0)
	if t.format.vector {
		h["Vary"] = headerVary
		suffix = 'i'
		if acceptsGzip(r.Header["Accept-Encoding"]) {
			suffix = 'g'
		}
	}
	values := new([2]string) // the slices of both headers in one allocation
	values[0] = entityTag(hash, suffix)
	h["Etag"] = values[0:1:1]
	h["Cache-Control"] = headerImmutable
	h["Access-Control-Allow-Origin"] = headerAnyOrigin
	if matches(r.Header["If-None-Match"], values[0]) {
		w.WriteHeader(http.StatusNotModified)
		s.metrics.tile(http.StatusNotModified, 0)
		return
	}
	if err := s.tileRefused(r); err != nil {
		clear(h)
		s.refuseTile(w, r, err)
		return
	}
	h["Content-Type"] = t.format.contentType
	h["X-Content-Type-Options"] = headerNosniff
	switch {
	case suffix == 'g':
		h["Content-Encoding"] = headerGzip
	case suffix == 'i' && r.Method != http.MethodHead:
		raw, err := s.inflater.inflate(r.Context(), body)
		if err != nil {
			clear(h)
			s.refuseTile(w, r, err)
			return
		}
		body = raw
	}
	if suffix != 'i' || r.Method != http.MethodHead { // the length of what was not inflated is not known
		values[1] = strconv.Itoa(len(body))
		h["Content-Length"] = values[1:2:2]
	}
	w.WriteHeader(http.StatusOK)
	sent := 0
	if r.Method != http.MethodHead {
		announce(r.Context(), len(body))
		sent, _ = w.Write(body) // the client may be gone: nobody is left to tell
	}
	s.metrics.tile(http.StatusOK, sent)
}

// tileRefused says why a tile is not sent now: look-ups wait, or its client has
// had its share.
func (s *server) tileRefused(r *http.Request) error {
	if !s.gate.open(tile) {
		return s.busy(tile)
	}
	return s.admit(r, tile)
}

// entityTag writes a strong ETag: the hash of the stored bytes and a letter
// for the representation, so that two encodings never share a tag.
func entityTag(hash uint64, suffix byte) string {
	var hashBytes [8]byte
	for i := range hashBytes {
		hashBytes[i] = byte(hash >> (56 - 8*i))
	}
	var tag [20]byte
	tag[0] = '"'
	n := 1 + hex.Encode(tag[1:], hashBytes[:])
	if suffix != 0 {
		tag[n], tag[n+1] = '-', suffix
		n += 2
	}
	tag[n] = '"'
	return string(tag[:n+1])
}

func (s *server) refuseTile(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	s.gate.hold(r.Context(), p)
	sent := p.reply().send(w, r)
	s.metrics.tile(p.status, sent)
}
