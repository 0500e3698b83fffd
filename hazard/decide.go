package hazard

// floodedFloors returns how many storeys of a usual house a depth rank can put
// under water: below 0.5 m only the space under the ground floor, below 3 m the
// ground floor, below 5 m the second, below 10 m the fourth. Above that no
// floor is surely dry. (水害ハザードマップ作成の手引き, 表3-2, read the safer way.)
func floodedFloors(rank uint8) int {
	floors := [...]int{0, 0, 1, 2, 4}
	if int(rank) < len(floors) {
		return floors[rank]
	}
	return AllFloors
}

// durationToLeave is the first rank of 浸水継続時間 that breaks the third condition
// of 屋内安全確保: three days or more.
const durationToLeave = 4

// Decide returns the one-line advice for a place from its findings, by the
// decision order of the guidelines, first match wins: landslide zone, house
// collapse, floor under water, long duration, otherwise stay upstairs if
// stocked; outside every zone no order. A step that the data cannot decide is
// answered the safer way and named as a reason.
func Decide(findings []Finding, home Home) Action {
	f := facts(findings)
	var sure []Reason
	for _, kind := range f.landslide {
		sure = append(sure, Reason{Code: ReasonLandslide, Kind: kind})
	}
	for _, kind := range f.collapse {
		sure = append(sure, Reason{Code: ReasonCollapse, Kind: kind})
	}
	if len(sure) > 0 {
		return Action{Code: Leave, Reasons: sure}
	}
	if f.water {
		return decideInWater(f, home)
	}
	return decideInNone(f)
}

// placeFacts is what the decision order asks of the findings.
type placeFacts struct {
	landslide, collapse []Kind
	water               bool // inside a zone of water of any kind
	flood, otherWater   bool
	depth               uint8 // worst depth rank
	depthKind           Kind
	duration            uint8
	inDuration          bool
	unknown             map[Kind]bool // no-data or undecided
}

func facts(findings []Finding) placeFacts {
	f := placeFacts{unknown: map[Kind]bool{}}
	for _, finding := range findings {
		kind := finding.Kind
		switch {
		case finding.Status != Inside:
			// A kind in two scenarios is undecided only where the larger one is.
			if finding.Scenario != Plan && (finding.Status == NoData || finding.Status == Undecided) {
				f.unknown[kind] = true
			}
		case kind.Landslide():
			f.landslide = append(f.landslide, kind)
		case kind.Collapse():
			f.collapse = append(f.collapse, kind)
		case kind == FloodDuration:
			f.duration, f.inDuration = max(f.duration, finding.Rank), true
		case kind.Depth():
			f.water = true
			f.flood = f.flood || kind == FloodDepth
			f.otherWater = f.otherWater || kind != FloodDepth
			if finding.Rank > f.depth {
				f.depth, f.depthKind = finding.Rank, kind
			}
		}
	}
	// A place under water for hours is in a flood, whatever its depth layer says.
	if f.inDuration && !f.flood {
		f.water, f.flood = true, true
		f.depth, f.depthKind = RankUnknown, FloodDepth
	}
	return f
}

// decideInWater answers steps 3 to 5 for a place that water can reach.
func decideInWater(f placeFacts, home Home) Action {
	var leave, stay []Reason
	under := floodedFloors(f.depth)
	top := home.Floor
	switch {
	case f.depth == RankUnknown:
		leave = append(leave, Reason{Code: ReasonDepthUnknown, Kind: f.depthKind})
	case home.Floor < 0 || (home.Storeys > 0 && home.Storeys <= under):
		leave = append(leave, Reason{Code: ReasonFloor, Kind: f.depthKind, Floors: under})
	case top == 0 && under > 0:
		leave = append(leave, Reason{Code: ReasonFloorUnknown, Kind: f.depthKind, Floors: under})
	case top > 0 && top <= under:
		leave = append(leave, Reason{Code: ReasonFloor, Kind: f.depthKind, Floors: under})
	default:
		stay = append(stay, Reason{Code: ReasonUpstairs, Kind: f.depthKind, Floors: under})
	}
	if f.inDuration && f.duration >= durationToLeave && !home.Stocked {
		leave = append(leave, Reason{Code: ReasonDuration, Kind: FloodDuration})
	}
	if f.unknown[CollapseFlow] || f.unknown[CollapseErosion] {
		leave = append(leave, Reason{Code: ReasonCollapseUnknown})
	}
	if f.flood && !f.inDuration && f.unknown[FloodDuration] && !home.Stocked {
		leave = append(leave, Reason{Code: ReasonDurationUnknown, Kind: FloodDuration})
	}
	if landslideUnknown(f) {
		leave = append(leave, Reason{Code: ReasonLandslideUnknown})
	}
	if f.otherWater {
		note := Reason{Code: ReasonOtherWater, Kind: f.depthKind}
		leave, stay = withIfAny(leave, note), append(stay, note)
	}
	if len(leave) > 0 {
		return Action{Code: Leave, Reasons: leave}
	}
	return Action{Code: UpstairsPossible, Reasons: stay}
}

func withIfAny(reasons []Reason, r Reason) []Reason {
	if len(reasons) == 0 {
		return nil
	}
	return append(reasons, r)
}

func landslideUnknown(f placeFacts) bool {
	return f.unknown[LandslideSteep] || f.unknown[LandslideDebris] || f.unknown[LandslideSlide]
}

// decideInNone answers step 6: outside all zones, or not known to be.
func decideInNone(f placeFacts) Action {
	var missing []Reason
	if f.unknown[FloodDepth] {
		missing = append(missing, Reason{Code: ReasonFloodUnknown, Kind: FloodDepth})
	}
	if f.unknown[CollapseFlow] || f.unknown[CollapseErosion] {
		missing = append(missing, Reason{Code: ReasonCollapseUnknown})
	}
	if landslideUnknown(f) {
		missing = append(missing, Reason{Code: ReasonLandslideUnknown})
	}
	if len(missing) > 0 {
		return Action{Code: UnknownAction, Reasons: missing}
	}
	return Action{Code: Check, Reasons: []Reason{{Code: ReasonOutside}}}
}
