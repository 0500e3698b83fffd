// Package hazard answers what may happen at a place: which floods and
// landslides the published maps expect there, how severe they are, and what
// the rules say to do.
//
// An [Index] is a read-only byte slice. The server maps it from disk and the
// browser loads the same file, so both give the same answer. A place is never
// blank: each hazard is inside, outside every published zone, no-data or
// undecided, because a blank reads as safe.
package hazard

import "fmt"

// Kind is one published phenomenon. Kinds are never mixed: depth is metres,
// duration is hours, house collapse is a class of zone.
type Kind uint8

// The kinds, in the order in which answers list them.
const (
	FloodDepth      Kind = iota + 1 // 浸水深
	FloodDuration                   // 浸水継続時間
	CollapseFlow                    // 家屋倒壊等氾濫想定区域（氾濫流）
	CollapseErosion                 // 家屋倒壊等氾濫想定区域（河岸侵食）
	LandslideSteep                  // 急傾斜地の崩壊
	LandslideDebris                 // 土石流
	LandslideSlide                  // 地すべり
	InlandDepth                     // 内水
	PondDepth                       // ため池
	SurgeDepth                      // 高潮
	TsunamiDepth                    // 津波
	kindEnd
)

var kindNames = [kindEnd]string{
	FloodDepth: "flood-depth", FloodDuration: "flood-duration",
	CollapseFlow: "house-collapse-flow", CollapseErosion: "house-collapse-erosion",
	LandslideSteep: "landslide-steep", LandslideDebris: "landslide-debris", LandslideSlide: "landslide-slide",
	InlandDepth: "inland-depth", PondDepth: "pond-depth", SurgeDepth: "surge-depth", TsunamiDepth: "tsunami-depth",
}

var kindThemes = [kindEnd]string{
	FloodDepth: "flood", FloodDuration: "flood", CollapseFlow: "flood", CollapseErosion: "flood",
	LandslideSteep: "landslide", LandslideDebris: "landslide", LandslideSlide: "landslide",
	InlandDepth: "inland", PondDepth: "pond", SurgeDepth: "surge", TsunamiDepth: "tsunami",
}

// Kinds returns every kind in the order of answers.
func Kinds() []Kind {
	kinds := make([]Kind, 0, kindEnd-1)
	for k := FloodDepth; k < kindEnd; k++ {
		kinds = append(kinds, k)
	}
	return kinds
}

// ParseKind reads a kind by the name that [Kind.String] writes.
func ParseKind(s string) (Kind, error) {
	for k := FloodDepth; k < kindEnd; k++ {
		if kindNames[k] == s {
			return k, nil
		}
	}
	return 0, fmt.Errorf("unknown hazard kind %q", s)
}

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return k >= FloodDepth && k < kindEnd }

// String returns the name of the kind in the API and in tiles, such as
// "flood-depth".
func (k Kind) String() string {
	if !k.Valid() {
		return fmt.Sprintf("kind-%d", uint8(k))
	}
	return kindNames[k]
}

// Theme returns the tileset that shows the kind, such as "flood".
func (k Kind) Theme() string {
	if !k.Valid() {
		return ""
	}
	return kindThemes[k]
}

// Themes returns the themes in a fixed order.
func Themes() []string { return []string{"flood", "landslide", "inland", "pond", "surge", "tsunami"} }

// Depth reports whether the ranks of k are the six depths of water.
func (k Kind) Depth() bool {
	switch k {
	case FloodDepth, InlandDepth, PondDepth, SurgeDepth, TsunamiDepth:
		return true
	}
	return false
}

// Landslide reports whether k is one of the three phenomena of 土砂災害.
func (k Kind) Landslide() bool { return k >= LandslideSteep && k <= LandslideSlide }

// Collapse reports whether k is one of the two 家屋倒壊等氾濫想定区域.
func (k Kind) Collapse() bool { return k == CollapseFlow || k == CollapseErosion }

