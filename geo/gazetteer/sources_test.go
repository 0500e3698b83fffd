//go:build !js

package gazetteer_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// checkCount compares what was read from a file with the counts of DATA.md.
// Every record must be accounted for.
func checkCount(t testing.TB, counts map[string]counted, format gazetteer.Format, read int) {
	t.Helper()
	for name, c := range counts {
		refused := 0
		for _, n := range c.Refused {
			refused += n
		}
		if c.format != format || c.Read != read || c.Kept+c.Repaired+c.Elsewhere+refused != read {
			t.Errorf("%s is %v with %+v, want %v and %d records, each counted", name, c.format, c.Count, format, read)
		}
	}
	if len(counts) == 0 {
		t.Errorf("%v: not recognised", format)
	}
}

// TestPublishedFiles reads the files that no other test reads whole.
func TestPublishedFiles(t *testing.T) {
	for _, tt := range []struct {
		file   string
		format gazetteer.Format
		read   int
	}{
		{"abr/mt_pref_all.csv.zip", gazetteer.FormatPrefectures, 47},
		{"abr_machiaza_isesaki_2022.csv", gazetteer.FormatTownPoints, 163},
		{"abr_jukyo_points_maebashi_102016_2022.csv.gz", gazetteer.FormatHousePoints, 15367},
		{"geolonia_isesaki.json", gazetteer.FormatGeoloniaJSON, 135},
		{"postal_isesaki_kana_romaji_2026-07.csv", gazetteer.FormatPostalReadings, 137},
	} {
		b := gazetteer.NewBuilder(gazetteer.Options{Code: "10"})
		checkCount(t, add(t, b, "addresses/"+tt.file, "test"), tt.format, tt.read)
	}
}

func TestOtherFilesAreNotRecognised(t *testing.T) {
	for _, file := range []string{"boundaries/N03-2020_10204_isesaki.geojson", "shelters/isesaki/102041_emergency.geojson",
		"shelters/gsi-csv-original/42202_2.csv", "shelters/municipal-standard/382019_evacuation_space.csv",
		"shelters/gsi-csv-original/prefectureListData.csv", "addresses/SOURCE.md"} {
		data, err := os.ReadFile(published.Path(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if f, ok := gazetteer.Recognise(data[:min(len(data), 4096)]); ok {
			t.Errorf("%s is taken for %v", file, f)
		}
	}
}

// wakayama reads the complete form of the ABR for 和歌山県, with the houses of
// 和歌山市.
func wakayama(t testing.TB) *gazetteer.Index {
	cities.Lock()
	defer cities.Unlock()
	if cities.wakayama != nil {
		return cities.wakayama
	}
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "30"})
	for _, f := range []struct {
		name   string
		format gazetteer.Format
		read   int
	}{
		{"mt_city_all", gazetteer.FormatMunicipalities, 1918}, {"mt_city_pos_all", gazetteer.FormatMuniPositions, 1918},
		{"mt_town_pref30", gazetteer.FormatTowns, 3544}, {"mt_town_pos_pref30", gazetteer.FormatTownPositions, 3537},
		{"mt_rsdtdsp_rsdt_pref30", gazetteer.FormatHouses, 34015}, {"mt_rsdtdsp_rsdt_pos_pref30", gazetteer.FormatHousePositions, 34016},
	} {
		checkCount(t, add(t, b, "addresses/abr/"+f.name+".csv.zip", "アドレス・ベース・レジストリ"), f.format, f.read)
	}
	checkCount(t, add(t, b, "addresses/isj/30000-17.0b.zip", "位置参照情報"), gazetteer.FormatISJTowns, 1918)
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for why, n := range built.Dropped {
		if n > 3 && why != "position of an unknown town" { // the two files are of different years
			t.Errorf("%d dropped: %s", n, why)
		}
	}
	x := open(t, built)
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	cities.wakayama = x
	return x
}

