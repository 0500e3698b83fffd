//go:build !js

package gazetteer

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// joined is the register that the files make together.
type joined struct {
	b       *Builder
	sources []Source // sorted, without repeats
	order   []int    // of b.sources in sources
	munis   []*muniEntry
	byCode  map[int]*muniEntry
	byName  map[string]*muniEntry // with the prefecture
	dropped map[string]int
}

type muniEntry struct {
	code               int
	name, kana, romaji string
	towns              []*townEntry
	byID               map[int]*townEntry
	byKey              map[string][]*townEntry // towns and 小字 by folded name
	chomes             map[chomeKey]*townEntry
	self               *townEntry
}

type chomeKey struct {
	town  string // folded
	oaza  int    // machiaza_id without its last three digits, -1 if unknown
	chome int
}

// townEntry is one place.
type townEntry struct {
	muni         *muniEntry
	level        Level
	id           int // machiaza_id, postal code, or hash
	flags        uint8
	facility     string // id of a facility
	name, key    string
	kana, romaji string
	others       []string // further readings, as sounds
	head         string   // key of the compound head: 境 of 境東新井
	chome        int
	parent       *townEntry
	members      []*townEntry // towns of a postal area
	at           geo.Point
	hasPoint     bool
	sources      uint32
	postal       []uint32
	shape        orb.MultiPolygon
	approximate  bool
	numbers      [numbersParcel + 1][]numberRow
	number       uint32 // in the index
}

func (t *townEntry) cite(source int) {
	if source >= 0 {
		t.sources |= 1 << source
	}
}

// join brings the rows together: municipalities, towns by id, then by name,
// then what hangs on towns.
func (b *Builder) join(ctx context.Context) (*joined, error) {
	j := &joined{b: b, byCode: make(map[int]*muniEntry), byName: make(map[string]*muniEntry), dropped: make(map[string]int)}
	j.sortSources()
	j.municipalities()
	j.townsByID()
	j.townsByName()
	j.parents()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j.positions()
	j.shapes()
	j.readings()
	j.offices()
	j.facilities()
	j.numbers()
	j.postalAreas()
	return j, ctx.Err()
}

// sortSources makes the numbers of sources independent of the order of files.
func (j *joined) sortSources() {
	j.sources = slices.Clone(j.b.sources)
	for _, f := range j.b.opts.Facilities {
		j.sources = append(j.sources, f.Source)
	}
	slices.SortFunc(j.sources, func(a, b Source) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Date, b.Date)) })
	j.sources = slices.Compact(j.sources)
	j.order = make([]int, len(j.b.sources))
	for i, s := range j.b.sources {
		j.order[i] = slices.Index(j.sources, s)
	}
}

func (j *joined) sourceNumber(source int) int {
	if source < 0 {
		return -1
	}
	return j.order[source]
}

// municipalities collects the names of each code; of several spellings the
// longest is the most complete.
func (j *joined) municipalities() {
	longer := func(a, b string) string {
		if len(b) > len(a) || len(b) == len(a) && b < a {
			return b
		}
		return a
	}
	entry := func(code int) *muniEntry {
		m := j.byCode[code]
		if m == nil {
			m = &muniEntry{code: code, byID: make(map[int]*townEntry), byKey: make(map[string][]*townEntry), chomes: make(map[chomeKey]*townEntry)}
			m.self = &townEntry{muni: m, level: LevelCity}
			j.byCode[code] = m
			j.munis = append(j.munis, m)
		}
		return m
	}
	if j.b.opts.Name != "" {
		m := entry(j.b.code)
		m.name, m.kana, m.romaji = j.b.opts.Name, katakana(j.b.opts.Kana), j.b.opts.Romaji
	}
	add := func(m *muniEntry, c cityRow) {
		m.name, m.kana, m.romaji = longer(m.name, c.name), longer(m.kana, c.kana), longer(m.romaji, c.romaji)
		m.self.cite(j.sourceNumber(c.source))
		if c.hasPoint && !m.self.hasPoint {
			m.self.at, m.self.hasPoint = c.at, true
		}
	}
	for _, c := range j.b.cities {
		if c.code > 0 {
			if c.hasPoint {
				c.source = -1
			}
			add(entry(c.code), c)
		}
	}
	for _, t := range j.b.towns {
		if t.muni > 0 {
			entry(t.muni)
		}
	}
	for _, s := range j.b.shapes {
		entry(s.town.muni)
	}
	slices.SortFunc(j.munis, func(a, b *muniEntry) int { return cmp.Compare(a.code, b.code) })
	for _, m := range j.munis {
		j.byName[j.fullName(m)] = m
	}
	for _, c := range j.b.cities {
		if m := j.byName[c.name]; c.code == 0 && m != nil {
			c.name = ""
			add(m, c)
		}
	}
}

func (j *joined) fullName(m *muniEntry) string {
	if pref := m.code / 1000; pref > 0 && pref < len(prefectures) {
		return prefectures[pref][0] + m.name
	}
	return m.name
}

