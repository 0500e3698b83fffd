package hazard

import "hazardmap/geo"

// Status says what the published maps say about one hazard at one place.
type Status string

// The four statuses. There is no fifth: a place is never blank.
const (
	Inside    Status = "inside"    // in a zone; its edge belongs to it
	Outside   Status = "outside"   // surveyed, in no published zone; not "safe"
	NoData    Status = "no-data"   // not surveyed here, or not in this dataset
	Undecided Status = "undecided" // data that would decide were refused or have no readable class
)

// Home is what a visitor may tell about where they live. The zero value tells
// nothing.
type Home struct {
	Floor   int  // floor lived on: 1 is the ground floor, -1 a basement, 0 not told
	Storeys int  // storeys of the building one can climb to, 0 not told
	Stocked bool // water, food, medicine, toilet and power until the water recedes
}

// Answer is what may happen at one position and what the rules say to do. It
// holds codes and numbers; the words come from i18n.
type Answer struct {
	At       geo.Point
	InArea   bool // inside the municipality of the dataset
	Action   Action
	Findings []Finding // in the order of [Kinds]; every kind that a reader must know about, also those without data
	Shelters []NearShelter
}

// ActionCode is the one line of an answer.
type ActionCode string

// The actions, by the decision order of CONVENTIONS section 6.
const (
	Leave            ActionCode = "leave"             // 立退き避難
	UpstairsPossible ActionCode = "upstairs-possible" // 屋内安全確保 if stocked
	Check            ActionCode = "check"             // no order from the zones: watch live information
	UnknownAction    ActionCode = "unknown"           // too little data to say
)

// ReasonCode says why an action was chosen, and what it depends on.
type ReasonCode string

// The reasons. Those that end in "-unknown" name a step that could not be
// decided and was answered the safer way.
const (
	ReasonLandslide        ReasonCode = "landslide"
	ReasonCollapse         ReasonCode = "collapse"
	ReasonFloor            ReasonCode = "floor"         // the floor lived on is under water
	ReasonDuration         ReasonCode = "duration"      // 3 days or more
	ReasonUpstairs         ReasonCode = "upstairs"      // the floor lived on stays above the water
	ReasonOutside          ReasonCode = "outside"       // outside every published zone
	ReasonFloorUnknown     ReasonCode = "floor-unknown" // depends on the floor: Reason.Floors are under water
	ReasonCollapseUnknown  ReasonCode = "collapse-unknown"
	ReasonDurationUnknown  ReasonCode = "duration-unknown"
	ReasonLandslideUnknown ReasonCode = "landslide-unknown"
	ReasonFloodUnknown     ReasonCode = "flood-unknown"
	ReasonDepthUnknown     ReasonCode = "depth-unknown" // in a zone whose class could not be read
	ReasonOtherWater       ReasonCode = "other-water"   // inside a zone of 内水, ため池, 高潮 or 津波
)

// Reason is one reason with the number it speaks of.
type Reason struct {
	Code   ReasonCode
	Kind   Kind // the hazard concerned, 0 if none
	Floors int  // storeys under water, for the floor reasons; AllFloors if no floor is surely above
}

// AllFloors stands for "no floor of a usual house is surely above the water".
const AllFloors = 99

// Action is the one-line advice and why.
type Action struct {
	Code    ActionCode
	Reasons []Reason
}

// Finding is the answer for one kind and scenario.
type Finding struct {
	Kind     Kind
	Scenario Scenario
	Status   Status
	Rank     uint8 // worst rank at the place; 0 unless Inside; may be RankUnknown
	// Designated is false where the worst zone is published before its designation.
	Designated bool
	// RedNotSurveyed: a yellow landslide zone whose red part is not surveyed yet.
	RedNotSurveyed bool
	// NoneInArea: the source was read and holds no zone in the whole municipality.
	NoneInArea bool
	// Worst rank within 100 m and 200 m of the place, 0 if none.
	Within100, Within200 uint8
	// LineWithin is the distance to a zone that is drawn only as a line, if one
	// is within 200 m; negative otherwise.
	LineWithin geo.Metres
	Zones      []ZoneRef // every zone that holds the place, worst first
}

// ZoneRef is one zone as an answer cites it.
type ZoneRef struct {
	Number     uint32 // in the dataset; row in hazards.gpkg minus one
	Rank       uint8
	OnEdge     bool // the place lies on its edge to 1e-7 degree
	River      string
	Name       string
	Designated string
	ClassText  string
	Source     Source
}

// NearShelter is a shelter as seen from a place.
type NearShelter struct {
	Shelter
	Distance geo.Metres
	Bearing  float64
	InZone   []ZoneRank // the zones the shelter itself stands in, worst of each kind
}

// ZoneRank is the worst rank of one kind at a place.
type ZoneRank struct {
	Kind     Kind
	Scenario Scenario
	Rank     uint8
}

// Range is the answer for one kind and scenario over a whole place: never one
// point. The shares are parts of the place's area and add up to 1.
type Range struct {
	Kind     Kind
	Scenario Scenario
	// Shares[r] is the share of the area whose worst rank is r; Shares[0] is
	// outside every zone and surveyed. len is Kind.Ranks()+1.
	Shares    []float64
	NoData    float64 // share that was not surveyed
	Undecided float64 // share in zones without a readable class, or outside with an incomplete source
	// Min and Max are the lowest and highest rank that occur at all.
	Min, Max uint8
	// Headline is the highest rank that covers at least 2 % of the area.
	Headline    uint8
	Approximate bool // the place's border is derived, not published
	NoneInArea  bool
}
