package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"hazardmap/mbtiles/dataset"
	"hazardmap/tiles"
)

// printSources writes the table that every import ends with: what became of
// the records of each source.
func printSources(w io.Writer, sources []dataset.Source) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "source\tcontent\tread\tkept\telsewhere\trepaired\trefused\t")
	for _, s := range sources {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t\n", s.File, s.Content, s.Read, s.Kept, s.Elsewhere, s.Repaired, s.Refused)
	}
	t.Flush()
	for _, s := range sources {
		for _, r := range s.Why {
			fmt.Fprintf(w, "%s: %d: %s%s\n", s.File, r.Records, r.Reason, first(r))
		}
	}
}

func first(r dataset.Reason) string {
	switch {
	case r.First == "":
		return ""
	case r.Records == 1:
		return " (" + r.First + ")"
	}
	return " (first: " + r.First + ")"
}

// printDataset says what an import wrote and what it does not hold.
func printDataset(w io.Writer, out string, r dataset.Report) {
	m := r.Manifest
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "hazard\tzones\tin the area\tanswer outside zones\t")
	for _, c := range m.Coverage {
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t\n", c.Kind, c.Zones, c.InArea, outsideOf(c))
	}
	t.Flush()
	for _, theme := range slices.Sorted(maps.Keys(m.Tiles)) {
		printLoss(w, theme, m.Tiles[theme])
	}
	edition := m.Edition
	if edition == "" {
		edition = "no date (no source names one; -edition sets it)"
	}
	fmt.Fprintf(w, "%s: %s %s, edition %s, version %s\n", out, m.Area.Code, m.Area.Name, edition, shortVersion(r.Version))
}

// printLoss sums up what the tiles of a theme do to its zones.
func printLoss(w io.Writer, theme string, loss tiles.LossReport) {
	largest, untraced := 0, 0
	for _, z := range loss.Zooms {
		largest = max(largest, z.LargestBytes)
	}
	for _, c := range loss.Classes {
		untraced += c.WithoutTrace
	}
	fmt.Fprintf(w, "tiles %s: %d, the largest %d bytes unpacked, zones without a trace: %d\n", theme, loss.Tiles, largest, untraced)
}

func outsideOf(c dataset.Coverage) string {
	switch {
	case !c.Surveyed:
		return "no-data: no source"
	case c.Incomplete:
		return "undecided: part of a source was refused"
	case c.InArea == 0:
		return "none designated in the area"
	}
	return "outside"
}

// shortVersion is enough of a version for people to compare.
func shortVersion(v string) string { return strings.ToLower(v[:min(len(v), 12)]) }
