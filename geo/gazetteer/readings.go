//go:build !js

package gazetteer

import (
	"cmp"
	"slices"
	"strings"
)

// readings joins the readings and postal codes of the post office.
func (j *joined) readings() {
	slices.SortStableFunc(j.b.readings, func(a, b readingRow) int {
		return cmp.Or(cmp.Compare(a.postal, b.postal), cmp.Compare(a.name, b.name), cmp.Compare(a.kana, b.kana),
			cmp.Compare(a.romaji, b.romaji), cmp.Compare(a.city, b.city), cmp.Compare(a.muni, b.muni), cmp.Compare(j.sourceNumber(a.source), j.sourceNumber(b.source)))
	})
	for _, r := range j.b.readings {
		m := j.muniOf(r.muni, r.city)
		if m == nil {
			j.dropped["reading of an unknown municipality"]++
			continue
		}
		if r.name == "" {
			m.self.postal = append(m.self.postal, r.postal)
			m.self.cite(j.sourceNumber(r.source))
			continue
		}
		if strings.ContainsAny(r.name, "、～") {
			j.dropped["postal row that names several towns"]++
			continue
		}
		name, chome := splitChome(r.name)
		key := kanjiKey(name)
		t := m.named(key, chome)
		if t == nil && chome > 0 {
			t = m.named(key, 0)
		}
		if t == nil && r.kana == "" {
			j.dropped["reading of an unknown town"]++
			continue
		}
		if t == nil {
			t = m.add(name, 0, LevelTown)
		}
		j.read(t, r)
	}
}

// read gives a reading to a place.
func (j *joined) read(t *townEntry, r readingRow) {
	town := strings.HasSuffix(t.name, "町")
	t.cite(j.sourceNumber(r.source))
	t.postal = append(t.postal, r.postal)
	if r.kana != "" {
		if t.kana == "" {
			t.kana = r.kana
		} else if t.kana != r.kana {
			t.others = append(t.others, kanaSound(r.kana, town))
		}
	}
	if r.romaji != "" {
		if t.romaji == "" || strings.Contains(r.romaji, ",") && !strings.Contains(t.romaji, ",") {
			t.romaji = r.romaji
		} else if t.romaji != r.romaji {
			t.others = append(t.others, latinSound(forward(r.romaji), town))
		}
	}
	if len(r.parts) == 2 {
		t.head = kanjiKey(r.parts[0])
	}
}

// forward puts the parts of "Higashiarai, Sakai" in the order of the kanji.
func forward(romaji string) string {
	parts := strings.Split(romaji, ",")
	slices.Reverse(parts)
	return strings.Join(parts, " ")
}
