package dataset

import (
	"context"
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
		v.tell("tiles "+set, 0, 0)
		path := filepath.Join(v.dir, f.Name)
		if _, err := mbtiles.Verify(ctx, path); err != nil {
			return err
		}
		if slices.Contains(hazard.Themes(), set) {
			if err := v.checkTheme(ctx, path, set); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
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

func (v *verifier) checkTheme(ctx context.Context, path, theme string) (err error) {
	archive, err := mbtiles.Open(path)
	if err != nil {
		return err
	}
	defer archive.Close()
	checker := tiles.NewChecker(v.zones, v.index, tiles.CheckOptions{Cut: tiles.CutOptions{Theme: theme}})
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for stored, err := range archive.All(ctx) {
		if err != nil {
			group.Go(func() error { return err })
			break
		}
		group.Go(func() error { return checkTile(checker, stored) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return checker.Report().Err()
}

func checkTile(checker *tiles.Checker, stored mbtiles.Stored) error {
	raw, err := mbtiles.Inflate(stored.Data, stored.Encoding)
	if err != nil {
		return fmt.Errorf("tile %v: %w", stored.ID, err)
	}
	tile, err := tiles.Decode(raw)
	if err != nil {
		return fmt.Errorf("tile %v: %w", stored.ID, err)
	}
	return checker.Tile(stored.ID, tile)
}
