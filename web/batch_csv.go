package web

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"hazardmap/hazard"
	"hazardmap/web/view"
)

var errRowTooLong = errors.New("row is longer than 64 KB")

// csvBatch reads and writes a sheet as CSV.
type csvBatch struct {
	rows              *batchRows
	in                *csv.Reader
	limit             *batchLimit
	names             []string
	lat, lon, address int // columns, -1 for none
	out               []string
	ended             bool
}

// batchLimit ends the text where a row is too long, as one is whose quote is
// never closed.
type batchLimit struct {
	r       io.Reader
	n, from int64 // bytes read, and where the row began
}

func (l *batchLimit) Read(p []byte) (int, error) {
	if l.n-l.from > maxBatchRow {
		return 0, errRowTooLong
	}
	n, err := l.r.Read(p)
	l.n += int64(n)
	return n, err
}

func newCSVBatch(text io.Reader, rows *batchRows) (*csvBatch, error) {
	b := &csvBatch{rows: rows, limit: &batchLimit{r: text}}
	b.in = csv.NewReader(b.limit)
	b.in.FieldsPerRecord, b.in.LazyQuotes, b.in.ReuseRecord = -1, true, true
	names, err := b.in.Read()
	if err != nil {
		return nil, badRequest("the sheet has no header row that can be read")
	}
	b.names = slices.Clone(names)
	b.lat, b.lon, b.address = findColumn(names, latNames), findColumn(names, lonNames), findColumn(names, addressNames)
	if rows.q.address != "" {
		if b.address = findColumn(names, []string{strings.ToLower(rows.q.address)}); b.address < 0 {
			return nil, badRequest("address: the sheet has no such column")
		}
		b.lat, b.lon = -1, -1
	}
	if (b.lat < 0 || b.lon < 0) && b.address < 0 {
		return nil, badRequest("want columns lat and lon, or address; ?address= names another")
	}
	return b, nil
}

// findColumn returns the first column that has one of the names.
func findColumn(header, names []string) int {
	return slices.IndexFunc(header, func(cell string) bool {
		return slices.Contains(names, strings.ToLower(strings.TrimSpace(cell)))
	})
}

func (b *csvBatch) contentType() string { return "text/csv; charset=utf-8" }

func (b *csvBatch) header(w *bufio.Writer) error {
	added := []string{"match", "precision", "place", "completed", "reason", "error"}
	for _, f := range b.rows.kinds {
		name := kindName(f.Kind, f.Scenario)
		for _, part := range []string{"status", "rank", "text", "min", "max", "headline", "shares"} {
			added = append(added, name+"."+part)
		}
	}
	for i := range added {
		for slices.Contains(b.names, added[i]) {
			added[i] = "risks." + added[i]
		}
	}
	w.WriteString("\uFEFF")
	return writeCSVRow(w, append(slices.Clone(b.names), added...))
}

func kindName(k hazard.Kind, s hazard.Scenario) string {
	if s == hazard.NoScenario {
		return k.String()
	}
	return k.String() + "." + s.String()
}

func (b *csvBatch) next(w *bufio.Writer) error {
	if b.ended {
		return io.EOF
	}
	row, err := b.in.Read()
	b.limit.from = b.in.InputOffset()
	if err == io.EOF {
		return err
	}
	var answer rowAnswer
	switch {
	case err != nil:
		b.ended, row, answer = true, nil, b.rows.faulty(endCode(err))
	case len(row) != len(b.names):
		answer = b.rows.faulty("row-width")
	default:
		answer = b.rows.answer(cell(row, b.lat), cell(row, b.lon), cell(row, b.address))
	}
	b.out = append(b.out[:0], row[:min(len(row), len(b.names))]...)
	for len(b.out) < len(b.names) {
		b.out = append(b.out, "")
	}
	b.out = b.rows.appendCells(b.out, &answer)
	if len(row) > len(b.names) { // what stands beyond the header stays beyond it
		b.out = append(b.out, row[len(b.names):]...)
	}
	return writeCSVRow(w, b.out)
}

// writeCSVRow writes cells, quoting those that need it. csv.Writer buffers
// again and flushes with it.
func writeCSVRow(w *bufio.Writer, cells []string) error {
	for i, text := range cells {
		if i > 0 {
			w.WriteByte(',')
		}
		if !strings.ContainsAny(text, "\",\r\n") && text == strings.TrimSpace(text) {
			w.WriteString(text)
			continue
		}
		w.WriteByte('"')
		w.WriteString(strings.ReplaceAll(text, `"`, `""`))
		w.WriteByte('"')
	}
	_, err := w.WriteString("\r\n")
	return err // a bufio.Writer keeps its first error
}

func cell(row []string, i int) string {
	if i < 0 {
		return ""
	}
	return row[i]
}

const cellsPerKind = 7

// appendCells appends the cells of an answer, in the order of the header.
func (b *batchRows) appendCells(cells []string, a *rowAnswer) []string {
	cells = append(cells, a.match, a.precision, plainCell(a.place), a.completed, a.reason, a.fault)
	from := len(cells)
	for range b.kinds {
		cells = append(cells, string(hazard.NoData), "", "", "", "", "", "") // another dataset's kind
	}
	for _, f := range a.findings {
		at := cells[from+cellsPerKind*b.column(f.Kind, f.Scenario):]
		at[0], at[1], at[2] = string(f.Status), rankCell(f.Rank), plainCell(view.FindingText(a.from.pages, b.words, f))
	}
	for _, r := range a.ranges {
		i := b.column(r.Kind, r.Scenario)
		if i < 0 {
			continue
		}
		at := cells[from+cellsPerKind*i:]
		at[0], at[2] = "range", plainCell(view.RangeText(a.from.pages, b.words, r))
		at[3], at[4], at[5], at[6] = rankCell(r.Min), rankCell(r.Max), rankCell(r.Headline), shareCell(r)
	}
	return cells
}

func rankCell(rank uint8) string {
	switch rank {
	case 0:
		return ""
	case hazard.RankUnknown:
		return "unknown"
	}
	return strconv.Itoa(int(rank))
}

// shareCell writes the shares of an area that are not nothing: rank=share.
func shareCell(r hazard.Range) string {
	var parts []string
	add := func(name string, share float64) {
		if share > 0 {
			parts = append(parts, fmt.Sprintf("%s=%.4f", name, share))
		}
	}
	for rank, share := range r.Shares {
		add(strconv.Itoa(rank), share)
	}
	add("no-data", r.NoData)
	add("undecided", r.Undecided)
	return strings.Join(parts, " ")
}

// plainCell keeps a spreadsheet from taking a text of ours for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsAny(s[:1], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
