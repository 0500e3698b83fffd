package web

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"hazardmap/web/view"
)

// ndjsonBatch reads and writes one JSON object a line.
type ndjsonBatch struct {
	rows  *batchRows
	in    *bufio.Reader
	out   []byte
	ended bool
}

func newNDJSONBatch(text io.Reader, rows *batchRows) *ndjsonBatch {
	return &ndjsonBatch{rows: rows, in: bufio.NewReaderSize(text, maxBatchRow)}
}

func (b *ndjsonBatch) contentType() string { return "application/x-ndjson" }

func (b *ndjsonBatch) header(*bufio.Writer) error { return nil }

func (b *ndjsonBatch) next(w *bufio.Writer) error {
	for !b.ended {
		line, err := b.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			b.broken(nil, "row-too-long")
			err = b.skipLine()
		case err != nil && err != io.EOF:
			b.broken(nil, endCode(err))
		default:
			if line = bytes.TrimSpace(line); len(line) == 0 && err == nil {
				continue
			} else if len(line) == 0 {
				return err
			}
			b.line(line)
		}
		b.ended = err != nil
		_, err = w.Write(b.out)
		return err
	}
	return io.EOF
}

func (b *ndjsonBatch) skipLine() error {
	for {
		if _, err := b.in.ReadSlice('\n'); !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// line answers an object, keeping its bytes.
func (b *ndjsonBatch) line(line []byte) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(line, &object); err != nil || object == nil {
		b.broken(line, "not-an-object")
		return
	}
	if _, taken := object["risks"]; taken {
		b.broken(line, "risks-taken")
		return
	}
	lat, lon, address := jsonCell(object, latNames), jsonCell(object, lonNames), jsonCell(object, addressNames)
	if b.rows.q.address != "" {
		lat, lon, address = "", "", jsonCell(object, []string{b.rows.q.address})
	}
	answer := b.rows.answer(lat, lon, address)
	b.out = append(b.out[:0], line[:len(line)-1]...)
	if len(object) > 0 {
		b.out = append(b.out, ',')
	}
	b.risks(&answer)
}

// broken returns what is no object as a string beside the fault.
func (b *ndjsonBatch) broken(line []byte, code string) {
	answer := b.rows.faulty(code)
	b.out = append(view.AppendText(append(b.out[:0], `{"row":`...), string(line)), ',')
	b.risks(&answer)
}

func (b *ndjsonBatch) risks(a *rowAnswer) {
	b.out = append(b.out, `"risks":{`...)
	for _, field := range [...]struct{ name, text string }{
		{"match", a.match}, {"precision", a.precision}, {"place", a.place}, {"completed", a.completed}, {"reason", a.reason}, {"error", a.fault},
	} {
		b.out = append(view.AppendText(append(view.AppendText(b.out, field.name), ':'), field.text), ',')
	}
	b.out = append(b.out, `"hazards":`...)
	if a.ranges != nil {
		b.out = view.AppendRanges(b.out, a.from.pages, b.rows.words, a.ranges)
	} else {
		b.out = view.AppendFindings(b.out, a.from.pages, b.rows.words, a.findings)
	}
	b.out = append(b.out, "}}\n"...)
}

// jsonCell returns the first field of some names as text.
func jsonCell(object map[string]json.RawMessage, names []string) string {
	for _, name := range names {
		raw, ok := object[name]
		if !ok || string(raw) == "null" {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
		return string(raw)
	}
	return ""
}
