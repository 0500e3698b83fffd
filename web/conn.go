package web

import (
	"bytes"
	"context"
	"net"
	"sync"
)

// httpBuffer is the size of net/http's write buffer per connection. It sends a
// response that is larger in two writes: a full buffer, then the rest.
const httpBuffer = 4 << 10

// conn joins those two writes into one writev. It holds a full buffer back
// only where the announced length proves that more must follow, so nothing is
// ever left unsent at the end of a response.
type conn struct {
	net.Conn
	announced int // length of the body about to be written, 0 if unknown
	held      *[httpBuffer]byte
	vector    [2][]byte
	buffers   net.Buffers
	free      func() // gives the listener's place back
	once      sync.Once
}

var heldBuffers = sync.Pool{New: func() any { return new([httpBuffer]byte) }}

// Write sends p, or keeps a copy of it for the next Write.
func (c *conn) Write(p []byte) (int, error) {
	if c.held != nil {
		return c.writeBoth(p)
	}
	announced := c.announced
	c.announced = 0
	if announced == 0 || len(p) != httpBuffer || !moreFollows(p, announced) {
		return c.Conn.Write(p)
	}
	c.held = heldBuffers.Get().(*[httpBuffer]byte)
	return copy(c.held[:], p), nil
}

// moreFollows reports whether a response that starts with p and has so many
// bytes of body is longer than p.
func moreFollows(p []byte, bodyBytes int) bool {
	header := bytes.Index(p, []byte("\r\n\r\n"))
	return header >= 0 && header+4+bodyBytes > len(p)
}

func (c *conn) writeBoth(p []byte) (int, error) {
	c.vector = [2][]byte{c.held[:], p}
	c.buffers = c.vector[:]
	n, err := c.buffers.WriteTo(c.Conn)
	heldBuffers.Put(c.held)
	c.held, c.vector = nil, [2][]byte{}
	return max(0, int(n)-httpBuffer), err
}

// CloseWrite lets net/http say that nothing follows an error, before it closes.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// Close closes the connection and makes room for another.
func (c *conn) Close() error {
	c.once.Do(c.free)
	return c.Conn.Close()
}

type connKey struct{}

// withConn lets the handlers of a connection find it.
func withConn(ctx context.Context, nc net.Conn) context.Context {
	if c, ok := nc.(*conn); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// announce tells the connection of a request, if it is ours, how long the body
// is that the handler writes next.
func announce(ctx context.Context, bodyBytes int) {
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		c.announced = bodyBytes
	}
}

// listener accepts at most cap(places) connections at once; more wait in the
// kernel's queue.
type listener struct {
	net.Listener
	places chan struct{}
	closed chan struct{}
	once   sync.Once
}

func limitListener(l net.Listener, connections int) *listener {
	return &listener{Listener: l, places: make(chan struct{}, connections), closed: make(chan struct{})}
}

// Accept waits for a connection and for a place.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case l.places <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	nc, err := l.Listener.Accept()
	if err != nil {
		<-l.places
		return nil, err
	}
	return &conn{Conn: nc, free: func() { <-l.places }}, nil
}

// Close stops accepting.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}
