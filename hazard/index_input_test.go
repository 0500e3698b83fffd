package hazard

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"hazardmap/geo"
)

func TestIndexSaysWhatItWasGiven(t *testing.T) {
	in := sample()
	x, _ := write(t, in)
	if x.DatasetID() != "sample" || x.Zones() != len(in.Zones) {
		t.Errorf("DatasetID, Zones = %q, %d", x.DatasetID(), x.Zones())
	}
	for i, want := range in.Zones {
		want.Shape = nil
		if diff := cmp.Diff(want, x.Zone(uint32(i))); diff != "" {
			t.Errorf("Zone(%d): -want +got:\n%s", i, diff)
		}
	}
	if diff := cmp.Diff(in.Shelters, x.Shelters()); diff != "" {
		t.Errorf("Shelters: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(in.Sources, x.Sources()); diff != "" {
		t.Errorf("Sources: -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(in.Area, x.Area()); diff != "" {
		t.Errorf("Area: -want +got:\n%s", diff)
	}
	for _, place := range in.Places {
		want := x.AreaShares(place.Area)
		for i := range want {
			want[i].Approximate = place.Approximate
		}
		got, ok := x.Range(place.ID)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("Range(%q), %v: -want +got:\n%s", place.ID, ok, diff)
		}
	}
	for _, id := range []string{"", "aa", "c"} {
		if r, ok := x.Range(id); ok {
			t.Errorf("Range(%q) = %v, want none", id, r)
		}
	}
}

func TestCoverage(t *testing.T) {
	x, _ := write(t, sample())
	flood, slope := KindSet(0).With(FloodDepth), KindSet(0).With(LandslideDebris)
	if got := x.Sourced(); got != flood|slope {
		t.Errorf("Sourced() = %b", got)
	}
	tests := []struct {
		name                string
		at                  geo.Point
		inArea              bool
		covered, incomplete KindSet
	}{
		{"both sources", geo.Point{Lon: 139.002, Lat: 36.002}, true, flood | slope, slope},
		{"on the edge of the second", geo.Point{Lon: 139.005, Lat: 36.005}, true, flood | slope, slope},
		{"first source alone", geo.Point{Lon: 139.007, Lat: 36.007}, true, flood, 0},
		{"on the boundary", geo.Point{Lon: 139.01, Lat: 36.01}, true, flood, 0},
		{"beyond the boundary by a centimetre", geo.Point{Lon: 139.0100001, Lat: 36.01}, false, 0, 0},
		{"far away", geo.Point{Lon: -70, Lat: -30}, false, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			covered, incomplete := x.Covered(tt.at.E7())
			if covered != tt.covered || incomplete != tt.incomplete {
				t.Errorf("Covered(%v) = %b, %b, want %b, %b", tt.at, covered, incomplete, tt.covered, tt.incomplete)
			}
			if got := x.InArea(tt.at.E7()); got != tt.inArea {
				t.Errorf("InArea(%v) = %v", tt.at, got)
			}
		})
	}
}

func TestCountInArea(t *testing.T) {
	square := func(x, y, size float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
	}
	tests := []struct {
		name  string
		shape orb.MultiPolygon
		want  int
	}{
		{"inside", square(139.002, 36.002, 0.001), 1},
		{"around the area", square(138.9, 35.9, 1), 1},
		{"crosses without a corner inside", orb.MultiPolygon{{{{138.99, 36.004}, {139.02, 36.004}, {139.02, 36.005}, {138.99, 36.005}}}}, 1},
		{"touches at a corner", square(139.01, 36.01, 0.001), 1},
		{"a centimetre away", square(139.0100001, 36.01, 0.001), 0},
		{"in a hole of the area", square(139.0071, 36.0071, 0.0001), 0},
	}
	boundary := square(139, 36, 0.01)
	boundary[0] = append(boundary[0], square(139.007, 36.007, 0.001)[0][0])
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := &Input{Area: Area{Boundary: boundary}, Zones: []Zone{{Kind: PondDepth, Rank: 1, Shape: tt.shape}}}
			x, _ := write(t, in)
			if got := x.CountInArea(PondDepth, NoScenario); got != tt.want {
				t.Errorf("CountInArea = %d, want %d", got, tt.want)
			}
			in.Area.Boundary = nil
			if x, _ := write(t, in); x.CountInArea(PondDepth, NoScenario) != 1 {
				t.Error("without a boundary the zone does not count")
			}
		})
	}
}

func TestSameInputSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	zones := randomZones(r, geo.E7{Lon: 1390000000, Lat: 360000000}, 2000, 80)
	zones = append(zones, zones[3], zones[7]) // twins
	_, want := write(t, &Input{Zones: sorted(zones)})
	for range 5 {
		r.Shuffle(len(zones), func(i, j int) { zones[i], zones[j] = zones[j], zones[i] })
		if _, got := write(t, &Input{Zones: sorted(zones)}); !bytes.Equal(got, want) {
			t.Fatal("another order of the input gives other bytes")
		}
	}
}

