package gazetteer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// text is a query after normalisation. Every rune remembers which code points
// of the query it came from, so that an answer can quote the visitor.
type text struct {
	orig     []rune
	r        []rune  // NFKC, dashes unified, kanji numerals before counters as digits
	from, to []int16 // code points of orig
}

// read fills t from what was typed. With tail, kanji numerals at the end are
// numbers; a name that something may follow is read without.
func (t *text) read(s string, tail bool) error {
	t.orig, t.r, t.from, t.to = t.orig[:0], t.r[:0], t.from[:0], t.to[:0]
	if len(s) > 4*MaxRunes || utf8.RuneCountInString(s) > MaxRunes {
		return ErrTooLong
	}
	for _, r := range s { // invalid UTF-8 becomes U+FFFD
		t.orig = append(t.orig, r)
	}
	for i := 0; i < len(t.orig); {
		i = t.compose(i)
	}
	t.unifyDashes()
	t.numerals(tail)
	return nil
}

// compose appends the NFKC form of the code point at i and of the marks that
// follow it, and returns the index after them.
func (t *text) compose(i int) int {
	r := t.orig[i]
	if dropped(r) {
		return i + 1
	}
	end := i + 1
	for end < len(t.orig) && (joins(t.orig[end]) || dropped(t.orig[end])) {
		end++
	}
	if end == i+1 || end == i+2 && r >= 0xff66 && r <= 0xff9d {
		if wide := widened(t.orig[i:end]); wide != 0 {
			t.push(wide, i, end)
			return end
		}
	}
	if end == i+1 {
		if plain(r) {
			t.push(r, i, end)
			return end
		}
		if r > 0xff00 && r < 0xff5f { // full-width ASCII
			t.push(r-0xfee0, i, end)
			return end
		}
	}
	kept := make([]rune, 0, 8)
	for _, r := range t.orig[i:end] {
		if !dropped(r) {
			kept = append(kept, r)
		}
	}
	for _, r := range norm.NFKC.String(string(kept)) {
		t.push(r, i, end)
	}
	return end
}

// halfWidth holds the katakana of U+FF66 to U+FF9D.
var halfWidth = [...]rune{'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー', 'ア', 'イ', 'ウ', 'エ', 'オ',
	'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ', 'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ',
	'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ', 'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン'}

// widened returns the full form of half-width katakana with or without its
// mark, 0 for anything else.
func widened(r []rune) rune {
	if i := int(r[0]) - 0xff66; i < 0 || i >= len(halfWidth) {
		return 0
	}
	wide := halfWidth[r[0]-0xff66]
	if len(r) == 1 {
		return wide
	}
	row := wide >= 'カ' && wide <= 'ト' && wide != 'ッ' // ガ follows カ, バ and パ follow ハ
	puffed := wide >= 'ハ' && wide <= 'ホ'
	switch {
	case r[1] == 0xff9e && (row || puffed):
		return wide + 1
	case r[1] == 0xff9f && puffed:
		return wide + 2
	case r[1] == 0xff9e && wide == 'ウ':
		return 'ヴ'
	}
	return 0
}

func (t *text) push(r rune, from, to int) {
	if unicode.IsSpace(r) || r == '\u3000' || r == '、' || r == '。' || r == '・' || r == ';' || r == '|' {
		if r == '、' || r == ';' || r == '。' {
			r = ','
		} else {
			r = ' '
		}
	}
	t.r, t.from, t.to = append(t.r, r), append(t.from, int16(from)), append(t.to, int16(to))
}

// plain reports whether NFKC leaves r alone.
func plain(r rune) bool {
	return r >= ' ' && r < 0x7f || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fe || r >= 0x4e00 && r <= 0x9fff
}

// joins reports whether r may compose with what stands before it.
func joins(r rune) bool {
	return r >= 0x300 && r < 0x370 || r == 0x3099 || r == 0x309a || r == 0xff9e || r == 0xff9f
}

