package i18n

import (
	"fmt"
	"slices"
	"strings"
)

type partKind uint8

const (
	plain       partKind = iota
	placeholder          // text is its name
	reference            // text is a key; gone once a catalogue is loaded
)

type part struct {
	kind partKind
	text string
	ruby string
	lang string
}

const reviewMark = "†"

// parse reads a catalogue file.
func parse(lang Lang, text string) (*Catalogue, error) {
	c := &Catalogue{lang: lang, texts: map[string]entry{}}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := c.add(line); err != nil {
			return nil, fmt.Errorf("%s.txt: line %d: %w", lang, i+1, err)
		}
	}
	for key, e := range c.texts {
		if e.parts == nil {
			return nil, fmt.Errorf("%s.txt: %s: [one] without [other]", lang, key)
		}
		var err error
		if e.parts, err = c.expand(e.parts, []string{key}); err != nil {
			return nil, fmt.Errorf("%s.txt: %s: %w", lang, key, err)
		}
		if e.one != nil {
			if e.one, err = c.expand(e.one, []string{key}); err != nil {
				return nil, fmt.Errorf("%s.txt: %s: %w", lang, key, err)
			}
		}
		c.texts[key] = e
	}
	return c, nil
}

// add takes one line: key, optional plural form, optional †, =, text.
func (c *Catalogue) add(line string) error {
	left, text, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("want KEY = TEXT, got %q", line)
	}
	key, review := strings.CutSuffix(left, " "+reviewMark)
	key, one := strings.CutSuffix(key, "[one]")
	key, other := strings.CutSuffix(key, "[other]")
	if key == "" || strings.ContainsAny(key, " []{}") {
		return fmt.Errorf("%q is not a key", left)
	}
	parts, err := parseText(text)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	e, seen := c.texts[key]
	e.review = e.review || review
	switch {
	case one && e.one == nil:
		e.one = parts
	case !one && e.parts == nil && (other || !seen):
		e.parts = parts
	default:
		return fmt.Errorf("%s stands there twice", key)
	}
	c.texts[key] = e
	return nil
}

// parseText cuts a text at its braces.
func parseText(text string) ([]part, error) {
	parts := []part{}
	for text != "" {
		open := strings.IndexAny(text, "{}")
		if open < 0 {
			return append(parts, part{text: text}), nil
		}
		if text[open] == '}' {
			return nil, fmt.Errorf("} without { in %q", text)
		}
		if open > 0 {
			parts = append(parts, part{text: text[:open]})
		}
		inner, rest, ok := strings.Cut(text[open+1:], "}")
		if !ok || inner == "" || strings.Contains(inner, "{") {
			return nil, fmt.Errorf("{ without } in %q", text)
		}
		parts = append(parts, parseBraces(inner))
		text = rest
	}
	return parts, nil
}

func parseBraces(inner string) part {
	if base, ruby, ok := strings.Cut(inner, "|"); ok {
		return part{text: base, ruby: ruby}
	}
	if lang, words, ok := strings.Cut(inner, ":"); ok {
		return part{text: words, lang: lang}
	}
	if key, ok := strings.CutPrefix(inner, "@"); ok {
		return part{kind: reference, text: key}
	}
	return part{kind: placeholder, text: inner}
}

// expand replaces references by the texts they name; path holds the keys on
// the way, so that a circle is found.
func (c *Catalogue) expand(parts []part, path []string) ([]part, error) {
	out := make([]part, 0, len(parts))
	for _, p := range parts {
		if p.kind != reference {
			out = append(out, p)
			continue
		}
		e, ok := c.texts[p.text]
		if !ok {
			return nil, fmt.Errorf("{@%s} names no text", p.text)
		}
		if slices.Contains(path, p.text) {
			return nil, fmt.Errorf("{@%s} leads back to itself", p.text)
		}
		inner, err := c.expand(e.parts, append(slices.Clone(path), p.text))
		if err != nil {
			return nil, err
		}
		out = append(out, inner...)
	}
	return out, nil
}
