package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/charset"
	"hazardmap/geo/geojson"
	"hazardmap/geo/gml"
	"hazardmap/geo/shapefile"
	"hazardmap/geo/table"
)

// headBytes is how much of a file is looked at before it is read.
const headBytes = 16 << 10

// format is how a file is written, told by its first bytes.
type format string

const (
	formatNone      format = ""
	formatGeoJSON   format = "GeoJSON"
	formatJSON      format = "JSON"
	formatGML       format = "GML"
	formatShapefile format = "Shapefile"
	formatCSV       format = "CSV"
	formatSQLite    format = "SQLite"
	formatPart      format = "part of a Shapefile"
	formatDocument  format = "document"
)

// partOf lists the files beside a .shp, which are read with it.
var partOf = []string{".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".gfs", ".qmd", ".qpj"}

// documents are what publishers put beside data for people to read.
var documents = []string{".txt", ".md", ".pdf", ".html", ".htm", ".doc", ".docx", ".xls", ".xlsx", ".xsd", ".qml", ".sld", ".lyr", ".png", ".jpg"}

// sniff tells the format of a member by its head, and by its name only where
// the file is a companion or meant for people.
func sniff(m *archive.Member, head []byte) format {
	ext := strings.ToLower(path.Ext(m.Name))
	if slices.Contains(partOf, ext) {
		if _, ok := m.Sibling(".shp"); ok {
			return formatPart
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case strings.HasPrefix(m.Name, ".") || slices.Contains(documents, ext):
		return formatDocument
	case bytes.HasPrefix(head, []byte{0, 0, 0x27, 0x0A}):
		return formatShapefile
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return formatSQLite
	case len(text) == 0:
		return formatNone
	case text[0] == '<':
		return formatGML
	case text[0] == '{':
		if bytes.Contains(head, []byte(`"FeatureCollection"`)) || bytes.Contains(head, []byte(`"features"`)) || bytes.Contains(head, []byte(`"Feature"`)) {
			return formatGeoJSON
		}
		return formatJSON
	case text[0] == '[':
		return formatJSON
	case bytes.IndexByte(head, 0) < 0:
		return formatCSV
	}
	return formatNone
}

// records is a file opened for reading record by record, the first already at
// hand, since it shows what the file is.
type records struct {
	columns []string
	first   geo.Feature
	element func() string // of the feature last read, "" unless GML

	head  []result
	next  func() (geo.Feature, error, bool)
	stop  func()
	close []io.Closer
}

type result struct {
	feature geo.Feature
	err     error
}

// errNoRecords reports a file that names its columns nowhere and holds nothing.
var errNoRecords = errors.New("holds no record, so that nothing says what it is")

// openRecords opens a member in the given format.
func openRecords(m *archive.Member, f format) (*records, error) {
	r := &records{element: func() string { return "" }}
	features, err := r.open(m, f)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.next, r.stop = iter.Pull2(features)
	if err := r.peek(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *records) open(m *archive.Member, f format) (geo.Features, error) {
	data, err := m.Open()
	if err != nil {
		return nil, err
	}
	r.close = append(r.close, data)
	switch f {
	case formatGeoJSON:
		file, err := geojson.Read(data, m.Path)
		if err != nil {
			return nil, err
		}
		return file.Features(), nil
	case formatGML:
		file, err := gml.Read(data, m.Path)
		if err != nil {
			return nil, err
		}
		r.element = file.Element
		return file.Features(), nil
	case formatShapefile:
		return r.openShapefile(m, data)
	case formatCSV:
		file, err := table.Read(data, m.Path)
		if err != nil {
			return nil, err
		}
		r.columns = file.Header()
		return file.Rows(), nil
	}
	return nil, fmt.Errorf("%s: not a format that is read record by record", m.Path)
}

func (r *records) openShapefile(m *archive.Member, shp io.Reader) (geo.Features, error) {
	var opts shapefile.Options
	var err error
	if opts.Projection, err = siblingText(m, ".prj"); err != nil {
		return nil, err
	}
	if opts.Encoding, err = siblingText(m, ".cpg"); err != nil {
		return nil, err
	}
	var dbf io.Reader
	dbfSize := int64(-1)
	if sibling, ok := m.Sibling(".dbf"); ok {
		data, err := sibling.Open()
		if err != nil {
			return nil, err
		}
		r.close = append(r.close, data)
		dbf, dbfSize = data, sibling.Size
	}
	file, err := shapefile.Read(shp, dbf, m.Size, dbfSize, m.Path, opts)
	if err != nil {
		return nil, err
	}
	for _, field := range file.Fields() {
		r.columns = append(r.columns, field.Name)
	}
	return file.Features(), nil
}

// siblingText reads a short file beside a .shp, "" where there is none.
func siblingText(m *archive.Member, ext string) (string, error) {
	sibling, ok := m.Sibling(ext)
	if !ok {
		return "", nil
	}
	data, err := sibling.Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(data, headBytes))
	return string(text), errors.Join(err, data.Close())
}

// peek reads up to the first record that is not refused.
func (r *records) peek() error {
	for {
		feature, err, ok := r.next()
		if !ok {
			break
		}
		r.head = append(r.head, result{feature, err})
		var refused *geo.RecordError
		if err == nil {
			r.first = feature
			break
		} else if !errors.As(err, &refused) {
			return err
		}
	}
	if r.columns == nil {
		if r.first.Attr == nil {
			return errNoRecords
		}
		r.columns = slices.Sorted(maps.Keys(r.first.Attr))
	}
	return nil
}

// All streams every record, the first included.
func (r *records) All() geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		for _, h := range r.head {
			if !yield(h.feature, h.err) {
				return
			}
		}
		for {
			feature, err, ok := r.next()
			if !ok || !yield(feature, err) {
				return
			}
		}
	}
}

// Close releases the file.
func (r *records) Close() error {
	if r.stop != nil {
		r.stop()
	}
	var errs []error
	for _, c := range r.close {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// headOf reads the first bytes of a member, as they are and as UTF-8.
func headOf(m *archive.Member) (raw, text []byte, err error) {
	data, err := m.Open()
	if err != nil {
		return nil, nil, err
	}
	raw, err = io.ReadAll(io.LimitReader(data, headBytes))
	if err := errors.Join(err, data.Close()); err != nil {
		return nil, nil, err
	}
	decoded, _, err := charset.Decode(bytes.NewReader(raw))
	if err != nil {
		return raw, raw, nil // the reader of the format says what is wrong
	}
	text, _ = io.ReadAll(decoded) // a character may be cut off at the end
	return raw, text, nil
}
