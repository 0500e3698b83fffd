//go:build !js

package gazetteer

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"

	"hazardmap/geo"
)

// encoder writes places.idx.
type encoder struct {
	j       *joined
	sec     [sectionCount][]byte
	strings map[string]uint32
	places  []*townEntry
	munis   []muni
	sets    map[uint32]uint16
	areas   []Area
}

type keyRow struct {
	name  string
	place uint32
	flags uint8
}

func (e *encoder) u32(sec int, values ...uint32) {
	for _, v := range values {
		e.sec[sec] = binary.LittleEndian.AppendUint32(e.sec[sec], v)
	}
}

// str returns the offset of a string, the same for the same string. Offset 0
// is the empty string.
func (e *encoder) str(s string) uint32 {
	if off, ok := e.strings[s]; ok {
		return off
	}
	off := uint32(len(e.sec[secStrings]))
	e.sec[secStrings] = append(binary.AppendUvarint(e.sec[secStrings], uint64(len(s))), s...)
	e.strings[s] = off
	return off
}

func (j *joined) encode(ctx context.Context) (*Built, error) {
	e := &encoder{j: j, strings: make(map[string]uint32), sets: make(map[uint32]uint16)}
	e.str("")
	e.number()
	if len(e.places) >= 1<<24 || len(e.munis) >= 1<<16 {
		return nil, errors.New("places.idx: more places than the format holds")
	}
	e.writeSources()
	e.writePlaces()
	e.writeKeys()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e.writeMunis()
	e.writePostal()
	e.writeNumbers()
	e.writeTops()
	e.writeMeta()
	slices.SortFunc(e.areas, func(a, b Area) int { return cmp.Compare(a.ID, b.ID) })
	index, err := e.file()
	return &Built{Index: index, Areas: e.areas, Dropped: j.dropped}, err
}

// number puts the places in order: the municipality, its towns each with its
// 丁目 behind it, then what is no town.
func (e *encoder) number() {
	for _, m := range e.j.munis {
		chomes := make(map[*townEntry][]*townEntry)
		var others []*townEntry
		for _, t := range m.towns {
			if t.level == LevelChome {
				chomes[t.parent] = append(chomes[t.parent], t)
			} else {
				others = append(others, t)
			}
		}
		slices.SortFunc(others, func(a, b *townEntry) int {
			return cmp.Or(cmp.Compare(max(a.level, LevelKoaza), max(b.level, LevelKoaza)), cmp.Compare(a.flags&placeHashID, b.flags&placeHashID),
				cmp.Compare(a.id, b.id), cmp.Compare(a.facility, b.facility), cmp.Compare(a.name, b.name))
		})
		first := uint32(len(e.places))
		e.place(m.self)
		for _, t := range others {
			e.place(t)
			list := chomes[t]
			slices.SortFunc(list, func(a, b *townEntry) int { return cmp.Or(cmp.Compare(a.chome, b.chome), cmp.Compare(a.id, b.id)) })
			for _, c := range list {
				e.place(c)
			}
		}
		e.munis = append(e.munis, muni{code: uint32(m.code), places: [2]uint32{first, uint32(len(e.places))}, place: first})
	}
}

func (e *encoder) place(t *townEntry) {
	t.number = uint32(len(e.places))
	e.places = append(e.places, t)
}

func (e *encoder) writeSources() {
	for _, s := range e.j.sources {
		e.u32(secSources, e.str(s.Name), e.str(s.Date))
	}
	e.u32(secSourceSet, 0)
	e.sets[0] = 0
}

func (e *encoder) sourceSet(bits uint32) uint16 {
	n, ok := e.sets[bits]
	if !ok {
		n = uint16(len(e.sets))
		e.sets[bits] = n
		e.u32(secSourceSet, bits)
	}
	return n
}

func (e *encoder) writePlaces() {
	muniNumber := make(map[*muniEntry]uint32, len(e.j.munis))
	for i, m := range e.j.munis {
		muniNumber[m] = uint32(i)
	}
	for _, t := range e.places {
		parent := uint32(none)
		switch {
		case t.level == LevelCity:
		case t.parent != nil:
			parent = t.parent.number
		default:
			parent = t.muni.self.number
		}
		id := uint32(t.id)
		if t.level == LevelFacility {
			id = e.str(t.facility)
		}
		at := e.middle(t)
		name, kana, romaji := t.name, t.kana, t.romaji
		if t.level == LevelChome || t.level == LevelCity {
			name, kana, romaji = "", "", ""
		}
		if t.level == LevelTown || t.level == LevelKoaza {
			romaji = displayRomaji(name, kana, romaji)
		}
		e.u32(secPlaces, muniNumber[t.muni]|uint32(t.level)<<16|uint32(t.flags)<<24, id, e.str(name), e.str(kana), e.str(romaji),
			uint32(at.Lon), uint32(at.Lat), parent, uint32(uint16(t.chome))|uint32(e.sourceSet(t.sources))<<16, e.writeArea(t))
	}
}

