package changes

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Text returns the report as people read it on a terminal. Its first line says
// whether a shelter is gone.
func (r *Report) Text() string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	if gone := r.Gone(); gone != "" {
		line("! %s", gone)
		for _, s := range r.Shelters.Gone {
			line("  %s  %s", s.Name, s.Address)
		}
	} else {
		line("%s", r.Words.T("changes.none-gone"))
	}
	line("%s", r.Words.T("changes.lead", i18n.Str("before", editionName(r.Before)), i18n.Str("after", editionName(r.After))))
	if r.Same() {
		line("%s", r.Words.T("changes.same"))
		return b.String()
	}
	if r.Boundary {
		line("! %s", r.Words.T("changes.boundary"))
	}
	r.shelterText(line)
	for i := range r.Hazards {
		r.hazardText(&b, &r.Hazards[i])
	}
	r.townText(line)
	line("※ %s", r.Words.T("changes.exact"))
	return b.String()
}

// editionName names an edition: its date, and enough of its version to tell
// two of one date apart.
func editionName(s diff.Summary) string {
	return strings.TrimSpace(fmt.Sprintf("%s (%s)", s.Name, s.Version[:min(len(s.Version), 12)]))
}

func (r *Report) shelterText(line func(string, ...any)) {
	for _, s := range r.Shelters.New {
		line("%s: %s  %s", s.Name, r.Words.T("changes.new"), s.Address)
	}
	for i := range r.Shelters.Changed {
		c := &r.Shelters.Changed[i]
		line("%s: %s", c.After.Name, strings.Join(r.ShelterWords(c), "; "))
	}
}

func (r *Report) hazardText(b *strings.Builder, h *diff.Hazard) {
	if h.Changed() == 0 && h.Zones.Before == h.Zones.Same && h.Zones.After == h.Zones.Same {
		return
	}
	fmt.Fprintf(b, "%s\n", view.KindText(r.Words, h.Kind, h.Scenario))
	for _, what := range Fates() {
		if n := h.Zones.Count(what); n > 0 {
			fmt.Fprintf(b, "  %s: %s %d\n", r.Words.T("changes.zones"), r.Words.T("changes."+string(what)), n)
		}
	}
	for _, m := range Measures(&h.Changes) {
		if m.SquareMetres > 0 {
			fmt.Fprintf(b, "  %14.0f m²  %s  %s\n", m.SquareMetres, r.Words.T("changes."+m.Key), view.Percent(m.SquareMetres/h.SquareMetres))
		}
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "  %s\t%s\t\t\n", r.Words.T("changes.before"), r.Words.T("changes.after"))
	for _, c := range r.Classes(h) {
		if c.Before >= 0.5 || c.After >= 0.5 {
			fmt.Fprintf(t, "  %.0f m²\t%.0f m²\t%+.0f m²\t  %s\n", c.Before, c.After, c.After-c.Before, c.Text)
		}
	}
	t.Flush()
}

func (r *Report) townText(line func(string, ...any)) {
	if len(r.TownsGone) > 0 {
		line("%s", r.Words.T("changes.town-gone", i18n.Str("list", r.Places(r.TownsGone))))
	}
	if len(r.TownsNew) > 0 {
		line("%s", r.Words.T("changes.town-new", i18n.Str("list", r.Places(r.TownsNew))))
	}
	if len(r.Towns) == 0 {
		return
	}
	line("%s: %d", r.Words.T("changes.towns"), len(r.Towns))
	for _, t := range r.Towns {
		for i := range t.Changes {
			c := &t.Changes[i]
			before, after := r.FromTo(c)
			line("  %s  %s: %s → %s  %s", t.Name, view.KindText(r.Words, c.Kind, c.Scenario), before, after,
				r.Words.T("changes.part", i18n.Str("share", view.Percent(c.Changed()/c.SquareMetres))))
		}
	}
}
