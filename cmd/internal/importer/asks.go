package importer

import (
	"hazardmap/geo"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// noteElsewhere is what the table says of a source that never asked about the area.
const noteElsewhere = "has no polygon that reaches the area or is of its prefecture: does not say where the area is free of zones"

// asks is about which kinds, and where, a source of zones asked. A file of
// another region holds no zone here either, and must not be read as "none".
type asks struct {
	kinds       hazard.KindSet
	reach       orb.Bound // of its polygons
	polygons    bool
	prefectures map[string]bool
}

// note takes one record into account. Lines never tell what lies outside of
// them, and the smaller flood not where the larger one ends.
func (a *asks) note(prefecture string, zones []hazard.Zone) {
	for _, z := range zones {
		if z.Flags&hazard.LineOnly != 0 || z.Kind == hazard.FloodDepth && z.Scenario == hazard.Plan {
			continue
		}
		if prefecture != "" {
			if a.prefectures == nil {
				a.prefectures = map[string]bool{}
			}
			a.prefectures[prefecture] = true
		}
		bound := geo.Bound(z.Shape)
		if !a.polygons {
			a.reach, a.polygons = bound, true
		}
		a.reach = a.reach.Union(bound)
	}
}

// about reports whether the source asked about an area: its zones are those of
// the area's prefecture, or reach as far as the area.
func (a *asks) about(area hazard.Area, box orb.Bound) bool {
	if !a.polygons {
		return false
	}
	return len(area.Code) >= 2 && a.prefectures[area.Code[:2]] || a.reach.Intersects(box)
}

// settleKinds finds the kinds with a source that asked about the area, and
// returns those with any source.
func (g *gatherer) settleKinds() (given hazard.KindSet) {
	for _, s := range g.sources {
		given |= s.asks.kinds
		if s.Content != hazardZones {
			continue
		}
		if s.Refused > 0 || s.asks.about(g.area, g.near.box) {
			g.kinds |= s.asks.kinds
		} else {
			s.note(noteElsewhere, "", s.Read)
		}
	}
	for _, c := range g.opts.Coverage {
		g.kinds |= hazard.KindSet(0).With(c.Kind) & given
	}
	return given
}

// AreaCode brings the code of an area to the digits of 行政区域: 2 for a
// prefecture, 5 for a municipality, whose code may come with its check digit
// (6) or as the weather service writes it (7). It reports whether it is one.
func AreaCode(code *string) bool {
	for _, r := range *code {
		if r < '0' || r > '9' {
			return false
		}
	}
	switch len(*code) {
	case 2, 5:
		return true
	case 6, 7:
		*code = (*code)[:5]
		return true
	}
	return false
}
