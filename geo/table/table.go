// Package table reads CSV as Japanese cities publish it, one row at a time: in
// UTF-8 or CP932, with header cells that are empty, of several lines or there
// twice.
//
// A row of another width than the header is refused with its line, and the
// next is read: which cell is missing, nobody can say.
package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

// maxRow is how many bytes one row may have. A quote that is never closed would
// else take the rest of the file.
const maxRow = 1 << 20

// Reader reads the rows of one table.
type Reader struct {
	file   string
	csv    *csv.Reader
	header []string
	first  []string // the first row, if it is data
	line   int      // of the row last read
	end    int64    // where that row ends
}

// Read reads the header row of a CSV text, in UTF-8 or CP932. The name is for
// errors.
func Read(r io.Reader, name string) (*Reader, error) {
	reader, row, err := open(r, name)
	if err != nil {
		return nil, err
	}
	reader.header = columnNames(row)
	return reader, nil
}

// ReadHeaderless reads a CSV text whose first row is data already: its columns
// are named "#1", "#2" and so on.
func ReadHeaderless(r io.Reader, name string) (*Reader, error) {
	reader, row, err := open(r, name)
	if err != nil {
		return nil, err
	}
	reader.header = columnNames(make([]string, len(row)))
	reader.first = row
	return reader, nil
}

// open reads the first row.
func open(r io.Reader, name string) (*Reader, []string, error) {
	text, _, err := charset.Decode(r)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	reader := &Reader{file: name}
	reader.csv = csv.NewReader(&rowLimit{r: text, reader: reader})
	reader.csv.FieldsPerRecord = -1
	row, err := reader.read()
	if err == io.EOF {
		err = errors.New("table is empty")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return reader, row, nil
}

// rowLimit ends the text where a row is too long.
type rowLimit struct {
	r      io.Reader
	reader *Reader
	n      int64
}

func (l *rowLimit) Read(p []byte) (int, error) {
	if l.n-l.reader.end > maxRow {
		return 0, fmt.Errorf("line %d: row is longer than 1 MB; is a quote left open?", l.reader.line+1)
	}
	n, err := l.r.Read(p)
	l.n += int64(n)
	return n, err
}

// columnNames makes a name of each header cell, each name once.
func columnNames(cells []string) []string {
	names := make([]string, len(cells))
	taken := make(map[string]bool, len(cells))
	for i, cell := range cells {
		name := strings.Trim(strings.NewReplacer("\r", "", "\n", "").Replace(cell), " \t\u3000\u00a0")
		for name == "" || taken[name] {
			name = fmt.Sprintf("%s#%d", name, i+1)
		}
		taken[name] = true
		names[i] = name
	}
	return names
}

// Header returns the names of the columns: without line feeds and blanks
// around, "#34" for an empty 34th cell, "名称#5" for a name that an earlier
// column has.
func (r *Reader) Header() []string { return r.header }

// read returns the next row.
func (r *Reader) read() ([]string, error) {
	row, err := r.csv.Read()
	if err == nil {
		r.line, _ = r.csv.FieldPos(0)
	}
	r.end = r.csv.InputOffset()
	return row, err
}

// Rows streams the rows as features without geometry, once. Record counts rows
// of data from 1; errors name the line.
func (r *Reader) Rows() geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		row, err := r.first, error(nil)
		if r.first = nil; row == nil {
			row, err = r.read()
		}
		for n := 1; err != io.EOF; n++ {
			feature := geo.Feature{Record: n}
			var syntax *csv.ParseError
			switch {
			case errors.As(err, &syntax):
				err = &geo.RecordError{File: r.file, Record: n, Err: fmt.Errorf("line %d: %w", syntax.StartLine, syntax.Err)}
			case err != nil:
				yield(geo.Feature{}, fmt.Errorf("%s: %w", r.file, err))
				return
			case len(row) != len(r.header):
				err = &geo.RecordError{File: r.file, Record: n, Err: fmt.Errorf("line %d: %d cells, want %d", r.line, len(row), len(r.header))}
			default:
				feature.Attr = r.attributes(row)
			}
			if !yield(feature, err) {
				return
			}
			row, err = r.read()
		}
	}
}

func (r *Reader) attributes(row []string) geo.Attributes {
	attr := make(geo.Attributes, len(row))
	for i, cell := range row {
		attr[r.header[i]] = cell
	}
	return attr
}
