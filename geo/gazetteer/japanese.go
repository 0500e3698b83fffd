package gazetteer

import (
	"slices"
	"unicode/utf8"
)

// japanese reads the text from the largest part to the smallest.
func (q *reader) japanese() {
	start := state{pos: q.lo, muni: none}
	q.afterCountry(start)
	if q.best() == Verified {
		return
	}
	for _, word := range [...]string{"日本国", "日本", "にほん", "ニホン", "ニッポン"} {
		if q.has(q.lo, word) {
			s := start
			s.pos = q.skip(q.lo + utf8.RuneCountInString(word))
			s.spans.add(PartCountry, q.lo, s.pos)
			q.afterCountry(s)
			return
		}
	}
}

// afterCountry tries every reading of what may be a prefecture.
func (q *reader) afterCountry(s state) {
	if s.pos >= q.hi {
		return
	}
	if isKana(q.t.r[s.pos]) {
		if code, end := q.kanaPrefecture(s.pos); code > 0 {
			q.inPrefecture(s, code, end, false)
		}
	} else if code, end, full := q.kanjiPrefecture(s.pos); code > 0 {
		q.inPrefecture(s, code, end, !full)
		if full {
			return
		}
	}
	if q.open() {
		q.municipality(s, false)
	}
}

// open reports whether the text deserves a reading without the municipality
// that it seems to name: nothing was found in it, or only part of the name of
// a facility, 小学校 of 見本市立小学校.
func (q *reader) open() bool {
	best := q.best()
	return best > Assumed || best == Assumed && slices.ContainsFunc(q.hits, func(h hit) bool { return h.done&(1<<PartFacility) != 0 })
}

// inPrefecture goes on after the name of a prefecture.
func (q *reader) inPrefecture(s state, code, end int, mustName bool) {
	after := s
	after.pref, after.pos = code, q.skip(end)
	after.spans.add(PartPrefecture, s.pos, end)
	q.municipality(after, mustName)
}

// kanjiPrefecture reads a prefecture at pos, with or without its last word.
func (q *reader) kanjiPrefecture(pos int) (code, end int, full bool) {
	rest := q.k.b[q.keyAt(pos):]
	for code := 1; code < len(prefKeys); code++ {
		name := &prefKeys[code]
		if len(rest) < len(name.short) || string(rest[:len(name.short)]) != name.short {
			continue
		}
		at := q.keyAt(pos)
		if len(rest) >= len(name.full) && string(rest[:len(name.full)]) == name.full {
			return code, q.keyEnd(at + len(name.full)), true
		}
		return code, q.keyEnd(at + len(name.short)), false
	}
	return 0, 0, false
}

// kanaPrefecture reads the reading of a prefecture at pos.
func (q *reader) kanaPrefecture(pos int) (code, end int) {
	q.kanaRun(pos, func(to int, sound []byte) bool {
		for i := 1; i < len(prefKeys); i++ {
			if string(sound) == prefKeys[i].sound {
				code, end = i, to
			}
		}
		return code == 0 && len(sound) < 16
	})
	return code, end
}

// keyAt returns the first byte of the key that comes from the rune at pos or
// after it.
func (q *reader) keyAt(pos int) int {
	if i := pos - q.lo; i >= 0 && i < len(q.k.of) {
		return int(q.k.of[i])
	}
	return len(q.k.b)
}

// keyEnd returns where the runes of the first n bytes of the key end.
func (q *reader) keyEnd(n int) int {
	if n == 0 {
		return q.lo
	}
	return int(q.k.at[n-1]) + 1
}

// kanaRun calls fn with every beginning of the kana at pos, as a sound that it
// may not change, until fn returns false.
func (q *reader) kanaRun(pos int, fn func(end int, sound []byte) bool) {
	q.raw, q.snd = q.raw[:0], q.snd[:0]
	for i := pos; i < q.hi && i < pos+48; i++ {
		r := q.t.r[i]
		if r == ' ' {
			continue
		}
		if !isKana(r) {
			return
		}
		q.raw = appendKana(q.raw, r)
		if i+1 < q.hi && smallKana(q.t.r[i+1]) {
			continue
		}
		q.snd = foldOnto(q.snd, q.raw, 0)
		q.raw = q.raw[:0]
		if !fn(i+1, q.snd) {
			return
		}
	}
}

// smallKana reports whether r belongs to the kana before it.
func smallKana(r rune) bool {
	switch r {
	case 'ゃ', 'ゅ', 'ょ', 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ', 'ャ', 'ュ', 'ョ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ー':
		return true
	}
	return false
}

