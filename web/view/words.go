package view

import (
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// phrase is a text of the catalogue in a page: there are more of them than of
// anything else, so they are written straight into it.
type phrase struct {
	v        *visit
	key      string
	args     []i18n.Arg
	sentence bool
}

// text renders a text of the catalogue with its readings and the language of
// foreign words.
func (v *visit) text(key string, args ...i18n.Arg) g.Node { return &phrase{v, key, args, false} }

// sentence is a text that stands at the beginning of a sentence: the catalogues
// hold phrases, which other texts take in.
func (v *visit) sentence(key string, args ...i18n.Arg) g.Node { return &phrase{v, key, args, true} }

// stop ends a sentence, unless it is a question with a sign of its own.
func (v *visit) stop(key string) g.Node {
	if strings.HasSuffix(v.plain(key), "?") {
		return nil
	}
	return v.text("stop")
}

// Render implements [g.Node].
func (p *phrase) Render(w io.Writer) error {
	v := p.v
	v.segs = v.c.AppendSegments(v.segs[:0], p.key, p.args...)
	if p.sentence && len(v.segs) > 0 {
		r, size := utf8.DecodeRuneInString(v.segs[0].Text)
		if up := unicode.ToUpper(r); up != r {
			v.segs[0].Text = string(up) + v.segs[0].Text[size:]
		}
	}
	return v.writeSegments(w, v.segs)
}

// segments writes text with its markup.
func (v *visit) segments(segments []i18n.Segment) g.Node {
	return g.NodeFunc(func(w io.Writer) error { return v.writeSegments(w, segments) })
}

func (v *visit) writeSegments(w io.Writer, segments []i18n.Segment) error {
	b := v.out[:0]
	for _, s := range segments {
		switch {
		case s.Ruby != "" && !v.prefs.NoRuby:
			b = appendRuby(b, s.Text, s.Ruby)
		case s.Lang != "":
			b = append(append(b, `<span lang="`...), s.Lang...)
			b = append(appendEscaped(append(b, `">`...), s.Text), "</span>"...)
		default:
			b = appendEscaped(b, s.Text)
		}
	}
	v.out = b
	_, err := w.Write(b)
	return err
}

// appendRuby writes a word with its reading. HTML leaves out what ends a part
// where the next one begins: a page has hundreds of them.
func appendRuby(b []byte, base, reading string) []byte {
	b = appendEscaped(append(b, "<ruby>"...), base)
	b = appendEscaped(append(b, "<rp>(<rt>"...), reading)
	return append(b, "<rp>)</ruby>"...)
}

func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		var sign string
		switch s[i] {
		case '&':
			sign = "&amp;"
		case '<':
			sign = "&lt;"
		case '>':
			sign = "&gt;"
		case '"':
			sign = "&#34;"
		default:
			continue
		}
		b = append(append(b, s[from:i]...), sign...)
		from = i + 1
	}
	return append(b, s[from:]...)
}

func ruby(base, reading string) g.Node { return g.Raw(string(appendRuby(nil, base, reading))) }

// plain returns a text without markup, for titles and labels.
func (v *visit) plain(key string, args ...i18n.Arg) string { return v.c.T(key, args...) }

// japanese marks Japanese data, such as a shelter's name, on pages in other
// languages.
func (v *visit) japanese(s string) g.Node {
	if v.lang.Japanese() || s == "" {
		return g.Text(s)
	}
	return h.Span(h.Lang("ja"), g.Text(s))
}

// city names the municipality in the page's script.
func (v *visit) city() string {
	if !v.lang.Japanese() && v.d.Area.Romaji != "" {
		return v.d.Area.Romaji
	}
	return v.d.Area.Name
}

// cityName is [visit.city] as it is marked on a page.
func (v *visit) cityName() g.Node {
	if v.d.Area.Romaji == "" {
		return v.japanese(v.d.Area.Name)
	}
	return g.Text(v.city())
}

