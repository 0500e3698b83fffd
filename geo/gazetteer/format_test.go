//go:build !js

package gazetteer_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
)

func TestSameFilesSameBytes(t *testing.T) {
	want := isesaki(t).built
	files := [][2]string{{"addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ"}, {"addresses/postal_isesaki_kana_romaji_2026-07.csv", "日本郵便"},
		{"addresses/geolonia_isesaki.json", "Geolonia 住所データ"}, {"addresses/abr_machiaza_isesaki_2022.csv", "アドレス・ベース・レジストリ"}}
	for _, turn := range []int{1, 2} {
		b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204", Boundary: boundary(t)})
		for i := range files {
			f := files[(i+turn)%len(files)]
			add(t, b, f[0], f[1])
		}
		got, err := b.Build(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Index, want.Index) || len(got.Areas) != len(want.Areas) {
			t.Errorf("files from %d on: %d bytes and %d areas, want the %d and %d of another order", turn, len(got.Index), len(got.Areas), len(want.Index), len(want.Areas))
		}
	}
}

func TestIsesakiIsSmall(t *testing.T) {
	c := isesaki(t)
	if n := len(c.built.Index); n > 100_000 {
		t.Errorf("places.idx has %d bytes, want at most 100,000", n)
	}
	if err := c.index.Verify(); err != nil {
		t.Error(err)
	}
}

var update = flag.Bool("update", false, "rewrite the golden files")

