// Package shapefile reads Esri shapefiles of any size, one record at a time.
//
// Which rings are holes is told by which ring lies in which, never by their
// direction: published files mix it. Names are CP932 where no .cpg says
// otherwise and the bytes are not UTF-8. Every length in the file is compared
// with the file's own size before anything is made of it.
package shapefile

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
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
	Type     byte // 'C' text, 'N' and 'F' numbers, 'D' date, 'L' yes or no; others have no values
	Width    int
	Decimals int
}

// Reader reads the records of one shapefile.
type Reader struct {
	file  string
	crs   geo.CRS
	shp   *bufio.Reader
	kind  shapeType // of all records
	left  int64     // bytes of the .shp not yet read
	sized bool      // left was compared with the size of the file
	table *table    // nil without a .dbf
	ended bool
}

const headSize = 100

// Read reads the heads of a .shp and its .dbf (nil if there is none). The sizes
// are those of the files, -1 where unknown. The name is for errors.
func Read(shp, dbf io.Reader, shpSize, dbfSize int64, name string, opts Options) (*Reader, error) {
	r := &Reader{file: name, shp: bufio.NewReaderSize(shp, 64<<10)}
	var err error
	if r.crs, err = geo.ParseCRS(opts.Projection); err != nil {
		return nil, fmt.Errorf("%s: .prj: %w", name, err)
	}
	if err := r.readHead(shpSize); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if dbf == nil {
		return r, nil
	}
	if r.table, err = readTable(dbf, dbfSize, opts.Encoding); err != nil {
		return nil, fmt.Errorf("%s: .dbf: %w", name, err)
	}
	return r, nil
}

func (r *Reader) readHead(size int64) error {
	var head [headSize]byte
	if _, err := io.ReadFull(r.shp, head[:]); err != nil {
		return cutOff(err)
	}
	if code := binary.BigEndian.Uint32(head[:]); code != 9994 {
		return fmt.Errorf("no shapefile: code %d, want 9994", code)
	}
	length := 2 * int64(int32(binary.BigEndian.Uint32(head[24:])))
	if length < headSize || size >= 0 && length != size {
		return fmt.Errorf("says that it has %d bytes, has %d", length, size)
	}
	r.left, r.sized = length-headSize, size >= 0
	r.kind = shapeType(binary.LittleEndian.Uint32(head[32:]))
	if !r.kind.known() {
		return fmt.Errorf("shapes of type %d", r.kind)
	}
	return nil
}

// cutOff says of an early end that it is one.
func cutOff(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("file is cut off: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// Fields returns the columns in their order.
func (r *Reader) Fields() []Field {
	if r.table == nil {
		return nil
	}
	return r.table.fields
}

// CRS returns the coordinate reference system that the .prj names, "" if none.
func (r *Reader) CRS() geo.CRS { return r.crs }

// Features streams the records, once. Record counts them from 1, as both files
// do. One that the .dbf marks as deleted is refused, and so is one that the
// .dbf does not have.
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		if r.ended {
			return
		}
		r.ended = true
		for n := 1; r.left > 0; n++ {
			feature, refused, err := r.record()
			if err != nil {
				yield(geo.Feature{}, fmt.Errorf("%s: record %d: %w", r.file, n, err))
				return
			}
			feature.Record = n
			if refused != nil {
				feature, refused = geo.Feature{}, &geo.RecordError{File: r.file, Record: n, Err: refused}
			}
			if !yield(feature, refused) {
				return
			}
		}
		if r.table != nil && r.table.left > 0 {
			yield(geo.Feature{}, fmt.Errorf("%s: .dbf has %d records more than the .shp", r.file, r.table.left))
		}
	}
}

// record reads one record of both files: why it is refused, or why there can
// be no more.
func (r *Reader) record() (f geo.Feature, refused, err error) {
	attr, refused, err := r.attributes()
	if err != nil {
		return f, nil, fmt.Errorf(".dbf: %w", err)
	}
	shape, bad, err := r.shape()
	if err != nil {
		return f, nil, err
	}
	if refused == nil {
		refused = bad
	}
	return geo.Feature{Geometry: shape, Attr: attr}, refused, nil
}

func (r *Reader) attributes() (attr geo.Attributes, refused, err error) {
	if r.table == nil {
		return geo.Attributes{}, nil, nil
	}
	if r.table.left == 0 {
		return nil, errors.New("has no attributes in the .dbf"), nil
	}
	return r.table.next()
}