func (v *visit) cityArg() i18n.Arg {
	if v.d.Area.Romaji == "" {
		return i18n.Ja("city", v.d.Area.Name)
	}
	return i18n.Str("city", v.city())
}

// ClassKey returns the key of the words for a class: kinds of one family share
// their classes.
func ClassKey(k hazard.Kind, rank uint8) string {
	family := k
	switch {
	case k.Depth():
		family = hazard.FloodDepth
	case k.Landslide():
		family = hazard.LandslideSteep
	}
	if _, ok := hazard.ClassOf(k, rank); !ok {
		return "class." + family.String() + ".unknown"
	}
	return "class." + family.String() + "." + strconv.Itoa(int(rank))
}

// doKey returns the key of what a class means to do.
func doKey(k hazard.Kind, rank uint8) string {
	switch {
	case k.Depth() && rank == 1:
		return "do.depth.low"
	case k.Depth() && rank == 2:
		return "do.depth.ground"
	case k.Depth():
		return "do.depth.high"
	case k == hazard.FloodDuration && rank < 4:
		return "do.duration.short"
	case k == hazard.FloodDuration:
		return "do.duration.long"
	case k.Collapse():
		return "do.collapse"
	}
	return "do.landslide"
}

// besideKey returns the key of the Japanese word that people hear for a kind.
func besideKey(k hazard.Kind) string { return "beside." + k.String() }

// reasonWords returns the key and arguments of a reason.
func reasonWords(c *i18n.Catalogue, r hazard.Reason) (string, []i18n.Arg) {
	key := "reason." + string(r.Code)
	switch r.Code {
	case hazard.ReasonFloor, hazard.ReasonFloorUnknown:
		if r.Floors == hazard.AllFloors {
			return key + ".all", nil
		}
		if r.Floors == 0 {
			return "reason.floor.low", nil
		}
		return key, []i18n.Arg{i18n.Int("n", r.Floors)}
	case hazard.ReasonOtherWater:
		return key, []i18n.Arg{c.Arg("kind", "kind."+r.Kind.String())}
	}
	return key, nil
}

// distance writes a length on the ground as people say it: no figure is more
// exact than what is known.
func distance(c *i18n.Catalogue, m geo.Metres) string {
	switch {
	case m < 100:
		return c.T("distance.metres", i18n.Int("n", int(m+5)/10*10))
	case m < 975: // what rounds to less than a kilometre
		return c.T("distance.metres", i18n.Int("n", int(m+25)/50*50))
	}
	return c.T("distance.kilometres", i18n.Decimal("n", float64(int(m/100+0.5))/10))
}

// way is how far and in which direction a shelter lies.
func way(c *i18n.Catalogue, s hazard.NearShelter) []i18n.Arg {
	return []i18n.Arg{i18n.Str("distance", distance(c, s.Distance)), c.Arg("direction", "compass."+geo.Compass(s.Bearing))}
}

// findingWords say one line of an answer in plain text: the status, or the
// class with its number range and its meaning for body and house.
func findingWords(c *i18n.Catalogue, city string, f hazard.Finding) string {
	switch {
	case f.Status == hazard.Inside:
		key := ClassKey(f.Kind, f.Rank)
		return c.T("hazard.inside", c.Arg("class", key), c.Arg("house", key+".house"))
	case f.NoneInArea:
		return c.T("status.none-in-area", i18n.Str("city", city))
	}
	return c.T("status." + string(f.Status))
}

// comma stands between the items of a list.
func comma(c *i18n.Catalogue) string {
	if c.Lang().Japanese() {
		return c.T("list.comma")
	}
	return c.T("list.comma") + " "
}

// colon stands between a name and what is said of it.
func colon(c *i18n.Catalogue) string {
	if c.Lang().Japanese() {
		return c.T("colon")
	}
	return c.T("colon") + " "
}

// hiragana turns katakana, as registers write readings, into what furigana
// are written in.
func hiragana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - ('ァ' - 'ぁ')
		}
		return r
	}, s)
}
