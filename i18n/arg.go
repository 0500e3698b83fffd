package i18n

import (
	"strconv"
	"strings"
)

// Arg fills one placeholder of a text.
type Arg struct {
	name     string
	text     string
	lang     string
	n        int
	counts   bool
	decimal  float64
	isNumber bool
	segments []Segment
}

// Int fills {name} with a whole number. The first Int of a call chooses the
// plural form.
func Int(name string, n int) Arg { return Arg{name: name, n: n, counts: true} }

// Decimal fills {name} with a number as the language writes it: 0.5 or 0,5.
func Decimal(name string, v float64) Arg { return Arg{name: name, decimal: v, isNumber: true} }

// Str fills {name} with text in the page's own language.
func Str(name, s string) Arg { return Arg{name: name, text: s} }

// Ja fills {name} with Japanese text, such as the name of a river, which pages
// in other languages mark as Japanese.
func Ja(name, s string) Arg { return Arg{name: name, text: s, lang: "ja"} }

// Segs fills {name} with text that has readings and languages of its own.
func Segs(name string, segments ...Segment) Arg { return Arg{name: name, segments: segments} }

// Arg fills {name} with another text of the catalogue.
func (c *Catalogue) Arg(name, key string, args ...Arg) Arg {
	return Segs(name, c.Segments(key, args...)...)
}

// Plain joins segments without their markup.
func Plain(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (a Arg) appendTo(segments []Segment, lang Lang) []Segment {
	switch {
	case a.segments != nil:
		return append(segments, a.segments...)
	case a.counts:
		return append(segments, Segment{Text: strconv.Itoa(a.n)})
	case a.isNumber:
		return append(segments, Segment{Text: lang.Number(a.decimal)})
	case a.lang != "" && !lang.Japanese():
		return append(segments, Segment{Text: a.text, Lang: a.lang})
	}
	return append(segments, Segment{Text: a.text})
}

// Number writes a number as the language does, with at most one decimal.
func (l Lang) Number(v float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
	if l.decimalComma() {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
