package gazetteer

import (
	"slices"
	"unicode"
)

// What stands behind a number is a building, unless it may name a place of its
// own: "1-1, 前橋市" is two addresses or a contradiction, and a question
// either way. A building that only sounds like a place costs one tap.

// namesPlace reports whether the runes of s may name another place than muni.
func (q *reader) namesPlace(s span, muni uint32) bool {
	q.swapScratch()
	defer q.swapScratch()
	for i := int(s.from); i < int(s.to); {
		if code, _ := q.postalAt(i); code > 0 || unicode.IsLetter(q.t.r[i]) && !isLetter(q.t.r[i]) {
			return true // a postal code that nobody here has; a script that no name here is written in
		}
		if !isLetter(q.t.r[i]) {
			i++
			continue
		}
		end := i
		for end < q.hi && isLetter(q.t.r[end]) && isLatin(q.t.r[end]) == isLatin(q.t.r[i]) {
			end++
		}
		if isLatin(q.t.r[i]) && q.latinPlace(i, end, muni) || !isLatin(q.t.r[i]) && q.wordIsPlace(i, end, muni) {
			return true
		}
		if n := q.digitsBefore(i, int(s.from)); n < i && q.farCity(n, end) {
			return true // 三条 was read as a number
		}
		i = end
	}
	return false
}

func (q *reader) digitsBefore(i, least int) int {
	for i > least && isDigit(q.t.r[i-1]) {
		i--
	}
	return i
}

// secondNumber reports whether the number of another house follows behind a
// comma: 1-4、1-5. A lone number from 100 on is rather that of a flat: 1-4、203.
func (q *reader) secondNumber(t *tail) bool {
	if t.number.to == 0 || !slices.Contains(q.t.r[t.number.to:t.building.from], ',') {
		return false
	}
	i := int(t.building.from)
	end, plain := q.element(i)
	if end == i || !plain || q.flat(end) {
		return false
	}
	_, joint := q.joint(end)
	return joint != jointNone || end-i < 3
}

func isLetter(r rune) bool { return isHan(r) || r == '々' || isKana(r) || isLatin(r) }

// wordIsPlace judges a word of kanji and kana.
func (q *reader) wordIsPlace(i, end int, muni uint32) bool {
	i = q.behindHome(i, muni)
	if i >= end {
		return false
	}
	return q.prefectureAt(i, end, muni) || q.municipalityAt(i, end) || q.townAt(i, end, muni) || q.farCity(i, end) || q.looksLikePlace(i, end)
}

// behindHome skips the prefecture and municipality that are meant anyway:
// 伊勢崎市役所 stands in 伊勢崎市.
func (q *reader) behindHome(i int, muni uint32) int {
	if code, end, full := q.kanjiPrefecture(i); full && code == int(q.x.muni(muni).code/1000) {
		i = end
	}
	at, home := q.keyAt(i), 0
	table := keys{q.x, secMuniKanji, 0, 0, q.x.count(secMuniKanji)}
	table.prefixes(q.k.b[at:], func(length int, same keys) {
		for j := same.lo; j < same.hi; j++ {
			if _, m, _ := same.entry(j); m == muni {
				home = max(home, length)
			}
		}
	})
	if home == 0 {
		return i
	}
	return q.keyEnd(at + home)
}

func (q *reader) prefectureAt(i, end int, muni uint32) bool {
	if isKana(q.t.r[i]) {
		code, _ := q.kanaPrefecture(i)
		return code > 0
	}
	code, stop, full := q.kanjiPrefecture(i)
	if code == 0 || stop < end && owns(q.t.r[stop]) {
		return false
	}
	return full || stop >= end && code != int(q.x.muni(muni).code/1000)
}

// municipalityAt reports whether the word starts with a municipality of the
// data.
func (q *reader) municipalityAt(i, end int) bool {
	found := false
	table := keys{q.x, secMuniKanji, 0, 0, q.x.count(secMuniKanji)}
	at := q.keyAt(i)
	table.prefixes(q.k.b[at:], func(length int, _ keys) {
		stop := q.keyEnd(at + length)
		found = found || stop >= end || !owns(q.t.r[stop])
	})
	if !found && isKana(q.t.r[i]) {
		table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
		q.kanaRun(i, func(_ int, sound []byte) bool {
			same := table.equal(sound)
			found = same.lo < same.hi
			return !found
		})
	}
	return found
}