// Disaster returns the disaster that k belongs to in the list for which
// shelters are designated.
func (k Kind) Disaster() ShelterHazard {
	switch k.Theme() {
	case "landslide":
		return ShelterLandslide
	case "surge":
		return ShelterSurge
	case "tsunami":
		return ShelterTsunami
	case "inland":
		return ShelterInland
	}
	return ShelterFlood
}

// Ranks returns the number of ranks of k: rank 1 is the mildest, rank Ranks()
// the worst.
func (k Kind) Ranks() uint8 {
	switch {
	case k.Depth():
		return 6
	case k == FloodDuration:
		return 7
	case k.Collapse():
		return 1
	case k.Landslide():
		return 2
	}
	return 0
}

// KindSet is a set of kinds.
type KindSet uint32

// With returns the set with k added.
func (s KindSet) With(k Kind) KindSet { return s | 1<<k }

// Has reports whether k is in the set.
func (s KindSet) Has(k Kind) bool { return s&(1<<k) != 0 }

// Scenario is the rain that a zone assumes.
type Scenario uint8

// The scenarios. Landslide zones have none.
const (
	NoScenario Scenario = iota
	Max                 // 想定最大規模 (L2)
	Plan                // 計画規模 (L1), lies inside Max
)

// String returns "max", "plan" or "".
func (s Scenario) String() string {
	switch s {
	case Max:
		return "max"
	case Plan:
		return "plan"
	}
	return ""
}

// RankUnknown marks a zone whose class could not be read. It counts as worse
// than any class and is never shown as a number.
const RankUnknown uint8 = 255

// Class is what a rank stands for. Ranks are ranges: a bound of 0 at Low means
// from nothing, Open means that no upper bound is published.
type Class struct {
	Low, High float64 // metres for depths, hours for durations; both 0 for zones without a measure
	Open      bool    // no upper bound
	Color     string  // official colour, "#RRGGBB"
}

// depthClasses: 水害ハザードマップ作成の手引き (令和8年5月), 図3-3. The upper bound
// belongs to the next class.
var depthClasses = [...]Class{
	{0, 0.5, false, "#F7F5A9"}, {0.5, 3, false, "#FFD8C0"}, {3, 5, false, "#FFB7B7"},
	{5, 10, false, "#FF9191"}, {10, 20, false, "#F285C9"}, {20, 0, true, "#DC7ADC"},
}

// durationClasses: 洪水浸水想定区域図作成マニュアル第4版, 表7-4. Time under 50 cm or
// more of water.
var durationClasses = [...]Class{
	{0, 12, false, "#A0D2FF"}, {12, 24, false, "#0041FF"}, {24, 72, false, "#FAF500"}, {72, 168, false, "#FF9900"},
	{168, 336, false, "#FF2800"}, {336, 672, false, "#B40068"}, {672, 0, true, "#600060"},
}

// landslideColors: yellow and red of each phenomenon as on 重ねるハザードマップ.
// The red of 地すべり is unconfirmed there.
var landslideColors = map[Kind][2]string{
	LandslideSteep: {"#FAE600", "#FA2800"}, LandslideDebris: {"#E6C832", "#A50021"}, LandslideSlide: {"#FF9900", "#B40028"},
}

// ClassOf returns the class of a rank, and false where the kind has no such
// rank ([RankUnknown] included).
func ClassOf(k Kind, rank uint8) (Class, bool) {
	if rank < 1 || rank > k.Ranks() {
		return Class{}, false
	}
	switch {
	case k.Depth():
		return depthClasses[rank-1], true
	case k == FloodDuration:
		return durationClasses[rank-1], true
	case k.Collapse():
		return Class{Color: "#FF0000"}, true
	}
	return Class{Color: landslideColors[k][rank-1]}, true
}

// DepthRank returns the rank of the class that holds a depth of so many metres.
func DepthRank(metres float64) uint8 {
	for i, c := range depthClasses {
		if c.Open || metres < c.High {
			return uint8(i + 1)
		}
	}
	return uint8(len(depthClasses))
}
