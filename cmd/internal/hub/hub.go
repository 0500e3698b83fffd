// Package hub runs a node of NATS JetStream to which a city publishes its
// bundles and which its servers and kiosks follow: alone, or one of three.
//
// Whoever reaches it may read, for the data are public; only the publisher, who
// has a password, may write. Nobody has to believe it.
package hub

import (
	"crypto/tls"
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

	Name    string   // of this node in a cluster; "" for a hub that is alone
	Cluster string   // address for the other nodes
	Routes  []string // HOST:PORT of the other nodes

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
	node, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	if o.Log != nil {
		node.SetLoggerV2(logger{o.Log}, false, false, false)
	}
	node.Start()
	if !node.ReadyForConnections(startTime) {
		node.Shutdown()
		return nil, fmt.Errorf("%s: does not listen after %v", o.Addr, startTime)
	}
	return node, nil
}

func (o Options) options() (*server.Options, error) {
	text, err := os.ReadFile(o.PasswordFile)
	if err != nil {
		return nil, err
	}
	password := strings.TrimSpace(string(text))
	if len(password) < 16 {
		return nil, fmt.Errorf("%s: a password of %d characters is too short, want 16", o.PasswordFile, len(password))
	}
	addr := o.Addr
	if addr == "" {
		addr = "localhost:4222"
	}
	options := &server.Options{
		ServerName: o.Name, JetStream: true, StoreDir: o.Dir,
		SyncAlways: true, // else it says yes two minutes before the disk does
		MaxConn:    connections, WriteDeadline: writeTime, NoSigs: true, DisableShortFirstPing: true,
		Users:      []*server.User{{Username: "publisher", Password: password}, {Username: follower, Permissions: reading()}},
		NoAuthUser: follower,
	}
	if options.Host, options.Port, err = hostPort(addr); err != nil {
		return nil, err
	}
	if o.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, err
		}
		options.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		options.TLS, options.TLSTimeout = true, 5
	}
	return options, o.join(options, password)
}

const follower = "follower"

// reading is what a follower may do: ask for one message after the other. It
// can neither write nor answer in the name of the hub.
func reading() *server.Permissions {
	return &server.Permissions{
		Publish: &server.SubjectPermission{Allow: []string{
			"$JS.API.DIRECT.GET.OBJ_datasets", "$JS.API.DIRECT.GET.OBJ_datasets.>", "$JS.API.DIRECT.GET.KV_current.>"}},
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
		options.Cluster.TLSConfig, options.Cluster.TLSTimeout = options.TLSConfig.Clone(), 5
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
