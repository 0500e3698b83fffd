package hazard

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// block is a square of the invented town, its corners in thousandths of a
// degree east and north of 140E 36N.
func block(west, south, east, north float64) orb.MultiPolygon {
	at := func(x, y float64) orb.Point { return orb.Point{140 + x/1000, 36 + y/1000} }
	return orb.MultiPolygon{{{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}}}
}

func spot(x, y float64) geo.Point { return geo.Point{Lon: 140 + x/1000, Lat: 36 + y/1000} }

// town is a town of 20 x 20 blocks: two rivers flood its west, one zone of the
// larger one deeper; a yellow landslide zone with its red part lies in the
// north; collapse was surveyed and found nowhere; duration was never surveyed.
func town(change func(*Input)) *Input {
	in := &Input{
		DatasetID: "town",
		Area:      Area{Code: "99999", Name: "見本市", Boundary: block(0, 0, 20, 20)},
		Sources:   []Source{{Title: "利根川", Edition: "2023"}, {Title: "広瀬川", Edition: "2024"}},
		Zones: []Zone{
			{Kind: FloodDepth, Scenario: Max, Rank: 2, River: "利根川", Source: 0, Shape: block(0, 0, 8, 20)},
			{Kind: FloodDepth, Scenario: Max, Rank: 4, River: "広瀬川", Source: 1, Shape: block(4, 4, 6, 6)},
			{Kind: FloodDepth, Scenario: Plan, Rank: 1, River: "利根川", Source: 0, Shape: block(0, 0, 2, 20)},
			{Kind: LandslideSteep, Rank: 1, Shape: block(14, 14, 18, 18), Flags: RedNotSurveyed},
			{Kind: LandslideSteep, Rank: 2, Shape: block(15, 15, 16, 16), Flags: NotDesignated},
			{Kind: LandslideDebris, Rank: 1, Shape: orb.MultiLineString{{{140.010, 36.010}, {140.012, 36.010}}}, Flags: LineOnly},
		},
		Coverage: []Coverage{{
			Kinds: KindSet(0).With(FloodDepth).With(CollapseFlow).With(CollapseErosion).With(LandslideSteep).With(LandslideDebris).With(LandslideSlide),
			Area:  block(0, 0, 20, 20),
		}},
		Shelters: []Shelter{
			{ID: "E999990000001", Name: "第一小学校", Lon: 140.005, Lat: 36.005, Emergency: true, Suitable: 1 << ShelterFlood},
			{ID: "E999990000002", Name: "市民会館", Lon: 140.012, Lat: 36.012, Evacuation: true},
		},
	}
	if change != nil {
		change(in)
	}
	SortZones(in.Zones)
	return in
}

func findingOf(t *testing.T, a Answer, k Kind, s Scenario) Finding {
	t.Helper()
	for _, f := range a.Findings {
		if f.Kind == k && f.Scenario == s {
			return f
		}
	}
	t.Fatalf("answer at %v has no finding for %v %v", a.At, k, s)
	return Finding{}
}

