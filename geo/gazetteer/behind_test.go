//go:build !js

package gazetteer_test

import (
	"testing"

	"hazardmap/geo/gazetteer"
)

// TestBehindTheNumber tells buildings from second addresses: a text that may
// name another place is a question, and what names it stays unread.
func TestBehindTheNumber(t *testing.T) {
	x := isesaki(t).index
	const sure, ask = gazetteer.Verified, gazetteer.Partial
	tests := []struct {
		query, town string
		match       gazetteer.Match
		number      string
		unread      string
	}{
		{"大手町5 高崎", "大手町", ask, "5", "高崎"},
		{"大手町5(玉村)", "大手町", ask, "5", "玉村"},
		{"大手町5 タカサキ", "大手町", ask, "5", "タカサキ"},
		{"大手町5 津", "大手町", ask, "5", "津"},
		{"大手町1-1 三条", "大手町", ask, "1-1", "三条"},
		{"大手町1-4、1-5", "大手町", ask, "1-4", "1-5"},
		{"大手町1番4号,5番地", "大手町", ask, "1-4", "5番地"},
		{"大手町1-4、5", "大手町", ask, "1-4", "5"},
		{"大手町1-4、203", "大手町", sure, "1-4", ""},
		{"大手町1-4、203号室", "大手町", sure, "1-4", ""},
		{"大手町5 高崎ビル", "大手町", sure, "5", ""},
		{"大手町(前橋市)", "大手町", ask, "", "前橋市"},
		{"大手町（前橋）1-1", "大手町", ask, "", "前橋）1-1"},
		{"大手町‹前橋", "大手町", ask, "", "前橋"},
		{"大手町<前橋", "大手町", ask, "", "前橋"},
		{"大手町1-1,前橋市", "大手町", ask, "1-1", "前橋市"},
		{"大手町1-1前橋市", "大手町", ask, "1-1", "前橋市"},
		{"大手町1-1(前橋市)", "大手町", ask, "1-1", "前橋市"},
		{"大手町1-1→前橋市本町", "大手町", ask, "1-1", "前橋市本町"},
		{"大手町1-1または前橋市大手町", "大手町", ask, "1-1", "または前橋市大手町"},
		{"大手町1-1 群馬県前橋市", "大手町", ask, "1-1", "群馬県前橋市"},
		{"大手町1-1 栃木県", "大手町", ask, "1-1", "栃木県"},
		{"大手町1-1(栃木)", "大手町", ask, "1-1", "栃木"},
		{"大手町1-1 佐波郡玉村町上新田5", "大手町", ask, "1-1", "佐波郡玉村町上新田5"},
		{"大手町1-1 玉村町上新田5", "大手町", ask, "1-1", "玉村町上新田5"},
		{"大手町1-1 佐々木町", "大手町", ask, "1-1", "佐々木町"},
		{"大手町1-1 ハイツ前橋市大手町", "大手町", ask, "1-1", "ハイツ前橋市大手町"},
		{"大手町無番地 前橋市", "大手町", ask, "", "前橋市"},
		{"大手町1-1 伊勢崎市今泉町1丁目", "大手町", ask, "1-1", "伊勢崎市今泉町1丁目"},
		{"大手町1-1 今泉町", "大手町", ask, "1-1", "今泉町"},
		{"大手町1-1 連取", "大手町", ask, "1-1", "連取"},
		{"境5東新井", "境", ask, "5", "東新井"},
		{"大手町1-1 太田市役所", "大手町", ask, "1-1", "太田市役所"},
		{"大手町1-1 前 橋 市", "大手町", ask, "1-1", "前 橋 市"},
		{"大手町1-1 ニセコ町", "大手町", ask, "1-1", "ニセコ町"},
		{"大手町1-1 Tokyo", "大手町", ask, "1-1", "Tokyo"},
		{"大手町1-1 371-0026", "大手町", ask, "1-1", "371-0026"},
		{"大手町1-1 마에바시시", "大手町", ask, "1-1", "마에바시시"},
		{"大手町5番線", "大手町", ask, "", "5番線"},
		{"大手町1-1 何町三丁目", "大手町", ask, "1-1", "何町三丁目"},
		{"大手町1-1 いまいずみちょう5", "大手町", ask, "1-1", "いまいずみちょう5"},
		{"大手町1-1 まえばしし", "大手町", ask, "1-1", "まえばしし"},
		{"大手町1-1 マエバシシオオテマチ1-1", "大手町", ask, "1-1", "マエバシシオオテマチ1-1"},
		{"大手町1-1 Maebashi-shi", "大手町", ask, "1-1", "Maebashi-shi"},
		{"大手町1-1 Tsunatori", "大手町", ask, "1-1", "Tsunatori"},
		{"連取町300-1 前橋市大手町1-1", "連取町", ask, "300-1", "前橋市大手町1-1"},
		{"今泉町1丁目 前橋市", "今泉町一丁目", ask, "", "前橋市"},
		{"今泉町1-410 前橋市", "今泉町一丁目", ask, "410", "前橋市"},
		{"連取町300 連取県営住宅", "連取町", sure, "300", ""},
		{"連取町300 コーポ四日市", "連取町", sure, "300", ""},
		{"連取町300 連取町団地3-201", "連取町", sure, "300", ""},
		{"連取町300 県営住宅3号棟", "連取町", sure, "300", ""},
		{"大手町1-1(伊勢崎市役所)", "大手町", sure, "1-1", ""},
		{"大手町1-1 前橋市民会館", "大手町", sure, "1-1", ""},
		{"大手町1-1 群馬県立図書館", "大手町", sure, "1-1", ""},
		{"大手町1-1 市役所", "大手町", sure, "1-1", ""},
		{"大手町1-1 木村様方", "大手町", sure, "1-1", ""},
		{"境百々東5 佐々木様方", "境百々東", sure, "5", ""},
		{"大手町1-1 パレスタカハシ201", "大手町", sure, "1-1", ""},
		{"大手町1-1 Sun Heights 201", "大手町", sure, "1-1", ""},
		{"今泉町1丁目(境ビル)", "今泉町一丁目", sure, "", ""},
	}
	for _, tt := range tests {
		checkRead(t, x, "伊勢崎市"+tt.query, tt.town, tt.match, tt.number, tt.unread)
	}
}

