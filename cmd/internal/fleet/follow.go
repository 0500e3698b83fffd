package fleet

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/store"
)

// FollowOptions tune a follower. The zero value is ready to use.
type FollowOptions struct {
	Access Access
	Keys   []minisign.PublicKey // trusted from the first bundle on
	Every  time.Duration        // between two questions; 0 means 30 s
	Grudge time.Duration        // for which a bundle that was refused is not fetched again; 0 means 1 h
	Log    *slog.Logger
}

// State is how a follower fares.
type State struct {
	Contact time.Time // when a source last answered; zero for never
	Source  string    // which one
	Fault   string    // why the newest is not here; "" where it is
}

// Follower installs in a store whatever newer bundle its sources announce.
type Follower struct {
	store   *store.Store
	sources []followed
	opts    FollowOptions

	mu    sync.Mutex
	state State
	looks int
	pause time.Duration // until the next look, where a source says that it is worth while; 0 for none
}

// followed is a source, and the bundle of it that was refused.
type followed struct {
	source
	address string
	asked   time.Time
	refused int64 // sequence number; 0 for none
	why     error
	until   time.Time
}

// rarely is how many times as long a source is left alone while one before it
// answers: a hub that hides what is new cannot hide it for long.
const rarely = 20

// Open opens the sources, the best first. No source needs to be there yet.
func Open(s *store.Store, addresses []string, opts FollowOptions) (*Follower, error) {
	if opts.Every == 0 {
		opts.Every = 30 * time.Second
	}
	if opts.Grudge == 0 {
		opts.Grudge = time.Hour
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	f := &Follower{store: s, opts: opts}
	for _, address := range addresses {
		source, err := openSource(address, opts.Access)
		if err != nil {
			f.Close()
			return nil, err
		}
		f.sources = append(f.sources, followed{source: source, address: address})
	}
	return f, nil
}

// Close lets go of the sources.
func (f *Follower) Close() {
	for i := range f.sources {
		f.sources[i].close()
	}
}

// State tells how the follower fares.
func (f *Follower) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// Run follows until ctx is done.
func (f *Follower) Run(ctx context.Context) {
	for ctx.Err() == nil {
		f.Look(ctx)
		f.Wait(ctx)
	}
}

// Wait waits until it is time to look again, or a source calls.
func (f *Follower) Wait(ctx context.Context) {
	f.mu.Lock()
	pause := f.opts.Every
	if f.pause > 0 {
		pause = min(pause, f.pause)
	}
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, pause)
	defer cancel()
	var waiting sync.WaitGroup
	for i := range f.sources {
		if news := f.sources[i].news(); news != nil {
			waiting.Go(func() {
				select {
				case <-news:
					cancel()
				case <-ctx.Done():
				}
			})
		}
	}
	<-ctx.Done()
	waiting.Wait()
}

// Look asks the sources in their order until one has led to the newest that it
// knows, and those behind it now and then.
func (f *Follower) Look(ctx context.Context) {
	var faults []error
	good := false
	for i := range f.sources {
		from := &f.sources[i]
		if good && time.Since(from.asked) < rarely*f.opts.Every {
			continue
		}
		from.asked = time.Now()
		err := f.ask(ctx, from)
		if ctx.Err() != nil {
			return
		}
		if good = good || err == nil; err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", from.address, err))
		}
	}
	if good {
		faults = nil
	}
	f.note(errors.Join(faults...))
}

// note tells what became of a look, and logs it where that has changed.
func (f *Follower) note(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	f.mu.Lock()
	changed := f.state.Fault != text
	f.state.Fault = text
	f.looks++
	f.pause = 0
	if s := (soon{}); errors.As(err, &s) {
		f.pause = s.after
	}
	f.mu.Unlock()
	switch {
	case !changed:
	case err != nil:
		f.opts.Log.Warn("newest bundle not here", "err", err)
	default:
		f.opts.Log.Info("newest bundle is here")
	}
}

