package ksj

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Boundaries gathers the areas of municipalities from the records of 行政区域
// (N03). One municipality is often several records.
type Boundaries struct {
	source   hazard.Source
	code     string // by the file's name, for files that hold only names
	columns  boundaryColumns
	areas    map[string]*municipality
	outlines Decoder // repairs rings and counts what it repaired
}

type boundaryColumns struct{ pref, branch, county, city, code, name string }

// municipality is one area under the name of its prefecture and its own.
type municipality struct {
	pref, name string
	area       orb.MultiPolygon
}

// codeInName finds the five digits of a municipality in a file's name:
// 10204.json, N03-2020_10204_isesaki.geojson.
var codeInName = regexp.MustCompile(`(?:^|_)([0-4]\d{4})(?:[_.]|$)`)

// fullName splits 群馬県伊勢崎市 and 群馬県吾妻郡高山村.
var fullName = regexp.MustCompile(`^(北海道|東京都|京都府|大阪府|.{2,3}県)(.*[市区町村])$`)

// RecogniseBoundaries returns an empty collection for a file of boundaries, or
// [ErrUnknown]. Files that hold nothing but a name count where their own name
// holds the code.
func RecogniseBoundaries(name string, columns []string, sample geo.Attributes) (*Boundaries, error) {
	s := newSheet(name, "", columns, sample)
	b := &Boundaries{areas: map[string]*municipality{}, outlines: Decoder{notes: notes{}}}
	b.source = source("行政区域データ", s.file, "CC BY 4.0")
	if s.has("N03_001", "N03_004", "N03_007") {
		b.columns = boundaryColumns{
			pref: s.column("N03_001"), branch: s.column("N03_002"), county: s.column("N03_003"),
			city: s.column("N03_004"), code: s.column("N03_007"),
		}
		return b, nil
	}
	m := codeInName.FindStringSubmatch(name)
	if m == nil || !s.has("name") || !fullName.MatchString(sample.Text(s.column("name"))) {
		return nil, fmt.Errorf("%w: nor of boundaries", ErrUnknown)
	}
	b.code, b.columns.name = m[1], s.column("name")
	return b, nil
}

// Source returns how answers cite the file.
func (b *Boundaries) Source() hazard.Source { return b.source }

// Notes returns what was repaired so far, sorted.
func (b *Boundaries) Notes() []Note { return b.outlines.notes.list() }

// Add takes one record.
func (b *Boundaries) Add(f geo.Feature) error {
	shape, _, err := b.outlines.shape(f.Geometry)
	if err != nil {
		return err
	}
	code, pref, name := b.code, "", ""
	if b.columns.name != "" {
		text := f.Attr.Text(b.columns.name)
		m := fullName.FindStringSubmatch(text)
		if m == nil {
			return fieldError(b.columns.name, text, "is no prefecture and municipality")
		}
		pref, name = m[1], m[2]
	} else {
		code = municipalityCode(f.Attr, b.columns.code)
		pref, name = f.Attr.Text(b.columns.pref), b.cityName(f.Attr)
	}
	if code == "" { // 所属未定地: no municipality answers for it
		b.outlines.notes.add(NoteNoMunicipality)
		return nil
	}
	if len(code) != 5 {
		return fieldError(b.columns.code, code, "is no municipality code of 5 digits")
	}
	m := b.areas[code]
	if m == nil {
		m = &municipality{pref: pref, name: name}
		b.areas[code] = m
	}
	m.area = append(m.area, shape.(orb.MultiPolygon)...)
	return nil
}

// cityName joins what the law writes as one name: a ward stands behind its
// city, a town without its county.
func (b *Boundaries) cityName(a geo.Attributes) string {
	above, city := a.Text(b.columns.county), a.Text(b.columns.city)
	if strings.HasSuffix(above, "市") && above != city {
		return above + city
	}
	return city
}

// municipalityCode reads a code of 5 digits from 5 or 6 digits or a number
// that lost the zero of 01 to 09.
func municipalityCode(a geo.Attributes, column string) string {
	text := code(a, column)
	switch _, isNumber := a[column].(float64); {
	case isNumber && len(text) == 4:
		return "0" + text
	case len(text) == 6:
		return text[:5]
	}
	return text
}

// Codes returns the municipalities gathered so far, sorted.
func (b *Boundaries) Codes() []string {
	codes := make([]string, 0, len(b.areas))
	for code := range b.areas {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}

// Area returns a municipality by its 5 digits, or a prefecture by 2: then all
// of its municipalities that were gathered.
func (b *Boundaries) Area(code string) (hazard.Area, error) {
	area := hazard.Area{Code: code}
	for _, c := range b.Codes() {
		m := b.areas[c]
		switch {
		case c == code:
			area.Name = m.name
		case len(code) == 2 && strings.HasPrefix(c, code):
			area.Name = m.pref
		default:
			continue
		}
		area.Boundary = append(area.Boundary, m.area...)
	}
	if len(area.Boundary) == 0 {
		return hazard.Area{}, errors.New("no boundary of " + code)
	}
	area.Boundary = settleHoles(area.Boundary, b.outlines.notes)
	return area, nil
}

// settleHoles makes every hole lie in its own shell. By even-odd a hole
// outside its shell would be land of the city, where nobody surveyed.
func settleHoles(area orb.MultiPolygon, noted notes) orb.MultiPolygon {
	settled := make(orb.MultiPolygon, len(area))
	for i, p := range area {
		settled[i] = orb.Polygon{p[0]}
	}
	for i, p := range area {
		for _, hole := range p[1:] {
			home := i
			if !holds(p[0], hole) {
				home = slices.IndexFunc(area, func(q orb.Polygon) bool { return holds(q[0], hole) })
				if home < 0 {
					noted.add(NoteHoleOutside)
					continue
				}
				noted.add(NoteHoleMoved)
			}
			settled[home] = append(settled[home], hole)
		}
	}
	return settled
}

// holds reports whether most of a hole lies in a shell; its vertices may stand
// on the edge.
func holds(shell, hole orb.Ring) bool {
	if !shell.Bound().Intersects(hole.Bound()) {
		return false
	}
	in := 0
	for _, p := range hole {
		if planar.RingContains(shell, p) {
			in++
		}
	}
	return 2*in > len(hole)
}
