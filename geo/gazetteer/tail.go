package gazetteer

import (
	"strings"
	"unicode"
)

// tail is what follows the name of a town.
type tail struct {
	ok         bool // nothing contradicts that the name ended here
	chome      int  // an explicit 丁目, 0 if none
	chomeSpan  span
	first      int // the first number, if it may be a 丁目, else 0
	firstEnd   int // where it ends
	afterFirst int // where the number after it starts
	number     span
	building   span
	aside      bool // brackets stand where a number may: they are no building
}

// tail reads what follows a town's name that ended at i.
func (q *reader) tail(i int) tail {
	var t tail
	glued := i
	i = q.skip(i)
	n, j := q.digits(i)
	if j == i {
		n, j = q.kanaChome(i)
	}
	if end := q.chomeWord(q.skip(j)); j > i && end > 0 {
		t.chome, t.chomeSpan = n, span{PartChome, int16(i), int16(end)}
		glued, i = end, q.skip(end)
		for i < q.hi && (q.t.r[i] == '-' || q.t.r[i] == 'の') {
			i++
		}
	}
	if glued == i && i > 0 && i < q.hi && isKana(q.t.r[i-1]) && isKana(q.t.r[i]) {
		return t // the reading goes on
	}
	q.numberTail(&t, i, glued)
	return t
}

// numberTail reads the number and the building from i on. glued is where the
// part before it ended.
func (q *reader) numberTail(t *tail, i, glued int) {
	if i >= q.hi {
		t.ok = true
		return
	}
	if q.t.r[i] == '-' && i+1 < q.hi && isDigit(q.t.r[i+1]) {
		i++
	}
	for _, w := range [...]string{"無番地", "番外地", "地先", "地内", "番地"} {
		if q.has(i, w) {
			end := i + len([]rune(w))
			t.ok, t.number = true, span{PartNumber, int16(i), int16(end)}
			q.building(t, end)
			return
		}
	}
	if end := q.number(t, i); end > 0 {
		t.ok = true
		q.building(t, end)
		return
	}
	bracket := opensBracket(q.t.r[i])
	if t.ok = bracket || t.chome > 0 && (i > glued || q.flatAt(i)); t.ok {
		t.aside = bracket && t.chome == 0
		q.building(t, i)
	}
}

func opensBracket(r rune) bool {
	switch r {
	case '(', '[', '「', '『', '【', '〔':
		return true
	}
	return false
}

// building takes the rest of the text.
func (q *reader) building(t *tail, i int) {
	for i = q.skip(i); i < q.hi && q.t.r[i] == '-'; i = q.skip(i + 1) {
	}
	if i < q.hi {
		t.building = span{PartBuilding, int16(i), int16(q.hi)}
	}
}

// chomeWord returns the end of 丁目 at i, 0 if none is there.
func (q *reader) chomeWord(i int) int {
	switch {
	case q.has(i, "丁目"):
		return i + 2
	case q.has(i, "ちょうめ"), q.has(i, "チョウメ"):
		return i + 4
	case q.has(i, "ちょーめ"), q.has(i, "チョーメ"):
		return i + 4
	case q.has(i, "丁") && (i+1 >= q.hi || !isHan(q.t.r[i+1])):
		return i + 1
	}
	return 0
}

// kanaChome reads イッ, ニ, サン before チョウメ.
func (q *reader) kanaChome(i int) (n, end int) {
	for _, w := range [...]struct {
		kana string
		n    int
	}{{"イッ", 1}, {"いっ", 1}, {"イチ", 1}, {"いち", 1}, {"ニ", 2}, {"に", 2}, {"サン", 3}, {"さん", 3}, {"ヨン", 4}, {"よん", 4},
		{"ゴ", 5}, {"ご", 5}, {"ロク", 6}, {"ろく", 6}, {"ナナ", 7}, {"なな", 7}, {"ハッ", 8}, {"はっ", 8}, {"ハチ", 8}, {"はち", 8},
		{"キュウ", 9}, {"きゅう", 9}, {"ジュッ", 10}, {"じゅっ", 10}} {
		if q.has(i, w.kana) {
			end = i + len([]rune(w.kana))
			if q.chomeWord(end) > 0 {
				return w.n, end
			}
		}
	}
	return 0, i
}

func isHan(r rune) bool { return r >= 0x3400 && unicode.Is(unicode.Han, r) }

// lotLetter reports whether r may stand before or after a lot number.
func lotLetter(r rune) bool {
	switch r {
	case '甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥':
		return true
	}
	return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 'ァ' && r <= 'ヶ' || r >= 'ぁ' && r <= 'ゖ'
}

// element reads one part of a number at i: 410, 甲1082, A-6, 12B. It returns
// where it ends, i if there is none, and whether it is digits only.
func (q *reader) element(i int) (end int, plain bool) {
	j := i
	if j < q.hi && lotLetter(q.t.r[j]) {
		j++
		if j < q.hi && q.t.r[j] == '-' {
			j++
		}
	}
	k := j
	for k < q.hi && isDigit(q.t.r[k]) && k-j < 6 {
		k++
	}
	if k == j || k < q.hi && isDigit(q.t.r[k]) {
		return i, false
	}
	return k, j == i
}

