// Package fleet carries signed bundles from whoever publishes them to many
// servers and kiosks, over NATS JetStream or HTTPS.
//
// What travels ahead is an [Announcement]: the signed pointer of a bundle, and
// under which hash the bundle lies. Nothing that arrives is believed but the
// signature, so whoever runs the way between can delay data and not change
// them.
package fleet

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/disk"
	"hazardmap/mbtiles/store"
)

// Folder is where a store keeps the bundle that it received last, for others to
// fetch.
const Folder = "bundles"

// maxAnnouncement bounds what is read of an announcement: a signed pointer has
// at most 16 KB.
const maxAnnouncement = 64 << 10

// Announcement says which bundle is the newest of a dataset.
type Announcement struct {
	Bundle  string `json:"bundle"`  // SHA-256 of the file
	Bytes   int64  `json:"bytes"`   // of the file
	Pointer string `json:"pointer"` // of the bundle, as it was signed
}

// parseAnnouncement reads what a stranger sent.
func parseAnnouncement(data []byte) (Announcement, error) {
	var a Announcement
	if len(data) > maxAnnouncement {
		return a, fmt.Errorf("the announcement is longer than %d bytes", maxAnnouncement)
	}
	if err := json.Unmarshal(data, &a); err != nil {
		return a, fmt.Errorf("is no announcement: %w", err)
	}
	digest, err := hex.DecodeString(a.Bundle)
	if err != nil || len(digest) != sha256.Size || a.Bundle != hex.EncodeToString(digest) {
		return a, fmt.Errorf("the announcement names %.80q, which is no SHA-256", a.Bundle)
	}
	if a.Bytes <= 0 {
		return a, fmt.Errorf("the announcement is of %d bytes", a.Bytes)
	}
	return a, nil
}

// encode writes an announcement as parseAnnouncement reads it.
func (a Announcement) encode() []byte {
	data, err := json.Marshal(a)
	if err != nil {
		panic(err) // strings and a number
	}
	return data
}

// file is the name of the bundle.
func (a Announcement) file() string { return a.Bundle + store.Ending }

// fits refuses more bytes than a bundle of that dataset can have: packed badly
// it is a little longer than what it holds.
func (a Announcement) fits(p bundle.Pointer) error {
	if most := p.Bytes + p.Bytes/64 + 1<<20; a.Bytes > most {
		return fmt.Errorf("the announcement is of %d bytes, a bundle of this dataset has %d at most", a.Bytes, most)
	}
	return nil
}

// Announce reads a bundle, checks it to the last bit by unpacking it aside, and
// describes it. The keys are those that receivers trust.
func Announce(ctx context.Context, f *os.File, keys []minisign.PublicKey) (Announcement, bundle.Pointer, error) {
	info, err := f.Stat()
	if err != nil {
		return Announcement{}, bundle.Pointer{}, err
	}
	h := sha256.New()
	size, err := io.Copy(h, io.NewSectionReader(f, 0, info.Size()))
	if err != nil {
		return Announcement{}, bundle.Pointer{}, err
	}
	b, err := bundle.Open(io.NewSectionReader(f, 0, size), keys)
	if err != nil {
		return Announcement{}, bundle.Pointer{}, err
	}
	defer b.Close()
	aside, err := os.MkdirTemp("", "hazardmap-publish-")
	if err != nil {
		return Announcement{}, b.Pointer, err
	}
	defer os.RemoveAll(aside)
	if err := b.Unpack(ctx, disk.OS{}, filepath.Join(aside, "dataset")); err != nil {
		return Announcement{}, b.Pointer, err
	}
	a := Announcement{Bundle: hex.EncodeToString(h.Sum(nil)), Bytes: size, Pointer: string(b.Signed)}
	return a, b.Pointer, a.fits(b.Pointer)
}

// sum checks that a file is the bundle that was announced.
func (a Announcement) sum(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != a.Bundle {
		return fmt.Errorf("%s: SHA-256 is %s: %w", path, got, errDamaged)
	}
	return nil
}

// errDamaged reports bytes that are not what was announced.
var errDamaged = errors.New("damaged on the way")

// keep puts an announcement beside its bundle, where others find it, and removes
// the bundles before. The name is that of a dataset whose pointer was signed.
func (a Announcement) keep(dir string, p bundle.Pointer) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	name := p.Dataset + ".json"
	for _, e := range entries {
		if e.Name() != a.file() && e.Name() != name {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	path := filepath.Join(dir, name)
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, a.encode()) {
		return nil
	}
	if err := os.WriteFile(path+partSuffix, a.encode(), 0o644); err != nil {
		return err
	}
	return os.Rename(path+partSuffix, path)
}

const partSuffix = ".part"
