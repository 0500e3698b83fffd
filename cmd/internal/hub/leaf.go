package hub

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"hazardmap/mbtiles/disk"
)

// LeafOptions say which hub a leaf keeps a copy of.
type LeafOptions struct {
	Addr         string   // where kiosks come in; "" means "localhost:4222"
	Dir          string   // what it keeps
	Hubs         []string // nodes of one hub, "tls://hub.example.jp:7422"
	PasswordFile string   // by which the hub knows leaves
	CAFile       string   // certificates that the hub may show, beside those of the system

	Every     time.Duration // between two looks at the hub; 0 means 30 s
	Listening func(address string)
	Log       *slog.Logger
}

// leafUser may copy what the hub has, and write nothing there.
const leafUser = "leaf"

// copying is what a leaf may do: ask what there is, and have it sent.
func copying() *server.Permissions {
	allow := []string{"$JS.FC.>"}
	for _, stream := range []string{bundles, newest} {
		allow = append(allow, "$JS."+domain+".API.STREAM.INFO."+stream, "$JS."+domain+".API.CONSUMER.CREATE."+stream, "$JS."+domain+".API.CONSUMER.CREATE."+stream+".>")
	}
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: allow},
		Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>", "$JSC.R.>", "$JS.M.>", "$KV.current.>"}},
	}
}

// admitLeaves opens the door for leaves.
func (o Options) admitLeaves(options *server.Options) error {
	if o.Leaves == "" {
		return nil
	}
	password, err := readPassword(o.LeafPasswordFile)
	if err != nil {
		return err
	}
	options.Users = append(options.Users, &server.User{Username: leafUser, Password: password, Permissions: copying()})
	// A leaf behind a relay would go round it by an address that is advertised.
	options.LeafNode = server.LeafNodeOpts{NoAdvertise: true, IsolateLeafnodeInterest: true, Compression: server.CompressionOpts{Mode: server.CompressionOff}}
	if options.TLSConfig != nil {
		options.LeafNode.TLSConfig, options.LeafNode.TLSTimeout = options.TLSConfig.Clone(), tlsTime
	}
	options.LeafNode.Host, options.LeafNode.Port, err = hostPort(o.Leaves)
	return err
}

// RunLeaf runs a leaf until ctx is done. It needs no hub to start: what it has
// it gives.
func RunLeaf(ctx context.Context, o LeafOptions) error {
	if o.Every == 0 {
		o.Every = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for looks := patience; ; {
		password := rand.Text()
		options, err := o.options(password)
		if err != nil {
			return err
		}
		node, err := start(options, o.Log)
		if err != nil {
			return err
		}
		o.Addr = node.Addr().String() // also after the next start
		if o.Listening != nil {
			o.Listening(o.Addr)
			o.Listening = nil
		}
		answered, err := o.tend(ctx, node, password, looks)
		node.Shutdown()
		node.WaitForShutdown()
		if ctx.Err() != nil {
			return nil
		}
		if looks = min(2*looks, mostPatience); answered {
			looks = patience
		}
		o.Log.Warn("leaf starts anew", "err", err)
	}
}

// options makes a node that knows one hub and lets nobody write.
func (o LeafOptions) options(secret string) (*server.Options, error) {
	password, err := readPassword(o.PasswordFile)
	if err != nil {
		return nil, err
	}
	if len(o.Hubs) == 0 {
		return nil, errors.New("a leaf needs a hub")
	}
	name, err := ownName(o.Dir)
	if err != nil {
		return nil, err
	}
	// The hub keeps the leaves apart by their domains.
	options, err := Options{Addr: o.Addr, Dir: o.Dir}.node(name)
	if err != nil {
		return nil, err
	}
	options.ServerName = name
	options.Users = append(options.Users, &server.User{Username: keeper, Password: secret})
	remote := &server.RemoteLeafOpts{Compression: server.CompressionOpts{Mode: server.CompressionOff}, DialTimeout: 10 * time.Second, FirstInfoTimeout: 10 * time.Second}
	for _, address := range o.Hubs {
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		if (u.Scheme != "nats" && u.Scheme != "tls") || u.Port() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" {
			return nil, fmt.Errorf("%s: want tls://HOST:PORT", u.Redacted())
		}
		if u.Scheme == "tls" {
			remote.TLS, remote.TLSTimeout = true, tlsTime
		} else if remote.TLS {
			return nil, fmt.Errorf("%s: one node with TLS and one without", u.Redacted())
		}
		u.User = url.UserPassword(leafUser, password)
		remote.URLs = append(remote.URLs, u)
	}
	if remote.TLS {
		remote.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		if remote.TLSConfig.RootCAs, err = (Options{CAFile: o.CAFile}).roots(); err != nil {
			return nil, err
		}
	}
	options.LeafNode = server.LeafNodeOpts{Remotes: []*server.RemoteLeafOpts{remote}, ReconnectInterval: 2 * time.Second}
	return options, nil
}

// ownName is the name of a leaf, which no other leaf has: it is drawn when the
// leaf is new and stays with what it keeps.
func ownName(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "name")
	text, err := os.ReadFile(path)
	name := strings.TrimSpace(string(text))
	switch {
	case err == nil && name != "":
		return name, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	name = "leaf-" + rand.Text()
	return name, errors.Join(disk.WriteFile(disk.OS{}, path, []byte(name+"\n")), disk.OS{}.Sync(dir))
}
