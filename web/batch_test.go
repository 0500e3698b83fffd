package web

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/text/encoding/japanese"
)

const sheetType, linesType = "text/csv; charset=utf-8", "application/x-ndjson"

// readSheet returns the rows of a CSV answer by column, and their cells.
func readSheet(t *testing.T, w *httptest.ResponseRecorder) (rows []map[string]string, cells [][]string) {
	t.Helper()
	text, ok := strings.CutPrefix(w.Body.String(), "\uFEFF")
	if !ok || w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore || w.Header().Get("Content-Type") != sheetType {
		t.Fatalf("%d %v %.300s", w.Code, w.Header(), w.Body)
	}
	in := csv.NewReader(strings.NewReader(text))
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
	return rows, all[1:]
}

// TestBatchRowIsTheRowAlone: a position gets the hazards of /api/v1/risk, byte
// for byte, and a row is the same among others and alone.
func TestBatchRowIsTheRowAlone(t *testing.T) {
	s := testServer(t, Options{})
	rng := rand.New(rand.NewPCG(1, 2))
	var lines, sheet strings.Builder
	var positions [][2]string
	sheet.WriteString("id,lat,lon\n")
	for i := range 200 {
		lat, lon := fmt.Sprintf("%.6f", 36.27+rng.Float64()*0.06), fmt.Sprintf("%.6f", 139.15+rng.Float64()*0.08)
		positions = append(positions, [2]string{lat, lon})
		fmt.Fprintf(&lines, `{"id":%d,"lat":%s,"lon":"%s"}`+"\n", i, lat, lon)
		fmt.Fprintf(&sheet, "%d,%s,%s\n", i, lat, lon)
	}
	out := strings.Split(strings.TrimSpace(post(s, risksPattern+"?lang=en", linesType, lines.String()).Body.String()), "\n")
	in := strings.Split(strings.TrimSpace(lines.String()), "\n")
	rows, _ := readSheet(t, post(s, risksPattern, sheetType, sheet.String()))
	if len(out) != len(in) || len(rows) != len(in) {
		t.Fatalf("%d lines and %d rows for %d", len(out), len(rows), len(in))
	}
	for i, p := range positions {
		var risk struct{ Hazards json.RawMessage }
		w := ask(s, "GET", "/api/v1/risk?lang=en&lat="+p[0]+"&lon="+p[1])
		if err := json.Unmarshal(w.Body.Bytes(), &risk); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out[i], in[i][:len(in[i])-1]+`,"risks":`) || !strings.Contains(out[i], `"precision":"point"`) || !strings.HasSuffix(out[i], string(risk.Hazards)+"}}") {
			t.Fatalf("row %d: %s, want %s", i, out[i], risk.Hazards)
		}
		if alone := post(s, risksPattern+"?lang=en", linesType, in[i]).Body.String(); alone != out[i]+"\n" {
			t.Fatalf("row %d alone: %s, in the batch: %s", i, alone, out[i])
		}
		a := readRisk(t, w)
		if rows[i]["id"] != fmt.Sprint(i) || rows[i]["flood-depth.max.status"] != a.status("flood-depth") || rows[i]["flood-depth.max.text"] == "" {
			t.Fatalf("row %d of the sheet: %v", i, rows[i])
		}
	}
}

