package gazetteer

import (
	"strconv"
	"strings"
)

// label composes the name of a place in three scripts.
func (x *Index) label(i uint32) Label {
	p := x.place(i)
	text := func(off uint32) string { return string(x.str(off)) }
	switch p.level {
	case LevelFacility, LevelOffice, LevelPostal:
		return Label{text(p.name), text(p.kana), text(p.romaji)}
	case LevelCity:
		return x.muniLabel(p.muni)
	}
	city := x.muniLabel(p.muni)
	town := p
	if p.level == LevelChome {
		town = x.place(p.parent)
	}
	l := Label{Ja: city.Ja + text(town.name)}
	if kana := text(town.kana); kana != "" && city.Kana != "" {
		l.Kana = city.Kana + " " + kana
	} else {
		l.Kana = kana
	}
	l.Romaji = text(town.romaji)
	if p.level == LevelChome {
		n := int(p.chome)
		l.Ja += kanjiNumber(n) + "丁目"
		if l.Kana != "" {
			l.Kana += " " + strconv.Itoa(n) + "チョウメ"
		}
		if l.Romaji != "" {
			l.Romaji = romajiChome(l.Romaji, n)
		}
	}
	if l.Romaji != "" && city.Romaji != "" {
		l.Romaji += ", " + city.Romaji
	}
	return l
}

// romajiChome puts the 丁目 behind the town's own name, before the compound
// head: "Hozumi 1-chome, Sakai".
func romajiChome(town string, n int) string {
	head, rest, compound := strings.Cut(town, ",")
	head += " " + strconv.Itoa(n) + "-chome"
	if compound {
		return head + "," + rest
	}
	return head
}

// muniLabel names a municipality, with its prefecture where the index holds
// several.
func (x *Index) muniLabel(i uint32) Label {
	m := x.muni(i)
	l := Label{string(x.str(m.name)), string(x.str(m.kana)), string(x.str(m.romaji))}
	pref := m.code / 1000
	if x.meta.prefs&(x.meta.prefs-1) == 0 || pref == 0 || int(pref) >= len(prefectures) {
		return l
	}
	l.Ja = prefectures[pref][0] + l.Ja
	if l.Kana != "" {
		l.Kana = prefectures[pref][1] + " " + l.Kana
	}
	if l.Romaji != "" {
		l.Romaji += ", " + prefectures[pref][2]
	}
	return l
}

// kanjiNumber writes 1 to 99 as registers write 丁目.
func kanjiNumber(n int) string {
	if n <= 0 || n > 99 {
		return strconv.Itoa(n)
	}
	digits := [...]string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	tens, ones := n/10, n%10
	switch tens {
	case 0:
		return digits[ones]
	case 1:
		return "十" + digits[ones]
	}
	return digits[tens] + "十" + digits[ones]
}
