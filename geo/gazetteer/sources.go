//go:build !js

package gazetteer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

// Format is a kind of published file that [Builder.Add] reads.
type Format uint8

// The formats, as [Recognise] tells them apart.
const (
	FormatPrefectures     Format = iota + 1 // ABR mt_pref
	FormatMunicipalities                    // ABR mt_city
	FormatMuniPositions                     // ABR mt_city_pos
	FormatTowns                             // ABR mt_town
	FormatTownPositions                     // ABR mt_town_pos
	FormatHouses                            // ABR mt_rsdtdsp_rsdt
	FormatHousePositions                    // ABR mt_rsdtdsp_rsdt_pos
	FormatParcels                           // ABR mt_parcel
	FormatParcelPositions                   // ABR mt_parcel_pos
	FormatTownPoints                        // lists of towns with coordinates made from the ABR
	FormatHousePoints                       // house points made from the ABR
	FormatISJTowns                          // 位置参照情報 大字・町丁目
	FormatISJBlocks                         // 位置参照情報 街区
	FormatGeoloniaJSON                      // Geolonia api/ja/…/….json
	FormatGeoloniaCSV                       // Geolonia latest.csv
	FormatPostal                            // KEN_ALL
	FormatPostalRomaji                      // KEN_ALL_ROME
	FormatPostalReadings                    // postal codes with kana, romaji and large offices
	formatEnd
)

// String names the format for the table of an import.
func (f Format) String() string {
	return [...]string{"", "abr-prefectures", "abr-municipalities", "abr-municipality-positions", "abr-towns", "abr-town-positions",
		"abr-houses", "abr-house-positions", "abr-parcels", "abr-parcel-positions", "abr-town-points", "abr-house-points",
		"isj-towns", "isj-blocks", "geolonia-json", "geolonia-csv", "postal", "postal-romaji", "postal-readings", ""}[min(f, formatEnd)]
}

// signatures holds the columns by which a file with a header is known, the
// most telling first.
var signatures = []struct {
	format  Format
	columns []string
}{
	{FormatParcelPositions, []string{"lg_code", "machiaza_id", "prc_id", "rep_lon"}},
	{FormatParcels, []string{"lg_code", "machiaza_id", "prc_id", "prc_num1"}},
	{FormatHousePositions, []string{"lg_code", "machiaza_id", "rsdt_id", "rep_lon"}},
	{FormatHouses, []string{"lg_code", "machiaza_id", "rsdt_id", "blk_num", "rsdt_num"}},
	{FormatTownPositions, []string{"lg_code", "machiaza_id", "rep_lon", "rep_lat"}},
	{FormatTowns, []string{"lg_code", "machiaza_id", "machiaza_type", "oaza_cho"}},
	{FormatMuniPositions, []string{"lg_code", "rep_lon", "rep_lat"}},
	{FormatMunicipalities, []string{"lg_code", "pref", "county", "city", "ward"}},
	{FormatPrefectures, []string{"lg_code", "pref", "pref_kana"}},
	{FormatHousePoints, []string{"lg_code", "machiaza_id", "blk_rsdt_code", "lon"}},
	{FormatTownPoints, []string{"lg_code", "machiaza_id", "city", "machiaza", "lon"}},
	{FormatISJTowns, []string{"市区町村コード", "大字町丁目コード", "大字町丁目名", "緯度"}},
	{FormatISJBlocks, []string{"市区町村名", "街区符号・地番", "緯度"}},
	{FormatGeoloniaCSV, []string{"市区町村コード", "大字町丁目名", "小字・通称名", "緯度"}},
	{FormatPostalReadings, []string{"postal_code", "city", "town", "office", "town_kana"}},
}

