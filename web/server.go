package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/gorilla/mux"
)

// server answers requests from the current set of datasets.
type server struct {
	opts     Options
	log      *slog.Logger
	current  atomic.Pointer[openSet]
	draining atomic.Bool
	places   chan struct{} // one for each answer that may be in the making
	router   *mux.Router
	metrics  *metrics
	inflater *inflater
	origin   *origin
}

// answersAtOnce bounds how many answers are in the making. Each takes about a
// millisecond, so a longer queue would only make everybody wait.
const answersAtOnce = 256

func newServer(ctx context.Context, opts Options) (*server, error) {
	if opts.Addr == "" {
		opts.Addr = "localhost:8080"
	}
	origin, err := newOrigin(opts)
	if err != nil {
		return nil, err
	}
	s := &server{
		opts:     opts,
		log:      opts.Log,
		places:   make(chan struct{}, answersAtOnce),
		metrics:  newMetrics(),
		inflater: newInflater(),
		origin:   origin,
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	set, err := openAll(ctx, opts.Datasets)
	if err != nil {
		return nil, err
	}
	s.swap(set)
	s.metrics.show(set)
	s.router = s.newRouter()
	return s, nil
}

// openAll lays the tiles of every dataset out. The datasets are closed if one
// cannot be served.
func openAll(ctx context.Context, datasets []*Dataset) (*openSet, error) {
	set := &openSet{datasets: datasets, tilesets: map[string]*tileset{}}
	if len(datasets) == 0 {
		return nil, errors.New("no dataset to serve")
	}
	for _, d := range datasets {
		for name, archive := range d.Archives {
			address := name + "/" + d.Version
			if _, taken := set.tilesets[address]; taken {
				return nil, errors.Join(fmt.Errorf("dataset %s: version %s is there twice", d.ID, d.Version), set.close())
			}
			t, err := openTileset(ctx, archive)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("dataset %s: %s: %w", d.ID, name, err), set.close())
			}
			set.tilesets[address] = t
		}
	}
	return set, nil
}

// ServeHTTP answers tiles before any router.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p, ok := parseTilePath(r.URL.Path); ok {
		s.serveTile(w, r, p)
		return
	}
	s.router.ServeHTTP(w, r)
}

// close lets go of the datasets.
func (s *server) close() error {
	set := s.current.Load()
	set.release()
	return set.closeErr
}
