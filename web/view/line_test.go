package view

import (
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// TestLineNearBy: a place beside a zone that is drawn only as a line never
// reads that there is no zone around.
func TestLineNearBy(t *testing.T) {
	line := status(hazard.LandslideDebris, 0, hazard.Undecided)
	line.LineWithin = 12
	d := fakeDataset(status(hazard.FloodDepth, hazard.Max, hazard.Outside), line)
	at := geo.Point{Lon: 139.2, Lat: 36.3}
	for _, lang := range i18n.Langs() {
		c := i18n.For(lang)
		pages := map[string]string{
			"text": Text(d, c, d.Risks.Answer(at, hazard.Home{})),
			"page": plainText(string(Handle(d, Request{Path: "/" + string(lang) + "/at/" + at.String()}).Body)),
		}
		for name, text := range pages {
			if strings.Contains(text, c.T("near.none")) {
				t.Errorf("%s, %s: says that no zone is near", lang, name)
			}
			if !strings.Contains(text, "12") {
				t.Errorf("%s, %s: does not say how near the line is", lang, name)
			}
		}
	}
}
