// Package changes writes what changed between two editions, as text, JSON, CSV
// and GeoJSON. What became of the shelters stands first everywhere.
package changes

import (
	"encoding/json"
	"math"
	"strings"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Report is a comparison with what is needed to say it.
type Report struct {
	*diff.Report
	Dataset *view.Dataset // the later edition
	Words   *i18n.Catalogue
}

// Measure is one way in which ground changed.
type Measure struct {
	Key          string // of the text: "changes." and this
	SquareMetres float64
}

// Measures lists how much ground changed in which way, those that did not
// happen too. The part of the newly surveyed that lies inside a zone is listed
// again by itself.
func Measures(c *hazard.Changes) []Measure {
	return []Measure{
		{"newly-inside", c.NewlyInside}, {"worse", c.Worse}, {"milder", c.Milder}, {"no-longer-inside", c.NoLongerInside},
		{"lost-coverage", c.LostCoverage}, {"newly-surveyed", c.NewlySurveyed}, {"surveyed-inside", c.SurveyedInside},
		{"now-undecided", c.NowUndecided}, {"now-decided", c.NowDecided},
	}
}

// Fates lists what may become of a zone, in the order in which it is told.
func Fates() []diff.What {
	return []diff.What{diff.Appeared, diff.Vanished, diff.Worse, diff.Milder, diff.Redrawn, diff.Redescribed}
}

// ShelterWords says in phrases what became of a shelter of both editions, the
// dangers first.
func (r *Report) ShelterWords(c *diff.ShelterChange) []string {
	var words []string
	say := func(is bool, key string, args ...i18n.Arg) {
		if is {
			words = append(words, r.Words.T("changes."+key, args...))
		}
	}
	say(len(c.NowMisplaced) > 0, "misplaced", i18n.Str("list", r.disasters(c.NowMisplaced)))
	say(len(c.NowUnsure) > 0, "unsure", i18n.Str("list", r.disasters(c.NowUnsure)))
	say(len(c.IntoZone) > 0, "into-zone", i18n.Str("list", r.zones(c.IntoZone)))
	say(len(c.Lost) > 0, "lost", i18n.Str("list", r.disasters(c.Lost)))
	say(c.Moved > 0, "moved", i18n.Int("n", int(math.Round(float64(c.Moved)))))
	say(c.Role, "role")
	say(c.Renamed, "renamed", i18n.Str("name", c.Before.Name))
	say(len(c.Gained) > 0, "gained", i18n.Str("list", r.disasters(c.Gained)))
	say(len(c.OutOfZone) > 0, "out-of-zone", i18n.Str("list", r.zones(c.OutOfZone)))
	say(c.Facts, "facts")
	return words
}

// separator stands between the members of a list.
func (r *Report) separator() string {
	if r.Words.Lang().Japanese() {
		return "、"
	}
	return ", "
}

func (r *Report) disasters(list []hazard.ShelterHazard) string {
	var words []string
	for _, d := range list {
		words = append(words, r.Words.T("shelter.for."+d.String()))
	}
	return strings.Join(words, r.separator())
}

func (r *Report) zones(list []hazard.ZoneRank) string {
	var words []string
	for _, z := range list {
		words = append(words, r.Words.T("kind."+z.Kind.String())+" "+r.Words.T(view.ClassKey(z.Kind, z.Rank)))
	}
	return strings.Join(words, r.separator())
}

// Places joins the names of towns.
func (r *Report) Places(list []hazard.Place) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name)
	}
	return strings.Join(names, r.separator())
}

// FromTo says the range of classes in a town before and now.
func (r *Report) FromTo(c *hazard.Changes) (before, after string) {
	words := func(own hazard.Range) string {
		if own.NoData < sliver {
			own.NoData = 0
		}
		return view.RangeText(r.Dataset, r.Words, own)
	}
	return words(c.Before), words(c.After)
}

// sliver is the part of a town that may lie beyond the border of the city only
// because the two were drawn by different hands.
const sliver = 1e-6

// Gone is the sentence about shelters that are gone, "" where none is.
func (r *Report) Gone() string {
	if len(r.Shelters.Gone) == 0 {
		return ""
	}
	return r.Words.T("changes.gone", i18n.Int("n", len(r.Shelters.Gone)))
}

type document struct {
	SheltersGone []shelterJSON `json:"shelters_gone"`
	SheltersNew  []shelterJSON `json:"shelters_new"`
	Shelters     []changeJSON  `json:"shelters_changed"`
	Same         bool          `json:"same"`
	Before       editionJSON   `json:"before"`
	After        editionJSON   `json:"after"`
	Boundary     bool          `json:"boundary_changed"`
	Hazards      []hazardJSON  `json:"hazards"`
	Towns        []townJSON    `json:"towns"`
	TownsGone    []placeJSON   `json:"towns_gone"`
	TownsNew     []placeJSON   `json:"towns_new"`
	Note         string        `json:"note"`
}

type editionJSON struct {
	Edition  string `json:"edition"`
	Version  string `json:"version"`
	Zones    int    `json:"zones"`
	Shelters int    `json:"shelters"`
}

