package gazetteer

// Readings are compared as sounds: kana and romaji of every system end in one
// spelling, close to Kunrei, in which long vowels and double consonants are
// single. The final チョウ or マチ of a 町 is one symbol.

// townSymbol stands for a final cho or machi of a 町.
const townSymbol = '*'

// moras holds the sound of each katakana from ァ to ヶ.
var moras = [...]string{
	"a", "a", "i", "i", "u", "u", "e", "e", "o", "o", // ァアィイゥウェエォオ
	"ka", "ga", "ki", "gi", "ku", "gu", "ke", "ge", "ko", "go",
	"sa", "za", "si", "zi", "su", "zu", "se", "ze", "so", "zo",
	"ta", "da", "ti", "zi", "", "tu", "zu", "te", "de", "to", "do", // the small ッ doubles, so it is silent here
	"na", "ni", "nu", "ne", "no",
	"ha", "ba", "pa", "hi", "bi", "pi", "hu", "bu", "pu", "he", "be", "pe", "ho", "bo", "po",
	"ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo", "yo", // ャヤュユョヨ
	"ra", "ri", "ru", "re", "ro", "wa", "wa", "i", "e", "o", "n", "bu", "ka", "ke",
}

func isKana(r rune) bool { return r >= 'ぁ' && r <= 'ゖ' || r >= 'ァ' && r <= 'ヶ' || r == 'ー' }

// appendKana appends the sound of one kana to what stands before it, not yet
// folded.
func appendKana(dst []byte, r rune) []byte {
	if r >= 'ぁ' && r <= 'ゖ' {
		r += 0x60
	}
	if r == 'ー' || r < 'ァ' || r > 'ヶ' {
		return dst // a long vowel is as good as a short one
	}
	last := byte(0)
	if len(dst) > 0 {
		last = dst[len(dst)-1]
	}
	mora := moras[r-'ァ']
	switch r {
	case 'ャ', 'ュ', 'ョ': // キャ: kya, ジャ: zya
		if last == 'i' {
			dst = dst[:len(dst)-1]
		}
	case 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ': // ファ: ha, ティ: ti
		if len(dst) > 1 && vowel(last) && !vowel(dst[len(dst)-2]) {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, mora...)
}

func vowel(c byte) bool { return c == 'a' || c == 'i' || c == 'u' || c == 'e' || c == 'o' }

// appendLatin appends a letter without its marks, in lower case. Letters that
// romaji does not use are left out.
func appendLatin(dst []byte, r rune) []byte {
	switch {
	case r >= 'a' && r <= 'z':
		return append(dst, byte(r))
	case r >= 'A' && r <= 'Z':
		return append(dst, byte(r)+'a'-'A')
	}
	if c := unmarked(r); c != 0 {
		return append(dst, c)
	}
	return dst
}

// unmarked returns the base letter of a Latin letter with marks, 0 for other
// runes.
func unmarked(r rune) byte {
	const from = 0xc0
	// U+00C0 to U+017F; a dot stands for "no letter of romaji".
	const base = "aaaaaaaceeeeiiiidnooooo.ouuuuy.saaaaaaaceeeeiiiidnooooo.ouuuuy.y" +
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	if r < from || int(r)-from >= len(base) {
		return vietnamese(r)
	}
	switch r {
	case 'ç', 'Ç':
		return 's'
	}
	if c := base[r-from]; c != '.' {
		return c
	}
	return 0
}

// vietnamese covers the letters of U+1EA0 to U+1EF9, which Vietnamese
// keyboards produce, and the horned o and u.
func vietnamese(r rune) byte {
	switch {
	case r == 'ơ' || r == 'Ơ':
		return 'o'
	case r == 'ư' || r == 'Ư':
		return 'u'
	case r < 0x1ea0 || r > 0x1ef9:
		return 0
	case r <= 0x1eb7:
		return 'a'
	case r <= 0x1ec7:
		return 'e'
	case r <= 0x1ecb:
		return 'i'
	case r <= 0x1ee3:
		return 'o'
	case r <= 0x1ef1:
		return 'u'
	}
	return 'y'
}

func isLatin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xc0 && unmarked(r) != 0
}

