package geojson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

const (
	chunk    = 128 << 10 // read at a time
	maxToken = 1 << 20   // longest string or number
	maxDepth = 100       // of arrays and objects in each other
)

// scanner takes JSON apart, strictly, as the bytes arrive. encoding/json must
// hold a whole value before it decodes it and is several times slower. The
// first error sticks; from then on peek returns 0, which starts no value.
type scanner struct {
	src      io.Reader
	buf      []byte
	pos, end int    // what was read and not yet taken
	base     int64  // offset of buf[0] in the text
	name     []byte // of the member last met
	eof      bool
	err      error
}

func newScanner(src io.Reader) *scanner { return &scanner{src: src, buf: make([]byte, chunk)} }

// fail ends the text with an error.
func (s *scanner) fail(why string) {
	if s.err == nil {
		s.err = fmt.Errorf("byte %d: %s", s.base+int64(s.pos), why)
	}
	s.pos = s.end
	s.eof = true
}

// unexpected ends the text at a byte that does not belong there.
func (s *scanner) unexpected(want string) {
	switch {
	case s.err != nil:
	case s.pos < s.end:
		s.fail(fmt.Sprintf("%q where %s should be", s.buf[s.pos], want))
	default:
		s.fail("text ends where " + want + " should be")
	}
}

// more reads on, keeping what lies between pos and end, and reports whether
// there was more.
func (s *scanner) more() bool {
	if s.eof {
		return false
	}
	if s.end-s.pos == len(s.buf) {
		if len(s.buf) >= maxToken {
			s.fail("string or number longer than 1 MB")
			return false
		}
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	copy(s.buf, s.buf[s.pos:s.end])
	s.base += int64(s.pos)
	s.end -= s.pos
	s.pos = 0
	for range 100 {
		n, err := s.src.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.eof = true
			if err != io.EOF {
				s.err = err
				s.end = 0
				return false
			}
			return n > 0
		}
		if n > 0 {
			return true
		}
	}
	s.fail(io.ErrNoProgress.Error())
	return false
}

// peek returns the next byte that is not blank without taking it, 0 at the end.
func (s *scanner) peek() byte {
	for {
		for s.pos < s.end {
			c := s.buf[s.pos]
			if c > ' ' || (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
				return c
			}
			s.pos++
		}
		if !s.more() {
			return 0
		}
	}
}

// take takes one byte if it is the next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c || s.pos == s.end {
		return false
	}
	s.pos++
	return true
}

// next takes what follows an element of an array or object: true after a
// comma, false after the bracket that closes it or at an error.
func (s *scanner) next(closing byte) bool {
	switch s.peek() {
	case ',':
		s.pos++
		return true
	case closing:
		s.pos++
		return false
	}
	s.unexpected("a comma or " + string(closing))
	return false
}

// members takes an object and calls fn with the name of each member, as member
// returns it.
func (s *scanner) members(fn func(token []byte)) {
	s.pos++ // {
	if s.take('}') {
		return
	}
	for {
		token, ok := s.member()
		if !ok {
			return
		}
		if fn(token); !s.next('}') {
			return
		}
	}
}

// member takes the name of a member and its colon. It returns the name with
// its quotes, valid until the next name.
func (s *scanner) member() (token []byte, ok bool) {
	if s.peek() != '"' {
		s.unexpected("a name")
		return nil, false
	}
	token, escaped := s.raw()
	s.name = append(s.name[:0], token...) // the bytes move when the scanner reads on
	if escaped && s.err == nil {
		s.name, _ = json.Marshal(string(unquote(token, true))) // "\u0074ype" is "type"
	}
	if !s.take(':') {
		s.unexpected("a colon")
		return nil, false
	}
	return s.name, true
}

