package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// book is an Excel file as Excel writes it: texts in a table of their own, with
// furigana; dates as numbers with a style.
func book(t testing.TB, sheet string, change func(files map[string]string)) []byte {
	t.Helper()
	const main, head = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	files := map[string]string{
		"[Content_Types].xml": head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml": head + `<workbook ` + main + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/>` +
			`<sheets><sheet name="施設" sheetId="7" r:id="rId3"/><sheet name="Sheet2" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="t" Target="worksheets/sheet1.xml"/><Relationship Id="rId3" Type="t" Target="worksheets/sheet2.xml"/></Relationships>`,
		"xl/sharedStrings.xml": head + `<sst ` + main + `><si><t>施設名</t><rPh sb="0" eb="3"><t>シセツメイ</t></rPh></si><si><t>緯度</t></si><si><t>経度</t></si>` +
			`<si><r><t>中央</t></r><r><rPr><b/></rPr><t xml:space="preserve"> 小学校</t></r><rPh sb="0" eb="2"><t>チュウオウ</t></rPh></si></sst>`,
		"xl/styles.xml": head + `<styleSheet ` + main + `><numFmts count="2"><numFmt numFmtId="176" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>` +
			`<numFmt numFmtId="177" formatCode="0.0&quot;m&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>` +
			`<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": head + `<worksheet ` + main + `><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml": head + `<worksheet ` + main + `><dimension ref="A1:E9"/><sheetData>` + sheet + `</sheetData></worksheet>`,
	}
	if change != nil {
		change(files)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const bookHeader = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c><c r="D2" t="inlineStr"><is><t>開設日</t></is></c><c r="E2" t="str"><f>"x"</f><v>備考</v></c></row>`

func TestWorkbook(t *testing.T) {
	data := book(t, `<row r="1" spans="1:5"/>`+bookHeader+
		`<row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3"><v>36.049999999999997</v></c><c r="C3"><v>139.005</v></c><c r="D3" s="1"><v>45383</v></c><c r="E3" s="3"><f>1/8</f><v>0.125</v></c></row>`+
		`<row r="6"><c r="B6" t="inlineStr"><is><t>36.05</t></is></c><c r="C6" t="str"><v>139.012</v></c><c r="D6" s="2"><v>45383.75</v></c><c r="E6" t="b"><v>1</v></c><c r="G6" t="e"><v>#N/A</v></c></row>`+
		`<row r="7"><c r="A7" t="inlineStr"><is><t>a, "b"</t></is></c><c r="B7" t="e"><v>#REF!</v></c></row><row r="8"><c r="A8" s="1"/></row>`, nil)
	in, format, err := Sniff(bytes.NewReader(data))
	if err != nil || format != XLSX {
		t.Fatal(format, err)
	}
	out := answered(t, in, format, CSV, Question{})
	lines := strings.Split(strings.TrimPrefix(out, "\uFEFF"), "\r\n")
	for i, want := range []string{
		"施設名,緯度,経度,開設日,備考,match,", "中央 小学校,36.05,139.005,2024-04-01,0.125,,point,,,,,inside,3,", "", "",
		",36.05,139.012,2024-04-01 18:00:00,TRUE,,#N/A,,point,", `"a, ""b""",#REF!,,,,,,,,,bad-position,undecided,`, "",
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) || (want == "" && lines[i] != "") {
			t.Errorf("line %d of %d is %.120q, want it to begin with %q", i, len(lines), lines[i], want)
		}
	}
	objects := answered(t, bytes.NewReader(data), XLSX, NDJSON, Question{})
	if n := strings.Count(objects, "\n"); n != 3 || !strings.Contains(objects, `{"施設名":"","緯度":"36.05","経度":"139.012","開設日":"2024-04-01 18:00:00","備考":"TRUE","rest":["","#N/A"],"risks":{`) {
		t.Errorf("%d objects: %s", n, objects)
	}
}

func TestDates(t *testing.T) {
	for value, want := range map[string]string{"1": "1900-01-01", "59": "1900-02-28", "61": "1900-03-01", "0.5": "12:00:00", "43585.999994": "2019-04-30 23:59:59", "-1": "-1", "x": "x", "NaN": "NaN", "1e300": "1e300"} {
		if got := (&cellReader{}).number(value, true); got != want {
			t.Errorf("the date %s is %q, want %q", value, got, want)
		}
	}
	if got := (&cellReader{date1904: true}).number("1", true); got != "1904-01-02" {
		t.Errorf("of 1904: %s", got)
	}
	for code, want := range map[string]bool{"General": false, "0.00E+00": false, "[Red]0": false, "#,##0": false, `0"days"`: false, `\d0`: false, "yyyy/m/d": true, "h:mm": true, "[h]:mm": true, "": false} {
		if isDate(code) != want {
			t.Errorf("isDate(%q) = %v", code, !want)
		}
	}
}