func TestAnswer(t *testing.T) {
	tests := []struct {
		name     string
		change   func(*Input)
		at       geo.Point
		kind     Kind
		scenario Scenario
		want     Finding
	}{
		{"inside one river", nil, spot(7, 10), FloodDepth, Max, Finding{Status: Inside, Rank: 2}},
		{"the worst of two rivers", nil, spot(5, 5), FloodDepth, Max, Finding{Status: Inside, Rank: 4}},
		{"the edge belongs to the zone", nil, spot(8, 10), FloodDepth, Max, Finding{Status: Inside, Rank: 2}},
		{"outside, surveyed", nil, spot(12, 5), FloodDepth, Max, Finding{Status: Outside}},
		{"outside, deep water near", nil, spot(6.5, 5), FloodDepth, Max, Finding{Status: Inside, Rank: 2}},
		{"the smaller flood apart", nil, spot(1, 10), FloodDepth, Plan, Finding{Status: Inside, Rank: 1}},
		{"beyond the city", nil, spot(30, 5), FloodDepth, Max, Finding{Status: NoData}},
		{"never surveyed", nil, spot(5, 5), FloodDuration, Max, Finding{Status: NoData}},
		{"inland water never surveyed", nil, spot(5, 5), InlandDepth, NoScenario, Finding{Status: NoData}},
		{"surveyed, none in the city", nil, spot(5, 5), CollapseFlow, Max, Finding{Status: Outside, NoneInArea: true}},
		{"none in the city says nothing beyond it", nil, spot(30, 5), CollapseFlow, Max, Finding{Status: NoData}},
		{"yellow whose red is not surveyed", nil, spot(17, 17), LandslideSteep, NoScenario, Finding{Status: Inside, Rank: 1, RedNotSurveyed: true}},
		{"red over yellow, not yet designated", nil, spot(15.5, 15.5), LandslideSteep, NoScenario, Finding{Status: Inside, Rank: 2, RedNotSurveyed: true}},
		{"a line has two sides and no inside", nil, spot(11, 10), LandslideDebris, NoScenario, Finding{Status: Undecided}},
		{"far from the line", nil, spot(5, 15), LandslideDebris, NoScenario, Finding{Status: Outside}},
		{"part of the source refused", func(in *Input) { in.Coverage[0].Incomplete = true }, spot(12, 5), FloodDepth, Max, Finding{Status: Undecided}},
		{"inside although part was refused", func(in *Input) { in.Coverage[0].Incomplete = true }, spot(5, 5), FloodDepth, Max, Finding{Status: Inside, Rank: 4}},
		{"class not readable", func(in *Input) { in.Zones[0].Rank = RankUnknown }, spot(5, 5), FloodDepth, Max, Finding{Status: Inside, Rank: RankUnknown}},
		{"only the smaller flood published", func(in *Input) { in.Zones = in.Zones[2:3] }, spot(12, 5), FloodDepth, Max, Finding{Status: NoData}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x, _ := write(t, town(tt.change))
			got := findingOf(t, x.Answer(tt.at, Home{}), tt.kind, tt.scenario)
			if got.Status != tt.want.Status || got.Rank != tt.want.Rank || got.NoneInArea != tt.want.NoneInArea || got.RedNotSurveyed != tt.want.RedNotSurveyed {
				t.Errorf("Answer(%v) says %v %s rank %d none %t red %t, want %s rank %d none %t red %t", tt.at, tt.kind,
					got.Status, got.Rank, got.NoneInArea, got.RedNotSurveyed, tt.want.Status, tt.want.Rank, tt.want.NoneInArea, tt.want.RedNotSurveyed)
			}
		})
	}
}

func TestAnswerListsEveryZoneWorstFirst(t *testing.T) {
	x, _ := write(t, town(nil))
	f := findingOf(t, x.Answer(spot(5, 5), Home{}), FloodDepth, Max)
	if len(f.Zones) != 2 || f.Zones[0].River != "広瀬川" || f.Zones[1].River != "利根川" {
		t.Fatalf("zones = %+v, want 広瀬川 before 利根川", f.Zones)
	}
	if f.Zones[0].Source.Edition != "2024" {
		t.Errorf("source of 広瀬川 = %+v, want edition 2024", f.Zones[0].Source)
	}
}

