//go:build !js

package gazetteer

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/unicode/norm"

	"hazardmap/geo"
)

// Options say what an index is about.
type Options struct {
	Code       string           // 5 digits of a municipality, 2 of a prefecture, "" for the nation
	Boundary   orb.MultiPolygon // if known: refuses rows outside, closes derived areas
	Name       string           // of a municipality that no register lists, such as an invented one
	Kana       string
	Romaji     string
	Facilities []Facility
}

// Facility is a shelter or public facility that can be searched by its name.
type Facility struct {
	ID       string // unique in the index
	Name     string
	Kana     string
	English  string
	Position geo.Point
	Source   Source
}

// Count says what was done with the records of one file. Read is the sum of
// the others.
type Count struct {
	Read, Kept, Repaired int
	Elsewhere            int            // records of other municipalities
	Refused              map[string]int // by reason
}

// Area is the full shape of one place, for the hazards over it.
type Area struct {
	ID          string // of the place in the index
	Shape       orb.MultiPolygon
	Approximate bool // derived, not published
}

// Built is a finished index with the areas of its places.
type Built struct {
	Index   []byte         // places.idx
	Areas   []Area         // sorted by id
	Dropped map[string]int // rows that no place could be found for, by reason
}

// Builder makes an index from published files. The same files in any order
// give the same bytes.
type Builder struct {
	opts    Options
	code    int // of opts, 0 for the nation
	bounds  orb.Bound
	sources []Source

	cities    []cityRow
	towns     []townRow
	positions []posRow
	readings  []readingRow
	offices   []officeRow
	numbers   []numberRow
	shapes    []shapeRow
	numbered  map[[2]int]bool // towns that files of numbers named
}

// The rows are what the files say, not yet joined.
type (
	cityRow struct {
		code                 int
		name, kana, romaji   string // with 郡 and 区
		at                   geo.Point
		hasPoint, hasReading bool
		source               int
	}
	townRow struct {
		muni         int    // 5 digits, 0 where the file does not say
		city         string // the municipality's name where the code is missing
		id           int    // machiaza_id, -1 where the file has none
		name         string // 大字・町, with the 小字 behind
		chome        int
		koaza        bool
		kana, romaji string
		postal       []uint32
		at           geo.Point
		hasPoint     bool
		source       int
	}
	posRow struct {
		muni, id int
		at       geo.Point
	}
	readingRow struct { // of the post office
		muni         int
		postal       uint32
		city, name   string // the city only where muni is 0
		parts        []string
		kana, romaji string
		source       int
	}
	officeRow struct {
		muni       int
		city       string
		postal     uint32
		name, town string
		source     int
	}
	numberRow struct {
		muni, id int
		town     string // where the file has no machiaza_id
		city     string
		kind     int
		number   string
		prc      uint64 // identity of a lot or house in its town, 0 where the file has none
		at       geo.Point
		hasPoint bool
	}
	shapeRow struct {
		town  townRow
		shape orb.MultiPolygon
	}
)

// NewBuilder starts an index.
func NewBuilder(opts Options) *Builder {
	b := &Builder{opts: opts}
	b.code, _ = strconv.Atoi(opts.Code)
	b.bounds = opts.Boundary.Bound()
	return b
}

// source returns the number of a source, the same for the same source.
func (b *Builder) source(s Source) (int, error) {
	if i := slices.Index(b.sources, s); i >= 0 {
		return i, nil
	}
	if len(b.sources) == 32 {
		return 0, fmt.Errorf("more than 32 sources of places")
	}
	b.sources = append(b.sources, s)
	return len(b.sources) - 1, nil
}

// prefecture returns the prefecture of the index, 0 for the nation.
func (b *Builder) prefecture() int {
	if b.code >= 100 {
		return min(b.code/1000, 47)
	}
	return min(b.code, 47)
}

// addCityRow notes what a file says of a municipality; files of towns say the
// same in every row.
func (b *Builder) addCityRow(c cityRow) {
	if n := len(b.cities); n == 0 || b.cities[n-1] != c {
		b.cities = append(b.cities, c)
	}
}

// ours reports whether a municipality belongs to the index.
func (b *Builder) ours(code int) bool {
	return b.code == 0 || b.code == code || b.code < 100 && code/1000 == b.code
}

