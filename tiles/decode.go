package tiles

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// Tile is a decoded vector tile.
type Tile struct{ Layers []Layer }

// Layer is one layer of a decoded tile.
type Layer struct {
	Name     string
	Version  uint32
	Extent   uint32
	Features []TileFeature
}

// GeomType is the type of a feature's geometry.
type GeomType uint8

// The geometry types of MVT 2.1.
const (
	UnknownGeom GeomType = iota
	Points
	Lines
	Polygons
)

// XY is a position in tile units, from the north-west corner, y downwards.
type XY struct{ X, Y int32 }

// TileFeature is one feature of a decoded tile.
type TileFeature struct {
	ID    uint64
	HasID bool
	Type  GeomType
	Attr  map[string]any // string, float32, float64, int64, uint64 or bool
	// Parts are the points (one part), lines or rings in the order of the
	// tile. Rings do not repeat their first point.
	Parts [][]XY
}

// Decode reads a vector tile strictly by MVT 2.1: what the specification
// forbids is refused, not repaired. Layers of version 1 are read too.
func Decode(raw []byte) (Tile, error) {
	var t Tile
	names := map[string]bool{}
	err := eachField(raw, func(f field) error {
		if f.number != fieldLayer {
			return f.unknown("tile")
		}
		b, err := f.message()
		if err != nil {
			return err
		}
		l, err := decodeLayer(b)
		if err != nil {
			return fmt.Errorf("layer %q: %w", l.Name, err)
		}
		if names[l.Name] {
			return fmt.Errorf("layer %q is there twice", l.Name)
		}
		names[l.Name] = true
		t.Layers = append(t.Layers, l)
		return nil
	})
	return t, err
}

// field is one field of a protocol buffer message.
type field struct {
	number, wire int
	varint       uint64 // also the bits of fixed values
	bytes        []byte
}

var errCutOff = errors.New("message is cut off")

func eachField(b []byte, fn func(field) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > 1<<29-1 {
			return errCutOff
		}
		b = b[n:]
		f := field{number: int(key >> 3), wire: int(key & 7)}
		switch f.wire {
		case wireVarint:
			f.varint, n = binary.Uvarint(b)
		case wireFixed64:
			if n = 8; len(b) >= n {
				f.varint = binary.LittleEndian.Uint64(b)
			}
		case wireFixed32:
			if n = 4; len(b) >= n {
				f.varint = uint64(binary.LittleEndian.Uint32(b))
			}
		case wireBytes:
			var size uint64
			size, n = binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errCutOff
			}
			f.bytes = b[n : n+int(size)]
			n += int(size)
		default:
			return fmt.Errorf("field %d: wire type %d is not known", f.number, f.wire)
		}
		if n <= 0 || n > len(b) {
			return errCutOff
		}
		b = b[n:]
		if err := fn(f); err != nil {
			return err
		}
	}
	return nil
}

func (f field) unknown(what string) error {
	return fmt.Errorf("field %d is no part of a %s", f.number, what)
}

func (f field) message() ([]byte, error) {
	if f.wire != wireBytes {
		return nil, fmt.Errorf("field %d: wire type %d, want bytes", f.number, f.wire)
	}
	return f.bytes, nil
}

func (f field) text() (string, error) {
	b, err := f.message()
	if err == nil && !utf8.Valid(b) {
		err = fmt.Errorf("field %d is not UTF-8", f.number)
	}
	return string(b), err
}

func (f field) uint(limit uint64) (uint64, error) {
	if f.wire != wireVarint || f.varint > limit {
		return 0, fmt.Errorf("field %d: want a number up to %d", f.number, limit)
	}
	return f.varint, nil
}

