package view

import (
	"strconv"
	"strings"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// cityName is the municipality in the script of a language.
func cityName(d *Dataset, c *i18n.Catalogue) string {
	if !c.Lang().Japanese() && d.Area.Romaji != "" {
		return d.Area.Romaji
	}
	return d.Area.Name
}

// Text is the answer for a position in plain text: the same words in the same
// order as the page.
func Text(d *Dataset, c *i18n.Catalogue, a hazard.Answer) string {
	w := &writer{d: d, c: c}
	w.line(c.T("text.at", i18n.Str("at", a.At.String()), i18n.Str("city", cityName(d, c))))
	if !a.InArea {
		w.line(c.T("error.outside-area", i18n.Str("city", cityName(d, c))))
	}
	w.action(a.Action)
	w.title("hazards.title")
	for _, f := range a.Findings {
		w.finding(f)
	}
	w.near(a.Findings)
	w.shelters(a.Shelters)
	w.tail()
	return w.b.String()
}

// TextRange is the answer for a town or another area, in plain text.
func TextRange(d *Dataset, c *i18n.Catalogue, found Found, ranges []hazard.Range, home hazard.Home) string {
	w := &writer{d: d, c: c}
	a := areaOf(d, &found.Candidate)
	w.labels(a.place.Label)
	for _, s := range foundWords(c, found, a) {
		w.line(c.T(s.key, s.args...))
	}
	whole := wholeWords(found)
	w.line(c.T(whole.key, whole.args...))
	if a.place.Approximate {
		w.line(c.T("place.approximate"))
	}
	best, worst := boundFindings(ranges)
	low, high := hazard.Decide(best, home), hazard.Decide(worst, home)
	if low.Code != high.Code {
		w.line(c.T("place.depends"))
	}
	w.action(high)
	if low.Code != high.Code {
		w.line(c.T("place.mildest") + " " + c.T("action."+string(low.Code)))
	}
	w.title("place.hazards")
	for i, r := range ranges {
		w.rangeLines(r, worst[i])
	}
	w.shelters(d.Risks.NearShelters(middle(a.place), 8))
	w.tail()
	return w.b.String()
}

// labels writes a name in the script of the language, then what helps to
// compare and to say it.
func (w *writer) labels(l gazetteer.Label) {
	name, other := l.Ja, l.Romaji
	if l.Romaji != "" && !w.c.Lang().Japanese() {
		name, other = l.Romaji, l.Ja
	}
	line := name
	for _, s := range []string{other, l.Kana} {
		if s != "" {
			line += " / " + s
		}
	}
	w.line(line)
}

type writer struct {
	b strings.Builder
	d *Dataset
	c *i18n.Catalogue
}

func (w *writer) line(s string) {
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

func (w *writer) title(key string) {
	w.b.WriteByte('\n')
	w.line(w.c.T(key))
}

func (w *writer) action(a hazard.Action) {
	key := "action." + string(a.Code)
	w.b.WriteByte('\n')
	w.line(w.c.T(key))
	said := map[string]bool{}
	for _, r := range a.Reasons {
		key, args := reasonWords(w.c, r)
		if sentence := w.c.T(key, args...); !said[sentence] {
			said[sentence] = true
			w.line("- " + sentence)
		}
	}
	w.line(w.c.T(key + ".how"))
}

func (w *writer) finding(f hazard.Finding) {
	w.line("- " + KindText(w.c, f.Kind, f.Scenario) + colon(w.c) + findingWords(w.c, cityName(w.d, w.c), f))
	if f.Status == hazard.Inside {
		w.line("  " + w.c.T(doKey(f.Kind, f.Rank)))
	} else {
		w.line("  " + w.c.T("status."+string(f.Status)+".note"))
	}
	for _, note := range w.notes(f) {
		w.line("  " + note)
	}
	seen := map[string]bool{}
	for _, z := range f.Zones {
		words := w.zone(f.Kind, z)
		if !seen[words] {
			seen[words] = true
			w.line("  * " + words)
		}
	}
}

func (w *writer) notes(f hazard.Finding) []string {
	var notes []string
	if f.Status == hazard.Inside && !f.Designated {
		notes = append(notes, w.c.T("status.before-designation"))
	}
	if f.RedNotSurveyed {
		notes = append(notes, w.c.T("status.red-not-surveyed"))
	}
	if f.LineWithin >= 0 {
		notes = append(notes, w.c.T("status.line", i18n.Int("n", int(f.LineWithin+0.5))))
	}
	return notes
}

func (w *writer) zone(k hazard.Kind, z hazard.ZoneRef) string {
	parts := []string{w.c.T(ClassKey(k, z.Rank))}
	if z.River != "" {
		parts = append(parts, w.c.T("zones.river", i18n.Ja("river", z.River)))
	}
	if z.Name != "" && z.Name != z.River {
		parts = append(parts, z.Name)
	}
	if z.Designated != "" {
		parts = append(parts, w.c.T("zones.designated", i18n.Str("date", z.Designated)))
	}
	if z.Source.Title != "" {
		parts = append(parts, z.Source.Title)
	}
	return strings.Join(parts, " · ")
}

func (w *writer) near(findings []hazard.Finding) {
	w.title("near.title")
	any := false
	words := func(k hazard.Kind, rank uint8) string {
		if rank == 0 {
			return w.c.T("near.no")
		}
		return w.c.T(ClassKey(k, rank))
	}
	for _, f := range findings {
		if f.LineWithin >= 0 {
			any = true
			w.line("- " + w.c.T("kind."+f.Kind.String()) + colon(w.c) + w.c.T("status.line", i18n.Int("n", int(f.LineWithin+0.5))))
		}
		if f.Within200 == 0 {
			continue
		}
		any = true
		w.line("- " + KindText(w.c, f.Kind, f.Scenario))
		w.line("  " + w.c.T("near.within", i18n.Int("n", 100)) + colon(w.c) + words(f.Kind, f.Within100))
		w.line("  " + w.c.T("near.within", i18n.Int("n", 200)) + colon(w.c) + words(f.Kind, f.Within200))
	}
	if !any {
		w.line(w.c.T("near.none"))
	}
	if unknown := unknownKinds(w.c, findings); len(unknown) > 0 {
		w.line(w.c.T("short.unknown", i18n.Segs("kinds", unknown...)))
	}
}

func (w *writer) shelters(near []hazard.NearShelter) {
	w.title("shelter.title")
	if len(near) == 0 {
		w.line(w.c.T("shelter.none"))
	}
	v := &visit{d: w.d, c: w.c}
	kinds := v.shelterKinds()
	for i, s := range near {
		way := w.c.T("shelter.way", way(w.c, s)...)
		w.line(strconv.Itoa(i+1) + ". " + s.Name + " - " + way)
		var marks []string
		for _, k := range kinds {
			sign := "×"
			if s.Fit(k) {
				sign = "○"
			}
			marks = append(marks, sign+" "+w.c.T("shelter.for."+k.String()))
		}
		if s.Emergency {
			w.line("   " + strings.Join(marks, "  "))
		} else {
			w.line("   " + w.c.T("shelter.not-emergency"))
		}
		for _, z := range s.InZone {
			w.line("   " + w.c.T("shelter.in-zone") + " " + KindText(w.c, z.Kind, z.Scenario) + colon(w.c) + w.c.T(ClassKey(z.Kind, z.Rank)))
		}
		if s.Remarks != "" {
			w.line("   " + w.c.T("shelter.remarks") + " " + s.Remarks)
		}
	}
}

func (w *writer) rangeLines(r hazard.Range, worst hazard.Finding) {
	name := KindText(w.c, r.Kind, r.Scenario)
	if worst.Status != hazard.Inside {
		w.line("- " + name + colon(w.c) + findingWords(w.c, cityName(w.d, w.c), worst))
		return
	}
	key, args := rangeText(w.c, r)
	w.line("- " + name + colon(w.c) + w.c.T(key, args...))
	for rank := len(r.Shares) - 1; rank >= 0; rank-- {
		if r.Shares[rank] <= 0 {
			continue
		}
		words := w.c.T("status.outside")
		if rank > 0 {
			words = w.c.T(ClassKey(r.Kind, uint8(rank)))
		}
		w.line("  " + share(w.c, r.Shares[rank]) + " " + words)
	}
	if r.Undecided > 0 {
		w.line("  " + share(w.c, r.Undecided) + " " + w.c.T("status.undecided"))
	}
	if r.NoData > 0 {
		w.line("  " + share(w.c, r.NoData) + " " + w.c.T("status.no-data"))
	}
}

// tail is limits, source and whom to ask.
func (w *writer) tail() {
	w.title("limits.title")
	for _, key := range limitKeys(w.d.Area.Sample) {
		w.line("- " + w.c.T(key, i18n.Str("city", cityName(w.d, w.c))))
	}
	w.title("sources.title")
	w.line(w.c.T("sources.edition", i18n.Str("edition", w.d.Edition)))
	for _, s := range sourcesOnce(w.d) {
		line := "- " + s.Title
		if s.Edition != "" {
			line += " (" + s.Edition + ")"
		}
		w.line(line)
	}
	w.title("contacts.title")
	if len(w.d.Contacts) == 0 {
		w.line(w.c.T("contacts.none", i18n.Str("city", cityName(w.d, w.c))))
	}
	for _, contact := range w.d.Contacts {
		w.line("- " + contact.Name + " " + contact.Phone)
	}
}

// KindText names a hazard and the rain it is drawn for.
func KindText(words *i18n.Catalogue, k hazard.Kind, s hazard.Scenario) string {
	name := words.T("kind." + k.String())
	if s != hazard.NoScenario {
		name += " (" + words.T("scenario."+s.String()) + ")"
	}
	return name
}

// Percent writes a share, and never 0 or 100 for what is neither nothing nor all.
func Percent(share float64) string {
	switch v := share * 100; {
	case share > 0 && v < 0.01:
		return "<0.01%"
	case share < 1 && v > 99.99:
		return ">99.99%"
	default:
		return strconv.FormatFloat(v, 'f', 2, 64) + "%"
	}
}
