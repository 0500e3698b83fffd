package area

import (
	"context"
	"slices"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Shelter is a shelter and the ground it stands on.
type Shelter struct {
	hazard.Shelter
	InZone []hazard.ZoneRank // worst of each kind and scenario
	// Misplaced: marked fit for these disasters, and stands in a zone of them.
	Misplaced []hazard.ShelterHazard
	// Unsure: marked fit for these disasters, and it is not known whether it
	// stands in a zone of them.
	Unsure []hazard.ShelterHazard
}

// At returns where the shelter stands.
func (s *Shelter) At() geo.Point { return geo.Point{Lon: s.Lon, Lat: s.Lat} }

// Dry reports whether the shelter is fit for a disaster and is known to stand
// in none of its zones.
func (s *Shelter) Dry(d hazard.ShelterHazard) bool {
	return s.Fit(d) && !slices.Contains(s.Misplaced, d) && !slices.Contains(s.Unsure, d)
}

// Shelters returns every shelter of an index with the ground it stands on.
func Shelters(x *hazard.Index) []Shelter {
	return (&City{Index: x}).shelters()
}

func (c *City) shelters() []Shelter {
	var list []Shelter
	for _, s := range c.Index.Shelters() {
		own := Shelter{Shelter: s}
		at := own.At().E7()
		own.InZone = c.Index.WorstAt(at)
		findings := c.Index.Findings(at)
		for d := range hazard.ShelterHazards {
			if !s.Fit(d) {
				continue
			}
			switch standsIn(findings, d) {
			case hazard.Inside:
				own.Misplaced = append(own.Misplaced, d)
			case hazard.NoData, hazard.Undecided:
				own.Unsure = append(own.Unsure, d)
			}
		}
		list = append(list, own)
	}
	return list
}

// standsIn says whether a place is in a zone of a disaster. How deep the water
// is decides, where it is known; how long it stays need not be known for that.
// A disaster that no map speaks of, such as a fire, is "".
func standsIn(findings []hazard.Finding, d hazard.ShelterHazard) hazard.Status {
	var status hazard.Status
	if slices.ContainsFunc(hazard.Kinds(), func(k hazard.Kind) bool { return k.Disaster() == d }) && !slices.ContainsFunc(findings, func(f hazard.Finding) bool { return f.Kind.Disaster() == d }) {
		return hazard.NoData
	}
	for _, f := range findings {
		if f.Kind.Disaster() != d || d == hazard.ShelterFlood && f.Kind.Theme() != "flood" && f.Status != hazard.Inside {
			continue
		}
		deciding := f.Scenario != hazard.Plan && (f.Kind.Depth() || f.Kind.Landslide())
		switch {
		case f.Status == hazard.Inside:
			return hazard.Inside
		case !deciding:
		case f.Status != hazard.Outside && status != hazard.Undecided:
			status = f.Status
		case status == "":
			status = f.Status
		}
	}
	return status
}

func misplaced(shelters []Shelter) (misplaced, unsure []Shelter) {
	for _, s := range shelters {
		if len(s.Misplaced) > 0 {
			misplaced = append(misplaced, s)
		}
		if len(s.Unsure) > 0 {
			unsure = append(unsure, s)
		}
	}
	return misplaced, unsure
}

// placeShelters gives every area the shelters that stand in it.
func (a *asker) placeShelters(ctx context.Context) error {
	var at []geo.E7
	for i := range a.shelters {
		at = append(at, a.shelters[i].At().E7())
	}
	inside := make([][]int, len(a.answer.Areas))
	a.regions.each(at, func(i, area int) { inside[area] = append(inside[area], i) })
	for area, list := range inside {
		slices.Sort(list) // the look-up goes by place
		for _, i := range list {
			a.answer.Areas[area].Shelters = append(a.answer.Areas[area].Shelters, a.shelters[i])
		}
	}
	return ctx.Err()
}
