//go:build !js

package gazetteer_test

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo/gazetteer"
)

// TestGeoloniaOfAPrefecture joins lists that are named after their
// municipality and hold no code.
func TestGeoloniaOfAPrefecture(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10"})
	add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ")
	counts := add(t, b, "addresses/geolonia_api_ja_gunma.tar.gz", "Geolonia 住所データ")
	checkCount(t, add(t, b, "addresses/KEN_ALL_2024-04.zip", "日本郵便"), gazetteer.FormatPostal, 124683)
	checkCount(t, add(t, b, "addresses/KEN_ALL_ROME_2023-06.zip", "日本郵便"), gazetteer.FormatPostalRomaji, 124574)
	if len(counts) != 35 {
		t.Errorf("%d files, want 35", len(counts))
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, dropped %v", len(built.Index), built.Dropped)
	x := open(t, built)
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"群馬県みどり市東町荻原5": "みどり市東町荻原", "佐波郡玉村町大字福島5": "佐波郡玉村町大字福島", "玉村町福島5": "佐波郡玉村町大字福島",
		"たまむらまちふくじま5": "佐波郡玉村町大字福島", "Fukujima 5, Tamamura-machi, Sawa-gun, Gunma": "佐波郡玉村町大字福島",
		"伊勢崎市境東新井5": "伊勢崎市境東新井", "Honmachi 1-5, Maebashi-shi": "前橋市本町一丁目", "前橋市本町1-5": "前橋市本町一丁目",
		"5 Higashiarai, Sakai, Isesaki": "伊勢崎市境東新井",
	} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 || got.Candidates[0].Label.Ja != want || got.Candidates[0].Match != gazetteer.Verified {
			t.Errorf("Search(%q) = %s, want %s", query, brief(got), want)
		}
	}
}

// TestGeoloniaOfNeighbours counts the lists of other municipalities as being of
// elsewhere, not as faulty.
func TestGeoloniaOfNeighbours(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10464", Name: "玉村町"})
	kept, elsewhere := 0, 0
	for _, c := range add(t, b, "addresses/geolonia_api_ja_gunma.tar.gz", "Geolonia 住所データ") {
		if len(c.Refused) > 0 {
			t.Errorf("refused %v", c.Refused)
		}
		kept, elsewhere = kept+c.Kept, elsewhere+c.Elsewhere
	}
	if kept != 25 || elsewhere != 1745-25 {
		t.Errorf("kept %d, elsewhere %d", kept, elsewhere)
	}
}

// TestGeoloniaOfTokyo has kana and romaji of its own.
func TestGeoloniaOfTokyo(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "13"})
	checkCount(t, add(t, b, "addresses/geolonia_latest_csv_tokyo_2022.csv.gz", "Geolonia 住所データ"), gazetteer.FormatGeoloniaCSV, 5393)
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, built)
	for query, want := range map[string]string{
		"東京都千代田区飯田橋1-2-3": "千代田区飯田橋一丁目", "ちよだくいいだばし2ちょうめ": "千代田区飯田橋二丁目", "Iidabashi 3-chome, Chiyoda-ku, Tokyo": "千代田区飯田橋三丁目",
	} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 || got.Candidates[0].Label.Ja != want || got.Candidates[0].Match != gazetteer.Verified {
			t.Errorf("Search(%q) = %s, want %s", query, brief(got), want)
		}
	}
}

