package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// placesAnswer is the answer of /api/v1/places: ADDRESSES.md 7.
type placesAnswer struct {
	Query      string      `json:"query"`
	Read       []spanJSON  `json:"read"`
	Unread     string      `json:"unread"`
	Hint       *hintJSON   `json:"hint"`
	Candidates []placeJSON `json:"candidates"`
	More       int         `json:"more"`
}

type spanJSON struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	As   string `json:"as"`
	Text string `json:"text"`
}

type hintJSON struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
}

type labelJSON struct {
	Ja     string `json:"ja"`
	Kana   string `json:"kana"`
	Romaji string `json:"romaji"`
}

type placeJSON struct {
	ID        string       `json:"id"`
	Area      string       `json:"area,omitempty"` // the place whose range answers, if it is another
	Label     labelJSON    `json:"label"`
	Number    string       `json:"number,omitempty"`
	Match     string       `json:"match"`
	Completed []string     `json:"completed"`
	Precision string       `json:"precision"`
	Radius    int          `json:"radius_m"`
	Point     *pointJSON   `json:"point"`
	Bounds    []float64    `json:"bounds"`
	RiskScope string       `json:"risk_scope"`
	Range     []rangeJSON  `json:"range,omitempty"`
	Sources   []sourceJSON `json:"sources"`
}

type pointJSON struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type rangeJSON struct {
	Kind        string    `json:"kind"`
	Scenario    string    `json:"scenario,omitempty"`
	Min         uint8     `json:"min"`
	Max         uint8     `json:"max"`
	Headline    uint8     `json:"headline"`
	Shares      []float64 `json:"shares"`
	NoData      float64   `json:"no_data"`
	Undecided   float64   `json:"undecided"`
	Approximate bool      `json:"approximate"`
	NoneInArea  bool      `json:"none_in_area,omitempty"`
}

type sourceJSON struct {
	Name string `json:"name"`
	Date string `json:"date"`
}

// isesakiPlaces is the gazetteer of the published towns of Isesaki.
func isesakiPlaces(t *testing.T) *gazetteer.Index {
	t.Helper()
	path := published.Path(t, "addresses/abr_machiaza_isesaki_2022.csv")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return placesOf(t, "10204", text)
}

