package store

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// clean removes what neither pointer names, leftovers of crashes included. As
// long as a pointer cannot be read nobody knows what it names, and every
// dataset stays.
func (s *Store) clean() error {
	trusted, err := s.trusted()
	if err != nil {
		return err
	}
	unknown := false
	keep := map[string]bool{currentName: true, previousName: true, trustedName: true, highestName: true, lockName: true}
	for _, name := range []string{currentName, previousName} {
		p, _, err := s.pointer(name, trusted)
		unknown = unknown || (err != nil && !errors.Is(err, fs.ErrNotExist))
		keep[p.Version] = true
	}
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if keep[e.Name()] || !ours(e.Name()) || (unknown && !strings.HasSuffix(e.Name(), partSuffix)) {
			continue
		}
		if err := s.disk().Remove(s.path(e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// ours reports whether a name is one that a store gives.
func ours(name string) bool {
	name = strings.TrimSuffix(name, partSuffix)
	digest, err := hex.DecodeString(name)
	return (err == nil && len(digest) == 32) || name == currentName || name == previousName || name == trustedName || name == highestName
}
