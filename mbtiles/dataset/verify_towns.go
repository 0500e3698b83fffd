package dataset

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"hazardmap/geo/geopackage"
	"hazardmap/hazard"
)

// sharesAgree is how far the shares of a town may be from those computed
// again: sums of many cells, on another machine.
const sharesAgree = 1e-9

// checkTowns computes the shares of every town again from its area in
// hazards.gpkg and compares them with those that the index answers.
func (v *verifier) checkTowns(ctx context.Context) error {
	f, err := geopackage.Open(filepath.Join(v.dir, shapesName))
	if err != nil {
		return err
	}
	defer f.Close()
	towns, err := readTowns(ctx, f)
	if errors.Is(err, ErrNoTowns) {
		return nil
	}
	if err != nil {
		return v.fault(shapesName, err)
	}
	for i, town := range towns {
		v.tell("check towns", i+1, len(towns))
		if err := ctx.Err(); err != nil {
			return err
		}
		stored, ok := v.index.Range(town.ID)
		if !ok || !sameShares(stored, v.index.AreaShares(town.Area)) {
			return v.fault(shapesName, fmt.Errorf("layer %s: the shares of %s %s are not those of the index", townsLayer, town.ID, town.Name))
		}
	}
	return nil
}

func sameShares(a, b []hazard.Range) bool {
	if len(a) != len(b) {
		return false
	}
	near := func(x, y float64) bool { return math.Abs(x-y) <= sharesAgree }
	for i := range a {
		p, q := &a[i], &b[i]
		if p.Kind != q.Kind || p.Scenario != q.Scenario || len(p.Shares) != len(q.Shares) || !near(p.NoData, q.NoData) || !near(p.Undecided, q.Undecided) {
			return false
		}
		for rank := range p.Shares {
			if !near(p.Shares[rank], q.Shares[rank]) {
				return false
			}
		}
	}
	return true
}
