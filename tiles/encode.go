package tiles

import (
	"encoding/binary"
	"math"
)

// Field numbers of the MVT 2.1 messages.
const (
	fieldLayer = 3

	fieldName     = 1
	fieldFeature  = 2
	fieldKey      = 3
	fieldValue    = 4
	fieldExtent   = 5
	fieldVersion  = 15
	fieldID       = 1
	fieldTags     = 2
	fieldType     = 3
	fieldGeometry = 4

	valueString = 1
	valueFloat  = 2
	valueDouble = 3
	valueInt    = 4
	valueUint   = 5
	valueSint   = 6
	valueBool   = 7
)

// Wire types of protocol buffers.
const (
	wireVarint  = 0
	wireFixed64 = 1
	wireBytes   = 2
	wireFixed32 = 5
)

// Commands of a geometry.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func appendTag(b []byte, field, wire int) []byte {
	return binary.AppendUvarint(b, uint64(field)<<3|uint64(wire))
}

func appendBytes(b []byte, field int, value []byte) []byte {
	b = binary.AppendUvarint(appendTag(b, field, wireBytes), uint64(len(value)))
	return append(b, value...)
}

func appendUint(b []byte, field int, value uint64) []byte {
	return binary.AppendUvarint(appendTag(b, field, wireVarint), value)
}

// geometry is an encoded geometry: commands and deltas, ready to be copied
// into a feature.
type geometry struct {
	kind  GeomType
	bytes []byte
	at    XY // the pen
}

func (g *geometry) command(id, count int) {
	g.bytes = binary.AppendUvarint(g.bytes, uint64(count)<<3|uint64(id))
}

func (g *geometry) to(p XY) {
	g.bytes = binary.AppendUvarint(g.bytes, zigzag(p.X-g.at.X))
	g.bytes = binary.AppendUvarint(g.bytes, zigzag(p.Y-g.at.Y))
	g.at = p
}

func zigzag(n int32) uint64 { return uint64(uint32(n<<1) ^ uint32(n>>31)) }

// ring appends a ring that does not repeat its first point.
func (g *geometry) ring(points []XY) {
	g.line(points)
	g.command(closePath, 1)
}

func (g *geometry) line(points []XY) {
	g.command(moveTo, 1)
	g.to(points[0])
	g.command(lineTo, len(points)-1)
	for _, p := range points[1:] {
		g.to(p)
	}
}

func (g *geometry) points(points []XY) {
	g.command(moveTo, len(points))
	for _, p := range points {
		g.to(p)
	}
}

// tag is one attribute of a feature to be encoded: the value is a string,
// uint64, int64, float64 or bool.
type tag struct {
	key   string
	value any
}

// layerWriter encodes the features of one layer. Keys and values are numbered
// in the order in which they first appear.
type layerWriter struct {
	features   []byte
	keys       []string
	keyIndex   map[string]uint64
	values     []byte
	valueIndex map[any]uint64
	scratch    []byte
	tags       []byte
}

func newLayerWriter() *layerWriter {
	return &layerWriter{keyIndex: map[string]uint64{}, valueIndex: map[any]uint64{}}
}

// add appends one feature; an id of 0 is left out.
func (w *layerWriter) add(id uint64, tags []tag, g *geometry) {
	w.tags = w.tags[:0]
	for _, t := range tags {
		w.tags = binary.AppendUvarint(w.tags, w.key(t.key))
		w.tags = binary.AppendUvarint(w.tags, w.value(t.value))
	}
	f := w.scratch[:0]
	if id != 0 {
		f = appendUint(f, fieldID, id)
	}
	if len(w.tags) > 0 {
		f = appendBytes(f, fieldTags, w.tags)
	}
	f = appendUint(f, fieldType, uint64(g.kind))
	f = appendBytes(f, fieldGeometry, g.bytes)
	w.features = appendBytes(w.features, fieldFeature, f)
	w.scratch = f
}

func (w *layerWriter) key(key string) uint64 {
	i, ok := w.keyIndex[key]
	if !ok {
		i = uint64(len(w.keys))
		w.keys = append(w.keys, key)
		w.keyIndex[key] = i
	}
	return i
}

func (w *layerWriter) value(v any) uint64 {
	i, ok := w.valueIndex[v]
	if !ok {
		i = uint64(len(w.valueIndex))
		w.valueIndex[v] = i
		w.values = appendBytes(w.values, fieldValue, encodeValue(v))
	}
	return i
}

func encodeValue(v any) []byte {
	switch v := v.(type) {
	case string:
		return appendBytes(nil, valueString, []byte(v))
	case uint64:
		return appendUint(nil, valueUint, v)
	case int64:
		return binary.AppendUvarint(appendTag(nil, valueSint, wireVarint), uint64(v<<1)^uint64(v>>63))
	case float64:
		return binary.LittleEndian.AppendUint64(appendTag(nil, valueDouble, wireFixed64), math.Float64bits(v))
	case bool:
		n := uint64(0)
		if v {
			n = 1
		}
		return appendUint(nil, valueBool, n)
	}
	panic("tiles: attribute of a type that no caller gives")
}

// appendTo appends the layer to a tile, unless it is empty.
func (w *layerWriter) appendTo(tile []byte, name string) []byte {
	if len(w.features) == 0 {
		return tile
	}
	b := appendUint(nil, fieldVersion, 2)
	b = appendBytes(b, fieldName, []byte(name))
	b = append(b, w.features...)
	for _, k := range w.keys {
		b = appendBytes(b, fieldKey, []byte(k))
	}
	b = append(b, w.values...)
	b = appendUint(b, fieldExtent, Extent)
	return appendBytes(tile, fieldLayer, b)
}
