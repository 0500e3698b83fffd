package web

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/web/view/plan"
)

// sendSheet posts a file as the form of the page does: its fields first.
func sendSheet(t testing.TB, h http.Handler, target, name, content string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return post(h, target, form.FormDataContentType(), body.String())
}

const planned = "id,施設名,緯度,経度,町名\r\n1,中央小学校①,36.30,139.19,柴町\r\n2,<b>南,36.40,139.19,柴町\r\n3,謎,x,139.19,連取町\r\n"

func TestPlanPage(t *testing.T) {
	s := testServer(t, Options{})
	for _, lang := range i18n.Langs() {
		w := ask(s, "GET", "/"+string(lang)+"/plan")
		body := w.Body.String()
		if w.Code != http.StatusOK || !strings.Contains(body, "<style>"+plan.StyleSheet()) || !strings.Contains(w.Header().Get("Content-Security-Policy"), styleHash(plan.StyleSheet())) {
			t.Fatalf("%s: %d, the style or its hash is missing", lang, w.Code)
		}
		for _, want := range []string{`action="/` + string(lang) + `/plan/sheet"`, `formaction="/` + string(lang) + `/plan/sheet?as=gpkg"`, `enctype="multipart/form-data"`, `action="/` + string(lang) + `/plan/area"`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s", lang, want)
			}
		}
	}
	for _, target := range []string{"/ja/plan/sheet", "/ja/plan/area"} {
		if w := ask(s, "GET", target); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/ja/plan" {
			t.Errorf("GET %s: %d %s", target, w.Code, w.Header())
		}
	}
}

