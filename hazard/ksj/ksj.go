// Package ksj says what the records of 国土数値情報 (KSJ, the digital national land
// information of 国土交通省) mean: which hazard a file draws, of which class, and
// under which licence.
//
// A file is recognised by its columns and values. Its name is asked only what
// the content does not hold, such as the fiscal year, and a name that
// contradicts the content refuses the file: the same column means a depth in
// one edition and a river in another.
package ksj

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// ErrUnknown reports a file that is none of those this package understands.
var ErrUnknown = errors.New("not a known 国土数値情報 file of hazard zones")

// RefusedError reports a file that is understood and must not be imported.
type RefusedError struct {
	Title  string // what the file is
	Reason string
}

func (e *RefusedError) Error() string { return e.Title + ": refused: " + e.Reason }

// Decoder turns the records of one file into zones. It is not safe for use by
// several goroutines at once.
type Decoder struct {
	source hazard.Source
	kinds  hazard.KindSet
	lines  bool // the file may draw zones as lines
	words  func(a geo.Attributes) ([]hazard.Zone, error)
	notes  notes
	seen   map[string]string
}

// Recognise returns the decoder for a file, given the base name of the file,
// the name of its feature elements ("" unless GML), the names of its columns
// and one record of it. It returns [ErrUnknown] or a [*RefusedError] where the
// file is not to be imported.
func Recognise(name, element string, columns []string, sample geo.Attributes) (*Decoder, error) {
	s := newSheet(name, element, columns, sample)
	for _, understand := range []func(*sheet) (*Decoder, error){refused, flood, landslide, coast} {
		d, err := understand(s)
		if err != nil {
			return nil, err
		}
		if d != nil {
			d.notes = notes{}
			d.seen = map[string]string{}
			return d, nil
		}
	}
	return nil, ErrUnknown
}

// Zones returns the zones that a record draws: one, or two where a zone of
// house collapse is both of flow and of erosion. Their Source is zero.
func (d *Decoder) Zones(f geo.Feature) ([]hazard.Zone, error) {
	shape, lineOnly, err := d.shape(f.Geometry)
	if err != nil {
		return nil, err
	}
	zones, err := d.words(f.Attr)
	if err != nil {
		return nil, err
	}
	for i := range zones {
		z := &zones[i]
		z.Shape = shape
		if lineOnly {
			z.Flags |= hazard.LineOnly
		}
		for _, s := range []*string{&z.River, &z.RiverCode, &z.Name, &z.Place, &z.Designated, &z.ClassText} {
			*s = d.intern(*s)
		}
	}
	return zones, nil
}

// intern makes equal words of many records share their bytes.
func (d *Decoder) intern(s string) string {
	if kept, ok := d.seen[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	d.seen[s] = s
	return s
}

// Kinds returns the hazards that the file says something about, also where it
// holds no zone of them.
func (d *Decoder) Kinds() hazard.KindSet { return d.kinds }

// Source returns how answers cite the file.
func (d *Decoder) Source() hazard.Source { return d.source }

// Notes returns what was repaired or read with care so far, sorted.
func (d *Decoder) Notes() []Note { return d.notes.list() }

// sheet is a file as Recognise sees it.
type sheet struct {
	name    string
	element string
	columns map[string]string // upper-case name → name in the file
	sample  geo.Attributes
	file    fileName
}

func newSheet(name, element string, columns []string, sample geo.Attributes) *sheet {
	s := &sheet{name: name, element: element, columns: map[string]string{}, sample: sample, file: parseFileName(name)}
	for _, c := range columns {
		s.columns[strings.ToUpper(strings.TrimSpace(c))] = c
	}
	return s
}

// column returns the name of a column as the file writes it, or "".
func (s *sheet) column(name string) string { return s.columns[strings.ToUpper(name)] }

// has reports whether the file has all the columns.
func (s *sheet) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return s.column(n) == "" })
}

// hasPrefix reports whether a column begins so.
func (s *sheet) hasPrefix(prefix string) bool {
	for c := range s.columns {
		if strings.HasPrefix(c, prefix) {
			return true
		}
	}
	return false
}

// nonCommercial are the files whose terms forbid what a city does with them.
// (DATA.md 12)
var nonCommercial = []struct{ prefix, title string }{
	{"P20_", "国土数値情報 避難施設 (P20)"},
	{"P13_", "国土数値情報 都市公園 (P13)"},
	{"P34_", "国土数値情報 市町村役場等 (P34)"},
}

const licenceReason = "its licence allows non-commercial use only"

func refused(s *sheet) (*Decoder, error) {
	for _, n := range nonCommercial {
		if s.hasPrefix(n.prefix) {
			return nil, &RefusedError{Title: n.title, Reason: licenceReason}
		}
	}
	old := s.column("A31_001") != "" && len(floodColumns(s)) == 0
	if old || (s.element == "ExpectedFloodArea" && s.column("waterDepth") != "") {
		return nil, &RefusedError{Title: "国土数値情報 浸水想定区域 第1.1版 (A31-12)", Reason: licenceReason}
	}
	return nil, nil
}

// fieldError says which column of a record cannot be read.
func fieldError(column, value, why string) error {
	return fmt.Errorf("%s: %q %s", column, value, why)
}
