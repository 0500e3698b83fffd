package gazetteer

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"hazardmap/geo"
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

// id writes the id of a place.
func (x *Index) id(i uint32) string {
	p := x.place(i)
	code := int(x.muni(p.muni).code)
	switch {
	case p.level == LevelFacility:
		return string(x.str(p.id))
	case p.level == LevelOffice:
		return "office-" + pad(int(p.id), 7)
	case p.level == LevelPostal:
		return "postal-" + pad(int(p.id), 7)
	case p.level == LevelCity:
		return LGCode(code)
	case p.flags&placeHashID != 0:
		return LGCode(code) + "-" + pad16(p.id)
	}
	return LGCode(code) + pad(int(p.id), 7)
}

// LGCode writes the 全国地方公共団体コード of 6 digits for a code of 5.
func LGCode(code int) string {
	s := pad(code, 5)
	sum := 0
	for i := range 5 {
		sum += int(s[i]-'0') * (6 - i)
	}
	return s + strconv.Itoa((11-sum%11)%10)
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	if len(s) < width {
		s = "0000000"[:width-len(s)] + s
	}
	if len(s) > width {
		s = s[len(s)-width:]
	}
	return s
}

func pad16(n uint32) string {
	s := strconv.FormatUint(uint64(n), 16)
	return "00000000"[:8-len(s)] + s
}

// find returns the number of the place with an id, and whether there is one.
func (x *Index) find(id string) (uint32, bool) {
	lo, hi := uint32(0), x.count(secPlaces)
	if code := lgCode(id); code > 0 {
		for m := range x.count(secMunis) {
			if r := x.muni(m); int(r.code) == code {
				if len(id) == 6 {
					return r.place, r.place < hi
				}
				lo, hi = r.places[0], min(hi, r.places[1])
				break
			}
		}
	}
	for i := lo; i < hi; i++ {
		if x.id(i) == id {
			return i, true
		}
	}
	return 0, false
}

// lgCode returns the municipality of an id that starts with its 6 digits, 0
// for other ids.
func lgCode(id string) int {
	if len(id) < 6 {
		return 0
	}
	code, err := strconv.Atoi(id[:5])
	if err != nil || LGCode(code) != id[:6] {
		return 0
	}
	return code
}

// Place returns the place with an id, and whether there is one.
func (x *Index) Place(id string) (Place, bool) {
	i, ok := x.find(id)
	if !ok {
		return Place{}, false
	}
	return x.describe(i), true
}

// Places calls fn with every place until fn returns false, in the order of the
// index.
func (x *Index) Places(fn func(Place) bool) {
	for i := range x.count(secPlaces) {
		if !fn(x.describe(i)) {
			return
		}
	}
}

func (x *Index) describe(i uint32) Place {
	p := x.place(i)
	a := x.area(p)
	out := Place{
		ID: x.id(i), Level: p.level, Label: x.label(i), Precision: p.precision(), Bounds: a.bounds, Area: a.squareMetres,
		Radius: a.radius, Approximate: a.approximate, Generated: p.flags&(placeGenerated|placeHashID) != 0,
		Postal: x.postalCodes(i), Sources: x.sources(p),
	}
	if p.parent != none {
		out.Parent = x.id(p.parent)
	}
	if p.flags&placeNoPoint == 0 {
		at := p.at.Point()
		out.Point = &at
	}
	if out.Radius == 0 {
		out.Radius = x.radius(out.Precision)
	}
	return out
}

// precision returns how far the coordinate of a place goes.
func (p place) precision() Precision {
	switch p.level {
	case LevelCity:
		return PrecisionCity
	case LevelChome:
		return PrecisionChome
	case LevelPostal:
		return PrecisionPostalArea
	case LevelFacility:
		return PrecisionHouse
	}
	return PrecisionTown
}

// area is one record of secAreas.
type area struct {
	bounds       Bounds
	squareMetres float64
	radius       geo.Metres
	approximate  bool
}

func (x *Index) area(p place) area {
	off := uint64(p.area) * areaSize
	if off+areaSize > uint64(len(x.sec[secAreas])) {
		return area{}
	}
	b := x.sec[secAreas][off : off+areaSize]
	e7 := func(i int) float64 { return float64(int32(binary.LittleEndian.Uint32(b[4*i:]))) / 1e7 }
	tail := binary.LittleEndian.Uint32(b[20:])
	return area{
		bounds:       Bounds{West: e7(0), South: e7(1), East: e7(2), North: e7(3)},
		squareMetres: float64(math.Float32frombits(binary.LittleEndian.Uint32(b[16:]))),
		radius:       geo.Metres(tail & 0xffff), approximate: tail&areaApproximate != 0,
	}
}

// sources lists where a place is known from.
func (x *Index) sources(p place) []Source {
	set := x.u32(secSourceSet, 4, uint32(p.sources), 0)
	var list []Source
	for i := range x.count(secSources) {
		if i < 32 && set&(1<<i) != 0 {
			list = append(list, Source{string(x.str(x.u32(secSources, 8, i, 0))), string(x.str(x.u32(secSources, 8, i, 4)))})
		}
	}
	return list
}

// postalPlaces returns the places of a postal code as numbers.
func (x *Index) postalPlaces(code uint32) []uint32 {
	lo, hi := uint32(0), x.count(secPostal)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if x.u32(secPostal, 8, mid, 0) < code {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	var list []uint32
	for ; lo < x.count(secPostal) && x.u32(secPostal, 8, lo, 0) == code; lo++ {
		list = append(list, x.u32(secPostal, 8, lo, 4))
	}
	return list
}

// postalCodes returns the codes of a place; a 丁目 has those of its town.
func (x *Index) postalCodes(i uint32) []string {
	town := x.townOf(i)
	at := func(r uint32) uint32 { return x.u32(secPostalOf, 4, r, 0) }
	lo, hi := uint32(0), x.count(secPostalOf)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if x.u32(secPostal, 8, at(mid), 4) < town {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	var list []string
	for ; lo < x.count(secPostalOf) && x.u32(secPostal, 8, at(lo), 4) == town; lo++ {
		list = append(list, pad(int(x.u32(secPostal, 8, at(lo), 0)), 7))
	}
	return list
}