func decodeLayer(b []byte) (Layer, error) {
	l := Layer{Extent: Extent}
	var keys []string
	var values []any
	var features [][]byte
	seenName, seenVersion := false, false
	err := eachField(b, func(f field) (err error) {
		var n uint64
		var m []byte
		switch f.number {
		case fieldName:
			seenName = true
			l.Name, err = f.text()
		case fieldVersion:
			seenVersion = true
			n, err = f.uint(math.MaxUint32)
			l.Version = uint32(n)
		case fieldExtent:
			n, err = f.uint(math.MaxInt32)
			l.Extent = uint32(n)
		case fieldKey:
			var key string
			key, err = f.text()
			keys = append(keys, key)
		case fieldValue:
			if m, err = f.message(); err == nil {
				var v any
				v, err = decodeValue(m)
				values = append(values, v)
			}
		case fieldFeature:
			m, err = f.message()
			features = append(features, m)
		default:
			err = f.unknown("layer")
		}
		return err
	})
	switch {
	case err != nil:
		return l, err
	case !seenName:
		return l, errors.New("has no name")
	case !seenVersion || l.Version < 1 || l.Version > 2:
		return l, fmt.Errorf("version %d, want 1 or 2", l.Version)
	case l.Extent == 0:
		return l, errors.New("extent is 0")
	}
	l.Features = make([]TileFeature, 0, len(features))
	for i, m := range features {
		f, err := decodeFeature(m, keys, values)
		if err != nil {
			return l, fmt.Errorf("feature %d: %w", i, err)
		}
		l.Features = append(l.Features, f)
	}
	return l, nil
}

func decodeValue(b []byte) (value any, err error) {
	err = eachField(b, func(f field) (err error) {
		wire := wireVarint
		switch f.number {
		case valueString:
			value, err = f.text()
			wire = wireBytes
		case valueFloat:
			value, wire = math.Float32frombits(uint32(f.varint)), wireFixed32
		case valueDouble:
			value, wire = math.Float64frombits(f.varint), wireFixed64
		case valueInt:
			value = int64(f.varint)
		case valueUint:
			value = f.varint
		case valueSint:
			value = int64(f.varint>>1) ^ -int64(f.varint&1)
		case valueBool:
			value = f.varint != 0
		default:
			return f.unknown("value")
		}
		if err == nil && f.wire != wire {
			err = fmt.Errorf("value field %d: wire type %d, want %d", f.number, f.wire, wire)
		}
		return err
	})
	if err == nil && value == nil {
		err = errors.New("value is empty")
	}
	return value, err
}

func decodeFeature(b []byte, keys []string, values []any) (TileFeature, error) {
	var t TileFeature
	var tags, commands []byte
	seenType, seenGeometry := false, false
	err := eachField(b, func(f field) (err error) {
		switch f.number {
		case fieldID:
			t.HasID = true
			t.ID, err = f.uint(math.MaxUint64)
		case fieldTags:
			tags, err = f.message()
		case fieldType:
			var n uint64
			n, err = f.uint(uint64(Polygons))
			t.Type, seenType = GeomType(n), true
		case fieldGeometry:
			if seenGeometry {
				return errors.New("has two geometries")
			}
			seenGeometry = true
			commands, err = f.message()
		default:
			err = f.unknown("feature")
		}
		return err
	})
	switch {
	case err != nil:
		return t, err
	case !seenType:
		return t, errors.New("has no geometry type")
	case len(commands) == 0:
		return t, errors.New("has no geometry")
	}
	if t.Attr, err = decodeTags(tags, keys, values); err != nil {
		return t, err
	}
	if t.Type != UnknownGeom {
		t.Parts, err = decodeGeometry(commands, t.Type)
	}
	return t, err
}

func decodeTags(b []byte, keys []string, values []any) (map[string]any, error) {
	attr := map[string]any{}
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errCutOff
		}
		b = b[n:]
		value, n := binary.Uvarint(b)
		if n <= 0 {
			return nil, errors.New("tags are not pairs")
		}
		b = b[n:]
		if key >= uint64(len(keys)) || value >= uint64(len(values)) {
			return nil, fmt.Errorf("tag %d=%d: the layer has %d keys and %d values", key, value, len(keys), len(values))
		}
		if _, twice := attr[keys[key]]; twice {
			return nil, fmt.Errorf("key %q is there twice", keys[key])
		}
		attr[keys[key]] = values[value]
	}
	return attr, nil
}
