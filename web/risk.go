package web

import (
	"net/http"
	"net/url"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// riskQuestion is what a program asks about one position.
type riskQuestion struct {
	at   geo.Point
	home hazard.Home
	lang i18n.Lang
}

// risk answers a position as JSON.
func (s *server) risk(r *http.Request, set *openSet) (reply, error) {
	values, err := questionValues(r)
	if err != nil {
		return reply{}, err
	}
	q, err := parseRiskQuestion(values)
	if err != nil {
		return reply{}, err
	}
	d := set.at(q.at)
	return jsonReply(noStore, view.AppendRiskJSON(nil, d.pages, i18n.For(q.lang), d.Index.Answer(q.at, q.home))), nil
}

// topFloor is higher than any building with homes in Japan.
const topFloor = 100

func parseRiskQuestion(values url.Values) (riskQuestion, error) {
	q := riskQuestion{lang: i18n.Japanese}
	for name, given := range values {
		if len(given) != 1 {
			return q, badRequest("a parameter is given more than once")
		}
		text := given[0]
		if text == "" {
			continue // a form sends what was not filled in
		}
		var err error
		switch name {
		case "lat", "lon":
		case "lang":
			q.lang, err = parseLang(text)
		case "floor":
			if q.home.Floor, err = parseWhole(name, text, -9, topFloor); err == nil && q.home.Floor == 0 {
				err = badRequest("floor: want 1 for the ground floor, 2 for the one above, -1 for a basement")
			}
		case "storeys":
			q.home.Storeys, err = parseWhole(name, text, 1, topFloor)
		case "stocked":
			q.home.Stocked, err = parseBool(name, text)
		default:
			err = badRequest("unknown parameter; want lat, lon, lang, floor, storeys, stocked")
		}
		if err != nil {
			return q, err
		}
	}
	var err error
	if q.at.Lat, err = geo.ParseDegrees(values.Get("lat"), 90); err != nil {
		return q, badRequest("lat: want degrees as a plain decimal number between -90 and 90")
	}
	if q.at.Lon, err = geo.ParseDegrees(values.Get("lon"), 180); err != nil {
		return q, badRequest("lon: want degrees as a plain decimal number between -180 and 180")
	}
	return q, nil
}
