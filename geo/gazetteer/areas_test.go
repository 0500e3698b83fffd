//go:build !js

package gazetteer_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

func holds(shape orb.MultiPolygon, p orb.Point) bool {
	for _, polygon := range shape {
		inside := false
		for _, ring := range polygon {
			if planar.RingContains(ring, p) {
				inside = !inside
			}
		}
		if inside {
			return true
		}
	}
	return false
}

// TestCellsShareTheCityOut asks the slow, obvious way: each point of the city
// lies in the area of the town whose point is nearest, and in no other.
func TestCellsShareTheCityOut(t *testing.T) {
	c := isesaki(t)
	city := boundary(t)
	type site struct {
		id    string
		at    geo.Point
		shape orb.MultiPolygon
	}
	shapes := map[string]orb.MultiPolygon{}
	for _, a := range c.built.Areas {
		if a.ID != "102041" && !a.Approximate {
			t.Errorf("%s: derived area is not marked approximate", a.ID)
		}
		shapes[a.ID] = a.Shape
	}
	var sites []site
	c.index.Places(func(p gazetteer.Place) bool {
		if p.Point != nil && (p.Level == gazetteer.LevelTown || p.Level == gazetteer.LevelChome) {
			sites = append(sites, site{p.ID, *p.Point, shapes[p.ID]})
		}
		if p.Level <= gazetteer.LevelKoaza && (p.Bounds.IsZero() || p.Area <= 0 || p.Radius <= 0) {
			t.Errorf("%s has no area: %+v", p.Label.Ja, p)
		}
		return true
	})
	b := city.Bound()
	asked, wrong := 0, 0
	for i := range 60 {
		for k := range 60 {
			p := orb.Point{b.Min[0] + (b.Max[0]-b.Min[0])*(float64(i)+0.37)/60, b.Min[1] + (b.Max[1]-b.Min[1])*(float64(k)+0.61)/60}
			if !holds(city, p) {
				continue
			}
			asked++
			best, second := math.Inf(1), math.Inf(1)
			var nearest site
			for _, s := range sites {
				d := math.Hypot((s.at.Lon-p[0])*0.81, s.at.Lat-p[1])
				if d < best {
					best, second, nearest = d, best, s
				} else {
					second = min(second, d)
				}
			}
			if second-best < 1e-5 {
				continue // on a border
			}
			if !holds(nearest.shape, p) {
				wrong++
				t.Errorf("%v is not in the area of %s", p, nearest.id)
			}
		}
	}
	t.Logf("%d points of the city, %d wrong", asked, wrong)
	if asked < 1000 {
		t.Errorf("only %d points in the city", asked)
	}
}

// TestAreasAddUp compares the areas with the city's own.
func TestAreasAddUp(t *testing.T) {
	c := isesaki(t)
	whole, sum := 0.0, 0.0
	c.index.Places(func(p gazetteer.Place) bool {
		switch p.Level {
		case gazetteer.LevelCity:
			whole = p.Area
		case gazetteer.LevelTown: // holds its 丁目
			sum += p.Area
		}
		return true
	})
	if math.Abs(whole-139.44e6) > 1e6 { // 139.44 km², published
		t.Errorf("the city has %.2f km², want 139.44", whole/1e6)
	}
	if math.Abs(sum-whole) > whole/1000 {
		t.Errorf("its towns have %.2f km² of %.2f", sum/1e6, whole/1e6)
	}
}