// TestVersion1 opens the file that is kept for as long as version 1 is read.
func TestVersion1(t *testing.T) {
	const golden = "testdata/version1.idx"
	if *update {
		b := gazetteer.NewBuilder(gazetteer.Options{Code: "99999", Name: "見本市", Kana: "ミホンシ", Romaji: "Mihon-shi",
			Facilities: []gazetteer.Facility{{ID: "E1", Name: "本町小学校", Position: geo.Point{Lon: 139.001, Lat: 36.001}}}})
		for format, text := range map[gazetteer.Format]string{
			gazetteer.FormatTownPoints:     "lg_code,machiaza_id,pref,city,machiaza,lon,lat\n999999,0001001,,見本市,本町一丁目,139.01,36.01\n999999,0002000,,見本市,境東,139.02,36.02\n999999,0003000,,見本市,境,139.03,36.03\n",
			gazetteer.FormatPostalReadings: "postal_code,pref_code,pref,city,town,addr3,office,pref_kana,city_kana,town_kana,pref_romaji,city_romaji,town_romaji\n9990001,,,見本市,境東,,,,,サカイアズマ,,,\"Azuma, Sakai\"\n9990001,,,見本市,境,,,,,サカイ,,,Sakai\n",
			gazetteer.FormatParcels:        "lg_code,machiaza_id,prc_id,city,ward,oaza_cho,chome,koaza,prc_num1,prc_num2,prc_num3,rep_lon,rep_lat\n999999,0003000,1,見本市,,境,,,7,2,,139.031,36.031\n",
		} {
			if _, err := b.Add("見本市.csv", format, gazetteer.Source{Name: "見本", Date: "2026"}, strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
		}
		built, err := b.Build(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, built.Index, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	x, err := gazetteer.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"見本市本町1-5": "見本市本町一丁目 verified chome", "Azuma 5, Sakai, Mihon-shi": "見本市境東 verified town", "見本市境7-2": "見本市境 verified parcel",
		"999-0001": "〒999-0001 assumed postal-area", "本町小学校": "本町小学校 verified house",
	} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 {
			t.Errorf("Search(%q) = %s, want %s", query, brief(got), want)
		} else if c := got.Candidates[0]; fmt.Sprintf("%s %v %v", c.Label.Ja, c.Match, c.Precision) != want {
			t.Errorf("Search(%q) = %s %v %v, want %s", query, c.Label.Ja, c.Match, c.Precision, want)
		}
	}
}

func TestWhatIsNoIndexIsRefused(t *testing.T) {
	good := isesaki(t).built.Index
	change := func(at int, b byte) []byte {
		data := slices.Clone(good)
		data[at] = b
		return data
	}
	for name, data := range map[string][]byte{
		"empty": nil, "short": good[:40], "magic": change(0, 'X'), "version": change(8, 9), "sections": change(12, 99),
		"table": change(24, 77), "cut": good[:len(good)-9], "text": []byte(strings.Repeat("places", 200)),
	} {
		if _, err := gazetteer.Open(data); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := gazetteer.Open(change(8, 9)); !errors.Is(err, gazetteer.ErrNotIndex) {
		t.Errorf("another version: %v", err)
	}
}

// TestDamageIsFoundAndHarmless flips bytes: Verify finds every one, and
// looking up in a damaged index does not leave it.
func TestDamageIsFoundAndHarmless(t *testing.T) {
	good := isesaki(t).built.Index
	rng := rand.New(rand.NewPCG(1, 2))
	texts := []string{"伊勢崎市今泉町1-410", "いせさきしさかい", "Higashiarai, Sakai, Isesaki", "372-0801", "伊勢崎市堺東新井", "Imaz"}
	for range 400 {
		data := slices.Clone(good)
		at := 300 + rng.IntN(len(data)-300)
		data[at] ^= byte(1 + rng.IntN(255))
		x, err := gazetteer.Open(data)
		if err != nil {
			continue
		}
		if x.Verify() == nil && !padding(good, at) {
			t.Errorf("byte %d changed, not found", at)
		}
		useAll(t, x, texts)
	}
}

// padding reports whether a byte is one of those between sections.
func padding(b []byte, at int) bool { return b[at] == 0 && at+8 <= len(b) }

func useAll(t *testing.T, x *gazetteer.Index, texts []string) {
	for _, text := range texts {
		for _, find := range []func(gazetteer.Query) (gazetteer.Result, error){x.Search, x.Suggest} {
			r, err := find(gazetteer.Query{Text: text})
			if err != nil && !errors.Is(err, gazetteer.ErrTooLong) {
				t.Fatal(err)
			}
			for _, c := range r.Candidates {
				x.Place(c.ID)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	good := isesaki(f).built.Index
	f.Add(good)
	f.Add(good[:200])
	f.Add([]byte{})
	f.Add([]byte("HZPLACES\x01\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := gazetteer.Open(data)
		if err != nil {
			return
		}
		_ = x.Verify()
		useAll(t, x, []string{"伊勢崎市今泉町1-410", "Sakai 5, Isesaki", "い", "372-0801"})
	})
}

// FuzzDamaged changes an index behind its header, which a checksum guards.
func FuzzDamaged(f *testing.F) {
	good := isesaki(f).built.Index
	f.Add(uint32(400), []byte{0xff, 0xff, 0xff, 0xff})
	f.Add(uint32(5000), []byte{0, 0, 0, 0x80})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		data := slices.Clone(good)
		copy(data[min(int(at)+292, len(data)):], patch)
		x, err := gazetteer.Open(data)
		if err != nil {
			return
		}
		_ = x.Verify()
		useAll(t, x, []string{"伊勢崎市今泉町1-410", "Sakai 5, Isesaki", "い", "372-0801"})
		x.Places(func(gazetteer.Place) bool { return true })
	})
}

// FuzzSearch states what holds for every text: spans quote the text, nothing
// is both read and unread, what is verified left nothing unread, at most the
// limit comes back.
func FuzzSearch(f *testing.F) {
	x := isesaki(f).index
	for i, s := range spellings() {
		r := registers(f)[i%123]
		f.Add(s.write(r, 0))
	}
	for _, s := range []string{"", "-1", "NaN", "〒", "372", "一二三四五六七八九十百千", "大字字字", "丁目", "ｶﾞｶﾞｶﾞ", "oh", "\xff\xfe", "🏠", "境境境境境境", "Sakai, Sakai, Sakai", "の1の2の3", "ー", strings.Repeat("境", 200), strings.Repeat("a ", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, find := range []func(gazetteer.Query) (gazetteer.Result, error){x.Search, x.Suggest} {
			r, err := find(gazetteer.Query{Text: text})
			if err != nil {
				if len([]rune(text)) <= gazetteer.MaxRunes && len(text) <= 4*gazetteer.MaxRunes {
					t.Fatalf("%q: %v", text, err)
				}
				return
			}
			runes := []rune(text)
			for _, s := range r.Read {
				if s.From < 0 || s.To > len(runes) || s.From > s.To || string(runes[s.From:s.To]) != s.Text {
					t.Errorf("%q: span %+v", text, s)
				}
			}
			if len(r.Candidates) > gazetteer.DefaultLimit {
				t.Errorf("%q: %d candidates", text, len(r.Candidates))
			}
			for i, c := range r.Candidates {
				if _, ok := x.Place(c.ID); !ok {
					t.Errorf("%q: no place %q", text, c.ID)
				}
				if c.Match < gazetteer.Verified || c.Match > gazetteer.Partial || (c.Match == gazetteer.Assumed) != (len(c.Completed) > 0 && c.Match <= gazetteer.Assumed) {
					t.Errorf("%q: %+v", text, c)
				}
				if i == 0 && c.Match == gazetteer.Verified && r.Unread != "" {
					t.Errorf("%q: verified with %q unread", text, r.Unread)
				}
				if c.Point != nil && !c.Precision.HasPoint() {
					t.Errorf("%q: a point at %v", text, c.Precision)
				}
			}
		}
	})
}
