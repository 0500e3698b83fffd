//go:build !js

package gazetteer_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// lists are the sources of Isesaki, read once.
type lists struct {
	points, postal [][]string
	geolonia       []map[string]any
}

func isesakiLists(t *testing.T) lists {
	t.Helper()
	l := lists{points: allRows(t, "addresses/abr_machiaza_isesaki_2022.csv"), postal: allRows(t, "addresses/postal_isesaki_kana_romaji_2026-07.csv")}
	data, err := os.ReadFile(published.Path(t, "addresses/geolonia_isesaki.json"))
	if err == nil {
		err = json.Unmarshal(data, &l.geolonia)
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// without builds Isesaki as if nobody had ever heard of one town and its 丁目.
func (l lists) without(t *testing.T, town string) *gazetteer.Index {
	t.Helper()
	is := func(name string) bool {
		return name == town || strings.HasPrefix(name, town) && strings.HasSuffix(name, "丁目")
	}
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204"})
	feed := func(format gazetteer.Format, data []byte) {
		if _, err := b.Add("伊勢崎市.json", format, gazetteer.Source{Name: "test"}, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	feed(gazetteer.FormatTownPoints, rowsWithout(t, l.points, 4, is))
	feed(gazetteer.FormatPostalReadings, rowsWithout(t, l.postal, 4, is))
	var kept []map[string]any
	for _, r := range l.geolonia {
		if !is(r["town"].(string)) {
			kept = append(kept, r)
		}
	}
	data, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	feed(gazetteer.FormatGeoloniaJSON, data)
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return open(t, built)
}

// allRows reads a CSV file with its header.
func allRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(published.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func rowsWithout(t *testing.T, rows [][]string, column int, drop func(string) bool) []byte {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, r := range rows {
		if !drop(r[column]) {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Flush()
	return out.Bytes()
}

func TestMissingTownIsNeverAnotherTown(t *testing.T) {
	asked := 0
	all, ways := isesakiLists(t), spellings()
	for _, r := range registers(t) {
		x := all.without(t, r.town)
		for _, s := range ways {
			for _, chome := range append([]int{0}, r.chomes...) {
				q := s.write(r, chome)
				got, err := x.Search(gazetteer.Query{Text: q})
				if err != nil {
					t.Fatal(err)
				}
				asked++
				for _, c := range got.Candidates {
					if c.Match == gazetteer.Verified {
						t.Errorf("without %s: Search(%q) (%s) verified %s", r.town, q, s.class, c.Label.Ja)
					}
				}
			}
		}
	}
	t.Logf("%d questions for missing towns", asked)
}
