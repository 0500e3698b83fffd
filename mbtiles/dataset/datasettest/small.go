// Package datasettest builds a dataset that is small and whole, for the tests
// of whatever carries, keeps or serves datasets.
package datasettest

import (
	"context"
	"strings"
	"testing"

	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"

	"github.com/paulmach/orb"
)

// Small describes a town of one flood zone; the edition tells two apart.
func Small(id, edition string) dataset.Contents {
	cite := hazard.Source{Title: "見本", Attribution: "出典：<見本>", Licence: "CC BY 4.0", Edition: edition}
	square := func(side float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{139, 36}, {139 + side, 36}, {139 + side, 36 + side}, {139, 36 + side}, {139, 36}}}}
	}
	in := &hazard.Input{
		DatasetID: id,
		Area:      hazard.Area{Code: id, Name: "見本市", Boundary: square(0.01)},
		Sources:   []hazard.Source{cite},
		Zones:     []hazard.Zone{{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, River: "見本川", Shape: square(0.002)}},
	}
	in.Coverage = []hazard.Coverage{{Kinds: hazard.KindSet(0).With(hazard.FloodDepth), Area: in.Area.Boundary}}
	return dataset.Contents{
		Input: in, Edition: edition, CreatedWith: "test",
		Sources: []dataset.Source{{File: "a.geojson", SHA256: strings.Repeat("0", 64), Content: "hazard zones", Title: cite.Title,
			Attribution: cite.Attribution, Licence: cite.Licence, Edition: edition, Read: 1, Kept: 1}},
	}
}

// Build writes such a dataset and returns its version.
func Build(t testing.TB, out, id, edition string) string {
	t.Helper()
	report, err := dataset.Build(context.Background(), out, Small(id, edition), nil)
	if err != nil {
		t.Fatal(err)
	}
	return report.Version
}
