package view

import (
	"math"
	"net/url"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/i18n"
)

// TestSearchTellsWhatWasRead answers a town in the response to its form: with
// the number and the building that the data do not hold, and none of them in
// an address.
func TestSearchTellsWhatWasRead(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		page := Handle(d, Request{Post: true, Path: "/" + string(lang) + "/search", Form: url.Values{"q": {fakeFound.Result.Query}}})
		body, c := string(page.Body), i18n.For(lang)
		if page.Status != 200 || !page.Place {
			t.Errorf("%s: %d, place %v", lang, page.Status, page.Place)
		}
		for _, want := range []string{c.T("search.read", i18n.Str("text", "川原町 / 5 / ひばり荘")), c.T("search.number", i18n.Str("number", "5")), "みほんしかわらまち", "Kawara-machi, Mihon-shi"} {
			if !strings.Contains(plainText(body), plainText(want)) {
				t.Errorf("%s: does not say %q", lang, want)
			}
		}
		if strings.Contains(body, url.QueryEscape("ひばり荘")) || strings.Contains(body, "/search?") || !strings.Contains(body, `href="/vi/place/town-1?match=verified`) {
			t.Errorf("%s: the text stands in an address, or the links do not lead to the town", lang)
		}
	}
}

// TestQuestionsEndOnce: "did you mean this place?" takes no stop behind its sign,
// on the page of the candidates and on the answer they lead to.
func TestQuestionsEndOnce(t *testing.T) {
	d := fakeDataset(worstHome()...)
	for _, lang := range i18n.Langs() {
		c := i18n.For(lang)
		found := Handle(d, Request{Post: true, Path: "/" + string(lang) + "/search", Form: url.Values{"q": {"x"}}})
		_, answer := get(t, d, "/"+string(lang)+"/at/"+position+"?from=town-1&match=similar&precision=block&radius=60")
		for _, body := range []string{string(found.Body), answer} {
			text := plainText(body)
			if question := plainText(c.T("match.similar")); !says(text, question) || strings.Contains(text, "?.") || strings.Contains(text, "?。") {
				t.Errorf("%s: %q is not asked, or ends twice", lang, question)
			}
		}
	}
}

func TestOfficeIsAPlaceWithAName(t *testing.T) {
	_, body := get(t, fakeDataset(worstHome()...), "/en/place/office-1")
	text := plainText(body)
	for _, want := range []string{"見本電機 本社", "It is somewhere in Kawara-machi, Mihon-shi", "46%"} {
		if !says(text, want) {
			t.Errorf("does not say %q", want)
		}
	}
}

// TestParentLotIsARange answers for the surroundings of the lot, not for its
// town and not for a point.
func TestParentLotIsARange(t *testing.T) {
	d := fakeDataset(worstHome()...)
	const spread = "?from=town-1&precision=parent-lot&match=verified&radius="
	_, body := get(t, d, "/en/at/"+position+spread+"105")
	if text := plainText(body); !says(text, "the 105 metres around it") || !strings.Contains(body, `class="answer town"`) || says(text, "46%") || !says(text, "100%") {
		t.Errorf("the surroundings of a lot: %.600s", text)
	}
	_, body = get(t, d, "/en/at/"+position+spread+"9000")
	if text := plainText(body); !says(text, "46%") {
		t.Errorf("a lot spread over 9 km is not answered as its town: %.600s", text)
	}
}

func TestAroundHoldsTheCircle(t *testing.T) {
	for _, lat := range []float64{24, 36.3, 45.5} {
		at := geo.Point{Lat: lat, Lon: 139.2}
		ring := around(at, 368)[0][0]
		for i := range ring[1:] {
			middle := geo.Point{Lon: (ring[i][0] + ring[i+1][0]) / 2, Lat: (ring[i][1] + ring[i+1][1]) / 2}
			if d := float64(at.Distance(middle)); d < 367.5 || d > 375 {
				t.Errorf("at %v degrees the edge lies %.1f m away, want 368 m or a little more", lat, d)
			}
		}
		if ring[0] != ring[len(ring)-1] || math.IsNaN(ring[0][0]) {
			t.Errorf("ring %v is not closed", ring)
		}
	}
}

func TestLinksRepeatOnlyWhatPagesKnow(t *testing.T) {
	_, body := get(t, fakeDataset(worstHome()...), "/en/place/town-1?match=verified&secret=1&q=x&floor=2&text=large")
	if strings.Contains(body, "secret") || strings.Contains(body, "q=x") || !strings.Contains(body, `/ja/place/town-1?floor=2&amp;match=verified"`) {
		t.Errorf("links repeat an unknown parameter, or lose a known one")
	}
}

func TestCandidatePathHoldsNoText(t *testing.T) {
	v := newVisit(fakeDataset(), Request{Path: "/ja/search"}, i18n.Japanese, "search")
	point := geo.Point{Lon: 139.123456789, Lat: 36.987654321}
	for want, c := range map[string]gazetteer.Candidate{
		"/ja/place/t?match=verified&precision=town": {ID: "t", AreaID: "t", Number: "410", Match: gazetteer.Verified, Precision: gazetteer.PrecisionTown},
		"/ja/place/o?match=verified&precision=town": {ID: "o", AreaID: "t", Match: gazetteer.Verified, Precision: gazetteer.PrecisionTown},
		"/ja/at/36.98765,139.12346?from=t&match=similar&precision=block&radius=60": {ID: "t", AreaID: "t", Number: "4-10", Match: gazetteer.Similar,
			Precision: gazetteer.PrecisionBlock, Radius: 60, Point: &point},
	} {
		if got := v.candidateHref(c); got != want {
			t.Errorf("candidateHref = %q, want %q", got, want)
		}
	}
}
