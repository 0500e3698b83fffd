package table_test

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/published"
	"hazardmap/geo/table"
)

// rows returns the rows as cells in the order of the header, the refused ones
// and what ended the table.
func rows(r *table.Reader) (got [][]string, refused []*geo.RecordError, err error) {
	for f, err := range r.Rows() {
		var record *geo.RecordError
		switch {
		case errors.As(err, &record):
			refused = append(refused, record)
		case err != nil:
			return got, refused, err
		default:
			row := make([]string, len(r.Header()))
			for i, name := range r.Header() {
				row[i] = f.Attr[name].(string)
			}
			got = append(got, row)
		}
	}
	return got, refused, nil
}

func TestRead(t *testing.T) {
	cp932, err := japanese.ShiftJIS.NewEncoder().String("NO,施設・場所名\r\n1,表能①～小学校\r\n")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, in string
		header   []string
		want     [][]string
	}{
		{"line feeds", "a,b\n1,2\n", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"CRLF and BOM", "\uFEFFNO,名称\r\n1,\"小学校\"\r\n2,\r\n", []string{"NO", "名称"}, [][]string{{"1", "小学校"}, {"2", ""}}},
		{"CP932", cp932, []string{"NO", "施設・場所名"}, [][]string{{"1", "表能①～小学校"}}},
		{"no last line feed", "a,b\n1,2", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"header alone", "a,b\n", []string{"a", "b"}, nil},
		{"header of several lines", "a,\"対象となる\r\n町会・\n自治会\"\n1,2\n", []string{"a", "対象となる町会・自治会"}, [][]string{{"1", "2"}}},
		{"empty header cell", "a,,c\n1,2,3\n", []string{"a", "#2", "c"}, [][]string{{"1", "2", "3"}}},
		{"blank header cell", "a, \u3000,c \n1,2,3\n", []string{"a", "#2", "c"}, [][]string{{"1", "2", "3"}}},
		{"header twice", "緯度,緯度,緯度\n1,2,3\n", []string{"緯度", "緯度#2", "緯度#3"}, [][]string{{"1", "2", "3"}}},
		{"header like a number", "#3,a,,a#2,a\n1,2,3,4,5\n", []string{"#3", "a", "#3#3", "a#2", "a#5"}, [][]string{{"1", "2", "3", "4", "5"}}},
		{"quotes", "a,b\n\"50,700 \",\"a \"\"b\"\"\nc\"\n", []string{"a", "b"}, [][]string{{"50,700 ", "a \"b\"\nc"}}},
		{"empty line", "a,b\n\n1,2\n\n", []string{"a", "b"}, [][]string{{"1", "2"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := table.Read(strings.NewReader(tt.in), "x.csv")
			if err != nil {
				t.Fatal(err)
			}
			got, refused, err := rows(r)
			if err != nil || len(refused) > 0 || !slices.Equal(r.Header(), tt.header) || !slices.EqualFunc(got, tt.want, slices.Equal) {
				t.Errorf("Read(%q) = %q %q, %v, %v; want %q %q", tt.in, r.Header(), got, refused, err, tt.header, tt.want)
			}
		})
	}
}

// A row that does not fit is refused with its line; the next is read.
func TestRefusedRow(t *testing.T) {
	tests := []struct{ name, in, why string }{
		{"short", "1,2", "x.csv: record 2: line 5: 2 cells, want 3"},
		{"long", "1,2,3,4", "x.csv: record 2: line 5: 4 cells, want 3"},
		{"bare quote", `1,a"b,3`, `x.csv: record 2: line 5: bare " in non-quoted-field`},
		{"quote inside", `1,"a"b,3`, `x.csv: record 2: line 5: extraneous or missing " in quoted-field`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := table.Read(strings.NewReader("a,b,c\n1,\"two\nlines\",3\n\n"+tt.in+"\n7,8,9\n"), "x.csv")
			if err != nil {
				t.Fatal(err)
			}
			got, refused, err := rows(r)
			if err != nil || len(got) != 2 || len(refused) != 1 || refused[0].Error() != tt.why {
				t.Errorf("%d rows, %v, %v; want 2 and %q", len(got), refused, err, tt.why)
			}
		})
	}
}

func TestNoTable(t *testing.T) {
	for _, in := range []string{"", "\uFEFF", "\n\n", "\"a\n", "a\"b,c\n", "\xff\xff"} {
		if r, err := table.Read(strings.NewReader(in), "x.csv"); err == nil || !strings.HasPrefix(err.Error(), "x.csv: ") {
			t.Errorf("Read(%q) = %v, %v", in, r, err)
		}
	}
	r, err := table.Read(strings.NewReader("a,b\n1,2\n3,\""+strings.Repeat("open quote\n", 200_000)), "x.csv")
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := rows(r)
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "x.csv: line 3: row is longer than 1 MB") {
		t.Errorf("quote left open: %d rows, %v", len(got), err)
	}
}

func TestReadHeaderless(t *testing.T) {
	r, err := table.ReadHeaderless(strings.NewReader("10204,\"372  \",\"3720000\"\n10205,\"373  \",\"3730000\"\n"), "KEN_ALL.CSV")
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := rows(r)
	want := [][]string{{"10204", "372  ", "3720000"}, {"10205", "373  ", "3730000"}}
	if err != nil || !slices.Equal(r.Header(), []string{"#1", "#2", "#3"}) || !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("ReadHeaderless = %q %q, %v", r.Header(), got, err)
	}
}

