package sheet

import (
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hazardmap/geo/charset"
)

// Names of the columns that place a row, as [fold] leaves them: those of the
// published sheets of shelters, facilities and households.
var (
	latNames     = []string{"lat", "latitude", "緯度", "北緯", "緯度(世界測地系)"}
	lonNames     = []string{"lon", "lng", "long", "longitude", "経度", "東経", "経度(世界測地系)"}
	addressNames = []string{"address", "住所", "所在地", "所在地_連結表記", "住所(所在地)", "施設所在地", "現住所", "addr"}
	townNames    = []string{"town", "町名", "町字", "町・字", "大字", "大字・町名", "町丁目", "地区", "district"}
)

// places are the numbers of the columns that place a row, -1 for none.
type places struct{ lat, lon, address, town int }

// findPlaces finds the columns by their usual names or by those given.
func findPlaces(names []string, q Question) (places, error) {
	if len(names) > maxColumns {
		return places{}, ErrTooWide
	}
	p := places{findColumn(names, latNames), findColumn(names, lonNames), findColumn(names, addressNames), findColumn(names, townNames)}
	if q.Address != "" {
		p.lat, p.lon = -1, -1
	}
	for _, given := range []struct {
		name   string
		column *int
	}{{q.Lat, &p.lat}, {q.Lon, &p.lon}, {q.Address, &p.address}} {
		if given.name == "" {
			continue
		}
		if *given.column = findColumn(names, []string{fold(given.name)}); *given.column < 0 {
			return p, ErrNoSuch
		}
	}
	if (p.lat < 0 || p.lon < 0) && p.address < 0 {
		return p, ErrNoColumns
	}
	return p, nil
}

// findColumn returns the first column that has the first of the names that any
// has.
func findColumn(header, names []string) int {
	for _, name := range names {
		if i := slices.IndexFunc(header, func(cell string) bool { return fold(cell) == name }); i >= 0 {
			return i
		}
	}
	return -1
}

// fold makes names alike that differ in case, width or blanks.
func fold(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(name)), ""))
}

// fill takes what places a row from its cells.
func (p places) fill(r *row) {
	cell := func(i int) string {
		if i < 0 || i >= len(r.cells) {
			return ""
		}
		return strings.TrimSpace(r.cells[i])
	}
	r.lat, r.lon, r.address, r.town = cell(p.lat), cell(p.lon), cell(p.address), cell(p.town)
}

// decode returns text as UTF-8.
func decode(in io.Reader) (io.Reader, error) {
	text, _, err := charset.Decode(in)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrEncoding
	}
	return text, nil
}

// endCode says in the last row why nothing after it was read.
func endCode(err error) string {
	switch {
	case errors.Is(err, ErrTooLarge):
		return "body-too-large"
	case errors.Is(err, errRowTooLong):
		return "row-too-long"
	}
	return "unreadable"
}
