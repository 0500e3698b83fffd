package gazetteer

import (
	"unicode/utf8"
)

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
