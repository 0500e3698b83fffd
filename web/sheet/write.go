package sheet

import (
	"context"
	"io"
	"slices"
	"strconv"

	"hazardmap/web/view"
)

// Write answers every row and writes it as text: CSV, NDJSON or GeoJSON.
func (s *Sheet) Write(ctx context.Context, out io.Writer, format Format) (Count, error) {
	t, err := s.texts(format)
	if err != nil {
		return Count{}, err
	}
	if _, err := out.Write(t.head); err != nil {
		return Count{}, err
	}
	first := true
	count, err := s.run(ctx, t.encode, func(b *block) error {
		text := b.out
		if t.between && first && len(text) > 0 {
			text, first = text[1:], false // the comma before the first feature
		}
		_, err := out.Write(text)
		return err
	})
	if err != nil {
		return count, err
	}
	_, err = out.Write(t.tail)
	return count, err
}

// Check reports whether the sheet can be written in a format.
func (s *Sheet) Check(format Format) error {
	if s.source.columns() == nil && (format == CSV || format == GeoPackage) {
		return ErrNoTable
	}
	return nil
}

// text is how a format of text is written.
type text struct {
	head, tail []byte
	between    bool // every row begins with a comma
	encode     func(w *worker, b *block)
}

func (s *Sheet) texts(format Format) (text, error) {
	if err := s.Check(format); err != nil {
		return text{}, err
	}
	switch format {
	case NDJSON:
		names := s.jsonNames("risks", "rest")
		return text{encode: func(w *worker, b *block) {
			w.each(b, func(r *row, a *Answer) { b.out = append(w.appendObject(b.out, names, r, a), '\n') })
		}}, nil
	case GeoJSON:
		names, added := s.jsonNames("rest"), s.added()
		return text{
			head: []byte(`{"type":"FeatureCollection","features":[`), tail: []byte("\n]}\n"), between: true,
			encode: func(w *worker, b *block) {
				w.each(b, func(r *row, a *Answer) { b.out = w.appendFeature(append(b.out, ",\n"...), names, added, r, a) })
			},
		}, nil
	}
	return text{head: s.csvHead(), encode: func(w *worker, b *block) {
		for i := range b.rows {
			b.out = w.appendCSV(b.out, &b.rows[i], &b.answers[i])
		}
	}}, nil
}

// each calls fn for every row that is not an empty line.
func (w *worker) each(b *block, fn func(r *row, a *Answer)) {
	for i := range b.rows {
		if !b.rows[i].blank {
			fn(&b.rows[i], &b.answers[i])
		}
	}
}

// csvHead is the byte order mark by which Excel knows UTF-8, and the header.
func (s *Sheet) csvHead() []byte {
	head := []byte("\uFEFF")
	for i, name := range s.source.columns() {
		if i > 0 {
			head = append(head, s.comma)
		}
		head = appendCell(head, name, s.comma)
	}
	for _, c := range s.added() {
		head = appendCell(append(head, s.comma), c.name, s.comma)
	}
	return append(head, "\r\n"...)
}

// appendCSV appends a row: what came in, byte for byte, our cells, and what
// stood beyond the header.
func (w *worker) appendCSV(dst []byte, r *row, a *Answer) []byte {
	if r.blank {
		return append(dst, "\r\n"...)
	}
	if w.workbook {
		dst = w.appendCells(dst, r.cells)
	} else {
		dst = append(dst, r.raw...)
	}
	for _, cell := range readCells(a) {
		dst = appendCell(append(dst, w.comma), cell, w.comma)
	}
	v := a.Verdict
	if v.csv == nil {
		for _, cell := range w.hazardCells(a) {
			v.csv = appendCell(append(v.csv, w.comma), cell, w.comma)
		}
	}
	dst = append(dst, v.csv...)
	for _, cell := range placeCells(a) {
		dst = appendCell(append(dst, w.comma), cell, w.comma)
	}
	if r.rest != "" {
		dst = append(append(dst, w.comma), r.rest...)
	}
	return append(dst, "\r\n"...)
}

// jsonNames are the names of the sheet's columns as members of an object: each
// once, and none that we need.
func (s *Sheet) jsonNames(ours ...string) []string {
	taken := slices.Clone(ours)
	var names []string
	for i, name := range s.source.columns() {
		if name == "" {
			name = "column " + strconv.Itoa(i+1)
		}
		unique := name
		for n := 2; slices.Contains(taken, unique); n++ {
			unique = name + " (" + strconv.Itoa(n) + ")"
		}
		names, taken = append(names, unique), append(taken, unique)
	}
	return names
}

