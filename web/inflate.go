package web

import (
	"bytes"
	"context"
	"net/http"
	"runtime"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// inflater undoes the compression of tiles for the rare client that takes
// none. Only so many work at once, so they cannot slow the others down.
type inflater struct{ places chan struct{} }

func newInflater() *inflater { return &inflater{places: make(chan struct{}, runtime.GOMAXPROCS(0))} }

func (f *inflater) inflate(ctx context.Context, body []byte) ([]byte, error) {
	select {
	case f.places <- struct{}{}:
	case <-ctx.Done():
		return nil, &problem{status: http.StatusServiceUnavailable, retryAfter: 1}
	}
	defer func() { <-f.places }()
	return gunzip(body)
}

var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

func gunzip(body []byte) ([]byte, error) {
	z := gzipReaders.Get().(*gzip.Reader)
	defer gzipReaders.Put(z)
	if err := z.Reset(bytes.NewReader(body)); err != nil {
		return nil, err
	}
	return readTile(z)
}
