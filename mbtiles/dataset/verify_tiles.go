package dataset

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"

	"golang.org/x/sync/errgroup"
)

// checkTilesets checks every tileset as a file, and those of hazards against
// the zones: nothing vanishes, nothing is shown milder than it is.
func (v *verifier) checkTilesets(ctx context.Context) error {
	for _, f := range v.manifest.Files {
		set, ok := strings.CutSuffix(f.Name, tilesSuffix)
		if !ok {
			continue
		}
		v.tell("check tiles "+set, 0, 0)
		path := filepath.Join(v.dir, f.Name)
		if slices.Contains(hazard.Themes(), set) {
			if err := v.checkTheme(ctx, path, set); err != nil {
				return err
			}
		} else if _, err := mbtiles.Verify(ctx, path); err != nil {
			return err
		}
	}
	return v.checkThemes()
}

// checkThemes finds a theme that has zones and no tileset.
func (v *verifier) checkThemes() error {
	for _, theme := range hazard.Themes() {
		there := slices.ContainsFunc(v.manifest.Files, func(f File) bool { return f.Name == theme+tilesSuffix })
		if kindsOf(v.zones, theme) != 0 && !there {
			return v.fault(ManifestName, fmt.Errorf("there are zones of %s and no tiles", theme))
		}
	}
	return nil
}

func (v *verifier) checkTheme(ctx context.Context, path, theme string) error {
	checker := tiles.NewChecker(v.zones, v.index, tiles.CheckOptions{Cut: tiles.CutOptions{Theme: theme}, Points: pointsFor(len(v.zones))})
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	seen := 0
	_, err := mbtiles.VerifyEach(ctx, path, func(id tiles.ID, t tiles.Tile) error {
		seen++
		v.tell("check tiles "+theme, seen, 0)
		group.Go(func() error { return checker.Tile(id, t) })
		return nil
	})
	if err := errors.Join(err, group.Wait()); err != nil {
		return err
	}
	if err := checker.Report().Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// pointsFor returns how many places of the tiles are compared with the index:
// 100,000 for a city, fewer where a handful of zones shows all there is.
func pointsFor(zones int) int { return min(100_000, 2_000+200*zones) }
