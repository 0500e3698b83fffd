package hazard

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Zone is one published zone with everything an answer says about it. Its
// number in the dataset is its position in the sorted list of zones, and its
// row in hazards.gpkg is that number plus one.
type Zone struct {
	Kind     Kind
	Scenario Scenario
	Rank     uint8 // 1..Kind.Ranks(), or RankUnknown
	Flags    ZoneFlags
	Source   int // position in Input.Sources

	River      string // 河川名, "" where the file has none
	RiverCode  string // 河川番号, 10 characters
	Name       string // 区域名
	Number     string // 区域番号: not unique
	Place      string // 所在地
	Designated string // date of designation as published, ISO 8601 where it could be read
	ClassText  string // the class in the words of the file, where it is free text

	// Shape is what the file drew, in degrees, kept as it was: an
	// orb.MultiPolygon, or an orb.MultiLineString with flag LineOnly.
	// Rings may touch themselves; even-odd holds within one polygon, and the
	// parts of a multipolygon stand apart.
	Shape orb.Geometry
}

// ZoneFlags are facts about a zone that change what an answer says.
type ZoneFlags uint8

const (
	// NotDesignated: the survey is published, the designation (指定) is not yet.
	NotDesignated ZoneFlags = 1 << iota
	// RedNotSurveyed: 特別警戒未指定フラグ; no red zone here does not mean none is coming.
	RedNotSurveyed
	// LineOnly: the file draws a line, so "inside" cannot be answered, only how far it is.
	LineOnly
	// Clipped: the shape was cut at the border of the imported area.
	Clipped
)

// Coverage says where some kinds were surveyed: what lies inside and in no
// zone is outside every published zone; what lies beyond is no-data.
type Coverage struct {
	Kinds KindSet
	Area  orb.MultiPolygon
	// Incomplete: part of the source was refused, so that a place in no zone
	// is undecided rather than outside.
	Incomplete bool
}

// Source is one published file or collection as the answers cite it.
type Source struct {
	Title       string
	Attribution string
	Licence     string
	Edition     string // date or fiscal year of the data
}

// ShelterHazard is one of the eight kinds of disaster for which 災害対策基本法
// 第49条の4 designates 指定緊急避難場所.
type ShelterHazard uint8

// The eight kinds, in the order of the published tables.
const (
	ShelterFlood ShelterHazard = iota
	ShelterLandslide
	ShelterSurge
	ShelterEarthquake
	ShelterTsunami
	ShelterFire
	ShelterInland
	ShelterVolcano
	ShelterHazards // how many there are
)

// String returns the name in the API: "flood", "landslide", "surge",
// "earthquake", "tsunami", "fire", "inland", "volcano".
func (h ShelterHazard) String() string {
	return [...]string{"flood", "landslide", "surge", "earthquake", "tsunami", "fire", "inland", "volcano", ""}[min(h, ShelterHazards)]
}

// ShelterHazardNames returns the names in the API, none as an empty list.
func ShelterHazardNames(list []ShelterHazard) []string {
	names := make([]string, 0, len(list))
	for _, h := range list {
		names = append(names, h.String())
	}
	return names
}

// Shelter is one building or ground where people go. It may be designated as
// 指定緊急避難場所 (run there), as 指定避難所 (live there), or as both: both facts are
// kept apart.
type Shelter struct {
	ID          string // 共通ID without its last three digits, or the city's own
	Name        string
	Kana        string
	NameEnglish string
	Address     string
	Lon, Lat    float64
	Emergency   bool   // 指定緊急避難場所
	Evacuation  bool   // 指定避難所
	Suitable    uint8  // bit per ShelterHazard; meaningful where Emergency
	Capacity    string // as published: "50,700", 「屋内191人／屋外0人」
	Phone       string
	Accepts     string // 受入対象者
	Remarks     string // 備考, such as 「洪水では２階に避難」: must be shown
	Source      int    // position in Input.Sources
}

// ParseShelterHazard reads a disaster by the name that [ShelterHazard.String]
// writes.
func ParseShelterHazard(s string) (ShelterHazard, error) {
	for h := range ShelterHazards {
		if h.String() == s {
			return h, nil
		}
	}
	return 0, fmt.Errorf("unknown disaster %q", s)
}

// Fit reports whether the shelter is designated for the kind of disaster.
func (s Shelter) Fit(h ShelterHazard) bool { return s.Emergency && s.Suitable&(1<<h) != 0 }

// Area is the municipality or prefecture that a dataset is about.
type Area struct {
	Code     string // 5 digits (JIS X 0402), or 2 for a prefecture
	Name     string // 伊勢崎市
	Kana     string
	Romaji   string
	Boundary orb.MultiPolygon
	Sample   bool // an invented place; every answer says so
}

// Place is an area that is asked about as a whole: a town, a 丁目, a postal
// area, the city.
type Place struct {
	ID          string
	Area        orb.MultiPolygon
	Approximate bool // the border is not published but derived

	// How the layer of towns in hazards.gpkg names it.
	Level              string // "city", "town", "chome", "koaza", "postal"
	Name, Kana, Romaji string
}

// Input is everything a dataset says: what [WriteIndex] makes risks.idx of.
type Input struct {
	DatasetID string
	Area      Area
	Sources   []Source
	Zones     []Zone // sorted by SortZones
	Coverage  []Coverage
	Shelters  []Shelter
	Places    []Place // whose ranges are computed once, here
}
