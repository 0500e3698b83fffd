package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// riskQuestion is what a program asks about one position.
type riskQuestion struct {
	at   geo.Point
	home hazard.Home
	lang i18n.Lang
}

// risk answers a position as JSON.
func (s *server) risk(r *http.Request, set *openSet) (reply, error) {
	q, err := readRiskQuestion(r)
	if err != nil {
		return reply{}, err
	}
	d := set.at(q.at)
	body := d.riskJSON(d.Index.Answer(q.at, q.home), q.lang)
	rep := jsonReply(noStore, body)
	rep.header["Access-Control-Allow-Origin"] = "*"
	return rep, nil
}

func readRiskQuestion(r *http.Request) (riskQuestion, error) {
	values, err := questionValues(r)
	if err != nil {
		return riskQuestion{}, err
	}
	return parseRiskQuestion(values)
}

// questionValues reads the parameters of a question: from the address of a
// GET, from the form or the JSON object of a POST.
func questionValues(r *http.Request) (url.Values, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query of the address cannot be read")
	}
	if r.Method != http.MethodPost {
		return query, nil
	}
	form, err := bodyValues(r)
	if err != nil {
		return nil, err
	}
	for name, values := range query {
		form[name] = append(form[name], values...)
	}
	return form, nil
}

func bodyValues(r *http.Request) (url.Values, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, badRequest("the form cannot be read")
		}
		return form, nil
	case err == nil && kind == "application/json":
		return jsonValues(body)
	}
	return nil, &problem{status: http.StatusUnsupportedMediaType, detail: "want application/json or application/x-www-form-urlencoded"}
}

// jsonValues reads a flat JSON object as a form, numbers as they are written.
func jsonValues(body []byte) (url.Values, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, badRequest("the body is no JSON object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, badRequest("the body holds more than one JSON object")
	}
	values := url.Values{}
	for name, v := range object {
		switch v := v.(type) {
		case string:
			values.Set(name, v)
		case json.Number:
			values.Set(name, v.String())
		case bool:
			values.Set(name, strconv.FormatBool(v))
		case nil:
		default:
			return nil, badRequest("want plain values in the JSON object")
		}
	}
	return values, nil
}

func parseRiskQuestion(values url.Values) (riskQuestion, error) {
	q := riskQuestion{lang: i18n.Japanese}
	for name, given := range values {
		if len(given) != 1 {
			return q, badRequest("a parameter is given more than once")
		}
		switch name {
		case "lat", "lon", "lang", "floor", "storeys", "stocked":
		default:
			return q, badRequest("unknown parameter; want lat, lon, lang, floor, storeys, stocked")
		}
	}
	var err error
	if q.at.Lat, err = geo.ParseDegrees(values.Get("lat"), 90); err != nil {
		return q, badRequest("lat: want degrees as a plain decimal number between -90 and 90")
	}
	if q.at.Lon, err = geo.ParseDegrees(values.Get("lon"), 180); err != nil {
		return q, badRequest("lon: want degrees as a plain decimal number between -180 and 180")
	}
	if text := values.Get("lang"); text != "" {
		lang, ok := i18n.Parse(text)
		if !ok {
			return q, badRequest("lang: want ja, ja-easy, en, es, pt, vi or tl")
		}
		q.lang = lang
	}
	q.home, err = parseHome(values)
	return q, err
}

// topFloor is higher than any building with homes in Japan.
const topFloor = 100

func parseHome(values url.Values) (hazard.Home, error) {
	var home hazard.Home
	if text := values.Get("floor"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n == 0 || n < -9 || n > topFloor {
			return home, badRequest("floor: want 1 for the ground floor, 2 for the one above, -1 for a basement")
		}
		home.Floor = n
	}
	if text := values.Get("storeys"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > topFloor {
			return home, badRequest("storeys: want a whole number from 1")
		}
		home.Storeys = n
	}
	switch values.Get("stocked") {
	case "", "false":
	case "true":
		home.Stocked = true
	default:
		return home, badRequest("stocked: want true or false")
	}
	return home, nil
}
