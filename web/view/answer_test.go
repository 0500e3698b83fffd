package view

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hazardmap/hazard"
	"hazardmap/i18n"
)

// position is where the tests look; the fake city is the same everywhere.
const position = "36.2740,139.2244"

// TestNineRequirements holds the answer page to CONVENTIONS section 9, in
// every language.
func TestNineRequirements(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		_, body := get(t, d, "/"+string(lang)+"/at/"+position)
		c := i18n.For(lang)
		t.Run(string(lang), func(t *testing.T) {
			requirement1(t, d, lang)
			requirement2(t, body)
			requirement3(t, body, c)
			requirement4(t, body, c)
			requirement5(t, body)
			requirement6(t, body, lang)
			requirement7(t, body)
			requirement9(t, d, lang)
		})
	}
}

// 1: an HTML document with headings, reached by a POST form without a script.
func requirement1(t *testing.T, d *Dataset, lang i18n.Lang) {
	t.Helper()
	_, home := get(t, d, "/"+string(lang)+"/")
	if !strings.Contains(home, `<form class="search" method="post" action="/`+string(lang)+`/search"`) {
		t.Error("1: home has no POST form")
	}
	page := Handle(d, Request{Post: true, Path: "/" + string(lang) + "/search", Form: url.Values{"q": {"川原町"}}})
	if page.Status != 200 || !strings.Contains(string(page.Body), `class="answer town"`) {
		t.Errorf("1: the form leads to %d %q", page.Status, page.Location)
	}
	if strings.Contains(page.Location, "川") || strings.Contains(page.Location, "%E5") {
		t.Errorf("1: the address %q holds what was typed", page.Location)
	}
}

// 2: the order of the parts.
func requirement2(t *testing.T, body string) {
	t.Helper()
	last := -1
	for _, part := range []string{`class="which"`, `class="act `, `class="hazards"`, `class="near"`, `class="shelters"`, `class="limits"`, `class="sources"`, `class="contacts"`} {
		at := strings.Index(body, part)
		if at <= last {
			t.Errorf("2: %s stands at %d, after %d", part, at, last)
		}
		last = at
	}
}

// 3: every hazard line says one of the four statuses.
func requirement3(t *testing.T, body string, c *i18n.Catalogue) {
	t.Helper()
	text := plainText(body)
	for _, f := range worstHome() {
		want := c.T("status." + string(f.Status))
		if f.Status == hazard.Inside {
			want = c.T(ClassKey(f.Kind, f.Rank))
		}
		if !strings.Contains(text, c.T("kind."+f.Kind.String())) || !says(text, want) {
			t.Errorf("3: %v: no line with %q", f.Kind, want)
		}
	}
}

// 4: a class is said as numbers, as house, as action.
func requirement4(t *testing.T, body string, c *i18n.Catalogue) {
	t.Helper()
	text := plainText(body)
	for _, f := range worstHome() {
		if f.Status != hazard.Inside {
			continue
		}
		key := ClassKey(f.Kind, f.Rank)
		for _, want := range []string{c.T(key), c.T(key + ".house"), c.T(doKey(f.Kind, f.Rank))} {
			if !says(text, want) {
				t.Errorf("4: %v: does not say %q", f.Kind, want)
			}
		}
	}
}

// says compares without case: a phrase may begin a sentence.
func says(text, phrase string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(phrase))
}

// 5: colour never stands alone: every swatch holds a number or sign, and words
// follow it.
func requirement5(t *testing.T, body string) {
	t.Helper()
	for _, swatch := range regexp.MustCompile(`(?s)<svg class="sw".*?</svg>`).FindAllString(body, -1) {
		if !regexp.MustCompile(`>[0-9!?]</text>`).MatchString(swatch) || !strings.Contains(swatch, `aria-hidden="true"`) {
			t.Errorf("5: swatch without a sign: %s", swatch)
		}
	}
}

// 6: it reads correctly aloud.
func requirement6(t *testing.T, body string, lang i18n.Lang) {
	t.Helper()
	text := plainText(body)
	if unit := regexp.MustCompile(`[0-9] ?(m|km|cm)([^\p{L}]|$)`).FindString(text); unit != "" {
		t.Errorf("6: a unit is not a word: %q", unit)
	}
	if lang.Japanese() {
		return
	}
	outside := regexp.MustCompile(`(?s)<(span|g|li|dt|dd|a)[^>]* lang="ja(-Latn)?"[^>]*>.*?</(span|g|li|dt|dd|a)>|<style>.*?</style>`).ReplaceAllString(body, "")
	if i := strings.IndexFunc(plainText(outside), isJapanese); i >= 0 {
		text := plainText(outside)
		t.Errorf("6: Japanese without lang: %q", text[max(0, i-30):min(len(text), i+60)])
	}
}

func isJapanese(r rune) bool { return r >= 0x3041 && r <= 0x30ff || r >= 0x4e00 && r <= 0x9fff }

// 7: the result is announced, and focus can move to its heading.
func requirement7(t *testing.T, body string) {
	t.Helper()
	if !regexp.MustCompile(`<div role="status"><h2 id="action">`).MatchString(body) || !strings.Contains(body, `<h1 id="result" tabindex="-1">`) {
		t.Error("7: no live region around the action, or no heading to focus")
	}
}

// 9: four lines.
func requirement9(t *testing.T, d *Dataset, lang i18n.Lang) {
	t.Helper()
	_, body := get(t, d, "/"+string(lang)+"/at/"+position+"?form=short")
	section := regexp.MustCompile(`(?s)<div role="status">(.*?)</div>`).FindStringSubmatch(body)
	if section == nil || strings.Count(section[1], "<p>") != 4 {
		t.Errorf("9: the short form is %v", section)
	}
}

