package hazard

import "hazardmap/geo"

// Count says how much of what was counted, people or addresses, stands in each
// class of one kind and scenario. The worst zone at a position decides.
type Count struct {
	Kind     Kind
	Scenario Scenario
	// Ranks[r] stands in a zone of rank r, Ranks[0] outside every zone and
	// surveyed. len is Kind.Ranks()+1.
	Ranks     []float64
	NoData    float64
	Undecided float64 // as in [Range], and beside a zone that is drawn only as a line
}

// Total returns how much was counted.
func (c Count) Total() float64 {
	sum := c.NoData + c.Undecided
	for _, n := range c.Ranks {
		sum += n
	}
	return sum
}

// Count counts positions by class, each by its weight; without weights each
// counts as one. A position is answered as [Index.Findings] answers it.
func (x *Index) Count(points []geo.E7, weights []float64) []Count {
	topics := x.topics()
	lines := x.lineKinds()
	x.Batch(points, func(i int, hits []Hit) {
		weight := 1.0
		if weights != nil {
			weight = weights[i]
		}
		var worst [maxLayers]byte
		for _, h := range hits {
			if layer, nibble := x.class(h.Zone); layer >= 0 {
				worst[layer] = max(worst[layer], nibble)
			}
		}
		covered, incomplete := x.Covered(points[i])
		for t := range topics {
			topic := &topics[t]
			slot := topic.slotAt(worst, covered, incomplete)
			if slot == 0 && lines.Has(topic.kind) {
				if _, beside := x.LineWithin(points[i], topic.kind, nearby200); beside {
					slot = slotUndecided
				}
			}
			topic.sums[slot] += weight
		}
	})
	counts := make([]Count, len(topics))
	for i, t := range topics {
		n := int(t.kind.Ranks()) + 1
		counts[i] = Count{t.kind, t.scenario, append([]float64(nil), t.sums[:n]...), t.sums[slotNoData], t.sums[slotUndecided]}
	}
	return counts
}

// slotAt returns the slot of a position from the worst rank of every layer
// there, and from the kinds surveyed there.
func (t *topic) slotAt(worst [maxLayers]byte, covered, incomplete KindSet) int {
	if t.layer >= 0 && worst[t.layer] > 0 {
		if rank := int(worst[t.layer]); rank < slotNoData {
			return rank
		}
		return slotUndecided
	}
	switch {
	case incomplete.Has(t.kind):
		return slotUndecided
	case t.planOnly || !covered.Has(t.kind):
		return slotNoData
	}
	return 0
}

// lineKinds returns the kinds that have zones drawn only as lines.
func (x *Index) lineKinds() KindSet {
	var kinds KindSet
	for _, l := range x.header.layers {
		if l.line {
			kinds = kinds.With(l.kind)
		}
	}
	return kinds
}

// LinesNear returns the kinds that have a zone drawn only as a line within so
// many metres of a position.
func (x *Index) LinesNear(p geo.E7, within geo.Metres) KindSet {
	var near KindSet
	all := x.lineKinds()
	for _, k := range Kinds() {
		if all.Has(k) {
			if _, ok := x.LineWithin(p, k, within); ok {
				near = near.With(k)
			}
		}
	}
	return near
}

// HasLines reports whether any zone is drawn only as a line.
func (x *Index) HasLines() bool { return x.lineKinds() != 0 }

// Add adds what another count of the same kind and scenario counted.
func (c *Count) Add(other Count) {
	for rank, n := range other.Ranks {
		c.Ranks[rank] += n
	}
	c.NoData += other.NoData
	c.Undecided += other.Undecided
}
