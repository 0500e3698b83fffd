package shapefile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"hazardmap/geo"
	"hazardmap/geo/shapefile"

	"github.com/paulmach/orb"
)

// maker makes the bytes of a shapefile.
type maker struct {
	kind    uint32
	records [][]byte
	columns []column
	rows    []string // each cell as wide as its column
	ldid    byte
}

type column struct {
	name            string
	kind            byte
	width, decimals byte
}

func le32(numbers ...uint32) (out []byte) {
	for _, n := range numbers {
		out = binary.LittleEndian.AppendUint32(out, n)
	}
	return out
}

func floats(numbers ...float64) (out []byte) {
	for _, v := range numbers {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
	}
	return out
}

// parts returns the content of a polyline or polygon.
func parts(kind uint32, rings ...[]orb.Point) []byte {
	n := 0
	var starts, points []byte
	for _, ring := range rings {
		starts = append(starts, le32(uint32(n))...)
		n += len(ring)
		for _, p := range ring {
			points = append(points, floats(p[0], p[1])...)
		}
	}
	return bytes.Join([][]byte{le32(kind), floats(0, 0, 0, 0), le32(uint32(len(rings)), uint32(n)), starts, points}, nil)
}

func (m maker) shp() []byte {
	head := make([]byte, 100)
	binary.BigEndian.PutUint32(head, 9994)
	binary.LittleEndian.PutUint32(head[28:], 1000)
	binary.LittleEndian.PutUint32(head[32:], m.kind)
	out := head
	for i, r := range m.records {
		out = binary.BigEndian.AppendUint32(out, uint32(i+1))
		out = binary.BigEndian.AppendUint32(out, uint32(len(r)/2))
		out = append(out, r...)
	}
	binary.BigEndian.PutUint32(out[24:], uint32(len(out)/2))
	return out
}

func (m maker) dbf() []byte {
	head := make([]byte, 32)
	head[0], head[29] = 3, m.ldid
	width := 1
	var columns []byte
	for _, c := range m.columns {
		field := make([]byte, 32)
		copy(field[:11], c.name)
		field[11], field[16], field[17] = c.kind, c.width, c.decimals
		columns = append(columns, field...)
		width += int(c.width)
		if c.kind == 'C' {
			width += int(c.decimals) << 8
		}
	}
	binary.LittleEndian.PutUint32(head[4:], uint32(len(m.rows)))
	binary.LittleEndian.PutUint16(head[8:], uint16(len(head)+len(columns)+1))
	binary.LittleEndian.PutUint16(head[10:], uint16(width))
	out := append(append(head, columns...), '\r')
	for _, row := range m.rows {
		out = append(out, row...)
	}
	return append(out, 0x1A)
}

// read returns the features, the refused records and what ended the file.
func read(shp, dbf []byte, opts shapefile.Options) (features []geo.Feature, refused []*geo.RecordError, err error) {
	r, err := shapefile.Read(bytes.NewReader(shp), bytes.NewReader(dbf), int64(len(shp)), int64(len(dbf)), "x.shp", opts)
	if err != nil {
		return nil, nil, err
	}
	return collect(r.Features())
}

func collect(stream geo.Features) (features []geo.Feature, refused []*geo.RecordError, err error) {
	for f, err := range stream {
		var record *geo.RecordError
		switch {
		case errors.As(err, &record):
			refused = append(refused, record)
		case err != nil:
			return features, refused, err
		default:
			features = append(features, f)
		}
	}
	return features, refused, nil
}

// numbered gives a file of shapes a table that counts them.
func numbered(kind uint32, records ...[]byte) maker {
	m := maker{kind: kind, records: records, columns: []column{{"n", 'N', 6, 0}}}
	for i := range records {
		m.rows = append(m.rows, fmt.Sprintf(" %6d", i+1))
	}
	return m
}
