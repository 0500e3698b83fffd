package area

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// regions tells which of some areas hold a position, edges included. It is a
// look-up index of its own, so it is as exact and as fast as that.
type regions struct {
	index  *hazard.Index
	number []int // of the area, by zone
	box    orb.Bound
}

func newRegions(ctx context.Context, places []hazard.Place) (*regions, error) {
	r := new(regions)
	in := new(hazard.Input)
	for i, p := range places {
		box := geo.Bound(p.Area)
		if i == 0 {
			r.box = box
		}
		r.box = r.box.Union(box)
		in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.FloodDepth, Rank: 1, Number: strconv.Itoa(i), Shape: p.Area})
	}
	hazard.SortZones(in.Zones)
	var b bytes.Buffer
	if err := hazard.WriteIndex(ctx, &b, in); err != nil {
		return nil, fmt.Errorf("area: %w", err)
	}
	var err error
	if r.index, err = hazard.OpenIndex(b.Bytes()); err != nil {
		return nil, fmt.Errorf("area: %w", err)
	}
	for _, z := range in.Zones {
		n, err := strconv.Atoi(z.Number)
		if err != nil {
			return nil, err
		}
		r.number = append(r.number, n)
	}
	return r, nil
}

// each calls fn for every area that holds a position.
func (r *regions) each(points []geo.E7, fn func(i, area int)) {
	r.index.Batch(points, func(i int, hits []hazard.Hit) {
		for _, h := range hits {
			fn(i, r.number[h.Zone])
		}
	})
}
