// Package store keeps the datasets that a server or a kiosk has installed, and
// knows which one is to be shown.
//
// A store is a directory: datasets under the name of their version, the signed
// pointers current and previous, the trusted keys, and the highest sequence
// number seen. Everything is written aside and renamed, so that a power cut at
// any moment leaves the dataset before or the new one. A version is never
// changed under its name: it may stay open and mapped while it is removed.
package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/disk"
)

// The files of a store beside its datasets.
const (
	currentName  = "current"
	previousName = "previous"
	trustedName  = "trusted"
	highestName  = "highest"
	lockName     = "lock"

	partSuffix = ".part"
)

// Store is a directory of installed datasets.
type Store struct {
	Dir     string
	Program string    // version of the program that will read them: "0.1.0"
	Disk    disk.Disk // nil means [disk.OS]
}

// Shown is the dataset that a store has to show.
type Shown struct {
	Dir      string
	Pointer  bundle.Pointer
	Previous bool    // the current one could not be shown
	Skipped  []error // why not
}

// ErrEmpty reports a store in which nothing was installed yet.
var ErrEmpty = errors.New("nothing is installed")

// Choose returns the current dataset, or the one before where that is damaged,
// checked to the last bit.
func (s *Store) Choose(ctx context.Context) (Shown, error) {
	if s.empty() {
		return Shown{}, fmt.Errorf("%s: %w", s.Dir, ErrEmpty)
	}
	trusted, err := s.trusted()
	if err != nil {
		return Shown{}, err
	}
	var skipped []error
	for _, name := range []string{currentName, previousName} {
		p, err := s.check(ctx, name, trusted)
		if err == nil {
			return Shown{Dir: s.path(p.Version), Pointer: p, Previous: name == previousName, Skipped: skipped}, nil
		}
		if ctx.Err() != nil {
			return Shown{}, ctx.Err()
		}
		if _, absent := os.Lstat(s.path(name)); name == currentName || absent == nil { // a first installation has none before
			skipped = append(skipped, err)
		}
	}
	return Shown{}, fmt.Errorf("%s: no dataset can be shown: %w", s.Dir, errors.Join(skipped...))
}

// empty reports whether no pointer was ever written.
func (s *Store) empty() bool {
	for _, path := range s.Pointers() {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return true
}

// check reads a pointer and checks the dataset that it names.
func (s *Store) check(ctx context.Context, name string, trusted bundle.Trusted) (bundle.Pointer, error) {
	p, _, err := s.pointer(name, trusted)
	if err != nil {
		return p, err
	}
	if err := p.ReadableBy(s.Program); err != nil {
		return p, fmt.Errorf("%s: %w", s.path(name), err)
	}
	return p, s.checkFiles(ctx, p)
}

func (s *Store) checkFiles(ctx context.Context, p bundle.Pointer) error {
	dir := s.path(p.Version)
	if err := dataset.CheckFiles(ctx, dir); err != nil {
		return err
	}
	_, version, err := dataset.ReadManifest(dir)
	if err == nil && version != p.Version {
		err = fmt.Errorf("%s: holds version %s", dir, version)
	}
	return err
}

// pointer reads current or previous, also as it was signed.
func (s *Store) pointer(name string, trusted bundle.Trusted) (bundle.Pointer, []byte, error) {
	signed, err := os.ReadFile(s.path(name))
	if err != nil {
		return bundle.Pointer{}, nil, err
	}
	p, _, err := bundle.Check(signed, trusted.All())
	if err != nil {
		return p, nil, fmt.Errorf("%s: %w", s.path(name), err)
	}
	return p, signed, nil
}

func (s *Store) trusted() (bundle.Trusted, error) {
	text, err := os.ReadFile(s.path(trustedName))
	if errors.Is(err, fs.ErrNotExist) {
		return bundle.Trusted{}, nil
	}
	if err != nil {
		return bundle.Trusted{}, err
	}
	t, err := bundle.ParseTrusted(text)
	if err != nil {
		return t, fmt.Errorf("%s: %w", s.path(trustedName), err)
	}
	return t, nil
}

// make makes the directory if there is none.
func (s *Store) make() error {
	if _, err := os.Lstat(s.Dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return err
	}
	return s.disk().Sync(filepath.Dir(s.Dir))
}

// Pointers returns the files that change when another dataset is to be shown.
func (s *Store) Pointers() []string { return []string{s.path(currentName), s.path(previousName)} }

func (s *Store) path(name string) string { return filepath.Join(s.Dir, name) }

func (s *Store) disk() disk.Disk {
	if s.Disk == nil {
		return disk.OS{}
	}
	return s.Disk
}

// Before returns the directory of the dataset before the current one, checked
// to the last bit; an error of [fs.ErrNotExist] means that there is none.
func (s *Store) Before(ctx context.Context) (string, error) {
	trusted, err := s.trusted()
	if err != nil {
		return "", err
	}
	p, err := s.check(ctx, previousName, trusted)
	return s.path(p.Version), err
}
