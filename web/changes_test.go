package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/hazard/diff"
	"hazardmap/i18n"
)

// goneReport is what changed since an edition with one more shelter.
func goneReport() *diff.Report {
	zone := hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, Shape: orb.MultiPolygon{}}
	changes := hazard.Changes{Kind: hazard.FloodDepth, Scenario: hazard.Max, SquareMetres: 1e6, NewlyInside: 250_000,
		Before: hazard.Range{Kind: hazard.FloodDepth, Scenario: hazard.Max, Shares: []float64{1, 0, 0, 0, 0, 0, 0}},
		After:  hazard.Range{Kind: hazard.FloodDepth, Scenario: hazard.Max, Shares: []float64{0.75, 0, 0, 0.25, 0, 0, 0}, Max: 3, Headline: 3}}
	return &diff.Report{
		Before: diff.Summary{Name: "2024", Version: "aaaa"}, After: diff.Summary{Name: "2025", Version: "bbbb"},
		Shelters: diff.Shelters{Gone: []area.Shelter{{Shelter: hazard.Shelter{Name: "旧<小>学校"}}},
			Changed: []diff.ShelterChange{{After: area.Shelter{Shelter: hazard.Shelter{Name: "公民館"}}, NowMisplaced: []hazard.ShelterHazard{hazard.ShelterFlood}, Moved: 40}}},
		Hazards: []diff.Hazard{{Changes: changes, Zones: diff.Zones{After: 1, Changes: []diff.ZoneChange{{What: diff.Appeared, After: &zone}}}}},
		Towns:   []diff.Town{{Place: hazard.Place{ID: testTown, Name: "柴町"}, Changes: []hazard.Changes{changes}}},
	}
}

// withBefore is a server whose dataset has an edition before.
func withBefore(t *testing.T, before func(context.Context) (*diff.Report, error)) *server {
	d := testCity(t)
	d.Before = before
	return testServer(t, Options{Datasets: []*Dataset{d}})
}

func TestChangesPage(t *testing.T) {
	s := withBefore(t, func(context.Context) (*diff.Report, error) { return goneReport(), nil })
	for _, lang := range i18n.Langs() {
		w := ask(s, "GET", "/"+string(lang)+"/changes")
		body := w.Body.String()
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", lang, w.Code)
		}
		for _, want := range []string{"旧&lt;小&gt;学校", "250\u202f000 m²", "柴町", `role="alert"`, "/" + string(lang) + "/place/" + testTown} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page lacks %s", lang, want)
			}
		}
		if gone, ground := strings.Index(body, "旧&lt;"), strings.Index(body, "250\u202f000"); gone > ground {
			t.Errorf("%s: the shelter that is gone is not told first", lang)
		}
		if strings.Contains(body, "changes.") || strings.Contains(body, "{n}") {
			t.Errorf("%s: a text is missing", lang)
		}
	}
}

func TestChangesWithoutBefore(t *testing.T) {
	w := ask(testServer(t, Options{}), "GET", "/en/changes")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), i18n.For(i18n.English).T("changes.none")) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestChangesAreComparedOnce: a visitor who comes while the editions are being
// compared is asked to come again.
func TestChangesAreComparedOnce(t *testing.T) {
	finish, calls := make(chan struct{}), 0
	s := withBefore(t, func(context.Context) (*diff.Report, error) {
		calls++
		<-finish
		return goneReport(), nil
	})
	w := ask(s, "GET", "/en/changes")
	if w.Code != http.StatusOK || w.Header().Get("Refresh") == "" || w.Header().Get("Cache-Control") != noStore {
		t.Errorf("while comparing: %d %v", w.Code, w.Header())
	}
	close(finish)
	for range 100 {
		if w = ask(s, "GET", "/en/changes"); w.Header().Get("Refresh") == "" {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if !strings.Contains(w.Body.String(), "柴町") || calls != 1 {
		t.Errorf("after %d comparisons: %s", calls, w.Body)
	}
}

func TestChangesFailed(t *testing.T) {
	s := withBefore(t, func(context.Context) (*diff.Report, error) { return nil, errors.New("damaged") })
	w := ask(s, "GET", "/ja/changes")
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "damaged") || !strings.Contains(w.Body.String(), i18n.For(i18n.Japanese).T("changes.failed")) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
