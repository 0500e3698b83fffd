//go:build !js

package gazetteer

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

func (b *Builder) addISJTown(r record, source int) error {
	muni, err := r.code("市区町村コード")
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	t := townRow{muni: muni, id: -1, name: r.text("大字町丁目名"), source: source}
	if err := b.locateTown(&t, r, "経度", "緯度"); err != nil {
		return err
	}
	t.name, t.chome = splitChome(t.name)
	t.koaza = r.text("大字・字・丁目区分コード") == "2"
	b.towns = append(b.towns, t)
	b.addCityRow(cityRow{code: muni, name: r.text("市区町村名"), source: source})
	return nil
}

func (b *Builder) addISJBlock(r record, _ int) error {
	at, ok, err := r.position("経度", "緯度")
	if err != nil {
		return err
	}
	number := canonicalNumber([]rune(katakana(r.text("街区符号・地番"))))
	if !ok || number == "" {
		return fmt.Errorf("no position or number")
	}
	if err := b.inside(at); err != nil {
		return errElsewhere // files hold a whole prefecture and have no code
	}
	town := r.text("大字・丁目名") + r.text("小字・通称名")
	n := numberRow{id: -1, town: town, city: r.text("市区町村名"), kind: numbersParcel, number: number, at: at, hasPoint: true}
	if r.text("住居表示フラグ") == "1" {
		n.kind = numbersHouse
	}
	b.numbers = append(b.numbers, n)
	return nil
}

func (b *Builder) addGeolonia(r record, source int) error {
	muni, err := r.code("市区町村コード")
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	t := townRow{muni: muni, id: -1, name: r.text("大字町丁目名"), source: source}
	if t.name == "" {
		return fmt.Errorf("no name")
	}
	if err := b.locateTown(&t, r, "経度", "緯度"); err != nil {
		return err
	}
	t.name, t.chome = splitChome(t.name)
	t.kana, t.romaji = katakana(r.text("大字町丁目名カナ")), r.text("大字町丁目名ローマ字")
	if t.chome > 0 { // "イイダバシ 1"
		t.kana, _, _ = strings.Cut(t.kana, " ")
		t.romaji, _, _ = strings.Cut(t.romaji, " ")
	}
	t.romaji = capitalised(t.romaji)
	if koaza := r.text("小字・通称名"); koaza != "" {
		t.name, t.koaza, t.kana, t.romaji = t.name+koaza, true, "", ""
	}
	b.towns = append(b.towns, t)
	b.addCityRow(cityRow{code: muni, name: r.text("市区町村名"), kana: katakana(r.text("市区町村名カナ")),
		romaji: romajiCity(r.text("市区町村名ローマ字")), hasReading: true, source: source})
	return nil
}

// capitalised writes "HIGASHIARAI" as "Higashiarai".
func capitalised(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

// romajiCity writes "SAWA GUN TAMAMURA MACHI" as "Tamamura-machi, Sawa-gun".
func romajiCity(s string) string {
	words := strings.Fields(capitalised(s))
	var names []string
	for i := 0; i+1 < len(words); i += 2 {
		names = append([]string{words[i] + "-" + strings.ToLower(words[i+1])}, names...)
	}
	if len(words)%2 == 1 {
		names = append([]string{words[len(words)-1]}, names...)
	}
	return strings.Join(names, ", ")
}

// addGeoloniaJSON reads api/ja/群馬県/伊勢崎市.json. The file does not name its
// municipality; the name of the file may.
func (b *Builder) addGeoloniaJSON(name string, source int, r io.Reader, count *Count) error {
	decoded, _, err := charset.Decode(r)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var rows []struct {
		Town, Koaza string
		Lat, Lng    *float64
	}
	if err := json.NewDecoder(decoded).Decode(&rows); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	city := strings.TrimSuffix(path.Base(strings.ReplaceAll(name, "\\", "/")), ".json")
	if b.namesAnother(city) {
		count.Read, count.Elsewhere = count.Read+len(rows), count.Elsewhere+len(rows)
		return nil
	}
	for _, row := range rows {
		count.Read++
		t := townRow{id: -1, name: row.Town, city: city, source: source}
		if row.Town == "" {
			count.refuse("no name")
			continue
		}
		if row.Lat != nil && row.Lng != nil {
			t.at, t.hasPoint = geo.Point{Lon: *row.Lng, Lat: *row.Lat}, true
			if err := b.inside(t.at); err != nil {
				count.refuse(err.Error())
				continue
			}
		}
		t.name, t.chome = splitChome(t.name)
		if row.Koaza != "" {
			t.name, t.koaza, t.chome = row.Town+row.Koaza, true, 0
		}
		b.towns = append(b.towns, t)
		count.Kept++
	}
	return nil
}

// namesAnother reports whether a name is that of a municipality other than the
// one of the index. 郡 may be left out of either.
func (b *Builder) namesAnother(city string) bool {
	last, _ := utf8.DecodeLastRuneInString(city)
	if b.code < 100 || b.opts.Name == "" || !strings.ContainsRune("市町村区", last) {
		return false
	}
	return !strings.HasSuffix(city, b.opts.Name) && !strings.HasSuffix(b.opts.Name, city)
}
