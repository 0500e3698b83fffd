package ksj

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

func TestZones(t *testing.T) {
	a33 := func(phenomenon, state, unready any) geo.Attributes {
		return geo.Attributes{
			"A33_001": phenomenon, "A33_002": state, "A33_003": "22", "A33_004": "103-Ⅰ-0655",
			"A33_005": "東本郷町", "A33_006": "沼津市　※東本郷町", "A33_007": "2018-03-30", "A33_008": unready,
		}
	}
	slide := func(kind hazard.Kind, rank uint8, flags hazard.ZoneFlags) []hazard.Zone {
		return []hazard.Zone{{
			Kind: kind, Rank: rank, Flags: flags, Number: "103-Ⅰ-0655", Name: "東本郷町", Place: "沼津市　※東本郷町", Designated: "2018-03-30",
		}}
	}
	ooka := func(rank uint8) []hazard.Zone {
		return []hazard.Zone{{
			Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: rank, River: "大岡川", RiverCode: "1400020001", Designated: "2018-03-30",
		}}
	}
	one := func(kind hazard.Kind, scenario hazard.Scenario, rank uint8) []hazard.Zone {
		return []hazard.Zone{{Kind: kind, Scenario: scenario, Rank: rank}}
	}
	flow, erosion := one(hazard.CollapseFlow, hazard.Max, 1), one(hazard.CollapseErosion, hazard.Max, 1)
	both := append(append([]hazard.Zone{}, flow...), erosion...)
	a31 := func(column string, value any) geo.Attributes { return geo.Attributes{column: value} }
	coast := func(kind hazard.Kind, rank uint8, text string) []hazard.Zone {
		return []hazard.Zone{{Kind: kind, Scenario: hazard.Max, Rank: rank, ClassText: text}}
	}
	tests := []struct {
		name   string
		file   string
		record geo.Attributes
		want   []hazard.Zone
		note   string
	}{
		{"rank as a number", "", river(3.0), ooka(3), ""},
		{"rank as text", "", river("3"), ooka(3), ""},
		{"rank from a spreadsheet", "", river("3.0"), ooka(3), ""},
		{"rank in full width", "", river("３"), ooka(3), ""},
		{"rank blank", "", river(" "), ooka(hazard.RankUnknown), NoteNoClass},
		{"rank null", "", river(nil), ooka(hazard.RankUnknown), NoteNoClass},
		{"plan", "", a31("A31a_105", 2.0), one(hazard.FloodDepth, hazard.Plan, 2), ""},
		{"largest", "", a31("A31b_201", 6.0), one(hazard.FloodDepth, hazard.Max, 6), ""},
		{"duration has seven classes", "", a31("A31a_305", 7.0), one(hazard.FloodDuration, hazard.Max, 7), ""},
		{"collapse 1", "", a31("A31a_405", 1.0), flow, ""},
		{"collapse 2", "", a31("A31a_405", 2.0), erosion, ""},
		{"collapse 3 is two zones", "", a31("A31a_405", 3.0), both, ""},
		{"collapse 41", "", a31("A31a_405", 41.0), flow, ""},
		{"collapse 42", "", a31("A31b_401", "42"), erosion, ""},
		{"collapse blank, named 42", "A31a-42-23_83_x.geojson", a31("A31a_405", " "), erosion, ""},
		{"collapse blank, not named", "", a31("A31a_405", " "), both, NoteCollapseBoth},
		{"collapse contradicts its name", "A31a-42-23_83_x.geojson", a31("A31a_405", 1.0), both, NoteCollapseBoth},
		{"two layers, one said", "", geo.Attributes{"A31b_101": nil, "A31b_201": 2.0}, one(hazard.FloodDepth, hazard.Max, 2), ""},
		{"yellow", "", a33(1.0, 1.0, 0.0), slide(hazard.LandslideSteep, 1, 0), ""},
		{"red", "", a33("2", "2", "0"), slide(hazard.LandslideDebris, 2, 0), ""},
		{"yellow before designation", "", a33(3.0, 3.0, nil), slide(hazard.LandslideSlide, 1, hazard.NotDesignated), ""},
		{"red before designation", "", a33(3.0, 4.0, 0.0), slide(hazard.LandslideSlide, 2, hazard.NotDesignated), ""},
		{"red not surveyed", "", a33(1.0, 1.0, 1.0), slide(hazard.LandslideSteep, 1, hazard.RedNotSurveyed), ""},
		{"tsunami", "", geo.Attributes{"A40_003": "0.01m以上 ～ 0.3m未満"}, coast(hazard.TsunamiDepth, 1, "0.01m以上 ～ 0.3m未満"), ""},
		{"tsunami without bound", "", geo.Attributes{"A40_003": "5m以上"}, coast(hazard.TsunamiDepth, 6, "5m以上"), NoteOpenClass},
		{"tsunami in other words", "", geo.Attributes{"A40_003": "浸水区域"}, coast(hazard.TsunamiDepth, hazard.RankUnknown, "浸水区域"), NoteClassText},
		{"tsunami without words", "", geo.Attributes{"A40_003": nil}, coast(hazard.TsunamiDepth, hazard.RankUnknown, ""), NoteNoClass},
		{"surge", "", geo.Attributes{"A49_001": nil, "A49_002": nil, "A49_003": "3m 以上 5m 未満"}, coast(hazard.SurgeDepth, 3, "3m 以上 5m 未満"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, d, err := decode(t, tt.file, "", tt.record)
			if err != nil {
				t.Fatalf("Zones(%v) fails: %v", tt.record, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Zones(%v), want → got:\n%s", tt.record, diff)
			}
			if notes := fmt.Sprint(d.Notes()); (tt.note == "") != (len(d.Notes()) == 0) || !strings.Contains(notes, tt.note) {
				t.Errorf("Notes() = %v, want %q", notes, tt.note)
			}
		})
	}
}

func TestZonesRefuse(t *testing.T) {
	tests := []struct {
		name   string
		record geo.Attributes
		why    string
	}{
		{"rank 0", river(0.0), "A31_205"},
		{"rank 7 of a depth", river(7.0), "1..6"},
		{"rank 2.5", river(2.5), "A31_205"},
		{"rank -1", river("-1"), "A31_205"},
		{"rank NaN", river(math.NaN()), "A31_205"},
		{"river number for a rank", geo.Attributes{"A31_201": "8303040001"}, "is a river number"},
		{"duration 8", geo.Attributes{"A31a_305": 8.0}, "1..7"},
		{"collapse 4", geo.Attributes{"A31a_405": 4.0}, "41, 42"},
		{"no layer said", geo.Attributes{"A31b_101": " ", "A31b_201": nil}, "no layer"},
		{"phenomenon 4", geo.Attributes{"A33_001": 4.0, "A33_002": 1.0}, "A33_001"},
		{"phenomenon blank", geo.Attributes{"A33_001": " ", "A33_002": 1.0}, "A33_001"},
		{"state 5", geo.Attributes{"A33_001": 1.0, "A33_002": 5.0}, "A33_002"},
		{"flag 2", geo.Attributes{"A33_001": 1.0, "A33_002": 1.0, "A33_008": 2.0}, "A33_008"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zones, _, err := decode(t, "", "", tt.record)
			if err == nil || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("Zones(%v) = %v, %v, want an error that says %q", tt.record, zones, err, tt.why)
			}
		})
	}
}