// raw takes a string and returns it with its quotes, valid until the next
// call, and whether it holds escapes.
func (s *scanner) raw() (token []byte, escaped bool) {
	for i := 1; ; i++ {
		if s.pos+i >= s.end {
			if !s.more() {
				s.fail("text ends inside a string")
				return nil, false
			}
		}
		switch c := s.buf[s.pos+i]; {
		case c == '"':
			token = s.buf[s.pos : s.pos+i+1]
			s.pos += i + 1
			if escaped && !json.Valid(token) {
				s.fail("string holds an escape that JSON does not know")
			}
			return token, escaped
		case c == '\\':
			escaped = true
			i++ // whatever follows belongs to the escape
		case c < ' ':
			s.pos += i
			s.unexpected("a character of a string")
			return nil, false
		}
	}
}

// text takes a string and returns its characters, valid until the next call.
func (s *scanner) text() []byte {
	token, escaped := s.raw()
	if s.err != nil {
		return nil
	}
	return unquote(token, escaped)
}

// unquote returns the characters of a string that raw has checked.
func unquote(token []byte, escaped bool) []byte {
	if !escaped {
		return token[1 : len(token)-1]
	}
	var text string
	if err := json.Unmarshal(token, &text); err != nil {
		panic("geojson: valid string refused: " + err.Error())
	}
	return []byte(text)
}

// errRange is the one fault of a number that the grammar does not see.
var errRange = errors.New("number is too large")

// number takes a number, as strconv.ParseFloat reads it, and returns its text
// too, valid until the next call.
func (s *scanner) number() (v float64, token []byte, err error) {
	for s.end-s.pos < 32 && s.more() {
	}
	for {
		v, n, err := parseNumber(s.buf[s.pos:s.end])
		if (n == s.end-s.pos || n == 0 && s.cutNumber()) && s.more() {
			continue
		}
		if n == 0 || s.err != nil {
			s.unexpected("a number")
			return 0, nil, nil
		}
		token = s.buf[s.pos : s.pos+n]
		s.pos += n
		return v, token, err
	}
}

// cutNumber reports whether what was read may be the start of a number.
func (s *scanner) cutNumber() bool {
	return len(bytes.Trim(s.buf[s.pos:s.end], "0123456789+-.eE")) == 0
}

var powersOfTen = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber reads the JSON number that b starts with, n bytes of it, 0 if
// there is none. Digits below 2^53 over a power of ten up to 10^22 are divided
// exactly and rounded once, as strconv does; it gets all others.
func parseNumber(b []byte) (v float64, n int, err error) {
	i := 0
	negative := i < len(b) && b[i] == '-'
	if negative {
		i++
	}
	var digits uint64
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		digits = digits*10 + uint64(b[i]-'0')
		i++
	}
	if i == first || (b[first] == '0' && i > first+1) {
		return 0, 0, nil
	}
	count, decimals := i-first, 0
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for i < len(b) && b[i]-'0' <= 9 {
			digits = digits*10 + uint64(b[i]-'0')
			i++
		}
		if decimals = i - point; decimals == 0 {
			return 0, 0, nil
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		return exponent(b, i)
	}
	if count+decimals <= 19 && digits < 1<<53 { // 19 digits do not overflow
		v = float64(digits) / powersOfTen[decimals]
		if negative {
			v = -v
		}
		return v, i, nil
	}
	return slowNumber(b[:i])
}

// exponent reads on from the e of a number.
func exponent(b []byte, i int) (float64, int, error) {
	i++
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		i++
	}
	first := i
	for i < len(b) && b[i]-'0' <= 9 {
		i++
	}
	if i == first {
		return 0, 0, nil
	}
	return slowNumber(b[:i])
}

func slowNumber(b []byte) (float64, int, error) {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, len(b), errRange
	}
	return v, len(b), nil
}

// literal takes true, false or null.
func (s *scanner) literal(word string) {
	for s.end-s.pos < len(word) && s.more() {
	}
	if s.end-s.pos < len(word) || string(s.buf[s.pos:s.pos+len(word)]) != word {
		s.unexpected(word)
		return
	}
	s.pos += len(word)
}
