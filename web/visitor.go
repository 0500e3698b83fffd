package web

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Cookies of the site: two choices of the visitor, nothing that names them.
const (
	langCookie  = "lang"
	prefsCookie = "look"
	cookieAge   = 365 * 24 * 60 * 60 // seconds
)

// pageLang returns the language that a page's path names.
func pageLang(r *http.Request) (i18n.Lang, bool) {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return i18n.Parse(first)
}

// cookies keeps what the visitor chose with this page. A public terminal keeps
// no language, and no setting beyond the screen that greets the next one.
func (s *server) cookies(r *http.Request, page view.Page) []*http.Cookie {
	if s.greets(r) {
		if cookieValue(r, prefsCookie) == "" {
			return nil
		}
		gone := s.cookie(r, prefsCookie, "")
		gone.MaxAge = -1
		return []*http.Cookie{gone}
	}
	var cookies []*http.Cookie
	if page.Prefs != nil {
		cookies = append(cookies, s.cookie(r, prefsCookie, page.Prefs.String()))
	}
	if lang, ok := pageLang(r); ok && page.Status == http.StatusOK && !s.opts.Kiosk && cookieValue(r, langCookie) != string(lang) {
		cookies = append(cookies, s.cookie(r, langCookie, string(lang)))
	}
	return cookies
}

// greets reports whether a request is for the screen between two visitors.
func (s *server) greets(r *http.Request) bool {
	return s.opts.Kiosk && strings.HasSuffix(r.URL.Path, "/kiosk")
}

func (s *server) cookie(r *http.Request, name, value string) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: cookieAge, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.origin.secure(r)}
	if s.opts.Kiosk {
		c.MaxAge = 0 // gone when the browser is closed
	}
	return c
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *server) prefs(r *http.Request) view.Prefs {
	if s.greets(r) {
		return view.Prefs{}
	}
	return view.ParsePrefs(cookieValue(r, prefsCookie))
}

// visitorLang chooses by the cookie, then by Accept-Language.
func visitorLang(r *http.Request) i18n.Lang {
	if lang, ok := i18n.Parse(cookieValue(r, langCookie)); ok {
		return lang
	}
	header := r.Header.Get("Accept-Language")
	if header == "" {
		return i18n.Japanese
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return i18n.Japanese
	}
	_, i, sure := matcher.Match(wanted...)
	if sure < language.High {
		return i18n.EasyJapanese // most foreign residents read it better than English
	}
	return matched[i]
}

// matched are the languages in the order in which matcher knows them.
var matched = []i18n.Lang{i18n.Japanese, i18n.English, i18n.Spanish, i18n.Portuguese, i18n.Vietnamese, i18n.Filipino}

var matcher = language.NewMatcher([]language.Tag{language.Japanese, language.English, language.Spanish,
	language.BrazilianPortuguese, language.Vietnamese, language.Filipino})
