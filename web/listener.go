package web

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Bounds of a listener. A carrier's address stands for thousands of phones, so
// one address may hold a good part of the places.
const (
	connections     = 8192
	addressShare    = 8 // one address: this part of the places
	unaskedShare    = 2 // those who have not yet asked anything: this part
	filesKept       = 256
	idleSpared      = 5 * time.Second
	idleLooked      = 256
	fullLookedEvery = 50 * time.Millisecond
	acceptTime      = time.Millisecond // at least, for so many that come:
	acceptPerCore   = 4
)

// listener accepts at most cap(places) connections at once, and a share of
// them from one address; more wait in the kernel's queue. When all places are
// taken, those who have been silent since their last answer make room. Whoever
// opens connections and never finishes a question closes their own oldest ones,
// not the door: a phone asks within a second or two of its first packet.
type listener struct {
	net.Listener
	places  chan struct{}
	closed  chan struct{}
	once    sync.Once
	clients *clients
	refused func() // told of each connection beyond the share

	takenAtOnce int
	taken       int       // by Accept since
	since       time.Time // this moment

	mu      sync.Mutex
	open    map[*conn]netip.Addr
	shares  map[netip.Addr]int
	unasked list.List // of *conn: those that have not asked yet, oldest first
}

// listenTCP is net.Listen without probes for connections that are dead: each
// is let go by a timeout of the server, and four system calls are saved for
// each that comes. The name localhost is not looked up: a terminal without a
// network may have nobody to ask.
func listenTCP(ctx context.Context, address string) (net.Listener, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && host == "localhost" {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	quiet := net.ListenConfig{KeepAlive: -1}
	return quiet.Listen(ctx, "tcp", address)
}

func limitListener(l net.Listener, connections int, clients *clients, refused func()) *listener {
	return &listener{Listener: l, places: make(chan struct{}, connections), closed: make(chan struct{}), clients: clients, refused: refused,
		takenAtOnce: acceptPerCore * runtime.GOMAXPROCS(0), open: map[*conn]netip.Addr{}, shares: map[netip.Addr]int{}}
}

// connectionsAllowed leaves some of the files that the process may open for
// datasets.
func connectionsAllowed() int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil || files.Cur > connections+filesKept {
		return connections
	}
	return max(64, int(files.Cur)-filesKept)
}

// Accept waits for a connection and for a place.
func (l *listener) Accept() (net.Conn, error) {
	l.pace()
	if !l.place() {
		return nil, net.ErrClosed
	}
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			<-l.places
			return nil, err
		}
		if c := l.admit(nc); c != nil {
			l.closeUnasked()
			return c, nil
		}
		nc.Close()
		l.refused()
	}
}

// pace lets a crowd that comes at once wait in the kernel's queue, for a moment
// after every few, so that those who came before are heard in between.
func (l *listener) pace() {
	if l.taken == l.takenAtOnce {
		time.Sleep(acceptTime - time.Since(l.since))
		l.taken = 0
	}
	if l.taken == 0 {
		l.since = time.Now()
	}
	l.taken++
}

// place takes a place and reports whether the listener is still open.
func (l *listener) place() bool {
	for {
		select {
		case l.places <- struct{}{}:
			return true
		default:
		}
		l.closeIdle()
		select {
		case l.places <- struct{}{}:
			return true
		case <-l.closed:
			return false
		case <-time.After(fullLookedEvery):
		}
	}
}

// admit enters a connection, or returns nil where its address has its share.
func (l *listener) admit(nc net.Conn) *conn {
	addr := addrOf(nc)
	c := &conn{Conn: nc, client: l.clients.of(addr), proxied: l.clients.proxy(addr)}
	l.mu.Lock()
	defer l.mu.Unlock()
	key := netip.Addr{} // counts nowhere: this machine, or a proxy
	if c.client != nil && !c.proxied {
		key = network(addr)
		if l.shares[key] >= max(1, cap(l.places)/addressShare) {
			return nil
		}
		l.shares[key]++
	}
	l.open[c] = key
	c.waiting = l.unasked.PushBack(c)
	c.free, c.heard = func() { l.leave(c) }, func() { l.heard(c) }
	return c
}

// heard notes that a connection has asked its first question in full.
func (l *listener) heard(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unasked.Remove(c.waiting)
}

func (l *listener) leave(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := l.open[c]
	delete(l.open, c)
	l.unasked.Remove(c.waiting) // nothing where it has asked
	if key.IsValid() {
		if l.shares[key]--; l.shares[key] == 0 {
			delete(l.shares, key)
		}
	}
	<-l.places
}

// closeIdle closes the connection that has been silent longest among some.
func (l *listener) closeIdle() {
	l.mu.Lock()
	var idlest *conn
	since := time.Now().Add(-idleSpared).UnixNano()
	looked := 0
	for c := range l.open { // begins anywhere
		if at := c.idleSince.Load(); at != 0 && at < since {
			idlest, since = c, at
		}
		if looked++; looked == idleLooked {
			break
		}
	}
	l.mu.Unlock()
	if idlest != nil {
		idlest.Close()
	}
}

// closeUnasked closes the oldest of those that have not asked yet, where they
// are more than their share.
func (l *listener) closeUnasked() {
	l.mu.Lock()
	var oldest *conn
	if l.unasked.Len() > max(1, cap(l.places)/unaskedShare) {
		oldest = l.unasked.Front().Value.(*conn)
	}
	l.mu.Unlock()
	if oldest != nil {
		oldest.Close()
	}
}

// Close stops accepting.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// connState notes since when a connection has been silent.
func connState(nc net.Conn, state http.ConnState) {
	c, ok := ours(nc)
	if !ok {
		return
	}
	switch state {
	case http.StateIdle:
		c.idleSince.Store(time.Now().UnixNano())
	case http.StateActive:
		c.idleSince.Store(0)
		if !c.asked {
			c.asked = true
			c.heard()
		}
	}
}
