package sheet

import (
	"fmt"
	"strings"
	"testing"

	"hazardmap/hazard"
)

// TestTally: every row is counted once per kind, once for its town and, where it
// has a position, in one spot.
func TestTally(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,lat,lon,町名\n")
	const n = 20_000
	for i := range n {
		fmt.Fprintf(&rows, "%d,36.%04d,139.%04d,町%d\n", i, i*7%1000, i*13%2000, i%3)
	}
	rows.WriteString("x,36.05,139.005,\n\ny,?,139,町0\n")
	s, err := Open(strings.NewReader(rows.String()), CSV, Question{}, cities(t))
	if err != nil {
		t.Fatal(err)
	}
	tally, err := s.Tally(t.Context(), hazard.FloodDepth)
	if err != nil || tally.Rows != n+2 || tally.Count.Marked != 1 || len(tally.First) != mostLines || len(tally.Marked) != 1 {
		t.Fatalf("%+v, %d first, %d marked, %v", tally.Count, len(tally.First), len(tally.Marked), err)
	}
	if tally.Marked[0].Number != n+4 || tally.First[0].Number != 2 || tally.First[0].Cells[0] != "0" {
		t.Errorf("the rows are numbered %d and %d", tally.First[0].Number, tally.Marked[0].Number)
	}
	for _, k := range tally.Kinds {
		sum := 0
		for _, rows := range k.Rows {
			sum += rows
		}
		if sum != tally.Rows {
			t.Errorf("%v: %d rows of %d are counted", k.Kind, sum, tally.Rows)
		}
	}
	main := tally.Kinds[tally.Main]
	if main.Kind != hazard.FloodDepth || main.Inside() == 0 || main.Rows[SlotUnknown] == 0 || main.Rows[SlotUndecided] != 1 || main.Rows[SlotNoData] == 0 {
		t.Errorf("flood depth: %+v", main)
	}
	inTowns, inside := tally.NoTown, 0
	for _, town := range tally.Towns {
		inside += town.inside()
		for _, rows := range town.Rows {
			inTowns += rows
		}
	}
	if len(tally.Towns) != 3 || tally.NoTown != 1 || inTowns != tally.Rows || inside != main.Inside()-1 {
		t.Errorf("%d towns with %d rows, %d inside; %d without", len(tally.Towns), inTowns, inside, tally.NoTown)
	}
	spotted, worst := 0, 0
	for _, spot := range tally.Spots {
		spotted += spot.Rows
		if severity(spot.Slot) < worst {
			t.Fatal("a mild spot is drawn over a worse one")
		}
		worst = severity(spot.Slot)
	}
	if spotted != n+1 || len(tally.Spots) > mostSpots || len(tally.Spots) < 100 {
		t.Errorf("%d rows in %d spots", spotted, len(tally.Spots))
	}
}
