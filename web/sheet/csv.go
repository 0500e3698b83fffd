package sheet

import (
	"errors"
	"io"
	"slices"
	"strings"
)

// csvSource reads records of CSV and keeps their bytes: what goes out before
// our own cells is what came in.
type csvSource struct {
	in    io.Reader
	names []string
	places
	comma byte
	rest  []byte // read and not yet split
	err   error  // of the reader, once it ended
	ended bool
}

func openCSV(text io.Reader, q Question) (*csvSource, error) {
	c := &csvSource{in: text}
	for {
		text := c.read()
		if c.comma == 0 {
			c.comma = commaOf(text)
		}
		cells, next, err := c.record(nil, text, &row{}, 0)
		switch {
		case errors.Is(err, errCut) && c.err == nil && len(text) <= maxRow:
			c.rest = []byte(text)
			continue
		case errors.Is(c.err, ErrTooLarge) && err != nil:
			return nil, ErrTooLarge
		case err != nil, next > maxRow:
			return nil, ErrNoHeader
		}
		c.names, c.rest = cells, []byte(text[next:])
		break
	}
	if strings.Join(c.names, "") == "" {
		return nil, ErrNoHeader
	}
	var err error
	c.places, err = findPlaces(c.names, q)
	return c, err
}

// commaOf returns what parts the cells of the first line: tab and semicolon
// where there is no comma.
func commaOf(text string) byte {
	line, _, _ := strings.Cut(text, "\n")
	for _, c := range []byte{',', '\t', ';'} {
		if strings.IndexByte(line, c) >= 0 {
			return c
		}
	}
	return ','
}

func (c *csvSource) columns() []string { return c.names }

// read returns what is left and about a block more.
func (c *csvSource) read() string {
	c.rest = slices.Grow(c.rest, blockBytes)
	for c.err == nil && len(c.rest) < blockBytes {
		var n int
		n, c.err = c.in.Read(c.rest[len(c.rest):cap(c.rest)])
		c.rest = c.rest[:len(c.rest)+n]
	}
	if errors.Is(c.err, io.EOF) {
		return strings.TrimSuffix(string(c.rest), "\r")
	}
	return string(c.rest)
}

func (c *csvSource) next(b *block) error {
	if c.ended {
		return io.EOF
	}
	text := c.read()
	from := 0
	for len(b.rows) < blockRows && from < len(text) {
		var r row
		cells, next, err := c.record(b.cells, text, &r, from)
		if errors.Is(err, errCut) && c.err == nil && len(text)-from <= maxRow {
			break
		}
		if err != nil || next-from > maxRow {
			c.ended = true
			b.rows = append(b.rows, row{raw: strings.Repeat(string(c.comma), len(c.names)-1), fault: endCode(c.cause())})
			return io.EOF
		}
		r.cells = cells[len(b.cells):len(cells):len(cells)]
		if b.cells = cells; !r.blank && len(r.cells) != len(c.names) {
			c.fit(&r)
		}
		b.rows = append(b.rows, r)
		from = next
	}
	c.rest = append(c.rest[:0], text[from:]...)
	if c.err == nil || len(c.rest) > 0 {
		return nil
	}
	c.ended = true
	if !errors.Is(c.err, io.EOF) {
		b.rows = append(b.rows, row{raw: strings.Repeat(string(c.comma), len(c.names)-1), fault: endCode(c.err)})
	}
	return io.EOF
}

// cause says why a record is not whole.
func (c *csvSource) cause() error {
	if c.err != nil && !errors.Is(c.err, io.EOF) {
		return c.err
	}
	return errRowTooLong
}

// fit gives a row as many cells as the header has, before ours.
func (c *csvSource) fit(r *row) {
	r.fault = "row-width"
	if missing := len(c.names) - len(r.cells); missing > 0 {
		r.raw += strings.Repeat(string(c.comma), missing)
	}
}

// errCut reports text that ends before its record does.
var errCut = errors.New("record is cut off")

// record splits one record of the text, as encoding/csv does with LazyQuotes,
// and appends its cells. What comes after the cells of the header is r.rest.
func (c *csvSource) record(cells []string, text string, r *row, from int) (_ []string, next int, err error) {
	i, first, cut := from, len(cells), -1
	for {
		var cell string
		var end int
		if i < len(text) && text[i] == '"' {
			cell, end, err = c.quoted(text, i+1)
		} else {
			cell, end, err = c.plain(text, i)
		}
		if err != nil {
			return cells, 0, err
		}
		cells = append(cells, cell)
		if end < len(text) && text[end] == c.comma {
			if len(cells)-first == len(c.names) {
				cut = end
			}
			i = end + 1
			continue
		}
		next = min(end+1, len(text))
		if strings.HasPrefix(text[end:], "\r\n") {
			next = end + 2
		}
		r.raw, r.blank = text[from:end], end == from
		if cut >= 0 {
			r.raw, r.rest = text[from:cut], text[cut+1:end]
		}
		return cells, next, nil
	}
}

// plain returns a cell without quotes and where it ends: at a comma, a line end
// or the end of the text.
func (c *csvSource) plain(text string, i int) (cell string, end int, err error) {
	for end = i; end < len(text); end++ {
		switch text[end] {
		case c.comma:
			return text[i:end], end, nil
		case '\n':
			if end > i && text[end-1] == '\r' {
				end--
			}
			return text[i:end], end, nil
		}
	}
	if c.err == nil {
		return "", 0, errCut
	}
	return text[i:], end, nil
}

// quoted returns a cell in quotes that began before i. A quote that neither
// ends it nor is doubled stands for itself.
func (c *csvSource) quoted(text string, i int) (cell string, end int, err error) {
	doubled := false
	for end = i; ; end++ {
		n := strings.IndexByte(text[end:], '"')
		if n < 0 {
			break
		}
		end += n
		after := text[end+1:]
		switch {
		case after == "" && c.err == nil, after == "\r" && c.err == nil:
			return "", 0, errCut
		case after == "", after[0] == c.comma, after[0] == '\n', strings.HasPrefix(after, "\r\n"):
			return undouble(text[i:end], doubled), end + 1, nil
		case after[0] == '"':
			doubled = true
			end++
		}
	}
	if c.err == nil {
		return "", 0, errCut
	}
	return undouble(text[i:], doubled), len(text), nil
}

func undouble(cell string, doubled bool) string {
	if !doubled {
		return cell
	}
	return strings.ReplaceAll(cell, `""`, `"`)
}

// appendCell appends a cell, in quotes if it needs them.
func appendCell(dst []byte, text string, comma byte) []byte {
	if !strings.ContainsAny(text, "\"\r\n") && strings.IndexByte(text, comma) < 0 && text == strings.TrimSpace(text) {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	for {
		before, after, found := strings.Cut(text, `"`)
		dst = append(dst, before...)
		if !found {
			return append(dst, '"')
		}
		dst, text = append(dst, `""`...), after
	}
}
