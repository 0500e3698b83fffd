package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// cellReader reads the rows of one sheet.
type cellReader struct {
	xml      *xml.Decoder
	shared   []string
	dates    []bool // per style, whether it shows a date
	date1904 bool
	last     int // number of the row before
}

// maxSheetRows is how many rows a sheet of Excel has.
const maxSheetRows = 1 << 20

// row appends the cells of the next row and tells how many rows before it are
// not in the file. The only errors are [io.EOF], [ErrTooLarge] and faults of the
// file.
func (c *cellReader) row(dst []string) (cells []string, skipped int, err error) {
	for {
		token, err := c.xml.RawToken()
		if err != nil {
			return dst, 0, cutOff(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return dst, 0, io.EOF
			}
		case xml.StartElement:
			if t.Name.Local != "row" {
				continue
			}
			number := c.last + 1
			if n, err := strconv.Atoi(attribute(t, "r")); err == nil && n > c.last && n <= maxSheetRows {
				number = n
			}
			skipped, c.last = number-c.last-1, number
			cells, err := c.cells(dst)
			return cells, skipped, err
		}
	}
}

// cutOff makes the end of the file inside a sheet a fault.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return errUnreadable
	}
	return err
}

// cells appends the cells of a row, those that are left out as "".
func (c *cellReader) cells(dst []string) ([]string, error) {
	first := len(dst)
	for {
		token, err := c.xml.RawToken()
		if err != nil {
			return dst, cutOff(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return dst, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			text, err := c.value(attribute(t, "t"), attribute(t, "s"))
			if err != nil {
				return dst, err
			}
			if column := columnNumber(attribute(t, "r")); column >= 0 {
				for len(dst)-first < column && len(dst)-first < 16384 {
					dst = append(dst, "")
				}
			}
			dst = append(dst, text)
		}
	}
}

// columnNumber reads the letters of "BC12", counted from 0; -1 for none.
func columnNumber(ref string) int {
	n := 0
	for i := range len(ref) {
		if ref[i] < 'A' || ref[i] > 'Z' || n > 16384 {
			break
		}
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n - 1
}

// value reads one cell to its end.
func (c *cellReader) value(kind, style string) (string, error) {
	text, err := c.text("c")
	if err != nil {
		return "", err
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n >= len(c.shared) {
			return "", errUnreadable
		}
		return c.shared[n], nil
	case "b":
		if text == "1" {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "", "n":
		n, err := strconv.Atoi(style)
		return c.number(text, err == nil && n >= 0 && n < len(c.dates) && c.dates[n]), nil
	}
	return text, nil // inlineStr, str, d, e
}

// text joins what stands in <v> and <t> up to the end of an element. The
// readings (furigana) that Excel keeps in <rPh> are not part of it, nor is a
// formula.
func (c *cellReader) text(element string) (string, error) {
	var b strings.Builder
	take, aside := false, 0
	for {
		token, err := c.xml.RawToken()
		if err != nil {
			return "", cutOff(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				aside++
			}
			take = t.Name.Local == "v" || t.Name.Local == "t"
		case xml.CharData:
			if take && aside == 0 {
				if b.Write(t); b.Len() > maxRow {
					return "", errRowTooLong
				}
			}
		case xml.EndElement:
			take = false
			switch t.Name.Local {
			case "rPh":
				aside--
			case element:
				return b.String(), nil
			}
		}
	}
}

// number writes a number as Excel shows it: 15 digits, and a date as a date.
func (c *cellReader) number(text string, date bool) string {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 1e15 {
		return text
	}
	if date && v >= 0 && v < 2958466 { // the year 10000
		return c.date(v)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// date writes a serial date. Excel counts 1900 as a leap year, so its days
// begin one earlier from March of that year on.
func (c *cellReader) date(v float64) string {
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case c.date1904:
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		begin = begin.AddDate(0, 0, 1)
	}
	days, part := math.Modf(v)
	at := begin.AddDate(0, 0, int(days)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	switch {
	case days == 0 && !c.date1904:
		return at.Format("15:04:05")
	case part == 0:
		return at.Format("2006-01-02")
	}
	return at.Format("2006-01-02 15:04:05")
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// readStrings reads the texts that cells refer to, as many as lie in so many
// bytes; a workbook may have none.
func readStrings(f *zip.File, limit int) ([]string, error) {
	if f == nil {
		return nil, nil
	}
	in, err := f.Open()
	if err != nil {
		return nil, ErrNotWorkbook
	}
	defer in.Close()
	c := &cellReader{xml: xml.NewDecoder(&bounded{in, int64(limit)})}
	var texts []string
	for size := 0; ; {
		token, err := c.xml.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return texts, nil
		case errors.Is(err, ErrTooLarge), size > limit:
			return nil, ErrTooLarge
		case err != nil:
			return nil, ErrNotWorkbook
		}
		if t, ok := token.(xml.StartElement); ok && t.Name.Local == "si" {
			text, err := c.text("si")
			if err != nil {
				return nil, ErrNotWorkbook
			}
			texts = append(texts, text)
			size += len(text) + 16 // and the header of a string
		}
	}
}

// readStyles tells per style whether it shows a number as a date.
func readStyles(f *zip.File) ([]bool, error) {
	if f == nil {
		return nil, nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := readXML(f, &sheet); err != nil {
		return nil, err
	}
	own := map[int]bool{}
	for _, f := range sheet.Formats {
		own[f.ID] = isDate(f.Code)
	}
	var dates []bool
	for _, s := range sheet.Styles {
		n := s.Format
		builtin := n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58
		date, given := own[n]
		dates = append(dates, date || builtin && !given)
	}
	return dates, nil
}

// isDate reports whether a number format shows a date or a time: it has one of
// their letters outside quotes and brackets.
func isDate(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case strings.IndexByte("ymdhsYMDHS", c) >= 0:
			return true
		}
	}
	return false
}
