package web

import (
	"errors"
	"net/http"
	"strconv"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
	"hazardmap/web/sheet"
	"hazardmap/web/view"
)

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
	d, result, err := set.searchPlaces(q)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(noStore, view.AppendPlacesJSON(nil, d.pages, i18n.For(q.lang), result)), nil
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
		case "near":
			q.query.Near, err = parseNear(text)
		case "suggest":
			q.suggest, err = parseBool("suggest", text)
		default:
			err = badRequest("unknown parameter; want q, lang, limit, near, suggest")
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

// parseNear reads the position of the visitor's device.
func parseNear(text string) (*geo.Point, error) {
	at, err := geo.ParsePoint(text)
	if err != nil {
		return nil, badRequest("near: want LAT,LON")
	}
	return &at, nil
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
		if from == nil || sheet.Surer(result, best) {
			from, best = d, result
		}
	}
	if from == nil {
		return nil, best, &problem{status: http.StatusServiceUnavailable, detail: "this server holds no gazetteer"}
	}
	return from, best, nil
}
