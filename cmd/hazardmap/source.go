package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hazardmap/cmd/internal/fleet"
	"hazardmap/hazard/diff"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/store"
	"hazardmap/web"
)

// source is where serve takes its datasets from: directories, or a store with
// directories to fall back on.
type source struct {
	store *store.Store // nil for none
	dirs  []string
	// follower fills the store; nil for none.
	follower *fleet.Follower
	// previous is the edition before the first of dirs; "" for none.
	previous string
	say      func(format string, a ...any)
}

// start opens what is to be shown, or the next best: an old map is better than
// none. With datasets as well as an error these are not the newest, and the
// error says why.
func (s *source) start(ctx context.Context) ([]*web.Dataset, error) {
	if s.store == nil {
		return openCopies(ctx, s.dirs, s.previous)
	}
	shown, err := s.store.Choose(ctx)
	if err == nil {
		var open []*web.Dataset
		if open, err = s.openShown(shown); err == nil {
			return open, errors.Join(shown.Skipped...)
		}
	}
	if len(s.dirs) == 0 || ctx.Err() != nil {
		return nil, advised(err)
	}
	open, factoryErr := openCopies(ctx, s.dirs, "")
	if factoryErr != nil {
		return nil, errors.Join(err, factoryErr)
	}
	s.say("hazardmap: showing the FACTORY dataset %s, edition %s: %v\n", open[0].ID, open[0].Edition, err)
	if errors.Is(err, store.ErrEmpty) {
		err = nil // nothing was promised yet
	}
	return open, err
}

// reopen opens what is to be shown from now on, and nothing less: what is
// served already is better than the next best.
func (s *source) reopen(ctx context.Context) ([]*web.Dataset, error) {
	if s.store == nil {
		return openCopies(ctx, s.dirs, s.previous)
	}
	shown, err := s.store.Choose(ctx)
	if err == nil && shown.Previous {
		err = errors.Join(shown.Skipped...)
	}
	if err != nil {
		return nil, err
	}
	return s.openShown(shown)
}

// openShown opens a dataset where it lies: under its name in a store nothing is
// ever changed.
func (s *source) openShown(shown store.Shown) ([]*web.Dataset, error) {
	d, err := dataset.Open(shown.Dir)
	if err != nil {
		return nil, err
	}
	open, err := served(d)
	if err != nil {
		return nil, err
	}
	open.Expires = shown.Pointer.Expires
	if _, err := os.Lstat(s.store.Pointers()[1]); err == nil && !shown.Previous {
		open.Before = func(ctx context.Context) (*diff.Report, error) {
			dir, err := s.store.Before(ctx)
			if err != nil {
				return nil, err
			}
			return compareWith(ctx, dir, d)
		}
	}
	which := "current"
	if shown.Previous {
		which = "PREVIOUS"
	}
	s.say("hazardmap: showing the %s dataset %s\n", which, described(shown.Pointer))
	for _, why := range shown.Skipped {
		s.say("hazardmap: not shown: %v\n", why)
	}
	if shown.Pointer.Expired(time.Now()) {
		s.say("hazardmap: the data expired on %s and are shown with a warning\n", shown.Pointer.Expires.Format(time.DateOnly))
	}
	return []*web.Dataset{open}, nil
}

// openCopies opens copies of datasets for the server, so that the directories
// may be replaced or written over; after an error none stays open. The first is
// compared with the edition before, if one is named.
func openCopies(ctx context.Context, dirs []string, previous string) ([]*web.Dataset, error) {
	var open []*web.Dataset
	for _, dir := range dirs {
		d, err := dataset.OpenCopy(ctx, dir)
		if err == nil {
			var one *web.Dataset
			if one, err = served(d); err == nil {
				if previous != "" && len(open) == 0 {
					one.Before = func(ctx context.Context) (*diff.Report, error) { return compareWith(ctx, previous, d) }
				}
				open = append(open, one)
				continue
			}
		}
		for _, o := range open {
			err = errors.Join(err, o.Close())
		}
		return nil, err
	}
	return open, nil
}

// compareWith compares the edition in a directory with an open one.
func compareWith(ctx context.Context, dir string, d *dataset.Dataset) (report *diff.Report, err error) {
	before, err := dataset.OpenCopy(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, before.Close()) }()
	return compareDatasets(ctx, before, d)
}

// stamp changes whenever something that is served may have changed.
func (s *source) stamp() string {
	var b strings.Builder
	note := func(path string) {
		info, err := os.Stat(path)
		if err != nil {
			fmt.Fprintln(&b, path, "is not there")
			return
		}
		fmt.Fprintln(&b, path, identity(info))
	}
	if s.store != nil {
		for _, path := range s.store.Pointers() {
			note(path)
		}
	}
	for _, dir := range s.dirs {
		entries, _ := os.ReadDir(dir) // none where it is not there
		note(dir)
		for _, e := range entries {
			note(filepath.Join(dir, e.Name()))
		}
	}
	return b.String()
}

// every is how often the source is looked at. A change counts once nothing has
// changed since the look before: whoever copies files in place is then done.
const every = 500 * time.Millisecond

// watch tells of changes since the stamp was taken, until ctx is done.
func (s *source) watch(ctx context.Context, last string, changed chan<- struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	moving := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := s.stamp()
		switch {
		case now != last:
			last, moving = now, true
		case moving:
			moving = false
			wake(changed)
		}
	}
}

// wake asks for a reload, unless one is asked for already.
func wake(changed chan<- struct{}) {
	select {
	case changed <- struct{}{}:
	default:
	}
}