// muniOf finds a municipality by code, else by name, else takes the only one
// there is.
func (j *joined) muniOf(code int, city string) *muniEntry {
	if code > 0 {
		return j.byCode[code]
	}
	if m := j.byName[city]; m != nil {
		return m
	}
	var found *muniEntry
	for _, m := range j.munis {
		if m.name == city {
			if found != nil {
				return nil // 府中市 is in two prefectures
			}
			found = m
		}
	}
	if found == nil && len(j.munis) == 1 {
		if pref := j.b.prefecture(); pref > 0 && strings.HasPrefix(city, prefectures[pref][0]) {
			return nil // names another municipality of the prefecture
		}
		return j.munis[0]
	}
	return found
}

// townsByID makes a place of every machiaza_id.
func (j *joined) townsByID() {
	rows := slices.Clone(j.b.towns)
	slices.SortStableFunc(rows, func(a, b townRow) int {
		return cmp.Or(cmp.Compare(a.muni, b.muni), cmp.Compare(a.id, b.id),
			-cmp.Compare(len(a.kana), len(b.kana)), cmp.Compare(a.name, b.name), cmp.Compare(a.chome, b.chome),
			cmp.Compare(j.sourceNumber(a.source), j.sourceNumber(b.source)))
	})
	for _, r := range rows {
		if r.id < 0 {
			continue
		}
		m := j.byCode[r.muni]
		t := m.byID[r.id]
		if t == nil {
			t = &townEntry{muni: m, id: r.id, name: r.name, key: kanjiKey(r.name), chome: r.chome, level: r.level()}
			m.byID[r.id] = t
			m.towns = append(m.towns, t)
			m.file(t)
		}
		j.fill(t, r)
	}
}

func (r townRow) level() Level {
	switch {
	case r.chome > 0:
		return LevelChome
	case r.koaza:
		return LevelKoaza
	}
	return LevelTown
}

// file enters a place in the tables of its municipality.
func (m *muniEntry) file(t *townEntry) {
	if t.chome == 0 {
		m.byKey[t.key] = append(m.byKey[t.key], t)
		return
	}
	for _, oaza := range [...]int{t.oaza(), -1} {
		k := chomeKey{t.key, oaza, t.chome}
		if m.chomes[k] == nil {
			m.chomes[k] = t
		}
	}
}

func (t *townEntry) oaza() int {
	if t.flags&placeHashID != 0 {
		return -1
	}
	return t.id / 1000
}

// fill adds to a place what a row knows of it.
func (j *joined) fill(t *townEntry, r townRow) {
	t.cite(j.sourceNumber(r.source))
	if t.kana == "" {
		t.kana = r.kana
	} else if r.kana != "" && r.kana != t.kana {
		t.others = append(t.others, kanaSound(r.kana, strings.HasSuffix(t.name, "町")))
	}
	if t.romaji == "" {
		t.romaji = r.romaji
	}
	if r.hasPoint && !t.hasPoint {
		t.at, t.hasPoint = r.at, true
	}
	t.postal = append(t.postal, r.postal...)
}

// townsByName joins the rows without an id, and keeps a place that only one
// source knows.
func (j *joined) townsByName() {
	rows := slices.Clone(j.b.towns)
	for _, s := range j.b.shapes {
		rows = append(rows, s.town)
	}
	slices.SortStableFunc(rows, func(a, b townRow) int {
		return cmp.Or(cmp.Compare(a.muni, b.muni), cmp.Compare(a.city, b.city), cmp.Compare(a.name, b.name), cmp.Compare(a.chome, b.chome),
			cmp.Compare(j.sourceNumber(a.source), j.sourceNumber(b.source)), cmp.Compare(a.at.Lon, b.at.Lon), cmp.Compare(a.at.Lat, b.at.Lat))
	})
	for _, r := range rows {
		if r.id >= 0 {
			continue
		}
		m := j.muniOf(r.muni, r.city)
		if m == nil {
			j.dropped["town of an unknown municipality"]++
			continue
		}
		t := m.named(kanjiKey(r.name), r.chome)
		if t == nil {
			t = m.add(r.name, r.chome, r.level())
		}
		j.fill(t, r)
	}
}

// named finds a place by its folded name; a town goes before a 小字.
func (m *muniEntry) named(key string, chome int) *townEntry {
	if chome > 0 {
		return m.chomes[chomeKey{key, -1, chome}]
	}
	var best *townEntry
	for _, t := range m.byKey[key] {
		if best == nil || t.level < best.level || t.level == best.level && t.id < best.id {
			best = t
		}
	}
	return best
}

// add makes a place that no register with ids has.
func (m *muniEntry) add(name string, chome int, level Level) *townEntry {
	h := fnv.New32a()
	h.Write([]byte(name))
	h.Write([]byte{0, byte(chome), byte(chome >> 8)})
	t := &townEntry{muni: m, id: int(h.Sum32()), flags: placeHashID, name: name, key: kanjiKey(name), chome: chome, level: level}
	m.towns = append(m.towns, t)
	m.file(t)
	return t
}
