//go:build !js

package hazard

import (
	"bytes"
	"os"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// TestTownRangesHoldTheTrueClass asks for the addresses of the shelters of
// Isesaki, whose positions are known: the range over the town must name the
// class at the position, and never say "outside" where it floods.
func TestTownRangesHoldTheTrueClass(t *testing.T) {
	_, x := isesakiIndex(t)
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204", Boundary: x.Area().Boundary})
	for _, file := range []string{"abr_machiaza_isesaki_2022.csv", "geolonia_isesaki.json"} {
		data, err := os.ReadFile(published.Path(t, "addresses/"+file))
		if err != nil {
			t.Fatal(err)
		}
		format, _ := gazetteer.Recognise(data[:4096])
		if _, err := b.Add("伊勢崎市.json", format, gazetteer.Source{Name: file}, bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	}
	built, err := b.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	index, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	areas := map[string]orb.MultiPolygon{}
	for _, a := range built.Areas {
		areas[a.ID] = a.Shape
	}
	asked, held, dry := 0, 0, 0
	known := map[string]bool{}
	for _, name := range []string{"emergency", "evacuation"} {
		for _, f := range readFeatures(t, published.Path(t, "shelters/isesaki/102041_"+name+".geojson")) {
			address, point := f.Attr.Text("住所"), f.Geometry.(orb.Point)
			if known[address] {
				continue
			}
			known[address] = true
			got, err := index.Search(gazetteer.Query{Text: address})
			if err != nil || len(got.Candidates) == 0 {
				t.Errorf("Search(%q): %v, nothing found", address, err)
				continue
			}
			asked++
			at := geo.Point{Lon: point[0], Lat: point[1]}
			ranges := x.AreaShares(areas[got.Candidates[0].AreaID])
			in, outside := true, false
			for _, finding := range x.Findings(at.E7()) {
				for _, r := range ranges {
					if r.Kind != finding.Kind || r.Scenario != finding.Scenario || finding.Kind != FloodDepth {
						continue
					}
					in = in && r.Min <= finding.Rank && finding.Rank <= r.Max
					outside = outside || finding.Rank > 0 && r.Max == 0
				}
			}
			if in {
				held++
			}
			if outside {
				dry++
				t.Errorf("%s floods, and its town is said to lie outside", address)
			}
		}
	}
	t.Logf("of %d addresses the range of the town holds the true class of %d, %d are wrongly outside", asked, held, dry)
	if asked < 140 || held*100 < asked*98 {
		t.Errorf("of %d addresses the range holds the true class of %d, want 98 %%", asked, held)
	}
}
