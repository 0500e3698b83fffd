//go:build !js

package gazetteer

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"
)

// writeKeys writes how every place can be found.
func (e *encoder) writeKeys() {
	for i, m := range e.j.munis {
		heads := m.heads()
		var kanji, sound []keyRow
		for _, t := range m.towns {
			if !t.readable() {
				continue
			}
			kanji, sound = t.kanjiKeys(kanji), t.soundKeys(sound)
			for _, h := range heads[t] {
				if h.key != "" {
					kanji = append(kanji, keyRow{name: h.key, place: t.number, flags: keyInner})
				}
				if h.sound != "" {
					sound = append(sound, keyRow{name: h.sound, place: t.number, flags: keyInner})
				}
			}
		}
		e.munis[i].kanji = e.writeKeyRows(secKanji, kanji)
		e.munis[i].snd = e.writeKeyRows(secSound, sound)
	}
	if len(e.j.munis) > 1 {
		e.writeOrder(secKanji, secKanjiAll)
		e.writeOrder(secSound, secSoundAll)
	}
}

func (t *townEntry) kanjiKeys(rows []keyRow) []keyRow {
	add := func(name string, flags uint8) {
		if name != "" {
			rows = append(rows, keyRow{name: name, place: t.number, flags: flags})
		}
	}
	if t.whole() {
		add(t.key, keyWhole)
		for _, n := range t.stripped() {
			add(kanjiKey(n), keyWhole|keyWeak)
		}
		return rows
	}
	add(t.key, 0)
	add(tailKey(t.name), 0)
	if short, ok := cutTown([]byte(t.key)); ok {
		add(string(short), keyWeak)
	}
	return rows
}

func (t *townEntry) soundKeys(rows []keyRow) []keyRow {
	town, flags := strings.HasSuffix(t.name, "町"), uint8(0)
	if t.whole() {
		town, flags = false, keyWhole
	}
	var sounds []string
	if t.kana != "" {
		sounds = append(sounds, kanaSound(t.kana, town))
	}
	if t.romaji != "" {
		if t.level == LevelFacility {
			sounds = append(sounds, latinSound(t.romaji, false))
		} else {
			sounds = append(sounds, latinSound(forward(t.romaji), town))
		}
	}
	if t.level != LevelPostal {
		sounds = append(sounds, t.others...)
	}
	for _, s := range sounds {
		if s != "" {
			rows = append(rows, keyRow{name: s, place: t.number, flags: flags})
		}
	}
	return rows
}

// inner is what follows a compound head: people leave the head out, and
// suggestions offer 境東新井 for 東新井 and Higashi.
type inner struct{ key, sound string }

// heads finds the compound heads of a municipality: what the post office
// writes apart, what another town is called, and what neighbours in the list
// have in common.
func (m *muniEntry) heads() map[*townEntry][]inner {
	var towns []*townEntry
	byKey := make(map[string]*townEntry)
	for _, t := range m.towns {
		if t.level == LevelTown && t.key != "" {
			towns = append(towns, t)
			if o := byKey[t.key]; o == nil {
				byKey[t.key] = t
			}
		}
	}
	slices.SortFunc(towns, func(a, b *townEntry) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.number, b.number)) })
	found := make(map[*townEntry][]inner)
	add := func(t *townEntry, head, headKana string) {
		rest := t.key[len(head):]
		in := inner{key: rest}
		if restKana, ok := strings.CutPrefix(t.kana, headKana); ok && headKana != "" && restKana != "" {
			in.sound = kanaSound(restKana, strings.HasSuffix(t.name, "町"))
		}
		if in.sound == "" {
			in.sound = t.innerSound()
		}
		if rest != "" && rest != "町" && !slices.Contains(found[t], in) {
			found[t] = append(found[t], in)
		}
	}
	for i, t := range towns {
		if s := t.innerSound(); s != "" {
			found[t] = append(found[t], inner{sound: s})
		}
		if t.head != "" && strings.HasPrefix(t.key, t.head) {
			add(t, t.head, "")
		}
		for n := range t.key {
			if o := byKey[t.key[:n]]; n > 0 && o != nil {
				add(t, o.key, o.kana)
			}
		}
		for _, k := range [...]int{i - 1, i + 1} {
			if k < 0 || k >= len(towns) {
				continue
			}
			head, kana := commonRunes(t.key, towns[k].key), commonRunes(t.kana, towns[k].kana)
			if utf8.RuneCountInString(head) >= 2 && utf8.RuneCountInString(t.key[len(head):]) >= 2 && utf8.RuneCountInString(kana) >= 2 {
				add(t, head, kana)
			}
		}
	}
	return found
}

// innerSound returns the sound of what official romaji write before a comma.
func (t *townEntry) innerSound() string {
	first, _, ok := strings.Cut(t.romaji, ",")
	if !ok {
		return ""
	}
	return latinSound(first, strings.HasSuffix(t.name, "町"))
}

// commonRunes returns the common start of two strings, in whole characters.
func commonRunes(a, b string) string {
	n := 0
	for i, r := range a {
		if s, size := utf8.DecodeRuneInString(b[min(i, len(b)):]); s != r || size == 0 {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return a[:n]
}

// writeKeyRows writes the keys of one municipality, sorted and each once, and
// returns their range.
func (e *encoder) writeKeyRows(sec int, rows []keyRow) [2]uint32 {
	slices.SortFunc(rows, func(a, b keyRow) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.place, b.place), cmp.Compare(a.flags, b.flags))
	})
	rows = slices.CompactFunc(rows, func(a, b keyRow) bool { return a.name == b.name && a.place == b.place })
	first := uint32(len(e.sec[sec]) / keySize)
	for _, r := range rows {
		e.u32(sec, e.str(r.name), r.place|uint32(r.flags)<<24)
	}
	return [2]uint32{first, first + uint32(len(rows))}
}

