package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/japanese"

	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// square is an area in degrees.
func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}

func cities(t testing.TB) []*Dataset {
	t.Helper()
	all, err := bothCities()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// bothCities are two cities side by side: a flood in the west of the first, a
// line of a landslide in the second. Only the first has shelters, one of them
// called like a formula.
var bothCities = sync.OnceValues(func() (all []*Dataset, err error) {
	open := func(in *hazard.Input) {
		var b bytes.Buffer
		if err = errors.Join(err, hazard.WriteIndex(context.Background(), &b, in)); err != nil {
			return
		}
		x, openErr := hazard.OpenIndex(b.Bytes())
		if err = openErr; err == nil {
			all = append(all, &Dataset{Index: x, Bounds: in.Area.Boundary.Bound(), Shown: &view.Dataset{ID: in.DatasetID, Area: x.Area(), Risks: x}})
		}
	}
	zones := []hazard.Zone{
		{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, River: "早川", Shape: square(139, 36, 139.01, 36.1)},
		{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: hazard.RankUnknown, Shape: square(139, 36, 139.002, 36.002)},
	}
	hazard.SortZones(zones)
	open(&hazard.Input{
		DatasetID: "11111", Zones: zones, Area: hazard.Area{Code: "11111", Name: "西市", Boundary: square(139, 36, 139.1, 36.1)},
		Coverage: []hazard.Coverage{{Kinds: hazard.KindSet(0).With(hazard.FloodDepth), Area: square(139, 36, 139.1, 36.1)}},
		Shelters: []hazard.Shelter{
			{ID: "E1", Name: "=1+1", Lon: 139.02, Lat: 36.05, Emergency: true, Suitable: 1 << hazard.ShelterFire},
			{ID: "E2", Name: "西小学校", Lon: 139.005, Lat: 36.06, Emergency: true, Suitable: 1 << hazard.ShelterFlood},
		},
	})
	open(&hazard.Input{
		DatasetID: "22222", Area: hazard.Area{Code: "22222", Name: "東市", Boundary: square(139.1, 36, 139.2, 36.1)},
		Zones: []hazard.Zone{{Kind: hazard.LandslideDebris, Rank: 1, Flags: hazard.LineOnly, Shape: orb.MultiLineString{{{139.15, 36}, {139.15, 36.1}}}}},
	})
	return all, err
})

// answered returns what a sheet becomes.
func answered(t testing.TB, in io.Reader, from, to Format, q Question) string {
	t.Helper()
	s, err := Open(in, from, q, cities(t))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := s.Write(t.Context(), &out, to); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// tabled reads CSV by the names of its columns.
func tabled(t testing.TB, text string) (rows []map[string]string) {
	t.Helper()
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	in.FieldsPerRecord = -1
	all, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestRow(t *testing.T) {
	sheet := "no,lat,lon\n1,36.05,139.005\n2,36.05,139.012\n3,36.001,139.001\n4,36.05,139.149\n5,36.05,139.08\n6,36.0512345678901,139.005\n"
	rows := tabled(t, answered(t, strings.NewReader(sheet), CSV, CSV, Question{Lang: i18n.English}))
	for i, want := range []map[string]string{
		{"flood-depth.max.status": "inside", "flood-depth.max.rank": "3", "flood-depth.max.within_100m": "3", "shelter.name": "西小学校", "shelter.metres": "1112", "shelter.in_zone": "flood-depth.max=3", "position.lat": "36.05"},
		{"flood-depth.max.status": "outside", "flood-depth.max.rank": "", "flood-depth.max.within_100m": "", "flood-depth.max.within_200m": "3", "shelter.name": "'=1+1", "shelter.metres": "719", "precision": "point"},
		{"flood-depth.max.status": "inside", "flood-depth.max.rank": "unknown", "flood-depth.max.within_100m": "unknown"},
		{"flood-depth.max.status": "no-data", "landslide-debris.status": "no-data", "landslide-debris.line_within_m": "90", "shelter.name": "", "shelter.metres": ""},
		{"flood-depth.max.status": "outside", "flood-depth.max.within_200m": "", "landslide-debris.status": "no-data"},
		{"flood-depth.max.status": "inside", "position.lat": "36.051234567", "error": ""},
	} {
		for name, cell := range want {
			if got := rows[i][name]; got != cell {
				t.Errorf("row %d: %s is %q, want %q", i+1, name, got, cell)
			}
		}
	}
}

// TestBytesAreKept: what came in goes out as it was, in front of our cells.
func TestBytesAreKept(t *testing.T) {
	for name, tt := range map[string]struct {
		in    string
		comma string
		rows  []string // as they begin; the last column is ours
	}{
		"quotes and blanks": {"a,lat,lon\r\n \"x\" , 36.05 ,\"139.005\"\r\n\"a \"\"b\"\",\n\",36.05,139.005", ",", []string{" \"x\" , 36.05 ,\"139.005\",,point", "\"a \"\"b\"\",\n\",36.05,139.005,,point"}},
		"formulas":          {"lat,lon,a\n36.05,139.005,=HYPERLINK(1)\n", ",", []string{"36.05,139.005,=HYPERLINK(1),,point"}},
		"tabs":              {"lat\tlon\n36.05\t139.005\n", "\t", []string{"36.05\t139.005\t\tpoint"}},
		"semicolons":        {"LAT;Longitude;memo\n36.05;139.005;a,b\n", ";", []string{"36.05;139.005;a,b;;point"}},
		"empty lines":       {"lat,lon\n\n36.05,139.005\n\r\n\n", ",", []string{"", "36.05,139.005,,point", "", ""}},
		"too few, too many": {"lat,lon,c\n36.05,139.005\n36.05,139.005,x,y,\"z\"\n", ",", []string{"36.05,139.005,,,,,,,row-width", "36.05,139.005,x,,,,,,row-width"}},
		"no end of line":    {"lat,lon\n36.05,139.005\r", ",", []string{"36.05,139.005,,point"}},
		"full-width header": {"ＬＡＴ,経 度\n36.05,139.005\n", ",", []string{"36.05,139.005,,point"}},
	} {
		t.Run(name, func(t *testing.T) {
			out := answered(t, strings.NewReader(tt.in), CSV, CSV, Question{})
			_, text, _ := strings.Cut(out, "\r\n")
			for i, want := range tt.rows {
				if want == "" && strings.HasPrefix(text, "\r\n") {
					text = text[2:]
					continue
				}
				if !strings.HasPrefix(text, want) || want == "" {
					t.Fatalf("row %d: %.80q, want it to begin with %q", i, text, want)
				}
				_, text, _ = strings.Cut(text[len(want):], "\r\n")
			}
			if text != "" {
				t.Errorf("%q is left over", text)
			}
		})
	}
	if out := answered(t, strings.NewReader("lat,lon,c\n36.05,139.005,x,y,\"z\"\n"), CSV, CSV, Question{}); !strings.HasSuffix(out, ",y,\"z\"\r\n") {
		t.Errorf("what stood beyond the header is lost: %q", out[len(out)-40:])
	}
}

// TestRowAloneIsTheRowAmongOthers, in every format of text, also where it is bad.
func TestRowAloneIsTheRowAmongOthers(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 82))
	var rows []string
	for i := range 3 * blockRows / 2 {
		switch row := fmt.Sprintf("%d,%.7f,%.7f", i, 35.99+r.Float64()*0.12, 138.99+r.Float64()*0.22); r.IntN(40) {
		case 0:
			rows = append(rows, row+",more")
		case 1:
			rows = append(rows, fmt.Sprintf("%d,,", i))
		case 2:
			rows = append(rows, fmt.Sprintf("\"%d\n\",nan,139", i))
		default:
			rows = append(rows, row)
		}
	}
	const header = "id,lat,lon\n"
	for _, format := range []Format{CSV, NDJSON, GeoJSON} {
		s, err := Open(strings.NewReader(header+strings.Join(rows, "\n")), CSV, Question{}, cities(t))
		if err != nil {
			t.Fatal(err)
		}
		var all bytes.Buffer
		if count, err := s.Write(t.Context(), &all, format); err != nil || count.Rows != len(rows) || count.Marked == 0 || count.Marked > len(rows)/5 {
			t.Fatalf("%s: %+v, %v", format, count, err)
		}
		body := func(text string) string { // without what stands around the rows
			switch format {
			case CSV:
				_, text, _ = strings.Cut(text, "\r\n")
			case GeoJSON:
				_, text, _ = strings.Cut(text, "\n")
				text = strings.TrimSuffix(text, "\n]}\n")
			}
			return text
		}
		text := body(all.String())
		for i, row := range rows[:60] { // those after them are as these
			alone := body(answered(t, strings.NewReader(header+row), CSV, format, Question{}))
			if !strings.HasPrefix(text, alone) {
				t.Fatalf("%s: row %d alone is %q, in the batch %.300q", format, i, alone, text)
			}
			text = strings.TrimPrefix(text[len(alone):], ",\n")
		}
	}
}

func TestOutputsAreWellFormed(t *testing.T) {
	sheet := "id,lat,lon,risks,ID,,rest\n1,36.05,139.005,a,b,c,d\n2,x,y,\"\"\"\",\\,\u2028,<\n3,36.05,139.012,,,,,beyond\n"
	lines := strings.Split(strings.TrimSpace(answered(t, strings.NewReader(sheet), CSV, NDJSON, Question{})), "\n")
	for i, line := range lines {
		var object map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &object); err != nil || string(object["id"]) != fmt.Sprintf(`"%d"`, i+1) || object["risks (2)"] == nil || object["column 6"] == nil || !bytes.HasPrefix(object["risks"], []byte("{")) {
			t.Errorf("%v: %s", err, line)
		}
	}
	if len(lines) != 3 || !strings.Contains(lines[2], `"rest":["beyond"]`) {
		t.Errorf("lines %v", lines)
	}
	for _, in := range []struct {
		text   string
		format Format
	}{{sheet, CSV}, {"lat,lon\n", CSV}, {"{\"lat\":36.05,\"lon\":139.005}\nx\n", NDJSON}} {
		var all struct {
			Type     string
			Features []struct {
				Type       string
				Geometry   *struct{ Coordinates []float64 }
				Properties map[string]any
			}
		}
		out := answered(t, strings.NewReader(in.text), in.format, GeoJSON, Question{})
		if err := json.Unmarshal([]byte(out), &all); err != nil || all.Type != "FeatureCollection" {
			t.Fatalf("%v: %s", err, out)
		}
		for i, f := range all.Features {
			if positioned := i == 0; positioned != (f.Geometry != nil) || (positioned && f.Geometry.Coordinates[1] != 36.05) || f.Type != "Feature" || len(f.Properties) == 0 {
				t.Errorf("feature %d of %s: %+v", i, in.text, f)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	wide := strings.Repeat("a,", maxColumns) + "lat,lon\n"
	for name, tt := range map[string]struct {
		in     string
		format Format
		q      Question
		want   error
	}{
		"nothing":            {"", CSV, Question{}, ErrNoHeader},
		"blanks":             {"\n\n", CSV, Question{}, ErrNoHeader},
		"one quote":          {"\"" + strings.Repeat("x", 2*maxRow), CSV, Question{}, ErrNoHeader},
		"no place":           {"a,b\n", CSV, Question{}, ErrNoColumns},
		"half a position":    {"a,lat\n", CSV, Question{}, ErrNoColumns},
		"no such column":     {"lat,lon\n", CSV, Question{Lat: "y"}, ErrNoSuch},
		"no such address":    {"lat,lon\n", CSV, Question{Address: "a"}, ErrNoSuch},
		"too wide":           {wide, CSV, Question{}, ErrTooWide},
		"neither encoding":   {"lat,lon\n\xff\xff\xff", CSV, Question{}, ErrEncoding},
		"UTF-16":             {"\xff\xfel\x00a\x00", CSV, Question{}, ErrEncoding},
		"text as a workbook": {"lat,lon\n", XLSX, Question{}, ErrNotWorkbook},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(strings.NewReader(tt.in), tt.format, tt.q, cities(t)); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
	s, err := Open(strings.NewReader("{}"), NDJSON, Question{}, cities(t))
	if err != nil || s.Check(CSV) != ErrNoTable || s.Check(GeoJSON) != nil {
		t.Errorf("%v: NDJSON must go out as objects alone", err)
	}
}

// TestNamedColumns: a sheet of Excel in CP932 whose columns have names of its
// own.
func TestNamedColumns(t *testing.T) {
	text, err := japanese.ShiftJIS.NewEncoder().String("施設①,きた,ひがし,緯度\r\n中央小学校Ⅱ,36.05,139.005,0\r\n")
	if err != nil {
		t.Fatal(err)
	}
	rows := tabled(t, answered(t, strings.NewReader(text), CSV, CSV, Question{Lat: "きた", Lon: "ひがし"}))
	if len(rows) != 1 || rows[0]["施設①"] != "中央小学校Ⅱ" || rows[0]["flood-depth.max.rank"] != "3" {
		t.Errorf("rows %v", rows)
	}
}

// failing ends a reader or a writer.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error)  { return 0, f.err }
func (f failing) Write([]byte) (int, error) { return 0, f.err }

// TestEnds: a sheet that ends too early says so in its last row; one that nobody
// wants ends.
func TestEnds(t *testing.T) {
	rows := "lat,lon\n" + strings.Repeat("36.05,139.005\n", 2*blockRows)
	for err, want := range map[error]string{ErrTooLarge: "body-too-large", io.ErrUnexpectedEOF: "unreadable"} {
		out := tabled(t, answered(t, io.MultiReader(strings.NewReader(rows), failing{err}), CSV, CSV, Question{}))
		if last := out[len(out)-1]; len(out) != 2*blockRows+1 || last["error"] != want || last["flood-depth.max.status"] != "undecided" {
			t.Errorf("%v: %d rows, the last %v", err, len(out), last)
		}
	}
	s, err := Open(strings.NewReader(rows), CSV, Question{}, cities(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write(t.Context(), failing{io.ErrClosedPipe}, CSV); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a writer that fails: %v", err)
	}
	if s, err = Open(strings.NewReader(rows), CSV, Question{}, cities(t)); err != nil {
		t.Fatal(err)
	}
	s.source = panicking{}
	if _, err := s.Write(t.Context(), io.Discard, GeoJSON); err == nil || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "panic at hazardmap/web/sheet") {
		t.Errorf("a panic: %v", err)
	}
}

type panicking struct{}

func (panicking) columns() []string { return []string{"lat"} }
func (panicking) next(*block) error { panic("secret") }
func (panicking) fill(*row)         {}

// FuzzRecords: the rows are those of encoding/csv, and every byte of the input
// is in one of them or a line end.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"", "-1", "NaN,NaN", "a,b\n1,2", "a,\"b\"\"\n\",c\r\n\"x", "\"a\"b,c\n", "\n\r\n,\n", "a\r,b\r\n", "\"\"\"\"\n\"\",\n", "a\"b\"\n\r", "\"a\r\n\"\r\n\"b\"\r"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxRow {
			return
		}
		c := &csvSource{in: strings.NewReader(text), comma: ','}
		var got [][]string
		var raw strings.Builder
		for {
			var b block
			err := c.next(&b)
			for _, r := range b.rows {
				raw.WriteString(strings.Trim(r.raw, "\r\n"))
				if !r.blank {
					got = append(got, r.cells)
				}
			}
			if errors.Is(err, io.EOF) {
				break
			}
		}
		in := csv.NewReader(strings.NewReader(text))
		in.FieldsPerRecord, in.LazyQuotes = -1, true
		want, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, rows := range [][][]string{got, want} { // encoding/csv changes line ends within quotes
			for _, row := range rows {
				for i := range row {
					row[i] = strings.ReplaceAll(row[i], "\r", "")
				}
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		strip := strings.NewReplacer("\r", "", "\n", "")
		if strip.Replace(raw.String()) != strip.Replace(text) {
			t.Errorf("%q: the bytes kept are %q", text, raw.String())
		}
	})
}
