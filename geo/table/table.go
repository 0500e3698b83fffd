// Package table reads CSV as Japanese cities publish it, one row at a time.
package table

import (
	"errors"
	"io"

	"hazardmap/geo"
)

// Reader reads the rows of one table.
type Reader struct{ header []string }

// Read reads the header row of a CSV text, in UTF-8 or CP932. The name is for
// errors.
func Read(r io.Reader, name string) (*Reader, error) { return nil, errors.ErrUnsupported }

// ReadHeaderless reads a CSV text whose first row is data already: its columns
// are named "#1", "#2" and so on.
func ReadHeaderless(r io.Reader, name string) (*Reader, error) { return nil, errors.ErrUnsupported }

// Header returns the names of the columns: without line feeds, "#34" for an
// empty 34th cell, "名称#5" for a name that an earlier column has.
func (r *Reader) Header() []string { return r.header }

// Rows streams the rows as features without geometry, once.
func (r *Reader) Rows() geo.Features {
	return func(yield func(geo.Feature, error) bool) {}
}
