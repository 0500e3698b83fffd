package sheet

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
)

// lines reads NDJSON: one object a line, each with its own columns.
type lines struct {
	in                *bufio.Reader
	lat, lon, address []string
	ended             bool
}

func newLines(text io.Reader, q Question) *lines {
	l := &lines{in: bufio.NewReaderSize(text, maxRow), lat: latNames, lon: lonNames, address: addressNames}
	if q.Address != "" {
		l.lat, l.lon, l.address = nil, nil, []string{fold(q.Address)}
	}
	if q.Lat != "" {
		l.lat = []string{fold(q.Lat)}
	}
	if q.Lon != "" {
		l.lon = []string{fold(q.Lon)}
	}
	return l
}

func (l *lines) columns() []string { return nil }

func (l *lines) next(b *block) error {
	for size := 0; !l.ended && len(b.rows) < blockRows && size < blockBytes; {
		line, err := l.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			b.rows = append(b.rows, row{fault: "row-too-long"})
			err = l.skipLine()
		case err != nil && !errors.Is(err, io.EOF):
			b.rows = append(b.rows, row{fault: endCode(err)})
		default:
			if line = bytes.TrimSpace(line); len(line) > 0 {
				b.rows = append(b.rows, row{raw: string(line)})
				size += len(line)
			}
		}
		l.ended = err != nil
	}
	if l.ended {
		return io.EOF
	}
	return nil
}

func (l *lines) skipLine() error {
	for {
		if _, err := l.in.ReadSlice('\n'); !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// fill reads the object of a line.
func (l *lines) fill(r *row) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(r.raw), &object); err != nil || object == nil {
		r.fault = "not-an-object"
		return
	}
	if _, taken := object["risks"]; taken {
		r.fault = "risks-taken"
		return
	}
	r.lat, r.lon, r.address, r.town = jsonCell(object, l.lat), jsonCell(object, l.lon), jsonCell(object, l.address), jsonCell(object, townNames)
}

// jsonCell returns the first field of some names as text.
func jsonCell(object map[string]json.RawMessage, names []string) string {
	for _, name := range names {
		if text := jsonText(object[name]); text != "" {
			return text
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if slices.Contains(names, fold(key)) {
			if text := jsonText(object[key]); text != "" {
				return text
			}
		}
	}
	return ""
}

func jsonText(raw json.RawMessage) string {
	var text string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case json.Unmarshal(raw, &text) == nil:
		return text
	}
	return string(raw)
}