// TestBlocks reads 街区レベル位置参照情報: CP932, towns by name, blocks and lots.
func TestBlocks(t *testing.T) {
	header := `"都道府県名","市区町村名","大字・丁目名","小字・通称名","街区符号・地番","座標系番号","X座標","Y座標","緯度","経度","住居表示フラグ","代表フラグ","更新前履歴フラグ","更新後履歴フラグ"`
	rows := []string{header,
		`"群馬県","伊勢崎市","今泉町一丁目","","410","9","0","0","36.3110","139.2070","0","1","0","0"`,
		`"群馬県","伊勢崎市","境","","7","9","0","0","36.2800","139.2500","1","1","0","0"`,
		`"群馬県","伊勢崎市","境","","8","9","0","0","","","1","1","0","0"`,
	}
	text, err := japanese.ShiftJIS.NewEncoder().String(strings.Join(rows, "\r\n") + "\r\n")
	if err != nil {
		t.Fatal(err)
	}
	f, ok := gazetteer.Recognise([]byte(text))
	if !ok || f != gazetteer.FormatISJBlocks {
		t.Fatalf("recognised as %v, %v", f, ok)
	}
	b := isesakiBuilder(t)
	c, err := b.Add("10204.csv", f, gazetteer.Source{Name: "位置参照情報"}, strings.NewReader(text))
	if err != nil || c.Read != 3 || c.Kept != 2 || len(c.Refused) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, built)
	for query, want := range map[string]gazetteer.Precision{
		"伊勢崎市今泉町1-410": gazetteer.PrecisionParcel, "伊勢崎市今泉町一丁目410-2": gazetteer.PrecisionParentLot, "伊勢崎市境7番5号": gazetteer.PrecisionBlock,
	} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if c := got.Candidates[0]; c.Precision != want || c.Match != gazetteer.Verified || c.Point == nil {
			t.Errorf("Search(%q) = %s at %v, want %v", query, brief(got), c.Precision, want)
		}
	}
}

// TestReadingsOverSeveralRows: KEN_ALL breaks long names.
func TestReadingsOverSeveralRows(t *testing.T) {
	text := `10204,"372  ","3720000","ｸﾞﾝﾏｹﾝ","ｲｾｻｷｼ","ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ","群馬県","伊勢崎市","以下に掲載がない場合",0,0,0,0,0,0
10204,"372  ","3720001","ｸﾞﾝﾏｹﾝ","ｲｾｻｷｼ","ﾅｶﾞｲﾏﾁ(ｲﾁ､","群馬県","伊勢崎市","長町（一、",1,0,0,0,0,0
10204,"372  ","3720001","ｸﾞﾝﾏｹﾝ","ｲｾｻｷｼ","ﾆ)","群馬県","伊勢崎市","二）",1,0,0,0,0,0
10204,"372  ","3720002","ｸﾞﾝﾏｹﾝ","ｲｾｻｷｼ","ﾂｷﾞﾏﾁ","群馬県","伊勢崎市","次町",1,0,0,0,0,0
`
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204"})
	c, err := b.Add("KEN_ALL.CSV", gazetteer.FormatPostal, gazetteer.Source{}, strings.NewReader(text))
	if err != nil || c.Read != 4 || c.Kept != 3 || c.Repaired != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, built)
	for query, want := range map[string]string{"いせさきしながいまち5": "伊勢崎市長町", "伊勢崎市次町5": "伊勢崎市次町", "3720000": "伊勢崎市", "3720001": "伊勢崎市長町"} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) != 1 || got.Candidates[0].Label.Ja != want {
			t.Errorf("Search(%q) = %s, want %s", query, brief(got), want)
		}
	}
}

// TestSeveralTownsOfOneCode: an area of its own, and every town offered.
func TestSeveralTownsOfOneCode(t *testing.T) {
	text := "postal_code,pref_code,pref,city,town,addr3,office,pref_kana,city_kana,town_kana,pref_romaji,city_romaji,town_romaji\n" +
		"3720009,10,群馬県,伊勢崎市,甲町,,,グンマケン,イセサキシ,コウマチ,Gumma,Isesaki-shi,Komachi\n" +
		"3720009,10,群馬県,伊勢崎市,乙町,,,グンマケン,イセサキシ,オツマチ,Gumma,Isesaki-shi,Otsumachi\n"
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204"})
	add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ")
	if _, err := b.Add("postal.csv", gazetteer.FormatPostalReadings, gazetteer.Source{}, strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got, err := open(t, built).Search(gazetteer.Query{Text: "372-0009"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Candidates) != 3 || got.Candidates[0].ID != "postal-3720009" {
		t.Fatalf("Search = %s", brief(got))
	}
	for _, c := range got.Candidates {
		if c.Match != gazetteer.Assumed || c.Precision != gazetteer.PrecisionPostalArea {
			t.Errorf("%s is %v at %v", c.Label.Ja, c.Match, c.Precision)
		}
	}
}
