package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/disk"
)

// seen is the newest that one key has signed and that was installed.
type seen struct {
	Sequence int64  `json:"sequence"`
	Version  string `json:"version"`
}

// highest is what was seen of each key. A key that is no longer trusted counts
// no more, so the number that a thief may have signed goes with the key.
type highest map[string]seen

// ErrNotNewer reports a bundle that is older than what was installed.
var ErrNotNewer = errors.New("is older than what was installed already")

func (s *Store) highest() (highest, error) {
	data, err := os.ReadFile(s.path(highestName))
	if errors.Is(err, fs.ErrNotExist) {
		return highest{}, nil
	}
	if err != nil {
		return nil, err
	}
	h := highest{}
	if err := json.Unmarshal(data, &h); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(highestName), err)
	}
	return h, nil
}

// newest returns the newest that any trusted key has signed.
func (h highest) newest(trusted bundle.Trusted) seen {
	var top seen
	for _, key := range trusted.Keys {
		if n := h[bundle.KeyID(key.ID())]; n.Sequence > top.Sequence {
			top = n
		}
	}
	return top
}

// admits refuses what is older than the newest, or another with its number.
func (h highest) admits(p bundle.Pointer, trusted bundle.Trusted) error {
	top := h.newest(trusted)
	if p.Sequence < top.Sequence {
		return fmt.Errorf("sequence number %d %w: %d", p.Sequence, ErrNotNewer, top.Sequence)
	}
	if p.Sequence == top.Sequence && p.Version != top.Version {
		return fmt.Errorf("sequence number %d %w, with another dataset", p.Sequence, ErrNotNewer)
	}
	return nil
}

// writeHighest keeps what was seen; its name lasts once the store is synced.
func (s *Store) writeHighest(h highest) error {
	data, err := json.Marshal(h) // keys in order
	if err != nil {
		return err
	}
	return disk.WriteFile(s.disk(), s.path(highestName), append(data, '\n'))
}
