package geojson

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

const (
	maxShared     = 1 << 14 // names and short texts that are kept once
	maxSharedText = 64      // bytes of such a text
)

// feature is the feature being read. Its memory serves the next one too, but
// for the attributes and the shape, which go to the caller.
type feature struct {
	kind  string // its "type"
	geom  coordinates
	gtype string // type of the geometry, "" for none
	attr  geo.Attributes
	err   error // the first reason to refuse it
	width int   // columns of the last feature

	columns map[string]string // by token with quotes
	texts   map[string]any    // by characters
	small   [256]any          // the codes 0 to 255 as numbers
}

func (f *feature) init() {
	f.columns = map[string]string{}
	f.texts = map[string]any{}
	for i := range f.small {
		f.small[i] = float64(i)
	}
}

func (f *feature) reset() {
	f.kind, f.gtype, f.err = "", "", nil
	f.geom.reset()
	f.attr = make(geo.Attributes, f.width)
}

func (f *feature) refuse(err error) {
	if f.err == nil {
		f.err = err
	}
}

// read takes one element of "features".
func (f *feature) read(s *scanner) {
	f.reset()
	if s.peek() != '{' {
		f.refuse(errors.New("feature is no object"))
		s.skip()
		return
	}
	s.members(func(token []byte) { f.member(s, string(token)) })
	if f.kind != "Feature" {
		f.refuse(fmt.Errorf("type %q, want Feature", f.kind))
	}
}

// member takes the value of a member of a feature.
func (f *feature) member(s *scanner, name string) {
	switch name {
	case `"type"`:
		f.kind = f.word(s)
	case `"geometry"`:
		f.geometry(s)
	case `"properties"`:
		f.properties(s)
	default:
		s.skip()
	}
}

// word takes a string, "" for any other value.
func (f *feature) word(s *scanner) string {
	if s.peek() != '"' {
		s.skip()
		return ""
	}
	return string(s.text())
}

func (f *feature) geometry(s *scanner) {
	f.geom.reset()
	f.gtype = ""
	switch s.peek() {
	case 'n':
		s.literal("null")
		return
	case '{':
	default:
		f.refuse(errors.New("geometry is no object"))
		s.skip()
		return
	}
	s.members(func(token []byte) {
		switch string(token) {
		case `"type"`:
			f.gtype = f.word(s)
		case `"coordinates"`:
			f.geom.read(s)
		default:
			s.skip()
		}
	})
	if f.gtype == "" {
		f.refuse(errors.New("geometry has no type"))
	}
}

func (f *feature) properties(s *scanner) {
	clear(f.attr)
	switch s.peek() {
	case 'n':
		s.literal("null")
	case '{':
		s.members(func(token []byte) {
			column := f.column(token)
			f.attr[column] = f.property(s, column)
		})
		f.width = len(f.attr)
	default:
		f.refuse(errors.New("properties are no object"))
		s.skip()
	}
}

// column returns the name of a column, one string for all records.
func (f *feature) column(token []byte) string {
	name, ok := f.columns[string(token)]
	if !ok {
		name = string(unquote(token, true))
		if len(f.columns) < maxShared {
			f.columns[string(token)] = name
		}
	}
	return name
}

// property takes a value as [geo.Attributes] hold it. Arrays and objects, which
// no published column needs, stay the JSON they are.
func (f *feature) property(s *scanner, column string) any {
	switch c := s.peek(); {
	case c == '"':
		return f.text(s.text())
	case c == '-' || c-'0' <= 9:
		v, _, err := s.number()
		if err != nil {
			f.refuse(fmt.Errorf("%s: %w", column, err))
		}
		if i := int(v); i > 0 && i < len(f.small) && float64(i) == v {
			return f.small[i]
		}
		return v
	case c == 't':
		s.literal("true")
		return true
	case c == 'f':
		s.literal("false")
		return false
	case c == 'n':
		s.literal("null")
		return nil
	}
	text, err := s.capture()
	if err != nil {
		f.refuse(fmt.Errorf("%s: %w", column, err))
	}
	return string(text)
}

// text returns a value, one string for all records where it is short: the name
// of a river stands in every record of its file.
func (f *feature) text(text []byte) any {
	if len(text) > maxSharedText {
		return string(text)
	}
	value, ok := f.texts[string(text)]
	if !ok {
		value = string(text)
		if len(f.texts) < maxShared {
			f.texts[string(text)] = value
		}
	}
	return value
}

// shape returns the geometry of the feature, nil if it has none, or why it is
// refused.
func (f *feature) shape() (orb.Geometry, error) {
	if f.err != nil {
		return nil, f.err
	}
	if f.gtype == "" {
		return nil, nil
	}
	return f.geom.shape(f.gtype)
}
