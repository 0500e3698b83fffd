// Package gazetteer finds places by what people type: an address in kanji,
// kana or romaji, in any usual order, a postal code, the name of a facility.
//
// It never turns the wrong place into a sure one. Every [Candidate] says two
// separate things: its [Match], how sure the text is, and its [Precision], how
// far the coordinate goes. Only [Verified] may go on without a question, and
// below [PrecisionBlock] a place is an area, never a point.
//
// An [Index] is a read-only byte slice, places.idx: mapped on the server and
// handed over as bytes in the browser. What looks up (Open, Search, Suggest)
// compiles to WebAssembly; what builds the index ([Builder]) does not.
package gazetteer

import "hazardmap/geo"

// Match says how sure it is that a candidate is the place meant by the text.
type Match uint8

// The four matches, best first.
const (
	// Verified: every part of the text is explained, and the register's name
	// was reached by folds that are unambiguous in its municipality.
	Verified Match = iota + 1
	// Assumed: something was completed; Candidate.Completed lists it.
	Assumed
	// Similar: reached by an edit distance or by ignoring voicing. A question.
	Similar
	// Partial: a known area followed or preceded by text that stayed unread. A
	// question.
	Partial
)

// String returns the name in the API: "verified", "assumed", "similar",
// "partial".
func (m Match) String() string {
	return [...]string{"", "verified", "assumed", "similar", "partial"}[min(m, Partial)]
}

// Precision says how far the coordinate of a candidate goes.
type Precision uint8

// The precisions, finest first.
const (
	PrecisionHouse Precision = iota + 1
	PrecisionParcel
	PrecisionBlock
	PrecisionParentLot
	PrecisionChome
	PrecisionTown
	PrecisionPostalArea
	PrecisionCity
)

// String returns the name in the API, such as "parent-lot".
func (p Precision) String() string {
	return [...]string{"", "house", "parcel", "block", "parent-lot", "chome", "town", "postal-area", "city"}[min(p, PrecisionCity)]
}

// HasPoint reports whether a candidate of this precision may be asked about as
// a place (house, parcel, block, and the range around a parent lot). Coarser
// ones are areas: their hazards are a range over the area.
func (p Precision) HasPoint() bool { return p >= PrecisionHouse && p <= PrecisionParentLot }

// Part names a part of an address.
type Part uint8

// The parts of an address, in Japanese order.
const (
	PartCountry Part = iota + 1
	PartPostalCode
	PartPrefecture
	PartMunicipality
	PartTown
	PartTownSuffix // 町, left out or added
	PartChome
	PartNumber
	PartBuilding
	PartFacility
)

// String returns the name in the API, such as "municipality".
func (p Part) String() string {
	return [...]string{"", "country", "postal-code", "prefecture", "municipality", "town", "town-suffix",
		"chome", "number", "building", "facility"}[min(p, PartFacility)]
}

// Query is what a visitor typed.
type Query struct {
	Text  string
	Limit int        // most candidates to return; 0 means 8
	Near  *geo.Point // the device, if the visitor gave its position; only sorts
}

// Result is what the text was read as. It is kept nowhere.
type Result struct {
	Query      string
	Read       []Span // what was understood, in the order of the text
	Unread     string // what stayed unexplained, in the visitor's own characters
	Hint       Hint
	Candidates []Candidate // best first
	More       int         // how many further candidates the limit left out
}

// Span is a part of the text that was understood. From and To count Unicode
// code points of the query.
type Span struct {
	From, To int
	As       Part
	Text     string
}

// Hint names what may help a visitor whose text did not lead to one sure place.
type Hint string

// The hints. The words are in i18n.
const (
	NoHint             Hint = ""
	HintEmpty          Hint = "empty"            // nothing but blanks and generic words
	HintNothingFound   Hint = "nothing-found"    // no part of the text is known
	HintOutsideArea    Hint = "outside-area"     // another prefecture or municipality than those in the data
	HintTownUnknown    Hint = "town-unknown"     // the municipality is known, the rest is not
	HintChooseTown     Hint = "choose-town"      // several towns are meant
	HintChooseChome    Hint = "choose-chome"     // the 丁目 is missing
	HintNoSuchChome    Hint = "no-such-chome"    // the town has no such 丁目
	HintNumberNotFound Hint = "number-not-found" // the town has numbers in the data, not this one
	HintNumberNoPoint  Hint = "number-no-point"  // the lot is known but has no position in the data
	HintPostalDiffers  Hint = "postal-differs"   // the postal code belongs to another town
	HintPostalUnknown  Hint = "postal-unknown"   // no such postal code in the data
	HintDidYouMean     Hint = "did-you-mean"     // only similar names were found
	HintPartlyUnread   Hint = "partly-unread"    // part of the text stayed unread
	HintContinueTyping Hint = "continue-typing"  // suggestions only
)

// Label is a place's name as its register spells it, in three scripts. Kana
// and Romaji are "" where no source gives a reading.
type Label struct{ Ja, Kana, Romaji string }

// Candidate is one place that the text may mean.
type Candidate struct {
	ID        string // of the place; see [Index.Place]
	AreaID    string // of the place whose area answers for it: ID, or the town of an office without a position
	Label     Label
	Number    string // 番地 as read, in digits and hyphens; "" if none
	Match     Match
	Completed []Part // what [Assumed] rests on
	Precision Precision
	Radius    geo.Metres // 95 % of what this precision can mean lie within
	Point     *geo.Point // set from [PrecisionParentLot] on; the middle of an area is not a place
	Bounds    Bounds     // of the area or of the circle around the point
	Sources   []Source
}

// RiskScope returns "place" where a class can be given at the point, else
// "range".
func (c *Candidate) RiskScope() string {
	if c.Precision <= PrecisionBlock {
		return "place"
	}
	return "range"
}

// Bounds is a box in degrees. The zero value is no box.
type Bounds struct{ West, South, East, North float64 }

// IsZero reports whether b is no box.
func (b Bounds) IsZero() bool { return b == Bounds{} }

// Source is where a place is known from.
type Source struct{ Name, Date string }

// Level says what a place is.
type Level uint8

// The levels.
const (
	LevelCity     Level = iota + 1
	LevelTown           // 大字・町
	LevelChome          // 丁目
	LevelKoaza          // 小字
	LevelPostal         // the area of a postal code that holds several towns
	LevelOffice         // 大口事業所: has a postal code of its own
	LevelFacility       // a shelter or public facility
)

// String returns the name in hazards.gpkg: "city", "town", "chome", "koaza",
// "postal", "office", "facility".
func (l Level) String() string {
	return [...]string{"", "city", "town", "chome", "koaza", "postal", "office", "facility"}[min(l, LevelFacility)]
}

// Place is one place of the register.
type Place struct {
	ID          string
	Level       Level
	Label       Label
	Parent      string // id of the town of a 丁目, of the municipality of a town; "" for a municipality
	Precision   Precision
	Point       *geo.Point // of the register; the middle of an area is not a place
	Bounds      Bounds
	Area        float64 // square metres; 0 where the area is unknown
	Radius      geo.Metres
	Approximate bool     // the border of the area is derived, not published
	Generated   bool     // the id is not the register's own
	Postal      []string // postal codes, 7 digits
	Sources     []Source
}
