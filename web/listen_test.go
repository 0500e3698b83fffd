package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestOneWriteKeepsEveryByte sends bodies of every size around the buffer of
// net/http over one connection: each must arrive whole and without waiting
// for the next one.
func TestOneWriteKeepsEveryByte(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	sizes := []int{0, 1, 2047, 2048, 2049, 8192, 60000}
	for n := 3700; n < 4200; n += 1 + rng.IntN(3) {
		sizes = append(sizes, n)
	}
	bodies := map[string][]byte{}
	for _, n := range sizes {
		bodies[fmt.Sprint("/", n)] = noise(rng, n)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bodies[r.URL.Path]
		w.Header()["Content-Length"] = []string{fmt.Sprint(len(body))}
		announce(r.Context(), len(body))
		w.Write(body)
	})
	address := listen(t, handler)
	nc, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	in := bufio.NewReader(nc)
	for path, want := range bodies {
		nc.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprintf(nc, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path)
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("GET %s: %v", path, err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("GET %s = %d bytes, %v; want %d bytes as stored", path, len(got), err, len(want))
		}
	}
}

// TestLastResponseIsWhole: a connection that ends after its answer sends all
// of it.
func TestLastResponseIsWhole(t *testing.T) {
	for _, n := range []int{100, 3900, 4096, 9000} {
		address := listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Length"] = []string{fmt.Sprint(n)}
			announce(r.Context(), n)
			w.Write(make([]byte, n))
		}))
		for _, request := range []string{"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"} {
			nc, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			nc.SetDeadline(time.Now().Add(10 * time.Second))
			fmt.Fprint(nc, request)
			all, err := io.ReadAll(nc)
			nc.Close()
			if _, body, _ := bytes.Cut(all, []byte("\r\n\r\n")); err != nil || len(body) != n {
				t.Errorf("%q: %d of %d bytes, %v", request, len(body), n, err)
			}
		}
	}
}

// listen serves a handler through our listener until the test ends.
func listen(t *testing.T, handler http.Handler) (address string) {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler, ConnContext: withConn}
	var done sync.WaitGroup
	done.Go(func() { server.Serve(limitListener(inner, 4)) })
	t.Cleanup(func() {
		server.Close()
		done.Wait()
	})
	return inner.Addr().String()
}

// countingConn counts the writes that reach it.
type countingConn struct {
	net.Conn
	writes []int
}

func (c *countingConn) Write(p []byte) (int, error) {
	c.writes = append(c.writes, len(p))
	return len(p), nil
}

func TestConnHoldsOnlyWhatIsFollowed(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\n"
	buffer := func(start string) []byte {
		return append([]byte(start), make([]byte, httpBuffer-len(start))...)
	}
	inBuffer := httpBuffer - len(head)
	tests := []struct {
		name      string
		announced int
		first     []byte
		want      int // writes that reach the network at once
	}{
		{"more follows", inBuffer + 1, buffer(head), 0},
		{"exactly full", inBuffer, buffer(head), 1},
		{"nothing announced", 0, buffer(head), 1},
		{"not a full buffer", inBuffer + 1, []byte(head), 1},
		{"no header", inBuffer + 1, buffer("body"), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			network := &countingConn{}
			c := &conn{Conn: network, announced: tt.announced}
			if n, err := c.Write(tt.first); n != len(tt.first) || err != nil {
				t.Fatalf("Write = %d, %v", n, err)
			}
			if len(network.writes) != tt.want {
				t.Errorf("%d writes reached the network, want %d", len(network.writes), tt.want)
			}
			if n, err := c.Write([]byte("rest")); n != 4 || err != nil {
				t.Fatalf("Write of the rest = %d, %v", n, err)
			}
			total := 0
			for _, n := range network.writes {
				total += n
			}
			if total != len(tt.first)+4 || c.held != nil {
				t.Errorf("%d bytes reached the network, want %d; held %v", total, len(tt.first)+4, c.held != nil)
			}
		})
	}
}

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
	limited := limitListener(inner, 2)
	var done sync.WaitGroup
	done.Go(func() { server.Serve(limited) })
	defer done.Wait()
	defer server.Close()
	for range 2 {
		slow, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		fmt.Fprint(slow, "GET / HTTP/1.1\r\nHost: loc")
	}
	// Both places are taken: the third client is answered once they are let go.
	res, err := http.Get("http://" + inner.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("after slow clients: %s", res.Status)
	}
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
	for range cap(s.slots) {
		s.slots <- struct{}{}
	}
	w := ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139.19")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != noStore {
		t.Errorf("with every place taken: %d %v", w.Code, w.Header())
	}
	if w := ask(s, "GET", tileAddress(smallTile)); w.Code != http.StatusOK {
		t.Errorf("a tile, which takes no place: %d", w.Code)
	}
	<-s.slots
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
