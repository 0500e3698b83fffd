package template

import (
	"html/template"
	"testing"
)

func FuzzHTMLEscapeString(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", `<a href="x">'&amp;'</a>`, "\x00", "避難所", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := HTMLEscapeString(s), template.HTMLEscapeString(s); got != want {
			t.Errorf("HTMLEscapeString(%q) = %q, want %q", s, got, want)
		}
	})
}
