package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
)

// placesAnswer is what a text was read as: ADDRESSES.md 7.
type placesAnswer struct {
	Query      string      `json:"query"`
	Read       []spanJSON  `json:"read"`
	Unread     string      `json:"unread"`
	Hint       *hintJSON   `json:"hint"`
	Candidates []placeJSON `json:"candidates"`
	More       int         `json:"more"`
}

type spanJSON struct {
	From int    `json:"from"`
	To   int    `json:"to"`
	As   string `json:"as"`
	Text string `json:"text"`
}

type hintJSON struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
}

type labelJSON struct {
	Ja     string `json:"ja"`
	Kana   string `json:"kana"`
	Romaji string `json:"romaji"`
}

type placeJSON struct {
	ID        string       `json:"id"`
	Area      string       `json:"area,omitempty"` // the place whose range answers, if it is another
	Label     labelJSON    `json:"label"`
	Number    string       `json:"number,omitempty"`
	Match     string       `json:"match"`
	Completed []string     `json:"completed"`
	Precision string       `json:"precision"`
	Radius    int          `json:"radius_m"`
	Point     *pointJSON   `json:"point"`
	Bounds    []float64    `json:"bounds"`
	RiskScope string       `json:"risk_scope"`
	Range     []rangeJSON  `json:"range,omitempty"`
	Sources   []sourceJSON `json:"sources"`
}

type pointJSON struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

type rangeJSON struct {
	Kind        string    `json:"kind"`
	Scenario    string    `json:"scenario,omitempty"`
	Min         uint8     `json:"min"`
	Max         uint8     `json:"max"`
	Headline    uint8     `json:"headline"`
	Shares      []float64 `json:"shares"`
	NoData      float64   `json:"no_data"`
	Undecided   float64   `json:"undecided"`
	Approximate bool      `json:"approximate"`
	NoneInArea  bool      `json:"none_in_area,omitempty"`
}

type sourceJSON struct {
	Name string `json:"name"`
	Date string `json:"date"`
}