type shelterJSON struct {
	ID      string  `json:"id,omitempty"`
	Name    string  `json:"name"`
	Address string  `json:"address,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
}

type changeJSON struct {
	shelterJSON
	MovedMetres float64  `json:"moved_metres"`
	Lost        []string `json:"no_longer_fit_for"`
	Gained      []string `json:"now_fit_for"`
	Misplaced   []string `json:"now_in_own_hazard"`
	Unsure      []string `json:"now_not_known"`
	Texts       []string `json:"texts"`
}

type hazardJSON struct {
	Kind         string             `json:"kind"`
	Scenario     string             `json:"scenario,omitempty"`
	SquareMetres float64            `json:"square_metres"`
	Changed      map[string]float64 `json:"changed_square_metres"`
	Zones        map[string]int     `json:"zones"`
	Classes      []classJSON        `json:"classes"`
}

type classJSON struct {
	Status hazard.Status `json:"status"`
	Rank   *int          `json:"rank"`
	Text   string        `json:"text"`
	Before float64       `json:"before_square_metres"`
	After  float64       `json:"after_square_metres"`
}

type placeJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type townJSON struct {
	placeJSON
	Hazards []townHazardJSON `json:"hazards"`
}

type townHazardJSON struct {
	Kind     string             `json:"kind"`
	Scenario string             `json:"scenario,omitempty"`
	Before   string             `json:"before"`
	After    string             `json:"after"`
	Share    float64            `json:"changed_share"`
	Changed  map[string]float64 `json:"changed_square_metres"`
}

// JSON returns the whole report.
func (r *Report) JSON() ([]byte, error) {
	d := document{
		SheltersGone: shelters(r.Shelters.Gone), SheltersNew: shelters(r.Shelters.New), Shelters: []changeJSON{}, Same: r.Same(),
		Before: editionOf(r.Before), After: editionOf(r.After), Boundary: r.Boundary, Hazards: []hazardJSON{}, Towns: []townJSON{},
		TownsGone: places(r.TownsGone), TownsNew: places(r.TownsNew), Note: r.Words.T("changes.exact"),
	}
	for i := range r.Shelters.Changed {
		c := &r.Shelters.Changed[i]
		d.Shelters = append(d.Shelters, changeJSON{shelter(c.After), math.Round(float64(c.Moved)), hazard.ShelterHazardNames(c.Lost), hazard.ShelterHazardNames(c.Gained), hazard.ShelterHazardNames(c.NowMisplaced), hazard.ShelterHazardNames(c.NowUnsure), r.ShelterWords(c)})
	}
	for i := range r.Hazards {
		d.Hazards = append(d.Hazards, r.hazardJSON(&r.Hazards[i]))
	}
	for _, t := range r.Towns {
		own := townJSON{placeJSON: placeJSON{t.ID, t.Name}}
		for i := range t.Changes {
			c := &t.Changes[i]
			before, after := r.FromTo(c)
			own.Hazards = append(own.Hazards, townHazardJSON{c.Kind.String(), c.Scenario.String(), before, after, rounded(c.Changed()/c.SquareMetres, 1e9), changed(c)})
		}
		d.Towns = append(d.Towns, own)
	}
	b, err := json.Marshal(d)
	return append(b, '\n'), err
}

func (r *Report) hazardJSON(h *diff.Hazard) hazardJSON {
	out := hazardJSON{Kind: h.Kind.String(), Scenario: h.Scenario.String(), SquareMetres: rounded(h.SquareMetres, 1e3), Changed: changed(&h.Changes),
		Zones: map[string]int{"before": h.Zones.Before, "after": h.Zones.After, "same": h.Zones.Same}}
	for _, what := range Fates() {
		out.Zones[string(what)] = h.Zones.Count(what)
	}
	for _, c := range r.Classes(h) {
		own := classJSON{Status: c.Status, Text: c.Text, Before: rounded(c.Before, 1e3), After: rounded(c.After, 1e3)}
		if c.Status == hazard.Inside {
			own.Rank = &c.Rank
		}
		out.Classes = append(out.Classes, own)
	}
	return out
}

// Class is the ground of one class before and now, in square metres.
type Class struct {
	Status        hazard.Status
	Rank          int
	Text          string
	Before, After float64
}

// Classes lists the worst class first, then outside, no data and undecided.
func (r *Report) Classes(h *diff.Hazard) []Class {
	var list []Class
	add := func(status hazard.Status, rank int, before, after float64) {
		text := r.Words.T("status." + string(status))
		if status == hazard.Inside {
			text = r.Words.T(view.ClassKey(h.Kind, uint8(rank)))
		}
		list = append(list, Class{status, rank, text, before * h.SquareMetres, after * h.SquareMetres})
	}
	for rank := len(h.Before.Shares) - 1; rank >= 0; rank-- {
		status := hazard.Inside
		if rank == 0 {
			status = hazard.Outside
		}
		add(status, rank, h.Before.Shares[rank], h.After.Shares[rank])
	}
	add(hazard.NoData, 0, h.Before.NoData, h.After.NoData)
	add(hazard.Undecided, 0, h.Before.Undecided, h.After.Undecided)
	return list
}

func changed(c *hazard.Changes) map[string]float64 {
	out := map[string]float64{}
	for _, m := range Measures(c) {
		out[strings.ReplaceAll(m.Key, "-", "_")] = rounded(m.SquareMetres, 1e3)
	}
	return out
}

func editionOf(s diff.Summary) editionJSON {
	return editionJSON{s.Name, s.Version, s.Zones, s.Shelters}
}

func shelter(s area.Shelter) shelterJSON {
	return shelterJSON{s.ID, s.Name, s.Address, s.Lat, s.Lon}
}

func shelters(list []area.Shelter) []shelterJSON {
	out := make([]shelterJSON, 0, len(list))
	for _, s := range list {
		out = append(out, shelter(s))
	}
	return out
}

func places(list []hazard.Place) []placeJSON {
	out := make([]placeJSON, 0, len(list))
	for _, p := range list {
		out = append(out, placeJSON{p.ID, p.Name})
	}
	return out
}

func rounded(v, unit float64) float64 { return math.Round(v*unit) / unit }
