package fleet

import (
	"errors"
	"net"
	"sync/atomic"
)

// A hub may send what it was asked for, and little else: a message is held in
// memory, and one of 2 GB would end the server that visitors are served by.
const (
	unasked = 1 << 20 // on each connection: greetings, hints, signs of life
	perAsk  = 256 << 10
)

// errFlood ends a connection on which more comes than was asked for.
var errFlood = errors.New("the hub sends more than it was asked for")

// meter dials connections that take no more than was asked for.
type meter struct {
	dialer net.Dialer
	left   atomic.Int64
}

// Dial opens a connection, as NATS wants it.
func (m *meter) Dial(network, address string) (net.Conn, error) {
	conn, err := m.dialer.Dial(network, address)
	if err != nil {
		return nil, err
	}
	m.left.Store(unasked)
	return &metered{conn, m}, nil
}

// ask makes room for one more answer. What was asked for in vain does not add
// up.
func (m *meter) ask() {
	if m.left.Add(perAsk) > unasked+atOnce*perAsk {
		m.left.Store(unasked + atOnce*perAsk)
	}
}

type metered struct {
	net.Conn
	meter *meter
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.meter.left.Add(-int64(n)) < 0 {
		return 0, errFlood
	}
	return n, err
}
