package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/disk"
)

// Rollback shows the previous dataset again; the one that was current becomes
// the previous one. It may be undone by another.
func (s *Store) Rollback(ctx context.Context) (bundle.Pointer, error) {
	if _, err := os.Lstat(s.Dir); err != nil {
		return bundle.Pointer{}, err
	}
	unlock, err := s.lock()
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer unlock()
	trusted, err := s.trusted()
	if err != nil {
		return bundle.Pointer{}, err
	}
	if _, err := os.Lstat(s.path(previousName)); errors.Is(err, fs.ErrNotExist) {
		return bundle.Pointer{}, fmt.Errorf("%s: there is no dataset before the current one", s.Dir)
	}
	p, err := s.check(ctx, previousName, trusted)
	if err != nil {
		return p, err
	}
	if err := s.swapPointers(); err != nil {
		return p, err
	}
	return p, s.disk().Sync(s.Dir)
}

func (s *Store) swapPointers() error {
	d, current, previous := s.disk(), s.path(currentName), s.path(previousName)
	err := d.Exchange(current, previous)
	if err == nil || !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	was, err := os.ReadFile(current)
	if err != nil {
		return err
	}
	back, err := os.ReadFile(previous)
	if err != nil {
		return err
	}
	if err := disk.WriteFile(d, current, back); err != nil {
		return err
	}
	if err := d.Sync(s.Dir); err != nil {
		return err
	}
	return disk.WriteFile(d, previous, was)
}