// writeOrder sorts the keys of all municipalities together.
func (e *encoder) writeOrder(sec, all int) {
	name := func(i uint32) string {
		off := binary.LittleEndian.Uint32(e.sec[sec][i*keySize:])
		n, used := binary.Uvarint(e.sec[secStrings][off:])
		return string(e.sec[secStrings][off+uint32(used) : off+uint32(used)+uint32(n)])
	}
	type row struct {
		name string
		i    uint32
	}
	rows := make([]row, len(e.sec[sec])/keySize)
	for i := range rows {
		rows[i] = row{name(uint32(i)), uint32(i)}
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.i, b.i)) })
	for _, r := range rows {
		e.u32(all, r.i)
	}
}

// manyKeys is how many keys a prefix may have before its best places are kept
// ready.
const manyKeys = 400

// writeTops keeps the best places of short prefixes ready, where there are too
// many to look through on a keystroke.
func (e *encoder) writeTops() {
	if len(e.j.munis) == 1 {
		return
	}
	type top struct {
		prefix string
		places []uint32
	}
	var tops []top
	for _, sec := range [...]int{secKanji, secSound} {
		all := secKanjiAll
		if sec == secSound {
			all = secSoundAll
		}
		x := &Index{sec: e.sec}
		k := x.everywhere(sec, all)
		for _, length := range [...]int{1, 2, 3} {
			for lo := k.lo; lo < k.hi; {
				prefix := firstRunes(k.name(lo), length)
				same := k
				same.lo = lo
				same = same.starting(prefix)
				if n := same.hi - same.lo; n > manyKeys && utf8.RuneCount(prefix) == length {
					tops = append(tops, top{string(prefix), e.topPlaces(same)})
				}
				lo = max(same.hi, lo+1)
			}
		}
	}
	slices.SortFunc(tops, func(a, b top) int { return cmp.Compare(a.prefix, b.prefix) })
	for _, t := range tops {
		e.u32(secTops, e.str(t.prefix))
		for i := range 8 {
			p := uint32(none)
			if i < len(t.places) {
				p = t.places[i]
			}
			e.u32(secTops, p)
		}
	}
}

func firstRunes(b []byte, n int) []byte {
	end := 0
	for range n {
		_, size := utf8.DecodeRune(b[end:])
		end += size
	}
	return b[:end]
}

// topPlaces returns the eight places of most weight.
func (e *encoder) topPlaces(k keys) []uint32 {
	weight := func(p uint32) int {
		t := e.places[p]
		n := 0
		for _, list := range t.numbers {
			n += len(list)
		}
		if t.level == LevelTown {
			n += 5
		}
		for i := int(p) + 1; i < len(e.places) && e.places[i].level == LevelChome; i++ {
			n += 10
		}
		return n
	}
	var list []uint32
	for i := k.lo; i < k.hi; i++ {
		if _, p, flags := k.entry(i); flags == 0 {
			list = append(list, p)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	slices.SortStableFunc(list, func(a, b uint32) int { return -cmp.Compare(weight(a), weight(b)) })
	return list[:min(8, len(list))]
}

// writeNumbers writes the houses and lots of every place.
func (e *encoder) writeNumbers() {
	for _, t := range e.places {
		for kind, list := range t.numbers {
			if len(list) > 0 {
				e.writeNumberTable(t, uint32(kind), list)
			}
		}
	}
}

func (e *encoder) writeNumberTable(t *townEntry, kind uint32, list []numberRow) {
	type row struct {
		key string
		n   numberRow
	}
	rows := make([]row, len(list))
	for i, n := range list {
		rows[i] = row{string(numberKey(nil, n.number)), n}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		have := func(n numberRow) int {
			if n.hasPoint {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(have(a.n), have(b.n)), cmp.Compare(a.n.at.Lon, b.n.at.Lon), cmp.Compare(a.n.at.Lat, b.n.at.Lat))
	})
	rows = slices.CompactFunc(rows, func(a, b row) bool { return a.key == b.key })
	blocks := (len(rows) + numberBlock - 1) / numberBlock
	var table, body []byte
	var last string
	var lon, lat int64
	for i, r := range rows {
		if i%numberBlock == 0 {
			table = binary.LittleEndian.AppendUint32(table, uint32(4*blocks+len(body)))
			last, lon, lat = "", 0, 0
		}
		body = appendNumberKey(body, last, r.key)
		last = r.key
		if !r.n.hasPoint {
			body = append(body, 0)
			continue
		}
		at := r.n.at.E7()
		x, y := divide(at.Lon), divide(at.Lat)
		body = binary.AppendUvarint(body, zigzag(x-lon)+1)
		body = binary.AppendUvarint(body, zigzag(y-lat))
		lon, lat = x, y
	}
	e.u32(secNumberDir, t.number, kind, uint32(len(rows)), uint32(len(e.sec[secNumbers])))
	e.sec[secNumbers] = append(append(e.sec[secNumbers], table...), body...)
}

// divide rounds to the lattice of numbers.
func divide(v int32) int64 { return (int64(v) + numberUnit/2) / numberUnit }

func appendNumberKey(dst []byte, last, key string) []byte {
	shared := common([]byte(last), []byte(key))
	if len(last)-shared > 14 {
		shared = 0
	}
	drop, add := len(last)-shared, key[shared:]
	if shared == 0 {
		drop = 15 // all
	}
	head := byte(drop << 4)
	if len(add) < 15 {
		dst = append(dst, head|byte(len(add)))
	} else {
		dst = append(dst, head|15, byte(len(add)))
	}
	return append(dst, add...)
}