func TestBatchMarksBadRows(t *testing.T) {
	s := testServer(t, Options{})
	rows, cells := readSheet(t, post(s, risksPattern, sheetType,
		"\uFEFF名,緯度,経度,match\r\n\"a \"\"b\"\"\",36.30,139.19,=1\r\nb,NaN,139\r\nc,x,139,\r\nd,,,\r\ne,36.30,139.19,,extra\r\nf,36.40,139.19,\r\ng,\"36.4"+strings.Repeat("\n", 128<<10)))
	wants := []struct{ name, fault, status string }{
		{`a "b"`, "", "inside"}, {"b", "row-width", "undecided"}, {"c", "bad-position", "undecided"}, {"d", "no-position", "undecided"},
		{"e", "row-width", "undecided"}, {"f", "", "outside"}, {"", "row-too-long", "undecided"},
	}
	if len(rows) != len(wants) {
		t.Fatalf("%d rows, want %d", len(rows), len(wants))
	}
	for i, want := range wants {
		if got := rows[i]; got["名"] != want.name || got["error"] != want.fault || got["flood-depth.max.status"] != want.status {
			t.Errorf("row %d: %v, want %v", i, got, want)
		}
	}
	if rows[0]["match"] != "=1" || rows[0]["risks.match"] != "" || cells[4][len(cells[4])-1] != "extra" || rows[0]["flood-depth.max.rank"] != "3" {
		t.Errorf("cells of ours and of the sheet are mixed: %v", rows[0])
	}
	out := strings.Split(post(s, risksPattern, linesType, "[1]\n\n{}\n{\"a\":\""+strings.Repeat("x", 64<<10)+"\"}\n{\"risks\":1}\n{\"latitude\":36.3,\"lng\":139.19}").Body.String(), "\n")
	for i, want := range []string{`{"row":"[1]","risks":{`, `{"risks":{`, `{"row":"","risks":{`, `{"row":"{\"risks\":1}"`, `{"latitude":36.3,"lng":139.19,"risks":{`, ""} {
		if len(out) != 6 || !strings.HasPrefix(out[i], want) || (want != "" && !json.Valid([]byte(out[i]))) {
			t.Fatalf("line %d of %d: %s, want %s", i, len(out), out[i], want)
		}
	}
}

func TestBatchReadsCP932(t *testing.T) {
	s := testServer(t, Options{})
	text, err := japanese.ShiftJIS.NewEncoder().String("施設名,緯度,経度\r\n中央小学校①,36.30,139.19\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if rows, _ := readSheet(t, post(s, risksPattern, "text/csv", text)); len(rows) != 1 || rows[0]["施設名"] != "中央小学校①" || rows[0]["flood-depth.max.status"] != "inside" {
		t.Errorf("rows %v", rows)
	}
}

// TestBatchAddresses: only what is verified is answered, a town as its range.
func TestBatchAddresses(t *testing.T) {
	s := placesServer(t)
	typed := []string{"伊勢崎市柴町", "柴町 3丁目", "zzzz", strings.Repeat("柴", 300), "柴町", "伊勢崎市連取元街"}
	rows, _ := readSheet(t, post(s, risksPattern+"?address=where&lang=en", sheetType, "where,lat,lon\n"+strings.Join(typed, ",1,1\n")+",1,1\n"))
	if len(rows) != len(typed) {
		t.Fatalf("%d rows, want %d", len(rows), len(typed))
	}
	seen := map[string]bool{}
	for i, row := range rows {
		seen[row["match"]] = true
		status := row["flood-depth.max.status"]
		if row["where"] != typed[i] || (row["match"] != "verified" && (status != "undecided" || row["reason"]+row["error"] == "")) {
			t.Errorf("%q: match %q, status %q, reason %q, error %q", typed[i], row["match"], status, row["reason"], row["error"])
		}
	}
	town := rows[0]
	if town["match"] != "verified" || town["precision"] != "town" || town["flood-depth.max.status"] != "range" || town["flood-depth.max.min"] != "3" || town["flood-depth.max.shares"] != "3=1.0000" {
		t.Errorf("the town: %v", town)
	}
	if rows[2]["reason"] != "not-found" || rows[3]["error"] != "address-too-long" || rows[4]["completed"] != "municipality" {
		t.Errorf("not found: %v; too long: %v; completed: %v", rows[2]["reason"], rows[3]["error"], rows[4]["completed"])
	}
	for _, match := range []string{"verified", "assumed", "similar", "partial", ""} {
		if !seen[match] {
			t.Errorf("no row is %q", match)
		}
	}
	line := post(s, risksPattern, linesType, `{"住所":"伊勢崎市柴町","lat":null}`).Body.String()
	if !json.Valid([]byte(line)) || !strings.Contains(line, `"match":"verified"`) || !strings.Contains(line, `"shares":[`) {
		t.Errorf("the town as an object: %s", line)
	}
}

