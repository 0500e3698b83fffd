package shapefile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

// table is a .dbf, read row by row.
type table struct {
	src    *bufio.Reader
	fields []Field
	left   int64 // records not yet read
	row    []byte
	text   func([]byte) string
	shared map[string]any // short texts, one string for all records
}

const (
	maxShared     = 1 << 14
	maxSharedText = 64
)

// ldidCP932 is the language byte of files that say they are Japanese. Many say
// nothing (0).
const ldidCP932 = 0x13

// readTable reads the head of a .dbf.
func readTable(r io.Reader, size int64, encoding string) (*table, error) {
	t := &table{src: bufio.NewReaderSize(r, 64<<10), shared: map[string]any{}}
	var head [32]byte
	if _, err := io.ReadFull(t.src, head[:]); err != nil {
		return nil, cutOff(err)
	}
	t.left = int64(binary.LittleEndian.Uint32(head[4:]))
	headLength, width := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headLength < len(head)+1 || width < 1 {
		return nil, fmt.Errorf("no table: head of %d bytes, rows of %d", headLength, width)
	}
	if need := int64(headLength) + t.left*int64(width); size >= 0 && need > size {
		return nil, fmt.Errorf("says that it has %d bytes, has %d", need, size)
	}
	columns := make([]byte, headLength-len(head))
	if _, err := io.ReadFull(t.src, columns); err != nil {
		return nil, cutOff(err)
	}
	t.text = decoder(encoding, head[29])
	t.row = make([]byte, width)
	return t, t.readFields(columns)
}

// decoder returns how the table writes text: as its .cpg says, else as its
// language byte says, else each text as its bytes tell.
func decoder(encoding string, ldid byte) func([]byte) string {
	japanese := func(b []byte) string {
		text, _ := charset.FromCP932(whole(b)) // U+FFFD stands where it cannot be read
		return text
	}
	name := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToUpper(strings.TrimSpace(encoding)))
	switch {
	case strings.Contains(name, "UTF8") || name == "65001":
		return func(b []byte) string { return strings.ToValidUTF8(string(b), "\uFFFD") }
	case strings.Contains(name, "932") || strings.Contains(name, "SJIS") || strings.Contains(name, "SHIFTJIS") || name == "" && ldid == ldidCP932:
		return japanese
	}
	return func(b []byte) string {
		if utf8.Valid(b) {
			return string(b)
		}
		return japanese(b)
	}
}

// whole leaves out the first half of a character that the width of the column
// cut off.
func whole(b []byte) []byte {
	pending := false
	for _, c := range b {
		pending = !pending && (c >= 0x81 && c <= 0x9F || c >= 0xE0 && c <= 0xFC)
	}
	if pending {
		return b[:len(b)-1]
	}
	return b
}

const fieldSize = 32

func (t *table) readFields(columns []byte) error {
	width, wide := 1, 1 // each row starts with its mark of deletion
	for ; len(columns) >= fieldSize && columns[0] != '\r'; columns = columns[fieldSize:] {
		f := Field{Type: columns[11], Width: int(columns[16]), Decimals: int(columns[17])}
		name, _, _ := bytes.Cut(columns[:11], []byte{0})
		f.Name = t.unused(strings.TrimSpace(t.text(name)))
		t.fields = append(t.fields, f)
		width += f.Width
		wide += f.Width
		if f.Type == 'C' {
			wide += f.Decimals << 8
		}
	}
	switch len(t.row) {
	case width:
	case wide: // Clipper keeps the high byte of a text's width where decimals go
		for i := range t.fields {
			if f := &t.fields[i]; f.Type == 'C' {
				f.Width, f.Decimals = f.Width+f.Decimals<<8, 0
			}
		}
	default:
		return fmt.Errorf("rows have %d bytes, columns %d", len(t.row), width)
	}
	if len(t.fields) == 0 {
		return errors.New("no columns")
	}
	return nil
}

// unused returns a name that no earlier column has: ten bytes do not always
// tell two Japanese names apart.
func (t *table) unused(name string) string {
	for _, f := range t.fields {
		if f.Name == name {
			return t.unused(fmt.Sprintf("%s#%d", name, len(t.fields)+1))
		}
	}
	return name
}

// next reads one row.
func (t *table) next() (attr geo.Attributes, refused, err error) {
	if _, err := io.ReadFull(t.src, t.row); err != nil {
		return nil, nil, cutOff(err)
	}
	t.left--
	if t.row[0] == '*' {
		return nil, errors.New("is marked as deleted in the .dbf"), nil
	}
	attr = make(geo.Attributes, len(t.fields))
	cells := t.row[1:]
	for _, f := range t.fields {
		value, err := t.value(f, cells[:f.Width])
		if err != nil && refused == nil {
			refused = fmt.Errorf("%s: %w", f.Name, err)
		}
		attr[f.Name] = value
		cells = cells[f.Width:]
	}
	return attr, refused, nil
}

func (t *table) value(f Field, cell []byte) (any, error) {
	switch f.Type {
	case 'C':
		return t.textValue(cell), nil
	case 'N', 'F':
		return number(cell)
	case 'D':
		return date(cell), nil
	case 'L':
		switch cell = bytes.TrimSpace(cell); string(cell) {
		case "T", "t", "Y", "y":
			return true, nil
		case "F", "f", "N", "n":
			return false, nil
		}
	}
	return nil, nil
}

func (t *table) textValue(cell []byte) any {
	cell = bytes.TrimRight(cell, " \x00")
	if value, ok := t.shared[string(cell)]; ok {
		return value
	}
	var value any = t.text(cell)
	if len(cell) <= maxSharedText && len(t.shared) < maxShared {
		t.shared[string(cell)] = value
	}
	return value
}

// number reads a number; blanks and asterisks stand for none.
func number(cell []byte) (any, error) {
	text := string(bytes.Trim(cell, " \x00"))
	if text == "" || strings.Trim(text, "*") == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "0123456789+-.eE") != "" {
		return nil, fmt.Errorf("%q is no number", text)
	}
	return v, nil
}

// date writes "20180330" as "2018-03-30". What is not eight digits stays as it
// is.
func date(cell []byte) any {
	text := string(bytes.Trim(cell, " \x00"))
	switch {
	case text == "" || text == "00000000":
		return nil
	case len(text) == 8 && strings.Trim(text, "0123456789") == "":
		return text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}
