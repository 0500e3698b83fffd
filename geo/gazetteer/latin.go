package gazetteer

import (
	"slices"
	"strings"
)

// word is one token of a text in Latin letters. Kana stand beside them with
// their letters.
type word struct {
	kind     wordKind
	from, to int16 // runes of the text
	raw      [2]int16
	number   tail // of a number
	used     bool // by the municipality or prefecture that is being tried
}

type wordKind uint8

const (
	wordName    wordKind = iota
	wordGeneric          // city, rua, japan: explained wherever it stands
	wordNumber
	wordComma
	wordChome
	wordFlat  // 203 of Apto 203
	wordOther // characters that no romaji has
)

// maxMunicipalities is how many words of one text are tried as a municipality.
const maxMunicipalities = 4

// latin reads the text in free order: number first or last, town before or
// after its municipality, compound towns reversed at a comma.
func (q *reader) latin() {
	q.split()
	first, named := len(q.hits), 0
	for i := 0; i < len(q.words) && named < maxMunicipalities; i++ {
		for n := 3; n >= 1 && q.best() > Verified; n-- {
			if q.latinMunicipality(i, n) {
				named++
			}
		}
	}
	if q.best() > Verified {
		q.latinTowns(state{muni: none})
	}
	if q.best() > Assumed {
		q.voicedCity()
	}
	q.settle(first)
}

// voicedCity reads a word as the only municipality of the data though its
// voicing differs: Isezaki. That is a question.
func (q *reader) voicedCity() {
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	if q.x.count(secMunis) != 1 || q.x.count(secPlaces) == 0 {
		return
	}
	for i := range q.words {
		w := &q.words[i]
		if w.kind != wordName {
			continue
		}
		sound := q.sound(*w)
		foldVoice(sound)
		named := string(sound)
		for j := table.lo; j < table.hi; j++ {
			k, m, _ := table.entry(j)
			buf := append(q.buffer(), k...)
			if foldVoice(buf); string(buf) != named {
				continue
			}
			s := state{muni: m, voice: true}
			s.spans.add(PartMunicipality, int(w.from), int(w.to))
			w.used = true
			q.latinTowns(s)
			w.used = false
			return
		}
	}
}

// split cuts the text into words.
func (q *reader) split() {
	q.words, q.raw = q.words[:0], q.raw[:0]
	for i := q.lo; i < q.hi; {
		r := q.t.r[i]
		w := word{from: int16(i), raw: [2]int16{int16(len(q.raw)), 0}}
		switch {
		case r == ',':
			w.kind = wordComma
			i++
		case isDigit(r):
			w.kind = wordNumber
			end := q.number(&w.number, i)
			if end == 0 {
				for end = i; end < q.hi && isDigit(q.t.r[end]); end++ {
				}
				if w.kind = wordOther; q.flat(end) {
					w.kind, end = wordFlat, end+1
				}
			}
			if code, stop := q.postalAt(i); w.kind == wordNumber && code > 0 && q.postal == 0 && len(q.x.postalPlaces(code)) > 0 {
				w.kind, end = wordGeneric, stop // before the country, at the end of a line
				q.postal, q.postalSpan = code, span{PartPostalCode, int16(i), int16(end)}
			}
			i = end
		case isLatin(r), isKana(r):
			for i < q.hi && (isLatin(q.t.r[i]) || isKana(q.t.r[i]) || q.t.r[i] == '\'' || q.t.r[i] == '’') {
				if isKana(q.t.r[i]) {
					q.raw = appendKana(q.raw, q.t.r[i])
				} else {
					q.raw = appendLatin(q.raw, q.t.r[i])
				}
				i++
			}
			w.kind = classify(q.raw[w.raw[0]:])
		case isHan(r), !q.idle(i):
			w.kind = wordOther
			i++
		default:
			i++
			continue
		}
		w.to, w.raw[1] = int16(i), int16(len(q.raw))
		q.words = append(q.words, w)
	}
	q.splitFlats()
}

// splitFlats tells the numbers of flats and floors from those of lots.
func (q *reader) splitFlats() {
	names := func(i int) bool {
		if i < 0 || i >= len(q.words) || q.words[i].kind != wordGeneric {
			return false
		}
		switch string(q.raw[q.words[i].raw[0]:q.words[i].raw[1]]) {
		case "apt", "apto", "apartment", "apartamento", "room", "bloco", "bloque", "casa", "piso", "floor", "andar", "departamento", "depto", "phong", "tang", "palapag":
			return true
		}
		return false
	}
	for i := range q.words {
		if w := &q.words[i]; w.kind == wordNumber && (names(i-1) || names(i+1) && w.number.afterFirst == 0 && !q.flatGoesOn(i+2)) {
			w.kind = wordFlat
		}
	}
}