func TestBehindTheNumberInRomaji(t *testing.T) {
	x := isesaki(t).index
	const sure, ask = gazetteer.Verified, gazetteer.Partial
	tests := []struct {
		query, town string
		match       gazetteer.Match
		number      string
		unread      string
	}{
		{"Otemachi 1-1, Isesaki, Maebashi-shi", "大手町", ask, "1-1", "Maebashi"},
		{"Otemachi 1-1, Isesaki, Maebashi", "大手町", ask, "1-1", "Maebashi"},
		{"Otemachi 5 Takasaki", "大手町", ask, "5", "Takasaki"},
		{"伊勢崎市大手町5 Takasaki", "大手町", ask, "5", "Takasaki"},
		{"Otemachi 1-1 Isesaki Maebashi 5", "大手町", ask, "1-1", "Maebashi 5"},
		{"Otemachi 1-1, Isesaki, Maebashi 5-5", "大手町", ask, "1-1", "Maebashi 5-5"},
		{"Otemachi 1-1, Isesaki-shi, Otemachi 5, Maebashi-shi", "大手町", ask, "1-1", "Otemachi 5, Maebashi"},
		{"Otemachi 1-1, Casa Maebashi-shi 5, Isesaki", "大手町", ask, "1-1", "Maebashi-shi 5"},
		{"Otemachi 1-4, 1-5, Isesaki", "大手町", ask, "1-4", "1-5"},
		{"Otemachi (Maebashi), Isesaki", "大手町", ask, "", "Maebashi"},
		{"Otemachi 1-1, Isesaki 마에바시시", "大手町", ask, "1-1", "마에바시시"},
		{"\xb4 Isesaki", "", ask, "", "\ufffd"},
		{"Otemachi, Isesaki, Foo", "大手町", ask, "", "Foo"},
		{"Isesaki-shi Otemachi 1-1 Imaizumi-cho", "今泉町", ask, "1-1", "Otemachi"},
		{"Isesaki-shi Otemachi 1-1 Sun Heights 201", "大手町", sure, "1-1", ""},
		{"1-1 Otemachi, Isesaki", "大手町", sure, "1-1", ""},
		{"Otemachi 1-1, Isesaki City", "大手町", sure, "1-1", ""},
		{"Ota-shi 5, Gunma", "太田町", gazetteer.Similar, "5", ""},
		{"Sakai-shi 5, Isesaki", "境", gazetteer.Similar, "5", ""},
	}
	for _, tt := range tests {
		checkRead(t, x, tt.query, tt.town, tt.match, tt.number, tt.unread)
	}
}

// TestFlatsAreNoLots keeps the number of a flat or floor out of the number of
// the lot.
func TestFlatsAreNoLots(t *testing.T) {
	x := isesaki(t).index
	const sure, ask = gazetteer.Verified, gazetteer.Partial
	tests := []struct {
		query, town string
		match       gazetteer.Match
		number      string
		unread      string
	}{
		{"伊勢崎市大手町3階", "大手町", ask, "", "3階"},
		{"伊勢崎市大手町3F", "大手町", ask, "", "3F"},
		{"伊勢崎市大手町203号室", "大手町", ask, "", "203号室"},
		{"伊勢崎市大手町1-1 3階", "大手町", sure, "1-1", ""},
		{"伊勢崎市大手町1-1-3F", "大手町", sure, "1-1", ""},
		{"伊勢崎市大手町1-2-203号室", "大手町", sure, "1-2", ""},
		{"伊勢崎市大手町1番2号203号室", "大手町", sure, "1-2", ""},
		{"伊勢崎市今泉町1丁目203号室", "今泉町一丁目", sure, "", ""},
		{"伊勢崎市今泉町1-203号室", "今泉町一丁目", sure, "", ""},
		{"Apto 203, Otemachi, Isesaki", "大手町", sure, "", ""},
		{"Otemachi 1-1 Apto 203, Isesaki", "大手町", sure, "1-1", ""},
		{"Apto 203, 1-1 Otemachi, Isesaki", "大手町", sure, "1-1", ""},
		{"Otemachi 410 Room 203, Isesaki", "大手町", sure, "410", ""},
		{"3F, 1-1 Otemachi, Isesaki", "大手町", sure, "1-1", ""},
		{"Otemachi 1-1, 3 andar, Isesaki", "大手町", sure, "1-1", ""},
		{"Otemachi 3F, Isesaki", "大手町", sure, "", ""},
	}
	for _, tt := range tests {
		checkRead(t, x, tt.query, tt.town, tt.match, tt.number, tt.unread)
	}
}

