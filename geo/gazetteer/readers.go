//go:build !js

package gazetteer

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

func (b *Builder) addPrefecture(r record) error {
	code, err := r.code("lg_code")
	if err != nil {
		return err
	}
	if pref := code / 1000; pref < 1 || pref > 47 || prefectures[pref][0] != r.text("pref") {
		return fmt.Errorf("prefecture %q has another code", r.text("pref"))
	}
	return nil
}

func (b *Builder) addCity(r record, source int) error {
	code, err := r.code("lg_code")
	if err != nil {
		return err
	}
	if r.text("ablt_date") != "" {
		return fmt.Errorf("abolished")
	}
	if !b.ours(code) {
		return errElsewhere
	}
	join := func(suffix, sep string) string {
		parts := make([]string, 0, 3)
		for _, p := range [...]string{"county", "city", "ward"} {
			if s := r.text(p + suffix); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, sep)
	}
	romaji := r.text("city_roma")
	if ward := r.text("ward_roma"); ward != "" {
		romaji = ward + ", " + romaji
	}
	if county := r.text("county_roma"); county != "" {
		romaji += ", " + county
	}
	b.addCityRow(cityRow{code: code, name: join("", ""), kana: katakana(join("_kana", "")), romaji: romaji,
		hasReading: true, source: source})
	return nil
}

func (b *Builder) addCityPosition(r record) error {
	code, err := r.code("lg_code")
	if err != nil {
		return err
	}
	if !b.ours(code) {
		return errElsewhere
	}
	at, ok, err := r.position("rep_lon", "rep_lat")
	if err != nil || !ok {
		return fmt.Errorf("no position")
	}
	b.addCityRow(cityRow{code: code, at: at, hasPoint: true})
	return nil
}

func (r record) machiaza() (muni, id int, err error) {
	muni, err = r.code("lg_code")
	if err != nil {
		return 0, 0, err
	}
	id, err = strconv.Atoi(r.text("machiaza_id"))
	if err != nil || id < 0 || id > 9999999 {
		return 0, 0, fmt.Errorf("%q is no machiaza_id", r.text("machiaza_id"))
	}
	return muni, id, nil
}

func (b *Builder) addTown(r record, source int) error {
	muni, id, err := r.machiaza()
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	if r.text("ablt_date") != "" {
		return fmt.Errorf("abolished")
	}
	oaza, koaza := r.text("oaza_cho"), r.text("koaza")
	if oaza == "" && koaza == "" {
		return fmt.Errorf("no name")
	}
	t := townRow{muni: muni, id: id, name: oaza + koaza, koaza: koaza != "", source: source}
	t.chome, _ = strconv.Atoi(r.text("chome_number"))
	if r.text("chome") != "" && t.chome == 0 {
		t.name = oaza + r.text("chome") + koaza
	}
	kana, koazaKana := strings.TrimPrefix(katakana(r.text("oaza_cho_kana")), "オオアザ"), strings.TrimPrefix(katakana(r.text("koaza_kana")), "アザ")
	if (kana != "" || oaza == "") && (koazaKana != "" || koaza == "") {
		t.kana = kana + koazaKana
	}
	if koaza == "" {
		t.romaji = r.text("oaza_cho_roma")
	}
	for _, s := range strings.FieldsFunc(r.text("post_code"), func(c rune) bool { return c < '0' || c > '9' }) {
		if n, err := strconv.ParseUint(s, 10, 32); err == nil && len(s) == 7 {
			t.postal = append(t.postal, uint32(n))
		}
	}
	b.towns = append(b.towns, t)
	return nil
}

func (b *Builder) addTownPosition(r record) error {
	muni, id, err := r.machiaza()
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	at, ok, err := r.position("rep_lon", "rep_lat")
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("no position")
	}
	if err := b.inside(at); err != nil {
		return err
	}
	b.positions = append(b.positions, posRow{muni, id, at})
	return nil
}

func (b *Builder) addTownPoint(r record, source int) error {
	muni, id, err := r.machiaza()
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	t := townRow{muni: muni, id: id, name: r.text("machiaza"), source: source}
	if t.name == "" {
		return fmt.Errorf("no name")
	}
	if err := b.locateTown(&t, r, "lon", "lat"); err != nil {
		return err
	}
	t.name, t.chome = splitChome(t.name)
	t.koaza = t.chome == 0 && id%1000 != 0
	b.towns = append(b.towns, t)
	b.addCityRow(cityRow{code: muni, name: r.text("city"), source: source})
	return nil
}

// locateTown reads the position of a town and refuses one outside the area.
func (b *Builder) locateTown(t *townRow, r record, lon, lat string) (err error) {
	t.at, t.hasPoint, err = r.position(lon, lat)
	if err == nil && t.hasPoint {
		err = b.inside(t.at)
	}
	return err
}

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

func (b *Builder) addHouse(r record) error {
	muni, id, err := r.machiaza()
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	b.townOfNumber(r, muni, id)
	n := numberRow{muni: muni, id: id, kind: numbersHouse}
	lon, lat := "rep_lon", "rep_lat"
	if code := r.text("blk_rsdt_code"); code != "" {
		lon, lat = "lon", "lat"
		n.number = joinNumber(strings.TrimLeft(code[:min(3, len(code))], "0"), r.text("jukyo"))
	} else if _, ok := r.columns["blk_num"]; ok {
		n.number = joinNumber(r.text("blk_num"), r.text("rsdt_num"), r.text("rsdt_num2"))
	}
	n.prc = identity(r.text("blk_id"), r.text("rsdt_id"), r.text("rsdt2_id"))
	if err := b.locateNumber(&n, r, lon, lat); err != nil {
		return err
	}
	return b.keepNumber(n)
}

