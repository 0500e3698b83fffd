package view

import (
	"strings"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// ShortLines is the answer in four lines, for SMS, radio and telephone: what
// to do, what may happen, where to go, what this rests on.
func ShortLines(d *Dataset, c *i18n.Catalogue, a hazard.Answer) [4]string {
	return [4]string{
		c.T("short.action", i18n.Str("action", c.T("action."+string(a.Action.Code)))),
		c.T("short.hazards", i18n.Str("hazards", shortHazards(c, a.Findings))),
		shortShelter(c, a),
		c.T("short.source", i18n.Str("edition", d.Edition), i18n.Str("city", cityName(d, c))),
	}
}

// shortHazards names the zones that hold the place, and what is not known.
func shortHazards(c *i18n.Catalogue, findings []hazard.Finding) string {
	var inside, unknown []string
	for _, f := range findings {
		name := c.T("kind." + f.Kind.String())
		switch {
		case f.Scenario == hazard.Plan:
			continue // the larger flood says more
		case f.Status == hazard.Inside:
			inside = append(inside, name+" "+c.T(ClassKey(f.Kind, f.Rank)))
		case f.Status == hazard.NoData || f.Status == hazard.Undecided:
			unknown = append(unknown, name)
		}
	}
	between := comma(c)
	parts := []string{c.T("short.no-zone")}
	if len(inside) > 0 {
		parts = []string{strings.Join(inside, between)}
	}
	if len(unknown) > 0 {
		parts = append(parts, c.T("short.unknown", i18n.Str("kinds", strings.Join(unknown, between))))
	}
	return strings.Join(parts, c.T("stop")+" ")
}

// shortShelter is the nearest shelter that is fit for what happens here.
func shortShelter(c *i18n.Catalogue, a hazard.Answer) string {
	asked := askedHazards(a.Findings)
	for _, s := range a.Shelters {
		if s.Emergency && fitness(s.Shelter, asked) == len(asked) {
			return c.T("short.shelter", i18n.Ja("name", s.Name), i18n.Str("distance", distance(c, s.Distance)),
				i18n.Str("direction", c.T("compass."+geo.Compass(s.Bearing))))
		}
	}
	return c.T("short.no-shelter")
}
