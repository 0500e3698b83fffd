package view

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

var drawnMap = regexp.MustCompile(`(?s)<svg class="map".*?</svg>`)

func gzipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// TestPagesAreSmall: one TCP initial window, 14 KB, for home, search and answer
// with their style; the map is counted apart.
func TestPagesAreSmall(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		pages := map[string]string{}
		for _, address := range []string{"", "at/" + position, "place/town-1"} {
			_, pages[address] = get(t, d, "/"+string(lang)+"/"+address)
		}
		found := Handle(d, Request{Post: true, Path: "/" + string(lang) + "/search", Form: url.Values{"q": {"x"}}})
		pages["search"] = string(found.Body)
		for address, body := range pages {
			text := drawnMap.ReplaceAllString(body, "")
			if n := gzipped(t, text); n > 14_000 || len(text) > 60_000 {
				t.Errorf("%s/%s: %d bytes, %d compressed, want at most 60,000 and 14,000", lang, address, len(text), n)
			}
		}
	}
}

var inlineStyle = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

// TestPageHoldsTheStyle: a page holds the styles that the policy names by their
// hashes; those of a terminal are not sent to a phone.
func TestPageHoldsTheStyle(t *testing.T) {
	for _, tt := range []struct {
		kiosk bool
		want  []string
	}{{false, []string{StyleSheet()}}, {true, []string{StyleSheet(), KioskSheet()}}} {
		page := Handle(fakeDataset(), Request{Path: "/ja/", Kiosk: tt.kiosk})
		var styles []string
		for _, m := range inlineStyle.FindAllStringSubmatch(string(page.Body), -1) {
			styles = append(styles, m[1])
			if strings.Contains(m[1], "url(") {
				t.Error("the style leaves the page")
			}
		}
		if !slices.Equal(styles, tt.want) {
			t.Errorf("kiosk %t: the page holds %d styles, others than those that are hashed", tt.kiosk, len(styles))
		}
	}
	if strings.Contains(StyleSheet(), "60px") || !strings.Contains(KioskSheet(), "60px") {
		t.Error("the targets of a terminal are not in its own sheet")
	}
}

func TestJSONIsJSON(t *testing.T) {
	findings := worstHome()
	findings[2].Rank, findings[2].Within100 = hazard.RankUnknown, hazard.RankUnknown
	findings[0].Zones[0].River = "quote \" slash \\ control \x01 bad \xff <b>"
	d := fakeDataset(findings...)
	for _, lang := range i18n.Langs() {
		answer := d.Risks.Answer(geo.Point{Lat: 36.3, Lon: 139.19}, hazard.Home{})
		raw := AppendRiskJSON(nil, d, i18n.For(lang), answer)
		var got struct {
			At      struct{ Lat, Lon float64 }
			Action  struct{ Code, Text string }
			Hazards []struct {
				Kind, Status, Text string
				Rank               any
				Nearby             map[string]any
				Zones              []struct{ River string }
			}
			Shelters []struct {
				Name     string
				Suitable map[string]bool
			}
			Limits  []string
			Dataset struct{ ID, Edition, Version string }
		}
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatalf("%s: %v in %s", lang, err, raw)
		}
		if got.At.Lat != 36.3 || got.Action.Code != "leave" || got.Action.Text == "" || len(got.Hazards) != len(findings) || len(got.Shelters) != 3 || len(got.Limits) < 6 || got.Dataset.ID != "99999" {
			t.Errorf("%s: %+v", lang, got)
		}
		if got.Hazards[2].Rank != "unknown" || got.Hazards[2].Nearby["within_100m"] != "unknown" {
			t.Errorf("a class that could not be read is %v, near by %v", got.Hazards[2].Rank, got.Hazards[2].Nearby)
		}
		if river := got.Hazards[0].Zones[0].River; river != "quote \" slash \\ control \x01 bad \ufffd <b>" {
			t.Errorf("river %q", river)
		}
		ranges, _ := d.Risks.Range("town-1")
		if raw := AppendRangeJSON(nil, d, i18n.For(lang), fakeFound, ranges, hazard.Home{}); !json.Valid(raw) {
			t.Errorf("%s: range is not JSON: %s", lang, raw)
		}
	}
}

