package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func post(h http.Handler, target, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Host = "localhost"
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// riskAnswer is the part of an answer that the tests read.
type riskAnswer struct {
	At      struct{ Lat, Lon float64 } `json:"at"`
	InArea  bool                       `json:"in_area"`
	Action  struct{ Code, Text string }
	Hazards []struct {
		Kind, Scenario, Status string
		Rank                   any
	}
	Dataset struct{ ID, Version string }
}

func readRisk(t *testing.T, w *httptest.ResponseRecorder) riskAnswer {
	t.Helper()
	var a riskAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return a
}

func (a riskAnswer) status(kind string) string {
	for _, h := range a.Hazards {
		if h.Kind == kind {
			return h.Status
		}
	}
	return ""
}

func TestRisk(t *testing.T) {
	s := testServer(t, Options{})
	const form, object = "application/x-www-form-urlencoded", "application/json"
	inside := map[string]*httptest.ResponseRecorder{
		"GET":              ask(s, "GET", "/api/v1/risk?lat=36.30&lon=139.19"),
		"POST of a form":   post(s, "/api/v1/risk", form, "lat=36.30&lon=139.19"),
		"POST of JSON":     post(s, "/api/v1/risk", object, `{"lat":36.30,"lon":139.19}`),
		"POST of strings":  post(s, "/api/v1/risk", object+"; charset=utf-8", `{"lat":"36.30","lon":"139.19"}`),
		"POST with a lang": post(s, "/api/v1/risk?lang=ja", object, `{"lat":36.30,"lon":139.19,"floor":null}`),
		"form, not filled": post(s, "/api/v1/risk", form, "lat=36.30&lon=139.19&floor=&stocked="),
	}
	for name, w := range inside {
		t.Run(name, func(t *testing.T) {
			a := readRisk(t, w)
			if a.status("flood-depth") != "inside" || a.Action.Code != "leave" || !a.InArea || a.At.Lat != 36.3 || a.Dataset.ID != "10204" || a.Dataset.Version != testVersion {
				t.Errorf("answer %+v", a)
			}
			if w.Header().Get("Cache-Control") != noStore || w.Header().Get("Content-Type") != "application/json" {
				t.Errorf("headers %v", w.Header())
			}
			if w.Body.String() != inside["GET"].Body.String() {
				t.Error("not the bytes of GET")
			}
		})
	}
	outside := readRisk(t, ask(s, "GET", "/api/v1/risk?lat=36.40&lon=139.19"))
	if got := outside.status("flood-depth"); got != "outside" {
		t.Errorf("in no zone: %q", got)
	}
	if got := outside.status("landslide-steep"); got != "no-data" {
		t.Errorf("of a kind without a source: %q", got)
	}
	elsewhere := readRisk(t, ask(s, "GET", "/api/v1/risk?lat=35.68&lon=139.76"))
	if got := elsewhere.status("flood-depth"); got != "no-data" || elsewhere.InArea {
		t.Errorf("in another city: %q, in area %v", got, elsewhere.InArea)
	}
	if upstairs := readRisk(t, ask(s, "GET", "/api/v1/risk?lat=36.30&lon=139.19&floor=9&storeys=9&stocked=true")); upstairs.Action.Code == "" {
		t.Errorf("with a home: %+v", upstairs.Action)
	}
	english := readRisk(t, ask(s, "GET", "/api/v1/risk?lat=36.30&lon=139.19&lang=en"))
	if japanese := readRisk(t, inside["GET"]); english.Action.Text == japanese.Action.Text {
		t.Errorf("English and Japanese are both %q", english.Action.Text)
	}
}

func TestRiskRefuses(t *testing.T) {
	s := testServer(t, Options{})
	const form, object = "application/x-www-form-urlencoded", "application/json"
	tests := []struct {
		name   string
		got    *httptest.ResponseRecorder
		status int
	}{
		{"nothing", ask(s, "GET", "/api/v1/risk"), 400},
		{"no longitude", ask(s, "GET", "/api/v1/risk?lat=36.3"), 400},
		{"NaN", ask(s, "GET", "/api/v1/risk?lat=NaN&lon=139"), 400},
		{"an exponent", ask(s, "GET", "/api/v1/risk?lat=3.6e1&lon=139"), 400},
		{"a plus", ask(s, "GET", "/api/v1/risk?lat=%2B36.3&lon=139"), 400},
		{"a blank", ask(s, "GET", "/api/v1/risk?lat=36.3%20&lon=139"), 400},
		{"full-width digits", ask(s, "GET", "/api/v1/risk?lat=%EF%BC%93%EF%BC%96&lon=139"), 400},
		{"beyond the pole", ask(s, "GET", "/api/v1/risk?lat=90.1&lon=139"), 400},
		{"beyond the date line", ask(s, "GET", "/api/v1/risk?lat=36&lon=180.5"), 400},
		{"exchanged", ask(s, "GET", "/api/v1/risk?lat=139.19&lon=36.3"), 400},
		{"twice", ask(s, "GET", "/api/v1/risk?lat=36.3&lat=36.4&lon=139"), 400},
		{"in address and body", post(s, "/api/v1/risk?lat=36.3", form, "lat=36.3&lon=139"), 400},
		{"an unknown parameter", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&flor=2"), 400},
		{"an unknown language", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&lang=xx"), 400},
		{"floor 0", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&floor=0"), 400},
		{"floor 1.5", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&floor=1.5"), 400},
		{"storeys -1", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&storeys=-1"), 400},
		{"stocked maybe", ask(s, "GET", "/api/v1/risk?lat=36.3&lon=139&stocked=maybe"), 400},
		{"a broken escape", ask(s, "GET", "/api/v1/risk?lat=%zz&lon=139"), 400},
		{"a semicolon", ask(s, "GET", "/api/v1/risk?lat=36.3;lon=139"), 400},
		{"JSON cut off", post(s, "/api/v1/risk", object, `{"lat":36.3,`), 400},
		{"two JSON values", post(s, "/api/v1/risk", object, `{"lat":36.3,"lon":139}{}`), 400},
		{"a JSON list", post(s, "/api/v1/risk", object, `[36.3,139]`), 400},
		{"JSON null", post(s, "/api/v1/risk", object, `null`), 400},
		{"nested JSON", post(s, "/api/v1/risk", object, `{"lat":{"lat":36.3},"lon":139}`), 400},
		{"deep JSON", post(s, "/api/v1/risk", object, strings.Repeat(`{"a":`, 3000)), 400},
		{"text", post(s, "/api/v1/risk", "text/plain", "lat=36.3&lon=139"), 415},
		{"parts", post(s, "/api/v1/risk", "multipart/form-data; boundary=x", ""), 415},
		{"no type", post(s, "/api/v1/risk", "", "lat=36.3&lon=139"), 415},
		{"too large", post(s, "/api/v1/risk", object, strings.Repeat(" ", maxBody+1)), 413},
		{"PUT", ask(s, "PUT", "/api/v1/risk"), 405},
		{"another version", ask(s, "GET", "/api/v2/risk?lat=36.3&lon=139"), 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := tt.got.Header()
			if tt.got.Code != tt.status || h.Get("Content-Type") != "application/problem+json" || h.Get("Cache-Control") != noStore {
				t.Errorf("%d %q %q %s, want %d as a problem", tt.got.Code, h.Get("Content-Type"), h.Get("Cache-Control"), tt.got.Body, tt.status)
			}
			var p struct {
				Type, Title string
				Status      int
			}
			if err := json.Unmarshal(tt.got.Body.Bytes(), &p); err != nil || p.Status != tt.status || p.Title == "" || p.Type == "" {
				t.Errorf("problem %s: %v", tt.got.Body, err)
			}
		})
	}
	if allow := ask(s, "PUT", "/api/v1/risk").Header().Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("Allow = %q", allow)
	}
}

// TestOtherSitesMayAsk: a page of another site can post JSON and read faults.
func TestOtherSitesMayAsk(t *testing.T) {
	s := testServer(t, Options{})
	w := ask(s, "OPTIONS", "/api/v1/risk", "Origin", "https://city.example.jp", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	h := w.Header()
	if w.Code != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(h.Get("Access-Control-Allow-Methods"), "POST") || h.Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("OPTIONS: %d %v", w.Code, h)
	}
	for _, target := range []string{"/api/v1/risk?lat=36.3&lon=139.19", "/api/v1/risk", "/tiles/flood.json", tileAddress(largeTile), tileAddress(emptyTile), "/api/nothing"} {
		if w := ask(s, "GET", target); w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("GET %s: %v", target, w.Header())
		}
	}
	if w := ask(s, "OPTIONS", "/en/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("OPTIONS of a page: %d %v", w.Code, w.Header())
	}
}
