package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
)

// MaxWorkbook is the largest workbook that is read: it lies in memory.
const MaxWorkbook = 64 << 20

// Limits of what is in it. A zip tells its size only once it is unpacked.
const (
	maxUnpacked = 2 << 30 // of the sheet, which is streamed
	maxStrings  = 96 << 20
	maxStyles   = 4 << 20
)

// workbook reads the first sheet of an Excel file (.xlsx: ECMA-376) cell by
// cell. The file lies in memory, its sheet is unpacked as it is read; nothing is
// written to disk. Formulas count by the value that was saved with them.
type workbook struct {
	*cellReader
	names []string
	places
	gap   int      // empty rows before the one held
	held  []string // a row that was read and not yet handed on
	buf   []string
	ended bool
}

func openWorkbook(in io.Reader, q Question) (*workbook, error) {
	data, err := io.ReadAll(io.LimitReader(in, MaxWorkbook+1))
	switch {
	case errors.Is(err, ErrTooLarge), len(data) > MaxWorkbook:
		return nil, ErrTooLarge
	case err != nil:
		return nil, ErrNotWorkbook
	}
	c, err := openCells(data)
	if err != nil {
		return nil, err
	}
	w := &workbook{cellReader: c}
	for len(w.names) == 0 {
		cells, _, err := c.row(nil)
		if err != nil {
			return nil, ErrNoHeader
		}
		w.names = trimEmpty(cells) // rows above the header may be empty
	}
	w.places, err = findPlaces(w.names, q)
	return w, err
}

func trimEmpty(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

func (w *workbook) columns() []string { return w.names }

// next appends rows. A row that is not in the file, as Excel leaves empty ones
// out, is an empty line; those after the last row are none.
func (w *workbook) next(b *block) error {
	for size := 0; !w.ended && len(b.rows) < blockRows && size < blockBytes; {
		switch {
		case w.gap > 0 && w.held != nil:
			w.gap--
			b.rows = append(b.rows, row{blank: true})
			continue
		case w.held != nil:
			b.cells = append(b.cells, w.held...)
			cells := b.cells[len(b.cells)-len(w.held):]
			b.rows = append(b.rows, row{cells: cells[:len(cells):len(cells)]})
			for _, cell := range cells {
				size += len(cell) + 1
			}
			w.held = nil
			continue
		}
		cells, skipped, err := w.row(w.buf[:0])
		w.buf = cells
		w.gap += skipped
		if err != nil {
			w.ended = true
			if !errors.Is(err, io.EOF) {
				b.rows = append(b.rows, row{fault: endCode(err)})
			}
			break
		}
		if cells = trimEmpty(cells); len(cells) == 0 {
			w.gap++
			continue
		}
		for len(cells) < len(w.names) {
			cells = append(cells, "")
		}
		w.held, w.buf = cells, cells
	}
	if w.ended {
		return io.EOF
	}
	return nil
}

// openCells finds the first sheet of a workbook and what its cells refer to.
func openCells(data []byte) (*cellReader, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, ErrNotWorkbook
	}
	files := map[string]*zip.File{}
	for _, f := range archive.File {
		files[strings.TrimPrefix(f.Name, "/")] = f
	}
	sheet, date1904, err := firstSheet(files)
	if err != nil {
		return nil, err
	}
	shared, err := readStrings(files["xl/sharedStrings.xml"], maxStrings)
	if err != nil {
		return nil, err
	}
	styles, err := readStyles(files["xl/styles.xml"])
	if err != nil {
		return nil, err
	}
	in, err := sheet.Open()
	if err != nil {
		return nil, ErrNotWorkbook
	}
	c := &cellReader{xml: xml.NewDecoder(&bounded{in, maxUnpacked}), shared: shared, dates: styles, date1904: date1904}
	return c, nil
}

// firstSheet returns the file of the sheet that the workbook lists first.
func firstSheet(files map[string]*zip.File) (sheet *zip.File, date1904 bool, err error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readXML(files["xl/workbook.xml"], &book); err != nil {
		return nil, false, err
	}
	if err := readXML(files["xl/_rels/workbook.xml.rels"], &links); err != nil {
		return nil, false, err
	}
	date1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	for _, link := range links.Links {
		if len(book.Sheets) == 0 || link.ID != book.Sheets[0].ID {
			continue
		}
		name := path.Join("xl", link.Target)
		if strings.HasPrefix(link.Target, "/") {
			name = strings.TrimPrefix(path.Clean(link.Target), "/")
		}
		if f := files[name]; f != nil {
			return f, date1904, nil
		}
	}
	return nil, false, ErrNotWorkbook
}

// readXML reads a small file of the workbook.
func readXML(f *zip.File, into any) error {
	if f == nil {
		return ErrNotWorkbook
	}
	in, err := f.Open()
	if err != nil {
		return ErrNotWorkbook
	}
	defer in.Close()
	if xml.NewDecoder(&bounded{in, maxStyles}).Decode(into) != nil {
		return ErrNotWorkbook
	}
	return nil
}

// bounded ends a file that unpacks to more than it may.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
