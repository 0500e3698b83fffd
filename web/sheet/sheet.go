// Package sheet answers a table row by row: a sheet of places goes in, the same
// rows with their risks come out, in order, none dropped.
//
// Rows are read, looked up and written in blocks of a few thousand, so a sheet
// of a million rows takes no more memory than a small one. What was sent is
// never kept and never named in an error. A row that cannot be answered is
// marked with why, and its hazards are undecided, because a blank reads as safe.
package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Dataset is what rows are asked of.
type Dataset struct {
	Index  *hazard.Index
	Bounds orb.Bound
	Shown  *view.Dataset // how its answers are said, and its gazetteer
}

// Question is what is asked of every row.
type Question struct {
	Lat, Lon string // names of the columns with the position; "" for the usual names
	Address  string // name of the column with the address; "" for the usual names
	Lang     i18n.Lang
}

// Format is how a sheet is written.
type Format string

// The formats. A sheet comes in as one of the first three and goes out as any
// but XLSX.
const (
	CSV        Format = "csv"
	NDJSON     Format = "ndjson"
	XLSX       Format = "xlsx"
	GeoJSON    Format = "geojson"
	GeoPackage Format = "gpkg"
)

// Refusal says why a sheet as a whole cannot be answered. Its code is the end
// of a key in i18n: "plan.refused.no-header".
type Refusal struct{ Code, Detail string }

func (r *Refusal) Error() string { return r.Detail }

// The refusals.
var (
	ErrTooLarge    = &Refusal{"too-large", "the sheet is too large"}
	ErrEncoding    = &Refusal{"encoding", "want text in UTF-8 or CP932"}
	ErrNoHeader    = &Refusal{"no-header", "the sheet has no header row that can be read"}
	ErrNoColumns   = &Refusal{"no-columns", "want columns lat and lon, or address; name others with the parameters lat, lon, address"}
	ErrNoSuch      = &Refusal{"no-such-column", "the sheet has no column of the name given"}
	ErrTooWide     = &Refusal{"too-wide", "the sheet has more than 1,000 columns"}
	ErrNotWorkbook = &Refusal{"not-workbook", "not an Excel workbook (.xlsx) that can be read without a password"}
	ErrNoTable     = &Refusal{"no-table", "rows of NDJSON have no common columns: want ndjson or geojson out"}
)

// Limits of a sheet.
const (
	maxRow     = 64 << 10
	maxColumns = 1000
)

var (
	errRowTooLong = errors.New("row is longer than 64 KB")
	errUnreadable = errors.New("workbook ends early")
)

// source reads the rows of one format.
type source interface {
	columns() []string   // nil where each row has its own
	next(b *block) error // appends rows; [io.EOF] with the last of them
	fill(r *row)         // finds what is asked about in a row; called by many goroutines
}

// row is one row as it came.
type row struct {
	raw     string   // CSV without its line end, or a line of NDJSON
	rest    string   // of a row of CSV with more cells than the header, from there on
	cells   []string // nil for NDJSON
	blank   bool     // an empty line
	fault   string   // why it could not be read
	lat     string
	lon     string
	address string
	town    string
}

// block is a few thousand rows on their way.
type block struct {
	rows    []row
	cells   []string // of all rows
	answers []Answer
	out     []byte
	err     error
	done    chan struct{}
}

// Sizes of a block. Look-ups of neighbours follow each other in a block, so a
// large one is faster.
const (
	blockRows  = 8192
	blockBytes = 512 << 10
)

// Answer is what a row gets.
type Answer struct {
	From      *Dataset
	At        geo.Point // where HasPoint
	HasPoint  bool
	Match     string
	Precision string
	Place     string // of an address: how the register writes it
	Town      string // of the row, as far as it tells
	Completed string // what an assumed match rests on
	Reason    string // why a row that could be read has no answer
	Fault     string // why a row could not be read
	Refuge    *hazard.Shelter
	Metres    geo.Metres // to the refuge
	Verdict   *Verdict

	inZone []hazard.ZoneRank // the zones the refuge stands in
	around geo.Metres        // of an address known to its block: as far as it may lie
}

// Verdict is what may happen at a row. Rows with the same hazards share one.
type Verdict struct {
	Findings []hazard.Finding // without their zones
	Ranges   []hazard.Range   // instead of findings, for an area

	csv, json []byte // its cells, written once
}

// Sheet is an open sheet: its header is read, its rows are not.
type Sheet struct {
	datasets []*Dataset
	refuges  []*hazard.Refuges
	question Question
	words    *i18n.Catalogue
	kinds    []hazard.Finding // every kind and scenario that a dataset answers, undecided
	source   source
	workbook bool // rows are cells and no text yet
	comma    byte // between the cells of CSV out, as it was in
}

// Sniff tells in which format a sheet is written, by its first bytes, and
// returns a reader of all of it.
func Sniff(in io.Reader) (io.Reader, Format, error) {
	b := bufio.NewReader(in)
	head, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", err
	}
	switch text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\uFEFF")), " \t\r\n"); {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return b, XLSX, nil
	case len(text) > 0 && text[0] == '{':
		return b, NDJSON, nil
	}
	return b, CSV, nil
}

// Open reads the header of a sheet. A sheet that cannot be answered as a whole
// ends with a [*Refusal].
func Open(in io.Reader, format Format, q Question, datasets []*Dataset) (*Sheet, error) {
	s := &Sheet{datasets: datasets, question: q, words: i18n.For(q.Lang), comma: ','}
	for _, d := range datasets {
		s.refuges = append(s.refuges, d.Index.Refuges())
	}
	s.kinds = kindsOf(datasets)
	switch format {
	case XLSX:
		w, err := openWorkbook(in, q)
		if err != nil {
			return nil, err
		}
		s.source, s.workbook = w, true
		return s, nil
	case NDJSON, CSV:
	default:
		return nil, errors.New("sheet: no reader for " + string(format))
	}
	text, err := decode(in)
	if err != nil {
		return nil, err
	}
	if format == NDJSON {
		s.source = newLines(text, q)
		return s, nil
	}
	c, err := openCSV(text, q)
	if err != nil {
		return nil, err
	}
	s.source, s.comma = c, c.comma
	return s, nil
}

// ContentType returns the media type of a format.
func (f Format) ContentType() string {
	switch f {
	case NDJSON:
		return "application/x-ndjson"
	case GeoJSON:
		return "application/geo+json"
	case GeoPackage:
		return "application/geopackage+sqlite3"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}
