package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/geopackage"
	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/store"
	"hazardmap/web"

	"github.com/paulmach/orb"
)

// collectAt is how much the heap may grow before it is collected, in percent.
// The data are mapped, so the heap is small and memory dearer than collecting.
const collectAt = 50

func runServe(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	opts := web.Options{Program: createdWith(), Log: slog.New(slog.NewTextHandler(p.stderr, nil))}
	demo := set.Bool("demo", false, "serve the invented sample city, written first if it is not there")
	set.StringVar(&opts.Addr, "addr", "localhost:8080", "`ADDRESS` to listen on")
	set.StringVar(&opts.AdminAddr, "admin", "", "`ADDRESS` for /metrics and the page for staff; empty for none")
	tokenFile := set.String("admin-token", "", "`FILE` with the token that lets in at -admin from other machines and allows changes; made if it is not there")
	set.StringVar(&opts.BaseURL, "base-url", "", "`URL` by which visitors reach the site; empty means by the host of each request")
	set.StringVar(&opts.TLSCert, "tls-cert", "", "`FILE` with the certificate and its chain; with -tls-key the site speaks TLS")
	set.StringVar(&opts.TLSKey, "tls-key", "", "`FILE` with the key of the certificate")
	set.Func("proxy", "`NETWORK` of a proxy in front that says in X-Forwarded-For who asks, as 192.0.2.1 or 192.0.2.0/24; may be repeated", func(text string) error {
		network, err := parseNetwork(text)
		opts.Proxies = append(opts.Proxies, network)
		return err
	})
	set.BoolVar(&opts.Kiosk, "kiosk", false, "serve a kiosk: no outside links, cleared when idle")
	storeDir := set.String("store", "", "`DIRECTORY` of installed datasets, of which the current one is served; datasets given beside it are served while there is none")
	set.BoolVar(&opts.NoOffline, "no-offline", false, "offer phones nothing to keep; those that kept something forget it at their next visit")
	var news following
	set.Var(&news.addresses, "follow", "`ADDRESS` from which newer bundles come into -store: nats://HUB/DATASET, tls://HUB/DATASET or https://HOST/bundles/DATASET.json; may be repeated, the best first")
	set.Var(&news.trust, "trust", "`FILE` with a public key that the first bundle from -follow may be signed with")
	set.StringVar(&news.opts.Access.CAFile, "follow-ca", "", "`FILE` with certificates that -follow may show, beside those of the system")
	previous := set.String("previous", "", "`DATASET` of the edition before the first one, for the page that says what changed; a store knows it by itself")
	dirs, err := parse(set, args)
	switch {
	case err != nil:
		return err
	case !*demo && len(dirs) == 0 && *storeDir == "":
		return p.misused(set, "want a dataset, -store or -demo")
	case *demo && *storeDir != "":
		return p.misused(set, "the sample city is no stand-in for a real one: -demo without -store")
	case *previous != "" && *storeDir != "":
		return p.misused(set, "-previous without -store, which knows it by itself")
	case len(news.addresses) > 0 && *storeDir == "":
		return p.misused(set, "-follow fills a store: name it with -store")
	case *tokenFile != "" && opts.AdminAddr == "":
		return p.misused(set, "-admin-token without -admin")
	}
	if *tokenFile != "" {
		if opts.AdminToken, err = adminToken(*tokenFile); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
	}
	if *demo {
		dir, err := demoDataset(ctx, p)
		if err != nil {
			return fmt.Errorf("serve: demo: %w", err)
		}
		dirs = append([]string{dir}, dirs...)
	}
	from := &source{dirs: dirs, previous: *previous, say: func(format string, a ...any) { fmt.Fprintf(p.stdout, format, a...) }}
	if *storeDir != "" {
		from.store = &store.Store{Dir: *storeDir, Program: Version}
		news.opts.Log = opts.Log
		if from.follower, err = news.open(from.store); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		if from.follower != nil {
			defer from.follower.Close()
		}
		follow(&opts, from.store, from.follower)
	}
	opts.Listening = func(addr, admin net.Addr) {
		fmt.Fprintf(p.stdout, "hazardmap: serving on %s://%s\n", scheme(opts), addr)
		if admin != nil {
			fmt.Fprintf(p.stdout, "hazardmap: for staff http://%s/, metrics on http://%s/metrics\n", admin, admin)
		}
		notifyManager("READY=1")
	}
	opts.Beat, opts.BeatEvery = func() { notifyManager("WATCHDOG=1") }, watchdog()
	defer context.AfterFunc(ctx, func() { notifyManager("STOPPING=1") })()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if err := serveFrom(ctx, from, opts); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// serveFrom serves what the source has, and what it has later.
func serveFrom(ctx context.Context, from *source, opts web.Options) error {
	if err := awaitFirst(ctx, from); err != nil {
		return err
	}
	seen := from.stamp()
	if opts.Datasets, opts.Refused = from.start(ctx); len(opts.Datasets) == 0 {
		return opts.Refused
	}
	changed := make(chan struct{}, 1)
	opts.Reopen, opts.Changed = from.reopen, changed
	ctx, stop := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { from.watch(ctx, seen, changed) })
	watching.Go(func() { hangUps(ctx, changed) })
	if from.follower != nil {
		watching.Go(func() { from.follower.Run(ctx) })
	}
	err := web.Serve(ctx, opts)
	stop()
	watching.Wait()
	return err
}

// hangUps asks for a reload at every SIGHUP.
func hangUps(ctx context.Context, changed chan<- struct{}) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	defer signal.Stop(signals)
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
			wake(changed)
		}
	}
}

func scheme(opts web.Options) string {
	if opts.TLSCert != "" {
		return "https"
	}
	return "http"
}

// parseNetwork reads a network, or an address as the network of itself.
func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// served is an open dataset as the server sees it; after an error it is closed.
func served(d *dataset.Dataset) (*web.Dataset, error) {
	b := d.Manifest.Bounds
	s := &web.Dataset{
		ID: d.Manifest.ID, Version: d.Version, Edition: d.Manifest.Edition,
		Bounds: orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}},
		Index:  d.Index, RisksFile: d.Risks, PlacesFile: d.Places, Contacts: shownContacts(d.Manifest.Contacts), Archives: map[string]web.Archive{}, Close: d.Close,
		Towns: func(ctx context.Context) ([]hazard.Place, error) { return townsOf(ctx, d) },
	}
	for _, name := range d.Tilesets() {
		s.Archives[name], _ = d.Tileset(name)
	}
	var err error
	if d.Places != nil {
		s.Places, err = gazetteer.Open(d.Places)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", d.Dir, err), d.Close())
	}
	if s.Shapes, err = geopackage.Open(d.Shapes()); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	s.Close = func() error { return errors.Join(s.Shapes.Close(), d.Close()) }
	return s, nil
}