// townAt reports whether the word is the name of a town, or begins with one
// before a number: 今泉町 is, 今泉町団地 is not.
func (q *reader) townAt(i, end int, muni uint32) bool {
	found := false
	at := q.keyAt(i)
	q.x.kanjiOf(muni).prefixes(q.k.b[at:], func(length int, same keys) {
		found = found || q.keyEnd(at+length) == end && plainName(same)
	})
	if found || !isKana(q.t.r[i]) {
		return found
	}
	table := q.x.soundOf(muni)
	q.kanaRun(i, func(stop int, sound []byte) bool {
		if stop == end {
			q.sounds(table, sound, func(same keys, _ uint16) { found = found || plainName(same) })
		}
		return !found
	})
	return found
}

// plainName reports whether equal keys hold the name of a town, with or without
// its 町 or its head.
func plainName(same keys) bool {
	for i := same.lo; i < same.hi; i++ {
		if _, _, flags := same.entry(i); flags&keyWhole == 0 {
			return true
		}
	}
	return false
}

// looksLikePlace reports whether a word is shaped like the name of a place
// that the data need not hold.
func (q *reader) looksLikePlace(i, end int) bool {
	name := i
	for name < end && q.t.r[name] >= 'ァ' { // コーポ四日市 is a building
		if !isKana(q.t.r[name]) {
			break
		}
		name++
	}
	if name == end || onlyHiragana(q.t.r[i:end]) {
		return q.kanaPlace(i, end)
	}
	for k := max(name, i+1); k < end; k++ {
		last := k+1 == end
		switch q.t.r[k] {
		case '市', '郡', '県':
			if last && name == i || !last && !owns(q.t.r[k+1]) {
				return true
			}
		case '町':
			if last && (name == i || name == k) || !last && name == i && q.numbered(end) && !shelters(q.t.r[end-1]) {
				return true
			}
		case '村', '区':
			if last && name == i && k-i > 1 { // 木村 is a family
				return true
			}
		case '目', '地':
			if q.t.r[k-1] == '丁' || q.t.r[k-1] == '番' {
				return true
			}
		}
	}
	return end == i+1 && loneSuffix(q.t.r[i])
}

// loneSuffix reports whether r alone ends a name that is written apart: 前 橋 市.
func loneSuffix(r rune) bool {
	switch r {
	case '市', '郡', '町', '村', '区', '県':
		return true
	}
	return false
}

// kanaPlace judges a word of kana alone.
func (q *reader) kanaPlace(i, end int) bool {
	for _, w := range [...]struct {
		ending string
		always bool
	}{
		{"し", true}, {"ぐん", true}, {"けん", true}, {"ちょう", true}, {"まち", true}, {"ちょうめ", true}, {"チョウメ", true},
		{"グン", true}, {"チョウ", false}, {"マチ", false},
	} {
		n := len([]rune(w.ending))
		if end-i > n+1 && q.has(end-n, w.ending) && (w.always || q.numbered(end)) {
			return true
		}
	}
	return false
}

// numbered reports whether a number follows at i.
func (q *reader) numbered(i int) bool {
	i = q.skip(i)
	return i < q.hi && isDigit(q.t.r[i])
}

func onlyHiragana(r []rune) bool {
	for _, c := range r {
		if c < 'ぁ' || c > 'ゖ' {
			return false
		}
	}
	return true
}

// owns reports whether r goes on from a public body to what it owns: 県営住宅,
// 市立図書館, 市民会館, 四日市場.
func owns(r rune) bool {
	switch r {
	case '営', '立', '民', '場', '駅':
		return true
	}
	return false
}

// shelters reports whether r ends the word for a building: 団地, 住宅, 寮.
func shelters(r rune) bool {
	switch r {
	case '地', '宅', '寮', '荘', '棟', '館', '舎', '園', '院', '校', '所':
		return true
	}
	return false
}

// latinPlace judges a word in Latin letters.
func (q *reader) latinPlace(i, end int, muni uint32) bool {
	q.raw = q.raw[:0]
	for _, r := range q.t.r[i:end] {
		q.raw = appendLatin(q.raw, r)
	}
	switch string(q.raw) {
	case "shi", "si", "city", "cidade", "ciudad", "cho", "machi", "gun", "ken", "pref", "prefecture", "prefectura", "chome":
		return true
	}
	found := false
	sound := foldSound(nil, q.raw)
	for code := range prefKeys {
		if name := &prefKeys[code]; code > 0 && code != int(q.x.muni(muni).code/1000) && (string(sound) == name.sound || string(sound) == name.soundShort) {
			return true
		}
	}
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	home := false
	for same := table.equal(sound); same.lo < same.hi; same.lo++ {
		_, m, _ := same.entry(same.lo)
		if m != muni {
			return true
		}
		home = true
	}
	if !home && farSound(sound) {
		return true
	}
	q.sounds(q.x.soundOf(muni), sound, func(same keys, _ uint16) { found = found || plainName(same) })
	return found
}
