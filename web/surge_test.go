package web

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestSurge lets many ask without pause for answers, tiles and sheets: every
// reply is right or tells when to come again, and nothing is left behind.
func TestSurge(t *testing.T) {
	s := testServer(t, Options{})
	s.gate = &gate{places: make(chan struct{}, 1), longest: 4, yield: 1, start: s.gate.start} // a very small machine, which refuses at once
	address := listenMany(t, s)
	targets := []string{"/en/at/36.3,139.19", "/ja/at/36.25,139.1", "/api/v1/risk?lat=36.3&lon=139.19", "/api/v1/risk?lat=36.25&lon=139.1", tileAddress(largeTile), tileAddress(smallTile)}
	want := map[string]string{}
	for _, target := range targets {
		want[target] = ask(s, "GET", target).Body.String()
	}
	s.gate.places <- struct{}{} // the only one: until somebody was turned away
	turnedAway := make(chan struct{}, 1)
	var asking sync.WaitGroup
	for i := range 40 {
		asking.Go(func() {
			surgeClient(t, address, targets, want, turnedAway, rand.New(rand.NewPCG(uint64(i), 9)))
		})
	}
	<-turnedAway
	s.gate.leave()
	asking.Wait()
	if len(s.gate.places) != 0 || s.gate.waiting.Load() != 0 || s.gate.held.Load() != 0 {
		t.Errorf("afterwards %d places are taken, %d wait, %d are held", len(s.gate.places), s.gate.waiting.Load(), s.gate.held.Load())
	}
	for _, target := range targets {
		if w := ask(s, "GET", target); w.Code != http.StatusOK || w.Body.String() != want[target] {
			t.Errorf("afterwards GET %s = %d", target, w.Code)
		}
	}
}

func listenMany(t *testing.T, s *server) (address string) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := s.httpServer(s)
	var done sync.WaitGroup
	done.Go(func() { server.Serve(limitListener(inner, 100, s.clients, s.metrics.connectionRefused)) })
	t.Cleanup(func() {
		server.Close()
		done.Wait()
	})
	return inner.Addr().String()
}

// surgeClient asks over one connection, and in the end for each target until it
// has it. It tells when it was turned away.
func surgeClient(t *testing.T, address string, targets []string, want map[string]string, turnedAway chan<- struct{}, rng *rand.Rand) {
	nc, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return
	}
	defer nc.Close()
	in := bufio.NewReader(nc)
	ask := func(target string) (answered bool) {
		fmt.Fprintf(nc, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", target)
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Errorf("GET %s: %v", target, err)
			return true
		}
		body, err := io.ReadAll(res.Body)
		if err == nil && res.StatusCode == http.StatusServiceUnavailable && res.Header.Get("Retry-After") != "" {
			select {
			case turnedAway <- struct{}{}:
			default:
			}
			return false
		}
		if err != nil || res.StatusCode != http.StatusOK || string(body) != want[target] {
			t.Errorf("GET %s = %s, %d bytes, %v", target, res.Status, len(body), err)
		}
		return true
	}
	for range 20 {
		ask(targets[rng.IntN(len(targets))])
	}
	for _, target := range targets {
		for !ask(target) {
			time.Sleep(time.Millisecond)
		}
	}
}
