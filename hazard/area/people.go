package area

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"hazardmap/geo"
	"hazardmap/geo/table"
	"hazardmap/hazard"
)

// People is one row of a given population: of a town, or at a position.
type People struct {
	Line   int    // of the file, from 1 for the first row of data
	Text   string // the town as it was written
	Town   string // id of the town, "" for a position
	At     geo.Point
	Number float64
	Why    string // a row that cannot be counted, and why
}

// Unplaced is a row of the population that is counted nowhere.
type Unplaced struct {
	Line   int
	Text   string
	Number float64
	Why    string // see the constants
}

// Why a row is counted nowhere.
const (
	WhyNoNumber    = "no-number"     // the number of people cannot be read
	WhyNoTown      = "town-unknown"  // no place found
	WhyUnsureTown  = "town-unsure"   // not surely one place
	WhyNoArea      = "town-no-area"  // the dataset holds no area of it
	WhyBadPosition = "bad-position"  // a position that cannot be read
	WhyElsewhere   = "not-in-a-town" // in none of the areas asked about
)

// The columns of a population, in the order of preference.
var (
	peopleColumns = []string{"人口", "総人口", "総数", "人数", "人口総数", "計", "population", "people", "total", "pop", "inhabitants"}
	townColumns   = []string{"町名", "町丁名", "町丁目名", "町丁目", "町字", "大字", "大字・町名", "町", "地区", "地区名", "行政区", "住所", "town", "place", "id", "name", "address"}
	latColumns    = []string{"緯度", "lat", "latitude"}
	lonColumns    = []string{"経度", "lon", "lng", "longitude"}
)

// MostPeople is how many rows a population may have.
const MostPeople = 300_000

// ReadPeople reads a population from CSV in UTF-8 or CP932: people beside a
// town, or beside a latitude and a longitude. Rows that cannot be understood
// come back with the reason.
func (c *City) ReadPeople(r io.Reader, name string) ([]People, error) {
	t, err := table.Read(r, name)
	if err != nil {
		return nil, err
	}
	columns := peopleTable{city: c, people: column(t.Header(), peopleColumns), town: column(t.Header(), townColumns),
		lat: column(t.Header(), latColumns), lon: column(t.Header(), lonColumns)}
	if columns.people == "" {
		return nil, fmt.Errorf("%s: no column of people; want one named %s", name, strings.Join(peopleColumns, ", "))
	}
	if columns.town == "" && (columns.lat == "" || columns.lon == "") {
		return nil, fmt.Errorf("%s: no column of towns or of positions; want one named %s, or 緯度 and 経度", name, strings.Join(townColumns, ", "))
	}
	var list []People
	for row, err := range t.Rows() {
		var refused *geo.RecordError
		switch {
		case err == nil:
			list = append(list, columns.read(row))
		case asRecord(err, &refused):
			list = append(list, People{Line: refused.Record, Text: refused.Err.Error(), Why: WhyNoNumber})
		default:
			return nil, err
		}
		if len(list) > MostPeople {
			return nil, fmt.Errorf("%s: more than %d rows", name, MostPeople)
		}
	}
	return list, nil
}

func asRecord(err error, to **geo.RecordError) bool {
	record, ok := err.(*geo.RecordError)
	*to = record
	return ok
}

// column returns the first of the names that the header has.
func column(header, names []string) string {
	for _, name := range names {
		for _, cell := range header {
			if strings.EqualFold(cell, name) {
				return cell
			}
		}
	}
	return ""
}

type peopleTable struct {
	city                   *City
	people, town, lat, lon string
}

func (t *peopleTable) read(row geo.Feature) People {
	p := People{Line: row.Record}
	var ok bool
	if p.Number, ok = parsePeople(row.Attr.Text(t.people)); !ok {
		p.Text, p.Why = strings.TrimSpace(row.Attr.Text(t.town)+" "+row.Attr.Text(t.people)), WhyNoNumber
		return p
	}
	if t.lat != "" && t.lon != "" {
		lat, latErr := geo.ParseDegrees(row.Attr.Text(t.lat), 90)
		lon, lonErr := geo.ParseDegrees(row.Attr.Text(t.lon), 180)
		if latErr == nil && lonErr == nil {
			p.At = geo.Point{Lat: lat, Lon: lon}
			return p
		}
		if t.town == "" {
			p.Text, p.Why = row.Attr.Text(t.lat)+","+row.Attr.Text(t.lon), WhyBadPosition
			return p
		}
	}
	p.Text = row.Attr.Text(t.town)
	p.Town, p.Why = t.city.town(p.Text)
	return p
}

