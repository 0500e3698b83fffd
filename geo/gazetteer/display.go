//go:build !js

package gazetteer

import "strings"

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
