package geo

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Feature is one record of a published file: a shape and its attributes, not
// yet understood.
type Feature struct {
	Record   int          // position in its file, from 1
	Geometry orb.Geometry // longitude, latitude in degrees; nil where the file has none
	Attr     Attributes
}

// Features streams the records of one file. A [*RecordError] refuses one
// record and the stream goes on; any other error ends it.
type Features = iter.Seq2[Feature, error]

// RecordError says why one record of a file was refused.
type RecordError struct {
	File   string
	Record int // from 1
	Err    error
}

func (e *RecordError) Error() string {
	return fmt.Sprintf("%s: record %d: %v", e.File, e.Record, e.Err)
}

func (e *RecordError) Unwrap() error { return e.Err }

// Attributes holds a record's values by column name: string, float64, bool or
// nil. Files disagree about types: "2", 2, 2.0 and "2.0" are one code, and " ",
// null, "" and a missing column are one absence.
type Attributes map[string]any

// Text returns the value of a column as text without surrounding blanks, or ""
// where the file says nothing.
func (a Attributes) Text(name string) string {
	switch v := a[name].(type) {
	case string:
		return strings.Trim(v, " \t\r\n\u3000\u00a0\x00")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		if v {
			return "1"
		}
		return "0"
	}
	return ""
}

// Code returns the value of a column as a code: text without the ".0" that
// spreadsheets add to whole numbers.
func (a Attributes) Code(name string) string {
	s := a.Text(name)
	if whole, zeros, ok := strings.Cut(s, "."); ok && strings.Trim(zeros, "0") == "" && allDigits(whole) {
		return whole
	}
	return s
}

// Int returns the value of a column as a whole number, and whether it is one.
func (a Attributes) Int(name string) (int, bool) {
	n, err := strconv.Atoi(a.Code(name))
	return n, err == nil
}
