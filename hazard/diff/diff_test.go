package diff_test

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/hazard/diff"
)

// at is a position in thousandths of a degree from the corner of the city.
func at(x, y float64) orb.Point { return orb.Point{139 + x/1000, 36 + y/1000} }

func square(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(west, south), at(east, south), at(east, north), at(west, north), at(west, south)}}}
}

// input is the edition before: the west of a square of ten is flooded, a slope
// lies in the north-east, the east was surveyed for slopes alone.
func input() *hazard.Input {
	return &hazard.Input{
		Area: hazard.Area{Code: "10999", Name: "見本市", Boundary: square(0, 0, 10, 10)},
		Zones: []hazard.Zone{
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, Shape: square(0, 0, 2, 10)},
			{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 2, Shape: square(2, 0, 4, 10)},
			{Kind: hazard.LandslideSteep, Rank: 1, Number: "1-A-1", Name: "見本", Shape: square(8, 8, 9, 9)},
		},
		Coverage: []hazard.Coverage{
			{Kinds: hazard.KindSet(0).With(hazard.FloodDepth), Area: square(0, 0, 9, 10)},
			{Kinds: hazard.KindSet(0).With(hazard.LandslideSteep), Area: square(0, 0, 10, 10)},
		},
		Shelters: []hazard.Shelter{
			{ID: "E1", Name: "east school", Lon: 139.0045, Lat: 36.005, Emergency: true, Suitable: 1 << hazard.ShelterFlood, Capacity: "100"},
			{ID: "E2", Name: "hall", Lon: 139.007, Lat: 36.005, Emergency: true, Suitable: 1<<hazard.ShelterFlood | 1<<hazard.ShelterFire},
			{Name: "without a number", Address: "1", Lon: 139.007, Lat: 36.002, Evacuation: true},
		},
		Places: []hazard.Place{
			{ID: "1", Level: "town", Name: "west", Area: square(0, 0, 5, 10)},
			{ID: "2", Level: "town", Name: "east", Area: square(5, 0, 10, 10)},
			{ID: "3", Level: "chome", Name: "west 1", Area: square(0, 0, 5, 5)},
		},
	}
}

