package area

import (
	"errors"
	"slices"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
)

// What a town may fail by.
var (
	ErrNoPlace = errors.New("no place found")
	ErrUnsure  = errors.New("not surely one place")
	ErrNoArea  = errors.New("the dataset holds no area of it")
)

// Town returns the area of a place by its id.
func (c *City) Town(id string) (hazard.Place, bool) {
	for _, t := range c.Towns {
		if t.ID == id {
			return t, true
		}
	}
	return hazard.Place{}, false
}

// AllTowns returns every town of the city, each ground once: 丁目 and 小字 lie in
// their towns.
func (c *City) AllTowns() []hazard.Place {
	var towns []hazard.Place
	for _, t := range c.Towns {
		if t.Level == gazetteer.LevelTown.String() {
			towns = append(towns, t)
		}
	}
	return towns
}

// Find returns the one place with an area that a text surely means, by its id
// or its name; the city may be left out. Where the text is a question the
// places that it may mean come back.
func (c *City) Find(text string) (hazard.Place, []gazetteer.Candidate, error) {
	if p, ok := c.Town(text); ok {
		return p, nil, nil
	}
	if c.Places == nil {
		return hazard.Place{}, nil, ErrNoPlace
	}
	found, err := c.Places.Search(gazetteer.Query{Text: text})
	if err != nil {
		return hazard.Place{}, nil, err
	}
	if len(found.Candidates) == 0 {
		return hazard.Place{}, nil, ErrNoPlace
	}
	id, ok := c.sureArea(found.Candidates)
	if !ok {
		return hazard.Place{}, found.Candidates, ErrUnsure
	}
	if p, ok := c.Town(id); ok {
		return p, nil, nil
	}
	return hazard.Place{}, nil, ErrNoArea
}

// sureArea chooses the only candidate to which nothing but the city was added;
// where there is none, the only town of which the 丁目 are offered too, since a
// whole town is meant.
func (c *City) sureArea(candidates []gazetteer.Candidate) (string, bool) {
	only := func(wanted func(*gazetteer.Candidate) bool) (string, int) {
		id, n := "", 0
		for i := range candidates {
			if wanted(&candidates[i]) {
				id, n = candidates[i].AreaID, n+1
			}
		}
		return id, n
	}
	id, n := only(func(p *gazetteer.Candidate) bool { return added(p, gazetteer.PartMunicipality) })
	if n == 0 {
		id, n = only(func(p *gazetteer.Candidate) bool {
			return p.Precision == gazetteer.PrecisionTown && added(p, gazetteer.PartMunicipality, gazetteer.PartChome)
		})
	}
	return id, n == 1
}

// added reports whether a candidate is sure but for these parts.
func added(p *gazetteer.Candidate, parts ...gazetteer.Part) bool {
	return p.Match <= gazetteer.Assumed && p.Number == "" &&
		!slices.ContainsFunc(p.Completed, func(part gazetteer.Part) bool { return !slices.Contains(parts, part) })
}
