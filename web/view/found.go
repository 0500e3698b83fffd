package view

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// Ranges returns the shares of each class over what a candidate stands for: the
// surroundings of a parent lot, else the area of the town. Nil where there is
// none.
func Ranges(risks interface {
	Range(placeID string) ([]hazard.Range, bool)
	AreaShares(area orb.MultiPolygon) []hazard.Range
}, c *gazetteer.Candidate) []hazard.Range {
	if c.Precision == gazetteer.PrecisionParentLot && c.Point != nil {
		return risks.AreaShares(around(*c.Point, c.Radius))
	}
	id := c.AreaID
	if id == "" {
		id = c.ID
	}
	ranges, _ := risks.Range(id)
	return ranges
}

// around is a polygon that holds the circle.
func around(at geo.Point, radius geo.Metres) orb.MultiPolygon {
	const corners = 48
	const metresPerDegree = 110574 // of latitude at the equator, where it is shortest
	lat := float64(radius) / math.Cos(math.Pi/corners) / metresPerDegree
	lon := lat / math.Cos(at.Lat*math.Pi/180)
	ring := make(orb.Ring, 0, corners+1)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		ring = append(ring, orb.Point{at.Lon + lon*cos, at.Lat + lat*sin})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// Found is a text that surely means one place.
type Found struct {
	Result    gazetteer.Result
	Candidate gazetteer.Candidate
}

// words are a sentence of i18n.
type words struct {
	key  string
	args []i18n.Arg
}

// inTown says in which town an office stands.
func inTown(c *i18n.Catalogue, town gazetteer.Label) words {
	arg := i18n.Ja("town", town.Ja)
	if !c.Lang().Japanese() && town.Romaji != "" {
		arg = i18n.Str("town", town.Romaji+" ("+town.Ja+")")
	}
	return words{"place.office", []i18n.Arg{arg}}
}

// wholeWords say for which area the answer is.
func wholeWords(found Found) words {
	if c := found.Candidate; c.Precision == gazetteer.PrecisionParentLot {
		return words{"place.lot", []i18n.Arg{i18n.Int("n", int(c.Radius+0.5))}}
	}
	return words{"place.whole", nil}
}

// foundWords say where an office stands, how a text was read, which number the
// data do not hold, and what stayed unread.
func foundWords(c *i18n.Catalogue, found Found, a area) []words {
	var list []words
	if a.office {
		list = append(list, inTown(c, a.town))
	}
	r, place := &found.Result, &found.Candidate
	if len(r.Read) > 0 {
		parts := make([]string, len(r.Read))
		for i, s := range r.Read {
			parts[i] = s.Text
		}
		list = append(list, words{"search.read", []i18n.Arg{i18n.Ja("text", strings.Join(parts, " / "))}})
	}
	if place.Number != "" && !place.Precision.HasPoint() {
		list = append(list, words{"search.number", []i18n.Arg{i18n.Str("number", place.Number)}})
	}
	if r.Unread != "" {
		list = append(list, words{"search.unread", []i18n.Arg{i18n.Ja("text", r.Unread)}})
	}
	return list
}

// AppendFoundJSON appends what [AppendRiskJSON] does, for an address: first how
// it was read.
func AppendFoundJSON(dst []byte, d *Dataset, c *i18n.Catalogue, found Found, a hazard.Answer) []byte {
	j := jsonWriter{b: dst}
	j.open('{')
	j.found(d, c, found)
	j.risk(d, c, a)
	j.close('}')
	return j.b
}

func (j *jsonWriter) found(d *Dataset, c *i18n.Catalogue, found Found) {
	j.key("query").text(found.Result.Query)
	j.reading(d, c, found.Result)
	label := found.Candidate.Label
	j.key("place").open('{')
	j.key("name").text(label.Ja)
	j.optional("kana", label.Kana)
	j.optional("romaji", label.Romaji)
	j.candidate(&found.Candidate)
	j.sources(found.Candidate.Sources)
	if place, ok := d.Places.Place(found.Candidate.AreaID); ok {
		j.key("approximate").raw(strconv.FormatBool(place.Approximate))
	}
	j.close('}')
}

// AppendPlacesJSON appends the answer of /api/v1/places: what a text was read
// as, and the places that it may mean.
func AppendPlacesJSON(dst []byte, d *Dataset, c *i18n.Catalogue, r gazetteer.Result) []byte {
	j := jsonWriter{b: dst}
	j.open('{')
	j.key("query").text(r.Query)
	j.reading(d, c, r)
	j.key("candidates").open('[')
	for i := range r.Candidates {
		j.open('{')
		j.candidate(&r.Candidates[i])
		if r.Candidates[i].RiskScope() == "range" {
			j.shares(Ranges(d.Risks, &r.Candidates[i]))
		}
		j.sources(r.Candidates[i].Sources)
		j.close('}')
	}
	j.close(']')
	j.key("more").number(float64(r.More))
	j.close('}')
	return j.b
}

// reading writes what was understood, what was not, and what may help.
func (j *jsonWriter) reading(d *Dataset, c *i18n.Catalogue, r gazetteer.Result) {
	j.key("read").open('[')
	for _, s := range r.Read {
		j.open('{')
		j.key("from").number(float64(s.From))
		j.key("to").number(float64(s.To))
		j.key("as").text(s.As.String())
		j.key("text").text(s.Text)
		j.close('}')
	}
	j.close(']')
	j.key("unread").text(r.Unread)
	j.key("hint")
	if r.Hint == gazetteer.NoHint {
		j.raw("null")
		return
	}
	j.open('{')
	j.key("code").text(string(r.Hint))
	if r.Hint != gazetteer.HintContinueTyping { // nothing to say to somebody who is typing
		j.key("text").text(c.T("hint."+string(r.Hint), i18n.Str("city", cityName(d, c))))
	}
	j.close('}')
}

// candidate writes what is known of a place before its hazards.
func (j *jsonWriter) candidate(c *gazetteer.Candidate) {
	j.key("id").text(c.ID)
	if c.AreaID != c.ID {
		j.optional("area", c.AreaID)
	}
	j.key("label").open('{')
	j.key("ja").text(c.Label.Ja)
	j.key("kana").text(c.Label.Kana)
	j.key("romaji").text(c.Label.Romaji)
	j.close('}')
	j.optional("number", c.Number)
	j.key("match").text(c.Match.String())
	j.key("completed").open('[')
	for _, part := range c.Completed {
		j.value().text(part.String())
	}
	j.close(']')
	j.key("precision").text(c.Precision.String())
	j.key("radius_m").number(math.Round(float64(c.Radius)))
	j.key("point")
	if c.Point != nil {
		j.position(*c.Point)
	} else {
		j.raw("null")
	}
	j.key("bounds")
	if b := c.Bounds; b.IsZero() {
		j.raw("null")
	} else {
		j.open('[')
		for _, v := range [...]float64{b.West, b.South, b.East, b.North} {
			j.value().number(v)
		}
		j.close(']')
	}
	j.key("risk_scope").text(c.RiskScope())
}

// shares writes the ranges of an area in numbers: rank 0 is outside every zone.
func (j *jsonWriter) shares(ranges []hazard.Range) {
	if len(ranges) == 0 {
		return
	}
	j.key("range").open('[')
	for _, r := range ranges {
		j.open('{')
		j.key("kind").text(r.Kind.String())
		j.optional("scenario", r.Scenario.String())
		j.key("min").number(float64(r.Min))
		j.key("max").number(float64(r.Max))
		j.key("headline").number(float64(r.Headline))
		j.key("shares").open('[')
		for _, part := range r.Shares {
			j.value().number(part)
		}
		j.close(']')
		j.key("no_data").number(r.NoData)
		j.key("undecided").number(r.Undecided)
		j.key("approximate").raw(strconv.FormatBool(r.Approximate))
		if r.NoneInArea {
			j.key("none_in_area").raw("true")
		}
		j.close('}')
	}
	j.close(']')
}

func (j *jsonWriter) sources(sources []gazetteer.Source) {
	j.key("sources").open('[')
	for _, s := range sources {
		j.open('{')
		j.key("name").text(s.Name)
		j.key("date").text(s.Date)
		j.close('}')
	}
	j.close(']')
}
