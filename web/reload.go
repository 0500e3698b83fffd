package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// Reopen opens the datasets that are to be served now.
type Reopen func(ctx context.Context) ([]*Dataset, error)

// reloads is what became of the newest data.
type reloads struct {
	mu      sync.Mutex // one reload at a time
	refused atomic.Pointer[string]
}

var errNoReload = errors.New("the datasets were opened once and for all")

// reload opens what is to be served now and makes it the current set. What
// cannot be opened is refused, and the set that is served goes on.
func (s *server) reload(ctx context.Context) (changed bool, err error) {
	if s.opts.Reopen == nil {
		return false, errNoReload
	}
	s.reloads.mu.Lock()
	defer s.reloads.mu.Unlock()
	changed, err = s.switchTo(ctx)
	if ctx.Err() == nil {
		s.note(err)
	}
	return changed, err
}

func (s *server) switchTo(ctx context.Context) (changed bool, err error) {
	datasets, err := s.opts.Reopen(ctx)
	if err != nil {
		return false, err
	}
	if s.serves(datasets) {
		return false, closeAll(datasets)
	}
	set, err := openAll(ctx, datasets)
	if err != nil {
		return false, err
	}
	s.swap(set)
	s.metrics.show(set)
	debug.FreeOSMemory() // what the switch took for a moment would stay for minutes
	s.log.Info("datasets switched", "datasets", set.names())
	return true, nil
}

// serves reports whether these are the versions that are served already.
func (s *server) serves(datasets []*Dataset) bool {
	set := s.acquire()
	defer set.release()
	return slices.EqualFunc(set.all, datasets, func(a, b *Dataset) bool {
		return a.ID == b.ID && a.Version == b.Version && a.Expires.Equal(b.Expires)
	})
}

// note tells wherever one looks that the newest data are served, or why not.
func (s *server) note(err error) {
	if err == nil {
		s.reloads.refused.Store(nil)
		s.metrics.ready.Set(1)
		return
	}
	text := err.Error()
	s.reloads.refused.Store(&text)
	s.metrics.ready.Set(0)
	s.metrics.swapped(err)
	s.fault.note(err)
	s.log.Error("newest data refused, the others go on", "err", err)
}

// follow reloads when it is told that something may have changed.
func (s *server) follow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.opts.Changed:
			s.reload(ctx) // noted there
		}
	}
}

// names lists the datasets of a set for people.
func (o *openSet) names() []string {
	var names []string
	for _, d := range o.datasets {
		names = append(names, fmt.Sprintf("%s edition %s version %s", d.ID, d.Edition, d.version))
	}
	return names
}

// reloadNow answers POST /reload of the admin port.
func (s *server) reloadNow(w http.ResponseWriter, r *http.Request) {
	changed, err := s.reload(r.Context())
	switch {
	case errors.Is(err, errNoReload):
		(&problem{status: http.StatusNotFound, detail: err.Error()}).reply().send(w, r)
		return
	case err != nil:
		(&problem{status: http.StatusConflict, detail: err.Error()}).reply().send(w, r)
		return
	}
	set := s.acquire()
	defer set.release()
	body, err := json.Marshal(struct {
		Changed  bool     `json:"changed"`
		Datasets []string `json:"datasets"`
	}{changed, set.names()})
	if err != nil {
		panic(err) // strings and a bool
	}
	jsonReply(noStore, body).send(w, r)
}