func TestHouses(t *testing.T) {
	x := wakayama(t)
	tests := []struct {
		query     string
		want      string
		precision gazetteer.Precision
		at        geo.Point
		hint      gazetteer.Hint
	}{
		{"和歌山県和歌山市葵町1番1号", "和歌山市葵町", gazetteer.PrecisionHouse, geo.Point{Lon: 135.165196745, Lat: 34.214456043}, ""},
		{"和歌山市葵町1-3 葵ハイツ", "和歌山市葵町", gazetteer.PrecisionHouse, geo.Point{Lon: 135.165208098, Lat: 34.214286261}, ""},
		{"Aoi-cho 1-2, Wakayama-shi", "和歌山市葵町", gazetteer.PrecisionHouse, geo.Point{Lon: 135.165204936, Lat: 34.214374032}, ""},
		{"和歌山市葵町1番", "和歌山市葵町", gazetteer.PrecisionBlock, geo.Point{}, ""},
		{"和歌山市葵町1-999", "和歌山市葵町", gazetteer.PrecisionBlock, geo.Point{}, gazetteer.HintNumberNotFound},
		{"和歌山市葵町999-1", "和歌山市葵町", gazetteer.PrecisionTown, geo.Point{}, gazetteer.HintNumberNotFound},
		{"和歌山市島崎町３丁目", "和歌山市島崎町三丁目", gazetteer.PrecisionChome, geo.Point{}, ""},
		{"東牟婁郡那智勝浦町市野々字関屋123", "東牟婁郡那智勝浦町大字市野々字関屋", gazetteer.PrecisionTown, geo.Point{}, ""},
		{"那智勝浦町大字市野々123", "東牟婁郡那智勝浦町大字市野々", gazetteer.PrecisionTown, geo.Point{}, ""},
	}
	for _, tt := range tests {
		got, err := x.Search(gazetteer.Query{Text: tt.query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 {
			t.Errorf("Search(%q) = %s", tt.query, brief(got))
			continue
		}
		c := got.Candidates[0]
		if c.Label.Ja != tt.want || c.Match != gazetteer.Verified || c.Precision != tt.precision || got.Hint != tt.hint {
			t.Errorf("Search(%q) = %s at %v, want %s at %v, hint %q", tt.query, brief(got), c.Precision, tt.want, tt.precision, tt.hint)
			continue
		}
		if (tt.precision <= gazetteer.PrecisionBlock) != (c.Point != nil) {
			t.Errorf("Search(%q): point %v at %v", tt.query, c.Point, c.Precision)
		}
		if tt.precision == gazetteer.PrecisionHouse && (c.Point == nil || c.Point.Distance(tt.at) > 1) {
			t.Errorf("Search(%q) at %v, want %v", tt.query, c.Point, tt.at)
		}
	}
}

// TestEveryHouse looks every house of 和歌山市 up: the stored position is
// within half a metre, the mean of its block within the stated radius.
func TestEveryHouse(t *testing.T) {
	x := wakayama(t)
	type house struct{ town, block, number string }
	names, at := map[string]house{}, map[string]geo.Point{}
	eachRow(t, "addresses/abr/mt_rsdtdsp_rsdt_pref30.csv.zip", func(r []string) {
		key := strings.Join(r[0:5], "/")
		names[key] = house{r[5] + r[6] + r[7] + r[8] + r[9], r[11], r[12]}
		if r[13] != "" {
			names[key] = house{r[5] + r[6] + r[7] + r[8] + r[9], r[11], r[12] + "-" + r[13]}
		}
	})
	eachRow(t, "addresses/abr/mt_rsdtdsp_rsdt_pos_pref30.csv.zip", func(r []string) {
		lon, _ := strconv.ParseFloat(r[7], 64)
		lat, _ := strconv.ParseFloat(r[8], 64)
		at[strings.Join(r[0:5], "/")] = geo.Point{Lon: lon, Lat: lat}
	})
	asked, exact := 0, 0
	for key, h := range names {
		want, ok := at[key]
		if !ok || h.block == "" || h.number == "" {
			continue
		}
		asked++
		if asked%7 != 0 {
			continue
		}
		q := h.town + h.block + "番" + h.number + "号"
		got, err := x.Search(gazetteer.Query{Text: q})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 || got.Candidates[0].Precision != gazetteer.PrecisionHouse || got.Candidates[0].Match != gazetteer.Verified {
			t.Errorf("Search(%q) = %s", q, brief(got))
			continue
		}
		if d := got.Candidates[0].Point.Distance(want); d > 0.5 && !strings.Contains(h.number, "-") {
			exact++ // the same number twice in the register
			if d > 500 {
				t.Errorf("Search(%q) is %.0f m off", q, float64(d))
			}
		}
	}
	if asked < 30000 || exact*100 > asked {
		t.Errorf("%d houses, %d of a seventh not where the register has them", asked, exact)
	}
}

func eachRow(t *testing.T, name string, fn func([]string)) {
	t.Helper()
	err := archive.Walk(context.Background(), published.Path(t, name), func(m *archive.Member) error {
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		rows := csv.NewReader(r)
		for first := true; ; first = false {
			row, err := rows.Read()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if !first {
				fn(row)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestParcels(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "46505"})
	add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ")
	checkCount(t, add(t, b, "addresses/abr/mt_parcel_city465054.csv.zip", "アドレス・ベース・レジストリ"), gazetteer.FormatParcels, 84418)
	checkCount(t, add(t, b, "addresses/abr/mt_parcel_pos_city465054.csv.zip", "アドレス・ベース・レジストリ"), gazetteer.FormatParcelPositions, 83514)
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, built)
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	t.Logf("84,418 parcels: %d bytes, %.1f a parcel; dropped %v", len(built.Index), float64(len(built.Index))/84418, built.Dropped)
	tests := []struct {
		query     string
		precision gazetteer.Precision
		at        geo.Point
	}{
		{"鹿児島県熊毛郡屋久島町安房1番地", gazetteer.PrecisionParcel, geo.Point{Lon: 130.652137743, Lat: 30.315663026}},
		{"屋久島町安房3", gazetteer.PrecisionParcel, geo.Point{Lon: 130.652456827, Lat: 30.315686655}},
		{"屋久島町安房4-99", gazetteer.PrecisionParentLot, geo.Point{Lon: 130.652529759, Lat: 30.315608578}},
	}
	for _, tt := range tests {
		got, err := x.Search(gazetteer.Query{Text: tt.query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 {
			t.Errorf("Search(%q) = %s", tt.query, brief(got))
			continue
		}
		c := got.Candidates[0]
		if c.Precision != tt.precision || c.Point == nil || c.Point.Distance(tt.at) > c.Radius {
			t.Errorf("Search(%q) = %s at %v %v, want %v %v", tt.query, brief(got), c.Precision, c.Point, tt.precision, tt.at)
		}
		if want := tt.precision == gazetteer.PrecisionParcel; (c.RiskScope() == "place") != want {
			t.Errorf("Search(%q): risk scope %s at %v", tt.query, c.RiskScope(), c.Precision)
		}
	}
}

// TestCodesOfAllLengths joins files with codes of 5, 6 and 7 digits and with
// the ".0" of spreadsheets.
func TestCodesOfAllLengths(t *testing.T) {
	var first []byte
	for _, code := range []string{"10204", "102041", "1020400", "102041.0"} {
		b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204"})
		text := "lg_code,machiaza_id,pref,city,machiaza,lon,lat\n" + code + ",0034000,群馬県,伊勢崎市,境,139.2,36.3\n011011,0001001,北海道,札幌市中央区,旭ケ丘一丁目,141.3,43.0\n"
		c, err := b.Add("towns.csv", gazetteer.FormatTownPoints, gazetteer.Source{}, strings.NewReader(text))
		if err != nil || c.Kept != 1 || c.Elsewhere != 1 {
			t.Fatalf("code %s: %+v, %v", code, c, err)
		}
		built, err := b.Build(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = built.Index
		}
		if !bytes.Equal(first, built.Index) {
			t.Errorf("code %s gives other bytes", code)
		}
	}
}

func TestRowsOutsideTheBoundaryAreRefused(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204", Boundary: boundary(t)})
	text := "lg_code,machiaza_id,pref,city,machiaza,lon,lat\n102041,0034000,群馬県,伊勢崎市,境,139.25,36.28\n102041,0034001,群馬県,伊勢崎市,遠町,140.9,37.5\n102041,0034002,群馬県,伊勢崎市,無町,x,y\n102041,x,群馬県,伊勢崎市,無町,139.25,36.28\n"
	c, err := b.Add("towns.csv", gazetteer.FormatTownPoints, gazetteer.Source{}, strings.NewReader(text))
	if err != nil || c.Read != 4 || c.Kept != 1 || len(c.Refused) != 3 || c.Refused["position outside the boundary"] != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestFacilitiesOfGunma reads the addresses of the shelters of Gunma. Two of
// 1,750 name a municipality other than that of the list they stand in.
func TestFacilitiesOfGunma(t *testing.T) {
	x := open(t, build(t, nationRows(t), false, func(r []string) bool { return strings.HasPrefix(r[0], "10") }))
	asked, right, sure := 0, 0, 0
	err := archive.Walk(context.Background(), published.Path(t, "shelters/gsi-gunma-municipal.tar.gz"), func(m *archive.Member) error {
		if !strings.Contains(m.Path, "emergency") {
			return nil
		}
		for _, s := range shelters(t, m) {
			asked++
			got, err := x.Search(gazetteer.Query{Text: s.address})
			if err != nil {
				return err
			}
			if len(got.Candidates) == 0 || !strings.HasPrefix(m.Name, got.Candidates[0].ID[:6]) {
				t.Logf("%s: Search(%q) = %s", m.Name, s.address, brief(got))
				continue
			}
			right++
			if got.Candidates[0].Match == gazetteer.Verified {
				sure++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d addresses lead to a place of their municipality, %d verified", right, asked, sure)
	if asked != 1750 || right < asked-2 {
		t.Errorf("%d of %d", right, asked)
	}
}

func TestTheNearestPlacesComeFirst(t *testing.T) {
	x := open(t, build(t, nationRows(t), false, func(r []string) bool { return strings.HasPrefix(r[0], "10") }))
	near := geo.Point{Lon: 139.06, Lat: 36.39} // 前橋
	got, err := x.Search(gazetteer.Query{Text: "本町", Near: &near, Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	last := 0.0
	towns := slices.DeleteFunc(got.Candidates, func(c gazetteer.Candidate) bool { return c.Precision != gazetteer.PrecisionTown })
	for _, c := range towns {
		p, _ := x.Place(c.ID)
		if p.Point == nil {
			continue
		}
		d := float64(near.Distance(*p.Point))
		if d < last-3000 {
			t.Errorf("%s at %.0f m comes after %.0f m", c.Label.Ja, d, last)
		}
		last = math.Max(last, d)
	}
	if len(towns) < 5 || got.Candidates[0].Match != gazetteer.Assumed {
		t.Errorf("Search(本町) = %s", brief(got))
	}
}
