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
	if kana := text(town.kana); kana != "" {
		l.Kana = strings.TrimSpace(city.Kana + " " + kana)
	}
	l.Romaji = displayRomaji(text(town.name), text(town.kana), text(town.romaji))
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

// displayRomaji returns the official romaji, else one made from the reading,
// with the hyphen before cho and machi that residence cards have.
func displayRomaji(name, kana, official string) string {
	s := official
	if s == "" {
		if kana == "" {
			return ""
		}
		s = hepburn(kana)
	}
	if !strings.HasSuffix(name, "町") {
		return s
	}
	head, rest, compound := strings.Cut(s, ",")
	for _, suffix := range [...]string{"cho", "machi"} {
		if cut, ok := strings.CutSuffix(head, suffix); ok && cut != "" && !strings.HasSuffix(cut, "-") {
			if strings.HasSuffix(cut, "m") { // Hommachi
				cut = cut[:len(cut)-1] + "n"
			}
			head = strings.TrimRight(cut, " ") + "-" + suffix
			break
		}
	}
	if compound {
		return head + "," + rest
	}
	return head
}

// hepburn writes a reading as official romaji do: no long vowels, Hepburn
// letters, a capital.
func hepburn(kana string) string {
	var raw []byte
	for _, r := range kana {
		if r == ' ' || r == '　' {
			continue
		}
		if r >= '0' && r <= '9' {
			raw = append(raw, byte(r))
			continue
		}
		if r == 'ッ' {
			raw = append(raw, '/')
			continue
		}
		raw = appendKana(raw, r)
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		next := byte(0)
		if i+1 < len(raw) {
			next = raw[i+1]
		}
		c := raw[i]
		switch {
		case c == '/': // a double consonant
			if next == 't' && i+2 < len(raw) && (raw[i+2] == 'i' || raw[i+2] == 'y') {
				b.WriteByte('t')
			} else if next != 0 {
				b.WriteByte(next)
			}
		case c == 's' && next == 'i':
			b.WriteString("sh")
		case c == 't' && next == 'i':
			b.WriteString("ch")
		case c == 't' && next == 'u':
			b.WriteString("ts")
		case c == 'h' && next == 'u':
			b.WriteByte('f')
		case c == 'z' && next == 'i':
			b.WriteByte('j')
		case (c == 's' || c == 't' || c == 'z') && next == 'y':
			b.WriteString(map[byte]string{'s': "sh", 't': "ch", 'z': "j"}[c])
			i++
		case c == 'n' && (next == 'b' || next == 'm' || next == 'p'):
			b.WriteByte('m')
		case (c == 'u' || c == 'o') && i > 0 && (raw[i-1] == 'o' || raw[i-1] == c && c == 'u'):
		default:
			b.WriteByte(c)
		}
	}
	s := b.String()
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
