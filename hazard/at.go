package hazard

import (
	"cmp"
	"slices"

	"hazardmap/geo"
)

// shelterCount is how many shelters an answer lists.
const shelterCount = 8

// Near distances of an answer: an address is a doorstep, not a point.
const (
	nearby100 geo.Metres = 100
	nearby200 geo.Metres = 200
)

// Answer returns what may happen at a position and what to do, for a home as
// far as the visitor told.
func (x *Index) Answer(at geo.Point, home Home) Answer {
	p := at.E7()
	a := Answer{At: at, InArea: x.InArea(p), Findings: x.Findings(p)}
	a.Action = Decide(a.Findings, home)
	a.Shelters = x.NearShelters(at, shelterCount)
	return a
}

// AnswerWithin returns what [Index.Answer] does for a place that lies somewhere
// within so many metres of a position: the worst class there counts.
func (x *Index) AnswerWithin(at geo.Point, radius geo.Metres, home Home) Answer {
	a := x.Answer(at, home)
	a.Findings = x.FindingsWithin(at.E7(), radius)
	a.Action = Decide(a.Findings, home)
	return a
}

// FindingsWithin returns the findings at a position, each with the worst class
// within so many metres of it; none is outside unless every spot there is.
func (x *Index) FindingsWithin(p geo.E7, radius geo.Metres) []Finding {
	findings := x.Findings(p)
	covered, incomplete := x.CoveredWithin(p, radius)
	for i := range findings {
		f := &findings[i]
		if worst := x.Near(p, f.Kind, f.Scenario, radius); worst > f.Rank {
			f.Status, f.Rank, f.Designated, f.NoneInArea, f.Zones = Inside, worst, true, false, nil
		}
		if f.Status != Outside {
			continue
		}
		f.Status = x.statusOutsideZones(f.Kind, f.Scenario, covered, incomplete)
		if _, ok := x.LineWithin(p, f.Kind, radius+nearby200); ok && f.Status == Outside {
			f.Status = Undecided // as at the spot that is nearest to the line
		}
		f.NoneInArea = f.NoneInArea && f.Status == Outside
	}
	return findings
}

// Findings returns the answer for every kind that a reader must know about:
// those of rivers, slopes, 内水 and ため池 always, those of the sea where the
// dataset has a source for them, the plan scenario where the dataset holds it.
func (x *Index) Findings(p geo.E7) []Finding {
	hits := x.At(nil, p)
	covered, incomplete := x.Covered(p)
	var findings []Finding
	for _, k := range Kinds() {
		for _, s := range x.scenarios(k) {
			f := Finding{Kind: k, Scenario: s, Designated: true}
			x.fillZones(&f, hits)
			if f.Status == "" {
				f.Status = x.statusOutsideZones(k, s, covered, incomplete)
			}
			f.LineWithin = -1
			if d, ok := x.LineWithin(p, k, nearby200); ok {
				f.LineWithin = d
				if f.Status == Outside {
					f.Status = Undecided // a line has two sides and no inside
				}
			}
			f.NoneInArea = f.Status == Outside && x.CountInArea(k, s) == 0
			f.Within100 = x.Near(p, k, s, nearby100)
			f.Within200 = max(f.Within100, x.Near(p, k, s, nearby200))
			findings = append(findings, f)
		}
	}
	return findings
}

// scenarios lists the scenarios of a kind that an answer shows.
func (x *Index) scenarios(k Kind) []Scenario {
	switch {
	case k.Landslide():
		return []Scenario{NoScenario}
	case k == SurgeDepth || k == TsunamiDepth:
		if !x.Sourced().Has(k) {
			return nil
		}
		return []Scenario{x.mainScenario(k)}
	case k == FloodDepth && x.CountInArea(k, Plan) > 0:
		return []Scenario{Max, Plan}
	}
	return []Scenario{x.mainScenario(k)}
}