func FuzzJSONText(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", "\"\\", "\x00\x1f\u2028", "\xff\xfe", "避難", "\U0001f3e0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		j := jsonWriter{}
		j.value().text(s)
		var got string
		if err := json.Unmarshal(j.b, &got); err != nil {
			t.Fatalf("text(%q) = %s: %v", s, j.b, err)
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); len(s) > 0 && got != want && strings.Count(got, "\ufffd") == 0 {
			t.Errorf("text(%q) reads back as %q", s, got)
		}
	})
}

func TestMapStyleIsJSON(t *testing.T) {
	d := fakeDataset(worstHome()...)
	d.Tilesets = []string{"base", "flood", "landslide", "places"}
	for _, lang := range i18n.Langs() {
		page, body := get(t, d, "/"+string(lang)+"/style.json")
		var style struct {
			Version int
			Sources map[string]struct{ Tiles []string }
			Layers  []struct{ ID, Type, Source string }
		}
		if err := json.Unmarshal([]byte(body), &style); err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		if page.Type != "application/json" || style.Version != 8 || len(style.Layers) < 15 {
			t.Errorf("%s: %s, %+v", lang, page.Type, style)
		}
		for name, source := range style.Sources {
			for _, address := range source.Tiles {
				if want := "https://map.example.jp/tiles/" + name + "/0123456789abcdef/{z}/{x}/{y}.mvt"; address != want {
					t.Errorf("tiles %q, want %q", address, want)
				}
			}
		}
	}
	if page := Handle(d, Request{Path: "/ja/style.json"}); page.Status != 400 {
		t.Errorf("without an origin the style is %d", page.Status)
	}
}

func TestTextSaysWhatThePageSays(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		c := i18n.For(lang)
		text := Text(d, c, d.Risks.Answer(geo.Point{Lat: 36.3, Lon: 139.19}, hazard.Home{}))
		for _, key := range []string{"action.leave", "limit.white", "limits.title", "sources.title", "contacts.title", "near.title", "shelter.title", "status.undecided", "status.no-data"} {
			if !strings.Contains(text, c.T(key)) {
				t.Errorf("%s: does not say %s", lang, key)
			}
		}
		if key := missing.FindString(text); key != "" {
			t.Errorf("%s: no text for %s", lang, key)
		}
		ranges, _ := d.Risks.Range("town-1")
		if text := TextRange(d, c, fakeFound, ranges, hazard.Home{}); !strings.Contains(text, "46") || missing.MatchString(text) {
			t.Errorf("%s: %s", lang, text)
		}
	}
}

func TestPrefs(t *testing.T) {
	for _, s := range []string{"n", "l", "x", "nr", "xrcp"} {
		if got := ParsePrefs(s).String(); got != s {
			t.Errorf("ParsePrefs(%q).String() = %q", s, got)
		}
	}
	if got := ParsePrefs("<script>"); got != (Prefs{}) {
		t.Errorf("a strange cookie is read as %+v", got)
	}
	page, body := get(t, fakeDataset(worstHome()...), "/ja-easy/at/"+position+"?text=2&furigana=off&contrast=on&palette=2&floor=2")
	if page.Prefs == nil || page.Prefs.String() != "xrcp" {
		t.Errorf("settings in an address give %v", page.Prefs)
	}
	if strings.Contains(body, "<ruby>") || !strings.Contains(body, `class="t2 hc p2"`) {
		t.Error("the settings do not change the page")
	}
	if strings.Contains(body, "furigana=off&amp;floor") || !strings.Contains(body, "floor=2") {
		t.Error("links carry settings, or lose the floor")
	}
}

func BenchmarkAnswerPage(b *testing.B) {
	d := fakeDataset(worstHome()...)
	b.ReportAllocs()
	for b.Loop() {
		Handle(d, Request{Path: "/ja-easy/at/" + position})
	}
}