// placesOf is the gazetteer of a city with the towns of a register.
func placesOf(t *testing.T, code string, text []byte) *gazetteer.Index {
	t.Helper()
	format, ok := gazetteer.Recognise(text)
	if !ok {
		t.Fatal("the register of towns is not recognised")
	}
	b := gazetteer.NewBuilder(gazetteer.Options{Code: code})
	if _, err := b.Add("machiaza.csv", format, gazetteer.Source{Name: "ABR", Date: "2022"}, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	built, err := b.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	index, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	return index
}

func placesServer(t *testing.T) *server {
	t.Helper()
	d := testCity(t)
	d.Places = isesakiPlaces(t)
	return testServer(t, Options{Datasets: []*Dataset{d}})
}

func TestPlaces(t *testing.T) {
	s := placesServer(t)
	const form, object = "application/x-www-form-urlencoded", "application/json"
	town := url.QueryEscape("伊勢崎市柴町")
	same := map[string]*httptest.ResponseRecorder{
		"GET":            ask(s, "GET", "/api/v1/places?q="+town),
		"POST of a form": post(s, "/api/v1/places", form, "q="+town),
		"POST of JSON":   post(s, "/api/v1/places", object, `{"q":"伊勢崎市柴町"}`),
	}
	for name, w := range same {
		t.Run(name, func(t *testing.T) {
			var a placesAnswer
			if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK || len(a.Candidates) == 0 {
				t.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			c := a.Candidates[0]
			if c.ID != testTown || c.Match != "verified" || c.Precision != "town" || c.RiskScope != "range" || c.Point != nil {
				t.Errorf("candidate %+v", c)
			}
			if len(c.Range) == 0 || c.Range[0].Kind != "flood-depth" || c.Range[0].Min != 3 || c.Range[0].Max != 3 {
				t.Errorf("range %+v, want rank 3 all over", c.Range)
			}
			if w.Header().Get("Cache-Control") != noStore || w.Body.String() != same["GET"].Body.String() {
				t.Errorf("headers %v, or not the bytes of GET", w.Header())
			}
		})
	}
	plain, near := ask(s, "GET", "/api/v1/places?limit=50&q="+url.QueryEscape("境")), ask(s, "GET", "/api/v1/places?limit=50&near=36.27,139.25&q="+url.QueryEscape("境"))
	if near.Code != http.StatusOK || len(near.Body.String()) != len(plain.Body.String()) {
		t.Errorf("near a device: %d %.200s", near.Code, near.Body)
	}
	for _, target := range []string{"/api/v1/places?lang=en&q=zzzz", "/api/v1/places?lang=en&suggest=true&q=%E3%81%B7"} {
		w := ask(s, "GET", target)
		var nothing map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &nothing); err != nil || w.Code != http.StatusOK || nothing["hint"] == nil {
			t.Errorf("GET %s = %d %s, want an empty list with a hint", target, w.Code, w.Body)
			continue
		}
		if list, ok := nothing["candidates"].([]any); !ok || len(list) != 0 {
			t.Errorf("GET %s: candidates %v, want a list without any", target, nothing["candidates"])
		}
	}
}

func TestPlacesRefuses(t *testing.T) {
	s := placesServer(t)
	tests := []struct {
		name   string
		got    *httptest.ResponseRecorder
		status int
	}{
		{"nothing", ask(s, "GET", "/api/v1/places"), 400},
		{"an empty text", ask(s, "GET", "/api/v1/places?q="), 400},
		{"a text too long", ask(s, "GET", "/api/v1/places?q="+strings.Repeat("a", gazetteer.MaxRunes+1)), 400},
		{"limit 0", ask(s, "GET", "/api/v1/places?q=a&limit=0"), 400},
		{"limit 51", ask(s, "GET", "/api/v1/places?q=a&limit=51"), 400},
		{"limit x", ask(s, "GET", "/api/v1/places?q=a&limit=x"), 400},
		{"suggest 1", ask(s, "GET", "/api/v1/places?q=a&suggest=1"), 400},
		{"unknown parameter", ask(s, "GET", "/api/v1/places?q=a&by=1"), 400},
		{"a device nowhere", ask(s, "GET", "/api/v1/places?q=a&near=91,139"), 400},
		{"no gazetteer", ask(testServer(t, Options{}), "GET", "/api/v1/places?q=a"), 503},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got.Code != tt.status || tt.got.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s, want %d as a problem", tt.got.Code, tt.got.Body, tt.status)
			}
		})
	}
}

// TestSearchPage types what people type, and leads on only where it is sure.
func TestSearchPage(t *testing.T) {
	s := placesServer(t)
	const form = "application/x-www-form-urlencoded"
	w := post(s, "/en/search", form, "q="+url.QueryEscape("伊勢崎市柴町410 ひまわり荘"))
	if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore || !strings.Contains(w.Body.String(), "Number 410 is not in the data") ||
		!strings.Contains(w.Body.String(), `href="/pt/place/`+testTown+`?match=verified`) {
		t.Errorf("a sure town: %d %q to %q", w.Code, w.Header().Get("Cache-Control"), w.Header().Get("Location"))
	}
	if w := post(s, "/en/search", form, "q="+strings.Repeat("a", gazetteer.MaxRunes+1)); w.Code != http.StatusBadRequest {
		t.Errorf("a text too long: %d", w.Code)
	}
	if w := ask(s, "GET", "/en/place/"+testTown); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore {
		t.Errorf("the page of the town: %d %q", w.Code, w.Header().Get("Cache-Control"))
	}
	for _, typed := range []string{"柴", "zzzz", "柴町 3丁目", "<script>alert(1)</script>", `" onfocus="alert(1)`} {
		w := post(s, "/en/search", form, "q="+url.QueryEscape(typed))
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != noStore || strings.Contains(w.Body.String(), "<script>alert") || strings.Contains(w.Body.String(), `"" onfocus`) {
			t.Errorf("search for %q: %d %q", typed, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}
