package areas

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"hazardmap/geo/table"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/web/view"
)

// Tables are the names of the tables that [Report.CSV] writes.
func Tables() []string { return []string{"classes", "shelters", "far", "not-counted"} }

// CSV returns one table of the answer, in UTF-8 with a byte order mark, which
// Excel needs.
func (r *Report) CSV(name string) ([]byte, error) {
	rows, err := r.table(name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, row := range rows {
		for i := range row {
			row[i] = table.PlainCell(row[i])
		}
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (r *Report) table(name string) ([][]string, error) {
	switch name {
	case "", "classes":
		return r.classTable(), nil
	case "shelters":
		return r.shelterTable(), nil
	case "far":
		return r.farTable(), nil
	case "not-counted":
		return r.unplacedTable(), nil
	}
	return nil, fmt.Errorf("table %q: want one of %s", name, strings.Join(Tables(), ", "))
}

// classTable has one row for each area, kind, scenario and class.
func (r *Report) classTable() [][]string {
	rows := [][]string{{"area_id", "area", "romaji", "kind", "scenario", "hazard", "status", "rank", "class", "square_metres", "share", "addresses", "people"}}
	for i := range r.Answer.Areas {
		a := &r.Answer.Areas[i]
		for j, own := range a.Ranges {
			for _, c := range classes(a, j) {
				rank := ""
				if c.status == hazard.Inside {
					rank = strconv.Itoa(c.number)
				}
				rows = append(rows, []string{
					a.ID, a.Name, a.Romaji, own.Kind.String(), own.Scenario.String(), r.Words.T("kind." + own.Kind.String()), string(c.status), rank, c.text(r.Words),
					fixed(c.share*a.SquareMetres, 3), fixed(c.share, 9), optional(c.addresses), optional(c.people),
				})
			}
		}
	}
	return rows
}

// shelterTable has the shelters of every area.
func (r *Report) shelterTable() [][]string {
	header := []string{"area_id", "area", "id", "name", "address", "lat", "lon", "emergency", "evacuation", "capacity"}
	for d := range hazard.ShelterHazards {
		header = append(header, "fit_"+d.String())
	}
	rows := [][]string{append(header, "in_zone", "in_own_hazard", "not_known", "remarks")}
	for i := range r.Answer.Areas {
		a := &r.Answer.Areas[i]
		for _, s := range a.Shelters {
			row := []string{a.ID, a.Name, s.ID, s.Name, s.Address, fixed(s.Lat, 7), fixed(s.Lon, 7), strconv.FormatBool(s.Emergency), strconv.FormatBool(s.Evacuation), s.Capacity}
			for d := range hazard.ShelterHazards {
				row = append(row, strconv.FormatBool(s.Fit(d)))
			}
			rows = append(rows, append(row, r.zoneCell(&s), strings.Join(hazard.ShelterHazardNames(s.Misplaced), " "), strings.Join(hazard.ShelterHazardNames(s.Unsure), " "), s.Remarks))
		}
	}
	return rows
}

func (r *Report) zoneCell(s *area.Shelter) string {
	var parts []string
	for _, z := range s.InZone {
		name := z.Kind.String()
		if z.Scenario != hazard.NoScenario {
			name += "." + z.Scenario.String()
		}
		parts = append(parts, name+"="+r.Words.T(view.ClassKey(z.Kind, z.Rank)))
	}
	return strings.Join(parts, "; ")
}

// farTable has one row for each area and disaster.
func (r *Report) farTable() [][]string {
	rows := [][]string{{"area_id", "area", "disaster", "metres", "cell_metres", "cells",
		"shelters_fit", "cells_beyond", "share_beyond", "farthest_metres",
		"shelters_fit_and_not_in_zone", "cells_beyond_of_those", "share_beyond_of_those", "farthest_metres_of_those", "shelters_not_known"}}
	for i := range r.Answer.Areas {
		a := &r.Answer.Areas[i]
		for _, f := range a.Far {
			row := []string{a.ID, a.Name, f.Disaster.String(), fixed(float64(r.Far.Metres), 0), fixed(float64(r.Answer.CellMetres), 2), strconv.Itoa(f.Cells)}
			for _, set := range []reachJSON{reach(f.Any, f.Cells), reach(f.Dry, f.Cells)} {
				row = append(row, strconv.Itoa(set.Shelters), strconv.Itoa(set.Beyond), fixed(set.Share, 6), optional(set.Farthest))
			}
			rows = append(rows, append(row, strconv.Itoa(f.Unsure)))
		}
	}
	return rows
}

func (r *Report) unplacedTable() [][]string {
	rows := [][]string{{"line", "text", "people", "reason", "reason_text"}}
	for _, u := range r.Answer.Unplaced {
		rows = append(rows, []string{strconv.Itoa(u.Line), u.Text, optional(&u.Number), u.Why, r.Words.T("areas.why." + u.Why)})
	}
	return rows
}

func fixed(v float64, decimals int) string { return strconv.FormatFloat(v, 'f', decimals, 64) }

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
