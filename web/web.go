// Package web answers over HTTP: the tiles, the pages and the programs'
// interface of open datasets, on one port.
//
// Tiles are laid out in memory when a dataset is opened and are answered
// before any router; everything else goes through one table of routes. What a
// visitor looks up appears in no log, no metric and no address that we make.
package web

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Options say what to serve and where. The zero value of each but Datasets is
// ready to use.
type Options struct {
	Addr       string         // "" means "localhost:8080"
	AdminAddr  string         // where /metrics and the page for staff are answered; "" means nowhere, without a host on this machine alone
	AdminToken string         // lets in from other machines, and allows to change something; "" means nobody may
	Program    string         // name and version, for staff
	BaseURL    string         // "https://map.example.jp": how visitors reach the site; "" means by the checked Host of each request
	TLSCert    string         // file of the certificate and its chain, PEM; read again when it changes
	TLSKey     string         // file of its key
	Proxies    []netip.Prefix // proxies of ours, which say in X-Forwarded-For who asks
	Kiosk      bool           // opened at /kiosk: no outside links, cleared when idle
	NoOffline  bool           // phones keep nothing, and forget what they kept
	Datasets   []*Dataset     // the first is shown at "/"; a look-up goes to the one whose bounds hold the place
	Log        *slog.Logger   // nil means no log

	Bundles   fs.FS            // what other machines may fetch: announcements and bundles; nil for nothing
	Following func() Following // how the newest data come here; nil where nothing is followed

	Reopen  Reopen          // nil where the datasets never change
	Changed <-chan struct{} // tells that there may be others
	Refused error           // why Datasets are not the newest

	// Beat is called every BeatEvery while the server answers itself; 0 means
	// never.
	Beat      func()
	BeatEvery time.Duration

	// Listening is called once both listeners are open; admin is nil without
	// AdminAddr.
	Listening func(addr, admin net.Addr)
}

// Following is how it stands with whatever brings newer data.
type Following struct {
	Contact time.Time // when somebody who publishes last answered; zero for never
	Source  string    // who
	Fault   string    // why the newest are not here; "" where they are
}

// Serve answers requests until ctx is done, then lets those in hand finish.
// The datasets are closed when it returns.
func Serve(ctx context.Context, opts Options) error {
	s, err := newServer(ctx, opts)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { s.follow(ctx) })
	following.Go(func() { s.beats(ctx) })
	err = s.listen(ctx)
	stop()
	following.Wait()
	return errors.Join(err, s.close())
}

// NewHandler returns the site without its listeners. Its datasets stay open.
func NewHandler(ctx context.Context, opts Options) (http.Handler, error) {
	s, err := newServer(ctx, opts)
	if err != nil {
		return nil, err
	}
	return s, nil
}
