//go:build !js

package gazetteer_test

import (
	"slices"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
)

// TestComplaints holds what users of other tools complain about, and the rules
// that follow from it.
func TestComplaints(t *testing.T) {
	x := isesaki(t).index
	const city = "伊勢崎市"
	tests := []struct {
		name, query string
		want        string // label of the first candidate without the city, "" for none
		match       gazetteer.Match
		number      string
		unread      string
	}{
		{"a town is not cut to a shorter one", "伊勢崎市境東新丼123", "境東新井", gazetteer.Similar, "123", ""},
		{"an unknown rest stays visible", "伊勢崎市境青葉台123", "境", gazetteer.Partial, "", "青葉台123"},
		{"an unknown town is not one that looks like it", "伊勢崎市青葉台三丁目5", "", gazetteer.Partial, "", "青葉台三丁目5"},
		{"a lot is not swallowed as 丁目", "伊勢崎市今泉町410", "今泉町", gazetteer.Assumed, "410", ""},
		{"a lot that could be no 丁目", "伊勢崎市今泉町7-2", "今泉町", gazetteer.Assumed, "7-2", ""},
		{"番地 is no 丁目", "伊勢崎市今泉町1番地2", "今泉町", gazetteer.Assumed, "1-2", ""},
		{"a number apart from what follows may be a lot", "伊勢崎市今泉町1 コーポ境", "今泉町一丁目", gazetteer.Assumed, "", ""},
		{"the same with another number behind", "伊勢崎市今泉町1 410", "今泉町一丁目", gazetteer.Assumed, "", ""},
		{"a postal code says more than the city beside it", "372-0801 伊勢崎市", "宮子町", gazetteer.Assumed, "", ""},
		{"the same in romaji", "Isesaki 372-0801", "宮子町", gazetteer.Assumed, "", ""},
		{"as web maps write it", "日本、〒372-0801 群馬県伊勢崎市宮子町5", "宮子町", gazetteer.Verified, "5", ""},
		{"a 丁目 that exists", "伊勢崎市今泉町1-410", "今泉町一丁目", gazetteer.Verified, "410", ""},
		{"a 丁目 that does not exist keeps the number", "伊勢崎市今泉町9丁目410", "今泉町", gazetteer.Partial, "410", "9丁目"},
		{"a 丁目 of a town without any", "伊勢崎市連取町3丁目5", "連取町", gazetteer.Partial, "", "3丁目5"},
		{"町 left out is not sure", "伊勢崎市連取5", "連取町", gazetteer.Assumed, "5", ""},
		{"町 added is a question", "伊勢崎市境町5", "境", gazetteer.Similar, "5", ""},
		{"a longer town wins", "伊勢崎市連取元町5", "連取元町", gazetteer.Verified, "5", ""},
		{"kanji numerals in a name stay", "伊勢崎市境三ツ木三", "境三ツ木", gazetteer.Verified, "3", ""},
		{"kanji numerals of a lot", "伊勢崎市五目牛町五番地の三", "五目牛町", gazetteer.Verified, "5-3", ""},
		{"old kanji", "群馬縣伊勢﨑市曲澤町5", "曲沢町", gazetteer.Verified, "5", ""},
		{"small ke", "伊勢崎市除ヶ町5", "除ケ町", gazetteer.Verified, "5", ""},
		{"half-width kana inside a name", "伊勢崎市ﾋﾛｾ町5", "ひろせ町", gazetteer.Verified, "5", ""},
		{"a variation selector in the prefecture", "群\U000e0101馬県伊勢崎市境5", "境", gazetteer.Verified, "5", ""},
		{"zero-width characters", "伊勢崎市\u200b境\u200d5", "境", gazetteer.Verified, "5", ""},
		{"decomposed kana", "いせさきしさかいほす\u3099み5", "境保泉", gazetteer.Verified, "5", ""},
		{"one wrong character keeps the number", "伊勢崎市境下淵名1048-22", "境下渕名", gazetteer.Verified, "1048-22", ""},
		{"a wrong character keeps the number", "伊勢崎市堺東新井1048-22", "境東新井", gazetteer.Similar, "1048-22", ""},
		{"letters in a lot", "伊勢崎市境甲1082", "境", gazetteer.Verified, "甲1082", ""},
		{"a letter before a lot", "伊勢崎市境A-6", "境", gazetteer.Verified, "A-6", ""},
		{"no lot", "伊勢崎市境無番地", "境", gazetteer.Verified, "", ""},
		{"地先", "伊勢崎市境地先", "境", gazetteer.Verified, "", ""},
		{"a line is no lot", "伊勢崎市境5線", "境", gazetteer.Partial, "", "5線"},
		{"条 is no lot", "伊勢崎市境三条5", "境", gazetteer.Partial, "", "三条5"},
		{"地割 is no lot", "伊勢崎市境第5地割", "境", gazetteer.Partial, "", "第5地割"},
		{"a building with brackets", "伊勢崎市境5（境ビル2F）", "境", gazetteer.Verified, "5", ""},
		{"another city", "群馬県前橋市本町1-2", "", 0, "", "前橋市本町1-2"},
		{"another prefecture", "東京都千代田区本町1-2", "", 0, "", "千代田区本町1-2"},
		{"another city that starts like a town here", "太田市新井町1-2", "", 0, "", "太田市新井町1-2"},
		{"another city in another order", "太田市大手町", "", 0, "", "太田市大手町"},
		{"a picture is shown as unread", "伊勢崎市境😀", "境", gazetteer.Partial, "", "😀"},
		{"福島 is a town here", "福島町5", "福島町", gazetteer.Assumed, "5", ""},
		{"a plausible misreading", "ふくしままち5", "福島町", gazetteer.Similar, "5", ""},
		{"宮子 and 宮古", "みやこまち", "宮子町", gazetteer.Assumed, "", ""},
		{"a town that sounds like no", "No-cho 5, Isesaki", "野町", gazetteer.Verified, "5", ""},
		{"part of a compound town", "Higashiarai 5, Isesaki", "境東新井", gazetteer.Similar, "5", ""},
		{"a compound town reversed", "5 Higashiarai, Sakai, Isesaki", "境東新井", gazetteer.Verified, "5", ""},
		{"another city in romaji", "Honmachi 5, Maebashi-shi, Gunma", "本町", gazetteer.Partial, "5", "Maebashi"},
		{"another city in romaji, number first", "5 Honmachi, Maebashi, Gunma", "本町", gazetteer.Partial, "5", "Maebashi"},
		{"the rest of a compound town unread", "Sakai Minamimachi 5, Isesaki", "境", gazetteer.Partial, "5", "Minamimachi"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := x.Search(gazetteer.Query{Text: tt.query})
			if err != nil {
				t.Fatal(err)
			}
			if tt.match == 0 {
				if len(got.Candidates) > 0 || got.Hint != gazetteer.HintOutsideArea {
					t.Errorf("Search(%q) = %s, want nothing and a hint", tt.query, brief(got))
				}
			} else if len(got.Candidates) == 0 {
				t.Fatalf("Search(%q) = %s, want %s", tt.query, brief(got), tt.want)
			} else if c := got.Candidates[0]; c.Label.Ja != city+tt.want || c.Match != tt.match || c.Number != tt.number {
				t.Errorf("Search(%q) = %s number %q, want %s (%v) number %q", tt.query, brief(got), c.Number, tt.want, tt.match, tt.number)
			}
			if got.Unread != tt.unread {
				t.Errorf("Search(%q): unread %q, want %q", tt.query, got.Unread, tt.unread)
			}
		})
	}
}

