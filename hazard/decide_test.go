package hazard

import (
	"slices"
	"testing"
)

// surveyed is a place where every basic kind was surveyed and none was found.
func surveyed(change ...Finding) []Finding {
	findings := []Finding{
		{Kind: FloodDepth, Scenario: Max, Status: Outside}, {Kind: FloodDuration, Scenario: Max, Status: Outside},
		{Kind: CollapseFlow, Scenario: Max, Status: Outside}, {Kind: CollapseErosion, Scenario: Max, Status: Outside},
		{Kind: LandslideSteep, Status: Outside}, {Kind: LandslideDebris, Status: Outside}, {Kind: LandslideSlide, Status: Outside},
	}
	for _, c := range change {
		i := slices.IndexFunc(findings, func(f Finding) bool { return f.Kind == c.Kind && f.Scenario == c.Scenario })
		if i < 0 {
			findings = append(findings, c)
			continue
		}
		findings[i] = c
	}
	return findings
}

func inside(k Kind, rank uint8) Finding {
	s := Max
	if k.Landslide() {
		s = NoScenario
	}
	return Finding{Kind: k, Scenario: s, Status: Inside, Rank: rank}
}

func missing(k Kind, status Status) Finding {
	f := inside(k, 0)
	f.Status = status
	return f
}

func TestDecide(t *testing.T) {
	tests := []struct {
		name     string
		findings []Finding
		home     Home
		code     ActionCode
		reasons  []ReasonCode
	}{
		{"outside everything", surveyed(), Home{}, Check, []ReasonCode{ReasonOutside}},
		{"yellow landslide zone", surveyed(inside(LandslideSteep, 1)), Home{Floor: 9}, Leave, []ReasonCode{ReasonLandslide}},
		{"landslide comes before floors", surveyed(inside(LandslideDebris, 2), inside(FloodDepth, 1)), Home{Floor: 3, Stocked: true}, Leave, []ReasonCode{ReasonLandslide}},
		{"erosion outside the flood", surveyed(inside(CollapseErosion, 1)), Home{Floor: 5}, Leave, []ReasonCode{ReasonCollapse}},
		{"both reasons are named", surveyed(inside(CollapseFlow, 1), inside(CollapseErosion, 1)), Home{}, Leave, []ReasonCode{ReasonCollapse, ReasonCollapse}},
		{"shallow water", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 1)), Home{}, UpstairsPossible, []ReasonCode{ReasonUpstairs}},
		{"shallow water, basement", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 1)), Home{Floor: -1}, Leave, []ReasonCode{ReasonFloor}},
		{"rank 2, floor not told", surveyed(inside(FloodDepth, 2), inside(FloodDuration, 1)), Home{}, Leave, []ReasonCode{ReasonFloorUnknown}},
		{"rank 2, ground floor", surveyed(inside(FloodDepth, 2), inside(FloodDuration, 1)), Home{Floor: 1}, Leave, []ReasonCode{ReasonFloor}},
		{"rank 2, second floor", surveyed(inside(FloodDepth, 2), inside(FloodDuration, 1)), Home{Floor: 2}, UpstairsPossible, []ReasonCode{ReasonUpstairs}},
		{"rank 2, second floor of one storey", surveyed(inside(FloodDepth, 2), inside(FloodDuration, 1)), Home{Floor: 2, Storeys: 1}, Leave, []ReasonCode{ReasonFloor}},
		{"rank 3, second floor", surveyed(inside(FloodDepth, 3), inside(FloodDuration, 1)), Home{Floor: 2}, Leave, []ReasonCode{ReasonFloor}},
		{"rank 4, fourth floor", surveyed(inside(FloodDepth, 4), inside(FloodDuration, 1)), Home{Floor: 4}, Leave, []ReasonCode{ReasonFloor}},
		{"rank 4, fifth floor", surveyed(inside(FloodDepth, 4), inside(FloodDuration, 1)), Home{Floor: 5}, UpstairsPossible, []ReasonCode{ReasonUpstairs}},
		{"rank 5, ninth floor", surveyed(inside(FloodDepth, 5), inside(FloodDuration, 1)), Home{Floor: 9}, Leave, []ReasonCode{ReasonFloor}},
		{"three days", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 4)), Home{Floor: 2}, Leave, []ReasonCode{ReasonDuration}},
		{"three days, stocked", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 4)), Home{Floor: 2, Stocked: true}, UpstairsPossible, []ReasonCode{ReasonUpstairs}},
		{"duration not surveyed", surveyed(inside(FloodDepth, 1), missing(FloodDuration, NoData)), Home{Floor: 2}, Leave, []ReasonCode{ReasonDurationUnknown}},
		{"collapse not surveyed", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 1), missing(CollapseFlow, NoData)), Home{Floor: 2, Stocked: true}, Leave, []ReasonCode{ReasonCollapseUnknown}},
		{"landslide not surveyed, in water", surveyed(inside(FloodDepth, 1), inside(FloodDuration, 1), missing(LandslideSteep, NoData)), Home{Floor: 2}, Leave, []ReasonCode{ReasonLandslideUnknown}},
		{"depth of no readable class", surveyed(inside(FloodDepth, RankUnknown), inside(FloodDuration, 1)), Home{Floor: 9}, Leave, []ReasonCode{ReasonDepthUnknown}},
		{"duration zone without a depth zone", surveyed(inside(FloodDuration, 1)), Home{Floor: 9}, Leave, []ReasonCode{ReasonDepthUnknown}},
		{"flood not surveyed", surveyed(missing(FloodDepth, NoData)), Home{}, UnknownAction, []ReasonCode{ReasonFloodUnknown}},
		{"landslide refused", surveyed(missing(LandslideSlide, Undecided)), Home{}, UnknownAction, []ReasonCode{ReasonLandslideUnknown}},
		{"inland water", surveyed(Finding{Kind: InlandDepth, Status: Inside, Rank: 1}), Home{Floor: 2}, UpstairsPossible, []ReasonCode{ReasonUpstairs, ReasonOtherWater}},
		{"plan scenario missing is no gap", surveyed(Finding{Kind: FloodDepth, Scenario: Plan, Status: NoData}), Home{}, Check, []ReasonCode{ReasonOutside}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Decide(tt.findings, tt.home)
			var reasons []ReasonCode
			for _, r := range got.Reasons {
				reasons = append(reasons, r.Code)
			}
			if got.Code != tt.code || !slices.Equal(reasons, tt.reasons) {
				t.Errorf("Decide(%s) = %s %v, want %s %v", tt.name, got.Code, reasons, tt.code, tt.reasons)
			}
		})
	}
}

