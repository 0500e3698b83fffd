package view

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed style.css
var css string

//go:embed kiosk.css
var kioskCSS string

// StyleSheet returns the style sheet that every page holds inline: one more request
// would cost more than all of its bytes.
var StyleSheet = sync.OnceValue(func() string { return Minify(css) })

// KioskSheet returns what the pages of a public terminal hold beside it: no phone
// waits for that.
var KioskSheet = sync.OnceValue(func() string { return Minify(kioskCSS) })

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
