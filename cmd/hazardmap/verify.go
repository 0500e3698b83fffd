package main

import (
	"context"
	"fmt"
	"os"

	"hazardmap/mbtiles"
	"hazardmap/mbtiles/dataset"
)

func runVerify(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	quiet := set.Bool("quiet", false, "say only what went wrong")
	paths, err := parse(set, args)
	if err != nil {
		return err
	}
	if len(paths) != 1 {
		return p.misused(set, "want one dataset or one .mbtiles file")
	}
	info, err := os.Stat(paths[0])
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return verifyTiles(ctx, p, paths[0], *quiet)
	}
	bar := newProgress(p.stderr, *quiet)
	defer bar.finish()
	if err := dataset.Verify(ctx, paths[0], bar.tell); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	bar.finish()
	m, version, err := dataset.ReadManifest(paths[0])
	if err != nil || *quiet {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s: good: %s %s, edition %s, version %s, %d files\n", paths[0], m.Area.Code, m.Area.Name, m.Edition, shortVersion(version), len(m.Files))
	return err
}

func verifyTiles(ctx context.Context, p *program, path string, quiet bool) error {
	report, err := mbtiles.Verify(ctx, path)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	if quiet {
		return nil
	}
	_, err = fmt.Fprintf(p.stdout, "%s: good: %d tiles, %d bytes, largest %d\n", path, report.Tiles, report.Bytes, report.Largest)
	return err
}