func TestWorkbooksThatAreNone(t *testing.T) {
	drop := func(name string) func(map[string]string) {
		return func(files map[string]string) { delete(files, name) }
	}
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":        {nil, ErrNotWorkbook},
		"no zip":       {[]byte("PK\x03\x04 and nothing else"), ErrNotWorkbook},
		"no workbook":  {book(t, bookHeader, drop("xl/workbook.xml")), ErrNotWorkbook},
		"no links":     {book(t, bookHeader, drop("xl/_rels/workbook.xml.rels")), ErrNotWorkbook},
		"no sheet":     {book(t, bookHeader, drop("xl/worksheets/sheet2.xml")), ErrNotWorkbook},
		"no rows":      {book(t, "", nil), ErrNoHeader},
		"no such text": {book(t, `<row><c t="s"><v>4</v></c></row>`, nil), ErrNoHeader},
		"no end": {book(t, `<row><c t="s"><v>1</v>`, func(files map[string]string) {
			files["xl/worksheets/sheet2.xml"] = "<worksheet><sheetData><row><c><v>1"
		}), ErrNoHeader},
		"broken styles": {book(t, bookHeader, func(files map[string]string) { files["xl/styles.xml"] = "<styleSheet><" }), ErrNotWorkbook},
		"a bomb of spaces": {book(t, bookHeader, func(files map[string]string) {
			files["xl/workbook.xml"] = strings.Repeat(" ", maxStyles+1) + files["xl/workbook.xml"]
		}), ErrNotWorkbook},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(bytes.NewReader(tt.data), XLSX, Question{}, cities(t)); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
	_, err := Open(io.MultiReader(bytes.NewReader(make([]byte, MaxWorkbook)), strings.NewReader("x")), XLSX, Question{}, cities(t))
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("a file that is too large: %v", err)
	}
}

// TestBombs: what a zip holds is not let grow.
func TestBombs(t *testing.T) {
	const limit = 64 << 10
	for name, text := range map[string]string{
		"many texts": "<sst>" + strings.Repeat("<si/>", limit/16+2), "a long text": "<sst><si><t>" + strings.Repeat("x", limit), "blanks": strings.Repeat(" ", limit+1),
	} {
		data := book(t, bookHeader, func(files map[string]string) { files["xl/sharedStrings.xml"] = text })
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == "xl/sharedStrings.xml" })
		if _, err := readStrings(archive.File[i], limit); !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrNotWorkbook) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWorkbookThatEnds: a fault below the header is told in the last row.
func TestWorkbookThatEnds(t *testing.T) {
	good := `<row r="3"><c r="A3"/><c r="B3"><v>36.05</v></c><c r="C3"><v>139.005</v></c></row>`
	for end, want := range map[string]string{
		`<row r="4"><c t="s"><v>-1</v></c></row>`:                                                        "unreadable",
		`<row r="4"><c t="str"><v>` + strings.Repeat("x", maxRow+1) + `</v></c></row>`:                   "row-too-long",
		`<row r="4"><c r="XFD4"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row><row r="-1"><c>`: "unreadable",
	} {
		rows := tabled(t, answered(t, bytes.NewReader(book(t, bookHeader+good+end, nil)), XLSX, CSV, Question{}))
		if last := rows[len(rows)-1]; rows[0]["error"] != "" || last["error"] != want || last["flood-depth.max.status"] != "undecided" {
			t.Errorf("%.60s: %d rows, the last %v", end, len(rows), last["error"])
		}
	}
}

// FuzzWorkbook: whatever lies in the zip, the sheet is refused or every row is
// answered.
func FuzzWorkbook(f *testing.F) {
	for _, seed := range []string{"", "-1", "NaN", bookHeader, bookHeader + `<row r="9"><c r="B9"><v>36.05</v></c><c r="C9"><v>139</v></c></row>`, bookHeader + "<row><c t=\"s\"><v>", bookHeader + `<row r="1048577"><c r="ZZZZZZZ1" s="-1"><v>-1</v>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sheet string) {
		s, err := Open(bytes.NewReader(book(t, sheet, nil)), XLSX, Question{}, cities(t))
		if err != nil {
			return
		}
		var out bytes.Buffer
		count, err := s.Write(t.Context(), &out, NDJSON)
		if err != nil || strings.Count(out.String(), "\n") != count.Rows {
			t.Errorf("%d rows, %v: %s", count.Rows, err, fmt.Sprintf("%.300s", &out))
		}
	})
}
