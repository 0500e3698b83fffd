package view

import (
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// ShortLines is the answer in four lines, for SMS, radio and telephone: what
// to do, what may happen, where to go, what this rests on.
func ShortLines(d *Dataset, c *i18n.Catalogue, a hazard.Answer) [4]string {
	var lines [4]string
	for i, line := range shortLines(d, c, a) {
		lines[i] = i18n.Plain(line)
	}
	return lines
}

func shortLines(d *Dataset, c *i18n.Catalogue, a hazard.Answer) [4][]i18n.Segment {
	return [4][]i18n.Segment{
		c.Segments("short.action", c.Arg("action", "action."+string(a.Action.Code))),
		c.Segments("short.hazards", i18n.Segs("hazards", shortHazards(c, a.Findings)...)),
		shortShelter(c, a),
		c.Segments("short.source", i18n.Str("edition", d.Edition), i18n.Str("city", cityName(d, c))),
	}
}

// shortHazards names the zones that hold the place, and what is not known.
func shortHazards(c *i18n.Catalogue, findings []hazard.Finding) []i18n.Segment {
	var inside, unknown []i18n.Segment
	add := func(list *[]i18n.Segment, segments ...i18n.Segment) {
		if len(*list) > 0 {
			*list = append(*list, i18n.Segment{Text: comma(c)})
		}
		*list = append(*list, segments...)
	}
	for _, f := range findings {
		name := c.Segments("kind." + f.Kind.String())
		switch {
		case f.Scenario == hazard.Plan:
			continue // the larger flood says more
		case f.Status == hazard.Inside:
			name = append(name, i18n.Segment{Text: " "})
			add(&inside, append(name, c.Segments(ClassKey(f.Kind, f.Rank))...)...)
		case f.Status == hazard.NoData || f.Status == hazard.Undecided:
			add(&unknown, name...)
		}
	}
	if len(inside) == 0 {
		inside = c.Segments("short.no-zone")
	}
	if len(unknown) > 0 {
		inside = append(inside, i18n.Segment{Text: c.T("list.semicolon") + " "})
		inside = append(inside, c.Segments("short.unknown", i18n.Segs("kinds", unknown...))...)
	}
	return inside
}

// shortShelter is the nearest shelter that is fit for what happens here.
func shortShelter(c *i18n.Catalogue, a hazard.Answer) []i18n.Segment {
	asked := askedHazards(a.Findings)
	for _, s := range a.Shelters {
		if s.Emergency && fitness(s.Shelter, asked) == len(asked) {
			return c.Segments("short.shelter", append(way(c, s), i18n.Ja("name", s.Name))...)
		}
	}
	return c.Segments("short.no-shelter")
}