// answered notes that a source is there.
func (f *Follower) answered(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.Contact, f.state.Source = time.Now(), address
}

// ask asks one source and installs what it has that is newer.
func (f *Follower) ask(ctx context.Context, from *followed) error {
	a, err := from.announcement(ctx)
	if err != nil {
		return err
	}
	f.answered(from.address)
	p, err := f.store.Offered([]byte(a.Pointer), f.opts.Keys)
	if errors.Is(err, store.ErrNothingNewer) {
		return nil
	}
	if err == nil {
		err = a.fits(p)
	}
	if err != nil {
		return err
	}
	if p.Sequence == from.refused && time.Now().Before(from.until) {
		return from.why
	}
	err = f.fetch(ctx, from, a, p)
	if refused := (refusal{}); errors.As(err, &refused) {
		from.refused, from.why, from.until = p.Sequence, err, time.Now().Add(f.opts.Grudge)
	}
	return err
}

// refusal is a fault of the bundle, which fetching it again does not mend.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// fetch brings a bundle here and installs it.
func (f *Follower) fetch(ctx context.Context, from *followed, a Announcement, p bundle.Pointer) error {
	dir := filepath.Join(f.store.Dir, Folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	whole := filepath.Join(dir, a.file())
	if err := a.sum(whole); err != nil { // it is not there, or not whole
		if err := f.bring(ctx, from, a, whole); err != nil {
			return err
		}
	}
	if err := f.install(ctx, whole, p); err != nil {
		return err
	}
	f.opts.Log.Info("bundle installed", "from", from.address, "dataset", p.Dataset, "edition", p.Edition, "sequence", p.Sequence)
	return a.keep(dir, p)
}

// bring fetches a bundle. What another source began may be bad: then all of it
// is fetched from this one, which answers for no more than its own.
func (f *Follower) bring(ctx context.Context, from *followed, a Announcement, whole string) error {
	part := whole + partSuffix
	if err := dropParts(filepath.Dir(part), filepath.Base(part)); err != nil {
		return err
	}
	_, err := os.Lstat(part)
	begun := err == nil
	err = complete(ctx, from, a, part)
	if begun && errors.Is(err, errDamaged) {
		err = complete(ctx, from, a, part)
	}
	switch {
	case errors.Is(err, errDamaged):
		return refusal{err}
	case err != nil:
		return err
	}
	return os.Rename(part, whole)
}

// complete fetches what is missing of a bundle and checks all of it; what is
// damaged is removed.
func complete(ctx context.Context, from source, a Announcement, part string) error {
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && info.Size() > a.Bytes {
		err = file.Truncate(0)
	}
	if err == nil {
		err = from.fetch(ctx, a, file)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err = a.sum(part); errors.Is(err, errDamaged) {
		err = errors.Join(err, os.Remove(part))
	}
	return err
}

// dropParts removes what was begun and is no longer wanted, so that a source
// that names ever new bundles fills no disk.
func dropParts(dir, but string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if name := e.Name(); name != but && filepath.Ext(name) == partSuffix {
			err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
		}
	}
	return err
}

// install installs a bundle and removes it where it is refused. A disk that
// fails and another installation are no fault of the bundle.
func (f *Follower) install(ctx context.Context, path string, want bundle.Pointer) error {
	// A store that is empty would take any bundle that was ever signed.
	got, err := f.store.PointerOf(path, f.opts.Keys)
	if err == nil && (got.Sequence != want.Sequence || got.Version != want.Version) {
		err = fmt.Errorf("the bundle has sequence number %d, its announcement %d", got.Sequence, want.Sequence)
	}
	if err == nil {
		err = f.installFile(ctx, path)
	}
	var errno syscall.Errno
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil, errors.Is(err, store.ErrNoSpace), errors.Is(err, store.ErrBusy), errors.As(err, &errno):
		return err
	}
	return refusal{errors.Join(err, os.Remove(path))}
}

func (f *Follower) installFile(ctx context.Context, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = f.store.Install(ctx, file, f.opts.Keys, nil)
	return err
}
