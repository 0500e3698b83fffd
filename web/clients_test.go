package web

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// TestAllowance: what is given at once, then by the second, and never more
// than that in any stretch of time.
func TestAllowance(t *testing.T) {
	var a allowance
	given := 0
	for a.take(0, 1) {
		given++
	}
	if given != unitsAtOnce {
		t.Errorf("%d units at once, want %d", given, unitsAtOnce)
	}
	if a.take(time.Second/unitsPerSecond-1, 1) || !a.take(time.Second/unitsPerSecond, 1) {
		t.Error("the next unit is not given when its time has come")
	}
	if a.take(time.Second, unitsPerSecond) || !a.take(time.Second, unitsPerSecond-1) {
		t.Error("after a second there are not the units of a second")
	}
	for range 2 * unitsAtOnce {
		a.take(time.Hour, 1)
	}
	if a.take(time.Hour, 1) || !a.take(2*time.Hour, unitsAtOnce) {
		t.Error("an hour gives more or less than a full bucket")
	}
}

// TestClientsAreBounded: a million addresses leave a bounded table, in which
// the one that asks all the time keeps its own bucket.
func TestClientsAreBounded(t *testing.T) {
	c := newClients(nil)
	steady := netip.MustParseAddr("198.51.100.7")
	own := c.of(steady)
	for i := range uint32(1 << 20) {
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], 0x0a000000+i)
		c.of(netip.AddrFrom4(b))
		if i%1000 == 0 && c.of(steady) != own {
			t.Fatalf("after %d others the client has a new bucket", i)
		}
	}
	if n := len(c.young) + len(c.old); n > clientsKept {
		t.Errorf("%d clients are kept, want at most %d", n, clientsKept)
	}
}

func TestWhoIsOneClient(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"198.51.100.7", "198.51.100.7", true},
		{"198.51.100.7", "198.51.100.8", false},
		{"198.51.100.7", "::ffff:198.51.100.7", true},
		{"2001:db8:1:200::1", "2001:db8:1:2ff:ffff::1", true},
		{"2001:db8:1:200::1", "2001:db8:1:300::1", false},
		{"fe80::1%eth0", "fe80::2%eth1", true},
	}
	c := newClients(nil)
	for _, tt := range tests {
		if got := c.of(netip.MustParseAddr(tt.a)) == c.of(netip.MustParseAddr(tt.b)); got != tt.same {
			t.Errorf("%s and %s are one client: %v", tt.a, tt.b, got)
		}
	}
	for _, own := range []string{"127.0.0.1", "::1", "::ffff:127.0.0.1"} {
		if c.of(netip.MustParseAddr(own)) != nil {
			t.Errorf("%s is limited", own)
		}
	}
}

