package view

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed style.css
var css string

// StyleSheet returns the style sheet that every page holds inline: one more request
// would cost more than all of its bytes.
var StyleSheet = sync.OnceValue(func() string { return Minify(css) })

// Minify drops comments, line breaks and the blanks around punctuation. The
// sheet keeps to what that leaves valid: no strings with such blanks.
func Minify(css string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(css, "/*")
		b.WriteString(before)
		if !ok {
			break
		}
		_, css, _ = strings.Cut(rest, "*/")
	}
	css = strings.Join(strings.Fields(b.String()), " ")
	for _, sign := range []string{"{", "}", ";", ",", ">"} {
		css = strings.ReplaceAll(css, " "+sign, sign)
		css = strings.ReplaceAll(css, sign+" ", sign)
	}
	css = strings.ReplaceAll(css, ": ", ":")
	return strings.ReplaceAll(css, ";}", "}")
}
