package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func textLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// site runs Serve until the test ends, or until stop is called.
type site struct {
	address, admin string
	stop           func() error
	log            *syncBuffer
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func startSite(t *testing.T, opts Options) site {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	logged := &syncBuffer{}
	opts.Addr, opts.AdminAddr = "127.0.0.1:0", "127.0.0.1:0"
	opts.Log = textLog(logged)
	if opts.Datasets == nil {
		opts.Datasets = []*Dataset{testCity(t)}
	}
	addresses := make(chan [2]string, 1)
	opts.Listening = func(addr, admin net.Addr) { addresses <- [2]string{addr.String(), admin.String()} }
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, opts) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	select {
	case at := <-addresses:
		return site{at[0], at[1], stop, logged}
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	}
	panic("unreachable")
}

// TestDrain stops the site while requests are in hand: none is cut off, and
// the datasets are closed after the last one.
func TestDrain(t *testing.T) {
	closed := false
	d := testCity(t)
	d.Close = func() error {
		closed = true
		return nil
	}
	st := startSite(t, Options{Datasets: []*Dataset{d}})
	// A request whose body is still on its way when the site is stopped.
	nc, err := net.Dial("tcp", st.address)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	body := `{"lat":36.3,"lon":139.19}`
	fmt.Fprintf(nc, "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:5])
	waitFor(t, func() bool { return openConnections(t, st.admin) })
	stopped := make(chan error, 1)
	go func() { stopped <- st.stop() }()
	waitFor(t, func() bool {
		probe, err := net.Dial("tcp", st.address)
		if err == nil {
			probe.Close()
		}
		return err != nil
	})
	fmt.Fprint(nc, body[5:])
	res, err := http.ReadResponse(bufio.NewReader(nc), nil)
	if err != nil {
		t.Fatalf("request in hand at shutdown: %v", err)
	}
	if res.StatusCode != http.StatusOK {
		t.Errorf("request in hand at shutdown: %s", res.Status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if !closed {
		t.Error("the dataset is still open after Serve returned")
	}
}

// openConnections asks the metrics, so that the test need not guess when the
// server has seen the request.
func openConnections(t *testing.T, admin string) bool {
	res, err := http.Get("http://" + admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "hazardmap_requests_in_hand 1\n")
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("waited in vain")
}

// TestSlowClientsAreLetGo opens a connection that never finishes its header.
func TestSlowClientsAreLetGo(t *testing.T) {
	s := testServer(t, Options{})
	server := s.httpServer(s)
	server.ReadHeaderTimeout = 50 * time.Millisecond
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := limitListener(inner, 2, newClients(nil), func() {})
	var done sync.WaitGroup
	done.Go(func() { server.Serve(limited) })
	defer done.Wait()
	defer server.Close()
	slow, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	slow.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(slow, "GET / HTTP/1.1\r\nHost: loc")
	if n, err := slow.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("a client that never finishes its header reads %d bytes, %v, want that it is let go", n, err)
	}
}

// TestACrowdIsPaced lets nine come at once where three are taken at once: all
// are, the last of them two pauses after the first, and one who comes later at
// once.
func TestACrowdIsPaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limitListener(&pipes{}, 16, newClients(nil), func() {})
		l.takenAtOnce = 3
		time.Sleep(time.Minute)
		take := func() time.Duration {
			begin := time.Now()
			if _, err := l.Accept(); err != nil {
				t.Fatal(err)
			}
			return time.Since(begin)
		}
		var waits []time.Duration
		for range 9 {
			waits = append(waits, take())
		}
		if want := []time.Duration{0, 0, 0, acceptTime, 0, 0, acceptTime, 0, 0}; !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
		time.Sleep(time.Minute)
		if wait := take(); wait != 0 {
			t.Errorf("one who comes later waits %v", wait)
		}
	})
}

// pipes is a listener with a connection for whoever asks.
type pipes struct{ net.Listener }

// Accept returns a new connection.
func (*pipes) Accept() (net.Conn, error) {
	here, _ := net.Pipe()
	return here, nil
}

// TestLimits sends what is too large.
func TestLimits(t *testing.T) {
	st := startSite(t, Options{})
	tests := []struct {
		name, request string
		want          int
	}{
		{"a header of 64 KB", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431},
		{"a body of 1 MB", "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n" + strings.Repeat("1", 20<<10), 413},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400},
		{"two lengths", "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1", 400},
		{"length and chunks of another coding", "POST /api/v1/risk HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n1", 501},
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			nc, err := net.Dial("tcp", st.address)
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			nc.SetDeadline(time.Now().Add(10 * time.Second))
			go io.WriteString(nc, tt.request)
			res, err := http.ReadResponse(bufio.NewReader(nc), nil)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.want {
				t.Errorf("%s, want %d", res.Status, tt.want)
			}
		})
	}
}

// TestTooMuchAtOnce takes every place and sees the next request refused.
func TestTooMuchAtOnce(t *testing.T) {
	s := testServer(t, Options{})
	for range cap(s.gate.places) {
		s.gate.places <- struct{}{}
	}
	w := ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139.19")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != noStore {
		t.Errorf("with every place taken: %d %v", w.Code, w.Header())
	}
	if w := ask(s, "GET", tileAddress(smallTile)); w.Code != http.StatusOK {
		t.Errorf("a tile, which takes no place: %d", w.Code)
	}
	s.gate.leave()
	if w := ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139.19"); w.Code != http.StatusOK {
		t.Errorf("with a place free: %d", w.Code)
	}
}

// TestSwitchUnderLoad switches the set while tiles are asked for: every answer
// is whole, and every set but the last is closed.
func TestSwitchUnderLoad(t *testing.T) {
	s := testServer(t, Options{})
	var clients sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 2 {
		clients.Go(func() {
			for ctx.Err() == nil {
				if w := ask(s, "GET", tileAddress(largeTile), "Accept-Encoding", "br"); w.Code != http.StatusOK || w.Body.Len() != 9000 {
					t.Errorf("while switching: %d, %d bytes", w.Code, w.Body.Len())
					return
				}
			}
		})
	}
	var closed atomic.Int32
	city := testCity(t)
	for range 50 {
		d := *city
		d.Close = func() error {
			closed.Add(1)
			return nil
		}
		set, err := openAll(ctx, []*Dataset{&d})
		if err != nil {
			t.Fatal(err)
		}
		s.swap(set)
	}
	cancel()
	clients.Wait()
	if n := closed.Load(); n != 49 {
		t.Errorf("%d of 49 sets were closed", n)
	}
}
