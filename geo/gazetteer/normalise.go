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
