//go:build !js

package gazetteer_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// The spellings are made by code that shares nothing with the package.

// register is one town as the post office and the list of towns have it.
type register struct {
	town, kana, romaji, postal string
	chomes                     []int
}

func readCSV(t testing.TB, name string) [][]string {
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
	return rows[1:]
}

// registers lists the towns of Isesaki.
func registers(t testing.TB) []register {
	var list []register
	for _, r := range readCSV(t, "addresses/postal_isesaki_kana_romaji_2026-07.csv") {
		if r[4] != "" && r[6] == "" {
			list = append(list, register{town: r[4], kana: r[9], romaji: r[12], postal: r[0]})
		}
	}
	for _, r := range readCSV(t, "addresses/abr_machiaza_isesaki_2022.csv") {
		for n, digit := range []string{"", "一", "二", "三"} {
			town, ok := strings.CutSuffix(r[4], digit+"丁目")
			i := slices.IndexFunc(list, func(e register) bool { return e.town == town })
			if n > 0 && ok && i >= 0 {
				list[i].chomes = append(list[i].chomes, n)
			}
		}
	}
	if len(list) != 123 {
		t.Fatalf("%d towns, want 123", len(list))
	}
	return list
}

// syllables is a table of kana, Hepburn and Kunrei.
var syllables = func() map[string][2]string {
	m := map[string][2]string{}
	for _, row := range strings.Fields(`ア/a イ/i ウ/u エ/e オ/o カ/ka キ/ki ク/ku ケ/ke コ/ko サ/sa シ/shi,si ス/su セ/se ソ/so
		タ/ta チ/chi,ti ツ/tsu,tu テ/te ト/to ナ/na ニ/ni ヌ/nu ネ/ne ノ/no ハ/ha ヒ/hi フ/fu,hu ヘ/he ホ/ho マ/ma ミ/mi ム/mu メ/me モ/mo
		ヤ/ya ユ/yu ヨ/yo ラ/ra リ/ri ル/ru レ/re ロ/ro ワ/wa ヲ/o ン/n ガ/ga ギ/gi グ/gu ゲ/ge ゴ/go ザ/za ジ/ji,zi ズ/zu ゼ/ze ゾ/zo
		ダ/da ヂ/ji,zi ヅ/zu デ/de ド/do バ/ba ビ/bi ブ/bu ベ/be ボ/bo パ/pa ピ/pi プ/pu ペ/pe ポ/po
		キャ/kya キュ/kyu キョ/kyo シャ/sha,sya シュ/shu,syu ショ/sho,syo チャ/cha,tya チュ/chu,tyu チョ/cho,tyo ニャ/nya ニュ/nyu ニョ/nyo
		ヒャ/hya ヒュ/hyu ヒョ/hyo ミャ/mya ミュ/myu ミョ/myo リャ/rya リュ/ryu リョ/ryo ギャ/gya ギュ/gyu ギョ/gyo
		ジャ/ja,zya ジュ/ju,zyu ジョ/jo,zyo ビャ/bya ビュ/byu ビョ/byo ピャ/pya ピュ/pyu ピョ/pyo`) {
		kana, latin, _ := strings.Cut(row, "/")
		hepburn, kunrei, two := strings.Cut(latin, ",")
		if !two {
			kunrei = hepburn
		}
		m[kana] = [2]string{hepburn, kunrei}
	}
	return m
}()

// romanise writes kana syllable by syllable, every vowel.
func romanise(kana string, system int) string {
	var b strings.Builder
	runes := []rune(kana)
	for i := 0; i < len(runes); {
		if runes[i] == 'ッ' && i+1 < len(runes) {
			b.WriteByte(syllables[string(runes[i+1])][system][0])
			i++
			continue
		}
		if i+1 < len(runes) {
			if s, ok := syllables[string(runes[i:i+2])]; ok {
				b.WriteString(s[system])
				i += 2
				continue
			}
		}
		s, ok := syllables[string(runes[i])]
		if !ok {
			panic("no romaji for " + string(runes[i]))
		}
		b.WriteString(s[system])
		i++
	}
	return b.String()
}

