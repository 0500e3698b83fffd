package changes

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo/table"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/hazard/diff"
)

// Tables are the names of the tables that [Report.CSV] writes.
func Tables() []string { return []string{"shelters", "ground", "zones", "towns"} }

// CSV returns one table, in UTF-8 with a byte order mark, which Excel needs.
func (r *Report) CSV(name string) ([]byte, error) {
	rows, ok := map[string]func() [][]string{"shelters": r.shelterTable, "ground": r.groundTable, "zones": r.zoneTable, "towns": r.townTable}[name]
	if !ok {
		return nil, fmt.Errorf("table %q: want one of %s", name, strings.Join(Tables(), ", "))
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows() {
		for i := range row {
			row[i] = table.PlainCell(row[i])
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (r *Report) shelterTable() [][]string {
	rows := [][]string{{"what", "id", "name", "address", "lat", "lon", "moved_metres", "text"}}
	add := func(what string, s area.Shelter, moved, text string) {
		rows = append(rows, []string{what, s.ID, s.Name, s.Address, fixed(s.Lat, 7), fixed(s.Lon, 7), moved, text})
	}
	for _, s := range r.Shelters.Gone {
		add("gone", s, "", "")
	}
	for i := range r.Shelters.Changed {
		c := &r.Shelters.Changed[i]
		add("changed", c.After, fixed(float64(c.Moved), 0), strings.Join(r.ShelterWords(c), "; "))
	}
	for _, s := range r.Shelters.New {
		add("new", s, "", "")
	}
	return rows
}

// groundTable has a row for each class and one for each way of change.
func (r *Report) groundTable() [][]string {
	rows := [][]string{{"kind", "scenario", "hazard", "what", "rank", "text", "before_square_metres", "after_square_metres", "changed_square_metres"}}
	for i := range r.Hazards {
		h := &r.Hazards[i]
		own := []string{h.Kind.String(), h.Scenario.String(), r.Words.T("kind." + h.Kind.String())}
		add := func(cells ...string) { rows = append(rows, append(own[:3:3], cells...)) }
		for _, c := range r.Classes(h) {
			rank := ""
			if c.Status == hazard.Inside {
				rank = strconv.Itoa(c.Rank)
			}
			add(string(c.Status), rank, c.Text, fixed(c.Before, 3), fixed(c.After, 3), "")
		}
		for _, m := range Measures(&h.Changes) {
			add(m.Key, "", r.Words.T("changes."+m.Key), "", "", fixed(m.SquareMetres, 3))
		}
	}
	return rows
}

func (r *Report) zoneTable() [][]string {
	rows := [][]string{{"kind", "scenario", "what", "rank_before", "rank_after", "number", "name", "river", "place", "designated_before", "designated_after"}}
	for i := range r.Hazards {
		for _, c := range r.Hazards[i].Zones.Changes {
			z := zoneOf(c)
			row := []string{z.Kind.String(), z.Scenario.String(), string(c.What), "", "", z.Number, z.Name, z.River, z.Place, "", ""}
			if c.Before != nil {
				row[3], row[9] = rankCell(c.Before.Rank), c.Before.Designated
			}
			if c.After != nil {
				row[4], row[10] = rankCell(c.After.Rank), c.After.Designated
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// zoneOf is the zone as it is now, or as it was if it vanished.
func zoneOf(c diff.ZoneChange) *hazard.Zone {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

func rankCell(rank uint8) string {
	if rank == hazard.RankUnknown {
		return "unknown"
	}
	return strconv.Itoa(int(rank))
}

func (r *Report) townTable() [][]string {
	header := []string{"id", "town", "kind", "scenario", "before", "after", "changed_share"}
	for _, m := range Measures(new(hazard.Changes)) {
		header = append(header, strings.ReplaceAll(m.Key, "-", "_")+"_square_metres")
	}
	rows := [][]string{header}
	for _, t := range r.Towns {
		for i := range t.Changes {
			c := &t.Changes[i]
			before, after := r.FromTo(c)
			row := []string{t.ID, t.Name, c.Kind.String(), c.Scenario.String(), before, after, fixed(c.Changed()/c.SquareMetres, 9)}
			for _, m := range Measures(c) {
				row = append(row, fixed(m.SquareMetres, 3))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func fixed(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }

// The shapes of orb are written as coordinates as they are.
type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   geometry       `json:"geometry"`
}

type geometry struct {
	Type        string       `json:"type"`
	Coordinates orb.Geometry `json:"coordinates"`
}

func newFeature(shape orb.Geometry, properties map[string]any) feature {
	return feature{"Feature", properties, geometry{shape.GeoJSONType(), shape}}
}

// GeoJSON returns the zones and the shelters that changed, each marked by
// "what". A zone that was redrawn or changed its class stands there twice,
// before and after.
func (r *Report) GeoJSON() ([]byte, error) {
	features := []feature{}
	for _, s := range r.Shelters.Gone {
		features = append(features, shelterFeature("shelter-gone", s, nil))
	}
	for _, s := range r.Shelters.New {
		features = append(features, shelterFeature("shelter-new", s, nil))
	}
	for i := range r.Shelters.Changed {
		c := &r.Shelters.Changed[i]
		features = append(features, shelterFeature("shelter-changed", c.After, map[string]any{"moved_metres": math.Round(float64(c.Moved)), "text": strings.Join(r.ShelterWords(c), "; ")}))
	}
	for i := range r.Hazards {
		for _, c := range r.Hazards[i].Zones.Changes {
			if c.Before != nil {
				features = append(features, zoneFeature(c.What, "before", c.Before))
			}
			if c.After != nil {
				features = append(features, zoneFeature(c.What, "after", c.After))
			}
		}
	}
	b, err := json.Marshal(struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}{"FeatureCollection", features})
	return append(b, '\n'), err
}

func zoneFeature(what diff.What, when string, z *hazard.Zone) feature {
	properties := map[string]any{"what": "zone-" + string(what), "edition": when, "kind": z.Kind.String(), "rank": nil,
		"number": z.Number, "name": z.Name, "river": z.River, "designated_on": z.Designated}
	if z.Scenario != hazard.NoScenario {
		properties["scenario"] = z.Scenario.String()
	}
	if z.Rank != hazard.RankUnknown {
		properties["rank"] = z.Rank
	}
	return newFeature(z.Shape, properties)
}

func shelterFeature(what string, s area.Shelter, more map[string]any) feature {
	properties := map[string]any{"what": what, "id": s.ID, "name": s.Name, "address": s.Address}
	for name, v := range more {
		properties[name] = v
	}
	return newFeature(orb.Point{s.Lon, s.Lat}, properties)
}