func edition(t *testing.T, name string, in *hazard.Input) diff.Edition {
	t.Helper()
	hazard.SortZones(in.Zones)
	var b bytes.Buffer
	if err := hazard.WriteIndex(context.Background(), &b, in); err != nil {
		t.Fatal(err)
	}
	x, err := hazard.OpenIndex(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return diff.Edition{Edition: hazard.Edition{Index: x, Input: in}, Name: name, Version: name}
}

func compare(t *testing.T, alter func(*hazard.Input)) *diff.Report {
	t.Helper()
	after := input()
	alter(after)
	r, err := diff.Compare(context.Background(), edition(t, "2024", input()), edition(t, "2025", after))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func of(t *testing.T, r *diff.Report, k hazard.Kind) diff.Hazard {
	t.Helper()
	for _, h := range r.Hazards {
		if h.Kind == k {
			return h
		}
	}
	t.Fatalf("no %v in the report", k)
	panic("not reached")
}

// share is a part of the city in percent.
func share(h diff.Hazard, squareMetres float64) float64 {
	return math.Round(squareMetres/h.SquareMetres*1000) / 10
}

func TestSame(t *testing.T) {
	if r := compare(t, func(*hazard.Input) {}); !r.Same() {
		t.Errorf("the same edition twice: %+v", r)
	}
	r := compare(t, func(in *hazard.Input) { in.Zones[0], in.Zones[1] = in.Zones[1], in.Zones[0] })
	if !r.Same() {
		t.Errorf("the same zones in another order: %+v", r)
	}
}

func TestGround(t *testing.T) {
	tests := []struct {
		name  string
		alter func(*hazard.Input)
		want  hazard.Changes // in percent of the city
		towns string
	}{
		{"a zone vanished", func(in *hazard.Input) { in.Zones = slices.Delete(in.Zones, 1, 2) }, hazard.Changes{NoLongerInside: 20}, "west"},
		{"a zone appeared", func(in *hazard.Input) {
			in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 1, Shape: square(3, 0, 6, 10)})
		}, hazard.Changes{NewlyInside: 20}, "west east"},
		{"worse", func(in *hazard.Input) { in.Zones[1].Rank = 4 }, hazard.Changes{Worse: 20}, "west"},
		{"milder", func(in *hazard.Input) { in.Zones[0].Rank = 1 }, hazard.Changes{Milder: 20}, "west"},
		{"a zone moved", func(in *hazard.Input) { in.Zones[1].Shape = square(2, 0, 3, 10) }, hazard.Changes{NoLongerInside: 10}, "west"},
		{"not surveyed any more", func(in *hazard.Input) { in.Coverage[0].Area = square(0, 0, 8, 10) }, hazard.Changes{LostCoverage: 10}, "east"},
		{"surveyed now", func(in *hazard.Input) {
			in.Coverage[0].Area = square(0, 0, 10, 10)
			in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 1, Shape: square(9, 0, 10, 5)})
		}, hazard.Changes{NewlySurveyed: 10, SurveyedInside: 5}, "east"},
		{"part of a source was refused", func(in *hazard.Input) { in.Coverage[0].Incomplete = true }, hazard.Changes{NowUndecided: 50}, "west east"},
		{"the source is gone", func(in *hazard.Input) {
			in.Coverage, in.Zones = in.Coverage[1:], in.Zones[2:]
		}, hazard.Changes{LostCoverage: 90}, "west east"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := compare(t, tt.alter)
			h := of(t, r, hazard.FloodDepth)
			got := hazard.Changes{
				NewlyInside: share(h, h.NewlyInside), NoLongerInside: share(h, h.NoLongerInside), Worse: share(h, h.Worse), Milder: share(h, h.Milder),
				LostCoverage: share(h, h.LostCoverage), NewlySurveyed: share(h, h.NewlySurveyed), SurveyedInside: share(h, h.SurveyedInside),
				NowUndecided: share(h, h.NowUndecided), NowDecided: share(h, h.NowDecided),
			}
			if got.Changed() != tt.want.Changed() || got.SurveyedInside != tt.want.SurveyedInside || got.NewlyInside != tt.want.NewlyInside || got.Worse != tt.want.Worse || got.Milder != tt.want.Milder || got.LostCoverage != tt.want.LostCoverage {
				t.Errorf("changes %+v, want %+v", got, tt.want)
			}
			var towns []string
			for _, town := range r.Towns {
				towns = append(towns, town.Name)
			}
			if strings.Join(towns, " ") != tt.towns {
				t.Errorf("towns %v, want %s", towns, tt.towns)
			}
			if r.Same() {
				t.Error("told to be the same")
			}
		})
	}
}

func TestZones(t *testing.T) {
	r := compare(t, func(in *hazard.Input) {
		in.Zones[0].Rank = 4                     // worse
		in.Zones[1].Shape = square(2, 0, 3, 10)  // nobody can tell that it is the same: no name
		in.Zones[2].Shape = square(8, 8, 9.5, 9) // has a number and a name
		in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.LandslideSteep, Rank: 2, Shape: square(8, 1, 9, 2)})
	})
	count := func(k hazard.Kind, what diff.What) int {
		h := of(t, r, k)
		return h.Zones.Count(what)
	}
	for _, tt := range []struct {
		kind hazard.Kind
		what diff.What
		want int
	}{
		{hazard.FloodDepth, diff.Worse, 1}, {hazard.FloodDepth, diff.Vanished, 1}, {hazard.FloodDepth, diff.Appeared, 1},
		{hazard.LandslideSteep, diff.Redrawn, 1}, {hazard.LandslideSteep, diff.Appeared, 1}, {hazard.LandslideSteep, diff.Vanished, 0},
	} {
		if got := count(tt.kind, tt.what); got != tt.want {
			t.Errorf("%v: %d zones %s, want %d", tt.kind, got, tt.what, tt.want)
		}
	}
	r = compare(t, func(in *hazard.Input) { in.Zones[2].Flags = hazard.NotDesignated })
	if got := count(hazard.LandslideSteep, diff.Redescribed); got != 1 || r.Same() {
		t.Errorf("%d zones redescribed, want 1", got)
	}
}

