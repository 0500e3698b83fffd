package bundle

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"aead.dev/minisign"
	"github.com/klauspost/compress/zstd"

	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/disk"
)

// maxDataset bounds what any pointer may announce: a country is 2 GB.
const maxDataset = 64 << 30

const maxManifest = 64 << 20 // as dataset reads it

// Reader reads a bundle whose pointer is signed by a trusted key.
type Reader struct {
	Pointer Pointer
	Signed  []byte             // the pointer as it was signed
	Key     minisign.PublicKey // by which

	zstd *zstd.Decoder
	tar  *tar.Reader
}

// Open reads the pointer of a bundle and checks its signature.
func Open(r io.Reader, trusted []minisign.PublicKey) (*Reader, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	b := &Reader{zstd: z, tar: tar.NewReader(z)}
	if err := b.readPointer(trusted); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *Reader) readPointer(trusted []minisign.PublicKey) error {
	head, err := b.tar.Next()
	if err != nil {
		return fmt.Errorf("is no bundle: %w", err)
	}
	switch {
	case head.Name == dataset.ManifestName:
		return errors.New("is not signed")
	case head.Name != pointerName || head.Typeflag != tar.TypeReg:
		return errors.New("is no bundle: begins with no pointer")
	case head.Size > maxPointer:
		return fmt.Errorf("the pointer is longer than %d bytes", maxPointer)
	}
	if b.Signed, err = io.ReadAll(b.tar); err != nil {
		return fmt.Errorf("pointer: %w", err)
	}
	b.Pointer, b.Key, err = Check(b.Signed, trusted)
	return err
}

// Close lets go of the memory; the reader given to [Open] stays open.
func (b *Reader) Close() { b.zstd.Close() }

// Unpack writes the dataset to a new directory, file by file as the manifest
// names them, and stops at the first byte that is not as announced. The bytes
// are synced, their names are not.
func (b *Reader) Unpack(ctx context.Context, d disk.Disk, dir string) error {
	if err := d.Mkdir(dir); err != nil {
		return err
	}
	manifest, err := b.manifest()
	if err != nil {
		return err
	}
	m, err := dataset.ParseManifest(manifest)
	if err != nil {
		return fmt.Errorf("%s: %w", dataset.ManifestName, err)
	}
	if m.ID != b.Pointer.Dataset {
		return fmt.Errorf("%s: is of dataset %q, the pointer of %q", dataset.ManifestName, m.ID, b.Pointer.Dataset)
	}
	if got := m.Bytes() + int64(len(manifest)); got != b.Pointer.Bytes {
		return fmt.Errorf("holds %d bytes, the pointer says %d", got, b.Pointer.Bytes)
	}
	if err := writeFile(d, filepath.Join(dir, dataset.ManifestName), func(w io.Writer) error { _, err := w.Write(manifest); return err }); err != nil {
		return err
	}
	for _, f := range m.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := b.unpackFile(d, dir, f); err != nil {
			return err
		}
	}
	return b.end()
}

// manifest reads the manifest, which must be the one that the pointer names.
func (b *Reader) manifest() ([]byte, error) {
	head, err := b.next(dataset.ManifestName)
	if err != nil {
		return nil, err
	}
	if head.Size > min(b.Pointer.Bytes, maxManifest) {
		return nil, fmt.Errorf("%s: %d bytes are more than the pointer announces or any manifest has", dataset.ManifestName, head.Size)
	}
	data, err := io.ReadAll(b.tar)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dataset.ManifestName, err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != b.Pointer.Version {
		return nil, fmt.Errorf("%s: is not the one that the pointer names", dataset.ManifestName)
	}
	return data, nil
}

// next returns the next entry, which must be a file of that name.
func (b *Reader) next(name string) (*tar.Header, error) {
	head, err := b.tar.Next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("ends before %s", name)
	case err != nil:
		return nil, fmt.Errorf("before %s: %w", name, err)
	case head.Name != name || head.Typeflag != tar.TypeReg:
		return nil, fmt.Errorf("holds %.80q where %s should be", head.Name, name)
	}
	return head, nil
}

func (b *Reader) unpackFile(d disk.Disk, dir string, want dataset.File) error {
	head, err := b.next(want.SHA256)
	if err != nil {
		return fmt.Errorf("%s: %w", want.Name, err)
	}
	if head.Size != want.Bytes {
		return fmt.Errorf("%s: has %d bytes, the manifest says %d", want.Name, head.Size, want.Bytes)
	}
	return writeFile(d, filepath.Join(dir, want.Name), func(w io.Writer) error {
		h := sha256.New()
		if _, err := io.CopyBuffer(io.MultiWriter(w, h), onlyReader{b.tar}, make([]byte, 1<<20)); err != nil {
			return fmt.Errorf("%s: %w", want.Name, err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != want.SHA256 {
			return fmt.Errorf("%s: SHA-256 is %s, the manifest says %s", want.Name, got, want.SHA256)
		}
		return nil
	})
}

// onlyReader keeps io.CopyBuffer from using anything but its buffer.
type onlyReader struct{ io.Reader }

// end refuses anything behind the last file.
func (b *Reader) end() error {
	if head, err := b.tar.Next(); err == nil {
		return fmt.Errorf("holds %.80q, which is not in the manifest", head.Name)
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf("behind the last file: %w", err)
	}
	// To the end, so that the checksum of the last block is looked at too.
	rest, err := io.Copy(io.Discard, io.LimitReader(b.zstd, maxPadding+1))
	if err != nil {
		return fmt.Errorf("behind the last file: %w", err)
	}
	if rest > maxPadding {
		return errors.New("goes on behind its end")
	}
	return nil
}

// maxPadding is what tar may add to fill its last record.
const maxPadding = 20 * 512

func writeFile(d disk.Disk, path string, fill func(io.Writer) error) error {
	f, err := d.Create(path)
	if err != nil {
		return err
	}
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