// TestWhoAsksThroughAProxy: X-Forwarded-For counts from a proxy of ours only,
// and of it only what the proxy itself has written.
func TestWhoAsksThroughAProxy(t *testing.T) {
	c := newClients([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")})
	tests := []struct {
		name, from, header, want string
	}{
		{"no proxy", "198.51.100.7", "", "198.51.100.7"},
		{"a stranger's claim", "198.51.100.7", "203.0.113.1", "198.51.100.7"},
		{"through the proxy", "10.0.0.9", "203.0.113.1", "203.0.113.1"},
		{"a claim passed on", "10.0.0.9", "192.0.2.66, 203.0.113.1", "203.0.113.1"},
		{"two proxies", "10.0.0.9", "203.0.113.1, 10.0.0.8", "203.0.113.1"},
		{"nothing said", "10.0.0.9", "", ""},
		{"no address", "10.0.0.9", "203.0.113.1, unknown", ""},
		{"a proxy for itself", "10.0.0.9", "10.0.0.8", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from := netip.MustParseAddr(tt.from)
			r := httptest.NewRequest("GET", "/", nil)
			r = r.WithContext(withConn(r.Context(), &conn{client: c.of(from), proxied: c.proxy(from)}))
			if tt.header != "" {
				r.Header.Set("X-Forwarded-For", tt.header)
			}
			var want *allowance
			if tt.want != "" {
				want = c.of(netip.MustParseAddr(tt.want))
			}
			if got := c.asking(r); got != want {
				t.Errorf("asking(%s, %q) is not %q", tt.from, tt.header, tt.want)
			}
		})
	}
}

// TestOneClientAsksTooMuch: it is turned away for tiles and answers, is still
// told what did not change, and nobody else notices.
func TestOneClientAsksTooMuch(t *testing.T) {
	s := testServer(t, Options{})
	from := func(client *allowance) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.ServeHTTP(w, r.WithContext(withConn(r.Context(), &conn{client: client})))
		})
	}
	greedy, other := new(allowance), new(allowance)
	tag := ask(from(greedy), "GET", tileAddress(largeTile)).Header().Get("Etag")
	for greedy.take(time.Since(s.clients.start), 1) {
	}
	greedy.fullAt.Add(int64(time.Hour)) // a slow test earns nothing
	tests := []struct {
		client *allowance
		target string
		header []string
		want   int
	}{
		{greedy, tileAddress(largeTile), nil, 429},
		{greedy, tileAddress(largeTile), []string{"If-None-Match", tag}, 304},
		{greedy, "/api/v1/risk?lat=36.3&lon=139.19", nil, 429},
		{greedy, "/en/at/36.3,139.19", nil, 429},
		{greedy, "/healthz", nil, 200},
		{other, tileAddress(largeTile), nil, 200},
		{other, "/en/at/36.3,139.19", nil, 200},
	}
	for _, tt := range tests {
		w := ask(from(tt.client), "GET", tt.target, tt.header...)
		if w.Code != tt.want || (w.Code == 429) != (w.Header().Get("Retry-After") != "") {
			t.Errorf("GET %s %v = %d %v, want %d", tt.target, tt.header, w.Code, w.Header(), tt.want)
		}
	}
}

// TestOneAddressHasItsShare opens more connections than one address may hold.
func TestOneAddressHasItsShare(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	limits := newClients(nil)
	limits.ownLimit = true
	refused := make(chan struct{}, 10)
	l := limitListener(inner, 2*addressShare, limits, func() { refused <- struct{}{} })
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		defer close(accepted)
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- nc
		}
	}()
	dial := func() net.Conn {
		nc, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		return nc
	}
	dial()
	first := <-accepted
	dial()
	defer (<-accepted).Close()
	dial()
	<-refused
	first.Close()
	dial()
	(<-accepted).Close()
	if len(l.open) != 1 || fmt.Sprint(l.shares) != "map[127.0.0.1:1]" || len(l.places) > 2 {
		t.Errorf("one connection is open: %d, %v, %d places", len(l.open), l.shares, len(l.places))
	}
}

// TestTheSilentMakeRoom fills a listener with connections that had their
// answer: the next client is not kept waiting.
func TestTheSilentMakeRoom(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limitListener(inner, 2, newClients(nil), func() {})
	defer l.Close()
	var held []*conn
	for range 2 {
		nc, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		in, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, in.(*conn))
		connState(in, http.StateActive)
	}
	connState(held[1], http.StateIdle)
	held[1].idleSince.Add(-int64(idleSpared))
	third, err := net.Dial("tcp", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer third.Close()
	in, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, open := l.open[held[1]]; open {
		t.Error("the silent connection is still open")
	}
	if _, open := l.open[held[0]]; !open {
		t.Error("the connection with a request in hand was closed")
	}
	held[0].Close()
}

// TestTheUnaskedMakeRoom: whoever opens connections and asks nothing has a part
// of the places, and those who have asked keep theirs.
func TestTheUnaskedMakeRoom(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := limitListener(inner, 8, newClients(nil), func() {})
	defer l.Close()
	var held []*conn
	for i := range 20 {
		nc, err := net.Dial("tcp", inner.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer nc.Close()
		in, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		held = append(held, in.(*conn))
		if i < 2 {
			connState(in, http.StateActive)
			connState(in, http.StateIdle)
		}
	}
	for i, c := range held {
		_, open := l.open[c]
		if want := i < 2 || i >= 20-8/unaskedShare; open != want {
			t.Errorf("connection %d of 20 is open: %v, want %v", i, open, want)
		}
	}
	if l.unasked.Len() != 8/unaskedShare {
		t.Errorf("%d have not asked, want %d", l.unasked.Len(), 8/unaskedShare)
	}
}