// TestSheltersLieInTheirTown: the towns' cells are approximate, but the area
// that answers for an address must hold the place, or come close.
func TestSheltersLieInTheirTown(t *testing.T) {
	c := isesaki(t)
	shapes := map[string]orb.MultiPolygon{}
	for _, a := range c.built.Areas {
		shapes[a.ID] = a.Shape
	}
	asked, inside, near := 0, 0, 0
	err := archive.Walk(context.Background(), published.Path(t, "shelters/isesaki"), func(m *archive.Member) error {
		for _, s := range shelters(t, m) {
			got, err := c.index.Search(gazetteer.Query{Text: s.address})
			if err != nil || len(got.Candidates) == 0 {
				t.Errorf("Search(%q) = %s, %v", s.address, brief(got), err)
				continue
			}
			asked++
			p, _ := c.index.Place(got.Candidates[0].AreaID)
			if holds(shapes[p.ID], orb.Point{s.at.Lon, s.at.Lat}) {
				inside++
			}
			b := p.Bounds
			if s.at.Lon > b.West-0.005 && s.at.Lon < b.East+0.005 && s.at.Lat > b.South-0.005 && s.at.Lat < b.North+0.005 {
				near++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("of %d addresses %d lie in the cell of their town, %d within 500 m of its bounds", asked, inside, near)
	if asked < 240 || inside*100 < asked*60 || near*100 < asked*95 {
		t.Errorf("of %d addresses %d lie in the cell of their town, %d near", asked, inside, near)
	}
}

// TestGivenPolygonsAreKept builds an invented city from polygons alone.
func TestGivenPolygonsAreKept(t *testing.T) {
	square := func(x, y float64) orb.Polygon {
		return orb.Polygon{{{x, y}, {x + 0.01, y}, {x + 0.01, y + 0.01}, {x, y + 0.01}, {x, y}}}
	}
	towns := []map[string]any{
		{"town": "本町一丁目", "kana": "ほんまち", "romaji": "Honmachi", "code": "99999"},
		{"town": "本町", "chome": 2.0, "kana": "ほんまち", "romaji": "Honmachi", "code": "99999"},
		{"town": "川原町", "kana": "かわはらちょう", "romaji": "Kawaharacho", "postal_code": "999-0001", "code": "99999"},
		{"town": "", "code": "99999"},
		{"town": "他町", "code": "10204"},
	}
	features := func(yield func(geo.Feature, error) bool) {
		for i, a := range towns {
			if !yield(geo.Feature{Record: i + 1, Geometry: square(139+float64(i)/100, 36), Attr: a}, nil) {
				return
			}
		}
	}
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "99999", Name: "見本市", Kana: "ミホンシ", Romaji: "Mihon-shi",
		Facilities: []gazetteer.Facility{{ID: "E001", Name: "見本市立本町小学校", Kana: "ホンマチショウガッコウ", Position: geo.Point{Lon: 139.005, Lat: 36.005}}}})
	c, err := b.AddAreas("towns.geojson", gazetteer.Source{Name: "見本"}, features)
	if err != nil || c.Read != 5 || c.Kept != 3 || c.Elsewhere != 1 || c.Refused["no name"] != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	built, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, built)
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"見本市本町1-5": "見本市本町一丁目 verified", "みほんしほんまち2ちょうめ5": "見本市本町二丁目 verified", "5 Kawahara-cho, Mihon-shi": "見本市川原町 verified",
		"本町5": "見本市本町 assumed", "999-0001": "見本市川原町 assumed", "見本市": "見本市 verified",
		"見本市立本町小学校": "見本市立本町小学校 verified", "本町小学校": "見本市立本町小学校 assumed", "ほんまちしょうがっこう": "見本市立本町小学校 verified",
	} {
		got, err := x.Search(gazetteer.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Candidates) == 0 || fmt.Sprintf("%s %v", got.Candidates[0].Label.Ja, got.Candidates[0].Match) != want {
			t.Errorf("Search(%q) = %s, want %s", query, brief(got), want)
			continue
		}
		if c := got.Candidates[0]; strings.Contains(query, "小学校") && (c.Point == nil || c.Precision != gazetteer.PrecisionHouse) {
			t.Errorf("Search(%q): %v at %v", query, c.Precision, c.Point)
		}
	}
	for _, a := range built.Areas {
		if a.Approximate {
			t.Errorf("%s: a given area is called approximate", a.ID)
		}
		if p, _ := x.Place(a.ID); p.Label.Ja == "見本市本町" && len(a.Shape) != 2 {
			t.Errorf("本町 is %d polygons, want its two 丁目", len(a.Shape))
		}
	}
}
