//go:build !js

package gazetteer_test

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// TestEveryOtherCityIsAQuestion names each city of the country, without its 市,
// behind a complete address.
func TestEveryOtherCityIsAQuestion(t *testing.T) {
	x := isesaki(t).index
	archive, err := zip.OpenReader(published.Path(t, "addresses/KEN_ALL_2024-04.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	f, err := archive.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := csv.NewReader(japanese.ShiftJIS.NewDecoder().Reader(f))
	tried := map[string]bool{"伊勢崎": true, "四万十": true} // its own name; 十 at the end is a number
	for {
		r, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		city, isCity := strings.CutSuffix(r[7], "市")
		if !isCity || tried[city] {
			continue
		}
		tried[city] = true
		got, err := x.Search(gazetteer.Query{Text: "伊勢崎市大手町5 " + city})
		if err != nil || len(got.Candidates) != 1 || got.Candidates[0].Match != gazetteer.Partial || got.Unread != city {
			t.Errorf("Search(%q) = %s, %v", got.Query, brief(got), err)
		}
	}
	if len(tried) < 700 {
		t.Errorf("tried %d cities", len(tried))
	}
}