// middle returns where a place is shown: its own point, else the mean of its
// 丁目 or the middle of its shape.
func (e *encoder) middle(t *townEntry) geo.E7 {
	if t.hasPoint {
		return t.at.E7()
	}
	t.flags |= placeNoPoint
	if len(t.shape) > 0 {
		c := t.shape.Bound().Center()
		return geo.Point{Lon: c[0], Lat: c[1]}.E7()
	}
	var sum geo.Point
	n := 0.0
	for _, c := range t.muni.towns {
		if c.hasPoint && (c.parent == t || t.level == LevelCity && c.level == LevelTown || slices.Contains(t.members, c)) {
			sum.Lon, sum.Lat, n = sum.Lon+c.at.Lon, sum.Lat+c.at.Lat, n+1
		}
	}
	if n == 0 {
		return geo.E7{}
	}
	return geo.Point{Lon: sum.Lon / n, Lat: sum.Lat / n}.E7()
}

// writeArea writes what an answer says of a shape and keeps the shape itself
// for the hazards.
func (e *encoder) writeArea(t *townEntry) uint32 {
	if len(t.shape) == 0 {
		return none
	}
	bounds, squareMetres, radius := measure(t.shape, e.middle(t).Point())
	tail := uint32(min(radius, 0xffff))
	if t.approximate {
		tail |= areaApproximate
	}
	low, high := geo.Point{Lon: bounds.Min[0], Lat: bounds.Min[1]}.E7(), geo.Point{Lon: bounds.Max[0], Lat: bounds.Max[1]}.E7()
	n := uint32(len(e.sec[secAreas]) / areaSize)
	e.u32(secAreas, uint32(low.Lon), uint32(low.Lat), uint32(high.Lon), uint32(high.Lat), math.Float32bits(float32(squareMetres)), tail)
	e.areas = append(e.areas, Area{ID: t.identifier(), Shape: t.shape, Approximate: t.approximate})
	return n
}

// identifier writes the id that [Index.Place] knows.
func (t *townEntry) identifier() string {
	code := LGCode(t.muni.code)
	switch {
	case t.level == LevelFacility:
		return t.facility
	case t.level == LevelOffice:
		return "office-" + pad(t.id, 7)
	case t.level == LevelPostal:
		return "postal-" + pad(t.id, 7)
	case t.level == LevelCity:
		return code
	case t.flags&placeHashID != 0:
		return code + "-" + pad16(uint32(t.id))
	}
	return code + pad(t.id, 7)
}

func (e *encoder) writeMunis() {
	for i, m := range e.j.munis {
		r := &e.munis[i]
		e.u32(secMunis, r.code, e.str(m.name), e.str(m.kana), e.str(m.romaji), r.places[0], r.places[1],
			r.kanji[0], r.kanji[1], r.snd[0], r.snd[1], r.place, uint32(len(m.towns)))
	}
	e.writeMuniKeys(secMuniKanji, muniKanjiNames)
	e.writeMuniKeys(secMuniSound, muniSounds)
}

// writeMuniKeys writes the names of municipalities, each once.
func (e *encoder) writeMuniKeys(sec int, names func(*muniEntry) []string) {
	var rows []keyRow
	for i, m := range e.j.munis {
		for _, n := range names(m) {
			if n != "" {
				rows = append(rows, keyRow{name: n, place: uint32(i)})
			}
		}
	}
	slices.SortFunc(rows, func(a, b keyRow) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.place, b.place)) })
	for _, r := range slices.Compact(rows) {
		e.u32(sec, e.str(r.name), r.place)
	}
}

// muniKanjiNames lists how a municipality is written: with and without 郡, 市
// before 区, and the last word.
func muniKanjiNames(m *muniEntry) []string {
	names := []string{m.name}
	for _, cut := range [...]string{"郡", "市"} {
		if i := strings.Index(m.name, cut); i > 0 && i+len(cut) < len(m.name) {
			rest := m.name[i+len(cut):]
			if cut == "郡" && !strings.HasSuffix(rest, "町") && !strings.HasSuffix(rest, "村") {
				continue
			}
			if cut == "市" && !strings.HasSuffix(rest, "区") {
				continue
			}
			names = append(names, rest)
		}
	}
	for _, n := range names {
		runes := []rune(n)
		if last := runes[len(runes)-1]; len(runes) > 2 && strings.ContainsRune("市町村", last) {
			names = append(names, string(runes[:len(runes)-1]))
		}
	}
	for i := range names {
		names[i] = kanjiKey(names[i])
	}
	return names
}

