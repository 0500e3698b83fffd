//go:build !js

package gazetteer

import (
	"fmt"
	"strconv"
	"strings"
)

// postalReader reads KEN_ALL, in which a long name goes on over several rows.
func (b *Builder) postalReader(source int) func(record) error {
	open, last := false, uint64(0)
	return func(r record) error {
		if len(r.cells) < 15 {
			return fmt.Errorf("%d columns, want 15", len(r.cells))
		}
		code, err := parseCode(r.cells[0])
		if err != nil {
			return err
		}
		if !b.ours(code) {
			return errElsewhere
		}
		postal, err := strconv.ParseUint(r.cells[2], 10, 32)
		if err != nil {
			return fmt.Errorf("%q is no postal code", r.cells[2])
		}
		name, kana := r.cells[8], katakana(r.cells[5])
		continued := open && last == postal
		open, last = (open && continued || strings.Contains(name, "（")) && !strings.Contains(name, "）"), postal
		b.addCityRow(cityRow{code: code, name: r.cells[7], kana: katakana(r.cells[4]), hasReading: true, source: source})
		if continued {
			return errRepaired
		}
		name, _, _ = strings.Cut(name, "（")
		kana, _, _ = strings.Cut(kana, "(")
		if strings.Contains(name, "以下に掲載がない場合") || strings.Contains(name, "次に番地がくる場合") {
			name, kana = "", ""
		}
		if strings.HasSuffix(name, "一円") && name != "一円" {
			name, kana = "", ""
		}
		b.readings = append(b.readings, readingRow{muni: code, postal: uint32(postal), name: name, kana: kana, source: source})
		return nil
	}
}

func (b *Builder) addPostalRomaji(r record, source int) error {
	if len(r.cells) < 7 {
		return fmt.Errorf("%d columns, want 7", len(r.cells))
	}
	postal, err := strconv.ParseUint(r.cells[0], 10, 32)
	if err != nil {
		return fmt.Errorf("%q is no postal code", r.cells[0])
	}
	if pref := b.prefecture(); pref > 0 && prefectures[pref][0] != r.cells[1] {
		return errElsewhere
	}
	name, _, _ := strings.Cut(r.cells[3], "（")
	parts := strings.FieldsFunc(name, func(c rune) bool { return c == '　' || c == ' ' })
	row := readingRow{postal: uint32(postal), city: r.cells[1] + strings.Join(strings.Fields(strings.ReplaceAll(r.cells[2], "　", " ")), ""),
		name: strings.Join(parts, ""), parts: parts, source: source}
	romaji, _, _ := strings.Cut(r.cells[6], "(")
	if row.romaji = capitalised(romaji); len(romaji) >= 35 || strings.Contains(row.name, "以下に掲載がない場合") {
		return nil // cut off, or no town
	}
	if len(parts) == 2 { // written head first here, in reverse everywhere else
		if words := strings.Fields(row.romaji); len(words) == 2 {
			row.romaji = words[1] + ", " + words[0]
		}
	}
	b.readings = append(b.readings, row)
	return nil
}

func (b *Builder) addPostalReading(r record, source int) error {
	postal, err := strconv.ParseUint(r.text("postal_code"), 10, 32)
	if err != nil || len(r.text("postal_code")) != 7 {
		return fmt.Errorf("%q is no postal code", r.text("postal_code"))
	}
	city := r.text("pref") + r.text("city")
	if office := r.text("office"); office != "" {
		b.offices = append(b.offices, officeRow{city: city, postal: uint32(postal), name: office, town: r.text("town"), source: source})
		return nil
	}
	b.readings = append(b.readings, readingRow{city: city, postal: uint32(postal), name: r.text("town"), kana: katakana(r.text("town_kana")),
		romaji: r.text("town_romaji"), source: source})
	if kana := katakana(r.text("city_kana")); kana != "" {
		b.addCityRow(cityRow{name: city, kana: kana, romaji: r.text("city_romaji"), hasReading: true, source: source})
	}
	return nil
}
