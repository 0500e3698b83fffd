package gazetteer

import (
	"bytes"
	"fmt"
	"hash/crc32"
)

// Verify checks all of an index: checksums, order and every reference.
func (x *Index) Verify() error {
	for i, s := range x.sec {
		if crc32.Checksum(s, castagnoli()) != x.crc[i] {
			return fmt.Errorf("places.idx: section %d is damaged", i)
		}
	}
	for _, check := range [...]func() error{x.verifyMunis, x.verifyPlaces, x.verifyKeys, x.verifyLists, x.verifyNumbers} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) verifyMunis() error {
	places, before := x.count(secPlaces), uint32(0)
	for i := range x.count(secMunis) {
		m := x.muni(i)
		if m.place >= places || m.places[0] != before || m.places[1] < m.places[0] || m.places[1] > places ||
			m.kanji[1] < m.kanji[0] || m.kanji[1] > x.count(secKanji) || m.snd[1] < m.snd[0] || m.snd[1] > x.count(secSound) {
			return fmt.Errorf("places.idx: municipality %d: broken range", i)
		}
		if x.str(m.name) == nil {
			return fmt.Errorf("places.idx: municipality %d: broken name", i)
		}
		before = m.places[1]
	}
	if before != places {
		return fmt.Errorf("places.idx: %d places belong to no municipality", places-before)
	}
	return nil
}

func (x *Index) verifyPlaces() error {
	for i := range x.count(secPlaces) {
		p := x.place(i)
		switch {
		case p.muni >= x.count(secMunis), p.level < LevelCity || p.level > LevelFacility:
			return fmt.Errorf("places.idx: place %d: broken kind", i)
		case p.parent != none && p.parent >= x.count(secPlaces), p.parent == none && p.level != LevelCity:
			return fmt.Errorf("places.idx: place %d: broken parent", i)
		case p.area != none && p.area >= x.count(secAreas), uint32(p.sources) >= x.count(secSourceSet):
			return fmt.Errorf("places.idx: place %d: broken reference", i)
		case x.str(p.name) == nil, x.str(p.kana) == nil, x.str(p.romaji) == nil:
			return fmt.Errorf("places.idx: place %d: broken name", i)
		}
	}
	return nil
}

func (x *Index) verifyKeys() error {
	tables := []keys{{x, secMuniKanji, 0, 0, x.count(secMuniKanji)}, {x, secMuniSound, 0, 0, x.count(secMuniSound)},
		x.everywhere(secKanji, secKanjiAll), x.everywhere(secSound, secSoundAll)}
	for m := range x.count(secMunis) {
		tables = append(tables, x.kanjiOf(m), x.soundOf(m))
	}
	for _, k := range tables {
		targets := x.count(secPlaces)
		if k.sec == secMuniKanji || k.sec == secMuniSound {
			targets = x.count(secMunis)
		}
		var last []byte
		for i := k.lo; i < k.hi; i++ {
			name, target, _ := k.entry(i)
			if len(name) == 0 || target >= targets {
				return fmt.Errorf("places.idx: section %d: key %d: broken reference", k.sec, i)
			}
			if bytes.Compare(last, name) > 0 {
				return fmt.Errorf("places.idx: section %d: key %d: out of order", k.sec, i)
			}
			last = name
		}
	}
	return nil
}

func (x *Index) verifyLists() error {
	for i := range x.count(secPostal) {
		if x.u32(secPostal, 8, i, 4) >= x.count(secPlaces) || i > 0 && x.u32(secPostal, 8, i, 0) < x.u32(secPostal, 8, i-1, 0) {
			return fmt.Errorf("places.idx: postal code %d: broken", i)
		}
	}
	if x.count(secPostalOf) != x.count(secPostal) {
		return fmt.Errorf("places.idx: postal codes by place: %d, want %d", x.count(secPostalOf), x.count(secPostal))
	}
	for i := range x.count(secPostalOf) {
		if x.u32(secPostalOf, 4, i, 0) >= x.count(secPostal) {
			return fmt.Errorf("places.idx: postal code by place %d: broken reference", i)
		}
	}
	for i := range x.count(secTops) {
		for f := 4; f < topSize; f += 4 {
			if p := x.u32(secTops, topSize, i, f); p != none && p >= x.count(secPlaces) {
				return fmt.Errorf("places.idx: prefix %d: broken reference", i)
			}
		}
	}
	for i := range x.count(secSources) {
		if x.str(x.u32(secSources, 8, i, 0)) == nil || x.str(x.u32(secSources, 8, i, 4)) == nil {
			return fmt.Errorf("places.idx: source %d: broken name", i)
		}
	}
	return nil
}

// verifyNumbers reads every number and checks that they are in order.
func (x *Index) verifyNumbers() error {
	for i := range x.count(secNumberDir) {
		p, kind := x.u32(secNumberDir, numberDirSize, i, 0), x.u32(secNumberDir, numberDirSize, i, 4)
		if p >= x.count(secPlaces) || kind != numbersHouse && kind != numbersParcel {
			return fmt.Errorf("places.idx: numbers %d: broken reference", i)
		}
		want, _, _ := x.numberTable(p, kind)
		n := uint32(0)
		var last []byte
		ordered := true
		x.numbersUnder(p, kind, nil, func(e numberEntry) bool {
			ordered = n == 0 || bytes.Compare(last, e.key) < 0
			last = append(last[:0], e.key...)
			n++
			return ordered
		})
		if !ordered || n != want {
			return fmt.Errorf("places.idx: numbers of place %d: broken at %d of %d", p, n, want)
		}
	}
	return nil
}
