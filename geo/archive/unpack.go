package archive

import (
	"archive/tar"
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
)

// maxDirectory is how many bytes of a zip's directory are read: 100,000 entries
// need about 15 MB.
const maxDirectory = 32 << 20

// gzip visits the one file in a .gz.
func (w *walker) gzip(f *file, d folder, depth int) error {
	inside := f.inside
	switch ext := path.Ext(inside); strings.ToLower(ext) {
	case ".gz":
		inside = strings.TrimSuffix(inside, ext)
	case ".tgz":
		inside = strings.TrimSuffix(inside, ext) + ".tar"
	}
	var packed atomic.Int64
	unpacked := &file{path: f.path, inside: inside, size: -1, packed: packed.Load}
	unpacked.reader = func() (io.ReadCloser, error) {
		r, err := w.open(f)
		if err != nil {
			return nil, err
		}
		z, err := gzip.NewReader(&counted{r: r, most: &packed})
		if err != nil {
			r.Close()
			return nil, refused(f, err)
		}
		return &unpacker{Reader: z, closers: []io.Closer{z, r}}, nil
	}
	return w.visit(unpacked, d, depth)
}

// counted notes how far into a file any of its readers got.
type counted struct {
	r    io.Reader
	n    int64
	most *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	for most := c.most.Load(); c.n > most && !c.most.CompareAndSwap(most, c.n); most = c.most.Load() {
	}
	return n, err
}

// unpacker closes all that it reads through.
type unpacker struct {
	io.Reader
	closers []io.Closer
}

func (u *unpacker) Close() error {
	var errs []error
	for _, c := range u.closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// random opens a file for reading at any place. What is packed is unpacked into
// a file without a name.
func (w *walker) random(f *file) (*os.File, int64, error) {
	r, err := w.open(f)
	if err != nil {
		return nil, 0, err
	}
	if disk, ok := r.(*metered).ReadCloser.(*os.File); ok {
		return disk, f.size, nil
	}
	defer r.Close()
	disk, err := os.CreateTemp("", "hazardmap-unpack-*")
	if err != nil {
		return nil, 0, err
	}
	// The open file stays; a crash leaves nothing behind.
	if err := os.Remove(disk.Name()); err != nil {
		disk.Close()
		return nil, 0, err
	}
	size, err := io.Copy(disk, r)
	if err != nil {
		disk.Close()
		return nil, 0, err
	}
	return disk, size, nil
}

// zip visits the files in a .zip.
func (w *walker) zip(f *file, d folder, depth int) error {
	disk, size, err := w.random(f)
	if err != nil {
		return err
	}
	defer disk.Close()
	directory := &bounded{r: disk, left: maxDirectory}
	z, err := zip.NewReader(directory, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are checked below
		return refused(f, err)
	}
	directory.left = -1
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(r) })
	if office(z) {
		return w.fn(w.member(f, d))
	}
	var files []*file
	var total uint64
	for _, entry := range z.File {
		packed, err := w.zipEntry(f, entry, size)
		if err != nil {
			return err
		}
		if packed == nil {
			continue
		}
		if total += entry.UncompressedSize64; total > harmless && total/uint64(w.limits.Ratio) > uint64(size) {
			return &Error{f.path, ErrRatio}
		}
		files = append(files, packed)
	}
	if err := sortNames(files); err != nil {
		return err
	}
	return w.visitAll(files, depth)
}

// office reports whether a zip is one document of an office program.
func office(z *zip.Reader) bool {
	return len(z.File) > 0 && (z.File[0].Name == "[Content_Types].xml" || z.File[0].Name == "mimetype")
}

// zipEntry returns the file of an entry, nil for folders and junk.
func (w *walker) zipEntry(f *file, entry *zip.File, size int64) (*file, error) {
	inside, err := entryName(entry.Name)
	if err != nil {
		return nil, &Error{fmt.Sprintf("%s!%q", f.path, entry.Name), err}
	}
	shown := f.path + "!" + inside
	mode := entry.Mode()
	switch {
	case mode.IsDir() || strings.HasSuffix(entry.Name, "/") || strings.HasSuffix(entry.Name, `\`) && entry.UncompressedSize64 == 0:
		return nil, w.count(shown)
	case !mode.IsRegular():
		return nil, &Error{shown, ErrLink}
	case junk(inside):
		return nil, w.count(shown)
	case entry.Flags&1 != 0:
		return nil, &Error{shown, ErrEncrypted}
	case entry.UncompressedSize64 > uint64(w.limits.Bytes):
		return nil, &Error{shown, ErrTooBig}
	}
	packed := min(int64(min(entry.CompressedSize64, 1<<62)), size)
	return &file{path: shown, inside: inside, size: int64(entry.UncompressedSize64),
		packed: func() int64 { return packed }, reader: entry.Open}, w.count(shown)
}

// bounded reads at most so many bytes at any place; any number if negative.
type bounded struct {
	r    io.ReaderAt
	left int64
}

func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			return 0, ErrTooMany
		}
	}
	return b.r.ReadAt(p, at)
}

// tar visits the files in a .tar, wherever they lie in it.
func (w *walker) tar(f *file, _ folder, depth int) error {
	disk, size, err := w.random(f)
	if err != nil {
		return err
	}
	defer disk.Close()
	section := io.NewSectionReader(disk, 0, size)
	t := tar.NewReader(section)
	var files []*file
	for {
		header, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // names are checked below
			return refused(f, err)
		}
		at, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return refused(f, err)
		}
		packed, err := w.tarEntry(f, header)
		if err != nil {
			return err
		}
		if packed == nil {
			continue
		}
		if packed.size > size-at {
			return &Error{packed.path, io.ErrUnexpectedEOF}
		}
		packed.reader = func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(disk, at, packed.size)), nil
		}
		files = append(files, packed)
	}
	if err := sortNames(files); err != nil {
		return err
	}
	return w.visitAll(files, depth)
}

// tarEntry returns the file of an entry, still without a reader, nil for
// folders and junk.
func (w *walker) tarEntry(f *file, header *tar.Header) (*file, error) {
	if header.Typeflag == tar.TypeXGlobalHeader {
		return nil, w.count(f.path)
	}
	inside, err := entryName(header.Name)
	if err != nil {
		return nil, &Error{fmt.Sprintf("%s!%q", f.path, header.Name), err}
	}
	shown := f.path + "!" + inside
	switch {
	case header.Typeflag == tar.TypeDir:
		return nil, w.count(shown)
	case header.Typeflag != tar.TypeReg || sparse(header):
		return nil, &Error{shown, ErrLink}
	case junk(inside):
		return nil, w.count(shown)
	}
	return &file{path: shown, inside: inside, size: header.Size}, w.count(shown)
}

// sparse reports whether the bytes of an entry are not stored one after
// another.
func sparse(header *tar.Header) bool {
	for record := range header.PAXRecords {
		if strings.HasPrefix(record, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// sortNames sorts files by name and refuses a name that occurs twice: which of
// the two is meant depends on the program that reads it.
func sortNames(files []*file) error {
	slices.SortFunc(files, func(a, b *file) int { return strings.Compare(a.inside, b.inside) })
	for i := 1; i < len(files); i++ {
		if files[i].inside == files[i-1].inside {
			return &Error{files[i].path, ErrDuplicate}
		}
	}
	return nil
}