// number reads a tuple of at most four elements at i, and returns where it
// ends or 0 where none can be read.
func (q *reader) number(t *tail, i int) int {
	end, plain := q.element(i)
	if end == i || q.counted(end) || q.flat(end) {
		return 0
	}
	if plain {
		n, _ := q.digits(i)
		t.first, t.firstEnd = n, end
	}
	for elements := 1; ; elements++ {
		next, joint := q.joint(end)
		if elements == 1 && joint != jointDash && joint != jointNone {
			t.first = 0
		}
		if joint == jointEnd {
			end = next
			break
		}
		if joint == jointNone {
			break
		}
		after, _ := q.element(next)
		if lone := next; after == next && lone < q.hi && lotLetter(q.t.r[lone]) && !q.letterRun(lone) {
			after = lone + 1 // 468-乙
		}
		if after > next && q.flat(after) {
			break // 1-2-203号室
		}
		if after == next || elements == 4 {
			if joint == jointWord {
				end = next
			}
			break
		}
		if elements == 1 {
			t.afterFirst = next
		}
		end = after
	}
	if end < q.hi && lotLetter(q.t.r[end]) && !q.letterRun(end) {
		end++ // 1082甲, 12A
		if t.afterFirst == 0 {
			t.first = 0
		}
	}
	t.number = span{PartNumber, int16(i), int16(end)}
	return end
}

// flatAt reports whether a flat or a floor stands at i: 203号室, 3F, B1F.
func (q *reader) flatAt(i int) bool {
	end, _ := q.element(i)
	return end > i && q.flat(end)
}

// flat reports whether what follows a number makes it a flat or a floor.
func (q *reader) flat(i int) bool {
	if i >= q.hi {
		return false
	}
	switch q.t.r[i] {
	case '階', '室', '棟':
		return true
	case '号':
		return q.has(i+1, "室") || q.has(i+1, "棟") || q.has(i+1, "館")
	case 'F', 'f':
		return !q.letterRun(i)
	}
	return false
}

// letterRun reports whether the letter at i starts a word.
func (q *reader) letterRun(i int) bool {
	return i+1 < q.hi && (isLatin(q.t.r[i+1]) || isKana(q.t.r[i+1]) || isHan(q.t.r[i+1]) || isDigit(q.t.r[i+1]))
}

// counted reports whether what follows a number makes it part of a name: 3条,
// 5線, 2区, 1番町.
func (q *reader) counted(i int) bool {
	if i >= q.hi {
		return false
	}
	next := rune(0)
	if i+1 < q.hi {
		next = q.t.r[i+1]
	}
	switch q.t.r[i] {
	case '線', '条', '條', '町', '丁', '区', '組', '村', '郷', '割', '部', '班', '軒', '本', '坪', 'ツ', 'つ', 'ッ', 'ヶ', 'ケ', '号', '里', '通', '丘':
		return true
	case '番':
		return next == '町' || next == '丁' || next == '組' || next == '割' || next == '線'
	case '地':
		return next == '割'
	case 'の', 'ノ', '之':
		return !isDigit(next) && !lotLetter(next)
	}
	return false
}

type jointKind uint8

const (
	jointNone jointKind = iota
	jointDash
	jointWord // 番地, 番
	jointEnd  // 号
)

// joint reads what may stand between two elements of a number.
func (q *reader) joint(i int) (end int, kind jointKind) {
	switch {
	case i >= q.hi:
		return i, jointNone
	case q.t.r[i] == '-' || q.t.r[i] == 'の' || q.t.r[i] == 'ノ' || q.t.r[i] == '之':
		return i + 1, jointDash
	case q.has(i, "番地"):
		i += 2
	case q.has(i, "ばんち"), q.has(i, "バンチ"):
		i += 3
	case q.t.r[i] == '番':
		i++
	case q.has(i, "ばん"), q.has(i, "バン"):
		i += 2
	case q.t.r[i] == '号':
		return i + 1, jointEnd
	case q.has(i, "ごう"), q.has(i, "ゴウ"):
		return i + 2, jointEnd
	default:
		return i, jointNone
	}
	if i < q.hi && (q.t.r[i] == '-' || q.t.r[i] == 'の' || q.t.r[i] == 'ノ') {
		i++
	}
	return i, jointWord
}

// canonicalNumber writes a number as 410-2 or 甲1082.
func canonicalNumber(r []rune) string {
	out := make([]rune, 0, 16)
	dash := func() {
		if len(out) > 0 && out[len(out)-1] != '-' {
			out = append(out, '-')
		}
	}
	for i, c := range r {
		word := isKana(c) && (i > 0 && isKana(r[i-1]) || i+1 < len(r) && isKana(r[i+1])) // バンチ
		switch {
		case isDigit(c):
			out = append(out, c)
		case word || !lotLetter(c) || c == 'の' || c == 'ノ':
			dash()
		case c >= 'a' && c <= 'z':
			out = append(out, c+'A'-'a')
		case c >= 'A' && c <= 'Z':
			out = append(out, c)
		default: // 1082甲 and 1082-甲 are one
			dash()
			if c >= 'ぁ' && c <= 'ゖ' {
				c += 0x60
			}
			out = append(out, c)
		}
	}
	return strings.TrimSuffix(string(out), "-")
}
