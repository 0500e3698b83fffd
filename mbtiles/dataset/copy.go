package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// OpenCopy opens a private copy of a dataset, so that whatever becomes of the
// directory, overwritten in place, half replaced or removed, the answers stay
// those of the version that was opened: what is mapped must never change. The
// copy is checked against the manifest while it is made and goes with
// [Dataset.Close].
func OpenCopy(ctx context.Context, dir string) (*Dataset, error) {
	data, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), err)
	}
	private, remove, err := privateDir()
	if err != nil {
		return nil, err
	}
	d, err := openCopy(ctx, dir, private, data, m)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	d.release = append([]func() error{remove}, d.release...)
	return d, nil
}

func openCopy(ctx context.Context, dir, private string, manifest []byte, m *Manifest) (*Dataset, error) {
	if err := os.WriteFile(filepath.Join(private, ManifestName), manifest, 0o600); err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range m.Files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return copyFile(filepath.Join(dir, f.Name), filepath.Join(private, f.Name), f)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	d, err := Open(private)
	if err != nil {
		return nil, fmt.Errorf("%s: a copy of it: %w", dir, err)
	}
	return d, nil
}

// copyFile copies a file that must be the one of the manifest.
func copyFile(from, to string, want File) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	h := sha256.New()
	// One byte more than announced is enough to know.
	n, err := io.CopyBuffer(io.MultiWriter(out, h), struct{ io.Reader }{io.LimitReader(in, want.Bytes+1)}, make([]byte, 256<<10))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", from, err)
	case n != want.Bytes:
		return fmt.Errorf("%s: has not the %d bytes of the manifest", from, want.Bytes)
	case hex.EncodeToString(h.Sum(nil)) != want.SHA256:
		return fmt.Errorf("%s: is damaged: its SHA-256 is not that of the manifest", from)
	}
	return nil
}

// privatePrefix begins the name of every private copy.
const privatePrefix = "hazardmap-set-"