// TestPlanSheet: the answer page of a file, without a script.
func TestPlanSheet(t *testing.T) {
	s := testServer(t, Options{})
	sheet, err := japanese.ShiftJIS.NewEncoder().String(planned)
	if err != nil {
		t.Fatal(err)
	}
	w := sendSheet(t, s, "/ja/plan/sheet", "施設.csv", sheet, "kind", "flood-depth", "lat", "", "lon", "")
	body := w.Body.String()
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	for _, want := range []string{"3行を調べました", "うち1行は", "中央小学校①", "&lt;b&gt;南", "緯度・経度を読み取れません", `<svg class="stripe"`, `<svg class="map"`, "<circle", "柴町", "連取町"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	if strings.Contains(body, "<b>南") || strings.Contains(body, "施設.csv") {
		t.Error("what was sent is in the page as it came")
	}
	english := sendSheet(t, s, "/en/plan/sheet?fragment=main", "a.csv", planned).Body.String()
	if !strings.HasPrefix(english, "<title>") || !strings.Contains(english, "3 rows were looked up.") || strings.Contains(english, "<html") {
		t.Errorf("the fragment is %.200s", english)
	}
}

// TestPlanSaves: a button of the form brings all rows as a file.
func TestPlanSaves(t *testing.T) {
	s := testServer(t, Options{})
	for as, want := range map[string]string{
		"csv": "\uFEFFid,施設名,緯度,経度,町名,match,", "geojson": `{"type":"FeatureCollection"`, "ndjson": `{"id":"1","施設名":"中央小学校①"`, "gpkg": "SQLite format 3\x00",
	} {
		w := sendSheet(t, s, "/ja/plan/sheet?as="+as, "a.csv", planned)
		if w.Code != http.StatusOK || w.Header().Get("Content-Disposition") != `attachment; filename="risks.`+as+`"` || !strings.HasPrefix(w.Body.String(), want) || w.Header().Get("Cache-Control") != noStore {
			t.Errorf("%s: %d %v %.80q", as, w.Code, w.Header(), w.Body)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	s := testServer(t, Options{})
	large := httptest.NewRequest("POST", "/ja/plan/sheet", strings.NewReader("x"))
	large.Host, large.ContentLength = "localhost", maxBatch+1
	tooLarge := httptest.NewRecorder()
	s.ServeHTTP(tooLarge, large)
	for range cap(s.batches) {
		s.batches <- struct{}{}
	}
	busy := sendSheet(t, s, "/ja/plan/sheet", "a.csv", planned)
	for range cap(s.batches) {
		<-s.batches
	}
	for i, tt := range []struct {
		got    *httptest.ResponseRecorder
		status int
		words  string
	}{
		{tooLarge, 413, "plan.refused.too-large"},
		{busy, 503, "plan.refused.busy"},
		{sendSheet(t, s, "/ja/plan/sheet", "", ""), 400, "plan.refused.no-file"},
		{post(s, "/ja/plan/sheet", "multipart/form-data; boundary=x", "--x--\r\n"), 400, "plan.refused.no-file"},
		{post(s, "/ja/plan/sheet", "text/csv", planned), 400, "plan.refused.no-file"},
		{sendSheet(t, s, "/ja/plan/sheet", "a.csv", "a,b\n1,2\n"), 400, "plan.refused.no-columns"},
		{sendSheet(t, s, "/ja/plan/sheet?as=csv", "a.csv", "lat,lon\n\xff\xff\xff"), 400, "plan.refused.encoding"},
		{sendSheet(t, s, "/ja/plan/sheet", "a.csv", "lat,lon\n", "address", "x"), 400, "plan.refused.no-such-column"},
		{sendSheet(t, s, "/ja/plan/sheet", "a.xlsx", "PK\x03\x04"), 400, "plan.refused.not-workbook"},
		{sendSheet(t, s, "/ja/plan/sheet?as=csv", "a.ndjson", "{}"), 400, "plan.refused.no-table"},
	} {
		words := i18n.For(i18n.Japanese).T(tt.words, i18n.Int("n", maxBatch>>20))
		if tt.got.Code != tt.status || !strings.Contains(tt.got.Body.String(), words) || !strings.Contains(tt.got.Body.String(), `id="sheet-form"`) {
			t.Errorf("%d: %d, want %d and %q: %s", i, tt.got.Code, tt.status, words, tt.got.Header())
		}
	}
}

// TestPlanRefusesAfterAll: a client that sends all before it reads, as browsers
// do, gets the page and no connection that was cut.
func TestPlanRefusesAfterAll(t *testing.T) {
	site := httptest.NewServer(testServer(t, Options{}))
	defer site.Close()
	for name, tt := range map[string]struct {
		head  string // of the file
		bytes int64
		words string
	}{
		"no columns": {"a,b\n", 32 << 20, "plan.refused.no-columns"},
		"too large":  {"lat,lon\n", maxBatch, "plan.refused.too-large"},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", site.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			form := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n" + tt.head
			fmt.Fprintf(c, "POST /en/plan/sheet HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n%s", int64(len(form))+tt.bytes, form)
			block := make([]byte, 1<<20)
			for range tt.bytes / int64(len(block)) {
				if _, err := c.Write(block); err != nil {
					t.Fatal(err)
				}
			}
			res, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			page, err := io.ReadAll(res.Body)
			if words := i18n.For(i18n.English).T(tt.words, i18n.Int("n", maxBatch>>20)); err != nil || !strings.Contains(string(page), words) {
				t.Errorf("%s: no %q, %v", res.Status, words, err)
			}
		})
	}
}

// TestPlanCompares editions in short where one is there before, and says so where
// none is.
func TestPlanCompares(t *testing.T) {
	s, alone := withBefore(t, func(context.Context) (*diff.Report, error) { return goneReport(), nil }), testServer(t, Options{})
	for _, lang := range i18n.Langs() {
		link, words := `href="/`+string(lang)+`/changes"`, i18n.For(lang)
		page := ask(s, "GET", "/"+string(lang)+"/plan").Body.String()
		for _, want := range []string{link, `href="#changes"`, `<h2 id="changes"`, "旧&lt;小&gt;学校", "公民館", "<b>250\u202f000 m²</b>", "+250\u202f000 m²", "\u2212250\u202f000 m²"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page lacks %s", lang, want)
			}
		}
		if strings.Contains(page, "changes.") || strings.Contains(page, "{n}") {
			t.Errorf("%s: a text is missing", lang)
		}
		if page := ask(alone, "GET", "/"+string(lang)+"/plan").Body.String(); strings.Contains(page, link) || lang == i18n.English && !strings.Contains(page, words.T("changes.none")) {
			t.Errorf("%s: the page compares with nothing", lang)
		}
	}
	answer := sendSheet(t, s, "/en/plan/sheet", "a.csv", planned).Body.String()
	if !strings.Contains(answer, "3 rows were looked up.") || !strings.Contains(answer, "旧&lt;小&gt;学校") {
		t.Error("an answer does not tell which shelter is gone")
	}
}