// flatGoesOn reports whether the word at i is the number of the flat before it:
// 410 Apto 203.
func (q *reader) flatGoesOn(i int) bool {
	return i < len(q.words) && (q.words[i].kind == wordNumber || q.words[i].kind == wordFlat)
}

// classify tells words that name no place: countries, kinds of places,
// prepositions of the languages that residents write in.
func classify(raw []byte) wordKind {
	switch string(raw) {
	case "chome", "choume", "chohme", "tyome", "tyoume", "cyome":
		return wordChome
	case "japan", "japao", "japon", "hapon", "nihon", "nippon", "jp", "jpn",
		"prefecture", "prefectura", "prefeitura", "pref", "ken", "province", "provincia", "prepektura", "probinsya",
		"city", "cidade", "ciudad", "shi", "si", "municipio", "lungsod", "siyudad", "thanh", "pho", "tinh", "nhat",
		"town", "village", "ward", "ku", "gun", "district", "distrito", "bairro", "barrio", "vila", "villa",
		"de", "da", "do", "del", "la", "el", "em", "en", "of", "in", "ng", "sa", "at", "the",
		"rua", "calle", "avenida", "av", "ave", "street", "st", "duong", "kalye", "address", "endereco", "direccion", "numero", "num", "nr",
		"postal", "code", "codigo", "cep", "zip", "banchi", "ban", "go", "gou", "oaza", "aza",
		"apt", "apto", "apartment", "apartamento", "apartamentos", "room", "bloco", "bloque", "casa", "piso", "floor",
		"andar", "departamento", "depto", "phong", "tang", "palapag":
		return wordGeneric
	}
	return wordName
}

// sound folds the letters of words, joined in order.
func (q *reader) sound(words ...word) []byte {
	start := len(q.raw)
	for _, w := range words {
		q.raw = append(q.raw, q.raw[w.raw[0]:w.raw[1]]...)
	}
	q.snd = foldSound(q.snd[:0], q.raw[start:])
	q.raw = q.raw[:start]
	return q.snd
}

// letters reports whether w may be part of a name.
func (w *word) letters() bool { return w.kind == wordName || w.kind == wordGeneric }

// latinMunicipality tries the n words from i on as a municipality, and reports
// whether they name one.
func (q *reader) latinMunicipality(i, n int) bool {
	if i+n > len(q.words) || q.words[i].kind == wordGeneric {
		return false
	}
	for _, w := range q.words[i : i+n] {
		if !w.letters() {
			return false
		}
	}
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	same := table.equal(q.sound(q.words[i : i+n]...))
	for j := same.lo; j < same.hi && j < same.lo+8; j++ {
		_, m, _ := same.entry(j)
		s := state{muni: m}
		s.spans.add(PartMunicipality, int(q.words[i].from), int(q.words[i+n-1].to))
		for k := i; k < i+n; k++ {
			q.words[k].used = true
		}
		q.latinTowns(s)
		for k := i; k < i+n; k++ {
			q.words[k].used = false
		}
	}
	return same.lo < same.hi
}

// latinTowns tries the words that are left as a town, the most words first.
func (q *reader) latinTowns(s state) {
	table := q.x.everywhere(secSound, secSoundAll)
	if s.muni != none {
		table = q.x.soundOf(s.muni)
		if q.unexplained(s) == 0 && !q.anyNumber() {
			h := hit{place: q.x.muni(s.muni).place, match: Verified, spans: s.spans}
			q.explainPref(&h.spans, s.muni)
			s.doubt(&h)
			q.hits = append(q.hits, h)
		}
	}
	before := len(q.hits)
	if q.townWords(s, table, false); q.bestFrom(before) > Assumed {
		q.townWords(s, table, true)
	}
	if s.muni != none && len(q.hits) == before && q.best() > Partial {
		h := hit{place: q.x.muni(s.muni).place, match: Partial, hint: HintTownUnknown, spans: s.spans}
		q.explainPref(&h.spans, s.muni)
		q.hits = append(q.hits, h)
	}
}

// townWords tries neighbouring words as a town, at first without those that
// name the prefecture or no place at all.
func (q *reader) townWords(s state, table keys, all bool) {
	explained := s.spans
	if s.muni != none && !all {
		q.explainPref(&explained, s.muni)
	}
	var names [12]int
	n := 0
	for i := range q.words {
		w := &q.words[i]
		if w.used || !w.letters() || !all && (w.kind == wordGeneric || explained.covers(int(w.from))) || n == len(names) {
			continue
		}
		names[n] = i
		n++
	}
	before := len(q.hits)
	for length := min(n, 6); length > 0; length-- {
		for i := 0; i+length <= n; i++ {
			q.window(s, table, names[i:i+length])
		}
		if q.bestFrom(before) <= Assumed {
			return
		}
	}
}

