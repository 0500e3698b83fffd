// Package url stands for net/url in the program of the phone: the values of an
// address and of a form, read and written as net/url does, without hosts.
package url

import (
	"errors"
	"slices"
	"strings"
)

// Values are the parameters of a query or a form.
type Values map[string][]string

// Get returns the first value of a name, "" if there is none.
func (v Values) Get(name string) string {
	if list := v[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// Set replaces the values of a name.
func (v Values) Set(name, value string) { v[name] = []string{value} }

// Add appends a value to a name.
func (v Values) Add(name, value string) { v[name] = append(v[name], value) }

// Del forgets a name.
func (v Values) Del(name string) { delete(v, name) }

// Has reports whether a name has a value.
func (v Values) Has(name string) bool {
	_, ok := v[name]
	return ok
}

// Encode writes the values, sorted by name.
func (v Values) Encode() string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		for _, value := range v[name] {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(QueryEscape(name) + "=" + QueryEscape(value))
		}
	}
	return b.String()
}

var (
	errEscape    = errors.New("invalid URL escape")
	errSemicolon = errors.New("invalid semicolon separator in query")
	errTooMany   = errors.New("number of URL query parameters exceeded limit")
)

// maxParams is the limit of net/url.
const maxParams = 10_000

// ParseQuery reads the parameters of a query or a form.
func ParseQuery(query string) (Values, error) {
	values := Values{}
	if strings.Count(query, "&") >= maxParams {
		return values, errTooMany
	}
	var fault error
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		if strings.Contains(pair, ";") {
			fault = errSemicolon
			continue
		}
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err1 := unescape(name, true)
		value, err2 := unescape(value, true)
		if err := errors.Join(err1, err2); err != nil {
			if fault == nil {
				fault = err
			}
			continue
		}
		values.Add(name, value)
	}
	return values, fault
}

// PathUnescape undoes the escapes of a path.
func PathUnescape(s string) (string, error) { return unescape(s, false) }

func unescape(s string, plus bool) (string, error) {
	if !strings.ContainsAny(s, "%+") {
		return s, nil
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			if i+2 >= len(s) {
				return "", errEscape
			}
			high, low := digit(s[i+1]), digit(s[i+2])
			if high < 0 || low < 0 {
				return "", errEscape
			}
			b = append(b, byte(high<<4|low))
			i += 2
		case s[i] == '+' && plus:
			b = append(b, ' ')
		default:
			b = append(b, s[i])
		}
	}
	return string(b), nil
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// QueryEscape writes a text so that it may stand in a query.
func QueryEscape(s string) string { return strings.ReplaceAll(escape(s, " "), " ", "+") }

// PathEscape writes a text so that it may stand between two slashes.
func PathEscape(s string) string { return escape(s, "$&+:=@") }

// escape escapes everything but letters, digits, -_.~ and what is free here.
func escape(s, free string) string {
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0, strings.IndexByte(free, c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}
