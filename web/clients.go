package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What one client may ask, in units of about one tile. Thousands of phones
// share an address at a mobile carrier, so this keeps a machine that asks
// without pause from taking everything and lets a crowd through. A 304 is free.
const (
	unitsPerSecond = 400
	unitsAtOnce    = 4000
	clientsKept    = 1 << 16
)

// unitsOf is what a request of a class costs.
func unitsOf(c class) int64 {
	switch c {
	case lookup:
		return 4
	case batch:
		return 400
	case layer:
		return 100
	}
	return 1
}

// allowance is the bucket of one client: the moment at which it is full again,
// in nanoseconds since the table was made.
type allowance struct{ fullAt atomic.Int64 }

// take reports whether a client may have so many units now.
func (a *allowance) take(now time.Duration, units int64) bool {
	const unit = int64(time.Second) / unitsPerSecond
	for {
		fullAt := a.fullAt.Load()
		next := max(fullAt, int64(now)) + units*unit
		if next-int64(now) > unitsAtOnce*unit {
			return false
		}
		if a.fullAt.CompareAndSwap(fullAt, next) {
			return true
		}
	}
}

// clients knows the allowance of every client that asked lately. There are two
// tables: the younger takes everybody who asks, and when it is full the older
// one is forgotten, so memory is bounded and nobody who asks all the time is
// forgotten.
type clients struct {
	start    time.Time
	mu       sync.Mutex
	young    map[netip.Addr]*allowance
	old      map[netip.Addr]*allowance
	proxies  []netip.Prefix
	ownLimit bool // tests: clients on this machine are limited too
}

func newClients(proxies []netip.Prefix) *clients {
	return &clients{start: time.Now(), young: map[netip.Addr]*allowance{}, proxies: proxies}
}

// network is what counts as one client: an IPv4 address, or the /56 that a
// household gets.
func network(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr
	}
	prefix, err := addr.Prefix(56)
	if err != nil {
		return netip.Addr{} // the zero address
	}
	return prefix.Addr()
}

// of returns the allowance of an address, nil where it has no limit: this
// machine, which is the kiosk itself or a proxy beside us.
func (c *clients) of(addr netip.Addr) *allowance {
	if !addr.IsValid() || (addr.Unmap().IsLoopback() && !c.ownLimit) {
		return nil
	}
	key := network(addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	if a := c.young[key]; a != nil {
		return a
	}
	a := c.old[key]
	if a == nil {
		a = new(allowance)
	}
	if len(c.young) >= clientsKept/2 {
		c.old, c.young = c.young, map[netip.Addr]*allowance{}
	}
	c.young[key] = a
	return a
}

// proxy reports whether an address may say for whom it asks.
func (c *clients) proxy(addr netip.Addr) bool {
	for _, p := range c.proxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// asking returns the allowance of whoever asks: the client of the connection,
// or, if that is a proxy of ours, the last address in X-Forwarded-For that is
// none. The header is read for this alone.
func (c *clients) asking(r *http.Request) *allowance {
	in, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		return nil
	}
	if !in.proxied {
		return in.client
	}
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return nil
		}
		if !c.proxy(addr) {
			return c.of(addr)
		}
	}
	return nil
}

// admit takes what a request costs from its client.
func (s *server) admit(r *http.Request, class class) error {
	a := s.clients.asking(r)
	if a == nil || class == probe || a.take(time.Since(s.clients.start), unitsOf(class)) {
		return nil
	}
	s.metrics.shed(class, "client")
	return &problem{status: http.StatusTooManyRequests, retryAfter: s.retryAfter()}
}

// addrOf returns the address at the other end of a connection.
func addrOf(nc net.Conn) netip.Addr {
	tcp, ok := nc.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap()
}