// outsideTolerance is how far beyond the boundary a point may lie: published
// boundaries are simplified.
const outsideTolerance = 300 // metres

// inside refuses a position outside the boundary.
func (b *Builder) inside(p geo.Point) error {
	if len(b.opts.Boundary) == 0 || holds(b.opts.Boundary, p) || nearBoundary(b.opts.Boundary, p, outsideTolerance) {
		return nil
	}
	return fmt.Errorf("position outside the boundary")
}

// Add reads one file of a known format. src is how answers cite it.
func (b *Builder) Add(name string, f Format, src Source, r io.Reader) (Count, error) {
	var count Count
	n, err := b.source(src)
	if err != nil {
		return count, fmt.Errorf("%s: %w", name, err)
	}
	read, header := b.reader(f, name, n)
	switch {
	case f == FormatGeoloniaJSON:
		err = b.addGeoloniaJSON(name, n, r, &count)
	case read == nil:
		err = fmt.Errorf("%s: format %d is not known", name, f)
	default:
		err = b.eachRecord(name, r, header, &count, read)
	}
	return count, err
}

// reader returns what reads one record of a format, and whether the file has a
// header.
func (b *Builder) reader(f Format, name string, n int) (func(record) error, bool) {
	switch f {
	case FormatPrefectures:
		return b.addPrefecture, true
	case FormatMunicipalities:
		return func(r record) error { return b.addCity(r, n) }, true
	case FormatMuniPositions:
		return b.addCityPosition, true
	case FormatTowns:
		return func(r record) error { return b.addTown(r, n) }, true
	case FormatTownPositions:
		return b.addTownPosition, true
	case FormatTownPoints:
		return func(r record) error { return b.addTownPoint(r, n) }, true
	case FormatHouses, FormatHousePositions, FormatHousePoints:
		return b.addHouse, true
	case FormatParcels, FormatParcelPositions:
		return b.addParcel, true
	case FormatISJTowns:
		return func(r record) error { return b.addISJTown(r, n) }, true
	case FormatISJBlocks:
		return func(r record) error { return b.addISJBlock(r, n) }, true
	case FormatGeoloniaCSV:
		return func(r record) error { return b.addGeolonia(r, n) }, true
	case FormatPostal:
		return b.postalReader(n), false
	case FormatPostalRomaji:
		return func(r record) error { return b.addPostalRomaji(r, n) }, false
	case FormatPostalReadings:
		return func(r record) error { return b.addPostalReading(r, n) }, true
	}
	return nil, false
}

// splitChome splits 今泉町一丁目 or 今泉町１丁目 into the town and the number. A
// name that is only a 丁目 stays a name.
func splitChome(name string) (town string, chome int) {
	rest, ok := strings.CutSuffix(name, "丁目")
	if !ok {
		return name, 0
	}
	runes := []rune(rest)
	i := len(runes)
	for i > 0 {
		_, ok := numeral(runes[i-1])
		if !ok && !isDigit(runes[i-1]) && !(runes[i-1] >= '０' && runes[i-1] <= '９') {
			break
		}
		i--
	}
	if i == 0 || i == len(runes) || string(runes[:i]) == "大字" || string(runes[:i]) == "字" {
		return name, 0
	}
	n, ok := readNumeral(runes[i:])
	if !ok || n == 0 || n > 999 {
		return name, 0
	}
	return string(runes[:i]), n
}

func readNumeral(rs []rune) (int, bool) {
	if _, kanji := numeral(rs[0]); kanji {
		for _, r := range rs {
			if _, ok := numeral(r); !ok {
				return 0, false
			}
		}
		return numeralValue(rs)
	}
	n, err := strconv.Atoi(norm.NFKC.String(string(rs)))
	return n, err == nil
}

// katakana writes a reading of any kind of kana as full-width katakana.
func katakana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return r + 0x60
		}
		return r
	}, norm.NFKC.String(strings.TrimSpace(s)))
}

// Build joins what was added.
func (b *Builder) Build(ctx context.Context) (*Built, error) {
	j, err := b.join(ctx)
	if err != nil {
		return nil, err
	}
	if err := j.areas(ctx); err != nil {
		return nil, err
	}
	return j.encode(ctx)
}