// dropped reports whether r carries no meaning: controls, zero-width and bidi
// marks, variation selectors.
func dropped(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n' && r != '\r'
	case r < 0x7f:
		return false
	case r < 0xa0, r == 0xad, r == 0x61c, r >= 0x180b && r <= 0x180f, r >= 0x200b && r <= 0x200f,
		r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff,
		r >= 0xe0000 && r <= 0xe01ef:
		return true
	}
	return false
}

func isDash(r rune) bool {
	switch r {
	case '-', '‐', '‑', '‒', '–', '—', '―', '⁃', '−', '─', '━', '﹘', '﹣', '˗', '᠆', '⸺', '⸻', '➖', '~', '〜', '∼', '∽', '〰':
		return true
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// unifyDashes makes one dash of all, of ー after a digit, and of の between
// numbers; ー inside a reading stays.
func (t *text) unifyDashes() {
	for i, r := range t.r {
		switch {
		case r < 0x7f && r != '~':
		case isDash(r):
			t.r[i] = '-'
		case r == 'ー' && i > 0 && isDigit(t.r[i-1]):
			t.r[i] = '-'
		case (r == 'の' || r == 'ノ' || r == '之') && i > 0 && i+1 < len(t.r) && isDigit(t.r[i-1]) && isDigit(t.r[i+1]):
			t.r[i] = '-'
		}
	}
}

func numeral(r rune) (value int, ok bool) {
	switch r {
	case '〇', '零':
		return 0, true
	case '一':
		return 1, true
	case '二':
		return 2, true
	case '三':
		return 3, true
	case '四':
		return 4, true
	case '五':
		return 5, true
	case '六':
		return 6, true
	case '七':
		return 7, true
	case '八':
		return 8, true
	case '九':
		return 9, true
	case '十':
		return 10, true
	case '百':
		return 100, true
	case '千':
		return 1000, true
	}
	return 0, false
}

// numerals turns runs of kanji numerals into digits where a counter follows or
// where nothing but numbers follows. Inside names they stay.
func (t *text) numerals(inTail bool) {
	tail := len(t.r)
	if inTail {
		tail = t.numberTail()
	}
	for i := 0; i < len(t.r); i++ {
		if _, ok := numeral(t.r[i]); !ok {
			continue
		}
		j := i + 1
		for j < len(t.r) {
			if _, ok := numeral(t.r[j]); !ok {
				break
			}
			j++
		}
		if i < tail && !counts(t.r[j:]) {
			i = j - 1
			continue
		}
		if n, ok := numeralValue(t.r[i:j]); ok {
			size := t.replaceNumber(i, j, n)
			if tail > i {
				tail += size - (j - i)
			}
			i += size - 1
		} else {
			i = j - 1
		}
	}
	t.unifyDashes()
}

// numberTail returns where a tail starts that holds only kanji numerals and
// what joins them: 四百十の三.
func (t *text) numberTail() int {
	i := len(t.r)
	for i > 0 {
		r := t.r[i-1]
		_, ok := numeral(r)
		if !ok && r != 'の' && r != 'ノ' && r != '之' && r != '-' && r != '番' && r != '地' && r != '号' {
			break
		}
		i--
	}
	for i < len(t.r) { // the tail starts with a numeral
		if _, ok := numeral(t.r[i]); ok {
			break
		}
		i++
	}
	return i
}

// counts reports whether rest starts with a word that makes the numeral before
// it a number: 丁目, 番 (not 番町, 番丁), 番地, 号, 条, 線, 地割, 丁.
func counts(rest []rune) bool {
	if len(rest) == 0 {
		return false
	}
	next := rune(0)
	if len(rest) > 1 {
		next = rest[1]
	}
	switch rest[0] {
	case '丁', '号', '条', '線', '條':
		return true
	case '番':
		return next != '町' && next != '丁'
	case '地':
		return next == '割'
	}
	return false
}

// numeralValue reads 二十三, 四百十 or 四一〇.
func numeralValue(rs []rune) (int, bool) {
	positional := true
	for _, r := range rs {
		if v, _ := numeral(r); v >= 10 {
			positional = false
		}
	}
	if len(rs) > 7 {
		return 0, false
	}
	n, digit := 0, 0
	for _, r := range rs {
		v, _ := numeral(r)
		switch {
		case positional:
			n = n*10 + v
		case v >= 10:
			n += max(digit, 1) * v
			digit = 0
		default:
			digit = v
		}
	}
	return n + digit, true
}

// replaceNumber writes n in place of the runes i to j and returns its length.
func (t *text) replaceNumber(i, j, n int) int {
	var buf [8]rune
	k := len(buf)
	for {
		k--
		buf[k] = rune('0' + n%10)
		if n /= 10; n == 0 {
			break
		}
	}
	digits := buf[k:]
	from, to := t.from[i], t.to[j-1]
	for len(digits) > j-i { // 千 alone is longer as 1000
		t.r = append(t.r, 0)
		t.from, t.to = append(t.from, 0), append(t.to, 0)
		copy(t.r[j+1:], t.r[j:])
		copy(t.from[j+1:], t.from[j:])
		copy(t.to[j+1:], t.to[j:])
		j++
	}
	copy(t.r[i:], digits)
	for k := i; k < i+len(digits); k++ {
		t.from[k], t.to[k] = from, to
	}
	end := i + len(digits)
	t.r = append(t.r[:end], t.r[j:]...)
	t.from = append(t.from[:end], t.from[j:]...)
	t.to = append(t.to[:end], t.to[j:]...)
	return len(digits)
}

// key is the folded form of a text, as it stands in the index, with the rune
// of the text at which each byte starts.
type key struct {
	b  []byte
	at []int16 // len(b)+1 entries
	of []int16 // by rune: the first byte that comes from it or after it
}

// fold fills k from the runes of t in [from, to).
func (k *key) fold(r []rune, from, to int) {
	k.b, k.at, k.of = k.b[:0], k.at[:0], k.of[:0]
	for i := from; i < to; i++ {
		c := r[i]
		k.of = append(k.of, int16(len(k.b)))
		switch {
		case c == ' ' || c == ',' || c == '.' || c == '\'':
			continue
		case (c == '大' || c == '小') && i+1 < to && r[i+1] == '字':
			i++
			k.of = append(k.of, int16(len(k.b)))
			continue
		case c == '字' && isAza(r[from:to], i-from):
			continue
		}
		n := len(k.b)
		k.b = utf8.AppendRune(k.b, foldRune(c))
		for ; n < len(k.b); n++ {
			k.at = append(k.at, int16(i))
		}
	}
	k.at = append(k.at, int16(to))
}

// isAza reports whether the 字 at i is the word before a name, rather than
// part of one: 十文字, 十字, 西万字.
func isAza(r []rune, i int) bool {
	if i > 0 && (r[i-1] == '文' || r[i-1] == '十') {
		return false
	}
	return i+1 < len(r) && (isHan(r[i+1]) || isKana(r[i+1]))
}

// foldRune maps the spellings of one character to one.
func foldRune(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	if r >= 'ぁ' && r <= 'ゖ' {
		r += 0x60
	}
	switch r {
	case 'ヶ', 'ヵ', 'ガ', 'ケ':
		return 'ケ'
	case '之', '乃':
		return 'ノ'
	case 'ッ':
		return 'ツ'
	}
	return foldVariant(r)
}

// kanjiKey returns the key of a register's name.
func kanjiKey(name string) string { return nameKey(name, false) }

// tailKey returns the key of a name as it is read at the end of a text, where
// numerals count as numbers.
func tailKey(name string) string { return nameKey(name, true) }

func nameKey(name string, tail bool) string {
	var t text
	if t.read(name, tail) != nil {
		return ""
	}
	var k key
	k.fold(t.r, 0, len(t.r))
	return string(k.b)
}
