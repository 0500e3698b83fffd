package hazard

import "hazardmap/geo"

// BatchFindings answers many positions and calls fn once for each, in an order
// that suits the memory: i is the position's place in points, findings are
// those of [Index.Findings] without their zones and valid until fn returns.
func (x *Index) BatchFindings(points []geo.E7, fn func(i int, findings []Finding)) {
	f := x.newFinder()
	x.Batch(points, func(i int, hits []Hit) {
		f.find(points[i], hits)
		fn(i, f.findings)
	})
}

// finder answers one position after the other in the same memory.
type finder struct {
	x        *Index
	asks     []ask
	topicOf  [maxLayers]int // number of the finding that a layer belongs to, -1 for none
	findings []Finding
}

// ask is what one finding rests on that no position changes.
type ask struct {
	layer      int  // -1 where no zone belongs to it
	lines      bool // some zones of the kind are drawn only as lines
	noneInArea bool
}

func (x *Index) newFinder() *finder {
	f := &finder{x: x}
	for i := range f.topicOf {
		f.topicOf[i] = -1
	}
	for _, k := range Kinds() {
		lines := false
		for s := NoScenario; s <= Plan; s++ {
			_, drawn := x.layer(k, s, 1)
			lines = lines || drawn
		}
		for _, s := range x.scenarios(k) {
			a := ask{layer: -1, lines: lines, noneInArea: x.CountInArea(k, s) == 0}
			if layer, ok := x.layer(k, s, 0); ok {
				a.layer, f.topicOf[layer] = layer, len(f.asks)
			}
			f.asks = append(f.asks, a)
			f.findings = append(f.findings, Finding{Kind: k, Scenario: s})
		}
	}
	return f
}

// find fills in the findings of a position that these zones hold.
func (f *finder) find(p geo.E7, hits []Hit) {
	covered, incomplete := f.x.Covered(p)
	for i := range f.findings {
		was := &f.findings[i]
		*was = Finding{Kind: was.Kind, Scenario: was.Scenario, Designated: true, LineWithin: -1}
	}
	for _, h := range hits {
		f.hit(h)
	}
	near := search{x: f.x, metric: newMetric(p)}
	for i := range f.findings {
		finding, a := &f.findings[i], &f.asks[i]
		if finding.Status == "" {
			finding.Status = f.x.statusOutsideZones(finding.Kind, finding.Scenario, covered, incomplete)
		}
		if a.lines {
			if d, ok := f.x.LineWithin(p, finding.Kind, nearby200); ok {
				finding.LineWithin = d
				if finding.Status == Outside {
					finding.Status = Undecided
				}
			}
		}
		finding.NoneInArea = finding.Status == Outside && a.noneInArea
		if a.layer < 0 {
			continue
		}
		near.layer, near.best = a.layer, rankNibble(finding.Rank)&15
		finding.Within100 = near.upTo(nearby100)
		finding.Within200 = near.upTo(nearby200)
	}
}

// hit counts a zone that holds the position.
func (f *finder) hit(h Hit) {
	layer, nibble := f.x.class(h.Zone)
	if layer < 0 || f.topicOf[layer] < 0 {
		return
	}
	finding := &f.findings[f.topicOf[layer]]
	flags := ZoneFlags(f.x.sections[secZones][h.Zone*zoneSize+3])
	rank, designated := nibbleRank(nibble), flags&NotDesignated == 0
	finding.Status = Inside
	switch {
	case rank > finding.Rank:
		finding.Rank, finding.Designated = rank, designated
	case rank == finding.Rank:
		finding.Designated = finding.Designated || designated
	}
	finding.RedNotSurveyed = finding.RedNotSurveyed || flags&RedNotSurveyed != 0
}

// upTo goes on to a larger distance and returns the worst rank within it.
func (n *search) upTo(within geo.Metres) uint8 {
	n.limit = float64(within) * float64(within)
	n.blocks(within)
	return nibbleRank(n.best)
}
