package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"hazardmap/cmd/internal/importer"
	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"
)

func runImport(ctx context.Context, p *program, args []string) error {
	set := p.flags()
	opts := importer.Options{CreatedWith: createdWith()}
	var out string
	var quiet bool
	set.StringVar(&opts.Area, "area", "", "`CODE` of the municipality (5 digits; 6 or 7 are understood) or prefecture (2)")
	set.StringVar(&out, "o", "", "`DATASET` directory to write; one that is there stays whole until the new one is")
	set.StringVar(&opts.Edition, "edition", "", "`DATE` of the dataset, YYYY, YYYY-MM or YYYY-MM-DD; else that of the newest source")
	set.BoolVar(&opts.SkipBad, "skip-bad", false, "go on without files and records that cannot be understood")
	set.BoolVar(&quiet, "quiet", false, "say only what went wrong")
	set.Var((*coverageFlag)(&opts.Coverage), "coverage", "`KIND=FILE`: a kind was surveyed only inside these polygons; may be repeated")
	sources, err := parse(set, args)
	switch {
	case err != nil:
		return err
	case opts.Area == "":
		return p.misused(set, "-area is missing")
	case !importer.AreaCode(&opts.Area):
		return p.misused(set, "-area takes a municipality (10204; 102041 and 1020400 are the same) or a prefecture (10)")
	case out == "":
		return p.misused(set, "-o is missing")
	case len(sources) == 0:
		return p.misused(set, "no source was given")
	}
	opts.Sources = sources
	progress := newProgress(p.stderr, quiet)
	defer progress.finish()
	opts.Progress = progress.tell
	gathered, err := importer.Gather(ctx, opts)
	progress.finish()
	if gathered != nil && !quiet {
		printSources(p.stdout, gathered.Contents.Sources)
	}
	if err != nil {
		return hint(importFault(gathered, err))
	}
	report, err := dataset.Build(ctx, out, gathered.Contents, progress.tell)
	progress.finish()
	if err != nil {
		return err
	}
	if !quiet {
		printDataset(p.stdout, out, report)
	}
	return nil
}

// importFault lists the first faults of an import that stops for them.
func importFault(gathered *importer.Import, err error) error {
	const most = 10
	if !errors.Is(err, importer.ErrBad) {
		return err
	}
	var lines []string
	for i, bad := range gathered.Bad {
		if i == most {
			lines = append(lines, fmt.Sprintf("and %d more", len(gathered.Bad)-most))
			break
		}
		lines = append(lines, bad.Error())
	}
	return fmt.Errorf("import: %w:\n  %s", err, strings.Join(lines, "\n  "))
}

// hint adds what to do where it is known.
func hint(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, importer.ErrNoBoundary):
		return hinted{err, "add the file of 行政区域 (国土数値情報 N03) that holds the municipality"}
	case errors.Is(err, importer.ErrBad):
		return hinted{err, "-skip-bad imports without them; places in no zone are then undecided"}
	}
	return err
}

// coverageFlag reads KIND=FILE.
type coverageFlag []importer.CoverageFile

func (c *coverageFlag) String() string { return "" }

func (c *coverageFlag) Set(s string) error {
	name, path, ok := strings.Cut(s, "=")
	if !ok || path == "" {
		return errors.New("want KIND=FILE")
	}
	kind, err := hazard.ParseKind(name)
	if err != nil {
		return err
	}
	*c = append(*c, importer.CoverageFile{Kind: kind, Path: path})
	return nil
}

var _ flag.Value = (*coverageFlag)(nil)
