package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"hazardmap/i18n"
)

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

// parseLang reads the language of an answer; "" is Japanese.
func parseLang(s string) (i18n.Lang, error) {
	if s == "" {
		return i18n.Japanese, nil
	}
	lang, ok := i18n.Parse(s)
	if !ok {
		return "", badRequest("lang: want ja, ja-easy, en, es, pt, vi or tl")
	}
	return lang, nil
}

func parseWhole(name, s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, badRequest(fmt.Sprintf("%s: want a whole number from %d to %d", name, least, most))
	}
	return n, nil
}

func parseBool(name, s string) (bool, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, badRequest(name + ": want true or false")
}
