package servebench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"golang.org/x/sync/errgroup"
)

// Soak is a day in little: as many requests as a city asks on a quiet day, one
// after the other without pause, while two editions take turns as they would
// in a month of nightly updates.
type Soak struct {
	Asked, Wrong, Faults int
	Fault                string
	Swaps                int
	Took                 time.Duration
	Warm, End            held // in the second and in the last sixth; memory is the median, since two editions are held in a swap
}

const (
	soakTime     = 60 * time.Second
	soakSixth    = soakTime / 6
	soakVisitors = 8
	swapEvery    = 2 * time.Second
)

// RunSoak asks for a minute and looks at what the server holds. The dataset is
// copied, since it changes.
func RunSoak(ctx context.Context, program, dataset string) (s Soak, err error) {
	city, err := newTurns(dataset)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, city.remove()) }()
	p, err := startProcess(ctx, nil, program, "serve", "-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0", city.dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	all, err := p.bothEditions(ctx, city)
	if err != nil {
		return s, err
	}
	var between held
	for _, phase := range []struct {
		time  time.Duration
		holds *held
	}{{soakSixth, &between}, {soakSixth, &s.Warm}, {soakTime - 3*soakSixth, &between}, {soakSixth, &s.End}} {
		if *phase.holds, err = s.phase(ctx, p, city, all, phase.time); err != nil {
			return s, err
		}
	}
	swaps, err := metric(p.admin, `hazardmap_swaps_total{result="done"}`)
	s.Swaps = int(swaps)
	return s, err
}

// bothEditions learns what is right in each edition. The tiles are those of
// the first: what is open in a browser goes on while the other is shown.
func (p *process) bothEditions(ctx context.Context, city *turns) ([]question, error) {
	all, err := askedOf(p.site)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].before = []uint64{all[i].want}
	}
	if err := city.swap(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	for {
		if done, err := metric(p.admin, `hazardmap_swaps_total{result="done"}`); err == nil && done > 0 {
			return all, learn(hostOf(p.site), all)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// phase asks for a while, with swaps, and tells what the server held.
func (s *Soak) phase(ctx context.Context, p *process, city *turns, all []question, d time.Duration) (held, error) {
	ctx, stop := context.WithCancel(ctx)
	var beside errgroup.Group
	beside.Go(func() error { return city.keepSwapping(ctx) })
	var resident []int64
	beside.Go(func() (err error) {
		resident, err = p.watchMemory(ctx)
		return err
	})
	c, err := visit(ctx, hostOf(p.site), all, soakVisitors, 0, d)
	stop()
	if err = errors.Join(err, beside.Wait()); err != nil {
		return held{}, err
	}
	s.Asked += c.asked
	s.Wrong += c.wrong
	s.Faults += c.faults
	s.Fault += c.fault
	s.Took += c.took
	h, err := p.holds()
	h.rss = median(resident)
	return h, err
}

// watchMemory reads what the process holds in memory until ctx is done.
func (p *process) watchMemory(ctx context.Context) (bytes []int64, err error) {
	every := time.NewTicker(200 * time.Millisecond)
	defer every.Stop()
	for {
		now, err := resident(p.pid())
		if err != nil {
			return nil, err
		}
		bytes = append(bytes, now)
		select {
		case <-ctx.Done():
			return bytes, nil
		case <-every.C:
		}
	}
}

// turns is a dataset of which two editions take turns: they differ in their
// manifests alone.
type turns struct {
	dir       string
	manifests [2][]byte
	shown     int
}

var editionOf = regexp.MustCompile(`"edition":"\d{4}`)

func newTurns(dataset string) (*turns, error) {
	dir, err := os.MkdirTemp("", "hazardmap-bench-")
	if err != nil {
		return nil, err
	}
	t := &turns{dir: dir}
	if err = os.CopyFS(dir, os.DirFS(dataset)); err == nil {
		t.manifests[0], err = os.ReadFile(t.manifest())
	}
	if err != nil {
		return nil, errors.Join(err, t.remove())
	}
	at := editionOf.FindIndex(t.manifests[0])
	if at == nil {
		return nil, errors.Join(fmt.Errorf("%s: its manifest names no edition", dataset), t.remove())
	}
	t.manifests[1] = bytes.Clone(t.manifests[0])
	copy(t.manifests[1][at[1]-4:], "2001")
	return t, nil
}

func (t *turns) manifest() string { return filepath.Join(t.dir, "manifest.json") }

func (t *turns) remove() error { return os.RemoveAll(t.dir) }

// swap puts the other edition in the place of this one.
func (t *turns) swap() error {
	next := t.manifest() + ".part"
	if err := os.WriteFile(next, t.manifests[1-t.shown], 0o644); err != nil {
		return err
	}
	t.shown = 1 - t.shown
	return os.Rename(next, t.manifest())
}

func (t *turns) keepSwapping(ctx context.Context) error {
	every := time.NewTicker(swapEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
			if err := t.swap(); err != nil {
				return err
			}
		}
	}
}

// Print writes each figure beside its target.
func (s Soak) Print(w io.Writer) {
	fmt.Fprintf(w, "soak: %d requests in %.0f s, %d swaps  %2d wrong, %d faults  target 0, 0   %s\n", s.Asked, s.Took.Seconds(), s.Swaps, s.Wrong, s.Faults, s.Fault)
	fmt.Fprintf(w, "soak: warm, then at the end        %3d, %3d MB  %d, %d files  %d, %d files mapped  %d, %d goroutines  target no growth\n",
		s.Warm.rss>>20, s.End.rss>>20, s.Warm.files, s.End.files, s.Warm.maps, s.End.maps, s.Warm.goroutines, s.End.goroutines)
}
