package web

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/web/ogc"
)

// openSet is what is served at one moment. Its tiles and its answers are
// switched together, so the map and the words never disagree.
type openSet struct {
	all      []*Dataset
	datasets []*served
	tilesets map[string]*tileset // by "{set}/{version}", as in a tile's address
	shelf    *tileShelf          // holds them
	kept     pageCache
	planners *ogc.Service
	users    atomic.Int64 // requests that use it, plus one while it is the current one
	once     sync.Once
	closeErr error
	closing  atomic.Bool
	work     sync.WaitGroup
}

// prepare makes the drawn maps ready while the first visitors are served.
func (o *openSet) prepare() {
	o.work.Go(func() {
		for _, d := range o.datasets {
			d.pages.PrepareMaps(o.closing.Load)
		}
	})
}

// release gives the set back; the last one out closes it.
func (o *openSet) release() {
	if o.users.Add(-1) == 0 {
		o.once.Do(func() { o.closeErr = o.close() })
	}
}

func (o *openSet) close() error {
	o.closing.Store(true)
	o.work.Wait()
	return errors.Join(o.shelf.release(), closeAll(o.all))
}

// tileShelf holds the tiles of a set, which outlive it: a map that is open when the
// set is switched goes on asking for them, and a map without its zones would
// look safe.
type tileShelf struct {
	tilesets map[string]*tileset
	users    atomic.Int64 // requests, plus one each for its set and for being the shelf before
	once     sync.Once
}

// release gives the shelf back; the last one out closes it.
func (h *tileShelf) release() error {
	var errs []error
	if h.users.Add(-1) == 0 {
		h.once.Do(func() {
			for _, t := range h.tilesets {
				errs = append(errs, t.pack.close())
			}
		})
	}
	return errors.Join(errs...)
}

func closeAll(datasets []*Dataset) error {
	var errs []error
	for _, d := range datasets {
		if d.Close != nil {
			errs = append(errs, d.Close())
		}
	}
	return errors.Join(errs...)
}

// at returns the dataset to ask about a position: the one whose area holds it,
// else the first whose bounds do, else the first, which then has no data.
func (o *openSet) at(p geo.Point) *served {
	var near *served
	for _, d := range o.datasets {
		if !d.Bounds.Contains(orb.Point{p.Lon, p.Lat}) {
			continue
		}
		if d.Index.InArea(p.E7()) {
			return d
		}
		if near == nil {
			near = d
		}
	}
	if near == nil {
		return o.datasets[0]
	}
	return near
}

// acquire returns the current set; the caller releases it.
func (s *server) acquire() *openSet {
	for {
		set := s.current.Load()
		set.users.Add(1)
		if set == s.current.Load() {
			return set
		}
		set.release() // switched in between: it may be closed already
	}
}

// tilesBefore returns the tiles of the set before the current one, nil if there
// was none; the caller releases them.
func (s *server) tilesBefore() *tileShelf {
	for {
		before := s.before.Load()
		if before == nil {
			return nil
		}
		before.users.Add(1)
		if before == s.before.Load() {
			return before
		}
		before.release() // as in acquire
	}
}

// swap makes a set the current one and lets go of the one before, but for its
// tiles.
func (s *server) swap(set *openSet) {
	set.users.Add(1)
	set.prepare()
	before := s.current.Swap(set)
	if before == nil {
		return
	}
	s.metrics.swapped(nil)
	before.shelf.users.Add(1)
	if last := s.before.Swap(before.shelf); last != nil {
		s.closed(last.release())
	}
	before.release()
}

// closed tells of what could not be closed, which nobody waits for.
func (s *server) closed(err error) {
	if err != nil {
		s.log.Warn("tiles not closed", "err", err)
	}
}
