//go:build !js

package gazetteer

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"hazardmap/geo"
)

// offices makes places of the large offices, which have postal codes of their
// own and stand in a town.
func (j *joined) offices() {
	rows := slices.Clone(j.b.offices)
	slices.SortFunc(rows, func(a, b officeRow) int {
		return cmp.Or(cmp.Compare(a.postal, b.postal), cmp.Compare(a.name, b.name))
	})
	for i, r := range rows {
		if i > 0 && rows[i-1].postal == r.postal {
			continue
		}
		m := j.muniOf(r.muni, r.city)
		if m == nil {
			j.dropped["office of an unknown municipality"]++
			continue
		}
		t := &townEntry{muni: m, level: LevelOffice, id: int(r.postal), name: r.name, key: kanjiKey(r.name), parent: m.self,
			flags: placePostal, postal: []uint32{r.postal}}
		t.cite(j.sourceNumber(r.source))
		if town := m.nearlyNamed(kanjiKey(r.town)); town != nil {
			t.parent = town
		}
		m.towns = append(m.towns, t)
	}
}

// nearlyNamed finds a town by name, or the only one that differs in a
// confusable character: the office record 堺東新井 means 境東新井.
func (m *muniEntry) nearlyNamed(key string) *townEntry {
	if t := m.named(key, 0); t != nil {
		return t
	}
	var found *townEntry
	for _, t := range m.towns {
		if t.level == LevelTown && kanjiDistance([]byte(t.key), []byte(key)) == 1 {
			if found != nil {
				return nil
			}
			found = t
		}
	}
	return found
}

// facilities gives each facility to the municipality of the nearest town.
func (j *joined) facilities() {
	list := slices.Clone(j.b.opts.Facilities)
	slices.SortFunc(list, func(a, b Facility) int { return cmp.Compare(a.ID, b.ID) })
	for _, f := range list {
		m := j.nearestMuni(f.Position)
		if m == nil || f.Name == "" {
			j.dropped["facility without a name or municipality"]++
			continue
		}
		t := &townEntry{muni: m, level: LevelFacility, facility: f.ID, name: f.Name, key: kanjiKey(f.Name), kana: katakana(f.Kana),
			romaji: f.English, parent: m.self, at: f.Position, hasPoint: true}
		t.cite(slices.Index(j.sources, f.Source))
		m.towns = append(m.towns, t)
	}
}

func (j *joined) nearestMuni(p geo.Point) *muniEntry {
	if len(j.munis) == 1 {
		return j.munis[0]
	}
	var best *muniEntry
	nearest := math.Inf(1)
	for _, m := range j.munis {
		for _, t := range m.towns {
			if t.hasPoint && t.level <= LevelKoaza {
				dx, dy := (t.at.Lon-p.Lon)*0.81, t.at.Lat-p.Lat
				if d := dx*dx + dy*dy; d < nearest {
					nearest, best = d, m
				}
			}
		}
	}
	return best
}

// numbers gives houses and lots to their towns and joins positions, which lie
// in files of their own.
func (j *joined) numbers() {
	rows := j.b.numbers
	slices.SortStableFunc(rows, func(a, b numberRow) int {
		return cmp.Or(cmp.Compare(a.muni, b.muni), cmp.Compare(a.id, b.id), cmp.Compare(a.city, b.city), cmp.Compare(a.town, b.town),
			cmp.Compare(a.kind, b.kind), cmp.Compare(a.prc, b.prc), -cmp.Compare(a.number, b.number),
			cmp.Compare(a.at.Lon, b.at.Lon), cmp.Compare(a.at.Lat, b.at.Lat))
	})
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		if r.prc != 0 {
			for i+1 < len(rows) && rows[i+1].prc == r.prc && rows[i+1].id == r.id && rows[i+1].muni == r.muni && rows[i+1].kind == r.kind {
				i++
				if rows[i].hasPoint && !r.hasPoint {
					r.at, r.hasPoint = rows[i].at, true
				}
			}
		}
		t := j.townOfNumber(r)
		switch {
		case t == nil:
			j.dropped["number of an unknown town"]++
		case r.number == "":
			j.dropped["position of an unknown number"]++
		default:
			t.numbers[r.kind] = append(t.numbers[r.kind], r)
		}
	}
}

func (j *joined) townOfNumber(r numberRow) *townEntry {
	m := j.muniOf(r.muni, r.city)
	if m == nil {
		return nil
	}
	if r.id >= 0 {
		return m.byID[r.id]
	}
	name, chome := splitChome(r.town)
	return m.named(kanjiKey(name), chome)
}

// postalAreas makes a place of every postal code that holds several towns.
func (j *joined) postalAreas() {
	for _, m := range j.munis {
		byCode := make(map[uint32][]*townEntry)
		for _, t := range m.towns {
			slices.Sort(t.postal)
			t.postal = slices.Compact(t.postal)
			if len(t.postal) > 0 {
				t.flags |= placePostal
			}
			if t.level == LevelTown || t.level == LevelKoaza {
				for _, code := range t.postal {
					byCode[code] = append(byCode[code], t)
				}
			}
		}
		slices.Sort(m.self.postal)
		m.self.postal = slices.Compact(m.self.postal)
		var codes []uint32
		for code, towns := range byCode {
			if len(towns) > 1 {
				codes = append(codes, code)
			}
		}
		slices.Sort(codes)
		for _, code := range codes {
			t := &townEntry{muni: m, level: LevelPostal, id: int(code), parent: m.self, postal: []uint32{code}, flags: placePostal}
			s := pad(int(code), 7)
			t.name = "〒" + s[:3] + "-" + s[3:]
			t.members = byCode[code]
			for _, town := range t.members {
				t.sources |= town.sources
			}
			m.towns = append(m.towns, t)
		}
	}
}

// readable reports whether a place has keys of its own.
func (t *townEntry) readable() bool {
	return t.key != "" && (t.level == LevelTown || t.level == LevelKoaza || t.whole())
}

func (t *townEntry) whole() bool { return t.level == LevelFacility || t.level == LevelOffice }

// stripped returns the names under which a facility is also known: without the
// municipality's name and 市立.
func (t *townEntry) stripped() []string {
	var list []string
	for _, head := range [...]string{t.muni.name + "立", t.muni.name, "市立", "町立", "村立", "区立", "株式会社", "有限会社"} {
		if rest, ok := strings.CutPrefix(t.name, head); ok && len([]rune(rest)) > 1 {
			list = append(list, strings.TrimLeft(rest, " 　"))
		}
	}
	return list
}
