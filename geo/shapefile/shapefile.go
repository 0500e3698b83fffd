// Package shapefile reads Esri shapefiles of any size, one record at a time.
package shapefile

import (
	"errors"
	"io"

	"hazardmap/geo"
)

// Options carry what lies beside a .shp. The zero value is ready to use.
type Options struct {
	Projection string // text of the .prj, "" if there is none
	Encoding   string // text of the .cpg, "" if there is none
}

// Field is one column.
type Field struct {
	Name     string
	Type     byte // 'C' text, 'N' and 'F' numbers, 'D' date, 'L' yes or no
	Width    int
	Decimals int
}

// Reader reads the records of one shapefile.
type Reader struct{ fields []Field }

// Read reads the heads of a .shp and its .dbf (nil if there is none). The sizes
// are those of the files, -1 where unknown.
func Read(shp, dbf io.Reader, shpSize, dbfSize int64, name string, opts Options) (*Reader, error) {
	return nil, errors.ErrUnsupported
}

// Fields returns the columns in their order.
func (r *Reader) Fields() []Field { return r.fields }

// CRS returns the coordinate reference system that the .prj names, "" if none.
func (r *Reader) CRS() geo.CRS { return "" }

// Features streams the records, once.
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {}
}