// mainScenario is Max for the flood of rivers, and for the other waters
// whichever scenario their source has.
func (x *Index) mainScenario(k Kind) Scenario {
	if k.Theme() == "flood" || x.CountInArea(k, Max) > 0 {
		return Max
	}
	return NoScenario
}

// planOnly reports whether only the plan scenario was published, so that the
// larger flood is not known.
func (x *Index) planOnly(k Kind, s Scenario) bool {
	return k == FloodDepth && s == Max && x.CountInArea(k, Max) == 0 && x.CountInArea(k, Plan) > 0
}

// statusOutsideZones tells surveyed from not surveyed for a place in no zone.
func (x *Index) statusOutsideZones(k Kind, s Scenario, covered, incomplete KindSet) Status {
	switch {
	case incomplete.Has(k):
		return Undecided
	case x.planOnly(k, s):
		return NoData
	case covered.Has(k):
		return Outside
	}
	return NoData
}

// fillZones takes the zones of the finding's kind and scenario from the hits,
// worst first.
func (x *Index) fillZones(f *Finding, hits []Hit) {
	sources := x.Sources()
	for _, hit := range hits {
		z := x.Zone(hit.Zone)
		if z.Kind != f.Kind || z.Scenario != f.Scenario {
			continue
		}
		f.Status = Inside
		ref := ZoneRef{Number: hit.Zone, Rank: z.Rank, OnEdge: hit.Edge, River: z.River, Name: z.Name, Designated: z.Designated, ClassText: z.ClassText}
		if z.Source >= 0 && z.Source < len(sources) {
			ref.Source = sources[z.Source]
		}
		f.Zones = append(f.Zones, ref)
		designated := z.Flags&NotDesignated == 0
		switch {
		case z.Rank > f.Rank:
			f.Rank, f.Designated = z.Rank, designated
		case z.Rank == f.Rank:
			f.Designated = f.Designated || designated
		}
		f.RedNotSurveyed = f.RedNotSurveyed || z.Flags&RedNotSurveyed != 0
	}
	slices.SortStableFunc(f.Zones, func(a, b ZoneRef) int { return cmp.Compare(b.Rank, a.Rank) })
}

// NearShelters returns the n shelters nearest to a position, with the zones
// each of them stands in.
func (x *Index) NearShelters(at geo.Point, n int) []NearShelter {
	all := x.Shelters()
	type far struct {
		metres geo.Metres
		i      int
	}
	order := make([]far, len(all))
	for i, s := range all {
		order[i] = far{at.Distance(geo.Point{Lon: s.Lon, Lat: s.Lat}), i}
	}
	slices.SortStableFunc(order, func(a, b far) int { return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.i, b.i)) })
	near := make([]NearShelter, 0, min(n, len(all)))
	for _, o := range order[:min(n, len(all))] {
		to := geo.Point{Lon: all[o.i].Lon, Lat: all[o.i].Lat}
		near = append(near, NearShelter{Shelter: all[o.i], Distance: o.metres, Bearing: at.Bearing(to), InZone: x.WorstAt(to.E7())})
	}
	return near
}

// WorstAt returns the worst rank of each kind and scenario at a position, in
// the order of [Kinds]; kinds without a zone there are left out.
func (x *Index) WorstAt(p geo.E7) []ZoneRank {
	var worst []ZoneRank
	for _, hit := range x.At(nil, p) {
		z := x.Zone(hit.Zone)
		i := slices.IndexFunc(worst, func(w ZoneRank) bool { return w.Kind == z.Kind && w.Scenario == z.Scenario })
		if i < 0 {
			worst = append(worst, ZoneRank{Kind: z.Kind, Scenario: z.Scenario, Rank: z.Rank})
			continue
		}
		worst[i].Rank = max(worst[i].Rank, z.Rank)
	}
	slices.SortStableFunc(worst, func(a, b ZoneRank) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Scenario, b.Scenario))
	})
	return worst
}