// places answers a text with the places that it may mean. Suggestions are asked
// for while somebody types: ?suggest=true.
func (s *server) places(r *http.Request, set *openSet) (reply, error) {
	values, err := questionValues(r)
	if err != nil {
		return reply{}, err
	}
	q, err := parsePlacesQuestion(values)
	if err != nil {
		return reply{}, err
	}
	answer, err := set.findPlaces(q)
	if err != nil {
		return reply{}, err
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(noStore, body), nil
}

type placesQuestion struct {
	query   gazetteer.Query
	suggest bool
	lang    i18n.Lang
}

// mostPlaces bounds how many candidates a program may ask for.
const mostPlaces = 50

func parsePlacesQuestion(values map[string][]string) (placesQuestion, error) {
	q := placesQuestion{lang: i18n.Japanese}
	for name, given := range values {
		if len(given) != 1 {
			return q, badRequest("a parameter is given more than once")
		}
		var err error
		switch text := given[0]; name {
		case "q":
			q.query.Text = text
		case "lang":
			q.lang, err = parseLang(text)
		case "limit":
			q.query.Limit, err = parseWhole("limit", text, 1, mostPlaces)
		case "suggest":
			q.suggest, err = parseBool("suggest", text)
		default:
			err = badRequest("unknown parameter; want q, lang, limit, suggest")
		}
		if err != nil {
			return q, err
		}
	}
	if q.query.Text == "" {
		return q, badRequest("q: want the text to look for")
	}
	return q, nil
}

// findPlaces answers with the surest places of all datasets.
func (o *openSet) findPlaces(q placesQuestion) (placesAnswer, error) {
	d, result, err := o.searchPlaces(q)
	if err != nil {
		return placesAnswer{}, err
	}
	return d.placesAnswer(result, q.lang), nil
}

// searchPlaces asks every dataset and returns what the surest one found.
func (o *openSet) searchPlaces(q placesQuestion) (from *served, best gazetteer.Result, err error) {
	for _, d := range o.datasets {
		if d.Places == nil {
			continue
		}
		ask := d.Places.Search
		if q.suggest {
			ask = d.Places.Suggest
		}
		result, err := ask(q.query)
		if errors.Is(err, gazetteer.ErrTooLong) {
			return nil, best, badRequest("q: want at most " + strconv.Itoa(gazetteer.MaxRunes) + " characters")
		}
		if err != nil {
			return nil, best, err
		}
		if from == nil || surer(result, best) {
			from, best = d, result
		}
	}
	if from == nil {
		return nil, best, &problem{status: http.StatusServiceUnavailable, detail: "this server holds no gazetteer"}
	}
	return from, best, nil
}

// surer reports whether a found something and b did not, or a better match.
func surer(a, b gazetteer.Result) bool {
	return len(a.Candidates) > 0 && (len(b.Candidates) == 0 || a.Candidates[0].Match < b.Candidates[0].Match)
}

func (d *served) placesAnswer(result gazetteer.Result, lang i18n.Lang) placesAnswer {
	a := placesAnswer{Query: result.Query, Read: []spanJSON{}, Unread: result.Unread, Candidates: []placeJSON{}, More: result.More}
	for _, s := range result.Read {
		a.Read = append(a.Read, spanJSON{s.From, s.To, s.As.String(), s.Text})
	}
	if result.Hint != gazetteer.NoHint {
		a.Hint = &hintJSON{Code: string(result.Hint)}
		if result.Hint != gazetteer.HintContinueTyping { // nothing to say to somebody who is typing
			a.Hint.Text = i18n.For(lang).T("hint."+string(result.Hint), i18n.Str("city", d.cityName(lang)))
		}
	}
	for i := range result.Candidates {
		a.Candidates = append(a.Candidates, d.placeJSON(&result.Candidates[i]))
	}
	return a
}

// cityName returns the name of the city as readers of a language read it.
func (d *served) cityName(lang i18n.Lang) string {
	area := d.Index.Area()
	if lang.Japanese() || area.Romaji == "" {
		return area.Name
	}
	return area.Romaji
}

func (d *served) placeJSON(c *gazetteer.Candidate) placeJSON {
	p := placeJSON{
		ID: c.ID, Number: c.Number, Match: c.Match.String(), Precision: c.Precision.String(), Radius: int(c.Radius + 0.5),
		Label:     labelJSON{c.Label.Ja, c.Label.Kana, c.Label.Romaji},
		RiskScope: c.RiskScope(), Completed: []string{}, Sources: []sourceJSON{},
	}
	for _, part := range c.Completed {
		p.Completed = append(p.Completed, part.String())
	}
	for _, s := range c.Sources {
		p.Sources = append(p.Sources, sourceJSON{s.Name, s.Date})
	}
	if c.Point != nil {
		p.Point = &pointJSON{c.Point.Lat, c.Point.Lon}
	}
	if !c.Bounds.IsZero() {
		p.Bounds = []float64{c.Bounds.West, c.Bounds.South, c.Bounds.East, c.Bounds.North}
	}
	area := c.ID
	if c.AreaID != "" && c.AreaID != c.ID {
		area, p.Area = c.AreaID, c.AreaID
	}
	if p.RiskScope == "range" {
		p.Range = d.rangeJSON(area)
	}
	return p
}

// rangeJSON joins what may happen in the area of a place.
func (d *served) rangeJSON(id string) []rangeJSON {
	ranges, _ := d.Index.Range(id)
	var all []rangeJSON
	for _, r := range ranges {
		all = append(all, rangeJSON{
			Kind: r.Kind.String(), Scenario: r.Scenario.String(), Min: r.Min, Max: r.Max, Headline: r.Headline, Shares: slices.Clone(r.Shares),
			NoData: r.NoData, Undecided: r.Undecided, Approximate: r.Approximate, NoneInArea: r.NoneInArea,
		})
	}
	return all
}