func (q *reader) anyNumber() bool {
	for i := range q.words {
		if k := q.words[i].kind; k == wordNumber || k == wordFlat {
			return true
		}
	}
	return false
}

// window tries neighbouring words as one town, in their order and turned
// round: "Nishiimai, Sakai" is 境西今井.
func (q *reader) window(s state, table keys, at []int) {
	for i := 1; i < len(at); i++ {
		for k := at[i-1] + 1; k < at[i]; k++ {
			if w := &q.words[k]; !w.used && (w.kind == wordNumber && !q.endsPart(k) || w.kind == wordOther || w.kind == wordChome) {
				return // a number stands between
			}
		}
	}
	if q.words[at[0]].kind == wordGeneric && len(at) == 1 {
		return
	}
	var turned [6]word
	for turn := range at {
		for i := range at {
			turned[i] = q.words[at[(i+turn)%len(at)]]
		}
		q.sounds(table, q.sound(turned[:len(at)]...), func(same keys, done uint16) {
			q.latinSame(s, same, at[0], at[len(at)-1], done)
		})
	}
}

// endsPart reports whether a comma follows word k: "Higashiarai 5, Sakai".
func (q *reader) endsPart(k int) bool {
	return k+1 < len(q.words) && q.words[k+1].kind == wordComma
}

// latinSame takes the places of equal keys, named by the words from first to
// last.
func (q *reader) latinSame(s state, same keys, first, last int, done uint16) {
	for i := same.lo; i < same.hi; i++ {
		_, p, flags := same.entry(i)
		q.latinPlaced(s, p, flags, first, last, done)
	}
}

// latinPlaced adds the readings in which the words from first to last name
// place p.
func (q *reader) latinPlaced(s state, p uint32, flags uint8, first, last int, done uint16) {
	if q.citySuffix(last + 1) {
		return // Ota-shi is no 太田町
	}
	if s.muni == none {
		done |= 1 << PartMunicipality
	}
	h := hit{place: p, match: Verified, spans: s.spans, done: done}
	if done != 0 {
		h.match = Assumed
	}
	s.doubt(&h)
	if flags&keyInner != 0 {
		h.match, h.hint, h.dist = Similar, HintDidYouMean, 2
	}
	for i := first; i <= last; i++ {
		if w := &q.words[i]; w.letters() && !w.used {
			h.length += w.to - w.from
		}
	}
	if flags&keyWhole != 0 {
		h.spans.add(PartFacility, int(q.words[first].from), int(q.words[last].to))
		q.finish(h, tail{ok: true}, first, last, -1)
		return
	}
	from := first
	for i := first; i <= last; i++ { // a number may stand between
		if q.words[i].kind == wordNumber {
			h.spans.add(PartTown, int(q.words[from].from), int(q.words[i-1].to))
			from = i + 1
		}
	}
	h.spans.add(PartTown, int(q.words[from].from), int(q.words[last].to))
	t, number := q.latinTail(last, first)
	q.finish(h, t, first, last, number)
}

// citySuffix reports whether the word at i makes a municipality of the word
// before it.
func (q *reader) citySuffix(i int) bool {
	if i >= len(q.words) || q.words[i].kind != wordGeneric {
		return false
	}
	switch string(q.raw[q.words[i].raw[0]:q.words[i].raw[1]]) {
	case "shi", "si", "city", "ward", "ku", "gun":
		return true
	}
	return false
}

// finish judges the words that a reading leaves: after a number that follows
// the town they are a building, elsewhere they stay unread.
func (q *reader) finish(h hit, t tail, first, last, number int) {
	q.explainPref(&h.spans, q.x.place(h.place).muni)
	unread := 0
	for i := range q.words {
		w := &q.words[i]
		switch {
		case w.used || w.kind == wordComma || w.kind == wordGeneric || w.kind == wordChome || i >= first && i <= last || h.spans.covers(int(w.from)):
		case w.kind == wordFlat:
			h.spans.add(PartBuilding, int(w.from), int(w.to))
		case number > last && i > number && q.mayBeBuilding(h, number, i):
			if t.building.to == 0 {
				t.building = span{PartBuilding, w.from, w.to}
			}
			t.building.to = w.to
		case w.kind == wordNumber && (i == number || t.chomeSpan.from == w.from && t.chome > 0):
		default:
			unread++
		}
	}
	if unread > 0 && h.match == Similar {
		return // half a name with half a text is no question worth asking
	}
	if unread > 0 {
		h.match, h.hint = Partial, HintPartlyUnread
		h.number = t.number
		h.spans.add(PartNumber, int(t.number.from), int(t.number.to))
		q.hits = append(q.hits, h)
		return
	}
	q.withChome(h, t)
}

