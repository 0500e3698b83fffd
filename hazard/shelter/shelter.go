// Package shelter says what the published lists of shelters mean: those of
// 国土地理院 (GSI), which list 指定緊急避難場所 and 指定避難所 apart, and those that
// municipalities publish in the columns of 自治体標準オープンデータセット.
//
// To run to (指定緊急避難場所) and to live in (指定避難所) are two facts about one
// building. Two lists name it by two ids, so [Merge] brings them together.
package shelter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// ErrUnknown reports a file that is no list of shelters.
var ErrUnknown = errors.New("not a known list of shelters")

// ErrOpenToday reports a list of the shelters that were open at one hour: it
// says nothing about which are designated.
var ErrOpenToday = errors.New("list of the shelters open at one hour, not of those designated")

// ErrElsewhere reports a row of another municipality than the one asked for.
var ErrElsewhere = errors.New("shelter of another municipality")

// ErrSwapped reports a row whose latitude stands where its longitude belongs.
var ErrSwapped = errors.New("latitude and longitude are swapped")

// Decoder turns the rows of one list into shelters.
type Decoder struct {
	form    form
	columns map[string]string // name in the form → name in the file
	source  hazard.Source
	area    hazard.Area // rows of others are ErrElsewhere; the zero value takes all
}

// Recognise returns the decoder for a list, given the base name of its file,
// its columns and one row. It returns [ErrUnknown] for any
// other file and [ErrOpenToday] for one that must not be taken for such a list.
func Recognise(name string, columns []string, sample geo.Attributes) (*Decoder, error) {
	named := make(map[string]string, len(columns))
	for _, c := range columns {
		named[fold(c)] = c
	}
	for header := range named {
		if header == "人数" || strings.HasPrefix(header, "人数_") { // 人数_令和6年1月9日午後6時時点
			return nil, ErrOpenToday
		}
	}
	for _, f := range forms {
		found := map[string]string{}
		for field, headers := range f.fields {
			for _, h := range headers {
				if c, ok := named[fold(h)]; ok {
					found[field] = c
					break
				}
			}
		}
		if f.matches(found) {
			d := &Decoder{form: f, columns: found}
			d.source = f.source(d, sample)
			return d, nil
		}
	}
	return nil, ErrUnknown
}

// fold makes header cells comparable: without line feeds and blanks, full and
// half width alike.
func fold(header string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(header)), "")
}

// Source returns how answers cite the list.
func (d *Decoder) Source() hazard.Source { return d.source }

// Restrict makes the decoder take the shelters of one municipality or
// prefecture only, and doubt those that stand far outside it.
func (d *Decoder) Restrict(area hazard.Area) { d.area = area }

// Shelter returns what a row says. Its ID is that of the row; [Merge] joins
// rows of one building.
func (d *Decoder) Shelter(f geo.Feature) (hazard.Shelter, error) {
	text := func(field string) string { return strings.TrimSpace(f.Attr.Text(d.columns[field])) }
	s := hazard.Shelter{
		ID: f.Attr.Code(d.columns[fieldID]), Name: text(fieldName), Kana: text(fieldKana), NameEnglish: text(fieldEnglish),
		Address: text(fieldAddress), Capacity: text(fieldCapacity), Phone: text(fieldPhone),
		Accepts: text(fieldAccepts), Remarks: joinWords(text(fieldOther), text(fieldRemarks)),
		Emergency: d.form.emergency, Evacuation: d.form.evacuation,
	}
	if s.Name == "" {
		return s, errors.New("shelter has no name")
	}
	if s.Address == "" {
		s.Address = text(fieldPref) + text(fieldCity) + text(fieldTown) + text(fieldBlock)
	}
	if err := d.setFlags(&s, f.Attr); err != nil {
		return s, err
	}
	var err error
	if s.Lon, s.Lat, err = d.position(f); err != nil {
		return s, err
	}
	code := d.municipality(s.ID, f.Attr)
	switch {
	case s.ID == "":
		s.ID = s.Name
	case d.form.numbered:
		s.ID = strings.Trim(code+"-"+s.ID, "-")
	}
	return s, checkArea(s, code, d.area)
}

func (d *Decoder) setFlags(s *hazard.Shelter, a geo.Attributes) error {
	for h, field := range hazardFields {
		yes, err := flag(a, d.columns[field])
		if err != nil {
			return err
		}
		if yes {
			s.Suitable |= 1 << h
		}
	}
	both, err := flag(a, d.columns[fieldBoth])
	s.Evacuation = s.Evacuation || both
	return err
}

// municipality returns the 5 digits of the municipality that a row belongs to,
// by its 共通ID or its column, or "".
func (d *Decoder) municipality(id string, a geo.Attributes) string {
	if isCommonID(id) {
		return id[1:6]
	}
	code := norm.NFKC.String(a.Code(d.columns[fieldCode]))
	if _, isNumber := a[d.columns[fieldCode]].(float64); isNumber && len(code) == 5 && code[0] != '0' {
		code = "0" + code // 6 digits of 01 to 09 lose their zero as a number
	}
	return code[:min(5, len(code))]
}

// position takes the point of the record, else its columns.
func (d *Decoder) position(f geo.Feature) (lon, lat float64, err error) {
	if p, ok := f.Geometry.(orb.Point); ok {
		lon, lat = p[0], p[1]
	} else {
		if lat, err = degrees(f.Attr, d.columns[fieldLat]); err != nil {
			return 0, 0, err
		}
		if lon, err = degrees(f.Attr, d.columns[fieldLon]); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case inJapan(lon, lat):
		return lon, lat, nil
	case inJapan(lat, lon):
		return 0, 0, fmt.Errorf("position %v,%v: %w", lat, lon, ErrSwapped)
	}
	return 0, 0, fmt.Errorf("position %v,%v lies outside Japan", lat, lon)
}

func inJapan(lon, lat float64) bool { return lon >= 122 && lon <= 155 && lat >= 20 && lat <= 46 }

func degrees(a geo.Attributes, column string) (float64, error) {
	text := norm.NFKC.String(a.Text(column))
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %q is no number of degrees", column, text)
	}
	return v, nil
}

// flag reads a cell that holds 1 or nothing.
func flag(a geo.Attributes, column string) (bool, error) {
	switch text := norm.NFKC.String(a.Code(column)); text {
	case "1", "○", "◯":
		return true, nil
	case "", "0", "×":
		return false, nil
	default:
		return false, fmt.Errorf("%s: %q is neither 1 nor empty", column, text)
	}
}
