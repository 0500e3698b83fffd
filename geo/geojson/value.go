package geojson

import "fmt"

// maxRaw is the longest nested value that is kept as text.
const maxRaw = 64 << 10

// skip takes any value.
func (s *scanner) skip() { s.value(nil, 0) }

// capture takes any value and returns it as compact JSON.
func (s *scanner) capture() ([]byte, error) {
	out := []byte{}
	s.value(&out, 0)
	if len(out) > maxRaw {
		return nil, fmt.Errorf("nested value is longer than %d bytes", maxRaw)
	}
	return out, nil
}

// keep appends to out unless that is nil or too long already.
func keep(out *[]byte, text ...byte) {
	if out != nil && len(*out) <= maxRaw {
		*out = append(*out, text...)
	}
}

// value takes any value and keeps its text in out.
func (s *scanner) value(out *[]byte, depth int) {
	if depth > maxDepth {
		s.fail("nested deeper than 100 levels")
		return
	}
	switch c := s.peek(); {
	case c == '{':
		s.object(out, depth)
	case c == '[':
		s.array(out, depth)
	case c == '"':
		token, _ := s.raw()
		keep(out, token...)
	case c == 't':
		s.word(out, "true")
	case c == 'f':
		s.word(out, "false")
	case c == 'n':
		s.word(out, "null")
	case c == '-' || c-'0' <= 9:
		_, token, _ := s.number() // one that is too large is well formed all the same
		keep(out, token...)
	default:
		s.unexpected("a value")
	}
}

func (s *scanner) word(out *[]byte, word string) {
	s.literal(word)
	keep(out, []byte(word)...)
}

func (s *scanner) array(out *[]byte, depth int) {
	s.pos++
	keep(out, '[')
	if !s.take(']') {
		for s.value(out, depth+1); s.next(']'); s.value(out, depth+1) {
			keep(out, ',')
		}
	}
	keep(out, ']')
}

func (s *scanner) object(out *[]byte, depth int) {
	first := true
	keep(out, '{')
	s.members(func(token []byte) {
		if !first {
			keep(out, ',')
		}
		first = false
		keep(out, token...)
		keep(out, ':')
		s.value(out, depth+1)
	})
	keep(out, '}')
}