func sorted(zones []Zone) []Zone {
	zones = append([]Zone(nil), zones...)
	SortZones(zones)
	return zones
}

func TestWriteIndexRefuses(t *testing.T) {
	shape := orb.MultiPolygon{{{{139, 36}, {139.1, 36}, {139, 36.1}}}}
	good := Zone{Kind: FloodDepth, Scenario: Max, Rank: 1, Shape: shape}
	change := func(f func(*Zone)) []Zone {
		z := good
		f(&z)
		return []Zone{z}
	}
	ring := func(points ...orb.Point) orb.MultiPolygon { return orb.MultiPolygon{{points}} }
	tests := []struct {
		name string
		in   Input
		want string
	}{
		{"no kind", Input{Zones: change(func(z *Zone) { z.Kind = 0 })}, "zone 0: "},
		{"rank too high", Input{Zones: change(func(z *Zone) { z.Rank = 7 })}, "zone 0: "},
		{"no shape", Input{Zones: change(func(z *Zone) { z.Shape = nil })}, "zone 0: shape is <nil>"},
		{"empty shape", Input{Zones: change(func(z *Zone) { z.Shape = orb.MultiPolygon{} })}, "zone 0: shape is empty"},
		{"line without its flag", Input{Zones: change(func(z *Zone) { z.Shape = orb.MultiLineString{{{1, 2}, {3, 4}}} })}, "zone 0: "},
		{"not a number", Input{Zones: change(func(z *Zone) { z.Shape = ring(orb.Point{math.NaN(), 36}) })}, "is not on the Earth"},
		{"latitude as longitude", Input{Zones: change(func(z *Zone) { z.Shape = ring(orb.Point{36, 139}) })}, "is not on the Earth"},
		{"half the world", Input{Zones: change(func(z *Zone) { z.Shape = ring(orb.Point{-90, 0}, orb.Point{90, 1}) })}, "spans"},
		{"no source", Input{Zones: change(func(z *Zone) { z.Source = 3 })}, "no source 3"},
		{"shelter without source", Input{Shelters: []Shelter{{Source: -1}}}, "shelter 0: "},
		{"unsorted", Input{Zones: []Zone{{Kind: PondDepth, Rank: 1, Shape: shape}, good}}, "not sorted"},
		{"place twice", Input{Places: []Place{{ID: "a", Area: shape}, {ID: "a", Area: shape}}}, `place "a" occurs twice`},
		{"place without area", Input{Places: []Place{{ID: "a"}}}, `place "a" has no area`},
		{"long id", Input{DatasetID: strings.Repeat("x", 200)}, "longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := WriteIndex(context.Background(), new(bytes.Buffer), &tt.in)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("WriteIndex = %v, want %q", err, tt.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := WriteIndex(ctx, new(bytes.Buffer), sample()); err == nil {
		t.Error("WriteIndex goes on after it was cancelled")
	}
}

func TestEmptyIndex(t *testing.T) {
	x, _ := write(t, &Input{})
	p := geo.E7{}
	if hits := x.At(nil, p); len(hits) > 0 || x.InArea(p) || x.Near(p, FloodDepth, Max, 1e6) != 0 {
		t.Errorf("an empty index holds %v", hits)
	}
	for _, r := range x.AreaShares(orb.MultiPolygon{{{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}}}) {
		if r.NoData != 1 {
			t.Errorf("AreaShares = %+v, want no data alone", r)
		}
	}
}

// TestAreaOfTheWorld asks about areas far larger than the index.
func TestAreaOfTheWorld(t *testing.T) {
	x, _ := write(t, sample())
	tests := []struct {
		name string
		area orb.MultiPolygon
		want float64 // square metres
	}{
		{"the Earth", orb.MultiPolygon{{{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}}}}, 510_065_621_724_000},
		{"northern half", orb.MultiPolygon{{{{-180, 0}, {180, 0}, {180, 90}, {-180, 90}}}}, 510_065_621_724_000 / 2},
		// GSI: the sheet 5439 of 40 minutes by 1 degree is about 6,700 km2.
		{"a first mesh", orb.MultiPolygon{{{{139, 36}, {140, 36}, {140, 36.6666667}, {139, 36.6666667}}}}, 6_638e6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ranges, got := x.AreaTable(tt.area)
			if math.Abs(got/tt.want-1) > 1e-3 {
				t.Errorf("AreaTable = %.0f m2, want %.0f", got, tt.want)
			}
			for _, r := range ranges {
				sum := r.NoData + r.Undecided
				for _, v := range r.Shares {
					sum += v
				}
				if math.Abs(sum-1) > 1e-9 {
					t.Errorf("shares of %v add up to %v", r.Kind, sum)
				}
			}
		})
	}
}