// Recognise tells the format of a file by its first bytes (some kilobytes).
// The name is not needed: files are renamed.
func Recognise(head []byte) (Format, bool) {
	r, _, err := charset.Decode(strings.NewReader(string(head)))
	if err != nil {
		return 0, false
	}
	text, err := io.ReadAll(r)
	if err != nil && len(text) == 0 {
		return 0, false
	}
	if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
		return FormatGeoloniaJSON, strings.Contains(string(text), `"town"`) && strings.Contains(string(text), `"lng"`)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	cells, err := csvReader(strings.NewReader(line)).Read()
	if err != nil {
		return 0, false
	}
	columns := columnsOf(cells)
	for _, s := range signatures {
		if columns.have(s.columns) {
			return s.format, true
		}
	}
	switch {
	case len(cells) == 15 && digitsOnly(cells[0], 5) && digitsOnly(cells[2], 7):
		return FormatPostal, true
	case len(cells) == 7 && digitsOnly(cells[0], 7) && cells[4] != "" && isLatin([]rune(cells[4])[0]):
		return FormatPostalRomaji, true
	}
	return 0, false
}

func digitsOnly(s string, n int) bool {
	s = strings.TrimSpace(s)
	if len(s) != n {
		return false
	}
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

func csvReader(r io.Reader) *csv.Reader {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	return c
}

// columns finds cells by the names of a header.
type columns map[string]int

func columnsOf(header []string) columns {
	c := make(columns, len(header))
	for i, name := range header {
		c[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	return c
}

func (c columns) have(names []string) bool {
	for _, n := range names {
		if _, ok := c[n]; !ok {
			return false
		}
	}
	return true
}

// record is one row of a CSV file.
type record struct {
	columns columns
	cells   []string
}

func (r record) text(name string) string {
	if i, ok := r.columns[name]; ok && i < len(r.cells) {
		return strings.Trim(r.cells[i], " \u3000\t\r")
	}
	return ""
}

// code reads a municipality code of 5, 6 or 7 digits, or one that lost its
// leading zero or gained a ".0", as its 5 digits.
func (r record) code(name string) (int, error) { return parseCode(r.text(name)) }

func parseCode(s string) (int, error) {
	s, _, _ = strings.Cut(s, ".")
	n, err := strconv.Atoi(s)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%q is no municipality code", s)
	}
	switch len(s) {
	case 4, 5: // a spreadsheet drops the zero of the first nine prefectures
		return n, nil
	case 6:
		return n / 10, nil
	case 7:
		return n / 100, nil
	}
	return 0, fmt.Errorf("%q is no municipality code", s)
}

// position reads a longitude and a latitude; ok is false where there is none.
func (r record) position(lon, lat string) (p geo.Point, ok bool, err error) {
	x, y := r.text(lon), r.text(lat)
	if x == "" && y == "" {
		return p, false, nil
	}
	p.Lon, err = strconv.ParseFloat(x, 64)
	if err == nil {
		p.Lat, err = strconv.ParseFloat(y, 64)
	}
	if err != nil {
		return p, false, fmt.Errorf("no position: %q, %q", x, y)
	}
	if err := geo.CheckLonLat(p.Lon, p.Lat); err != nil {
		return p, false, err
	}
	if p.Lat < 20 || p.Lat > 46 || p.Lon < 122 || p.Lon > 154 {
		return p, false, fmt.Errorf("%v is not in Japan", p)
	}
	return p, true, nil
}

// eachRecord calls fn with the rows of a CSV file; fn's error refuses one row.
func (b *Builder) eachRecord(name string, r io.Reader, header bool, count *Count, fn func(record) error) error {
	decoded, _, err := charset.Decode(r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	rows := csvReader(decoded)
	var cols columns
	for n := 0; ; n++ {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			count.Read++
			count.refuse("not readable as CSV")
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: record %d: %w", name, n+1, err)
		}
		if header && n == 0 {
			cols = columnsOf(cells)
			continue
		}
		count.Read++
		switch err := fn(record{cols, cells}); {
		case errors.Is(err, errElsewhere):
			count.Elsewhere++
		case errors.Is(err, errRepaired):
			count.Repaired++
		case err != nil:
			count.refuse(err.Error())
		default:
			count.Kept++
		}
	}
}

// errElsewhere and errRepaired tell eachRecord how a row is to be counted.
var (
	errElsewhere = errors.New("another municipality")
	errRepaired  = errors.New("repaired")
)

func (c *Count) refuse(why string) {
	if c.Refused == nil {
		c.Refused = make(map[string]int)
	}
	c.Refused[why]++
}
