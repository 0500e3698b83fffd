//go:build !js

package gazetteer_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"hash/fnv"
	"os"
	"slices"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// nationRows reads the towns of Japan: lg_code, machiaza_id, pref, city, name,
// lon, lat.
func nationRows(t testing.TB) [][]string {
	t.Helper()
	cities.Lock()
	defer cities.Unlock()
	if cities.nation != nil {
		return cities.nation
	}
	f, err := os.Open(published.Path(t, "addresses/abr_machiaza_nationwide_2022.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cities.nation = rows
	return rows
}

// townOf returns a row's town without its 丁目.
func townOf(row []string) string {
	name, ok := strings.CutSuffix(row[4], "丁目")
	if !ok {
		return row[4]
	}
	return strings.TrimRight(name, "一二三四五六七八九十")
}

func hash(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum32()
}

// build makes an index of the rows that keep takes, with the post office's
// readings if asked.
func build(t testing.TB, rows [][]string, readings bool, keep func(row []string) bool) *gazetteer.Built {
	t.Helper()
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	for i, r := range rows {
		if i == 0 || keep(r) {
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Flush()
	b := gazetteer.NewBuilder(gazetteer.Options{})
	src := gazetteer.Source{Name: "アドレス・ベース・レジストリ", Date: "2022"}
	if _, err := b.Add("nation.csv", gazetteer.FormatTownPoints, src, &text); err != nil {
		t.Fatal(err)
	}
	if readings {
		add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ")
		add(t, b, "addresses/KEN_ALL_2024-04.zip", "日本郵便")
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func open(t testing.TB, built *gazetteer.Built) *gazetteer.Index {
	t.Helper()
	x, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sampled keeps one municipality in 60.
func sampled(row []string) bool { return hash(row[0])%60 == 7 }

func TestLabelsFindTheirPlaces(t *testing.T) {
	t.Run("Isesaki", func(t *testing.T) {
		if trip := roundTrip(t, isesaki(t).index); trip.lost+trip.doubted > 0 {
			t.Errorf("%d lost, %d not verified of %d", trip.lost, trip.doubted, trip.asked)
		}
	})
	t.Run("one municipality in 60", func(t *testing.T) {
		trip := roundTrip(t, open(t, build(t, nationRows(t), false, sampled)))
		if t.Logf("%+v", trip); trip.lost+trip.doubted > 0 || trip.asked < 3000 {
			t.Errorf("%d lost, %d not verified of %d", trip.lost, trip.doubted, trip.asked)
		}
	})
}

// trip counts what became of the register's own labels.
type trip struct {
	asked   int
	twins   int // labels that two places have: both are offered, neither is sure
	lost    int
	doubted int // found but not verified
}

// roundTrip asks for every place that a register lists by its label.
func roundTrip(t testing.TB, x *gazetteer.Index) trip {
	labels := make(map[string]int)
	x.Places(func(p gazetteer.Place) bool {
		labels[p.Label.Ja]++
		return true
	})
	var out trip
	x.Places(func(p gazetteer.Place) bool {
		if p.Generated || p.Level >= gazetteer.LevelPostal {
			return true
		}
		out.asked++
		r, err := x.Search(gazetteer.Query{Text: p.Label.Ja, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		twin := labels[p.Label.Ja] > 1
		if twin {
			out.twins++
		}
		for _, c := range r.Candidates {
			if c.ID != p.ID {
				continue
			}
			if c.Match != gazetteer.Verified && !twin {
				if out.doubted++; out.doubted <= 12 {
					t.Logf("not verified: %s %s: %s", p.ID, p.Label.Ja, brief(r))
				}
			}
			return true
		}
		if out.lost++; out.lost <= 12 {
			t.Logf("lost: %s %s: %s", p.ID, p.Label.Ja, brief(r))
		}
		return true
	})
	return out
}

func TestMissingTownOfTheNation(t *testing.T) {
	rows := slices.DeleteFunc(slices.Clone(nationRows(t)), func(r []string) bool { return r[0] != "lg_code" && !sampled(r) })
	wrong, asked := 0, 0
	for residue := range uint32(8) {
		w, n := missing(t, rows, residue)
		wrong, asked = wrong+w, asked+n
	}
	if t.Logf("%d of %d verified wrong", wrong, asked); asked < 400 || wrong*1000 > asked*3 {
		t.Errorf("%d of %d missing towns answered with another as verified, want at most 0.3 %%", wrong, asked)
	}
}

// missing takes one town in 20 out and asks for it.
func missing(t testing.TB, rows [][]string, residue uint32) (wrong, asked int) {
	gone := func(r []string) bool { return r[1] >= "0001" && hash(r[0], townOf(r))%20 == residue }
	x := open(t, build(t, rows, false, func(r []string) bool { return !gone(r) }))
	seen := make(map[string]bool)
	for _, r := range rows[1:] {
		if key := r[0] + townOf(r); !gone(r) || seen[key] {
			continue
		}
		seen[r[0]+townOf(r)] = true
		q := r[2] + r[3] + r[4] + "12-3"
		got, err := x.Search(gazetteer.Query{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		asked++
		for _, c := range got.Candidates {
			if c.Match == gazetteer.Verified {
				if wrong++; wrong <= 30 {
					t.Logf("without %s: Search(%q) = %s", r[1], q, brief(got))
				}
			}
		}
	}
	return wrong, asked
}
