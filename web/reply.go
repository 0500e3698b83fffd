package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// reply is a whole response before anything of it is sent, so that a place in
// the queue is given back before a slow client starts to read.
type reply struct {
	status  int
	header  map[string]string
	body    []byte
	packed  []byte // body as gzip, where it is at hand
	cookies []*http.Cookie
	stream  func(http.ResponseWriter, *http.Request) (status, sent int) // instead of all else: writes as it reads
}

// Values of Cache-Control.
const (
	noStore    = "no-store"
	shortLived = "public, max-age=30, stale-if-error=604800"
	ownShort   = "private, max-age=30" // made for one Host: not for a shared cache
	immutable  = "public, max-age=31536000, immutable"
)

// strictTransport keeps visitors on TLS for a year.
const strictTransport = "max-age=31536000"

// jsonReply answers a program, also one that runs in a page of another site:
// everything here is public.
func jsonReply(cache string, body []byte) reply {
	return reply{status: http.StatusOK, body: body, header: map[string]string{
		"Content-Type": "application/json", "Cache-Control": cache, "Access-Control-Allow-Origin": "*"}}
}

func textReply(status int, text string) reply {
	return reply{status: status, header: map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": noStore}, body: []byte(text + "\n")}
}

func redirect(status int, location string) reply {
	return reply{status: status, header: map[string]string{"Location": location, "Cache-Control": noStore}}
}

// problem is a fault that the client can read: RFC 9457.
type problem struct {
	status     int
	detail     string // "" where the status says it all
	allow      string // methods, for 405
	retryAfter int    // seconds, for 429 and 503

	candidates []candidateJSON // what an unsure text may mean, for 422
}

func (p *problem) Error() string {
	if p.detail == "" {
		return http.StatusText(p.status)
	}
	return p.detail
}

func badRequest(detail string) error { return &problem{status: http.StatusBadRequest, detail: detail} }

func notFound(detail string) error { return &problem{status: http.StatusNotFound, detail: detail} }

// problemOf returns what a client may know of a fault: ours are told without
// their cause.
func problemOf(err error) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	return &problem{status: http.StatusInternalServerError}
}

func (p *problem) reply() reply {
	body, err := json.Marshal(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Detail string `json:"detail,omitempty"`

		Candidates []candidateJSON `json:"candidates,omitempty"`
	}{"about:blank", http.StatusText(p.status), p.status, p.detail, p.candidates})
	if err != nil {
		panic(err) // strings and a number
	}
	rep := jsonReply(noStore, body)
	rep.status = p.status
	rep.header["Content-Type"] = "application/problem+json"
	p.setHeaders(rep.header)
	return rep
}

// setHeaders adds what belongs to the status, whatever the body is.
func (p *problem) setHeaders(header map[string]string) {
	if p.allow != "" {
		header["Allow"] = p.allow
	}
	if p.retryAfter > 0 {
		header["Retry-After"] = strconv.Itoa(p.retryAfter)
	}
}

// compressFrom is the size of a text from which compressing it saves a packet.
const compressFrom = 1400

// send writes the reply and returns how many bytes of body were sent.
func (rep reply) send(w http.ResponseWriter, r *http.Request) int {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if r.TLS != nil {
		h.Set("Strict-Transport-Security", strictTransport)
	}
	for name, value := range rep.header {
		h.Set(name, value)
	}
	for _, c := range rep.cookies {
		http.SetCookie(w, c)
	}
	rep.pack(r)
	body := rep.body
	if rep.compressible() {
		h.Add("Vary", "Accept-Encoding")
		if rep.packed != nil && acceptsGzip(r.Header["Accept-Encoding"]) {
			body = rep.packed
			h.Set("Content-Encoding", "gzip")
		}
	}
	if rep.status != http.StatusNoContent && rep.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(rep.status)
	if r.Method == http.MethodHead || len(body) == 0 {
		return 0
	}
	announce(r.Context(), len(body))
	n, _ := w.Write(body) // the client may be gone: nobody is left to tell
	return n
}

// pack compresses the body where that is worth it and the client takes it.
func (rep *reply) pack(r *http.Request) {
	if rep.packed == nil && len(rep.body) >= compressFrom && rep.compressible() && acceptsGzip(r.Header["Accept-Encoding"]) {
		rep.packed = compress(rep.body)
	}
}

func (rep reply) compressible() bool {
	if rep.header["Content-Encoding"] != "" {
		return false
	}
	kind, _, _ := strings.Cut(rep.header["Content-Type"], ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || kind == "image/svg+xml"
}

var compressors = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, 6)
	if err != nil {
		panic(err) // the level is a constant
	}
	return z
}}

func compress(body []byte) []byte {
	var out bytes.Buffer
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	z.Reset(&out)
	_, err := z.Write(body)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // a bytes.Buffer takes everything
	}
	return out.Bytes()
}
