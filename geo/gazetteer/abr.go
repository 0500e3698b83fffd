//go:build !js

package gazetteer

import (
	"fmt"
	"strconv"
	"strings"
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
