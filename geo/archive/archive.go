// Package archive answers which files lie in what a person hands over: a file,
// a folder, a .gz, a .zip, a .tar.gz, zips in zips.
package archive

import (
	"context"
	"errors"
	"io"
)

// Member is one file, wherever it lies.
type Member struct {
	Path string // from what was handed over to the member, "a.zip!inner.zip!フォルダ/x.geojson"
	Name string // last element of Path, without the .gz that was removed
	Size int64  // bytes that Open yields, -1 where only reading tells

	open    func() (io.ReadCloser, error)
	sibling func(ext string) (*Member, bool)
}

// Open reads the member from its start. It may be called again, until the
// function that was given the member returns.
func (m *Member) Open() (io.ReadCloser, error) { return m.open() }

// Sibling returns the member of the same folder and name with another
// extension, such as ".dbf", in whatever letter case.
func (m *Member) Sibling(ext string) (*Member, bool) { return m.sibling(ext) }

// Walk calls fn with every file in path, in order of their names.
func Walk(ctx context.Context, path string, fn func(*Member) error) error {
	return errors.ErrUnsupported
}
