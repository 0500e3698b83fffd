package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
)

// Ending is that of the files which are looked at on a stick.
const Ending = ".hazmap"

// maxCandidates bounds how many files of a stick are opened.
const maxCandidates = 64

// ErrNothingNewer reports a folder without a bundle that is newer than what is
// installed.
var ErrNothingNewer = errors.New("holds no bundle that is newer")

// candidate is a bundle on a stick whose pointer is good.
type candidate struct {
	path    string
	pointer bundle.Pointer
}

// InstallFrom installs the newest good bundle that lies in a folder, and
// returns its path. What was looked at and refused is in refused.
func (s *Store) InstallFrom(ctx context.Context, dir string, progress dataset.Progress) (path string, p bundle.Pointer, refused []error, err error) {
	found, refused, err := s.candidates(dir)
	if err != nil {
		return "", p, refused, err
	}
	for _, c := range found {
		p, err := s.installFile(ctx, c.path, progress)
		if err == nil {
			return c.path, p, refused, nil
		}
		refused = append(refused, fmt.Errorf("%s: %w", c.path, err))
		if ctx.Err() != nil {
			break
		}
	}
	return "", p, refused, fmt.Errorf("%s: %w", dir, ErrNothingNewer)
}

func (s *Store) installFile(ctx context.Context, path string, progress dataset.Progress) (bundle.Pointer, error) {
	f, err := os.Open(path)
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer f.Close()
	return s.Install(ctx, f, nil, progress)
}

// candidates reads the pointers of the bundles in a folder and returns those
// that are newer than what was installed, the newest first.
func (s *Store) candidates(dir string) (found []candidate, refused []error, err error) {
	trusted, err := s.trusted()
	if err != nil {
		return nil, nil, err
	}
	seen, err := s.highest()
	if err != nil {
		return nil, nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	newest := seen.newest(trusted).Sequence
	looked := 0
	for _, e := range entries {
		if filepath.Ext(e.Name()) != Ending || e.Type()&fs.ModeType != 0 || looked == maxCandidates {
			continue
		}
		looked++
		c := candidate{path: filepath.Join(dir, e.Name())}
		if c.pointer, err = readPointer(c.path, trusted); err != nil {
			refused = append(refused, fmt.Errorf("%s: %w", c.path, err))
		} else if c.pointer.Sequence > newest {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b candidate) int { return cmp.Compare(b.pointer.Sequence, a.pointer.Sequence) })
	return found, refused, nil
}

// Offered checks a signed pointer that somebody offers, by everything that it
// can tell alone: an error of [ErrNothingNewer] means that what it points at was
// installed already. Keys that are handed over are trusted
// as [Store.Install] trusts them.
func (s *Store) Offered(signed []byte, keys []minisign.PublicKey) (bundle.Pointer, error) {
	if err := s.make(); err != nil {
		return bundle.Pointer{}, err
	}
	before, err := s.trusted()
	if err != nil {
		return bundle.Pointer{}, err
	}
	seen, err := s.highest()
	if err != nil {
		return bundle.Pointer{}, err
	}
	i := installer{Store: s, before: before, trusted: before.With(keys), highest: seen}
	if len(i.trusted.Keys) == 0 {
		return bundle.Pointer{}, fmt.Errorf("%s: %w", s.Dir, ErrNoKey)
	}
	p, _, err := bundle.Check(signed, i.trusted.Keys)
	switch top := seen.newest(i.trusted); {
	case err != nil:
		return p, err
	case p.Sequence == top.Sequence && p.Version == top.Version:
		return p, ErrNothingNewer
	}
	return p, i.admits(p)
}

// PointerOf reads the pointer of a bundle that is signed by a key which is
// trusted here or handed over.
func (s *Store) PointerOf(path string, keys []minisign.PublicKey) (bundle.Pointer, error) {
	trusted, err := s.trusted()
	if err != nil {
		return bundle.Pointer{}, err
	}
	return readPointer(path, trusted.With(keys))
}

func readPointer(path string, trusted bundle.Trusted) (bundle.Pointer, error) {
	f, err := os.Open(path)
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer f.Close()
	b, err := bundle.Open(f, trusted.Keys)
	if err != nil {
		return bundle.Pointer{}, err
	}
	defer b.Close()
	return b.Pointer, nil
}
