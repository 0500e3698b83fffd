package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"hazardmap/mbtiles/bundle"
)

// offerName is what a bundle is called while it is installed.
const offerName = "install" + partSuffix

// Offer keeps what is read of a bundle, so that others can fetch it here once it
// is installed. A disk that cannot take it stops no installation.
type Offer struct {
	from io.Reader
	dir  string
	part *os.File
	sum  hash.Hash
	size int64
	err  error
}

// NewOffer begins to keep what is read in a store.
func NewOffer(store string, from io.Reader) *Offer {
	o := &Offer{from: from, dir: filepath.Join(store, Folder), sum: sha256.New()}
	if o.err = os.MkdirAll(o.dir, 0o755); o.err == nil {
		o.part, o.err = os.Create(filepath.Join(o.dir, offerName))
	}
	return o
}

func (o *Offer) Read(p []byte) (int, error) {
	n, err := o.from.Read(p)
	if o.err == nil {
		o.sum.Write(p[:n])
		o.size += int64(n)
		_, o.err = o.part.Write(p[:n])
	}
	return n, err
}

// Keep offers the bundle, whose signed pointer is given, in place of those
// before.
func (o *Offer) Keep(signed []byte, p bundle.Pointer) error {
	if _, err := io.Copy(io.Discard, o); err != nil {
		return err
	}
	if o.err != nil {
		return o.err
	}
	if err := o.part.Sync(); err != nil {
		return err
	}
	a := Announcement{Bundle: hex.EncodeToString(o.sum.Sum(nil)), Bytes: o.size, Pointer: string(signed)}
	if err := errors.Join(a.fits(p), os.Chmod(o.part.Name(), 0o644)); err != nil {
		return err
	}
	if err := os.Rename(o.part.Name(), filepath.Join(o.dir, a.file())); err != nil {
		return err
	}
	return a.keep(o.dir, p)
}

// Close removes what was not kept.
func (o *Offer) Close() {
	if o.part != nil {
		o.part.Close()
		os.Remove(o.part.Name())
	}
	os.Remove(o.dir) // where it is empty
}