func TestPostalCodes(t *testing.T) {
	x := isesaki(t).index
	for _, r := range registers(t) {
		for _, q := range []string{r.postal, r.postal[:3] + "-" + r.postal[3:], "〒" + r.postal[:3] + "−" + r.postal[3:]} {
			got, err := x.Search(gazetteer.Query{Text: q, Limit: 50})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(got.Candidates, func(c gazetteer.Candidate) bool { return rightTown(c, r, 0) }) {
				t.Errorf("Search(%q) = %s, want %s offered", q, brief(got), r.town)
			}
			for _, c := range got.Candidates {
				if c.Match == gazetteer.Verified || c.Precision != gazetteer.PrecisionPostalArea {
					t.Errorf("Search(%q) chose %s (%v, %v)", q, c.Label.Ja, c.Match, c.Precision)
				}
			}
		}
	}
}

func TestOfficesArePlaces(t *testing.T) {
	x := isesaki(t).index
	got, err := x.Search(gazetteer.Query{Text: "372-8502"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Candidates) != 1 || got.Candidates[0].ID != "office-3728502" {
		t.Fatalf("Search(372-8502) = %s", brief(got))
	}
	c := got.Candidates[0]
	if town, ok := x.Place(c.AreaID); !ok || town.Label.Ja != "伊勢崎市寿町" || c.Precision != gazetteer.PrecisionTown || c.Point != nil {
		t.Errorf("the office answers for %q at %v, want the area of 寿町", c.AreaID, c.Precision)
	}
}

func TestAPostalCodeOfAnotherTownIsDoubted(t *testing.T) {
	got, err := isesaki(t).index.Search(gazetteer.Query{Text: "372-0001 伊勢崎市連取町5"})
	if err != nil {
		t.Fatal(err)
	}
	if c := got.Candidates[0]; c.Label.Ja != "伊勢崎市連取町" || c.Match != gazetteer.Assumed || got.Hint != gazetteer.HintPostalDiffers {
		t.Errorf("Search = %s", brief(got))
	}
}

func TestSuggestionsOnEveryKeystroke(t *testing.T) {
	x := isesaki(t).index
	tests := []struct{ typed, want string }{
		{"Higashi", "境東新井"}, {"higash", "境東新井"}, {"ひがし", "境東新井"}, {"東新", "境東新井"}, {"さかいひ", "境東新井"}, {"sakai h", "境東新井"},
		{"境ひがし", "境東新井"}, {"いまいz", "今泉町"}, {"いまいずm", "今泉町"}, {"imai", "今泉町"}, {"Imaizumi-c", "今泉町"}, {"伊勢崎市い", "今泉町"},
		{"いせさきしいま", "今泉町"}, {"Isesaki Imaiz", "今泉町"}, {"今", "今泉町"}, {"nishii", "境西今井"}, {"今泉町", "今泉町一丁目"}, {"今泉町2", "今泉町二丁目"},
		{"372-08", "宮子町"}, {"3720801", "宮子町"},
		{"tsuna", "連取町"}, {"ts", "連取町"}, {"tu", "連取町"}, {"oot", "大手町"}, {"ōte", "大手町"},
	}
	for _, tt := range tests {
		got, err := x.Suggest(gazetteer.Query{Text: tt.typed, Limit: 60})
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(got.Candidates, func(c gazetteer.Candidate) bool { return c.Label.Ja == "伊勢崎市"+tt.want })
		if at < 0 {
			t.Errorf("Suggest(%q) = %s, want %s", tt.typed, brief(got), tt.want)
			continue
		}
		if c := got.Candidates[at]; c.Label.Kana == "" || c.Label.Romaji == "" || c.Match == gazetteer.Verified && !strings.HasPrefix(tt.typed, "伊勢崎") {
			t.Errorf("Suggest(%q): %+v", tt.typed, c)
		}
	}
}

// TestEveryTownIsSuggestedFromItsFirstLetters types each town in kanji, kana
// and romaji: from half of the name on it is offered.
func TestEveryTownIsSuggestedFromItsFirstLetters(t *testing.T) {
	x := isesaki(t).index
	for _, r := range registers(t) {
		stem, _ := latinTown(r, 0)
		inner, _, _ := strings.Cut(r.romaji, ",")
		for _, full := range []string{r.town, r.kana, hiragana(r.kana), stem, inner} {
			runes := []rune(full)
			for n := (len(runes) + 1) / 2; n <= len(runes); n++ {
				got, err := x.Suggest(gazetteer.Query{Text: string(runes[:n]), Limit: 60})
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(got.Candidates, func(c gazetteer.Candidate) bool { return rightTown(c, r, 0) }) {
					t.Errorf("Suggest(%q) = %s, want %s", string(runes[:n]), brief(got), r.town)
				}
			}
		}
	}
}

// TestMoreExactIsNeverWorse adds what an address holds part by part: the match
// must not fall.
func TestMoreExactIsNeverWorse(t *testing.T) {
	x := isesaki(t).index
	for _, r := range registers(t) {
		for _, chome := range append([]int{0}, r.chomes...) {
			town := jp("", r.town, chome, "%d丁目", "")
			kana := jp("", hiragana(r.kana), chome, "%dちょうめ", "")
			romaji := strings.TrimSuffix(latinWest(r.romaji, "", chome), ", Isesaki-shi, Gunma-ken")
			if chome > 0 {
				romaji = r.romaji + " " + string(rune('0'+chome)) + "-chome"
			}
			for _, chain := range [][]string{
				{strings.TrimSuffix(r.town, "町"), r.town, town, "伊勢崎市" + town, "群馬県伊勢崎市" + town, "群馬県伊勢崎市" + town + "410", "〒" + r.postal + "群馬県伊勢崎市" + town + "410"},
				{town, town + "410", town + "410-2", "伊勢崎市" + town + "410-2", "伊勢崎市" + town + "410番地2", "伊勢崎市" + town + "410番地2 コーポ101"},
				{kana, "いせさきし" + kana, "ぐんまけんいせさきし" + kana, "ぐんまけんいせさきし" + kana + "410"},
				{romaji, romaji + ", Isesaki", romaji + ", Isesaki-shi", romaji + ", Isesaki-shi, Gunma", romaji + ", Isesaki-shi, Gunma, Japan"},
			} {
				best := gazetteer.Partial + 1
				for i, q := range chain {
					got, err := x.Search(gazetteer.Query{Text: q})
					if err != nil {
						t.Fatal(err)
					}
					match := gazetteer.Partial + 1
					if len(got.Candidates) > 0 {
						match = got.Candidates[0].Match
					}
					if match > best {
						t.Errorf("Search(%q) is %v, after %q which was %v", q, match, chain[i-1], best)
					}
					best = match
				}
			}
		}
	}
}