// mayBeBuilding reports whether word i, behind the number, is part of a
// building. "Honmachi 5, Maebashi-shi" and "Honmachi 5, Tsunatori" go on with
// places: a building behind a comma has a number of its own, and what stands
// behind the municipality is larger than it.
func (q *reader) mayBeBuilding(h hit, number, i int) bool {
	if slices.ContainsFunc(q.words[number+1:i], func(w word) bool { return w.used }) {
		return false
	}
	if q.words[i].kind != wordName {
		return true
	}
	if q.endsPart(number) && !slices.ContainsFunc(q.words[number+1:], func(w word) bool { return w.kind == wordNumber }) {
		return false
	}
	if h.done&(1<<PartMunicipality) != 0 && q.besideCity(i) {
		return false
	}
	found := farSound(q.sound(q.words[i]))
	q.sounds(q.x.soundOf(q.x.place(h.place).muni), q.sound(q.words[i]), func(same keys, _ uint16) {
		found = found || same.lo < same.hi
	})
	return !found
}

// besideCity reports whether the word at i is written as a municipality, or
// names one.
func (q *reader) besideCity(i int) bool {
	for _, k := range [...]int{i - 1, i + 1} {
		if k >= 0 && k < len(q.words) && q.words[k].kind == wordGeneric {
			switch string(q.raw[q.words[k].raw[0]:q.words[k].raw[1]]) {
			case "shi", "si", "city", "cidade", "ciudad", "town", "village", "ward", "ku", "gun", "pref", "prefecture", "ken", "of", "de":
				return true
			}
		}
	}
	if i+1 < len(q.words) && string(q.raw[q.words[i+1].raw[0]:q.words[i+1].raw[1]]) == "machi" {
		return true
	}
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	same := table.equal(q.sound(q.words[i]))
	return same.lo < same.hi
}

// latinTail finds the 丁目 and the number: what follows the town, else what
// stands before it. It returns the number's word, -1 if there is none.
func (q *reader) latinTail(last, first int) (tail, int) {
	t, number := tail{ok: true}, -1
	take := func(i int) {
		w := &q.words[i]
		if w.kind != wordNumber {
			return
		}
		if q.isChome(i) && w.number.first > 0 && w.number.afterFirst == 0 {
			if t.chome == 0 {
				t.chome, t.chomeSpan = w.number.first, span{PartChome, w.from, w.to}
			}
			return
		}
		if number < 0 {
			number = i
		}
	}
	for i := first + 1; i < len(q.words); i++ { // inside the name or behind it
		take(i)
	}
	for i := first - 1; i >= 0; i-- {
		take(i)
	}
	if number >= 0 {
		n := &q.words[number].number
		t.number, t.first, t.firstEnd, t.afterFirst = n.number, n.first, n.firstEnd, n.afterFirst
	}
	return t, number
}

// isChome reports whether the number at i is written as a 丁目.
func (q *reader) isChome(i int) bool {
	return i+1 < len(q.words) && q.words[i+1].kind == wordChome ||
		i > 0 && q.words[i-1].kind == wordChome && (i < 2 || q.words[i-2].kind != wordNumber)
}

// explainPref takes the words that name the prefecture of a municipality, or
// its 郡, or the 市 of a 区.
func (q *reader) explainPref(s *spans, m uint32) {
	record := q.x.muni(m)
	pref := record.code / 1000
	_, above, _ := strings.Cut(string(q.x.str(record.romaji)), ",")
	larger, _, _ := strings.Cut(above, "-")
	largerSound := latinSound(larger, false)
	for i := range q.words {
		w := &q.words[i]
		if w.kind != wordName || w.used || s.covers(int(w.from)) {
			continue
		}
		sound := string(q.sound(*w))
		if pref > 0 && int(pref) < len(prefKeys) && (sound == prefKeys[pref].sound || sound == prefKeys[pref].soundShort) {
			s.add(PartPrefecture, int(w.from), int(w.to))
		} else if sound != "" && sound == largerSound {
			s.add(PartMunicipality, int(w.from), int(w.to))
		}
	}
}

// unexplained counts the words that neither the state nor the prefecture
// explains.
func (q *reader) unexplained(s state) int {
	h := s.spans
	q.explainPref(&h, s.muni)
	n := 0
	for i := range q.words {
		w := &q.words[i]
		if (w.kind == wordName || w.kind == wordOther) && !w.used && !h.covers(int(w.from)) {
			n++
		}
	}
	return n
}
