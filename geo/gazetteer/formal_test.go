//go:build !js

package gazetteer_test

import (
	"context"
	"encoding/csv"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// formal is an address as an office writes it, with the municipality in whose
// list it stands.
type formal struct{ code, address string }

// formalAddresses reads the addresses of published lists of shelters.
func formalAddresses(t testing.TB) []formal {
	t.Helper()
	var list []formal
	err := archive.Walk(context.Background(), published.Path(t, "shelters/gsi-gunma-municipal.tar.gz"), func(m *archive.Member) error {
		for _, s := range shelters(t, m) {
			list = append(list, formal{strings.TrimSuffix(m.Name, ".json")[:6], s.address})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name, code string
		column     int
	}{
		{"gsi-csv-original/42202_1.csv", "422029", 3}, {"gsi-csv-original/42202_2.csv", "422029", 3},
		{"municipal-standard/382019_evacuation_space.csv", "382019", 7}, {"municipal-standard/172022_nanao_reference_data.csv", "172022", 6},
	} {
		file, err := os.Open(published.Path(t, "shelters/"+f.name))
		if err != nil {
			t.Fatal(err)
		}
		rows := csv.NewReader(file)
		rows.FieldsPerRecord, rows.LazyQuotes = -1, true
		for first := true; ; first = false {
			r, err := rows.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if !first && len(r) > f.column && r[f.column] != "" {
				list = append(list, formal{f.code, r[f.column]})
			}
		}
		file.Close()
	}
	return list
}

// sight finds the towns of a municipality with which an address starts after
// the names of its prefecture and municipality: characters compared one by one,
// nothing folded but widths, 字 and the numerals of 丁目.
type sight map[string][]seenTown // by code

type seenTown struct{ pref, city, name, plain string }

func (s sight) add(r []string) {
	s[r[0]] = append(s[r[0]], seenTown{r[2], plain(r[3]), r[3] + townOf(r), plain(townOf(r))})
}

var plainer = strings.NewReplacer("大字", "", "字", "", "ヶ", "ケ", "ノ", "の")

func plain(text string) string {
	return plainer.Replace(strings.Join(strings.Fields(norm.NFKC.String(text)), ""))
}

func (s sight) towns(f formal) []string {
	var names []string
	longest := 0
	rest := plain(f.address)
	for i, town := range s[f.code] {
		if i == 0 {
			rest = strings.TrimPrefix(strings.TrimPrefix(rest, town.pref), town.city)
			if _, name, ok := strings.Cut(town.city, "郡"); ok {
				rest = strings.TrimPrefix(rest, name)
			}
		}
		if n := len(town.plain); n > 0 && n >= longest && strings.HasPrefix(rest, town.plain) {
			if n > longest {
				names, longest = nil, n
			}
			names = append(names, town.name)
		}
	}
	return names
}

// TestFormalAddresses reads the addresses of 4,300 shelters: where a plain
// comparison sees which town is meant, the gazetteer must say the same, and
// never be sure of another.
func TestFormalAddresses(t *testing.T) {
	seen := sight{}
	x := open(t, build(t, nationRows(t), false, func(r []string) bool {
		switch r[0][:2] {
		case "10", "17", "38", "42":
			seen.add(r)
			return true
		}
		return false
	}))
	asked, clear, right, wrong := 0, 0, 0, 0
	for _, f := range formalAddresses(t) {
		asked++
		want := seen.towns(f)
		if len(want) == 0 {
			continue
		}
		clear++
		got, err := x.Search(gazetteer.Query{Text: f.address})
		if err != nil {
			t.Fatal(err)
		}
		// 字 beside the same 大字 are parts of it.
		same := func(c gazetteer.Candidate) bool {
			return slices.ContainsFunc(want, func(name string) bool { return strings.Contains(c.Label.Ja, name) })
		}
		switch {
		case len(got.Candidates) > 0 && same(got.Candidates[0]):
			right++
		case len(got.Candidates) > 0 && got.Candidates[0].Match == gazetteer.Verified:
			wrong++
			t.Logf("Search(%q) = %s, want %v", f.address, brief(got), want)
		default:
			t.Logf("Search(%q) = %s, want %v", f.address, brief(got), want)
		}
	}
	t.Logf("%d addresses, in %d the town is seen, %d right, %d verified elsewhere", asked, clear, right, wrong)
	if asked < 4000 || clear*100 < asked*90 || right*1000 < clear*997 || wrong*10000 > clear*5 {
		t.Errorf("%d addresses, in %d the town is seen, %d right (want 99.7 %%), %d verified elsewhere (want at most 0.05 %%)", asked, clear, right, wrong)
	}
}