// foldSound appends the sound of raw, kana or Latin letters as the functions
// above wrote them, to dst.
func foldSound(dst, raw []byte) []byte { return foldOnto(dst, raw, len(dst)) }

// foldOnto does so where dst holds the sound of what stands before, from start
// on.
func foldOnto(dst, raw []byte, start int) []byte {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		next := func(n int) byte {
			if i+n < len(raw) {
				return raw[i+n]
			}
			return 0
		}
		switch c {
		case 's':
			if next(1) == 'h' {
				i++
				dst = push(dst, start, 's')
				dst = pushGlide(dst, raw, i)
				continue
			}
		case 'x': // Portuguese: Xibuya
			dst = push(dst, start, 's')
			dst = pushGlide(dst, raw, i)
			continue
		case 'c':
			switch next(1) {
			case 'h':
				i++
				dst = push(dst, start, 't')
				dst = pushGlide(dst, raw, i)
				continue
			case 'e', 'i', 'y':
				c = 's'
			default:
				c = 'k'
			}
		case 'q':
			if next(1) == 'u' && (next(2) == 'e' || next(2) == 'i') {
				i++
			}
			c = 'k'
		case 't':
			if next(1) == 's' && next(2) == 'u' {
				i++
			}
		case 'j':
			dst = push(dst, start, 'z')
			dst = pushGlide(dst, raw, i)
			continue
		case 'd':
			switch next(1) {
			case 'z':
				continue
			case 'i', 'u', 'y':
				c = 'z'
			}
		case 'f':
			c = 'h'
		case 'l':
			c = 'r'
		case 'v':
			c = 'b'
		case 'm':
			if n := next(1); n == 'b' || n == 'm' || n == 'p' {
				c = 'n'
			}
		case 'h': // "oh" is a long vowel only where no vowel or y follows: jo|higashi
			if len(dst) > start && dst[len(dst)-1] == 'o' && !vowel(next(1)) && next(1) != 'y' {
				continue
			}
		}
		dst = push(dst, start, c)
	}
	return dst
}

// pushGlide adds the y of sha, cha, ja; shi, chi, ji have none.
func pushGlide(dst, raw []byte, i int) []byte {
	if i+1 < len(raw) && vowel(raw[i+1]) && raw[i+1] != 'i' {
		return append(dst, 'y')
	}
	return dst
}

// push appends c unless it only lengthens what stands before it.
func push(dst []byte, start int, c byte) []byte {
	if len(dst) > start {
		last := dst[len(dst)-1]
		if last == c || last == 'o' && c == 'u' {
			return dst
		}
	}
	return append(dst, c)
}

// townStem cuts a final cho or machi from a sound.
func townStem(sound []byte) ([]byte, bool) {
	n := len(sound)
	if n > 3 && string(sound[n-3:]) == "tyo" {
		return sound[:n-3], true
	}
	if n > 4 && string(sound[n-4:]) == "mati" {
		return sound[:n-4], true
	}
	return sound, false
}

// kanaSound returns the sound of a reading; town tells that the name ends in
// 町, so that its cho or machi becomes the symbol.
func kanaSound(kana string, town bool) string {
	var raw []byte
	for _, r := range kana {
		raw = appendKana(raw, r)
	}
	return soundKey(raw, town)
}

// latinSound does the same for romaji.
func latinSound(romaji string, town bool) string {
	var raw []byte
	for _, r := range romaji {
		raw = appendLatin(raw, r)
	}
	return soundKey(raw, town)
}

func soundKey(raw []byte, town bool) string {
	sound := foldSound(nil, raw)
	if town {
		if stem, ok := townStem(sound); ok {
			return string(stem) + string(townSymbol)
		}
	}
	return string(sound)
}

// foldVoice ignores voicing in place: z=s, d=t, g=k, b=p=h.
func foldVoice(sound []byte) {
	for i, c := range sound {
		switch c {
		case 'z':
			sound[i] = 's'
		case 'd':
			sound[i] = 't'
		case 'g':
			sound[i] = 'k'
		case 'b', 'p':
			sound[i] = 'h'
		}
	}
}