func TestBatchRefuses(t *testing.T) {
	s := testServer(t, Options{})
	huge := httptest.NewRequest("POST", risksPattern, strings.NewReader("lat,lon\n"))
	huge.Host, huge.ContentLength = "localhost", maxBatch+1
	huge.Header.Set("Content-Type", sheetType)
	tooMuch := httptest.NewRecorder()
	s.ServeHTTP(tooMuch, huge)
	for i, tt := range []struct {
		got    *httptest.ResponseRecorder
		status int
	}{
		{post(s, risksPattern, "text/plain", "lat,lon\n"), 415},
		{post(s, risksPattern, sheetType, ""), 400},
		{post(s, risksPattern, sheetType, "a,b\n1,2\n"), 400},
		{post(s, risksPattern, sheetType, "lat,lon\n\xff\xff\xff"), 400},
		{post(s, risksPattern+"?address=x", sheetType, "lat,lon\n"), 400},
		{post(s, risksPattern+"?lang=xx", sheetType, "lat,lon\n"), 400},
		{post(s, risksPattern+"?lat=1", sheetType, "lat,lon\n"), 400},
		{tooMuch, 413},
		{ask(s, "GET", risksPattern), 405},
	} {
		if tt.got.Code != tt.status || tt.got.Header().Get("Content-Type") != "application/problem+json" || tt.got.Header().Get("Cache-Control") != noStore {
			t.Errorf("%d: %d %s, want %d as a problem", i, tt.got.Code, tt.got.Body, tt.status)
		}
	}
}

// rowSource makes a sheet of positions while it is read.
type rowSource struct {
	rows, made int
	ended      atomic.Bool
	rest       []byte
	look       func()
}

func (g *rowSource) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		if g.made == g.rows {
			g.ended.Store(true)
			return 0, io.EOF
		}
		g.rest = fmt.Appendf(nil, "%d,36.%06d,139.19,%s\n", g.made, 290000+g.made%20000, "北千木町")
		if g.made++; g.made%20000 == 0 {
			g.look()
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// TestBatchStreams sends a large sheet over a connection and sees rows come back
// while it is being sent, and no more memory held at its end than in its middle.
// TestRefusalIsRead: a program that sends all before it reads hears why its
// sheet is refused, and may go on with the same connection.
func TestRefusalIsRead(t *testing.T) {
	at := startSite(t, Options{}).address
	body := strings.Repeat("a", 8<<20)
	for _, query := range []string{"?lang=xx", ""} {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		for range 2 {
			if _, err := fmt.Fprintf(conn, "POST /api/v1/risks%s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n%s", query, at, len(body), body); err != nil {
				t.Fatalf("%q: cut off while it sends: %v", query, err)
			}
			res, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatalf("%q: %v", query, err)
			}
			if text, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusBadRequest || len(text) == 0 {
				t.Errorf("%q: %s: %q, %v", query, res.Status, text, err)
			}
		}
	}
}

func TestBatchStreams(t *testing.T) {
	const rows = 240_000
	s := testServer(t, Options{})
	s.current.Load().work.Wait() // the drawn maps are made ready beside
	site := httptest.NewServer(s)
	defer site.Close()
	// The least in each quarter: what is kept for good is there at every look,
	// the blocks at work come and go. They grow to their full number in the first.
	held := [4]uint64{math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64}
	source := &rowSource{rows: rows, rest: []byte("id,lat,lon,town\n")}
	source.look = func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		quarter := min(source.made*4/(rows+1), 3)
		held[quarter] = min(held[quarter], m.HeapAlloc)
	}
	res, err := http.Post(site.URL+risksPattern, "text/csv", io.NopCloser(source))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	n := 0
	in := bufio.NewScanner(res.Body)
	for in.Scan() {
		if id, _, _ := strings.Cut(in.Text(), ","); n > 0 && id != strconv.Itoa(n-1) {
			t.Fatalf("row %d has id %s", n, id)
		}
		if n++; n == 1000 && source.ended.Load() {
			t.Error("no row came back before the last was sent")
		}
	}
	if n != rows+1 || in.Err() != nil {
		t.Errorf("%d rows came back: %v", n-1, in.Err())
	}
	t.Logf("the heap held at least %d, %d, %d and %d MB in the quarters", held[0]>>20, held[1]>>20, held[2]>>20, held[3]>>20)
	if held[3] > held[2]+20<<20 {
		t.Errorf("the heap grew from %d to %d bytes", held[2], held[3])
	}
}

func BenchmarkBatch(b *testing.B) {
	s := testServer(b, Options{})
	var sheet bytes.Buffer
	source := &rowSource{rows: 10_000, rest: []byte("id,lat,lon,town\n"), look: func() {}}
	if _, err := sheet.ReadFrom(source); err != nil {
		b.Fatal(err)
	}
	text := sheet.String()
	for b.Loop() {
		if w := post(s, risksPattern, sheetType, text); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
	b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "rows/s")
}
