package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
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
	done.Go(func() { server.Serve(limitListener(inner, 4, newClients(nil), func() {})) })
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
