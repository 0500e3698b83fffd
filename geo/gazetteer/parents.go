//go:build !js

package gazetteer

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// parents finds the town of every 丁目 and makes those that no register has by
// themselves.
func (j *joined) parents() {
	for _, m := range j.munis {
		for _, t := range slices.Clone(m.towns) {
			if t.level != LevelChome {
				continue
			}
			t.parent = m.parentOf(t)
			t.parent.sources |= t.sources
			if t.parent.kana == "" {
				t.parent.kana = t.kana
			}
			if t.parent.romaji == "" {
				t.parent.romaji = t.romaji
			}
			t.parent.postal = append(t.parent.postal, t.postal...)
		}
	}
}

func (m *muniEntry) parentOf(t *townEntry) *townEntry {
	var other *townEntry
	for _, p := range m.byKey[t.key] {
		switch {
		case t.oaza() >= 0 && p.oaza() == t.oaza():
			return p
		case p.level == LevelTown && (t.oaza() < 0 || p.oaza() < 0):
			other = p
		}
	}
	if other != nil {
		return other
	}
	if t.oaza() > 0 && m.byID[t.oaza()*1000] == nil {
		p := &townEntry{muni: m, level: LevelTown, id: t.oaza() * 1000, flags: placeGenerated | placeUnregistered, name: t.name, key: t.key}
		m.byID[p.id] = p
		m.towns = append(m.towns, p)
		m.file(p)
		return p
	}
	if p := m.named(t.key, 0); p != nil {
		return p
	}
	p := m.add(t.name, 0, LevelTown)
	p.flags |= placeUnregistered
	return p
}

func (j *joined) positions() {
	slices.SortStableFunc(j.b.positions, func(a, b posRow) int {
		return cmp.Or(cmp.Compare(a.muni, b.muni), cmp.Compare(a.id, b.id), cmp.Compare(a.at.Lon, b.at.Lon), cmp.Compare(a.at.Lat, b.at.Lat))
	})
	for i, p := range j.b.positions {
		if i > 0 && j.b.positions[i-1].muni == p.muni && j.b.positions[i-1].id == p.id {
			continue
		}
		var t *townEntry
		if m := j.byCode[p.muni]; m != nil {
			t = m.byID[p.id]
		}
		if t == nil {
			j.dropped["position of an unknown town"]++
			continue
		}
		t.at, t.hasPoint = p.at, true
	}
}

// shapes gives the polygons to their towns.
func (j *joined) shapes() {
	rows := slices.Clone(j.b.shapes)
	for _, s := range rows {
		if m := j.muniOf(s.town.muni, s.town.city); m != nil {
			if t := m.named(kanjiKey(s.town.name), s.town.chome); t != nil {
				t.shape = append(t.shape, s.shape...)
			}
		}
	}
	for _, m := range j.munis {
		for _, t := range m.towns {
			sortPolygons(t.shape)
		}
	}
}

// sortPolygons makes the order of polygons independent of the order of files.
func sortPolygons(mp orb.MultiPolygon) {
	slices.SortFunc(mp, func(a, b orb.Polygon) int {
		x, y := a.Bound(), b.Bound()
		return cmp.Or(cmp.Compare(x.Min[0], y.Min[0]), cmp.Compare(x.Min[1], y.Min[1]), cmp.Compare(x.Max[0], y.Max[0]),
			cmp.Compare(x.Max[1], y.Max[1]), cmp.Compare(len(a), len(b)))
	})
}
