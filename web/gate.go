package web

import (
	"context"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"hazardmap/web/ogc"
)

// A class says what gives way first when more is asked than can be answered:
// sheets and layers before tiles, tiles before look-ups. What asks whether the server is
// alive never waits.
type class int

const (
	lookup class = iota // answers, pages, search
	tile
	batch // a sheet: many answers in one request
	layer // zones and shelters for programs, by the page; bundles for other machines
	probe
	classes
)

func (c class) String() string {
	return [classes]string{"lookup", "tile", "sheet", "layer", "probe"}[c]
}

// classOf tells the class of a route by its pattern.
func classOf(pattern string) class {
	switch {
	case pattern == risksPattern, pattern == areasPattern, pattern == planSheetPattern, pattern == planAreaPattern:
		return batch
	case strings.HasPrefix(pattern, ogc.Root), strings.HasPrefix(pattern, bundlesPrefix):
		return layer
	case pattern == tilePattern:
		return tile
	case pattern == "/healthz", pattern == "/readyz":
		return probe
	}
	return lookup
}

// Bounds of the gate, for each core. An answer takes a millisecond or two, so
// the queue is worked off within [patience]; whoever stood further back would
// wait for nothing.
const (
	placesPerCore = 4
	queuePerCore  = 32
	yieldPerCore  = 8 // look-ups waiting from which tiles give way
	patience      = 75 * time.Millisecond
)

// Bounds of refusals. One costs about a twentieth of an answer, so ten times
// too many requests would leave no time for answers if all were refused at
// once: more than so many a second are held for a while, which also keeps
// those who ask again and again from asking sooner.
const (
	refusalsPerCore = 1000 // a second
	holdLongest     = 2 * time.Second
	holdMost        = 4096 // at once
)

// gate lets as many answers be made at once as the cores can, and a short
// queue wait. Look-ups alone queue: that some do is the sign by which all else
// gives way, since tiles and sheets are what then keeps the cores busy.
type gate struct {
	places  chan struct{}
	waiting atomic.Int32
	longest int32 // queue
	yield   int32

	start       time.Time
	refusalTime time.Duration // between two refusals
	nextRefusal atomic.Int64  // since start
	held        atomic.Int32
}

func newGate() *gate {
	cores := runtime.GOMAXPROCS(0)
	return &gate{places: make(chan struct{}, placesPerCore*cores), longest: int32(queuePerCore * cores), yield: int32(yieldPerCore * cores),
		start: time.Now(), refusalTime: time.Second / time.Duration(refusalsPerCore*cores)}
}

// full reports whether nobody is let in or may wait.
func (g *gate) full() bool { return g.waiting.Load() >= g.longest }

// open reports whether a request of a class that takes no place may go on.
func (g *gate) open(c class) bool {
	switch c {
	case tile:
		return g.waiting.Load() < g.yield
	case batch, layer:
		return g.waiting.Load() == 0
	}
	return true
}

// enter takes a place, which leave gives back, and reports whether it got one.
func (g *gate) enter(ctx context.Context, c class) bool {
	select {
	case g.places <- struct{}{}:
		letCome()
		return true
	default:
	}
	if c != lookup {
		return false
	}
	if g.waiting.Add(1) > g.longest {
		g.waiting.Add(-1)
		return false
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case g.places <- struct{}{}:
		letCome()
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// letCome lets those who have asked meanwhile come to the gate before a work
// begins. Else they would queue in the scheduler, where the gate does not see
// them: behind all who wait here, since whoever is woken goes before whoever
// is heard from the network.
func letCome() { runtime.Gosched() }

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

// hold keeps a refusal back until its turn has come, and no other fault.
func (g *gate) hold(ctx context.Context, p *problem) {
	if p.retryAfter == 0 {
		return
	}
	wait := g.untilRefusal()
	if wait <= 0 {
		return
	}
	defer g.held.Add(-1)
	if g.held.Add(1) > holdMost {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// untilRefusal takes the next turn, or none where that is too far away.
func (g *gate) untilRefusal() time.Duration {
	now := time.Since(g.start)
	for {
		next := g.nextRefusal.Load()
		turn := max(time.Duration(next), now)
		if turn-now > holdLongest {
			return holdLongest
		}
		if g.nextRefusal.CompareAndSwap(next, int64(turn+g.refusalTime)) {
			return turn - now
		}
	}
}

// retryAfter spreads those who were refused over some seconds, so that they do
// not all come back at once.
func (s *server) retryAfter() int { return 2 + int(s.refused.Add(1)%5) }

// turnAway answers while the queue is full, before the route is looked for:
// nine of ten requests of a surge end here.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request) {
	p := problemOf(s.busy(classOf(r.URL.Path)))
	s.gate.hold(r.Context(), p)
	s.nowhere(r, p).send(w, r)
}

// busy is the fault of a request that found no place.
func (s *server) busy(c class) error {
	s.metrics.shed(c, "busy")
	return &problem{status: http.StatusServiceUnavailable, retryAfter: s.retryAfter()}
}
