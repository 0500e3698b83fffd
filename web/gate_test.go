package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hazardmap/i18n"
)

// TestGateLetsLookupsWait: look-ups queue and are let in one by one, the queue
// ends, and nobody waits longer than is of use.
func TestGateLetsLookupsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		for range cap(g.places) {
			if !g.enter(t.Context(), lookup) {
				t.Fatal("no place in an empty gate")
			}
		}
		var let, turned atomic.Int32
		var asking sync.WaitGroup
		for range g.longest + 10 {
			asking.Go(func() {
				if g.enter(t.Context(), lookup) {
					let.Add(1)
				} else {
					turned.Add(1)
				}
			})
		}
		synctest.Wait()
		if n := turned.Load(); n != 10 {
			t.Errorf("%d of %d were turned away at once, want 10", n, g.longest+10)
		}
		if g.open(tile) || g.open(batch) || !g.open(lookup) || !g.open(probe) {
			t.Error("while look-ups wait, tiles and sheets give way and nothing else")
		}
		if g.enter(t.Context(), batch) {
			t.Error("a sheet came in before the look-ups that wait")
		}
		for range 5 {
			g.leave()
		}
		synctest.Wait()
		if n := let.Load(); n != 5 {
			t.Errorf("%d came in for 5 places", n)
		}
		time.Sleep(patience + time.Millisecond)
		synctest.Wait()
		if n := turned.Load(); n != g.longest+5 || g.waiting.Load() != 0 {
			t.Errorf("after %v %d were turned away and %d still wait", patience, n, g.waiting.Load())
		}
		if !g.open(tile) || !g.open(batch) {
			t.Error("tiles and sheets stay out although nobody waits")
		}
		asking.Wait()
	})
}

// TestGateForgetsWhoLeft: a client that goes away gives its place in the queue
// back.
func TestGateForgetsWhoLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		for range cap(g.places) {
			g.enter(t.Context(), lookup)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		asking.Go(func() {
			if g.enter(ctx, lookup) {
				t.Error("a client that left came in")
			}
		})
		synctest.Wait()
		cancel()
		asking.Wait()
		if n := g.waiting.Load(); n != 0 {
			t.Errorf("%d wait", n)
		}
	})
}

// TestRefusalsAreSpread: the first comes at once, each further one has its
// turn, and none is held for longer than a while.
func TestRefusalsAreSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate()
		begin := time.Now()
		for i := range 50 {
			g.hold(t.Context(), &problem{retryAfter: 2})
			if got, want := time.Since(begin), max(0, time.Duration(i)*g.refusalTime); got != want {
				t.Fatalf("refusal %d comes after %v, want %v", i, got, want)
			}
		}
		var asking sync.WaitGroup
		longest := atomic.Int64{}
		for range 4 * holdMost {
			asking.Go(func() {
				from := time.Now()
				g.hold(t.Context(), &problem{retryAfter: 2})
				if took := int64(time.Since(from)); took > longest.Load() {
					longest.Store(took)
				}
			})
		}
		synctest.Wait()
		if n := g.held.Load(); n > holdMost {
			t.Errorf("%d are held, want at most %d", n, holdMost)
		}
		asking.Wait()
		if got := time.Duration(longest.Load()); got > holdLongest || g.held.Load() != 0 {
			t.Errorf("one was held for %v, %d are still", got, g.held.Load())
		}
	})
}

// TestEveryRouteHasItsClass names the routes that are no look-ups.
func TestEveryRouteHasItsClass(t *testing.T) {
	want := map[string]class{"/healthz": probe, "/readyz": probe, risksPattern: batch, areasPattern: batch, tilePattern: tile,
		"/{lang}/plan/sheet": batch, "/{lang}/plan/area": batch}
	for _, rt := range testServer(t, Options{}).routes() {
		got := classOf(rt.pattern)
		if strings.HasPrefix(rt.pattern, "/ogc") || strings.HasPrefix(rt.pattern, "/bundles") {
			want[rt.pattern] = layer
		}
		if got != want[rt.pattern] {
			t.Errorf("classOf(%s) = %v, want %v", rt.pattern, got, want[rt.pattern])
		}
	}
}

// TestSheetsThenTilesThenLookups fills the server step by step.
func TestSheetsThenTilesThenLookups(t *testing.T) {
	s := testServer(t, Options{})
	const answer, batch = "/api/v1/risk?lat=36.3&lon=139.19", "/api/v1/risks"
	tag := ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", "gzip").Header().Get("Etag")
	steps := []struct {
		name                         string
		waiting                      int32
		full                         bool
		sheet, tile, unchanged, look int
	}{
		{"quiet", 0, false, 200, 200, 304, 200},
		{"a look-up waits", 1, false, 503, 200, 304, 200},
		{"many look-ups wait", s.gate.yield, false, 503, 503, 304, 200},
		{"the queue is full", s.gate.longest, true, 503, 503, 304, 503},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			s.gate.waiting.Store(step.waiting)
			if step.full {
				for range cap(s.gate.places) {
					s.gate.places <- struct{}{}
				}
			}
			got := []int{post(s, batch, "text/csv", "lat,lon\n36.3,139.19\n").Code, ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", "gzip").Code,
				ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", "gzip", "If-None-Match", tag).Code, ask(s, "GET", answer).Code}
			want := []int{step.sheet, step.tile, step.unchanged, step.look}
			for i, name := range []string{"a sheet", "a tile", "a tile not modified", "a look-up"} {
				if got[i] != want[i] {
					t.Errorf("%s is answered %d, want %d", name, got[i], want[i])
				}
			}
			if w := ask(s, "GET", "/readyz"); w.Code != http.StatusOK {
				t.Errorf("/readyz is answered %d", w.Code)
			}
		})
	}
}

// TestBusyPages: people who are turned away read in their language what to do.
func TestBusyPages(t *testing.T) {
	s := testServer(t, Options{})
	for range cap(s.gate.places) {
		s.gate.places <- struct{}{}
	}
	s.gate.waiting.Store(s.gate.longest)
	ask := func(target string, header ...string) string {
		t.Helper()
		w := ask(s, "GET", target, header...)
		h := w.Header()
		if w.Code != http.StatusServiceUnavailable || h.Get("Retry-After") == "" || h.Get("Cache-Control") != noStore || h.Get("Content-Security-Policy") == "" || w.Body.Len() > 2000 {
			t.Errorf("GET %s = %d %v, %d bytes", target, w.Code, h, w.Body.Len())
		}
		return w.Body.String()
	}
	for _, lang := range i18n.Langs() {
		page := ask("/" + string(lang) + "/at/36.3,139.19")
		if leave := i18n.For(lang).T("busy.leave"); lang != i18n.EasyJapanese && !strings.Contains(page, leave) {
			t.Errorf("%s: %q is missing in %s", lang, leave, page)
		}
		if strings.Contains(page, "36.3") {
			t.Errorf("%s: the page names the place", lang)
		}
	}
	if page := ask("/", "Accept-Language", "vi"); !strings.Contains(page, `lang="vi"`) {
		t.Errorf("a Vietnamese browser reads %s", page)
	}
}
