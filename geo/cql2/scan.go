package cql2

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one word, number, text or sign of a filter.
type token struct {
	kind tokenKind
	text string // of quoted things what is between the quotes
	at   int    // in bytes
}

type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	quotedToken // "name"
	textToken   // 'text'
	numberToken
	signToken
)

func (t token) String() string {
	if t.kind == endToken {
		return "the end"
	}
	return fmt.Sprintf("%q", t.text)
}

// scan cuts a filter into tokens.
func scan(text string) ([]token, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("is not UTF-8")
	}
	var tokens []token
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		t := token{at: at}
		length := size
		switch {
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '\'' || r == '"':
			var err error
			if t.text, length, err = quoted(text[at:], byte(r)); err != nil {
				return nil, fmt.Errorf("at %d: %w", at, err)
			}
			t.kind = textToken
			if r == '"' {
				t.kind = quotedToken
			}
		case startsName(r):
			length = nameLength(text[at:])
			t.kind, t.text = wordToken, text[at:at+length]
		case r >= '0' && r <= '9' || r == '.' && size < len(text)-at && isDigit(text[at+1]):
			length = numberLength(text[at:])
			t.kind, t.text = numberToken, text[at:at+length]
		default:
			length = signLength(text[at:])
			if length == 0 {
				return nil, fmt.Errorf("at %d: unexpected %q", at, r)
			}
			t.kind, t.text = signToken, text[at:at+length]
		}
		tokens = append(tokens, t)
		at += length
	}
	return append(tokens, token{at: len(text)}), nil
}

// quoted reads from a quote to the next one that is neither doubled nor, in a
// text, behind a backslash.
func quoted(s string, quote byte) (text string, length int, err error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		next := byte(0)
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case s[i] == quote && next == quote, s[i] == '\\' && quote == '\'' && next == '\'':
			b.WriteByte(quote)
			i++
		case s[i] == quote:
			return b.String(), i + 1, nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, fmt.Errorf("the quote is not closed")
}

func startsName(r rune) bool { return r == '_' || r == ':' || unicode.IsLetter(r) }

func nameLength(s string) int {
	for i, r := range s {
		if !startsName(r) && r != '.' && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			return i
		}
	}
	return len(s)
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// numberLength measures digits, a fraction and an exponent.
func numberLength(s string) int {
	i := 0
	digits := func() {
		for i < len(s) && isDigit(s[i]) {
			i++
		}
	}
	digits()
	if i < len(s) && s[i] == '.' {
		i++
		digits()
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		exponent := i
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if i == len(s) || !isDigit(s[i]) {
			return exponent
		}
		digits()
	}
	return i
}

func signLength(s string) int {
	for _, sign := range []string{"<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "-", "+"} {
		if strings.HasPrefix(s, sign) {
			return len(sign)
		}
	}
	return 0
}