// townOfNumber notes the town that a file of numbers names beside its id, once.
func (b *Builder) townOfNumber(r record, muni, id int) {
	name := r.text("oaza_cho") + r.text("chome") + r.text("koaza")
	if name == "" || b.numbered[[2]int{muni, id}] {
		return
	}
	if b.numbered == nil {
		b.numbered = make(map[[2]int]bool)
	}
	b.numbered[[2]int{muni, id}] = true
	t := townRow{muni: muni, id: id, name: r.text("oaza_cho") + r.text("koaza"), koaza: r.text("koaza") != "", source: -1}
	if _, t.chome = splitChome("X" + r.text("chome")); t.chome == 0 {
		t.name = name
	}
	b.towns = append(b.towns, t)
	b.addCityRow(cityRow{code: muni, name: r.text("city") + r.text("ward"), source: -1})
}

func (b *Builder) addParcel(r record) error {
	muni, id, err := r.machiaza()
	if err != nil {
		return err
	}
	if !b.ours(muni) {
		return errElsewhere
	}
	b.townOfNumber(r, muni, id)
	n := numberRow{muni: muni, id: id, kind: numbersParcel, prc: identity(r.text("prc_id"))}
	n.number = joinNumber(r.text("prc_num1"), r.text("prc_num2"), r.text("prc_num3"))
	if err := b.locateNumber(&n, r, "rep_lon", "rep_lat"); err != nil {
		return err
	}
	return b.keepNumber(n)
}

func (b *Builder) locateNumber(n *numberRow, r record, lon, lat string) (err error) {
	n.at, n.hasPoint, err = r.position(lon, lat)
	if err == nil && n.hasPoint {
		err = b.inside(n.at)
	}
	return err
}

func (b *Builder) keepNumber(n numberRow) error {
	if n.number == "" && (n.prc == 0 || !n.hasPoint) {
		return fmt.Errorf("no number")
	}
	b.numbers = append(b.numbers, n)
	return nil
}

// joinNumber writes the parts of a number as 410-2.
func joinNumber(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return canonicalNumber([]rune(katakana(strings.Join(kept, "-"))))
}

// identity hashes the ids by which positions are joined to numbers.
func identity(parts ...string) uint64 {
	h := uint64(14695981039346656037)
	any := false
	for _, p := range parts {
		any = any || p != ""
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	if !any {
		return 0
	}
	return h
}

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

// The columns that hold a town in published polygons, the census first.
var (
	townColumns   = []string{"S_NAME", "町丁目名", "町丁名", "町名", "MOJI", "machiaza", "oaza_cho", "town", "name"}
	codeColumns   = []string{"lg_code", "code", "市区町村コード", "行政区域コード", "N03_007"}
	kanaColumns   = []string{"kana", "町丁目名カナ", "oaza_cho_kana", "town_kana"}
	romajiColumns = []string{"romaji", "oaza_cho_roma", "town_romaji"}
	postalColumns = []string{"postal_code", "post_code", "郵便番号"}
)

func firstText(a geo.Attributes, names []string) string {
	for _, n := range names {
		if s := a.Code(n); s != "" {
			return s
		}
	}
	return ""
}

// NamesTowns reports whether a file of polygons with these columns is a map of
// towns rather than of municipalities or zones.
func NamesTowns(a geo.Attributes) bool {
	return firstText(a, townColumns[:len(townColumns)-1]) != ""
}

// AddAreas reads polygons of towns from a file of any format: each record
// names its town in one of the usual columns.
func (b *Builder) AddAreas(name string, src Source, features geo.Features) (Count, error) {
	var count Count
	n, err := b.source(src)
	if err != nil {
		return count, fmt.Errorf("%s: %w", name, err)
	}
	for f, err := range features {
		count.Read++
		if err != nil {
			if re, ok := err.(*geo.RecordError); ok {
				count.refuse(re.Err.Error())
				continue
			}
			return count, fmt.Errorf("%s: %w", name, err)
		}
		switch err := b.addShape(f, n); err {
		case nil:
			count.Kept++
		case errElsewhere:
			count.Elsewhere++
		default:
			count.refuse(err.Error())
		}
	}
	return count, nil
}

func (b *Builder) addShape(f geo.Feature, source int) error {
	var shape orb.MultiPolygon
	switch g := f.Geometry.(type) {
	case orb.Polygon:
		shape = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		shape = g
	default:
		return fmt.Errorf("no polygon")
	}
	t := townRow{id: -1, name: firstText(f.Attr, townColumns), source: source,
		kana: katakana(firstText(f.Attr, kanaColumns)), romaji: firstText(f.Attr, romajiColumns)}
	if t.name == "" {
		return fmt.Errorf("no name")
	}
	code := firstText(f.Attr, codeColumns)
	if code == "" && len(f.Attr.Code("KEY_CODE")) >= 5 { // census small areas
		code = f.Attr.Code("KEY_CODE")[:5]
	}
	if code != "" {
		muni, err := parseCode(code)
		if err != nil {
			return err
		}
		if t.muni = muni; !b.ours(muni) {
			return errElsewhere
		}
	} else if t.muni = b.code; b.code < 1000 && b.code > 0 {
		return fmt.Errorf("no municipality code")
	}
	if t.name, t.chome = splitChome(t.name); t.chome == 0 {
		t.chome, _ = f.Attr.Int("chome")
	}
	if n, err := strconv.ParseUint(strings.ReplaceAll(firstText(f.Attr, postalColumns), "-", ""), 10, 32); err == nil && n > 0 {
		t.postal = []uint32{uint32(n)}
	}
	b.shapes = append(b.shapes, shapeRow{t, shape})
	return nil
}