var (
	dropLong = strings.NewReplacer("ou", "o", "oo", "o", "uu", "u")
	macron   = strings.NewReplacer("ou", "ō", "oo", "ō", "uu", "ū")
	hat      = strings.NewReplacer("ou", "ô", "oo", "ô", "uu", "û")
	withOH   = strings.NewReplacer("ou", "oh", "oo", "oh")
)

func oneOH(s string) string { // "oh" only where no vowel follows
	out := withOH.Replace(s)
	for _, v := range "aiueoy" {
		out = strings.ReplaceAll(out, "oh"+string(v), "o"+string(v))
	}
	return out
}

func halfWidth(kana string) string {
	const full = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー"
	const half = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ"
	const voiced = "ガカギキグクゲケゴコザサジシズスゼセゾソダタヂチヅツデテドトバハビヒブフベヘボホ"
	const puffed = "パハピヒプフペヘポホ"
	narrow := map[rune]string{}
	halves := []rune(half)
	for i, r := range []rune(full) {
		narrow[r] = string(halves[i])
	}
	for mark, pairs := range map[string]string{"ﾞ": voiced, "ﾟ": puffed} {
		p := []rune(pairs)
		for i := 0; i < len(p); i += 2 {
			narrow[p[i]] = narrow[p[i+1]] + mark
		}
	}
	var b strings.Builder
	for _, r := range kana {
		b.WriteString(narrow[r])
	}
	return b.String()
}

func hiragana(kana string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 0x60
		}
		return r
	}, kana)
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + 0xfee0
		}
		return r
	}, s)
}

// spelling is one way to write an address. weak ones may leave the answer open
// between places.
type spelling struct {
	class string
	write func(r register, chome int) string
}

// jp writes the parts of a Japanese address; chome 0 is none.
func jp(prefix, town string, chome int, chomeWord, number string) string {
	if chome == 0 {
		return prefix + town + number
	}
	return prefix + town + fmt.Sprintf(chomeWord, chome) + number
}

// latinTown returns the town in romaji and whether it ends in cho or machi.
func latinTown(r register, system int) (stem, suffix string) {
	for _, end := range []string{"チョウ", "マチ"} {
		if stem, ok := strings.CutSuffix(r.kana, end); ok && strings.HasSuffix(r.town, "町") {
			return romanise(stem, system), romanise(end, system)
		}
	}
	return romanise(r.kana, system), ""
}

func latinWest(town, number string, chome int) string {
	if chome > 0 {
		return fmt.Sprintf("%d-%s %s, Isesaki-shi, Gunma-ken", chome, number, town)
	}
	return fmt.Sprintf("%s %s, Isesaki-shi, Gunma-ken", number, town)
}

func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

var oldKanji = strings.NewReplacer("沢", "澤", "島", "嶋", "渕", "淵", "国", "國", "広", "廣", "豊", "豐", "斗", "斗", "桜", "櫻", "条", "條", "栄", "榮", "関", "關", "蓮", "蓮", "触", "觸", "崎", "﨑", "県", "縣", "ケ", "ヶ", "ツ", "ッ", "曲", "曲")

