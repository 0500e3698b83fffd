// Package hub runs a node of NATS JetStream to which a city publishes its
// bundles and which its servers and kiosks follow: alone, or one of three. A
// leaf is a node beside a kiosk that keeps what the hub has while the line is
// down.
//
// Whoever reaches a node may read, for the data are public; only the publisher,
// who has a password, may write. Nobody has to believe it.
package hub

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Options say where a hub listens and what it keeps.
type Options struct {
	Addr         string // where followers and the publisher come in; "" means "localhost:4222"
	Dir          string // what it keeps
	PasswordFile string // of the publisher; the nodes of a cluster know each other by it, too
	TLSCert      string // file of the certificate and its chain; "" for none
	TLSKey       string
	CAFile       string // certificates that other nodes may show, beside those of the system

	Name    string   // of this node in a cluster; "" for a hub that is alone
	Cluster string   // address for the other nodes
	Routes  []string // HOST:PORT of the other nodes

	Leaves           string // address for leaves; "" for none
	LeafPasswordFile string // by which leaves are known

	Log *slog.Logger
}

// startTime is how long a node may take until it takes connections.
const startTime = 30 * time.Second

// Most that one hub lets in, and for how long it keeps what a slow line cannot
// take.
const (
	connections = 8192
	writeTime   = 30 * time.Second
)

// Start starts a node. The caller shuts it down.
func Start(o Options) (*server.Server, error) {
	options, err := o.options()
	if err != nil {
		return nil, err
	}
	return start(options, o.Log)
}

func start(options *server.Options, log *slog.Logger) (*server.Server, error) {
	node, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	if log != nil {
		node.SetLoggerV2(logger{log}, false, false, false)
	}
	node.Start()
	if !node.ReadyForConnections(startTime) {
		node.Shutdown()
		return nil, fmt.Errorf("%s: does not listen after %v", net.JoinHostPort(options.Host, strconv.Itoa(options.Port)), startTime)
	}
	return node, nil
}

func (o Options) options() (*server.Options, error) {
	password, err := readPassword(o.PasswordFile)
	if err != nil {
		return nil, err
	}
	options, err := o.node(domain)
	if err != nil {
		return nil, err
	}
	options.ServerName = o.Name
	options.Users = append(options.Users, &server.User{Username: "publisher", Password: password})
	if o.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, err
		}
		options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		if options.TLSConfig.RootCAs, err = o.roots(); err != nil {
			return nil, err
		}
		options.TLS, options.TLSTimeout = true, tlsTime
	}
	return options, errors.Join(o.join(options, password), o.admitLeaves(options))
}

// domain is that of the hub, by which leaves ask it rather than themselves.
const domain = "hub"

// tlsTime is how many seconds the beginning of TLS may take on a slow line.
const tlsTime = 5

// node is what a hub and a leaf have in common: whoever asks may read.
func (o Options) node(domain string) (*server.Options, error) {
	addr := o.Addr
	if addr == "" {
		addr = "localhost:4222"
	}
	options := &server.Options{
		JetStream: true, JetStreamDomain: domain, StoreDir: o.Dir,
		SyncAlways: true, // else it says yes two minutes before the disk does
		MaxConn:    connections, WriteDeadline: writeTime, NoSigs: true, DisableShortFirstPing: true,
		Users:      []*server.User{{Username: follower, Permissions: reading()}},
		NoAuthUser: follower,
	}
	var err error
	options.Host, options.Port, err = hostPort(addr)
	return options, err
}

func readPassword(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	password := strings.TrimSpace(string(text))
	if len(password) < 16 {
		return "", fmt.Errorf("%s: a password of %d characters is too short, want 16", path, len(password))
	}
	return password, nil
}

// roots are the certificates of the system and those of a file, nil for the
// system's alone.
func (o Options) roots() (*x509.CertPool, error) {
	if o.CAFile == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(o.CAFile)
	if err != nil {
		return nil, err
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s: holds no certificate", o.CAFile)
	}
	return pool, nil
}

// Streams of a hub: bundles in pieces, and the newest of each dataset. The
// follower knows them by the same names.
const (
	bundles = "OBJ_datasets"
	newest  = "KV_current"
)

const follower = "follower"

// reading is what a follower may do: ask for one message after the other. It
// can neither write nor answer in the name of the hub.
func reading() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			"$JS.API.DIRECT.GET." + bundles, "$JS.API.DIRECT.GET." + bundles + ".>", "$JS.API.DIRECT.GET." + newest + ".>"}},
		Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>", "$KV.current.>"}},
	}
}

// join makes the node one of a cluster.
func (o Options) join(options *server.Options, password string) (err error) {
	if o.Cluster == "" {
		return nil
	}
	if o.Name == "" {
		return errors.New("a node of a cluster needs a name of its own")
	}
	options.Cluster = server.ClusterOpts{Name: "hazardmap", Username: "node", Password: password, NoAdvertise: true}
	if options.Cluster.Host, options.Cluster.Port, err = hostPort(o.Cluster); err != nil {
		return err
	}
	if options.TLSConfig != nil {
		options.Cluster.TLSConfig, options.Cluster.TLSTimeout = options.TLSConfig.Clone(), tlsTime
	}
	for _, route := range o.Routes {
		if _, _, err := hostPort(route); err != nil {
			return err
		}
		options.Routes = append(options.Routes, &url.URL{Scheme: "nats-route", Host: route, User: url.UserPassword("node", password)})
	}
	return nil
}

// hostPort splits an address; port 0 is any that is free.
func hostPort(address string) (string, int, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", address, err)
	}
	if port == 0 {
		return host, server.RANDOM_PORT, nil
	}
	return host, int(port), nil
}

// logger passes on what the server says. Its clients are machines of cities, no
// visitors.
type logger struct{ log *slog.Logger }

func (l logger) Noticef(format string, a ...any) { l.log.Debug(fmt.Sprintf(format, a...)) }
func (l logger) Warnf(format string, a ...any)   { l.log.Warn(fmt.Sprintf(format, a...)) }
func (l logger) Fatalf(format string, a ...any)  { l.log.Error(fmt.Sprintf(format, a...)) }
func (l logger) Errorf(format string, a ...any)  { l.log.Warn(fmt.Sprintf(format, a...)) }
func (l logger) Debugf(string, ...any)           {}
func (l logger) Tracef(string, ...any)           {}
