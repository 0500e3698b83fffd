package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hazardmap/hazard"
	"hazardmap/hazard/diff"
	"hazardmap/i18n"
	"hazardmap/mbtiles/dataset"
	"hazardmap/web/changes"
)

// runDiff says what changed from one dataset to the next. A shelter that is
// gone makes it fail, after everything was said, so that no script passes over
// it.
func runDiff(ctx context.Context, p *program, args []string) (err error) {
	set := p.flags()
	lang := set.String("lang", string(i18n.Japanese), "`LANGUAGE` of the answer: ja, ja-easy, en, es, pt, vi, tl")
	asJSON := set.Bool("json", false, "answer as JSON")
	asGeoJSON := set.Bool("geojson", false, "answer as GeoJSON: the zones and shelters that changed")
	asCSV := set.Bool("csv", false, "answer as CSV for a spreadsheet: the table that -table names")
	table := set.String("table", "shelters", "`TABLE` of -csv: "+strings.Join(changes.Tables(), ", "))
	dirs, err := parse(set, args)
	if err != nil {
		return err
	}
	language, known := i18n.Parse(*lang)
	switch {
	case len(dirs) != 2:
		return p.misused(set, "want two datasets, the old one first")
	case !known:
		return p.misused(set, "-lang %s is not a language of this program", *lang)
	case *asJSON && *asGeoJSON || *asJSON && *asCSV || *asGeoJSON && *asCSV:
		return p.misused(set, "want one of -json, -csv and -geojson")
	}
	old, err := dataset.Open(dirs[0])
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	now, err := dataset.Open(dirs[1])
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	defer func() { err = errors.Join(err, now.Close()) }()
	report, err := compareDatasets(ctx, old, now)
	if err != nil {
		return err
	}
	shown, err := shownDataset(now)
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	r := &changes.Report{Report: report, Dataset: shown, Words: i18n.For(language)}
	out := []byte(nil)
	switch {
	case *asJSON:
		out, err = r.JSON()
	case *asGeoJSON:
		out, err = r.GeoJSON()
	case *asCSV:
		out, err = r.CSV(*table)
	default:
		out = []byte(r.Text())
	}
	if err != nil {
		return fmt.Errorf("diff: %w", err)
	}
	if _, err := p.stdout.Write(out); err != nil {
		return err
	}
	return shelterGone(report)
}

// compareDatasets compares two open datasets.
func compareDatasets(ctx context.Context, old, now *dataset.Dataset) (*diff.Report, error) {
	before, err := editionOf(ctx, old)
	if err != nil {
		return nil, fmt.Errorf("diff: %s: %w", old.Dir, err)
	}
	after, err := editionOf(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("diff: %s: %w", now.Dir, err)
	}
	return diff.Compare(ctx, before, after)
}

func editionOf(ctx context.Context, d *dataset.Dataset) (diff.Edition, error) {
	in, err := d.Input(ctx)
	return diff.Edition{Edition: hazard.Edition{Index: d.Index, Input: in}, Name: d.Manifest.Edition, Version: d.Version}, err
}

// namedAtOnce is how many shelters an error names.
const namedAtOnce = 5

func shelterGone(r *diff.Report) error {
	gone := r.Shelters.Gone
	if len(gone) == 0 {
		return nil
	}
	var names []string
	for _, s := range gone[:min(len(gone), namedAtOnce)] {
		names = append(names, s.Name)
	}
	if more := len(gone) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return fmt.Errorf("diff: shelters of the last edition that are gone: %d: %s", len(gone), strings.Join(names, ", "))
}
