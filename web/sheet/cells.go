package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hazardmap/geo/table"
	"hazardmap/hazard"
	"hazardmap/web/view"
)

// The columns that are added to a row: what was read, then per kind of hazard,
// then where the row lies and where to go.
var (
	readColumns   = []string{"match", "precision", "place", "completed", "reason", "error"}
	hazardColumns = []string{"status", "rank", "text", "min", "max", "headline", "shares", "within_100m", "within_200m", "line_within_m"}
	placeColumns  = []string{"position.lat", "position.lon", "shelter.name", "shelter.metres", "shelter.in_zone"}
)

// column is one column of a table that goes out.
type column struct {
	name   string
	number bool
}

// added lists our own columns, renamed where the sheet has one of the name.
func (s *Sheet) added() []column {
	var all []column
	for _, name := range readColumns {
		all = append(all, column{name: name})
	}
	for _, f := range s.kinds {
		for i, part := range hazardColumns {
			all = append(all, column{kindName(f.Kind, f.Scenario) + "." + part, i != 0 && i != 2 && i != 6})
		}
	}
	for i, name := range placeColumns {
		all = append(all, column{name, i != 2 && i != 4})
	}
	for i := range all {
		for slices.Contains(s.source.columns(), all[i].name) {
			all[i].name = "risks." + all[i].name
		}
	}
	return all
}

func kindName(k hazard.Kind, s hazard.Scenario) string {
	if s == hazard.NoScenario {
		return k.String()
	}
	return k.String() + "." + s.String()
}

// readCells are the cells of [readColumns].
func readCells(a *Answer) [6]string {
	return [...]string{a.Match, a.Precision, table.PlainCell(a.Place), a.Completed, a.Reason, a.Fault}
}

// hazardCells are the cells of [hazardColumns] for every kind.
func (w *worker) hazardCells(a *Answer) []string {
	var cells []string
	for range w.kinds {
		cells = append(append(cells, string(hazard.NoData)), make([]string, len(hazardColumns)-1)...) // another dataset's kind
	}
	for _, f := range a.Verdict.Findings {
		at := cells[len(hazardColumns)*columnOf(w.kinds, f.Kind, f.Scenario):]
		at[0], at[1], at[2] = string(f.Status), rankCell(f.Rank), table.PlainCell(view.FindingText(a.From.Shown, w.words, f))
		at[7], at[8] = rankCell(f.Within100), rankCell(f.Within200)
		if f.LineWithin >= 0 {
			at[9] = strconv.Itoa(int(math.Round(float64(f.LineWithin))))
		}
	}
	for _, r := range a.Verdict.Ranges {
		i := columnOf(w.kinds, r.Kind, r.Scenario)
		if i < 0 {
			continue
		}
		at := cells[len(hazardColumns)*i:]
		at[0], at[2] = "range", table.PlainCell(view.RangeText(a.From.Shown, w.words, r))
		at[3], at[4], at[5], at[6] = rankCell(r.Min), rankCell(r.Max), rankCell(r.Headline), shareCell(r)
	}
	return cells
}

// placeCells are the cells of [placeColumns].
func placeCells(a *Answer) (cells [5]string) {
	if a.HasPoint {
		cells[0], cells[1] = strconv.FormatFloat(a.At.Lat, 'f', -1, 64), strconv.FormatFloat(a.At.Lon, 'f', -1, 64)
	}
	if a.Refuge == nil {
		return cells
	}
	var zones []string
	for _, z := range a.inZone {
		zones = append(zones, kindName(z.Kind, z.Scenario)+"="+rankCell(z.Rank))
	}
	cells[2], cells[3], cells[4] = table.PlainCell(a.Refuge.Name), strconv.Itoa(int(math.Round(float64(a.Metres)))), strings.Join(zones, " ")
	return cells
}

func rankCell(rank uint8) string {
	switch rank {
	case 0:
		return ""
	case hazard.RankUnknown:
		return "unknown"
	}
	return strconv.Itoa(int(rank))
}

// shareCell writes the shares of an area that are not nothing: rank=share.
func shareCell(r hazard.Range) string {
	var parts []string
	add := func(name string, share float64) {
		if share > 0 {
			parts = append(parts, fmt.Sprintf("%s=%.4f", name, share))
		}
	}
	for rank, share := range r.Shares {
		add(strconv.Itoa(rank), share)
	}
	add("no-data", r.NoData)
	add("undecided", r.Undecided)
	return strings.Join(parts, " ")
}