func TestPublished(t *testing.T) {
	tests := []struct {
		path          string
		member        string // suffix of its name
		headerless    bool
		rows, columns int
		column        string // filled in the first row
	}{
		{"shelters/gsi-csv-original/42202_2.csv", "", false, 270, 16, "崖崩れ、土石流及び地滑り"},
		{"shelters/gsi-csv-original/42202_1.csv", "", false, 145, 10, "受入対象者"},
		{"shelters/gsi-csv-original/publicHistoryListData.csv", "", true, 1747, 0, "#1"},
		{"shelters/gsi-csv-original/prefectureListData.csv", "", true, 47, 0, "#1"},
		{"shelters/municipal-standard/382019_evacuation_space.csv", "", false, 390, 40, "#34"},
		{"shelters/municipal-standard/172022_nanao_reference_data.csv", "", false, 112, 26, "名称"},
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-09-1800.csv", "", false, 29, 0, ""},
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-13-0600.csv", "", false, 28, 0, ""},
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-26-0600.csv", "", false, 26, 0, ""},
		{"addresses/isj/30000-17.0b.zip", ".csv", false, 1918, 10, "大字町丁目名"},
		{"addresses/KEN_ALL_2024-04.zip", ".CSV", true, 124_683, 15, "#7"},
		{"addresses/KEN_ALL_ROME_2023-06.zip", ".CSV", true, 124_574, 7, "#4"},
		{"addresses/abr/mt_parcel_city465054.csv.zip", ".csv", false, 84_418, 20, "prc_id"},
		{"addresses/abr_machiaza_isesaki_2022.csv", "", false, 163, 7, "machiaza"},
		{"addresses/geolonia_latest_csv_tokyo_2022.csv.gz", "", false, 5393, 14, "大字町丁目名"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			err := archive.Walk(t.Context(), published.Path(t, tt.path), func(m *archive.Member) error {
				if !strings.HasSuffix(m.Name, tt.member) {
					return nil
				}
				text, err := m.Open()
				if err != nil {
					return err
				}
				defer text.Close()
				read := table.Read
				if tt.headerless {
					read = table.ReadHeaderless
				}
				r, err := read(text, m.Name)
				if err != nil {
					return err
				}
				got, refused, err := rows(r)
				if err != nil || len(refused) > 0 {
					t.Errorf("%v, %v", refused, err)
				}
				if len(got) != tt.rows || tt.columns != 0 && len(r.Header()) != tt.columns {
					t.Errorf("%d rows of %d, want %d of %d", len(got), len(r.Header()), tt.rows, tt.columns)
				}
				if i := slices.Index(r.Header(), tt.column); tt.column != "" && i < 0 {
					t.Errorf("no column %q in %q", tt.column, r.Header())
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// The 34th header cell of 松山市 is empty, and lies between its neighbours.
func TestPublishedEmptyHeader(t *testing.T) {
	f, err := os.Open(published.Path(t, "shelters/municipal-standard/382019_evacuation_space.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := table.Read(f, "x.csv")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Header(); got[32] != "指定避難所との重複" || got[33] != "#34" || got[34] != "想定収容人数" {
		t.Errorf("columns 33 to 35 are %q", got[32:35])
	}
}

// FuzzRead: rows are as wide as the header, whose names are distinct; a table
// without refused rows is what encoding/csv reads.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "-1", "NaN", "a,b\n1,2\n", "a,a\n1\n", "\"a\n\",\r\n\"\"\"\",2\n", "\uFEFFa", "a,b\n1,\"", "\x88\xc9,\x90\xa8\n1,2", "\n,\n,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r, err := table.Read(strings.NewReader(in), "x.csv")
		if err != nil {
			return
		}
		names := slices.Clone(r.Header())
		slices.Sort(names)
		if len(slices.Compact(names)) != len(r.Header()) || slices.Contains(names, "") {
			t.Fatalf("Header of %q = %q", in, r.Header())
		}
		got, refused, err := rows(r)
		if err != nil || len(refused) > 0 || !utf8.ValidString(in) {
			return
		}
		want, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(in, "\uFEFF"))).ReadAll()
		if err != nil || !slices.EqualFunc(got, want[1:], slices.Equal) {
			t.Fatalf("Read(%q) = %q, want %q, %v", in, got, want, err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	text, err := readMember(b, published.Path(b, "addresses/KEN_ALL_2024-04.zip"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r, err := table.ReadHeaderless(strings.NewReader(text), "KEN_ALL.CSV")
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range r.Rows() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

func readMember(b *testing.B, path string) (text string, err error) {
	err = archive.Walk(b.Context(), path, func(m *archive.Member) error {
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		all, err := io.ReadAll(r)
		text = string(all)
		return err
	})
	return text, err
}

func TestPlainCell(t *testing.T) {
	for in, want := range map[string]string{"": "", "柴町": "柴町", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@a": "'@a", "1-2": "1-2"} {
		if got := table.PlainCell(in); got != want {
			t.Errorf("PlainCell(%q) = %q, want %q", in, got, want)
		}
	}
}