// TestOldSpellings reads what deeds, old maps and hasty fingers write.
func TestOldSpellings(t *testing.T) {
	x := isesaki(t).index
	tests := []struct {
		query, town string
		match       gazetteer.Match
		number      string
		unread      string
	}{
		{"伊勢崎市今泉町壱丁目410", "今泉町一丁目", gazetteer.Verified, "410", ""},
		{"伊勢崎市茂呂町弐丁目参番地", "茂呂町二丁目", gazetteer.Verified, "3", ""},
		{"伊勢崎市茂呂町拾番地", "茂呂町", gazetteer.Assumed, "10", ""},
		{"伊勢崎市茂呂町二-5-3", "茂呂町二丁目", gazetteer.Verified, "5-3", ""},
		{"伊勢崎市境三ツ木三-5", "境三ツ木", gazetteer.Verified, "3-5", ""},
		{"Otemachi 5, Isezaki", "大手町", gazetteer.Similar, "5", ""},
		{"Isezaki, Gunma", "", gazetteer.Similar, "", ""},
		{"高崎 大手町", "大手町", gazetteer.Partial, "", "高崎"},
		{"大手町 伊勢崎市", "大手町", gazetteer.Verified, "", ""},
		{"大手町 群馬県伊勢崎市", "大手町", gazetteer.Verified, "", ""},
		{"大手町 前橋市", "大手町", gazetteer.Partial, "", "前橋市"},
		{"伊勢崎市 foo 大手町1-1", "大手町", gazetteer.Partial, "1-1", "foo"},
		{"\xff\xfe大手町5", "大手町", gazetteer.Partial, "5", "\ufffd\ufffd"},
		{"伊勢崎市\xff大手町5", "大手町", gazetteer.Partial, "5", "\ufffd"},
	}
	for _, tt := range tests {
		checkRead(t, x, tt.query, tt.town, tt.match, tt.number, tt.unread)
	}
}

// TestABuildingChangesNoTown: what is judged behind the number leaves the town
// in front of it alone, in every script.
func TestABuildingChangesNoTown(t *testing.T) {
	x := isesaki(t).index
	for _, r := range registers(t) {
		stem, suffix := latinTown(r, 0)
		for _, address := range []string{
			"いせさきし" + hiragana(r.kana) + "410", "イセサキシ" + r.kana + "410", "伊勢崎市" + r.town + "410",
			"Isesaki-shi " + capital(dropLong.Replace(stem)) + "-" + suffix + " 410", "いせさきし " + hiragana(r.kana) + " 410",
		} {
			plain, err := x.Search(gazetteer.Query{Text: address})
			if err != nil || len(plain.Candidates) == 0 {
				t.Fatalf("Search(%q) = %s, %v", address, brief(plain), err)
			}
			for _, building := range []string{"ひまわりそう201", "サンハイツ タカハシ 3F", "まえばししおおてまち5", "マエバシシオオテマチ5", "Sun Heights 201", "Casa Maebashi-shi 5", "いまいずみちょう5"} {
				got, err := x.Search(gazetteer.Query{Text: address + " " + building})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range got.Candidates {
					if c.Match == gazetteer.Verified && c.ID != plain.Candidates[0].ID {
						t.Errorf("Search(%q) verified %s, without the building %s", got.Query, c.Label.Ja, brief(plain))
					}
				}
				if len(got.Candidates) == 0 || got.Candidates[0].ID != plain.Candidates[0].ID && got.Candidates[0].Match != gazetteer.Partial {
					t.Errorf("Search(%q) = %s, without the building %s", got.Query, brief(got), brief(plain))
				}
			}
		}
	}
}

func checkRead(t *testing.T, x *gazetteer.Index, query, town string, match gazetteer.Match, number, unread string) {
	t.Helper()
	got, err := x.Search(gazetteer.Query{Text: query})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Candidates) == 0 {
		t.Errorf("Search(%q) = %s, want %s", query, brief(got), town)
		return
	}
	if c := got.Candidates[0]; c.Label.Ja != "伊勢崎市"+town || c.Match != match || c.Number != number || got.Unread != unread {
		t.Errorf("Search(%q) = %s number %q, want %s (%v) number %q unread %q", query, brief(got), c.Number, town, match, number, unread)
	}
}
