package areas

import (
	"fmt"
	"strings"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Text returns the answer as people read it on a terminal: one area in full,
// several with a line for each hazard.
func (r *Report) Text() string {
	var b strings.Builder
	for i := range r.Answer.Areas {
		a := &r.Answer.Areas[i]
		r.head(&b, a)
		for j, own := range a.Ranges {
			if len(r.Answer.Areas) > 1 && own.NoData == 1 {
				continue
			}
			r.hazard(&b, a, j, len(r.Answer.Areas) == 1)
		}
		if len(r.Answer.Areas) == 1 {
			r.listShelters(&b, "areas.shelters", a.Shelters)
		}
		for _, f := range a.Far {
			r.far(&b, f)
		}
	}
	r.listShelters(&b, "areas.in-own-hazard", r.Answer.Misplaced)
	r.listShelters(&b, "areas.not-known", r.Answer.Unsure)
	for _, u := range r.Answer.Unplaced {
		fmt.Fprintf(&b, "%s\n", r.Words.T("areas.not-counted", i18n.Int("n", u.Line), i18n.Str("text", u.Text), r.Words.Arg("why", "areas.why."+u.Why)))
	}
	for _, note := range r.notes() {
		fmt.Fprintf(&b, "※ %s\n", note)
	}
	return b.String()
}

func (r *Report) head(b *strings.Builder, a *area.Area) {
	if a.Name != "" {
		fmt.Fprintf(b, "%s %s  ", a.Name, a.ID)
	}
	fmt.Fprintf(b, "%.0f m²", a.SquareMetres)
	if n := total(a.Addresses); n != nil {
		fmt.Fprintf(b, "  %s %.0f", r.Words.T("areas.addresses"), *n)
	}
	if n := total(a.People); n != nil {
		fmt.Fprintf(b, "  %s %.0f", r.Words.T("areas.people"), *n)
	}
	b.WriteByte('\n')
}

func (r *Report) hazard(b *strings.Builder, a *area.Area, i int, full bool) {
	own := a.Ranges[i]
	fmt.Fprintf(b, "  %s", view.KindText(r.Words, own.Kind, own.Scenario))
	if a.LinesNear.Has(own.Kind) {
		fmt.Fprintf(b, "  ! %s", r.Words.T("areas.lines-near"))
	}
	if full {
		b.WriteByte('\n')
	}
	for _, c := range classes(a, i) {
		if c.share == 0 && none(c.addresses) && none(c.people) {
			continue
		}
		if !full {
			fmt.Fprintf(b, "  %s %s", c.text(r.Words), view.Percent(c.share))
			continue
		}
		fmt.Fprintf(b, "    %8s %14.0f m²", view.Percent(c.share), c.share*a.SquareMetres)
		for _, n := range []*float64{c.addresses, c.people} {
			if n != nil {
				fmt.Fprintf(b, " %10.0f", *n)
			}
		}
		fmt.Fprintf(b, "  %s\n", c.text(r.Words))
	}
	if !full {
		b.WriteByte('\n')
	}
}

func none(n *float64) bool { return n == nil || *n == 0 }

func (r *Report) listShelters(b *strings.Builder, key string, list []area.Shelter) {
	fmt.Fprintf(b, "%s: %d\n", r.Words.T(key), len(list))
	for _, s := range list {
		fmt.Fprintf(b, "  %s", s.Name)
		if s.Capacity != "" {
			fmt.Fprintf(b, "  %s %s", r.Words.T("areas.capacity"), s.Capacity)
		}
		var fit []string
		for d := range hazard.ShelterHazards {
			if s.Fit(d) {
				fit = append(fit, r.Words.T("shelter.for."+d.String()))
			}
		}
		if len(fit) > 0 {
			fmt.Fprintf(b, "  ○ %s", strings.Join(fit, " "))
		}
		for _, z := range s.InZone {
			fmt.Fprintf(b, "  ! %s %s", r.Words.T("kind."+z.Kind.String()), r.Words.T(view.ClassKey(z.Kind, z.Rank)))
		}
		b.WriteByte('\n')
	}
}

func (r *Report) far(b *strings.Builder, f area.FarAnswer) {
	for _, set := range []struct {
		key   string
		reach area.Reach
	}{{"areas.far-any", f.Any}, {"areas.far-dry", f.Dry}} {
		share := reach(set.reach, f.Cells)
		farthest := "–"
		if share.Farthest != nil {
			farthest = fmt.Sprintf("%.0f", *share.Farthest)
		}
		fmt.Fprintf(b, "  %s\n", r.Words.T(set.key, r.Words.Arg("disaster", "shelter.for."+f.Disaster.String()), i18n.Int("metres", int(r.Far.Metres)),
			i18n.Str("share", view.Percent(share.Share)), i18n.Str("farthest", farthest), i18n.Int("n", set.reach.Shelters)))
	}
	if f.Unsure > 0 {
		fmt.Fprintf(b, "  ! %s\n", r.Words.T("areas.far-unsure", r.Words.Arg("disaster", "shelter.for."+f.Disaster.String()), i18n.Int("n", f.Unsure)))
	}
}
