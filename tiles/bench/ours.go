package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// cutOurs writes all kinds into one file.
func cutOurs(ctx context.Context, out string, zones []hazard.Zone) error {
	kinds := hazard.KindSet(0)
	for _, z := range zones {
		kinds = kinds.With(z.Kind)
	}
	w, err := mbtiles.Create(out, mbtiles.Metadata{Name: "bench", Type: "overlay", Layers: tiles.ZoneLayers(kinds, tiles.CutOptions{})})
	if err != nil {
		return err
	}
	if _, err := tiles.Cut(ctx, zones, tiles.CutOptions{}, w.Put); err != nil {
		return err
	}
	return w.Close()
}

// checkOurs proves what was written: against the index, and with GEOS.
func checkOurs(ctx context.Context, out string, zones []hazard.Zone) error {
	var b bytes.Buffer
	in := &hazard.Input{DatasetID: "bench", Area: hazard.Area{Code: "10204", Name: "bench", Boundary: orb.MultiPolygon{orb.Bound{Min: orb.Point{138, 35}, Max: orb.Point{142, 38}}.ToPolygon()}},
		Zones: zones, Sources: []hazard.Source{{Title: "bench"}}}
	if err := hazard.WriteIndex(ctx, &b, in); err != nil {
		return err
	}
	index, err := hazard.OpenIndex(b.Bytes())
	if err != nil {
		return err
	}
	checker := tiles.NewChecker(zones, index, tiles.CheckOptions{})
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	invalid, polygons := make([]int, 32), make([]int, 32)
	report, err := mbtiles.VerifyEach(ctx, out, func(id tiles.ID, t tiles.Tile) error {
		group.Go(func() error { return checker.Tile(id, t) })
		for _, l := range t.Layers {
			for i := range l.Features {
				if f := &l.Features[i]; f.Type == tiles.Polygons {
					polygons[id.Z]++
					if !geosValid(f.Parts) {
						invalid[id.Z]++
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Printf("       %d tiles, largest %d bytes   target ≤ %d\n", report.Tiles, report.Largest, largestTarget)
	r := checker.Report()
	for _, z := range r.Zooms {
		fmt.Printf("       zoom %2d: %5d tiles, %7d polygons, invalid by GEOS %d   zones without trace %d   of %d points in zones dry %d, milder %d   of %d outside shown wet %.1f %%   unexcused %d\n",
			z.Zoom, z.Tiles, polygons[z.Zoom], invalid[z.Zoom], z.WithoutTrace, z.Wet, z.DryShown, z.Milder, z.Outside, 100*float64(z.FalseWet)/float64(max(z.Outside, 1)), z.Far)
	}
	return r.Err()
}