// muniSounds does the same for readings and romaji.
func muniSounds(m *muniEntry) []string {
	kana := []string{m.kana}
	if i := strings.Index(m.kana, "グン"); i > 0 && strings.Contains(m.name, "郡") && !strings.HasPrefix(m.name, "郡") {
		kana = append(kana, m.kana[i+len("グン"):])
	}
	var sounds []string
	for _, k := range kana {
		sounds = append(sounds, kanaSound(k, false))
		for _, suffix := range [...]string{"シ", "チョウ", "マチ", "ムラ", "ソン"} {
			if rest, ok := strings.CutSuffix(k, suffix); ok && len(rest) > len("ア") {
				sounds = append(sounds, kanaSound(rest, false))
			}
		}
	}
	if m.romaji != "" {
		full, _, _ := strings.Cut(m.romaji, ",")
		sounds = append(sounds, latinSound(full, false))
		if stem, _, ok := strings.Cut(full, "-"); ok {
			sounds = append(sounds, latinSound(stem, false))
		}
	}
	return sounds
}

func (e *encoder) writePostal() {
	type row struct{ code, place uint32 }
	var rows []row
	for _, t := range e.places {
		if t.level == LevelChome {
			continue // has those of its town
		}
		for _, code := range t.postal {
			rows = append(rows, row{code, t.number})
		}
	}
	rank := func(p uint32) int { // the area of the code before its towns
		if e.places[p].level == LevelPostal {
			return 0
		}
		return 1
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(rank(a.place), rank(b.place)), cmp.Compare(a.place, b.place))
	})
	rows = slices.Compact(rows)
	byPlace := make([]uint32, len(rows))
	for i, r := range rows {
		e.u32(secPostal, r.code, r.place)
		byPlace[i] = uint32(i)
	}
	slices.SortFunc(byPlace, func(a, b uint32) int { return cmp.Or(cmp.Compare(rows[a].place, rows[b].place), cmp.Compare(a, b)) })
	e.u32(secPostalOf, byPlace...)
}

// writeMeta writes the radius of each precision: 95 % of what was measured
// (ADDRESSES.md 3.3), and for areas the largest of nineteen in twenty places.
func (e *encoder) writeMeta() {
	m := meta{area: uint32(e.j.b.code), built: uint32(len(e.places))}
	for _, r := range e.munis {
		if pref := r.code / 1000; pref < 64 {
			m.prefs |= 1 << pref
		}
	}
	m.radiusOf = [...]uint16{PrecisionHouse: 30, PrecisionParcel: 50, PrecisionBlock: 133, PrecisionParentLot: 368,
		PrecisionChome: 1060, PrecisionTown: 1060, PrecisionPostalArea: 3300, PrecisionCity: 10000}
	byLevel := make(map[Level][]int)
	for _, t := range e.places {
		if len(t.shape) > 0 {
			_, _, r := measure(t.shape, e.middle(t).Point())
			byLevel[t.level] = append(byLevel[t.level], int(r))
		}
	}
	for level, precision := range map[Level]Precision{LevelChome: PrecisionChome, LevelTown: PrecisionTown, LevelPostal: PrecisionPostalArea} {
		if radii := byLevel[level]; len(radii) >= 20 {
			slices.Sort(radii)
			m.radiusOf[precision] = uint16(min(radii[len(radii)*95/100], math.MaxUint16))
		}
	}
	e.sec[secMeta] = m.encode()
}

// file puts the sections together behind the header.
func (e *encoder) file() ([]byte, error) {
	tableEnd := headerSize + sectionCount*sectionSize
	out := make([]byte, tableEnd+4)
	copy(out, magic)
	binary.LittleEndian.PutUint32(out[8:], formatVersion)
	binary.LittleEndian.PutUint32(out[12:], sectionCount)
	for i, s := range e.sec {
		for len(out)%8 != 0 {
			out = append(out, 0)
		}
		if uint64(len(s)) > math.MaxUint32 {
			return nil, fmt.Errorf("places.idx: section %d is larger than 4 GB", i)
		}
		entry := out[headerSize+i*sectionSize:]
		binary.LittleEndian.PutUint64(entry, uint64(len(out)))
		binary.LittleEndian.PutUint32(entry[8:], uint32(len(s)))
		binary.LittleEndian.PutUint32(entry[12:], crc32.Checksum(s, castagnoli()))
		out = append(out, s...)
	}
	binary.LittleEndian.PutUint32(out[tableEnd:], crc32.Checksum(out[:tableEnd], castagnoli()))
	return out, nil
}
