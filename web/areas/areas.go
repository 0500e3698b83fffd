// Package areas writes the answers about areas for programs and spreadsheets:
// as JSON, as CSV and as GeoJSON. The server and the command line call the same
// functions, so both give the same bytes.
package areas

import (
	"encoding/json"
	"math"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Report is an answer with what is needed to say it.
type Report struct {
	Answer  *area.Answer
	Far     *area.Far // as asked
	Dataset *view.Dataset
	Words   *i18n.Catalogue
}

// JSON returns the whole answer.
func (r *Report) JSON() ([]byte, error) {
	b, err := json.Marshal(r.document())
	return append(b, '\n'), err
}

type document struct {
	Areas     []areaJSON     `json:"areas"`
	Unplaced  []unplacedJSON `json:"people_not_counted"`
	Misplaced []shelterJSON  `json:"shelters_in_own_hazard"`
	Unsure    []shelterJSON  `json:"shelters_not_known"`
	Notes     []string       `json:"notes"`
	Dataset   datasetJSON    `json:"dataset"`
}

type datasetJSON struct {
	ID      string `json:"id"`
	Edition string `json:"edition"`
	Version string `json:"version"`
	Sample  bool   `json:"sample,omitempty"`
}

type areaJSON struct {
	ID           string        `json:"id,omitempty"`
	Level        string        `json:"level,omitempty"`
	Name         string        `json:"name,omitempty"`
	Kana         string        `json:"kana,omitempty"`
	Romaji       string        `json:"romaji,omitempty"`
	Approximate  bool          `json:"approximate,omitempty"`
	SquareMetres float64       `json:"square_metres"`
	Beyond       float64       `json:"share_outside_city,omitempty"`
	Addresses    *float64      `json:"addresses"` // null: not known
	People       *float64      `json:"people"`    // null: not given
	Hazards      []hazardJSON  `json:"hazards"`
	Shelters     []shelterJSON `json:"shelters"`
	Far          []farJSON     `json:"far,omitempty"`
}

type hazardJSON struct {
	Kind       string      `json:"kind"`
	Scenario   string      `json:"scenario,omitempty"`
	Min        uint8       `json:"min"`
	Max        uint8       `json:"max"`
	Headline   uint8       `json:"headline"`
	NoneInArea bool        `json:"none_in_area,omitempty"`
	LinesNear  bool        `json:"line_zones_near,omitempty"`
	Classes    []classJSON `json:"classes"`
}

// classJSON is one class, outside, no data or undecided. All classes of a kind
// are listed, so that rows and columns agree.
type classJSON struct {
	Status       hazard.Status `json:"status"`
	Rank         *uint8        `json:"rank"`
	Text         string        `json:"text"`
	SquareMetres float64       `json:"square_metres"`
	Share        float64       `json:"share"`
	Addresses    *float64      `json:"addresses"`
	People       *float64      `json:"people"`
}

type shelterJSON struct {
	ID          string          `json:"id,omitempty"`
	Name        string          `json:"name"`
	NameEnglish string          `json:"name_en,omitempty"`
	Address     string          `json:"address,omitempty"`
	Lat         float64         `json:"lat"`
	Lon         float64         `json:"lon"`
	Emergency   bool            `json:"emergency"`
	Evacuation  bool            `json:"evacuation"`
	Capacity    string          `json:"capacity,omitempty"`
	Suitable    map[string]bool `json:"suitable"`
	InZone      []zoneJSON      `json:"in_zone"`
	Misplaced   []string        `json:"in_own_hazard"`
	Unsure      []string        `json:"not_known"`
	Remarks     string          `json:"remarks,omitempty"`
}

type zoneJSON struct {
	Kind     string `json:"kind"`
	Scenario string `json:"scenario,omitempty"`
	Rank     *uint8 `json:"rank"` // null: the class could not be read
	Text     string `json:"text"`
}

type farJSON struct {
	Disaster  string    `json:"disaster"`
	Metres    float64   `json:"metres"`
	Cell      float64   `json:"cell_metres"`
	Cells     int       `json:"cells"`
	Any       reachJSON `json:"any_fit"`
	NotInZone reachJSON `json:"fit_and_not_in_zone"`
	Unsure    int       `json:"shelters_not_known"`
}

type reachJSON struct {
	Shelters int      `json:"shelters"`
	Beyond   int      `json:"cells_beyond"`
	Share    float64  `json:"share_beyond"`
	Farthest *float64 `json:"farthest_metres"` // null: there is no such shelter
}

type unplacedJSON struct {
	Line   int     `json:"line"`
	Text   string  `json:"text"`
	People float64 `json:"people"`
	Reason string  `json:"reason"`
	Words  string  `json:"reason_text"`
}

func (r *Report) document() document {
	d := document{Areas: []areaJSON{}, Unplaced: []unplacedJSON{}, Misplaced: r.shelters(r.Answer.Misplaced), Unsure: r.shelters(r.Answer.Unsure),
		Notes:   r.notes(),
		Dataset: datasetJSON{r.Dataset.ID, r.Dataset.Edition, r.Dataset.Version, r.Dataset.Area.Sample},
	}
	for i := range r.Answer.Areas {
		d.Areas = append(d.Areas, r.area(&r.Answer.Areas[i]))
	}
	for _, u := range r.Answer.Unplaced {
		d.Unplaced = append(d.Unplaced, unplacedJSON{u.Line, u.Text, u.Number, u.Why, r.Words.T("areas.why." + u.Why)})
	}
	return d
}

// notes says what a reader of the numbers must know.
func (r *Report) notes() []string {
	keys := []string{"areas.note.ground"}
	approximate, people, beyond := false, false, false
	for i := range r.Answer.Areas {
		approximate = approximate || r.Answer.Areas[i].Approximate
		people = people || r.Answer.Areas[i].People != nil
		beyond = beyond || r.Answer.Areas[i].Beyond > 0
	}
	if beyond {
		keys = append(keys, "areas.note.beyond")
	}
	if r.Dataset.Area.Sample {
		keys = append(keys, "limit.sample")
	}
	if approximate {
		keys = append(keys, "place.approximate")
	}
	if people {
		keys = append(keys, "areas.note.people")
	}
	if !r.Answer.AddressesKnown {
		keys = append(keys, "areas.note.no-addresses")
	}
	if r.Far != nil {
		keys = append(keys, "areas.note.far")
	}
	notes := make([]string, 0, len(keys))
	for _, key := range keys {
		notes = append(notes, r.Words.T(key, i18n.Str("city", r.Dataset.Area.Name)))
	}
	return notes
}

func (r *Report) area(a *area.Area) areaJSON {
	out := areaJSON{
		ID: a.ID, Level: a.Level, Name: a.Name, Kana: a.Kana, Romaji: a.Romaji, Approximate: a.Approximate,
		SquareMetres: rounded(a.SquareMetres, 1e3), Beyond: rounded(a.Beyond, 1e9), Addresses: total(a.Addresses), People: total(a.People), Shelters: r.shelters(a.Shelters),
	}
	for i, own := range a.Ranges {
		h := hazardJSON{
			Kind: own.Kind.String(), Scenario: own.Scenario.String(), Min: own.Min, Max: own.Max, Headline: own.Headline,
			NoneInArea: own.NoneInArea, LinesNear: a.LinesNear.Has(own.Kind),
		}
		for _, c := range classes(a, i) {
			h.Classes = append(h.Classes, classJSON{
				Status: c.status, Rank: c.rank(), Text: c.text(r.Words), SquareMetres: rounded(c.share*a.SquareMetres, 1e3), Share: rounded(c.share, 1e9),
				Addresses: c.addresses, People: c.people,
			})
		}
		out.Hazards = append(out.Hazards, h)
	}
	for _, f := range a.Far {
		out.Far = append(out.Far, farJSON{
			Disaster: f.Disaster.String(), Metres: float64(r.Far.Metres), Cell: float64(r.Answer.CellMetres), Cells: f.Cells,
			Any: reach(f.Any, f.Cells), NotInZone: reach(f.Dry, f.Cells), Unsure: f.Unsure,
		})
	}
	return out
}

// class is one class of one kind in an area.
type class struct {
	kind              hazard.Kind
	status            hazard.Status
	number            int // rank
	share             float64
	addresses, people *float64
}

func (c *class) rank() *uint8 {
	if c.status != hazard.Inside {
		return nil
	}
	rank := uint8(c.number)
	return &rank
}

func (c *class) text(words *i18n.Catalogue) string {
	if c.status == hazard.Inside {
		return words.T(view.ClassKey(c.kind, uint8(c.number)))
	}
	return words.T("status." + string(c.status))
}

// classes lists the worst class first, then outside, no data and undecided.
func classes(a *area.Area, i int) []class {
	r := a.Ranges[i]
	var list []class
	add := func(status hazard.Status, rank int, share float64, count func(hazard.Count) float64) {
		c := class{kind: r.Kind, status: status, number: rank, share: share}
		of := func(counts []hazard.Count) *float64 {
			if counts == nil {
				return nil
			}
			n := rounded(count(counts[i]), 1e3)
			return &n
		}
		c.addresses, c.people = of(a.Addresses), of(a.People)
		list = append(list, c)
	}
	for rank := len(r.Shares) - 1; rank >= 0; rank-- {
		status := hazard.Inside
		if rank == 0 {
			status = hazard.Outside
		}
		add(status, rank, r.Shares[rank], func(c hazard.Count) float64 { return c.Ranks[rank] })
	}
	add(hazard.NoData, 0, r.NoData, func(c hazard.Count) float64 { return c.NoData })
	add(hazard.Undecided, 0, r.Undecided, func(c hazard.Count) float64 { return c.Undecided })
	return list
}

// total is the same for every kind.
func total(counts []hazard.Count) *float64 {
	if len(counts) == 0 {
		return nil
	}
	n := rounded(counts[0].Total(), 1e3)
	return &n
}

func reach(r area.Reach, cells int) reachJSON {
	out := reachJSON{Shelters: r.Shelters, Beyond: r.Beyond}
	if cells > 0 {
		out.Share = rounded(float64(r.Beyond)/float64(cells), 1e6)
	}
	if far := float64(r.Farthest); r.Shelters > 0 {
		far = math.Round(far)
		out.Farthest = &far
	}
	return out
}

func (r *Report) shelters(list []area.Shelter) []shelterJSON {
	out := make([]shelterJSON, 0, len(list))
	for _, s := range list {
		own := shelterJSON{
			ID: s.ID, Name: s.Name, NameEnglish: s.NameEnglish, Address: s.Address, Lat: s.Lat, Lon: s.Lon, Emergency: s.Emergency, Evacuation: s.Evacuation,
			Capacity: s.Capacity, Suitable: map[string]bool{}, InZone: []zoneJSON{}, Misplaced: hazard.ShelterHazardNames(s.Misplaced), Unsure: hazard.ShelterHazardNames(s.Unsure), Remarks: s.Remarks,
		}
		for d := range hazard.ShelterHazards {
			own.Suitable[d.String()] = s.Fit(d)
		}
		for _, z := range s.InZone {
			zone := zoneJSON{Kind: z.Kind.String(), Scenario: z.Scenario.String(), Text: r.Words.T(view.ClassKey(z.Kind, z.Rank))}
			if z.Rank != hazard.RankUnknown {
				zone.Rank = &z.Rank
			}
			own.InZone = append(own.InZone, zone)
		}
		out = append(out, own)
	}
	return out
}

func rounded(v, unit float64) float64 { return math.Round(v*unit) / unit }
