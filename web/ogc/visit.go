package ogc

import (
	"context"
	"mime"
	"strconv"
	"strings"

	"golang.org/x/text/language"

	"hazardmap/i18n"
)

// visit is one request while it is answered.
type visit struct {
	*Service
	Request
	ctx         context.Context
	path        []string // below the landing page
	html        bool
	lang        i18n.Lang
	text        *i18n.Catalogue
	collections []*collection
}

func (s *Service) visit(ctx context.Context, r Request) (*visit, error) {
	v := &visit{Service: s, Request: r, ctx: ctx}
	if below := strings.Trim(strings.TrimPrefix(r.Path, Root), "/"); below != "" {
		v.path = strings.Split(below, "/")
	}
	var err error
	if v.html, err = v.format(); err != nil {
		return nil, err
	}
	if v.lang, err = v.language(); err != nil {
		return nil, err
	}
	v.text = i18n.For(v.lang)
	v.collections, err = s.open(ctx)
	return v, err
}

// format chooses between HTML and JSON: by f, else by Accept.
func (v *visit) format() (html bool, err error) {
	if given, ok := v.Query["f"]; ok {
		switch given[len(given)-1] {
		case "html":
			return true, nil
		case "json":
			return false, nil
		}
		return false, wrong("f: want json or html")
	}
	bestHTML, bestJSON := 0.0, 0.0
	for _, header := range v.Accept {
		for item := range strings.SplitSeq(header, ",") {
			kind, params, err := mime.ParseMediaType(item)
			if err != nil {
				continue
			}
			weight := 1.0
			if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
				weight = q
			}
			switch {
			case kind == "text/html" || kind == "application/xhtml+xml":
				bestHTML = max(bestHTML, weight)
			case strings.HasSuffix(kind, "json") || kind == "*/*" || kind == "application/*":
				bestJSON = max(bestJSON, weight)
			}
		}
	}
	return bestHTML > 0 && bestHTML >= bestJSON, nil
}

var (
	spoken  = []i18n.Lang{i18n.Japanese, i18n.English, i18n.Spanish, i18n.Portuguese, i18n.Vietnamese, i18n.Filipino}
	matcher = language.NewMatcher([]language.Tag{language.Japanese, language.English, language.Spanish,
		language.BrazilianPortuguese, language.Vietnamese, language.Filipino})
)

// language chooses the language of titles: by lang, else by Accept-Language.
func (v *visit) language() (i18n.Lang, error) {
	if given, ok := v.Query["lang"]; ok {
		lang, ok := i18n.Parse(given[len(given)-1])
		if !ok {
			return "", wrong("lang: want ja, ja-easy, en, es, pt, vi or tl")
		}
		return lang, nil
	}
	wanted, _, err := language.ParseAcceptLanguage(v.AcceptLanguage)
	if err != nil || len(wanted) == 0 {
		return i18n.Japanese, nil
	}
	_, i, _ := matcher.Match(wanted...)
	return spoken[i], nil
}

// only refuses parameters that a resource does not know, and any that is given
// twice.
func (v *visit) only(names ...string) error {
	names = append(names, "f", "lang")
	for name, given := range v.Query {
		known := false
		for _, n := range names {
			known = known || n == name
		}
		if !known {
			return wrong("unknown parameter; want %s", strings.Join(names, ", "))
		}
		if len(given) != 1 {
			return wrong("%s is given more than once", name)
		}
	}
	return nil
}

// link is one link of a document.
type link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	HrefLang  string `json:"hreflang,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// Media types.
const (
	typeJSON    = "application/json"
	typeGeoJSON = "application/geo+json"
	typeHTML    = "text/html"
	typeSchema  = "application/schema+json"
	typeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
)

// relOGC begins the link relations that OGC defines.
const relOGC = "http://www.opengis.net/def/rel/ogc/1.0/"

// url is the address of a resource below the landing page.
func (v *visit) url(path ...string) string {
	return v.Base + Root + "/" + strings.Join(path, "/")
}

// here is the address of this very resource.
func (v *visit) here() string {
	if len(v.path) == 0 {
		return v.Base + Root
	}
	return v.url(v.path...)
}

// selves are the links to a document itself and to its other form.
func (v *visit) selves(jsonType string) []link {
	as := func(f string) string {
		query := map[string][]string{}
		for name, given := range v.Query {
			query[name] = given
		}
		query["f"] = []string{f}
		return v.here() + "?" + encode(query)
	}
	own, other := link{Href: as("json"), Rel: "self", Type: jsonType}, link{Href: as("html"), Rel: "alternate", Type: typeHTML}
	if v.html {
		own, other = link{Href: as("html"), Rel: "self", Type: typeHTML}, link{Href: as("json"), Rel: "alternate", Type: jsonType}
	}
	own.HrefLang = v.lang.Tag()
	return []link{own, other}
}
