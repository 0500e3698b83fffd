package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
)

// townsCity is the test city with one town, half of it in the zone.
func townsCity(t *testing.T) *Dataset {
	d := testCity(t)
	d.Towns = func(context.Context) ([]hazard.Place, error) {
		return []hazard.Place{{ID: testTown, Level: "town", Name: "柴町", Area: orb.MultiPolygon{{{{139.17, 36.29}, {139.19, 36.29}, {139.19, 36.31}, {139.17, 36.31}, {139.17, 36.29}}}}}}, nil
	}
	return d
}

// areasAnswer is the part of an answer that the tests read.
type areasAnswer struct {
	Areas []struct {
		ID           string
		SquareMetres float64 `json:"square_metres"`
		People       *float64
		Hazards      []struct {
			Kind    string
			Classes []struct {
				Status       string
				Rank         *int
				SquareMetres float64 `json:"square_metres"`
				Share        float64
				People       *float64
			}
		}
		Shelters []struct {
			Name  string
			InOwn []string `json:"in_own_hazard"`
		}
		Far []struct {
			Any struct{ Shelters, Beyond int } `json:"any_fit"`
			Dry struct {
				Shelters int
				Beyond   int      `json:"cells_beyond"`
				Farthest *float64 `json:"farthest_metres"`
			} `json:"fit_and_not_in_zone"`
		}
	}
	NotCounted []struct{ Reason string } `json:"people_not_counted"`
	Misplaced  []struct{ Name string }   `json:"shelters_in_own_hazard"`
	Notes      []string
}

const drawnSquare = `{"type":"Polygon","coordinates":[[[139.17,36.29],[139.19,36.29],[139.19,36.31],[139.17,36.31],[139.17,36.29]]]}`