// TestPlanIsNotKeptWhileComparing: the page without what changed is shown, and
// makes room for the whole one.
func TestPlanIsNotKeptWhileComparing(t *testing.T) {
	finish := make(chan struct{})
	s := withBefore(t, func(context.Context) (*diff.Report, error) {
		<-finish
		return goneReport(), nil
	})
	pending := i18n.For(i18n.English).T("changes.pending")
	w := ask(s, "GET", "/en/plan")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore || w.Header().Get("Refresh") != "" || !strings.Contains(w.Body.String(), pending) {
		t.Errorf("while comparing: %d %v", w.Code, w.Header())
	}
	close(finish)
	set := s.acquire()
	defer set.release()
	<-set.datasets[0].compared.done
	if page := ask(s, "GET", "/en/plan").Body.String(); strings.Contains(page, pending) || !strings.Contains(page, "旧&lt;小&gt;学校") {
		t.Error("after comparing the page does not tell what changed")
	}
}

func TestPlanArea(t *testing.T) {
	s := testServer(t, Options{})
	const form = "application/x-www-form-urlencoded"
	send := func(corners string) *httptest.ResponseRecorder {
		return post(s, "/en/plan/area", form, url.Values{"corners": {corners}, "place": {""}}.Encode())
	}
	w := send("36.299,139.189\n36.301,139.189\r\n36.301,139.191\n36.299,139.191\n\n")
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	for _, want := range []string{"hectares", "100%", "3 metres to less than 5 metres", `class="area"`, "36.299,139.189"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not hold %q", want)
		}
	}
	many := strings.Builder{}
	for i := range plan.MostCorners + 1 {
		fmt.Fprintf(&many, "36.%d,139\n", i)
	}
	for corners, key := range map[string]string{
		"": "corners", "36,139\n37,139": "corners", "x": "corners", "36,139\n36,139\n36,139": "corners", "0,139\n36,139\n36,140": "too-large", many.String(): "too-large",
	} {
		words := i18n.For(i18n.English).T("plan.area.refused."+key, i18n.Int("n", plan.MostCorners))
		if w := send(corners); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), words) {
			t.Errorf("%.40q: %d, want %q", corners, w.Code, words)
		}
	}
	if w := post(s, "/en/plan/area", form, "place=zzzz"); w.Code != http.StatusBadRequest {
		t.Errorf("no such town: %d", w.Code)
	}
}

// TestPlanAreaOfSeveral lets choose which city is asked about.
func TestPlanAreaOfSeveral(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{eastCity(t), townsCity(t)}})
	send := func(corners, dataset string) *httptest.ResponseRecorder {
		return post(s, "/en/plan/area", "application/x-www-form-urlencoded", url.Values{"corners": {corners}, "dataset": {dataset}}.Encode())
	}
	const across, sea = "36.29,139.29\n36.29,139.33\n36.31,139.33\n36.31,139.29", "34,135\n34,135.01\n34.01,135.01"
	words := i18n.For(i18n.English)
	w := send(across, "")
	for _, want := range []string{words.T("plan.area.refused.several"), `<option value="10202">`, `<option value="10204">`, `name="dataset" form="area-form"`} {
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("across the border: %d, the page does not hold %q", w.Code, want)
		}
	}
	for id, name := range map[string]string{"10202": "東隣市", "10204": "試験市"} {
		w := send(across, id)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "lies outside "+name) {
			t.Errorf("of %s: %d, nothing is said of the ground outside", id, w.Code)
		}
	}
	if w := send(sea, ""); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), words.T("plan.area.refused.outside")) {
		t.Errorf("in no city: %d", w.Code)
	}
}