func TestShapes(t *testing.T) {
	closed := orb.Ring{{139, 36}, {139.1, 36}, {139.1, 36.1}, {139, 36}}
	open := closed[:3]
	hole := orb.Ring{{139.05, 36.01}, {139.06, 36.01}, {139.06, 36.02}, {139.05, 36.01}}
	line := orb.LineString{{139, 36}, {139.1, 36.1}}
	bowTie := orb.Ring{{139, 36}, {139.1, 36.1}, {139.1, 36}, {139, 36.1}, {139, 36}}
	tests := []struct {
		name string
		g    orb.Geometry
		want orb.Geometry // nil: refused
		note string
	}{
		{"polygon", orb.Polygon{closed, hole}, orb.MultiPolygon{{closed, hole}}, ""},
		{"parts stand apart", orb.MultiPolygon{{closed}, {hole}}, orb.MultiPolygon{{closed}, {hole}}, ""},
		{"collection", orb.Collection{orb.Polygon{closed}, orb.MultiPolygon{{hole}}}, orb.MultiPolygon{{closed}, {hole}}, ""},
		{"open ring", orb.Polygon{open}, orb.MultiPolygon{{closed}}, NoteRingClosed},
		{"self-touching ring untouched", orb.Polygon{bowTie}, orb.MultiPolygon{{bowTie}}, ""},
		{"hole of two points", orb.Polygon{closed, {{139, 36}, {139.1, 36}}}, orb.MultiPolygon{{closed}}, NoteRingDropped},
		{"shell of two points", orb.Polygon{{{139, 36}, {139.1, 36}}}, nil, NoteRingDropped},
		{"line", line, orb.MultiLineString{line}, ""},
		{"lines", orb.MultiLineString{line, line}, orb.MultiLineString{line, line}, ""},
		{"line and polygon", orb.Collection{line, square}, nil, ""},
		{"point", orb.Point{139, 36}, nil, ""},
		{"nothing", nil, nil, ""},
		{"empty", orb.MultiPolygon{}, nil, ""},
		{"latitude first", orb.Polygon{{{36, 139}, {36, 139.1}, {36.1, 139.1}, {36, 139}}}, nil, ""},
		{"metres", orb.Polygon{{{-54000, 36000}, {-54000, 36100}, {-53000, 36000}, {-54000, 36000}}}, nil, ""},
		{"NaN", orb.Polygon{{{math.NaN(), 36}, {139, 36.1}, {139.1, 36}, {math.NaN(), 36}}}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			record := geo.Attributes{"A33_001": 1.0, "A33_002": 1.0}
			d, err := Recognise("", "", columnsOf(record), record)
			if err != nil {
				t.Fatal(err)
			}
			zones, err := d.Zones(geo.Feature{Geometry: tt.g, Attr: record})
			if (err == nil) != (tt.want != nil) {
				t.Fatalf("Zones(%v) = %v, %v, want %v", tt.g, zones, err, tt.want)
			}
			if !strings.Contains(fmt.Sprint(d.Notes()), tt.note) {
				t.Errorf("Notes() = %v, want %q", d.Notes(), tt.note)
			}
			if tt.want == nil {
				return
			}
			if !orb.Equal(zones[0].Shape, tt.want) {
				t.Errorf("Shape = %v, want %v", zones[0].Shape, tt.want)
			}
			_, isLine := tt.want.(orb.MultiLineString)
			if (zones[0].Flags&hazard.LineOnly != 0) != isLine {
				t.Errorf("Flags = %b, want LineOnly: %v", zones[0].Flags, isLine)
			}
		})
	}
	if len(open) != 3 || len(closed) != 4 {
		t.Error("Zones changed the shape it was given")
	}
}

func TestFloodHasNoLines(t *testing.T) {
	record := river(1.0)
	d, err := Recognise("", "", columnsOf(record), record)
	if err != nil {
		t.Fatal(err)
	}
	if zones, err := d.Zones(geo.Feature{Geometry: orb.LineString{{139, 36}, {139.1, 36}}, Attr: record}); err == nil {
		t.Errorf("Zones(line) = %v, want an error: a depth is an area", zones)
	}
}
