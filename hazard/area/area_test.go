package area_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
)

// at is a position in thousandths of a degree from the corner of the city.
func at(x, y float64) orb.Point { return orb.Point{139 + x/1000, 36 + y/1000} }

func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}}}
}

// city is a square of ten: the west half is flooded, deep (rank 3) in its
// western half; a slope in the north-east is drawn as a line only; nobody
// surveyed the strip in the east.
func city(t *testing.T) *area.City {
	t.Helper()
	flood := hazard.KindSet(0).With(hazard.FloodDepth)
	in := &hazard.Input{
		Area: hazard.Area{Code: "10999", Name: "見本市", Boundary: square(0, 0, 10, 10)},
		Zones: []hazard.Zone{
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, Shape: square(0, 0, 2.5, 10)},
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 2, Shape: square(2.5, 0, 5, 10)},
			{Kind: hazard.LandslideDebris, Rank: 1, Flags: hazard.LineOnly, Shape: orb.MultiLineString{{at(8, 9), at(8.5, 9.5)}}},
		},
		Coverage: []hazard.Coverage{
			{Kinds: flood, Area: square(0, 0, 9, 10)},
			{Kinds: hazard.KindSet(0).With(hazard.LandslideDebris), Area: square(0, 0, 10, 10)},
		},
		Shelters: []hazard.Shelter{
			{Name: "wet", Lon: 139.001, Lat: 36.005, Emergency: true, Suitable: 1 << hazard.ShelterFlood, Capacity: "500"},
			{Name: "dry", Lon: 139.007, Lat: 36.005, Emergency: true, Suitable: 1<<hazard.ShelterFlood | 1<<hazard.ShelterFire},
			{Name: "nobody knows", Lon: 139.0095, Lat: 36.005, Emergency: true, Suitable: 1 << hazard.ShelterFlood},
			{Name: "not for floods", Lon: 139.001, Lat: 36.001, Emergency: true, Suitable: 1 << hazard.ShelterEarthquake},
			{Name: "not to run to", Lon: 139.001, Lat: 36.001, Suitable: 1 << hazard.ShelterFlood},
		},
	}
	hazard.SortZones(in.Zones)
	var b bytes.Buffer
	if err := hazard.WriteIndex(context.Background(), &b, in); err != nil {
		t.Fatal(err)
	}
	x, err := hazard.OpenIndex(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	c := &area.City{Index: x, Towns: []hazard.Place{
		{ID: "109991", Level: "city", Name: "見本市", Area: square(0, 0, 10, 10)},
		{ID: "1099910001000", Level: "town", Name: "西町", Area: square(0, 0, 5, 10)},
		{ID: "1099910002000", Level: "town", Name: "東町", Area: square(5, 0, 10, 10)},
	}}
	c.Places = places(t)
	return c
}

