package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hazardmap/cmd/internal/download"
	"hazardmap/cmd/internal/fleet"
	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/store"
)

// defaultStore is where the packages keep the store.
const defaultStore = "/var/lib/hazardmap"

// runInstall puts the dataset of a bundle in place of the current one.
func runInstall(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	dir := set.String("store", defaultStore, "`DIRECTORY` of the installed datasets")
	from := set.String("from", "", "`FOLDER`, such as a stick, of which the newest good bundle is taken if it is newer than what is installed")
	quiet := set.Bool("quiet", false, "say only what went wrong")
	var trust paths
	set.Var(&trust, "trust", "`FILE` with a public key that is trusted from now on")
	rest, err := parse(set, args)
	switch {
	case err != nil:
		return err
	case (len(rest) == 1) == (*from != "") || len(rest) > 1:
		return p.misused(set, "want one bundle, as a file or an address, or -from and a folder")
	case *from != "" && len(trust) > 0:
		return p.misused(set, "a stick does not say whom to trust: -trust goes with a bundle")
	}
	s := &store.Store{Dir: *dir, Program: Version}
	bar := newProgress(p.stderr, *quiet)
	defer bar.finish()
	if *from != "" {
		return installFrom(ctx, p, s, *from, bar)
	}
	keys, err := readTrusted(trust)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	f, err := openBundle(ctx, rest[0])
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	defer f.Close()
	offer := fleet.NewOffer(s.Dir, f)
	defer offer.Close()
	pointer, err := s.Install(ctx, offer, keys, bar.tell)
	bar.finish()
	if err != nil {
		return fmt.Errorf("install: %w", advised(fmt.Errorf("%s: %w", rest[0], err)))
	}
	p.offered(s, offer, pointer)
	return p.installed(rest[0], pointer, *quiet)
}

// offered lets other machines fetch from this one what was installed here. What
// was installed is shown in any case.
func (p *program) offered(s *store.Store, offer *fleet.Offer, pointer bundle.Pointer) {
	signed, err := os.ReadFile(s.Pointers()[0])
	if err == nil {
		err = offer.Keep(signed, pointer)
	}
	if err != nil {
		fmt.Fprintf(p.stderr, "hazardmap: install: not offered to other machines: %v\n", err)
	}
}

// openBundle opens a file, here or on a server.
func openBundle(ctx context.Context, name string) (io.ReadCloser, error) {
	if download.Is(name) {
		return download.Open(ctx, name, download.Options{}), nil
	}
	return os.Open(name)
}

func installFrom(ctx context.Context, p *program, s *store.Store, dir string, bar *progress) error {
	path, pointer, refused, err := s.InstallFrom(ctx, dir, bar.tell)
	bar.finish()
	for _, r := range refused {
		fmt.Fprintf(p.stderr, "hazardmap: install: refused: %v\n", r)
	}
	switch {
	case errors.Is(err, store.ErrNothingNewer) && len(refused) == 0:
		_, err := fmt.Fprintf(p.stdout, "%v\n", err)
		return err
	case err != nil:
		return fmt.Errorf("install: %w", advised(err))
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	defer f.Close()
	offer := fleet.NewOffer(s.Dir, f)
	defer offer.Close()
	p.offered(s, offer, pointer)
	return p.installed(path, pointer, bar.quiet)
}

func (p *program) installed(path string, pointer bundle.Pointer, quiet bool) error {
	if pointer.Expired(time.Now()) {
		fmt.Fprintf(p.stderr, "hazardmap: install: %s expired on %s: it is shown with a warning\n", path, pointer.Expires.Format(time.DateOnly))
	}
	if quiet {
		return nil
	}
	_, err := fmt.Fprintf(p.stdout, "%s: installed %s\n", path, described(pointer))
	return err
}

func described(pointer bundle.Pointer) string {
	return fmt.Sprintf("%s %s, edition %s, version %s, sequence %d", pointer.Dataset, pointer.Area, pointer.Edition, shortVersion(pointer.Version), pointer.Sequence)
}

// advised adds what to do about an installation that was refused.
func advised(err error) error {
	for _, known := range []struct {
		err  error
		hint string
	}{
		{store.ErrNoKey, "name the public key of whoever publishes the data: -trust FILE.pub"},
		{store.ErrNotNewer, "a bundle that was replaced is never taken back; to show the dataset before, run hazardmap rollback"},
		{store.ErrOtherOne, "use another store for another city: -store DIRECTORY"},
		{store.ErrNoSpace, "free space on that disk and install again; nothing was changed"},
		{store.ErrEmpty, "install a bundle: hazardmap install -trust FILE.pub BUNDLE"},
	} {
		if errors.Is(err, known.err) {
			return hinted{err, known.hint}
		}
	}
	return err
}

// runRollback shows the dataset before the current one again.
func runRollback(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	dir := set.String("store", defaultStore, "`DIRECTORY` of the installed datasets")
	rest, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return p.misused(set, "takes no arguments")
	}
	pointer, err := (&store.Store{Dir: *dir, Program: Version}).Rollback(ctx)
	if err != nil {
		return fmt.Errorf("rollback: %w", err)
	}
	_, err = fmt.Fprintf(p.stdout, "current again: %s\n", described(pointer))
	return err
}