var (
	tags  = regexp.MustCompile(`(?s)<style>.*?</style>|<rp>.*?</ruby>|<[^>]*>`)
	units = strings.NewReplacer("&#39;", "'", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`)
)

// plainText is what is read of a page, without furigana.
func plainText(body string) string { return units.Replace(tags.ReplaceAllString(body, "")) }

func TestHomeChangesTheAnswer(t *testing.T) {
	flood := []hazard.Finding{
		inside(hazard.FloodDepth, hazard.Max, 2, 2, "見本川"), inside(hazard.FloodDuration, hazard.Max, 2, 2, "見本川"),
		status(hazard.CollapseFlow, hazard.Max, hazard.Outside), status(hazard.CollapseErosion, hazard.Max, hazard.Outside),
		status(hazard.LandslideSteep, 0, hazard.Outside), status(hazard.LandslideDebris, 0, hazard.Outside), status(hazard.LandslideSlide, 0, hazard.Outside),
	}
	collapse := append(flood[:2:2], inside(hazard.CollapseFlow, hazard.Max, 1, 1, "見本川"))
	tests := []struct {
		name, query string
		findings    []hazard.Finding
		want        string
		asks        bool
	}{
		{"floor not told", "", flood, "act leave", true},
		{"second floor", "?floor=2", flood, "act upstairs-possible", true},
		{"ground floor", "?floor=1", flood, "act leave", true},
		{"basement", "?floor=-1", flood, "act leave", true},
		{"a floor that no house has", "?floor=999", flood, "act leave", true},
		{"house collapse asks nothing", "?floor=5", collapse, "act leave", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, body := get(t, fakeDataset(tt.findings...), "/ja/at/"+position+tt.query)
			if !strings.Contains(body, `class="`+tt.want+`"`) {
				t.Errorf("%s does not say %q", tt.query, tt.want)
			}
			if got := strings.Contains(body, `class="ask"`); got != tt.asks {
				t.Errorf("asks about the home is %v, want %v", got, tt.asks)
			}
		})
	}
}

func TestSearch(t *testing.T) {
	d := fakeDataset(worstHome()...)
	tests := []struct {
		name, q  string
		location string // prefix, "" for a page
		says     string // key
	}{
		{"one sure town is answered here", "川原町", "", "place.whole"},
		{"a position", "36.2740, 139.2244", "/es/at/36.274,139.2244#result", ""},
		{"similar names are questions", "川腹町", "", "hint.did-you-mean"},
		{"nothing", "nothing", "", "search.nothing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := Handle(d, Request{Post: true, Path: "/es/search", Form: url.Values{"q": {tt.q}}})
			if tt.location != "" {
				if page.Status != 303 || !strings.HasPrefix(page.Location, tt.location) {
					t.Errorf("search %q leads to %d %q, want %q", tt.q, page.Status, page.Location, tt.location)
				}
				return
			}
			if want := i18n.For(i18n.Spanish).T(tt.says); !strings.Contains(plainText(string(page.Body)), want) {
				t.Errorf("search %q does not say %q", tt.q, want)
			}
		})
	}
	if page := Handle(d, Request{Path: "/es/search", Query: url.Values{"q": {"川原町"}}}); page.Location != "/es/" {
		t.Errorf("GET of the search leads to %q", page.Location)
	}
}

func TestTownIsARange(t *testing.T) {
	_, body := get(t, fakeDataset(worstHome()...), "/en/place/town-1?match=verified&precision=town")
	text := plainText(body)
	for _, want := range []string{
		"The answer differs within the area", "from outside every published zone to 3 metres to less than 5 metres (a small part: 5 metres to less than 10 metres)",
		"46%", "18%", "The border of the area is not published", "no zone is designated in Mihon City", "no data here", "Kawara-machi, Mihon-shi",
	} {
		if !says(text, want) {
			t.Errorf("does not say %q", want)
		}
	}
}

func TestShare(t *testing.T) {
	c := i18n.For(i18n.English)
	tests := []struct {
		part float64
		want string
	}{{1, "100%"}, {0.999, "over 99%"}, {0.455, "46%"}, {0.004, "under 1%"}, {0.0000001, "under 1%"}}
	for _, tt := range tests {
		if got := share(c, tt.part); got != tt.want {
			t.Errorf("share(%g) = %q, want %q", tt.part, got, tt.want)
		}
	}
}

// TestNoDataIsSaidOnceOfAll: the hazards without data stand in one block that
// names each of them, says that there are no data and that this is not safe.
func TestNoDataIsSaidOnceOfAll(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		c := i18n.For(lang)
		_, body := get(t, d, "/"+string(lang)+"/at/"+position+"?furigana=off")
		_, rest, _ := strings.Cut(body, `<div class="lines no-data">`)
		block, _, found := strings.Cut(rest, "</div>")
		text, note := strings.ToLower(plainText(block)), strings.ToLower(c.T("status.no-data.note"))
		for _, f := range worstHome() {
			if f.Status == hazard.NoData && !says(text, c.T("kind."+f.Kind.String())) {
				t.Errorf("%s: %v is not named in %q", lang, f.Kind, text)
			}
		}
		if !found || strings.Count(strings.Replace(text, note, "", 1), strings.ToLower(c.T("status.no-data"))) != 1 || !strings.Contains(text, note) {
			t.Errorf("%s: want once that there are no data, and that this is not safe: %q", lang, text)
		}
	}
}
