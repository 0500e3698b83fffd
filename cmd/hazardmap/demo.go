package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hazardmap/cmd/internal/importer"
	"hazardmap/hazard/demo"
	"hazardmap/mbtiles/dataset"
	"hazardmap/tiles"
)

// demoDataset returns the directory of the sample city, which is written
// first where it is not there or was written by another version.
func demoDataset(ctx context.Context, p *program) (string, error) {
	dir := filepath.Join("build", "demo")
	if m, _, err := dataset.ReadManifest(dir); err == nil && m.CreatedWith == createdWith() {
		return dir, nil
	}
	bar := newProgress(p.stderr, false)
	defer bar.finish()
	return dir, writeDemo(ctx, dir, bar.tell)
}

// writeDemo invents the city as files and imports them like any other.
func writeDemo(ctx context.Context, out string, tell dataset.Progress) (err error) {
	city := demo.Generate()
	files, err := os.MkdirTemp("", "hazardmap-demo-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(files)) }()
	for _, f := range city.Files {
		if err := os.WriteFile(filepath.Join(files, f.Name), f.Data, 0o600); err != nil {
			return err
		}
	}
	gathered, err := importer.Gather(ctx, importer.Options{
		Area: demo.Code, Sources: []string{files}, Edition: demo.Edition, CreatedWith: createdWith(), Progress: tell,
		Invented: &importer.Invented{Kana: demo.Kana, Romaji: demo.Romaji, Source: demo.Source(), Base: demoBase(city)},
	})
	if err != nil {
		return fmt.Errorf("%w: %w", err, errors.Join(badOf(gathered)...))
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	_, err = dataset.Build(ctx, out, gathered.Contents, tell)
	return err
}

func badOf(gathered *importer.Import) []error {
	if gathered == nil {
		return nil
	}
	return gathered.Bad
}

func demoBase(city demo.City) []tiles.Feature {
	features := make([]tiles.Feature, len(city.Base))
	for i, f := range city.Base {
		features[i] = tiles.Feature{Layer: f.Layer, Geometry: f.Geometry, Attr: f.Attr, MinZoom: f.MinZoom}
	}
	return features
}
