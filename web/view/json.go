package view

import (
	"math"
	"strconv"
	"unicode/utf8"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// AppendRiskJSON appends the answer of GET /api/v1/risk. Server, command line
// and phone call this one function, so they say the same bytes.
func AppendRiskJSON(dst []byte, d *Dataset, c *i18n.Catalogue, a hazard.Answer) []byte {
	j := jsonWriter{b: dst}
	j.open('{')
	j.risk(d, c, a)
	j.close('}')
	return j.b
}

func (j *jsonWriter) risk(d *Dataset, c *i18n.Catalogue, a hazard.Answer) {
	j.key("at").position(a.At)
	if a.InArea {
		j.key("in_area").raw("true")
	} else {
		j.key("in_area").raw("false")
	}
	j.action(c, a.Action)
	j.key("hazards").findings(d, c, a.Findings)
	j.key("shelters").open('[')
	for _, s := range a.Shelters {
		j.shelter(s)
	}
	j.close(']')
	j.tail(d, c)
}

// AppendRangeJSON appends the answer for a town or another area: how the text
// was read, the advice of its mildest and of its worst spot, and the share of
// each class.
func AppendRangeJSON(dst []byte, d *Dataset, c *i18n.Catalogue, found Found, ranges []hazard.Range, home hazard.Home) []byte {
	j := jsonWriter{b: dst}
	best, worst := boundFindings(ranges)
	j.open('{')
	j.found(d, c, found)
	j.action(c, hazard.Decide(worst, home))
	j.key("mildest_action").text(string(hazard.Decide(best, home).Code))
	j.key("hazards").ranges(d, c, ranges, worst)
	j.tail(d, c)
	j.close('}')
	return j.b
}

func (j *jsonWriter) areaRange(c *i18n.Catalogue, city string, r hazard.Range, worst hazard.Finding) {
	j.open('{')
	j.key("kind").text(r.Kind.String())
	if r.Scenario != hazard.NoScenario {
		j.key("scenario").text(r.Scenario.String())
	}
	j.key("worst_status").text(string(worst.Status))
	j.key("text").text(areaWords(c, city, r, worst))
	j.key("min").rank(r.Min)
	j.key("max").rank(r.Max)
	j.key("headline").rank(r.Headline)
	j.key("shares").open('[')
	for _, part := range r.Shares {
		j.value().number(math.Round(part*1e6) / 1e6)
	}
	j.close(']')
	j.key("no_data").number(math.Round(r.NoData*1e6) / 1e6)
	j.key("undecided").number(math.Round(r.Undecided*1e6) / 1e6)
	if r.NoneInArea {
		j.key("none_in_area").raw("true")
	}
	j.close('}')
}

func (j *jsonWriter) action(c *i18n.Catalogue, a hazard.Action) {
	j.key("action").open('{')
	j.key("code").text(string(a.Code))
	j.key("text").text(c.T("action." + string(a.Code)))
	j.key("reasons").open('[')
	for _, r := range a.Reasons {
		key, args := reasonWords(c, r)
		j.open('{')
		j.key("code").text(string(r.Code))
		if r.Kind != 0 {
			j.key("kind").text(r.Kind.String())
		}
		j.key("text").text(c.T(key, args...))
		j.close('}')
	}
	j.close(']')
	j.close('}')
}

func (j *jsonWriter) finding(c *i18n.Catalogue, city string, f hazard.Finding) {
	j.open('{')
	j.key("kind").text(f.Kind.String())
	if f.Scenario != hazard.NoScenario {
		j.key("scenario").text(f.Scenario.String())
	}
	j.key("status").text(string(f.Status))
	j.key("text").text(findingWords(c, city, f))
	if f.Status == hazard.Inside {
		j.class(c, f)
	}
	if f.NoneInArea {
		j.key("none_in_area").raw("true")
	}
	j.key("nearby").open('{')
	j.key("within_100m").rank(f.Within100)
	j.key("within_200m").rank(f.Within200)
	j.close('}')
	if f.LineWithin >= 0 {
		j.key("line_within_m").number(math.Round(float64(f.LineWithin)))
	}
	j.key("zones").open('[')
	for _, z := range f.Zones {
		j.zone(z)
	}
	j.close(']')
	j.close('}')
}

// class writes the rank, its bounds and words. A class that could not be read
// has no rank and no bounds.
func (j *jsonWriter) class(c *i18n.Catalogue, f hazard.Finding) {
	j.key("rank").rank(f.Rank)
	if f.Kind.Landslide() {
		j.key("designated").raw(strconv.FormatBool(f.Designated))
		j.key("red_not_surveyed").raw(strconv.FormatBool(f.RedNotSurveyed))
	}
	j.key("class").open('{')
	if class, ok := hazard.ClassOf(f.Kind, f.Rank); ok && (class.High > 0 || class.Open) {
		unit := "m"
		if f.Kind == hazard.FloodDuration {
			unit = "h"
		}
		j.key("min_" + unit).number(class.Low)
		if class.Open {
			j.key("max_" + unit).raw("null")
		} else {
			j.key("max_" + unit).number(class.High)
		}
	}
	j.key("text").text(c.T(ClassKey(f.Kind, f.Rank)))
	j.key("house").text(c.T(ClassKey(f.Kind, f.Rank) + ".house"))
	j.close('}')
}

func (j *jsonWriter) zone(z hazard.ZoneRef) {
	j.open('{')
	j.key("fid").number(float64(z.Number) + 1)
	j.key("rank").rank(z.Rank)
	j.optional("river", z.River)
	j.optional("name", z.Name)
	j.optional("designated", z.Designated)
	j.optional("class_text", z.ClassText)
	if z.OnEdge {
		j.key("on_edge").raw("true")
	}
	j.key("source").text(z.Source.Title)
	j.close('}')
}

func (j *jsonWriter) shelter(s hazard.NearShelter) {
	j.open('{')
	j.key("name").text(s.Name)
	j.optional("name_en", s.NameEnglish)
	j.key("lat").number(s.Lat)
	j.key("lon").number(s.Lon)
	j.key("metres").number(math.Round(float64(s.Distance)))
	j.key("bearing").text(geo.Compass(s.Bearing))
	j.key("emergency").raw(strconv.FormatBool(s.Emergency))
	j.key("evacuation").raw(strconv.FormatBool(s.Evacuation))
	j.key("suitable").open('{')
	for k := range hazard.ShelterHazards {
		j.key(k.String()).raw(strconv.FormatBool(s.Fit(k)))
	}
	j.close('}')
	j.key("in_zone").open('[')
	for _, z := range s.InZone {
		j.open('{')
		j.key("kind").text(z.Kind.String())
		if z.Scenario != hazard.NoScenario {
			j.key("scenario").text(z.Scenario.String())
		}
		j.key("rank").rank(z.Rank)
		j.close('}')
	}
	j.close(']')
	j.optional("address", s.Address)
	j.optional("capacity", s.Capacity)
	j.key("remarks").text(s.Remarks)
	j.close('}')
}

func (j *jsonWriter) tail(d *Dataset, c *i18n.Catalogue) {
	j.key("limits").open('[')
	for _, key := range limitKeys(d.Area.Sample) {
		j.value().text(c.T(key, i18n.Str("city", cityName(d, c))))
	}
	j.close(']')
	j.key("dataset").open('{')
	j.key("id").text(d.ID)
	j.key("edition").text(d.Edition)
	j.key("version").text(d.Version)
	if d.Area.Sample {
		j.key("sample").raw("true")
	}
	j.close('}')
}

// jsonWriter appends JSON; it knows only when a comma is due.
type jsonWriter struct {
	b     []byte
	comma bool
}

func (j *jsonWriter) value() *jsonWriter {
	if j.comma {
		j.b = append(j.b, ',')
	}
	j.comma = true
	return j
}

func (j *jsonWriter) open(bracket byte) {
	if n := len(j.b); n == 0 || j.b[n-1] != ':' {
		j.value()
	}
	j.b = append(j.b, bracket)
	j.comma = false
}

func (j *jsonWriter) close(bracket byte) {
	j.b = append(j.b, bracket)
	j.comma = true
}

func (j *jsonWriter) key(name string) *jsonWriter {
	j.value().text(name)
	j.b = append(j.b, ':')
	return j
}

func (j *jsonWriter) raw(s string) { j.b = append(j.b, s...) }

func (j *jsonWriter) number(v float64) { j.b = strconv.AppendFloat(j.b, v, 'f', -1, 64) }

func (j *jsonWriter) position(p geo.Point) {
	j.open('{')
	j.key("lat").number(p.Lat)
	j.key("lon").number(p.Lon)
	j.close('}')
}

// rank writes null for no zone, and "unknown" for a class that could not be
// read, because that must not be taken for none.
func (j *jsonWriter) rank(r uint8) {
	switch r {
	case 0:
		j.raw("null")
	case hazard.RankUnknown:
		j.raw(`"unknown"`)
	default:
		j.number(float64(r))
	}
}

func (j *jsonWriter) optional(name, s string) {
	if s != "" {
		j.key(name).text(s)
	}
}

// text writes a string; what is not UTF-8 becomes U+FFFD.
func (j *jsonWriter) text(s string) {
	const hex = "0123456789abcdef"
	j.b = append(j.b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			j.b = append(j.b, '\\', byte(r))
		case r == '\n':
			j.b = append(j.b, '\\', 'n')
		case r == '\t':
			j.b = append(j.b, '\\', 't')
		case r < 0x20 || r == '<' || r == '>' || r == '&' || r == 0x2028 || r == 0x2029:
			j.b = append(j.b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			j.b = utf8.AppendRune(j.b, r)
		}
	}
	j.b = append(j.b, '"')
}