// parsePeople reads a number of people: "1,234", 「1234人」, "12.5".
func parsePeople(s string) (float64, bool) {
	s = strings.TrimSuffix(strings.ReplaceAll(width.Fold.String(s), ",", ""), "人")
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return v, err == nil && v >= 0 && v < 1e9
}

// town finds the one town that a text surely means.
func (c *City) town(text string) (id, why string) {
	town, found, err := c.Find(text)
	switch {
	case err == nil:
		return town.ID, ""
	case len(found) > 0:
		return "", WhyUnsureTown
	case errors.Is(err, ErrNoArea):
		return "", WhyNoArea
	}
	return "", WhyNoTown
}

// countPeople counts positions one by one, and spreads the people of a town
// evenly over its ground.
func (a *asker) countPeople(ctx context.Context) error {
	if len(a.question.People) == 0 {
		return nil
	}
	for i := range a.answer.Areas {
		a.answer.Areas[i].People = a.city.Index.Count(nil, nil)
	}
	var at []geo.E7
	var weights []float64
	var rows []People
	for _, p := range a.question.People {
		switch {
		case p.Why != "":
			a.unplace(p, p.Why)
		case p.Town == "":
			at, weights, rows = append(at, p.At.E7()), append(weights, p.Number), append(rows, p)
		default:
			if err := a.spread(ctx, p); err != nil {
				return err
			}
		}
	}
	a.countPositions(at, weights, rows)
	return ctx.Err()
}

func (a *asker) unplace(p People, why string) {
	a.answer.Unplaced = append(a.answer.Unplaced, Unplaced{p.Line, p.Text, p.Number, why})
}

func (a *asker) countPositions(at []geo.E7, weights []float64, rows []People) {
	inside := make([][]geo.E7, len(a.answer.Areas))
	insideWeights := make([][]float64, len(inside))
	placed := make([]bool, len(at))
	a.regions.each(at, func(i, area int) {
		placed[i] = true
		inside[area], insideWeights[area] = append(inside[area], at[i]), append(insideWeights[area], weights[i])
	})
	for area := range inside {
		for i, c := range a.city.Index.Count(inside[area], insideWeights[area]) {
			a.answer.Areas[area].People[i].Add(c)
		}
	}
	for i, p := range rows {
		if !placed[i] {
			p.Text = p.At.String()
			a.unplace(p, WhyElsewhere)
		}
	}
}

// spread gives each area its part of the people of a town. A town that is asked
// about by itself, or with the town it lies in, keeps its people to itself:
// derived borders overlap a little.
func (a *asker) spread(ctx context.Context, p People) error {
	town, _ := a.city.Town(p.Town)
	whole, ground, err := a.city.Index.Measure(ctx, town.Area, nil)
	if err != nil || whole == nil {
		a.unplace(p, WhyNoArea)
		return ctx.Err()
	}
	if i := slices.IndexFunc(a.answer.Areas, func(t Area) bool { return t.ID != "" && (t.ID == p.Town || t.ID == a.parent(p.Town)) }); i >= 0 {
		a.answer.Areas[i].spread(whole, p.Number)
		return nil
	}
	placed := false
	for i := range a.answer.Areas {
		t := &a.answer.Areas[i]
		if !geo.Bound(t.Area).Intersects(geo.Bound(town.Area)) {
			continue
		}
		part, common, err := a.city.Index.Measure(ctx, t.Area, town.Area)
		if err != nil {
			return fmt.Errorf("area: %w", err)
		}
		if part != nil {
			placed = true
			t.spread(part, p.Number*common/ground)
		}
	}
	if !placed {
		a.unplace(p, WhyElsewhere)
	}
	return nil
}

func (a *asker) parent(id string) string {
	if a.city.Places == nil {
		return ""
	}
	p, _ := a.city.Places.Place(id)
	return p.Parent
}

func (t *Area) spread(ranges []hazard.Range, people float64) {
	for i, r := range ranges {
		c := hazard.Count{Kind: r.Kind, Scenario: r.Scenario, NoData: r.NoData * people, Undecided: r.Undecided * people}
		for _, share := range r.Shares {
			c.Ranks = append(c.Ranks, share*people)
		}
		t.People[i].Add(c)
	}
}
