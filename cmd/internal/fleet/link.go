package fleet

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Where bundles lie on a hub: an object store and a key-value store, which any
// client of NATS reads.
const (
	datasets = "datasets"
	current  = "current"

	chunkStream  = "OBJ_" + datasets
	chunkSubject = "$O." + datasets + ".C."
	metaSubject  = "$O." + datasets + ".M."
	chunkBytes   = 128 << 10

	// sequencesKey is where we note under which numbers the chunks lie, so that a
	// receiver goes on in the middle and asks for nothing twice.
	sequencesKey = "hazardmap-sequences"
)

// Access is what a hub wants to see, and what it must show. The zero value is
// that of a follower of a hub on an ordinary certificate.
type Access struct {
	PasswordFile string // of the publisher; "" for none
	CAFile       string // certificates that a hub may show, beside those of the system
}

// publisher is the user who may write.
const publisher = "publisher"

// IsNATS reports whether an address is one of a hub.
func IsNATS(address string) bool {
	return strings.HasPrefix(address, "nats://") || strings.HasPrefix(address, "tls://")
}

// link is a connection to a hub, which may be down for days.
type link struct {
	address string
	meter   *meter // of a follower; nil for the publisher
	nc      *nats.Conn
	js      jetstream.JetStream
}

// Times of a link. A silent line is found out within a minute.
const (
	askTime    = 10 * time.Second // for an answer
	pingEvery  = 20 * time.Second
	linkPause  = 2 * time.Second
	linkJitter = 2 * time.Second // many kiosks come back at once
)

// dial begins to connect to a hub and goes on trying.
func dial(address string, access Access) (*link, error) {
	l := &link{address: address}
	options := []nats.Option{
		nats.Name("hazardmap"), nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(linkPause),
		nats.ReconnectJitter(linkJitter, linkJitter), nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(2),
		nats.ReconnectBufSize(-1), // what could not be sent is asked again, not kept
		nats.Timeout(askTime), nats.IgnoreDiscoveredServers(),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // whoever asks is told
	}
	if strings.HasPrefix(address, "tls://") {
		options = append(options, nats.Secure())
	}
	if access.CAFile != "" {
		options = append(options, nats.RootCAs(access.CAFile))
	}
	if access.PasswordFile != "" {
		password, err := os.ReadFile(access.PasswordFile)
		if err != nil {
			return nil, err
		}
		options = append(options, nats.UserInfo(publisher, strings.TrimSpace(string(password))))
	} else {
		l.meter = &meter{dialer: net.Dialer{Timeout: askTime}}
		options = append(options, nats.SetCustomDialer(l.meter), nats.IgnoreAuthErrorAbort())
	}
	var err error
	if l.nc, err = nats.Connect(address, options...); err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	if l.js, err = jetstream.New(l.nc); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// split takes the dataset from an address: "nats://hub.example.jp/10204".
func split(address string) (servers, dataset string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", err
	}
	dataset = strings.Trim(u.Path, "/")
	if u.Host == "" || !isName(dataset) || u.RawQuery != "" || u.User != nil {
		return "", "", fmt.Errorf("%s: want nats://HOST/DATASET, as nats://hub.example.jp/10204", u.Redacted())
	}
	return u.Scheme + "://" + u.Host, dataset, nil
}

// isName reports whether a text may be the id of a dataset in a key.
func isName(text string) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

// missing reports whether a hub answers that it does not hold something.
func missing(err error) bool {
	return errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrKeyNotFound) ||
		errors.Is(err, jetstream.ErrObjectNotFound) || errors.Is(err, jetstream.ErrMsgNotFound)
}

func (l *link) close() { l.nc.Close() }
