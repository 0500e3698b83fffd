package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// walker is one walk over what was handed over. It is the only thing that
// holds its context, since readers that outlive a call must see it end.
type walker struct {
	ctx     context.Context
	limits  Limits
	fn      func(*Member) error
	entries int

	mu       sync.Mutex
	unpacked int64
}

// file is something that can be read: a file on disk or in an archive.
type file struct {
	path   string // for people
	inside string // slash-separated, in its folder or archive
	size   int64  // -1 if unknown
	reader func() (io.ReadCloser, error)

	packed  func() int64 // bytes that it was unpacked from so far; nil if it was not packed
	charged int64        // how much of it was counted as unpacked
}

// folder finds the files of one folder or archive by their names in lower case.
type folder map[string]*file

func newFolder(files []*file) folder {
	d := make(folder, len(files))
	for _, f := range files {
		if key := strings.ToLower(f.inside); d[key] == nil {
			d[key] = f
		}
	}
	return d
}

func (d folder) sibling(f *file, ext string) *file {
	stem := strings.TrimSuffix(f.inside, path.Ext(f.inside))
	return d[strings.ToLower(stem+ext)]
}

// junk is what operating systems leave in folders and archives.
func junk(inside string) bool {
	name := path.Base(inside)
	return strings.HasPrefix(name, "._") || name == ".DS_Store" || strings.EqualFold(name, "Thumbs.db") || strings.EqualFold(name, "desktop.ini") ||
		inside == "__MACOSX" || strings.HasPrefix(inside, "__MACOSX/") || strings.Contains(inside, "/__MACOSX/")
}

// start looks at what was handed over. Only here may a link be followed: the
// person named it.
func (w *walker) start(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return w.directory(name)
	}
	if !info.Mode().IsRegular() {
		return &Error{name, ErrLink}
	}
	beside, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return err
	}
	var files []*file
	for _, entry := range beside {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, onDisk(filepath.Join(filepath.Dir(name), entry.Name()), entry.Name(), info.Size()))
		}
	}
	return w.visit(onDisk(name, filepath.Base(name), info.Size()), newFolder(files), 0)
}

func onDisk(name, inside string, size int64) *file {
	return &file{path: name, inside: inside, size: size, reader: func() (io.ReadCloser, error) { return os.Open(name) }}
}

// directory visits every file below a folder.
func (w *walker) directory(name string) error {
	root, err := os.OpenRoot(name)
	if err != nil {
		return err
	}
	defer root.Close()
	var files []*file
	err = fs.WalkDir(root.FS(), ".", func(inside string, entry fs.DirEntry, err error) error {
		shown := filepath.Join(name, filepath.FromSlash(inside))
		switch {
		case err != nil:
			return err
		case junk(inside) && entry.IsDir():
			return fs.SkipDir
		case junk(inside) || entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return &Error{shown, ErrLink}
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files = append(files, &file{path: shown, inside: inside, size: info.Size(),
			reader: func() (io.ReadCloser, error) { return root.Open(filepath.FromSlash(inside)) }})
		return w.count(shown)
	})
	if err != nil {
		return err
	}
	return w.visitAll(files, 0)
}

// count counts one more entry.
func (w *walker) count(shown string) error {
	if w.entries++; w.entries > w.limits.Entries {
		return &Error{shown, ErrTooMany}
	}
	return w.ctx.Err()
}

func (w *walker) visitAll(files []*file, depth int) error {
	d := newFolder(files)
	for _, f := range files {
		if err := w.visit(f, d, depth); err != nil {
			return err
		}
	}
	return nil
}

// visit hands on a file, or what it packs.
func (w *walker) visit(f *file, d folder, depth int) error {
	head, err := w.head(f)
	if err != nil {
		return err
	}
	var look func(*file, folder, int) error
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		look = w.zip
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")):
		look = w.gzip
	case len(head) >= 262 && string(head[257:262]) == "ustar":
		look = w.tar
	default:
		return w.fn(w.member(f, d))
	}
	if depth == w.limits.Depth {
		return &Error{f.path, ErrTooDeep}
	}
	return look(f, d, depth+1)
}

func (w *walker) member(f *file, d folder) *Member {
	return &Member{Path: f.path, Name: path.Base(f.inside), Size: f.size, walker: w, file: f, folder: d}
}

// head returns the first bytes of a file.
func (w *walker) head(f *file) ([]byte, error) {
	r, err := w.open(f)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(r, head)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) && n > 0 {
		err = nil
	}
	return head[:n], err
}

// open opens a file for reading within the limits.
func (w *walker) open(f *file) (io.ReadCloser, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	r, err := f.reader()
	if err != nil {
		return nil, refused(f, err)
	}
	return &metered{ReadCloser: r, walker: w, file: f}, nil
}

// refused names the file that an error is about, once.
func refused(f *file, err error) error {
	if named := (*Error)(nil); err == nil || err == io.EOF || errors.As(err, &named) {
		return err
	}
	return &Error{f.path, err}
}

// metered reads a file and stops where it exceeds the limits.
type metered struct {
	io.ReadCloser
	walker *walker
	file   *file
	n      int64
}

func (m *metered) Read(p []byte) (int, error) {
	if err := m.walker.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.ReadCloser.Read(p)
	m.n += int64(n)
	if m.file.packed != nil {
		if over := m.walker.charge(m.file, m.n); over != nil {
			return 0, &Error{m.file.path, over}
		}
	}
	return n, refused(m.file, err)
}

// charge counts the first n bytes of a file as unpacked, once however often
// they are read.
func (w *walker) charge(f *file, n int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > f.charged {
		w.unpacked += n - f.charged
		f.charged = n
	}
	switch {
	case n > harmless && n/w.limits.Ratio > f.packed():
		return ErrRatio
	case w.unpacked > w.limits.Bytes:
		return ErrTooBig
	}
	return nil
}
