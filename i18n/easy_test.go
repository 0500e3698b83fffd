package i18n

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestEasyJapanese holds ja-easy.txt to the rules of the guideline of 2020:
// readings on all kanji, short sentences, no double negatives, polite endings.
func TestEasyJapanese(t *testing.T) {
	c := For(EasyJapanese)
	for key, e := range c.texts {
		if key == "language.own" {
			continue // the name of the language, as others know it
		}
		for _, p := range e.parts {
			if p.ruby == "" && p.kind == plain && p.lang == "" && strings.ContainsFunc(p.text, isKanji) {
				t.Errorf("%s: kanji without a reading in %q", key, p.text)
			}
			if p.ruby != "" && strings.ContainsFunc(p.ruby, notKana) {
				t.Errorf("%s: reading %q is not hiragana", key, p.ruby)
			}
		}
		for sentence := range strings.SplitSeq(c.T(key), "。") {
			if n := utf8.RuneCountInString(sentence); n > 60 {
				t.Errorf("%s: a sentence of %d characters: %q", key, n, sentence)
			}
		}
		for _, word := range []string{"ないことはない", "なくはない", "わけではない", "である。", "べき", "及び", "又は", "若しくは"} {
			if strings.Contains(c.T(key), word) {
				t.Errorf("%s: hard words %q", key, word)
			}
		}
	}
}

func isKanji(r rune) bool { return unicode.Is(unicode.Han, r) && r != '々' }

func notKana(r rune) bool { return !unicode.Is(unicode.Hiragana, r) && r != 'ー' }
