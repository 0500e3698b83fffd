package web

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestBeats: the manager hears of a server that answers or refuses, and not of
// one that hangs.
func TestBeats(t *testing.T) {
	var beats atomic.Int32
	s := testServer(t, Options{Beat: func() { beats.Add(1) }, BeatEvery: time.Second})
	if !s.answers(t.Context()) {
		t.Error("a quiet server does not answer")
	}
	s.gate.waiting.Store(s.gate.longest)
	if !s.answers(t.Context()) {
		t.Error("a server in a surge counts as dead")
	}
	s.gate.waiting.Store(0)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second+500*time.Millisecond)
		defer cancel()
		s.beats(ctx)
	})
	if n := beats.Load(); n != 10 {
		t.Errorf("%d beats in ten seconds, want 10", n)
	}
}
