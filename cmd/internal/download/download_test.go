package download_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hazardmap/cmd/internal/download"
)

var quick = download.Options{Stall: 2 * time.Second, Pause: time.Millisecond}

func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// cutting serves data and hangs up at the given places.
type cutting struct {
	data []byte
	cuts []int64 // offsets, ascending; each cuts once
	sent atomic.Int64
	next atomic.Int32
}

func (c *cutting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	limit := int64(len(c.data))
	if n := int(c.next.Load()); n < len(c.cuts) {
		limit = c.cuts[n]
	}
	w.Header().Set("ETag", `"one"`)
	http.ServeContent(&cutWriter{w, c, limit}, r, "", time.Time{}, bytes.NewReader(c.data))
}

type cutWriter struct {
	http.ResponseWriter
	c     *cutting
	limit int64
}

func (w *cutWriter) Write(p []byte) (int, error) {
	room := w.limit - w.c.sent.Load()
	if room < int64(len(p)) {
		n, _ := w.ResponseWriter.Write(p[:room])
		w.c.sent.Add(int64(n))
		w.c.next.Add(1)
		http.NewResponseController(w.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	n, err := w.ResponseWriter.Write(p)
	w.c.sent.Add(int64(n))
	return n, err
}

// TestCutTwice: the file arrives whole, and nothing is sent twice.
func TestCutTwice(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		data := random(seed, 3<<20)
		first := r.Int64N(int64(len(data)) / 2)
		c := &cutting{data: data, cuts: []int64{first, first + 1 + r.Int64N(int64(len(data))/2)}}
		server := httptest.NewServer(c)
		f := download.Open(context.Background(), server.URL, quick)
		got, err := io.ReadAll(f)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("seed %d: %d of %d bytes, %v", seed, len(got), len(data), err)
		}
		if sent := c.sent.Load(); float64(sent) > 1.05*float64(len(data)) {
			t.Errorf("seed %d: %d bytes were sent for %d", seed, sent, len(data))
		}
		f.Close()
		server.Close()
	}
}

func TestRefused(t *testing.T) {
	data := random(1, 1<<20)
	half := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "1048576")
		w.Write(data[:len(data)/2])
		panic(http.ErrAbortHandler)
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"absent": {http.NotFound, "404 Not Found"},
		"without length": {func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			w.Write(data)
		}, "does not say how long"},
		"changed meanwhile": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				half(w)
			}
			w.Write(data)
		}, "has changed"},
		"another part": {func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				half(w)
			}
			w.Header().Set("Content-Range", "bytes 0-1/2")
			w.WriteHeader(http.StatusPartialContent)
		}, "bytes 0-1/2"},
		"down for good": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "given up after 0 bytes: 502"},
		"silent":        {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "given up"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tt.answer)
			defer server.Close()
			f := download.Open(context.Background(), server.URL, download.Options{Stall: 100 * time.Millisecond, Pause: time.Millisecond})
			defer f.Close()
			_, err := io.ReadAll(f)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := download.Open(ctx, server.URL, quick)
	defer f.Close()
	if _, err := io.ReadAll(f); err == nil {
		t.Error("a download that was called off ends well")
	}
}
