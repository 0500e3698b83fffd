package cql2

// In a pattern of LIKE "%" stands for any text and "_" for one character; a
// "\" before them, or before itself, takes that meaning away. In memory the
// two are characters that no text holds.
const (
	anyText      = -1
	anyCharacter = -2
)

func parsePattern(text string) []rune {
	var pattern []rune
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			pattern = append(pattern, r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			pattern = append(pattern, anyText)
		case r == '_':
			pattern = append(pattern, anyCharacter)
		default:
			pattern = append(pattern, r)
		}
	}
	if escaped {
		pattern = append(pattern, '\\')
	}
	return pattern
}

// matches goes back to the last "%" alone, so that no pattern takes longer
// than its length times that of the text.
func matches(pattern, text []rune) bool {
	p, t := 0, 0
	star, from := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == anyText:
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == anyCharacter || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyText {
		p++
	}
	return p == len(pattern)
}
