package web

import (
	"bytes"
	"container/list"
	"context"
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
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
	sealed    bool   // carries TLS, whose records are not ours to join
	free      func() // gives the listener's place back
	once      sync.Once

	waiting *list.Element // among those of the listener that have not asked
	heard   func()        // tells the listener that it has
	asked   bool

	client    *allowance   // of the other end, nil where it has no limit
	proxied   bool         // the other end asks for others
	idleSince atomic.Int64 // nanoseconds of the clock, 0 while a request is in hand
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
	if c, ok := ours(nc); ok {
		_, c.sealed = nc.(*tls.Conn)
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// ours returns the connection below TLS, if there is any.
func ours(nc net.Conn) (*conn, bool) {
	if sealed, ok := nc.(*tls.Conn); ok {
		nc = sealed.NetConn()
	}
	c, ok := nc.(*conn)
	return c, ok
}

// announce tells the connection of a request, if it is ours, how long the body
// is that the handler writes next.
func announce(ctx context.Context, bodyBytes int) {
	if c, ok := ctx.Value(connKey{}).(*conn); ok && !c.sealed {
		c.announced = bodyBytes
	}
}
