package store

import (
	"encoding/hex"
	"os"
	"strings"
)

// clean removes what neither pointer names, leftovers of crashes included.
func (s *Store) clean() error {
	trusted, err := s.trusted()
	if err != nil {
		return err
	}
	keep := map[string]bool{currentName: true, previousName: true, trustedName: true, highestName: true, lockName: true}
	for _, name := range []string{currentName, previousName} {
		if p, _, err := s.pointer(name, trusted); err == nil {
			keep[p.Version] = true
		}
	}
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] && ours(e.Name()) {
			if err := s.disk().Remove(s.path(e.Name())); err != nil {
				return err
			}
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
