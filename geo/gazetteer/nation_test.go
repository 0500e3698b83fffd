package gazetteer_test

import (
	"context"
	"testing"
	"time"

	"hazardmap/geo/gazetteer"
)

// nation returns the index of all towns of Japan, with the readings of the
// post office.
func nation(t testing.TB) *gazetteer.Index {
	b := gazetteer.NewBuilder(gazetteer.Options{})
	start := time.Now()
	for _, c := range []map[string]gazetteer.Count{
		add(t, b, "addresses/abr_machiaza_nationwide_2022.csv.gz", "アドレス・ベース・レジストリ"),
		add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ"),
		add(t, b, "addresses/KEN_ALL_2024-04.zip", "日本郵便"),
	} {
		t.Log(c)
	}
	t.Log("read", time.Since(start))
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Log("built", time.Since(start), len(built.Index), built.Dropped)
	x, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestNation(t *testing.T) {
	x := nation(t)
	start := time.Now()
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	t.Log("verified", time.Since(start))
	n, notFound, notVerified := 0, 0, 0
	start = time.Now()
	x.Places(func(p gazetteer.Place) bool {
		n++
		r, err := x.Search(gazetteer.Query{Text: p.Label.Ja})
		if err != nil {
			t.Fatal(err)
		}
		found, verified := false, false
		for _, c := range r.Candidates {
			if c.ID == p.ID {
				found, verified = true, c.Match == gazetteer.Verified
			}
		}
		if !found {
			if notFound++; notFound%200 == 1 {
				t.Logf("not found: %s %s: %s", p.ID, p.Label.Ja, brief(r))
			}
		} else if !verified {
			if notVerified++; notVerified%1000 == 1 {
				t.Logf("not verified: %s %s: %s", p.ID, p.Label.Ja, brief(r))
			}
		}
		return true
	})
	t.Log(n, "places", notFound, "not found", notVerified, "not verified", time.Since(start))
}