func TestAnswerLooksAround(t *testing.T) {
	x, _ := write(t, town(nil))
	// 0.5 thousandths of a degree of longitude are 45 m here, 1.5 are 135 m.
	if f := findingOf(t, x.Answer(spot(6.5, 5), Home{}), FloodDepth, Max); f.Within100 != 4 {
		t.Errorf("45 m from rank 4: Within100 = %d, want 4", f.Within100)
	}
	if f := findingOf(t, x.Answer(spot(7.5, 5), Home{}), FloodDepth, Max); f.Within100 != 2 || f.Within200 != 4 {
		t.Errorf("135 m from rank 4: within 100 m %d, 200 m %d, want 2 and 4", f.Within100, f.Within200)
	}
	if f := findingOf(t, x.Answer(spot(12, 5), Home{}), FloodDepth, Max); f.Within200 != 0 {
		t.Errorf("360 m from the zone: Within200 = %d, want 0", f.Within200)
	}
	f := findingOf(t, x.Answer(spot(11, 10.5), Home{}), LandslideDebris, NoScenario)
	if f.Status != Undecided {
		t.Errorf("Status beside a line = %q, want %q: a line has no inside", f.Status, Undecided)
	}
	if f.LineWithin < 50 || f.LineWithin > 60 {
		t.Errorf("LineWithin = %.1f m, want about 56", f.LineWithin)
	}
}

func TestAnswerShelters(t *testing.T) {
	x, _ := write(t, town(nil))
	a := x.Answer(spot(5, 4), Home{})
	if len(a.Shelters) != 2 || a.Shelters[0].Name != "第一小学校" {
		t.Fatalf("shelters = %+v, want 第一小学校 first", a.Shelters)
	}
	first := a.Shelters[0]
	if first.Distance < 110 || first.Distance > 113 || geo.Compass(first.Bearing) != "N" {
		t.Errorf("第一小学校 is %.0f m %s, want 111 m N", first.Distance, geo.Compass(first.Bearing))
	}
	if len(first.InZone) != 1 || first.InZone[0] != (ZoneRank{FloodDepth, Max, 4}) {
		t.Errorf("第一小学校 stands in %+v, want flood depth rank 4", first.InZone)
	}
	if !first.Fit(ShelterFlood) || first.Fit(ShelterEarthquake) || a.Shelters[1].Fit(ShelterFlood) {
		t.Error("a shelter is fit for what it was not designated for, or not for what it was")
	}
}

// TestFindingsWithin: a block is answered with the worst class within its
// radius, and but for lines ([TestLinesAround]) nothing else changes.
func TestFindingsWithin(t *testing.T) {
	_, x := isesakiIndex(t)
	r := rand.New(rand.NewPCG(9, 9))
	worse := 0
	for range 200 {
		at := geo.Point{Lon: 139.1 + r.Float64()*0.2, Lat: 36.25 + r.Float64()*0.15}
		point, within := x.Findings(at.E7()), x.FindingsWithin(at.E7(), 81)
		for i, f := range within {
			want := max(point[i].Rank, x.Near(at.E7(), f.Kind, f.Scenario, 81))
			if f.Rank != want || f.Rank > 0 != (f.Status == Inside) || f.Rank == point[i].Rank && f.Status != point[i].Status {
				t.Errorf("within 81 m of %v: %v %v, at it %v %v, worst %v", at, f.Status, f.Rank, point[i].Status, point[i].Rank, want)
			}
			if f.Rank > point[i].Rank {
				worse++
			}
		}
		if got := x.AnswerWithin(at, 81, Home{}).Action; got.Code != Decide(within, Home{}).Code {
			t.Errorf("within 81 m of %v: %v", at, got.Code)
		}
	}
	if worse == 0 {
		t.Error("no position has a worse class near by")
	}
}

// TestLinesAround: a line that some spot of a block has beside it decides as
// little for the block as for that spot.
func TestLinesAround(t *testing.T) {
	x, _ := write(t, town(nil))
	at := spot(11, 13) // 333 m north of the line
	for radius, want := range map[geo.Metres]Status{0: Outside, 120: Outside, 150: Undecided} {
		f := findingOf(t, x.AnswerWithin(at, radius, Home{}), LandslideDebris, NoScenario)
		if f.Status != want {
			t.Errorf("within %v m of a place 333 m from a line: %v, want %v", radius, f.Status, want)
		}
	}
}