// places is a gazetteer of the two towns with four houses in the west.
func places(t *testing.T) *gazetteer.Index {
	t.Helper()
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10999", Boundary: square(0, 0, 10, 10), Name: "見本市"})
	for _, f := range []struct {
		format gazetteer.Format
		text   string
	}{
		{gazetteer.FormatTownPoints, "lg_code,machiaza_id,pref,city,machiaza,lon,lat\n109991,0001000,見本県,見本市,西町,139.0025,36.005\n109991,0002000,見本県,見本市,東町,139.0075,36.005\n"},
		{gazetteer.FormatHousePoints, "lg_code,machiaza_id,blk_rsdt_code,jukyo,lon,lat\n109991,0001000,001001,1,139.001,36.005\n109991,0001000,001002,2,139.0012,36.005\n109991,0001000,001003,3,139.003,36.005\n109991,0002000,001001,1,139.0095,36.004\n"},
	} {
		if _, err := b.Add("places.csv", f.format, gazetteer.Source{Name: "見本"}, strings.NewReader(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func drawn(shape orb.MultiPolygon) []hazard.Place { return []hazard.Place{{Area: shape}} }

func ask(t *testing.T, c *area.City, q area.Question) *area.Answer {
	t.Helper()
	a, err := c.Ask(context.Background(), q)
	if err != nil {
		t.Fatalf("Ask: %v", err)
	}
	return a
}

func flood[T any](t *testing.T, a area.Area, list []T) T {
	t.Helper()
	for i, r := range a.Ranges {
		if r.Kind == hazard.FloodDepth && r.Scenario == hazard.Max {
			return list[i]
		}
	}
	t.Fatal("no flood in the answer")
	panic("not reached")
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

func TestGround(t *testing.T) {
	a := ask(t, city(t), area.Question{Areas: drawn(square(0, 0, 10, 10))}).Areas[0]
	r := flood(t, a, a.Ranges)
	if !near(r.Shares[3], 0.25) || !near(r.Shares[2], 0.25) || !near(r.Shares[0], 0.4) || !near(r.NoData, 0.1) {
		t.Errorf("shares %+v", r)
	}
	if a.SquareMetres < 0.99e6 || a.SquareMetres > 1.01e6 {
		t.Errorf("a square of about 900 by 1110 m has %v m2", a.SquareMetres)
	}
	if !a.LinesNear.Has(hazard.LandslideDebris) {
		t.Error("the line in the north-east is not told")
	}
	if west := ask(t, city(t), area.Question{Areas: drawn(square(0, 0, 1, 1))}).Areas[0]; west.LinesNear != 0 {
		t.Errorf("lines near the south-west: %b", west.LinesNear)
	}
}

func TestAddresses(t *testing.T) {
	c := city(t)
	a := ask(t, c, area.Question{Areas: append(c.AllTowns(), drawn(square(2, 0, 10, 10))...)})
	for i, want := range [][3]float64{{2, 1, 0}, {0, 0, 1}, {0, 1, 1}} { // deep, shallow, not known
		got := flood(t, a.Areas[i], a.Areas[i].Addresses)
		if got.Ranks[3] != want[0] || got.Ranks[2] != want[1] || got.NoData != want[2] || got.Total() != want[0]+want[1]+want[2] {
			t.Errorf("area %d: addresses %+v, want %v", i, got, want)
		}
	}
	c.Places = nil
	if a := ask(t, c, area.Question{Areas: c.AllTowns()}); a.AddressesKnown || a.Areas[0].Addresses != nil {
		t.Error("addresses are counted where none are known")
	}
}

func TestShelters(t *testing.T) {
	a := ask(t, city(t), area.Question{Areas: drawn(square(0, 0, 5, 10))})
	names := func(list []area.Shelter) string {
		var all []string
		for _, s := range list {
			all = append(all, s.Name)
		}
		return strings.Join(all, "|")
	}
	if got := names(a.Areas[0].Shelters); got != "wet|not for floods|not to run to" {
		t.Errorf("shelters inside: %s", got)
	}
	if got := names(a.Misplaced); got != "wet" {
		t.Errorf("fit for floods and in a flood zone: %s", got)
	}
	if got := names(a.Unsure); got != "nobody knows" {
		t.Errorf("not known whether in a zone: %s", got)
	}
	if s := a.Areas[0].Shelters[0]; s.Capacity != "500" || len(s.InZone) != 1 || s.InZone[0].Rank != 3 {
		t.Errorf("shelter %+v", s)
	}
}

func TestFar(t *testing.T) {
	q := area.Question{Areas: drawn(square(0, 0, 5, 10)), Far: &area.Far{Metres: 400, Disasters: []hazard.ShelterHazard{hazard.ShelterFlood, hazard.ShelterTsunami}}}
	a := ask(t, city(t), q)
	list := a.Areas[0].Far
	if len(list) != 2 || list[0].Cells != 18*44 || a.CellMetres != 25 {
		t.Fatalf("%d answers, %d squares of %v m", len(list), list[0].Cells, a.CellMetres)
	}
	f := list[0]
	if f.Any.Shelters != 3 || f.Dry.Shelters != 1 || f.Unsure != 1 || f.Any.Beyond >= f.Dry.Beyond || f.Any.Farthest >= f.Dry.Farthest {
		t.Errorf("flood: %+v, %+v", f.Any, f.Dry)
	}
	for _, s := range area.Shelters(city(t).Index) {
		if want := s.Name == "dry"; s.Dry(hazard.ShelterFlood) != want { // nobody surveyed where "nobody knows" stands
			t.Errorf("%s counts as dry: %v", s.Name, !want)
		}
	}
	for _, s := range f.Dry.Squares {
		middle := geo.Point{Lon: s.Bound.Center()[0], Lat: s.Bound.Center()[1]}
		if d := middle.Distance(geo.Point{Lon: 139.007, Lat: 36.005}); math.Abs(float64(d-s.Distance)) > 0.1 || d <= 400 {
			t.Errorf("square at %v: %v m from the dry shelter, answered %v", middle, d, s.Distance)
		}
	}
	if none := list[1].Any; none.Shelters != 0 || none.Beyond != 18*44 || !math.IsInf(float64(none.Farthest), 1) {
		t.Errorf("a disaster without a shelter: %+v", none)
	}
}

func TestPeople(t *testing.T) {
	c := city(t)
	const sheet = "町名,人口\n西町,\"1,000\"\n東町,500人\n見えない町,7\n西町,many\n"
	people, err := c.ReadPeople(strings.NewReader(sheet), "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	towns := ask(t, c, area.Question{Areas: c.AllTowns(), People: people})
	west, east := flood(t, towns.Areas[0], towns.Areas[0].People), flood(t, towns.Areas[1], towns.Areas[1].People)
	if !near(west.Ranks[3], 500) || !near(west.Ranks[2], 500) || !near(east.Ranks[0], 400) || !near(east.NoData, 100) {
		t.Errorf("west %+v, east %+v", west, east)
	}
	if len(towns.Unplaced) != 2 || towns.Unplaced[0].Why != area.WhyNoTown || towns.Unplaced[1].Why != area.WhyNoNumber {
		t.Errorf("not counted: %+v", towns.Unplaced)
	}
	half := ask(t, c, area.Question{Areas: drawn(square(0, 0, 2.5, 10)), People: people}).Areas[0]
	if got := flood(t, half, half.People); !near(got.Ranks[3], 500) || !near(got.Total(), 500) {
		t.Errorf("half of the west: %+v", got)
	}
}

func TestPeopleAtPositions(t *testing.T) {
	c := city(t)
	people, err := c.ReadPeople(strings.NewReader("緯度,経度,人数\n36.005,139.001,3\n36.005,139.0025,4\n36.005,139.0095,5\n37,139,6\nx,139,7\n"), "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, c, area.Question{Areas: drawn(square(0, 0, 10, 10)), People: people})
	// The edge belongs to the deeper zone.
	if got := flood(t, a.Areas[0], a.Areas[0].People); got.Ranks[3] != 7 || got.NoData != 5 || got.Total() != 12 {
		t.Errorf("people %+v", got)
	}
	if len(a.Unplaced) != 2 || a.Unplaced[0].Number+a.Unplaced[1].Number != 13 {
		t.Errorf("not counted: %+v", a.Unplaced)
	}
}

func TestReadPeopleRefuses(t *testing.T) {
	c := city(t)
	for name, sheet := range map[string]string{
		"no people":    "町名,世帯\n西町,3\n",
		"no place":     "人口\n3\n",
		"half a place": "緯度,人口\n36,3\n",
		"empty":        "",
	} {
		if list, err := c.ReadPeople(strings.NewReader(sheet), "people.csv"); err == nil || !strings.HasPrefix(err.Error(), "people.csv: ") {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
}

func TestAskRefuses(t *testing.T) {
	c := city(t)
	if _, err := c.Ask(context.Background(), area.Question{Areas: drawn(orb.MultiPolygon{{{at(1, 1), at(2, 2), at(1, 1), at(1, 1)}}})}); !errors.Is(err, area.ErrNoGround) {
		t.Errorf("an area without ground: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Ask(ctx, area.Question{Areas: drawn(square(0, 0, 10, 10))}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func FuzzReadPeople(f *testing.F) {
	for _, s := range []string{"", "-1", "町名,人口\n西町,NaN\n", "町名,人口\n西町,-1\n", "lat,lon,people\n36,139,1e9\n", "\"町名,人口\n西町", "人口,人口,町名\n1,2,西町"} {
		f.Add(s)
	}
	c := &area.City{}
	f.Fuzz(func(t *testing.T, s string) {
		people, err := c.ReadPeople(strings.NewReader(s), "people.csv")
		if err != nil {
			return
		}
		for _, p := range people {
			if p.Why == "" && (!(p.Number >= 0) || math.Abs(p.At.Lat) > 90 || math.Abs(p.At.Lon) > 180) {
				t.Errorf("accepted %+v", p)
			}
		}
	})
}

func TestReadShape(t *testing.T) {
	const ring = `[[139,36],[139.1,36],[139.1,36.1],[139,36]]`
	tests := []struct{ name, text, want string }{
		{"polygon", `{"type":"Polygon","coordinates":[` + ring + `]}`, ""},
		{"feature", `{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[` + ring + `]]}}`, ""},
		{"line", `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":` + ring + `}}]}`, "draw.geojson: record 1: LineString, want a polygon"},
		{"no shape", `{"type":"Feature","properties":{},"geometry":null}`, "draw.geojson: record 1: no shape, want a polygon"},
		{"empty", `{"type":"FeatureCollection","features":[]}`, "draw.geojson: holds no polygon"},
		{"metres", `{"type":"Polygon","coordinates":[[[1390000,36],[1390001,36],[1390001,37],[1390000,36]]]}`, "draw.geojson: record 1: "},
		{"the world", `{"type":"Polygon","coordinates":[[[-100,-50],[100,-50],[100,50],[-100,-50]]]}`, "draw.geojson: wider than 3 degrees"},
		{"another system", `{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"coordinates":[` + ring + `]}`, "draw.geojson: coordinate reference system"},
		{"no text", "", "draw.geojson: "},
		{"corners", `{"type":"Polygon","coordinates":[[` + strings.Repeat("[139,36],[139.1,36],", 10_001) + `[139,36]]]}`, "draw.geojson: record 1: more than 20000 corners"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shape, err := area.ReadShape(strings.NewReader(tt.text), "draw.geojson")
			switch {
			case tt.want == "" && (err != nil || len(shape) != 1):
				t.Errorf("ReadShape: %v, %v", shape, err)
			case tt.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.want)):
				t.Errorf("ReadShape: %v, want %s", err, tt.want)
			}
		})
	}
}