// appendObject appends a row as one JSON object. An object that came in keeps
// its bytes.
func (w *worker) appendObject(dst []byte, names []string, r *row, a *Answer) []byte {
	switch {
	case r.cells != nil || w.source.columns() != nil:
		dst = appendMembers(append(dst, '{'), names, r)
	case r.fault != "":
		dst = append(view.AppendText(append(dst, `{"row":`...), r.raw), ',')
	default:
		dst = append(dst, r.raw[:len(r.raw)-1]...)
		if r.raw[:len(r.raw)-1] != "{" {
			dst = append(dst, ',')
		}
	}
	dst = append(dst, `"risks":{`...)
	for i, text := range readCells(a) {
		dst = append(view.AppendText(append(view.AppendText(dst, readColumns[i]), ':'), text), ',')
	}
	if a.Refuge != nil {
		dst = view.AppendText(append(dst, `"shelter":{"name":`...), a.Refuge.Name)
		dst = append(dst, `,"metres":`+placeCells(a)[3]+`},`...)
	}
	dst = append(dst, `"hazards":`...)
	switch {
	case a.Verdict.Ranges != nil:
		dst = view.AppendRanges(dst, a.From.Shown, w.words, a.Verdict.Ranges)
	case a.HasPoint: // with the zones
		dst = view.AppendFindings(dst, a.From.Shown, w.words, findingsAround(a.From.Index, a.At, a.around))
	default:
		dst = view.AppendFindings(dst, a.From.Shown, w.words, a.Verdict.Findings)
	}
	return append(dst, "}}"...)
}

// appendMembers appends the cells of a row, each member followed by a comma.
func appendMembers(dst []byte, names []string, r *row) []byte {
	for i, cell := range r.cells {
		if i >= len(names) {
			break
		}
		dst = append(view.AppendText(append(view.AppendText(dst, names[i]), ':'), cell), ',')
	}
	if len(r.cells) > len(names) {
		dst = append(dst, `"rest":[`...)
		for i, cell := range r.cells[len(names):] {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = view.AppendText(dst, cell)
		}
		dst = append(dst, "],"...)
	}
	return dst
}

// appendFeature appends a row as a feature of GeoJSON; without a position, as
// a town is, its geometry is null: an area is never a point.
func (w *worker) appendFeature(dst []byte, names []string, added []column, r *row, a *Answer) []byte {
	dst = append(dst, `{"type":"Feature","geometry":`...)
	place := placeCells(a)
	if a.HasPoint {
		dst = append(dst, `{"type":"Point","coordinates":[`+place[1]+`,`+place[0]+`]}`...)
	} else {
		dst = append(dst, "null"...)
	}
	dst = append(dst, `,"properties":`...)
	if w.source.columns() == nil {
		return append(w.appendObject(dst, names, r, a), '}')
	}
	dst = appendMembers(append(dst, '{'), names, r)
	for i, cell := range readCells(a) {
		dst = appendMember(dst, added[i], cell)
	}
	v := a.Verdict
	if v.json == nil {
		for i, cell := range w.hazardCells(a) {
			v.json = appendMember(v.json, added[len(readColumns)+i], cell)
		}
	}
	dst = append(dst, v.json...)
	for i, cell := range place {
		dst = appendMember(dst, added[len(added)-len(place)+i], cell)
	}
	return append(dst[:len(dst)-1], "}}"...)
}

// appendMember appends a member followed by a comma; nothing is null.
func appendMember(dst []byte, c column, cell string) []byte {
	dst = append(view.AppendText(dst, c.name), ':')
	switch {
	case cell == "":
		dst = append(dst, "null"...)
	case c.number && cell != "unknown":
		dst = append(dst, cell...)
	default:
		dst = view.AppendText(dst, cell)
	}
	return append(dst, ',')
}

// appendCells writes the cells of a workbook's row as CSV.
func (w *worker) appendCells(dst []byte, cells []string) []byte {
	for i := range max(len(cells), len(w.source.columns())) {
		if i > 0 {
			dst = append(dst, w.comma)
		}
		if i < len(cells) {
			dst = appendCell(dst, cells[i], w.comma)
		}
	}
	return dst
}