func TestShelters(t *testing.T) {
	names := func(list []area.Shelter) string {
		var all []string
		for _, s := range list {
			all = append(all, s.Name)
		}
		return strings.Join(all, "|")
	}
	r := compare(t, func(in *hazard.Input) { in.Shelters = in.Shelters[1:] })
	if names(r.Shelters.Gone) != "east school" || len(r.Shelters.New)+len(r.Shelters.Changed) != 0 || r.Same() {
		t.Errorf("one left out: %+v", r.Shelters)
	}
	r = compare(t, func(in *hazard.Input) {
		in.Shelters[0].Name = "east primary school"                                   // known by its id
		in.Shelters[1].Lon, in.Shelters[1].Suitable = 139.001, 1<<hazard.ShelterFlood // moved into the water, no longer for fires
		in.Shelters[2].ID, in.Shelters[2].Capacity = "E3", "50"                       // known by its name
		in.Shelters = append(in.Shelters, hazard.Shelter{ID: "E9", Name: "new", Lon: 139.007, Lat: 36.009})
	})
	if len(r.Shelters.Gone) != 0 || names(r.Shelters.New) != "new" || len(r.Shelters.Changed) != 3 {
		t.Fatalf("shelters %+v", r.Shelters)
	}
	first, second, third := r.Shelters.Changed[0], r.Shelters.Changed[1], r.Shelters.Changed[2]
	if !first.Renamed || first.Moved != 0 || first.Facts {
		t.Errorf("renamed: %+v", first)
	}
	if math.Abs(float64(second.Moved)-540) > 5 || !slices.Equal(second.Lost, []hazard.ShelterHazard{hazard.ShelterFire}) ||
		!slices.Equal(second.NowMisplaced, []hazard.ShelterHazard{hazard.ShelterFlood}) || len(second.IntoZone) != 1 || second.IntoZone[0].Rank != 3 {
		t.Errorf("moved: %+v", second)
	}
	if !third.Facts || third.Renamed {
		t.Errorf("another capacity: %+v", third)
	}
	// The water came to the school; the school did not move.
	r = compare(t, func(in *hazard.Input) { in.Zones[1].Shape = square(2, 0, 5, 10) })
	if len(r.Shelters.Changed) != 1 || len(r.Shelters.Changed[0].NowMisplaced) != 1 || r.Shelters.Changed[0].Moved != 0 {
		t.Errorf("the water came: %+v", r.Shelters.Changed)
	}
	// The survey of the ground where the hall stands is gone.
	r = compare(t, func(in *hazard.Input) { in.Coverage[0].Area = square(0, 0, 6, 10) })
	if len(r.Shelters.Changed) != 1 || r.Shelters.Changed[0].After.Name != "hall" || !slices.Equal(r.Shelters.Changed[0].NowUnsure, []hazard.ShelterHazard{hazard.ShelterFlood}) {
		t.Errorf("no longer surveyed: %+v", r.Shelters.Changed)
	}
	// Two of one name: nobody knows which is which, so both are told.
	r = compare(t, func(in *hazard.Input) {
		in.Shelters[0].ID, in.Shelters[0].Name = "", "hall"
		in.Shelters[1].ID = ""
	})
	if names(r.Shelters.Gone) != "east school|hall" {
		t.Errorf("of two halls: gone %s, new %s", names(r.Shelters.Gone), names(r.Shelters.New))
	}
}

func TestTownsAndBoundary(t *testing.T) {
	r := compare(t, func(in *hazard.Input) {
		in.Area.Boundary = square(0, 0, 12, 10)
		in.Places = append(in.Places[1:], hazard.Place{ID: "4", Level: "town", Name: "far east", Area: square(10, 0, 12, 10)})
	})
	if !r.Boundary || len(r.TownsGone) != 1 || r.TownsGone[0].Name != "west" || len(r.TownsNew) != 1 || r.TownsNew[0].Name != "far east" {
		t.Errorf("boundary %v, gone %+v, new %+v", r.Boundary, r.TownsGone, r.TownsNew)
	}
}
