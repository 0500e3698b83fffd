package view

import (
	"net/url"
	"strings"
)

// Prefs are a visitor's settings. The zero value is what a new visitor sees.
type Prefs struct {
	Text     uint8 // 0 normal, 1 large, 2 largest
	NoRuby   bool  // no furigana in easy Japanese
	Contrast bool  // high contrast
	Palette  bool  // the second palette, for colour vision
}

// ParsePrefs reads what [Prefs.String] writes; anything else is the zero value.
func ParsePrefs(s string) Prefs {
	var p Prefs
	for _, c := range s {
		switch c {
		case 'l':
			p.Text = 1
		case 'x':
			p.Text = 2
		case 'r':
			p.NoRuby = true
		case 'c':
			p.Contrast = true
		case 'p':
			p.Palette = true
		case 'n':
		default:
			return Prefs{}
		}
	}
	return p
}

// String writes the settings as the value of a cookie.
func (p Prefs) String() string {
	var b strings.Builder
	b.WriteString([...]string{"n", "l", "x"}[min(p.Text, 2)])
	if p.NoRuby {
		b.WriteByte('r')
	}
	if p.Contrast {
		b.WriteByte('c')
	}
	if p.Palette {
		b.WriteByte('p')
	}
	return b.String()
}

// with returns the settings as changed by an address: ?text=1&furigana=off.
func (p Prefs) with(query url.Values) (Prefs, bool) {
	before := p
	switch query.Get("text") {
	case "0":
		p.Text = 0
	case "1":
		p.Text = 1
	case "2":
		p.Text = 2
	}
	set(&p.NoRuby, query.Get("furigana"), "off", "on")
	set(&p.Contrast, query.Get("contrast"), "on", "off")
	set(&p.Palette, query.Get("palette"), "2", "1")
	return p, p != before
}

func set(to *bool, value, yes, no string) {
	switch value {
	case yes:
		*to = true
	case no:
		*to = false
	}
}

// class is the class attribute of <html>.
func (p Prefs) class() string {
	var names []string
	if p.Text > 0 {
		names = append(names, [...]string{"", "t1", "t2"}[min(p.Text, 2)])
	}
	if p.Contrast {
		names = append(names, "hc")
	}
	if p.Palette {
		names = append(names, "p2")
	}
	return strings.Join(names, " ")
}
