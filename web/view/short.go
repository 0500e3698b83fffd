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
	var names [][]i18n.Segment
	for _, f := range findings {
		if f.Scenario == hazard.Plan || f.Status != hazard.Inside {
			continue // the larger flood says more
		}
		name := append(c.Segments("kind."+f.Kind.String()), i18n.Segment{Text: " "})
		names = append(names, append(name, c.Segments(ClassKey(f.Kind, f.Rank))...))
	}
	words := list(c, names)
	if len(words) == 0 {
		words = c.Segments("short.no-zone")
	}
	if unknown := unknownKinds(c, findings); len(unknown) > 0 {
		words = append(words, i18n.Segment{Text: c.T("list.semicolon") + " "})
		words = append(words, c.Segments("short.unknown", i18n.Segs("kinds", unknown...))...)
	}
	return words
}

// unknownKinds lists the hazards that are not known at a place.
func unknownKinds(c *i18n.Catalogue, findings []hazard.Finding) []i18n.Segment {
	var names [][]i18n.Segment
	for _, f := range findings {
		if f.Scenario != hazard.Plan && (f.Status == hazard.NoData || f.Status == hazard.Undecided) {
			names = append(names, c.Segments("kind."+f.Kind.String()))
		}
	}
	return list(c, names)
}

// list joins the items of a list.
func list(c *i18n.Catalogue, items [][]i18n.Segment) []i18n.Segment {
	var all []i18n.Segment
	for i, item := range items {
		if i > 0 {
			all = append(all, i18n.Segment{Text: comma(c)})
		}
		all = append(all, item...)
	}
	return all
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
