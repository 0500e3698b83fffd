package view

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// listedShelters is how many of the near shelters an answer shows; the others
// are behind a link, so that a slow network brings the answer first.
const listedShelters = 4

// fittest orders the near shelters for the list and the map alike. Each is
// tested only against the hazard it is asked for, so those fit for what happens
// here stand first.
func fittest(near []hazard.NearShelter, findings []hazard.Finding) []hazard.NearShelter {
	asked := askedHazards(findings)
	sorted := slices.Clone(near)
	slices.SortStableFunc(sorted, func(a, b hazard.NearShelter) int { return fitness(b.Shelter, asked) - fitness(a.Shelter, asked) })
	return first(sorted, listedShelters)
}

// shelterSection lists the shelters near a place, numbered as on the map.
func (v *visit) shelterSection(at geo.Point, near []hazard.NearShelter, findings []hazard.Finding) g.Node {
	sorted, asked := fittest(near, findings), askedHazards(findings)
	kinds, heard := v.shelterKinds(), map[string]bool{}
	return h.Section(h.Class("shelters"), h.Aria("labelledby", "shelters"),
		h.H2(h.ID("shelters"), v.text("shelter.title")),
		g.If(len(sorted) == 0, h.P(v.text("shelter.none"))),
		g.If(len(sorted) > 0, h.P(v.text("shelter.how"))),
		h.Ol(h.Class("cards"), g.Map(sorted, func(s hazard.NearShelter) g.Node { return h.Li(v.shelterCard(s, kinds, asked, heard)) })),
		h.P(h.A(h.Href(v.href("shelters")+"?near="+at.String()), v.text("shelter.all"))),
	)
}

// askedHazards names the disasters that the findings warn of.
func askedHazards(findings []hazard.Finding) []hazard.ShelterHazard {
	var asked []hazard.ShelterHazard
	for _, f := range findings {
		if f.Status != hazard.Inside {
			continue
		}
		if s := f.Kind.Disaster(); !slices.Contains(asked, s) {
			asked = append(asked, s)
		}
	}
	return asked
}

func fitness(s hazard.Shelter, asked []hazard.ShelterHazard) int {
	n := 0
	for _, a := range asked {
		if s.Fit(a) {
			n++
		}
	}
	return n
}

// shelterKinds are the disasters worth a mark: those for which any shelter of
// the dataset is fit. The others cannot happen here.
func (v *visit) shelterKinds() []hazard.ShelterHazard {
	var any uint8
	for _, s := range v.d.Risks.Shelters() {
		if s.Emergency {
			any |= s.Suitable
		}
	}
	var kinds []hazard.ShelterHazard
	for k := range hazard.ShelterHazards {
		if any&(1<<k) != 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// shelterCard is one shelter of a list; heard holds the Japanese words that the
// list has named already.
func (v *visit) shelterCard(s hazard.NearShelter, kinds, asked []hazard.ShelterHazard, heard map[string]bool) g.Node {
	return g.Group{
		h.H3(v.shelterName(s.Shelter)),
		g.If(s.Distance > 0, h.P(h.Class("way"), g.Raw(arrow(s.Bearing)),
			v.text("shelter.way", way(v.c, s)...))),
		v.shelterMarks(s.Shelter, kinds, asked),
		h.P(h.Class("what"), v.designation(s.Shelter, heard)),
		v.ownZones(s.InZone),
		g.If(s.Remarks != "", h.P(h.Class("warn"), v.text("shelter.remarks"), g.Text(" "), v.japanese(s.Remarks))),
		g.If(s.Accepts != "", h.P(v.text("shelter.accepts"), g.Text(" "), v.japanese(s.Accepts))),
		g.If(s.Address != "", h.P(h.Class("quiet"), v.japanese(s.Address), v.phone(s.Phone))),
	}
}

func (v *visit) phone(number string) g.Node {
	if number == "" {
		return nil
	}
	if v.r.Kiosk {
		return g.Group{g.Text(" "), g.Text(number)}
	}
	return g.Group{g.Text(" "), h.A(h.Href("tel:"+number), g.Text(number))}
}

func (v *visit) shelterName(s hazard.Shelter) g.Node {
	switch {
	case v.lang == i18n.EasyJapanese && s.Kana != "" && !v.prefs.NoRuby:
		return ruby(s.Name, hiragana(s.Kana))
	case !v.lang.Japanese() && s.NameEnglish != "":
		return g.Group{h.Span(h.Lang("en"), g.Text(s.NameEnglish)), g.Text(" "), v.japanese(s.Name)}
	}
	return v.japanese(s.Name)
}

// shelterMarks shows ○ or × per disaster, as JIS Z 9098 asks, with words.
func (v *visit) shelterMarks(s hazard.Shelter, kinds, asked []hazard.ShelterHazard) g.Node {
	if !s.Emergency {
		return h.P(h.Class("warn"), v.text("shelter.not-emergency"))
	}
	return h.Ul(h.Class("marks"), g.Map(kinds, func(k hazard.ShelterHazard) g.Node {
		class, sign, word := "no", "×", "shelter.unfit"
		if s.Fit(k) {
			class, sign, word = "yes", "○", "shelter.fit"
		}
		if slices.Contains(asked, k) {
			class += " asked"
		}
		return h.Li(h.Class(class), h.B(h.Aria("hidden", "true"), g.Text(sign)), g.Text(" "), v.text("shelter.for."+k.String()),
			h.Span(h.Class("vh"), g.Text(colon(v.c)+v.plain(word))))
	}))
}

// designation says what a shelter is for, with the Japanese word beside it the
// first time.
func (v *visit) designation(s hazard.Shelter, heard map[string]bool) g.Node {
	var parts g.Group
	add := func(name string) {
		if parts != nil {
			parts = append(parts, g.Text(" · "))
		}
		parts = append(parts, v.text("term."+name))
		if v.lang != i18n.Japanese && !heard[name] {
			heard[name] = true
			parts = append(parts, g.Text(" ("), v.text("beside."+name), g.Text(")"))
		}
	}
	if s.Emergency {
		add("evacuation-site")
	}
	if s.Evacuation {
		add("evacuation-shelter")
	}
	return parts
}

// ownZones warns of the zones that the shelter itself stands in.
func (v *visit) ownZones(zones []hazard.ZoneRank) g.Node {
	if len(zones) == 0 {
		return nil
	}
	return h.Div(h.Class("own"), h.P(v.text("shelter.in-zone")), h.Ul(g.Map(zones, func(z hazard.ZoneRank) g.Node {
		return h.Li(v.swatch(z.Kind, z.Rank), g.Text(" "), v.text("kind."+z.Kind.String()), g.Text(colon(v.c)), v.text(ClassKey(z.Kind, z.Rank)))
	})))
}
