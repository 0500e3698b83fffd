package bundle

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"aead.dev/minisign"
	"github.com/klauspost/compress/zstd"

	"hazardmap/mbtiles/dataset"
)

const pointerName = "pointer"

// window is how far back a compressed bundle refers; a reader needs that much
// memory and grants no more.
const window = 8 << 20

// Write writes a dataset, which must be good, as a bundle that p points at.
func Write(ctx context.Context, w io.Writer, dir string, p Pointer, key minisign.PrivateKey) error {
	signed, err := Sign(p, key)
	if err != nil {
		return err
	}
	m, version, err := dataset.ReadManifest(dir)
	if err != nil {
		return err
	}
	if version != p.Version {
		return fmt.Errorf("%s: is of version %s, the pointer of %s", dir, version, p.Version)
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(window))
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	err = writeAll(ctx, t, dir, signed, m)
	if err == nil {
		err = t.Close()
	}
	return errors.Join(err, z.Close())
}

func writeAll(ctx context.Context, t *tar.Writer, dir string, signed []byte, m *dataset.Manifest) error {
	manifest, err := manifestBytes(dir)
	if err != nil {
		return err
	}
	if err := add(t, pointerName, int64(len(signed)), bytes.NewReader(signed)); err != nil {
		return err
	}
	if err := add(t, dataset.ManifestName, int64(len(manifest)), bytes.NewReader(manifest)); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := addFile(t, filepath.Join(dir, f.Name), f); err != nil {
			return err
		}
	}
	return nil
}

func addFile(t *tar.Writer, path string, want dataset.File) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return add(t, want.SHA256, want.Bytes, f)
}

// add writes one entry without owner or clock.
func add(t *tar.Writer, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o644, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}); err != nil {
		return err
	}
	_, err := io.Copy(t, r)
	return err
}

func manifestBytes(dir string) ([]byte, error) {
	return os.ReadFile(filepath.Join(dir, dataset.ManifestName))
}
