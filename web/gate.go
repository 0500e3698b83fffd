package web

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
)

// A class says what gives way first when more is asked than can be answered:
// sheets before tiles, tiles before look-ups. What asks whether the server is
// alive never waits.
type class int

const (
	lookup class = iota // answers, pages, search
	tile
	batch // a sheet: many answers in one request
	probe
	classes
)

func (c class) String() string { return [classes]string{"lookup", "tile", "sheet", "probe"}[c] }

// classOf tells the class of a route by its pattern.
func classOf(pattern string) class {
	switch {
	case pattern == risksPattern, pattern == areasPattern, strings.HasPrefix(pattern, "/ogc"):
		return batch
	case pattern == tilePattern:
		return tile
	case pattern == "/healthz", pattern == "/readyz":
		return probe
	}
	return lookup
}

// Bounds of the gate. An answer takes a millisecond or two of one core, so a
// queue of this length is worked off within [patience]; whoever stands further
// back would wait for nothing.
const (
	placesPerCore = 4
	queueLength   = 128
	patience      = 100 * time.Millisecond
	tilesYield    = 32 // look-ups waiting from which tiles give way
	sheetsYield   = 1
)

// gate lets as many answers be made at once as the cores can, and a short
// queue wait. Look-ups alone queue: that some do is the sign by which all else
// gives way, since tiles and sheets are what then keeps the cores busy.
type gate struct {
	places  chan struct{}
	waiting atomic.Int32
}

func newGate() *gate {
	return &gate{places: make(chan struct{}, placesPerCore*runtime.GOMAXPROCS(0))}
}

// open reports whether a request of a class that takes no place may go on.
func (g *gate) open(c class) bool {
	switch c {
	case tile:
		return g.waiting.Load() < tilesYield
	case batch:
		return g.waiting.Load() < sheetsYield
	}
	return true
}

// enter takes a place, which leave gives back, and reports whether it got one.
func (g *gate) enter(ctx context.Context, c class) bool {
	select {
	case g.places <- struct{}{}:
		return true
	default:
	}
	if c != lookup {
		return false
	}
	if g.waiting.Add(1) > queueLength {
		g.waiting.Add(-1)
		return false
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

func (g *gate) leave() { <-g.places }

// sheetPause is how long a sheet in the making stands still for look-ups that
// wait, each time it has written a block.
const sheetPause = 50 * time.Millisecond

// giveWay holds a sheet back while look-ups wait, a while at most, so that it
// ends some day.
func (g *gate) giveWay(ctx context.Context) {
	if g.open(batch) {
		return
	}
	select {
	case <-time.After(sheetPause):
	case <-ctx.Done():
	}
}

// retryAfter spreads those who were refused over some seconds, so that they do
// not all come back at once.
func (s *server) retryAfter() int { return 2 + int(s.refused.Add(1)%5) }

// busy is the fault of a request that found no place.
func (s *server) busy(c class) error {
	s.metrics.shed(c, "busy")
	return &problem{status: http.StatusServiceUnavailable, retryAfter: s.retryAfter()}
}