func spellings() []spelling {
	kanjiChome := func(n int) string { return []string{"", "一", "二", "三"}[n] + "丁目" }
	withKanji := func(prefix string, r register, chome int, number string) string {
		if chome > 0 {
			return prefix + r.town + kanjiChome(chome) + number
		}
		return prefix + r.town + number
	}
	romaji := func(change func(string) string, system int, join string) func(r register, chome int) string {
		return func(r register, chome int) string {
			stem, suffix := latinTown(r, system)
			town := change(stem)
			if suffix != "" {
				town += join + change(suffix)
			}
			return latinWest(capital(town), "410", chome)
		}
	}
	same := func(s string) string { return s }
	japanese := func(change func(string) string) func(r register, chome int) string {
		return func(r register, chome int) string {
			stem, suffix := latinTown(r, 0)
			town := capital(change(stem))
			if suffix != "" {
				town += "-" + change(suffix)
			}
			if chome > 0 {
				return fmt.Sprintf("Gunma-ken, Isesaki-shi, %s %d-chome 410-2", town, chome)
			}
			return fmt.Sprintf("Gunma-ken, Isesaki-shi, %s 410-2", town)
		}
	}
	wrong := map[string]string{"chou": "machi", "machi": "cho", "": ""}
	return []spelling{
		{"formal", func(r register, c int) string { return withKanji("群馬県伊勢崎市", r, c, "410番地2") }},
		{"formal, no number", func(r register, c int) string { return withKanji("群馬県伊勢崎市", r, c, "") }},
		{"no prefecture", func(r register, c int) string { return withKanji("伊勢崎市", r, c, "410-2") }},
		{"no municipality", func(r register, c int) string { return withKanji("", r, c, "410-2") }},
		{"digit chome", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d丁目", "410") }},
		{"dash chome", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d-", "410") }},
		{"full width", func(r register, c int) string {
			return fullWidth(jp("群馬県伊勢崎市", r.town, c, "%d-", "410-2"))
		}},
		{"spaced", func(r register, c int) string {
			return jp("群馬県 伊勢崎市 ", r.town+" ", c, "%d丁目 ", "410-2")
		}},
		{"wide spaces", func(r register, c int) string {
			return jp("群馬県　伊勢崎市　", r.town+"　", c, "%d丁目　", "４１０−２")
		}},
		{"kanji numerals", func(r register, c int) string { return withKanji("伊勢崎市", r, c, "四百十番地の二") }},
		{"positional numerals", func(r register, c int) string { return withKanji("伊勢崎市", r, c, "四一〇") }},
		{"no between numbers", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%dの", "410の2") }},
		{"em dash", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d—", "410—2") }},
		{"long vowel mark", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%dー", "410ー2") }},
		{"minus", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d−", "410−2") }},
		{"box", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d─", "410─2") }},
		{"wave", func(r register, c int) string { return jp("伊勢崎市", r.town, c, "%d～", "410〜2") }},
		{"old kanji", func(r register, c int) string {
			return oldKanji.Replace(withKanji("群馬県伊勢崎市", r, c, "410-2"))
		}},
		{"oaza", func(r register, c int) string { return withKanji("群馬県伊勢崎市大字", r, c, "410番地") }},
		{"machi left out", func(r register, c int) string {
			return jp("伊勢崎市", strings.TrimSuffix(r.town, "町"), c, "%d丁目", "410")
		}},
		{"building", func(r register, c int) string {
			return withKanji("伊勢崎市", r, c, "410-2 サンハイツ伊勢崎 201号室")
		}},
		{"building glued", func(r register, c int) string { return withKanji("伊勢崎市", r, c, "410番地2サンハイツ201") }},
		{"selector", func(r register, c int) string {
			return strings.ReplaceAll(withKanji("群馬県伊勢崎市", r, c, "410"), "町", "町\U000e0100")
		}},
		{"postal before", func(r register, c int) string {
			return "〒" + r.postal[:3] + "-" + r.postal[3:] + " " + withKanji("群馬県伊勢崎市", r, c, "410-2")
		}},
		{"postal bare", func(r register, c int) string { return r.postal + " " + withKanji("伊勢崎市", r, c, "410-2") }},
		{"postal for the city", func(r register, c int) string { return r.postal + " " + withKanji("", r, c, "410-2") }},
		{"hiragana", func(r register, c int) string {
			return jp("ぐんまけんいせさきし", hiragana(r.kana), c, "%dちょうめ", "410")
		}},
		{"hiragana, city only", func(r register, c int) string { return jp("いせさきし", hiragana(r.kana), c, "%d-", "410") }},
		{"hiragana, town only", func(r register, c int) string { return jp("", hiragana(r.kana), c, "%dちょうめ", "") }},
		{"hiragana, spaced", func(r register, c int) string {
			return jp("ぐんまけん いせさきし ", hiragana(r.kana)+" ", c, "%dちょうめ ", "410ばんち")
		}},
		{"kanji city, kana town", func(r register, c int) string { return jp("伊勢崎市", hiragana(r.kana), c, "%d丁目", "410") }},
		{"katakana", func(r register, c int) string {
			return jp("グンマケンイセサキシ", r.kana, c, "%dチョウメ", "410")
		}},
		{"half width", func(r register, c int) string {
			return jp(halfWidth("グンマケンイセサキシ"), halfWidth(r.kana), c, "%d-", "410")
		}},
		{"hepburn", romaji(dropLong.Replace, 0, "-")},
		{"hepburn glued", romaji(dropLong.Replace, 0, "")},
		{"hepburn spaced", romaji(dropLong.Replace, 0, " ")},
		{"every vowel", romaji(same, 0, "-")},
		{"macrons", romaji(macron.Replace, 0, "-")},
		{"circumflex", romaji(hat.Replace, 0, "-")},
		{"oh", romaji(oneOH, 0, "-")},
		{"kunrei", romaji(dropLong.Replace, 1, "-")},
		{"kunrei, every vowel", romaji(same, 1, "")},
		{"capitals", func(r register, c int) string {
			stem, suffix := latinTown(r, 0)
			return strings.ToUpper(latinWest(dropLong.Replace(stem+" "+suffix), "410", c))
		}},
		{"lower case", func(r register, c int) string {
			stem, suffix := latinTown(r, 0)
			return strings.ToLower(latinWest(dropLong.Replace(stem+suffix), "410", c))
		}},
		{"japanese order", japanese(dropLong.Replace)},
		{"japanese order, macrons", japanese(macron.Replace)},
		{"city glued", func(r register, c int) string {
			stem, suffix := latinTown(r, 0)
			return latinWest(capital(dropLong.Replace(stem+suffix)), "410", c)[:0] + "Gunmaken Isesakishi " + capital(dropLong.Replace(stem+suffix)) + " " + chomeNumber(c)
		}},
		{"suffix left out", func(r register, c int) string {
			stem, _ := latinTown(r, 0)
			return latinWest(capital(dropLong.Replace(stem)), "410", c)
		}},
		{"wrong suffix", func(r register, c int) string {
			stem, suffix := latinTown(r, 0)
			town := capital(dropLong.Replace(stem))
			if w := wrong[suffix]; w != "" {
				town += "-" + w
			}
			return latinWest(town, "410", c)
		}},
		{"Isesaki City, Japan", func(r register, c int) string {
			stem, suffix := latinTown(r, 0)
			town := capital(dropLong.Replace(stem))
			if suffix != "" {
				town += "-" + dropLong.Replace(suffix)
			}
			return chomeNumber(c) + " " + town + ", Isesaki City, Gunma Prefecture, " + r.postal[:3] + "-" + r.postal[3:] + ", Japan"
		}},
		{"official romaji", func(r register, c int) string { return latinWest(r.romaji, "410", c) }},
		{"official romaji turned", func(r register, c int) string {
			parts := strings.Split(r.romaji, ", ")
			slices.Reverse(parts)
			return latinWest(strings.Join(parts, " "), "410", c)
		}},
		{"official romaji without suffix", func(r register, c int) string { return latinWest(withoutSuffix(r.romaji), "410", c) }},
		{"official romaji turned, without suffix", func(r register, c int) string {
			parts := strings.Split(r.romaji, ", ")
			parts[0] = withoutSuffix(parts[0])
			slices.Reverse(parts)
			return latinWest(strings.Join(parts, " "), "410", c)
		}},
		{"gumma", func(r register, c int) string { return r.romaji + ", Isesaki, Gumma" }},
		{"portuguese", func(r register, c int) string {
			return "Rua " + r.romaji + " " + chomeNumber(c) + ", cidade de Isesaki, província de Gunma, Japão, CEP " + r.postal
		}},
		{"portuguese, number after the street", func(r register, c int) string {
			street, area, compound := strings.Cut(r.romaji, ", ")
			if compound {
				return "Rua " + street + " " + chomeNumber(c) + ", " + area + ", Isesaki - Gunma"
			}
			return "Rua " + street + " " + chomeNumber(c) + ", Isesaki - Gunma"
		}},
		{"spanish", func(r register, c int) string {
			return "Calle " + r.romaji + " " + chomeNumber(c) + ", ciudad de Isesaki, prefectura de Gunma, Japón"
		}},
		{"vietnamese", func(r register, c int) string {
			return chomeNumber(c) + " " + r.romaji + ", thành phố Isesaki, tỉnh Gunma, Nhật Bản"
		}},
		{"tagalog", func(r register, c int) string {
			return chomeNumber(c) + " " + r.romaji + ", lungsod ng Isesaki, prepektura ng Gunma, Hapon"
		}},
	}
}

// withoutSuffix cuts the cho or machi before the comma.
func withoutSuffix(romaji string) string {
	head, rest, compound := strings.Cut(romaji, ",")
	for _, suffix := range []string{"cho", "machi"} {
		if cut, ok := strings.CutSuffix(head, suffix); ok && len(cut) > 1 {
			head = cut
			break
		}
	}
	if compound {
		return head + "," + rest
	}
	return head
}

func chomeNumber(chome int) string {
	if chome > 0 {
		return fmt.Sprintf("%d-410", chome)
	}
	return "410"
}

// rightTown reports whether a candidate is the town or its 丁目.
func rightTown(c gazetteer.Candidate, r register, chome int) bool {
	want := "伊勢崎市" + r.town
	if chome > 0 {
		want += []string{"", "一", "二", "三"}[chome] + "丁目"
	}
	return c.Label.Ja == want
}

func TestEverySpellingOfEveryTown(t *testing.T) {
	c := isesaki(t)
	total, allFirst := 0, 0
	for _, s := range spellings() {
		t.Run(s.class, func(t *testing.T) {
			n, first, verified := 0, 0, 0
			for _, r := range registers(t) {
				for _, chome := range append([]int{0}, r.chomes...) {
					if chome == 0 && len(r.chomes) > 0 || s.class == "gumma" && chome > 0 {
						continue
					}
					q := s.write(r, chome)
					got, err := c.index.Search(gazetteer.Query{Text: q})
					if err != nil {
						t.Fatalf("Search(%q): %v", q, err)
					}
					n++
					at := slices.IndexFunc(got.Candidates, func(c gazetteer.Candidate) bool { return rightTown(c, r, chome) })
					if at == 0 {
						first++
					}
					if at != 0 {
						t.Logf("not first: Search(%q) = %s", q, brief(got))
					}
					if at < 0 || at > 2 {
						t.Errorf("Search(%q) = %s, want %s %d in the first three", q, brief(got), r.town, chome)
					}
					for _, c := range got.Candidates {
						if c.Match == gazetteer.Verified {
							verified++
							if !rightTown(c, r, chome) && !(len(r.chomes) > 0 && rightTown(c, r, 0)) {
								t.Errorf("Search(%q) verified %s, want %s %d", q, c.Label.Ja, r.town, chome)
							}
						}
					}
				}
			}
			if first*100 < n*99 {
				t.Errorf("%d of %d first, want 99 %%", first, n)
			}
			total, allFirst = total+n, allFirst+first
			t.Logf("%d spellings, %d first, %d verified", n, first, verified)
		})
	}
	t.Logf("%d of %d spellings lead to the right town first", allFirst, total)
}

func brief(r gazetteer.Result) string {
	var list []string
	for _, c := range r.Candidates {
		list = append(list, fmt.Sprintf("%s (%v)", c.Label.Ja, c.Match))
	}
	return fmt.Sprintf("%v unread %q %s", list, r.Unread, r.Hint)
}