// municipality tries every municipality whose name the text has at the state,
// then none. mustName is set after a prefecture without its last word, which
// may be part of another name: 福島町.
func (q *reader) municipality(s state, mustName bool) {
	if s.pos >= q.hi {
		if !mustName {
			q.outside(s)
		}
		return
	}
	var seen [16]uint32
	n := 0
	try := func(m uint32, end int) bool {
		if slices.Contains(seen[:n], m|uint32(end)<<20) || s.pref != 0 && int(q.x.muni(m).code/1000) != s.pref {
			return true
		}
		if n < len(seen) {
			seen[n] = m | uint32(end)<<20
			n++
		}
		after := s
		after.muni, after.pos = m, q.skip(end)
		after.spans.add(PartMunicipality, s.pos, end)
		q.town(after)
		return q.best() != Verified
	}
	at := q.keyAt(s.pos)
	table := keys{q.x, secMuniKanji, 0, 0, q.x.count(secMuniKanji)}
	table.prefixes(q.k.b[at:], func(length int, same keys) {
		for i := same.lo; i < same.hi && n < len(seen); i++ {
			if _, m, _ := same.entry(i); !try(m, q.keyEnd(at+length)) {
				return
			}
		}
	})
	if q.best() == Verified {
		return
	}
	q.soundMunicipality(s.pos, try)
	if q.open() && !mustName {
		q.town(s)
		if n == 0 {
			q.hits = slices.DeleteFunc(q.hits, q.cutCity)
			if len(q.hits) == 0 {
				q.outside(s)
			}
		}
	}
}

// soundMunicipality tries the municipalities that the kana or the first Latin
// word at pos name.
func (q *reader) soundMunicipality(pos int, try func(m uint32, end int) bool) {
	table := keys{q.x, secMuniSound, 0, 0, q.x.count(secMuniSound)}
	type found struct {
		m   uint32
		end int
	}
	var list [12]found
	n := 0
	look := func(end int, sound []byte) bool {
		same := table.equal(sound)
		for i := same.lo; i < same.hi && n < len(list); i++ {
			_, m, _ := same.entry(i)
			list[n] = found{m, end}
			n++
		}
		return true
	}
	if isKana(q.t.r[pos]) {
		q.kanaRun(pos, look)
	} else if isLatin(q.t.r[pos]) {
		q.latinRun(pos, look)
	}
	for i := n - 1; i >= 0; i-- {
		if !try(list[i].m, list[i].end) {
			return
		}
	}
}

// latinRun calls fn with the sound of the Latin word at pos, alone and with
// the words glued to it by hyphens.
func (q *reader) latinRun(pos int, fn func(end int, sound []byte) bool) {
	q.raw = q.raw[:0]
	for i := pos; i < q.hi; i++ {
		r := q.t.r[i]
		if !isLatin(r) && r != '-' {
			return
		}
		q.raw = appendLatin(q.raw, r)
		if i+1 == q.hi || !isLatin(q.t.r[i+1]) {
			q.snd = foldSound(q.snd[:0], q.raw)
			fn(i+1, q.snd)
		}
	}
}

// outside notes that the text names a prefecture or municipality that is not
// in the data.
func (q *reader) outside(s state) {
	if q.x.meta.prefs&(1<<s.pref) == 0 && s.pref != 0 || q.namesCity(s.pos) {
		q.hits = append(q.hits, hit{place: none, match: Partial, hint: HintOutsideArea, spans: s.spans})
	}
}

// cutCity reports whether a hit is part of a town's name cut out of the name of
// another city: 太田町 in 太田市.
func (q *reader) cutCity(h hit) bool {
	if h.match != Partial || h.done&(1<<PartTownSuffix) == 0 {
		return false
	}
	return slices.ContainsFunc(h.spans.all(), func(s span) bool {
		return s.as == PartTown && int(s.to) < q.hi && q.t.r[s.to] == '市'
	})
}

// namesCity reports whether the text at pos starts like a municipality.
func (q *reader) namesCity(pos int) bool {
	for i := pos; i < min(q.hi, pos+9); i++ {
		if !isHan(q.t.r[i]) && !isKana(q.t.r[i]) {
			return false
		}
		if r := q.t.r[i]; i > pos && (r == '市' || r == '郡' || r == '県' || r == '都' || r == '府') {
			return true
		}
	}
	return false
}