func TestAreas(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	for name, question := range map[string][2]string{
		"drawn":       {"application/json", `{"area":` + drawnSquare + `,"population":"lat,lon,people\n36.3,139.175,4\n36.3,139.185,5\n37,139,6\n","far":{"metres":300,"disasters":["flood"]}}`},
		"drawn alone": {"application/geo+json", drawnSquare},
		"town":        {"application/json", `{"place":"` + testTown + `"}`},
		"towns":       {"application/json", `{"towns":true}`},
	} {
		w := post(s, "/api/v1/areas?lang=en", question[0], question[1])
		var a areasAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK || len(a.Areas) != 1 {
			t.Fatalf("%s: %d %s: %v", name, w.Code, w.Body, err)
		}
		if got := w.Header().Get("Cache-Control"); got != noStore {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		own := a.Areas[0]
		for _, h := range own.Hazards {
			sum := 0.0
			for _, c := range h.Classes {
				sum += c.SquareMetres
				want := 0.0
				switch {
				case h.Kind != "flood-depth" && c.Status == "no-data":
					want = 1
				case h.Kind == "flood-depth" && (c.Status == "outside" || c.Rank != nil && *c.Rank == 3):
					want = 0.5
				}
				if math.Abs(c.Share-want) > 1e-6 {
					t.Errorf("%s: share of %s %s is %v, want %v", name, h.Kind, c.Status, c.Share, want)
				}
			}
			if math.Abs(sum-own.SquareMetres) > 0.01 {
				t.Errorf("%s: classes of %s have %v m2, the area %v", name, h.Kind, sum, own.SquareMetres)
			}
		}
		if len(own.Shelters) != 1 || len(own.Shelters[0].InOwn) != 1 || len(a.Misplaced) != 1 || len(a.Notes) == 0 {
			t.Errorf("%s: shelters %+v, misplaced %+v, notes %q", name, own.Shelters, a.Misplaced, a.Notes)
		}
		if name != "drawn" {
			continue
		}
		if own.People == nil || *own.People != 9 || len(a.NotCounted) != 1 {
			t.Errorf("people %v, not counted %v", own.People, a.NotCounted)
		}
		if len(own.Far) != 1 || own.Far[0].Any.Shelters != 1 || own.Far[0].Dry.Shelters != 0 || own.Far[0].Dry.Farthest != nil {
			t.Errorf("far %+v", own.Far)
		}
	}
}

func TestAreasFormats(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	const question = `{"towns":true,"population":"町名,人口\n\"=cmd()\",3\n","far":{"metres":10}}`
	for table, want := range map[string]string{"": "area_id,area,", "classes": "area_id,area,", "shelters": "area_id,area,id,name,", "far": "area_id,area,disaster,", "not-counted": "line,text,people,"} {
		target := "/api/v1/areas?format=csv"
		if table != "" {
			target += "&table=" + table
		}
		w := post(s, target, "application/json", question)
		text, marked := strings.CutPrefix(w.Body.String(), "\uFEFF")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if !marked || err != nil || len(rows) < 2 || !strings.HasPrefix(text, want) || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Errorf("table %q: %d %v %.200s, %v", table, w.Code, w.Header(), text, err)
		}
		if strings.Contains(text, ",=cmd") {
			t.Errorf("table %q holds a formula: %s", table, text)
		}
	}
	w := post(s, "/api/v1/areas?format=geojson", "application/json", question)
	var collection struct {
		Type     string
		Features []struct {
			Properties map[string]any
			Geometry   struct{ Type string }
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &collection); err != nil || collection.Type != "FeatureCollection" {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	count := map[string]int{}
	for _, f := range collection.Features {
		count[f.Properties["what"].(string)+" "+f.Geometry.Type]++
	}
	if count["area MultiPolygon"] != 1 || count["shelter Point"] != 1 || count["far Polygon"] == 0 {
		t.Errorf("features %v", count)
	}
}

func TestAreasRefuses(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	const object = "application/json"
	tests := []struct {
		name, target, kind, body string
		status                   int
		detail                   string
	}{
		{"nothing", "", object, `{}`, 400, "want one of area"},
		{"two", "", object, `{"towns":true,"place":"1"}`, 400, "want one of area"},
		{"a line", "", object, `{"area":{"type":"LineString","coordinates":[[139,36],[139.1,36]]}}`, 400, "area: record 1: LineString"},
		{"a ring of two", "", object, `{"area":{"type":"Polygon","coordinates":[[[139,36],[139.1,36]]]}}`, 400, "area: record 1: "},
		{"no ground", "", object, `{"area":{"type":"Polygon","coordinates":[[[139,36],[139.1,36],[139,36],[139,36]]]}}`, 400, "area: holds no ground"},
		{"no GeoJSON", "", object, `{"area":7}`, 400, "area: "},
		{"a number too large", "", object, `{"area":{"type":"Polygon","coordinates":[[[139,96],[139.1,36],[139,36],[139,36]]]}}`, 400, "latitude 96"},
		{"the world", "", object, `{"area":{"type":"Polygon","coordinates":[[[-179,-80],[179,-80],[179,80],[-179,-80]]]}}`, 400, "wider than 3 degrees"},
		{"cut off", "", object, `{"area":{"type":"Polygon","coordinates":[[[139,`, 400, "cannot be read"},
		{"an unknown member", "", object, `{"towns":true,"depth":3}`, 400, `unknown field "depth"`},
		{"more than one", "", object, `{"towns":true}{}`, 400, "more than one JSON object"},
		{"far beyond", "", object, `{"towns":true,"far":{"metres":-1}}`, 400, "far.metres"},
		{"an unknown disaster", "", object, `{"towns":true,"far":{"metres":1,"disasters":["meteor"]}}`, 400, `far.disasters: unknown disaster "meteor"`},
		{"a population without people", "", object, `{"towns":true,"population":"a,b\n1,2\n"}`, 400, "population: no column of people"},
		{"an unknown format", "?format=xlsx", object, `{"towns":true}`, 400, "format: "},
		{"an unknown table", "?table=zones", object, `{"towns":true}`, 400, "table: "},
		{"an unknown parameter", "?far=3", object, `{"towns":true}`, 400, "unknown parameter"},
		{"a form", "", "application/x-www-form-urlencoded", "towns=true", 415, "want application/json"},
		{"no town", "", object, `{"place":"どこにもない町"}`, 404, "place: no place found"},
		{"too large", "", object, `{"population":"` + strings.Repeat(" ", maxAreas) + `"}`, 413, ""},
		{"tangled", "", object, `{"area":{"type":"Polygon","coordinates":[[` + strings.Repeat("[139.19,36.30],[139.1900030,36.3000031],[139.1900017,36.3000001],[139.1900011,36.3000039],[139.1900039,36.3000013],", 1500) + `[139.19,36.30]]]}}`, 400, "draw it more simply"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := post(s, "/api/v1/areas"+tt.target, tt.kind, tt.body)
			var p struct{ Detail string }
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != tt.status || !strings.Contains(p.Detail, tt.detail) {
				t.Errorf("%d %.300s, want %d %q: %v", w.Code, w.Body, tt.status, tt.detail, err)
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

// eastCity lies east of the test city, along its border, and has a town whose
// id is another.
func eastCity(t *testing.T) *Dataset {
	in := testInput(false)
	east := orb.MultiPolygon{{{{139.30, 36.24}, {139.50, 36.24}, {139.50, 36.44}, {139.30, 36.44}, {139.30, 36.24}}}}
	in.DatasetID, in.Area.Code, in.Area.Name, in.Area.Boundary = "10202", "10202", "東隣市", east
	in.Zones, in.Places, in.Coverage[0].Area, in.Shelters[0].Lon = nil, nil, east, 139.32
	d := townsCity(t)
	d.ID, d.Version, d.Bounds, d.Index = "10202", "0123456789abcdef", east.Bound(), writeIndex(t, in)
	d.Towns = func(context.Context) ([]hazard.Place, error) {
		return []hazard.Place{{ID: "1020200001000", Level: "town", Name: "東町", Area: east}}, nil
	}
	return d
}

// drawnAcross lies in both cities, drawnWest in one along the border, drawnSea
// in none.
const (
	drawnAcross = `{"type":"Polygon","coordinates":[[[139.29,36.29],[139.33,36.29],[139.33,36.31],[139.29,36.31],[139.29,36.29]]]}`
	drawnWest   = `{"type":"Polygon","coordinates":[[[139.29,36.29],[139.30,36.29],[139.30,36.31],[139.29,36.31],[139.29,36.29]]]}`
	drawnSea    = `{"type":"Polygon","coordinates":[[[135,34],[135.01,34],[135.01,34.01],[135,34.01],[135,34]]]}`
)

// TestAreasOfSeveral: the ground and the towns of one of several datasets never
// pass for all.
func TestAreasOfSeveral(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{eastCity(t), townsCity(t)}})
	tests := []struct {
		question string
		status   int
		want     string // part of the answer
	}{
		{`{"towns":true}`, 400, "dataset: want one of 10202, 10204"},
		{`{"towns":true,"dataset":"10204"}`, 200, `"dataset":{"id":"10204"`},
		{`{"towns":true,"dataset":"99999"}`, 400, "dataset: want one of 10202, 10204"},
		{`{"area":` + drawnSquare + `}`, 200, `"dataset":{"id":"10204"`},
		{`{"area":` + drawnWest + `}`, 200, `"dataset":{"id":"10204"`},
		{`{"area":` + drawnAcross + `}`, 400, "area: lies in several datasets; ask again for each. dataset: want one of 10202, 10204"},
		{`{"area":` + drawnAcross + `,"dataset":"10204"}`, 200, `"share_outside_city":0.7`},
		{`{"area":` + drawnAcross + `,"dataset":"10202"}`, 200, `"share_outside_city":0.2`},
		{`{"area":` + drawnAcross + `,"dataset":"99999"}`, 400, "dataset: want one of 10202, 10204"},
		{`{"area":` + drawnSea + `}`, 400, "area: lies in no dataset; dataset: want one of 10202, 10204"},
		{`{"area":` + drawnSea + `,"dataset":"10204"}`, 200, `"share_outside_city":1,`},
		{`{"place":"` + testTown + `"}`, 200, `"dataset":{"id":"10204"`},
		{`{"place":"1020200001000"}`, 200, `"dataset":{"id":"10202"`},
		{`{"place":"1020200001000","dataset":"10204"}`, 404, "place: no place found"},
		{`{"place":"1020200001000","dataset":"99999"}`, 400, "dataset: want one of"},
	}
	for _, tt := range tests {
		w := post(s, "/api/v1/areas?lang=en", "application/json", tt.question)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s: %d %.300s, want %d %s", tt.question, w.Code, w.Body, tt.status, tt.want)
		}
		if told := strings.Contains(w.Body.String(), "lies outside"); told != strings.Contains(tt.want, "share_outside_city") {
			t.Errorf("%s: a note about the ground outside: %v", tt.question, told)
		}
	}
}

// TestAreaBeyondTheOnlyCity is no data and is told to lie outside.
func TestAreaBeyondTheOnlyCity(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	w := post(s, "/api/v1/areas?lang=en", "application/json", `{"area":`+drawnSea+`}`)
	var a areasAnswer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "lies outside 試験市") {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	for _, h := range a.Areas[0].Hazards {
		for _, c := range h.Classes {
			if want := map[bool]float64{true: 1}[c.Status == "no-data"]; c.Share != want {
				t.Errorf("%s %s: share %v, want %v", h.Kind, c.Status, c.Share, want)
			}
		}
	}
}

// TestOneNameInSeveralDatasets is asked back, and each may be named.
func TestOneNameInSeveralDatasets(t *testing.T) {
	east, west := eastCity(t), townsCity(t)
	const header = "lg_code,machiaza_id,pref,city,machiaza,lon,lat\n"
	east.Places = placesOf(t, "10202", []byte(header+"102024,0001000,群馬県,東隣市,柴町,139.4,36.3\n"))
	west.Places = placesOf(t, "10204", []byte(header+"102041,0002000,群馬県,試験市,柴町,139.18,36.3\n"))
	for _, d := range []*Dataset{east, west} {
		towns, _ := d.Towns(t.Context())
		found, err := d.Places.Search(gazetteer.Query{Text: "柴町"})
		if err != nil || len(found.Candidates) != 1 {
			t.Fatalf("柴町 of %s: %v, %v", d.ID, found, err)
		}
		towns[0].ID = found.Candidates[0].AreaID
		d.Towns = func(context.Context) ([]hazard.Place, error) { return towns, nil }
	}
	s := testServer(t, Options{Datasets: []*Dataset{east, west}})
	w := post(s, "/api/v1/areas", "application/json", `{"place":"柴町"}`)
	var p struct{ Candidates []candidateJSON }
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnprocessableEntity || len(p.Candidates) != 2 {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	for i, id := range []string{"10202", "10204"} {
		for _, question := range []string{`{"place":"` + p.Candidates[i].ID + `"}`, `{"place":"柴町","dataset":"` + id + `"}`} {
			if w := post(s, "/api/v1/areas", "application/json", question); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"dataset":{"id":"`+id+`"`) {
				t.Errorf("%s: %d %.300s, want the town of %s", question, w.Code, w.Body, id)
			}
		}
	}
}

// TestAreasTakesTurns: of many questions at once some are told to come again.
func TestAreasTakesTurns(t *testing.T) {
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	for range areasAtOnce {
		s.areasInHand <- struct{}{}
	}
	if w := post(s, "/api/v1/areas", "application/json", `{"towns":true}`); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("one more than may be in hand: %d %v", w.Code, w.Header())
	}
	<-s.areasInHand
	if w := post(s, "/api/v1/areas", "application/json", `{"towns":true}`); w.Code != http.StatusOK {
		t.Errorf("when one is done: %d %s", w.Code, w.Body)
	}
}

// TestAreasIsAsDescribed holds every key of an answer against the schema.
func TestAreasIsAsDescribed(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(openAPIFile, &doc); err != nil {
		t.Fatal(err)
	}
	s := testServer(t, Options{Datasets: []*Dataset{townsCity(t)}})
	w := post(s, "/api/v1/areas", "application/json", `{"towns":true,"population":"町名,人口\n無い町,3\n","far":{"metres":10}}`)
	var answer any
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, fault := range slices.Compact(doc.Components.Schemas["AreasAnswer"].faults("answer", answer, doc.Components.Schemas)) {
		t.Error(fault)
	}
}
