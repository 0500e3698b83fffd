//go:build unix

package dataset

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// privateDir makes a directory for a copy. It is locked as long as it is in
// use, so that the next to make one can remove what a killed program left.
func privateDir() (dir string, remove func() error, err error) {
	sweep()
	if dir, err = os.MkdirTemp("", privatePrefix); err != nil {
		return "", nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return "", nil, errors.Join(err, os.Remove(dir))
	}
	return dir, func() error { return errors.Join(os.RemoveAll(dir), lock.Close()) }, nil
}

func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: dir, Err: err}, f.Close())
	}
	return f, nil
}

// sweep removes the copies that nobody holds. An empty one was just made, by
// somebody who is about to lock it. What cannot be removed belongs to another
// user, and is theirs to sweep.
func sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), privatePrefix+"*"))
	for _, dir := range left {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) == 0 {
			continue
		}
		if lock, err := lockDir(dir); err == nil {
			os.RemoveAll(dir)
			lock.Close()
		}
	}
}
