// Package archive answers which files lie in what a person hands over: a file,
// a folder, a .gz, a .zip, a .tar.gz, zips in zips. Packing is recognised by
// content and removed; nothing is ever unpacked under a name that the archive
// chose.
//
// Names are those of Japanese archives: CP932 without a flag, mixed with UTF-8,
// divided by backslashes. An archive that means harm (a name that climbs out, a
// link, one name twice, a bomb, archives without end) is refused as a whole.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Reasons to refuse what was handed over, wrapped in an [Error].
var (
	ErrUnsafeName = errors.New("name leads out of the archive")
	ErrLink       = errors.New("is a link or device, not a file")
	ErrDuplicate  = errors.New("name occurs twice")
	ErrEncrypted  = errors.New("is encrypted")
	ErrTooMany    = errors.New("too many entries")
	ErrTooBig     = errors.New("unpacks to too many bytes")
	ErrRatio      = errors.New("unpacks to far more than was packed")
	ErrTooDeep    = errors.New("archives nested too deep")
)

// Error says which file or member was refused.
type Error struct {
	Path string // as [Member.Path]
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Path, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

// Limits bound what an archive may make us do. A zero field means the default.
type Limits struct {
	Entries int   // files in all; 100,000
	Bytes   int64 // unpacked bytes in all, also those unpacked to look inside; 64 GB
	Ratio   int64 // unpacked bytes for each packed one, once past 16 MB; 200
	Depth   int   // archives in each other, a .tar.gz being two; 4
}

// harmless is how much may be unpacked whatever the ratio: tables of blanks
// pack very well.
const harmless = 16 << 20

func (l Limits) withDefaults() Limits {
	if l.Entries == 0 {
		l.Entries = 100_000
	}
	if l.Bytes == 0 {
		l.Bytes = 64 << 30
	}
	if l.Ratio == 0 {
		l.Ratio = 200
	}
	if l.Depth == 0 {
		l.Depth = 4
	}
	return l
}

// Member is one file, wherever it lies.
type Member struct {
	Path string // from what was handed over to the member, "a.zip!inner.zip!フォルダ/x.geojson.gz"
	Name string // last element of Path, without a .gz, which Open removes
	Size int64  // bytes that Open yields, -1 where only reading tells

	walker *walker
	file   *file
	folder folder
}

// Open reads the member from its start. It may be called again, from several
// goroutines too, until the function that was given the member returns.
func (m *Member) Open() (io.ReadCloser, error) { return m.walker.open(m.file) }

// Sibling returns the member of the same folder and name with another
// extension, such as ".dbf", in whatever letter case.
func (m *Member) Sibling(ext string) (*Member, bool) {
	f := m.folder.sibling(m.file, ext)
	if f == nil {
		return nil, false
	}
	return m.walker.member(f, m.folder), true
}

// Walk calls fn with every file in path, in order of their names, within the
// default limits.
func Walk(ctx context.Context, path string, fn func(*Member) error) error {
	return Limits{}.Walk(ctx, path, fn)
}

// Walk calls fn with every file in path, in order of their names. It ends with
// the first error, of fn or of what was handed over.
func (l Limits) Walk(ctx context.Context, path string, fn func(*Member) error) error {
	w := &walker{ctx: ctx, limits: l.withDefaults(), fn: fn}
	return w.start(path)
}
