package web

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"

	"hazardmap/i18n"
)

// server answers requests from the current set of datasets.
type server struct {
	opts          Options
	log           *slog.Logger
	current       atomic.Pointer[openSet]
	before        atomic.Pointer[tileShelf] // the tiles of the set before; may be nil
	reloads       reloads
	draining      atomic.Bool
	started       time.Time
	fault         lastFault
	gate          *gate
	clients       *clients
	refused       atomic.Uint64 // requests that were told to come again
	tls           *tls.Config   // nil without a certificate
	batches       chan struct{} // one for each sheet that may be in the making
	areasInHand   chan struct{} // one for each question about areas
	layers        chan struct{} // one for each layer that may be read out
	bundlesInHand chan struct{} // one for each bundle that may be sent
	router        *mux.Router
	metrics       *metrics
	inflater      *inflater
	origin        *origin
	policy        string // Content-Security-Policy of pages
	client        *client
	busyPages     map[i18n.Lang]busyPage
	icons         map[string]func() ([]byte, error)
}

// newServer makes the datasets ready to be served. After an error they are
// closed.
func newServer(ctx context.Context, opts Options) (*server, error) {
	s, err := unopened(opts)
	if err != nil {
		return nil, errors.Join(err, closeAll(opts.Datasets))
	}
	set, err := openAll(ctx, opts.Datasets)
	if err != nil {
		return nil, err
	}
	s.swap(set)
	s.metrics.show(set)
	s.note(opts.Refused)
	s.router = s.newRouter()
	return s, nil
}

// unopened is the server without its datasets.
func unopened(opts Options) (*server, error) {
	if opts.Addr == "" {
		opts.Addr = "localhost:8080"
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	origin, err := newOrigin(opts)
	if err != nil {
		return nil, err
	}
	client, err := openClient(clientFiles)
	if err != nil {
		return nil, err
	}
	s := &server{
		opts:          opts,
		log:           opts.Log,
		started:       time.Now(),
		gate:          newGate(),
		clients:       newClients(opts.Proxies),
		busyPages:     busyPages(),
		icons:         drawnIcons(),
		batches:       make(chan struct{}, batchesAtOnce),
		areasInHand:   make(chan struct{}, areasAtOnce),
		layers:        make(chan struct{}, layersAtOnce),
		bundlesInHand: make(chan struct{}, bundlesAtOnce),
		metrics:       newMetrics(),
		inflater:      newInflater(),
		origin:        origin,
		policy:        contentPolicy(origin.base, opts.Kiosk),
		client:        client,
	}
	if opts.Following != nil {
		s.metrics.watchFollowing(opts.Following)
	}
	s.tls, err = s.tlsConfig()
	return s, err
}

// openAll lays the tiles of every dataset out. After an error all are closed.
func openAll(ctx context.Context, datasets []*Dataset) (*openSet, error) {
	tilesets := map[string]*tileset{}
	set := &openSet{all: datasets, tilesets: tilesets, shelf: &tileShelf{tilesets: tilesets}}
	set.shelf.users.Store(1)
	if len(datasets) == 0 {
		return nil, errors.New("no dataset to serve")
	}
	for _, d := range datasets {
		if err := set.openDataset(ctx, d); err != nil {
			return nil, errors.Join(err, set.close())
		}
	}
	set.planners = set.openPlanners()
	return set, nil
}

// ServeHTTP answers tiles before any router.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if len(r.TransferEncoding) > 0 && r.ProtoMajor == 1 {
		// It may have had a length, too, of which nothing is left here. What a
		// proxy took for its body would then be the next request: RFC 9112, 6.1.
		w.Header().Set("Connection", "close")
	}
	if p, ok := parseTilePath(r.URL.Path); ok {
		s.serveTile(w, r, p)
		return
	}
	if s.gate.full() && classOf(r.URL.Path) != probe {
		s.turnAway(w, r)
		return
	}
	s.router.ServeHTTP(w, r)
}

// close lets go of the datasets.
func (s *server) close() error {
	set := s.current.Load()
	set.release()
	if before := s.before.Load(); before != nil {
		return errors.Join(set.closeErr, before.release())
	}
	return set.closeErr
}
