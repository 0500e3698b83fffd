package charset

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

const (
	trails = 188    // trail bytes per lead: 0x40-0x7E, 0x80-0xFC
	gaiji  = 0xE000 // where Windows puts the characters that users drew, F040-F9FC
)

// cp932 maps pairs of bytes to characters, 0 where there is none. The pairs of
// 1-94 ku come from x/text, which decodes Windows-31J but for the gaiji.
var cp932 = sync.OnceValue(func() *[60 * trails]uint16 {
	table := new([60 * trails]uint16)
	decoder := japanese.ShiftJIS.NewDecoder()
	for lead := 0x81; lead <= 0xFC; lead++ {
		for trail := 0x40; trail <= 0xFC; trail++ {
			i, ok := pair(byte(lead), byte(trail))
			if !ok {
				continue
			}
			if lead >= 0xF0 && lead <= 0xF9 {
				table[i] = uint16(gaiji + (lead-0xF0)*trails + i%trails)
				continue
			}
			text, err := decoder.Bytes([]byte{byte(lead), byte(trail)})
			if r, size := utf8.DecodeRune(text); err == nil && size == len(text) && r != utf8.RuneError {
				table[i] = uint16(r)
			}
		}
	}
	return table
})

// pair returns the place of a pair of bytes in the table.
func pair(lead, trail byte) (int, bool) {
	switch {
	case lead >= 0x81 && lead <= 0x9F:
		lead -= 0x81
	case lead >= 0xE0 && lead <= 0xFC:
		lead -= 0xE0 - 31
	default:
		return 0, false
	}
	switch {
	case trail >= 0x40 && trail <= 0x7E:
		trail -= 0x40
	case trail >= 0x80 && trail <= 0xFC:
		trail -= 0x41
	default:
		return 0, false
	}
	return int(lead)*trails + int(trail), true
}

// appendCP932 appends src as UTF-8 and returns how many bytes it took: all, or
// up to a character that is cut off, or, then bad, up to one that does not
// exist.
func appendCP932(dst, src []byte) (out []byte, n int, bad bool) {
	table := cp932()
	for n < len(src) {
		c := src[n]
		switch {
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			n++
		case c >= 0xA1 && c <= 0xDF: // half-width kana
			dst = utf8.AppendRune(dst, 0xFF61+rune(c)-0xA1)
			n++
		default:
			if _, lead := pair(c, 0x40); !lead {
				return dst, n, true
			}
			if n+1 == len(src) {
				return dst, n, false
			}
			i, ok := pair(c, src[n+1])
			if !ok || table[i] == 0 {
				return dst, n, true
			}
			dst = utf8.AppendRune(dst, rune(table[i]))
			n += 2
		}
	}
	return dst, n, false
}

// FromCP932 returns CP932 bytes as text. What cannot be read becomes U+FFFD in
// the text, and the error says where the first of it stands: a name with a
// hole is worth more than a zone lost.
func FromCP932(b []byte) (string, error) {
	var out []byte
	var err error
	for rest := b; ; {
		var n int
		out, n, _ = appendCP932(out, rest)
		if rest = rest[n:]; len(rest) == 0 {
			return string(out), err
		}
		if err == nil {
			err = fmt.Errorf("byte %d: not CP932: %w", len(b)-len(rest), ErrInvalid)
		}
		out = utf8.AppendRune(out, utf8.RuneError)
		rest = rest[1:]
	}
}