// TestDecideNeverMilder: telling more danger, or telling less about the home,
// never turns the advice milder.
func TestDecideNeverMilder(t *testing.T) {
	severity := map[ActionCode]int{Check: 0, UpstairsPossible: 1, UnknownAction: 1, Leave: 2}
	for rank := uint8(0); rank <= 6; rank++ {
		for duration := uint8(0); duration <= 7; duration++ {
			for floor := -1; floor <= 12; floor++ {
				at := func(rank, duration uint8, home Home) int {
					var change []Finding
					if rank > 0 {
						change = append(change, inside(FloodDepth, rank))
					}
					if duration > 0 {
						change = append(change, inside(FloodDuration, duration))
					}
					return severity[Decide(surveyed(change...), home).Code]
				}
				home := Home{Floor: floor}
				here := at(rank, duration, home)
				if rank > 0 && rank < 6 && at(rank+1, duration, home) < here {
					t.Errorf("rank %d → %d turns the advice milder at floor %d, duration %d", rank, rank+1, floor, duration)
				}
				if duration > 0 && duration < 7 && at(rank, duration+1, home) < here {
					t.Errorf("duration %d → %d turns the advice milder at floor %d, rank %d", duration, duration+1, floor, rank)
				}
				if floor > 0 && at(rank, duration, Home{}) < here {
					t.Errorf("not telling the floor is milder than floor %d at rank %d, duration %d", floor, rank, duration)
				}
			}
		}
	}
}
