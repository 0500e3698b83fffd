//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// lock keeps two installers apart.
func (s *Store) lock() (unlock func(), err error) {
	if err := s.make(); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(s.path(lockName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = ErrBusy
		}
		return nil, errors.Join(fmt.Errorf("%s: %w", s.Dir, err), f.Close())
	}
	return func() { f.Close() }, nil
}
