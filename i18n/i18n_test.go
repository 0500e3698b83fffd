package i18n

import (
	"slices"
	"strings"
	"testing"
)

func TestSameKeysAndPlaceholders(t *testing.T) {
	want := For(Japanese)
	for _, lang := range Langs() {
		got := For(lang)
		for key, e := range want.texts {
			if !got.Has(key) {
				t.Errorf("%s.txt: no text for %s", lang, key)
				continue
			}
			checkPlaceholders(t, lang, key, e, got.texts[key])
		}
		for key := range got.texts {
			if !want.Has(key) {
				t.Errorf("%s.txt: %s is not in ja.txt", lang, key)
			}
		}
	}
}

func checkPlaceholders(t *testing.T, lang Lang, key string, want, got entry) {
	t.Helper()
	if w, g := placeholders(want.parts), placeholders(got.parts); !slices.Equal(w, g) {
		t.Errorf("%s.txt: %s has placeholders %v, want %v", lang, key, g, w)
	}
	if got.one != nil {
		for _, name := range placeholders(got.one) { // "the zone" needs no {n}
			if !slices.Contains(placeholders(got.parts), name) {
				t.Errorf("%s.txt: %s[one] has placeholder %s", lang, key, name)
			}
		}
	}
}

func placeholders(parts []part) []string {
	var names []string
	for _, p := range parts {
		if p.kind == placeholder && !slices.Contains(names, p.text) {
			names = append(names, p.text)
		}
	}
	slices.Sort(names)
	return names
}

func TestPluralForms(t *testing.T) {
	for _, lang := range Langs() {
		for key, e := range For(lang).texts {
			plural := lang == English || lang == Spanish || lang == Portuguese || lang == Filipino
			if e.one != nil && !plural {
				t.Errorf("%s.txt: %s[one]: the language has no plural", lang, key)
			}
			if plural && e.one == nil && For(English).texts[key].one != nil {
				t.Errorf("%s.txt: %s lacks [one]", lang, key)
			}
		}
	}
}

func TestTexts(t *testing.T) {
	c, err := parse(Portuguese, strings.Join([]string{
		"# comment",
		"plain = a = b",
		"term † = Ordem ({ja:避難指示} {ja-Latn:hinan shiji})",
		"sentence = {@term}: {n}, {river}",
		"found[one] = {n} lugar",
		"found[other] = {n} lugares",
		"ruby = {避難|ひなん}する",
		"depth = {v} m",
	}, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, got, want string
	}{
		{"equals sign", c.T("plain"), "a = b"},
		{"reference", c.T("sentence", Int("n", 3), Ja("river", "利根川")), "Ordem (避難指示 hinan shiji): 3, 利根川"},
		{"one", c.T("found", Int("n", 1)), "1 lugar"},
		{"zero counts as one in Portuguese", c.T("found", Int("n", 0)), "0 lugar"},
		{"many", c.T("found", Int("n", 2)), "2 lugares"},
		{"ruby is left out of plain text", c.T("ruby"), "避難する"},
		{"decimal comma", c.T("depth", Decimal("v", 0.5)), "0,5 m"},
		{"missing key", c.T("nothing"), "[nothing]"},
		{"missing argument", c.T("depth"), "{v} m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
	wantSegments := []Segment{{Text: "Ordem ("}, {Text: "避難指示", Lang: "ja"}, {Text: " "}, {Text: "hinan shiji", Lang: "ja-Latn"},
		{Text: ")"}, {Text: ": "}, {Text: "3"}, {Text: ", "}, {Text: "利根川", Lang: "ja"}}
	if got := c.Segments("sentence", Int("n", 3), Ja("river", "利根川")); !slices.Equal(got, wantSegments) {
		t.Errorf("Segments = %v, want %v", got, wantSegments)
	}
	if got := c.ForReview(); !slices.Equal(got, []Review{{Key: "term", Text: "Ordem (避難指示 hinan shiji)"}}) {
		t.Errorf("ForReview = %v", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"no equals sign", "key =", " = text", "a = 1\na = 2", "a = {", "a = }", "a = {}", "a = {b{c}}",
		"a = {@nothing}", "a = {@b}\nb = {@a}", "a[one] = x", "a[other] = x\na[other] = y", "two words = x",
	} {
		if _, err := parse(English, text); err == nil {
			t.Errorf("parse(%q) takes it", text)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a = {b|c} {ja:d} {@e}\ne = {f}")
	f.Add("")
	f.Add("a[one] = -1\na[other] = NaN")
	f.Add("a = {cut")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse(English, text)
		if err != nil {
			return
		}
		for key := range c.texts {
			var b strings.Builder
			for _, s := range c.Segments(key) {
				b.WriteString(s.Text)
			}
			if got := c.T(key); got != b.String() {
				t.Errorf("T(%q) = %q, but its segments read %q", key, got, b.String())
			}
		}
	})
}

func TestLang(t *testing.T) {
	for _, lang := range Langs() {
		if got, ok := Parse(string(lang)); !ok || got != lang {
			t.Errorf("Parse(%q) = %q, %v", lang, got, ok)
		}
	}
	for _, s := range []string{"", "JA", "fr", "ja-"} {
		if _, ok := Parse(s); ok {
			t.Errorf("Parse(%q) takes it", s)
		}
	}
	if got := Filipino.Tag(); got != "fil" {
		t.Errorf("Tag = %q, want fil", got)
	}
}

// TestNothingCallsItselfOfficial: terms await their review, so no text of the
// site may pass for the city's own.
func TestNothingCallsItselfOfficial(t *testing.T) {
	for _, lang := range Langs() {
		c := For(lang)
		for key := range c.texts {
			for _, word := range []string{"official", "oficial", "chính thức", "opisyal", "公式"} {
				if strings.Contains(strings.ToLower(c.T(key)), word) {
					t.Errorf("%s: %s says %q", lang, key, c.T(key))
				}
			}
		}
	}
}
