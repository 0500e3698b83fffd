// Package i18n holds every sentence that a visitor reads, in seven languages.
//
// Each language is one plain file, catalogues/*.txt, that a translator edits
// without knowing the program; what planners read stands apart, in desk/*.txt:
//
//	# a comment, often the source of an official term
//	status.inside = in a zone
//	term.evacuation-order † = Orden de evacuación
//	search.found[one] = {n} place found
//	search.found[other] = {n} places found
//	action.leave = Leave your home ({ja:立退き避難} {ja-Latn:tachinoki hinan}).
//
// A key marked † has no official source and waits for a reviewer. In a text,
// {n} is a value that the program fills in, {避難|ひなん} a word with its
// reading, {ja:…} words of another language, and {@term.evacuation-order} the
// text of another key, so that one term is written in one place.
package i18n

import (
	_ "embed"
	"slices"
	"sync"
)

// Lang names a language as it stands in an address: /ja-easy/.
type Lang string

// The languages. Easy Japanese stands before English: more foreign residents
// speak Japanese every day than English.
const (
	Japanese     Lang = "ja"
	EasyJapanese Lang = "ja-easy"
	English      Lang = "en"
	Spanish      Lang = "es"
	Portuguese   Lang = "pt"
	Vietnamese   Lang = "vi"
	Filipino     Lang = "tl"
)

// Langs returns the languages in the order of the picker.
func Langs() []Lang {
	return []Lang{Japanese, EasyJapanese, English, Spanish, Portuguese, Vietnamese, Filipino}
}

// Parse reads a language as [Lang] writes it, and nothing else.
func Parse(s string) (Lang, bool) {
	for _, lang := range Langs() {
		if string(lang) == s {
			return lang, true
		}
	}
	return "", false
}

// Tag returns the language tag of a page, for <html lang>. Easy Japanese is
// Japanese to a screen reader, and Tagalog as published is Filipino.
func (l Lang) Tag() string {
	switch l {
	case EasyJapanese:
		return "ja"
	case Portuguese:
		return "pt-BR"
	case Filipino:
		return "fil"
	}
	return string(l)
}

// Own returns the language's name in itself.
func (l Lang) Own() string { return For(l).T("language.own") }

// Japanese reports whether the page is read by someone who reads Japanese, so
// that Japanese words need no romaji.
func (l Lang) Japanese() bool { return l == Japanese || l == EasyJapanese }

// decimalComma reports whether numbers are written 0,5.
func (l Lang) decimalComma() bool { return l == Spanish || l == Portuguese || l == Vietnamese }

// The catalogues are strings and not a file system, which would bring files
// and clocks to the phone.
var (
	//go:embed catalogues/ja.txt
	japanese string
	//go:embed catalogues/ja-easy.txt
	easyJapanese string
	//go:embed catalogues/en.txt
	english string
	//go:embed catalogues/es.txt
	spanish string
	//go:embed catalogues/pt.txt
	portuguese string
	//go:embed catalogues/vi.txt
	vietnamese string
	//go:embed catalogues/tl.txt
	filipino string
)

// source returns the text of a catalogue as it was written.
func source(lang Lang) string {
	residents := map[Lang]string{Japanese: japanese, EasyJapanese: easyJapanese, English: english, Spanish: spanish,
		Portuguese: portuguese, Vietnamese: vietnamese, Filipino: filipino}[lang]
	return residents + deskSource(lang)
}

// catalogues are read when first asked for: a phone that wakes up to answer in
// one language has no time for seven.
var catalogues = func() map[Lang]func() *Catalogue {
	all := make(map[Lang]func() *Catalogue, len(Langs()))
	for _, lang := range Langs() {
		all[lang] = sync.OnceValue(func() *Catalogue { return load(lang) })
	}
	return all
}()

// For returns the catalogue of a language; that of Japanese for a language
// that is none of the seven.
func For(lang Lang) *Catalogue {
	if c, ok := catalogues[lang]; ok {
		return c()
	}
	return catalogues[Japanese]()
}

func load(lang Lang) *Catalogue {
	c, err := parse(lang, source(lang))
	if err != nil {
		panic(err) // the texts are part of the program and tested
	}
	return c
}

// A Catalogue holds the texts of one language. It does not change.
type Catalogue struct {
	lang  Lang
	texts map[string]entry
}

// entry is one text, with its other plural form where it has one.
type entry struct {
	parts  []part // of "other", or of a text without plural
	one    []part
	review bool // marked †
}

// Lang returns the language of the catalogue.
func (c *Catalogue) Lang() Lang { return c.lang }

// Has reports whether the catalogue holds a key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[key]
	return ok
}

// T returns a text without markup, its placeholders filled in. A key that does
// not exist comes back in brackets; a test keeps that from happening.
func (c *Catalogue) T(key string, args ...Arg) string {
	parts := c.find(key, args)
	if len(parts) == 1 && parts[0].kind == plain {
		return parts[0].text
	}
	return Plain(c.fill(nil, parts, args))
}

// Segment is a stretch of text that is shown in one way.
type Segment struct {
	Text string
	Ruby string // its reading, for furigana; "" for none
	Lang string // its language tag where that is not the page's
}

// Segments returns a text with its readings and its words of other languages
// marked, for pages.
func (c *Catalogue) Segments(key string, args ...Arg) []Segment {
	return c.AppendSegments(nil, key, args...)
}

// AppendSegments appends what [Catalogue.Segments] returns.
func (c *Catalogue) AppendSegments(segments []Segment, key string, args ...Arg) []Segment {
	return c.fill(segments, c.find(key, args), args)
}

func (c *Catalogue) fill(segments []Segment, parts []part, args []Arg) []Segment {
	segments = slices.Grow(segments, len(parts))
	for _, p := range parts {
		if p.kind == placeholder {
			segments = c.value(segments, p.text, args)
			continue
		}
		segments = append(segments, Segment{Text: p.text, Ruby: p.ruby, Lang: p.lang})
	}
	return segments
}

// find picks the plural form by the first number among the arguments.
func (c *Catalogue) find(key string, args []Arg) []part {
	e, ok := c.texts[key]
	if !ok {
		return []part{{text: "[" + key + "]"}}
	}
	if e.one == nil {
		return e.parts
	}
	for _, a := range args {
		if a.counts {
			if c.singular(a.n) {
				return e.one
			}
			return e.parts
		}
	}
	return e.parts
}

// singular follows the plural rules of CLDR for whole numbers: Portuguese
// counts 0 as one, Filipino all that do not end in 4, 6 or 9. Filipino texts
// change only for one, so they are written by that.
func (c *Catalogue) singular(n int) bool {
	return n == 1 || n == 0 && c.lang == Portuguese
}

func (c *Catalogue) value(segments []Segment, name string, args []Arg) []Segment {
	for _, a := range args {
		if a.name == name {
			return a.appendTo(segments, c.lang)
		}
	}
	return append(segments, Segment{Text: "{" + name + "}"})
}
