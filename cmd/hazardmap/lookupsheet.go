package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"hazardmap/geo/geopackage"
	"hazardmap/web/sheet"
)

// sheetFlags are those of `lookup -csv`.
type sheetFlags struct {
	sheet.Question
	in, out, format string
}

func (f *sheetFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.in, "csv", "", "answer the rows of `SHEET`, a CSV, Excel (.xlsx) or NDJSON file; - is the standard input")
	set.StringVar(&f.out, "o", "", "`FILE` to write the rows to; without it the standard output")
	set.StringVar(&f.format, "format", "csv", "`FORMAT` of the rows that go out: csv, ndjson, geojson, gpkg")
	set.StringVar(&f.Lat, "lat", "", "`COLUMN` with the latitude, if it has no usual name")
	set.StringVar(&f.Lon, "lon", "", "`COLUMN` with the longitude, if it has no usual name")
	set.StringVar(&f.Address, "address", "", "`COLUMN` with the address, if it has no usual name or is to be used instead of the position")
}

// sheet answers the rows of a file.
func (q *asked) sheet(ctx context.Context, f *sheetFlags) (sheet.Count, error) {
	in := io.Reader(os.Stdin)
	if f.in != "-" {
		file, err := os.Open(f.in)
		if err != nil {
			return sheet.Count{}, err
		}
		defer file.Close()
		in = file
	}
	in, format, err := sheet.Sniff(in)
	if err != nil {
		return sheet.Count{}, err
	}
	f.Lang = q.words.Lang()
	rows, err := sheet.Open(in, format, f.Question, []*sheet.Dataset{{Index: q.dataset.Index, Shown: q.shown}})
	if err != nil {
		return sheet.Count{}, err
	}
	if f.out == "" {
		return rows.Write(ctx, q.out, sheet.Format(f.format))
	}
	return writeAside(f.out, func(path string) (sheet.Count, error) {
		if sheet.Format(f.format) == sheet.GeoPackage {
			return writeTable(ctx, rows, path)
		}
		return writeText(ctx, rows, path, sheet.Format(f.format))
	})
}

// writeAside has a file written under another name and renamed when it is
// whole.
func writeAside(path string, write func(path string) (sheet.Count, error)) (sheet.Count, error) {
	aside := path + ".part"
	if err := os.Remove(aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return sheet.Count{}, err
	}
	count, err := write(aside)
	if err == nil {
		return count, os.Rename(aside, path)
	}
	return count, errors.Join(err, os.Remove(aside))
}

func writeText(ctx context.Context, rows *sheet.Sheet, path string, format sheet.Format) (sheet.Count, error) {
	file, err := os.Create(path)
	if err != nil {
		return sheet.Count{}, err
	}
	count, err := rows.Write(ctx, file, format)
	return count, errors.Join(err, file.Close())
}

func writeTable(ctx context.Context, rows *sheet.Sheet, path string) (sheet.Count, error) {
	out, err := geopackage.Create(path, time.Now())
	if err != nil {
		return sheet.Count{}, err
	}
	count, err := rows.WriteTable(ctx, out, 0)
	return count, errors.Join(err, out.Close())
}

// checked reports what cannot be meant.
func (f *sheetFlags) checked() error {
	switch sheet.Format(f.format) {
	case sheet.CSV, sheet.NDJSON, sheet.GeoJSON:
		return nil
	case sheet.GeoPackage:
		if f.out == "" {
			return errors.New("a GeoPackage needs -o FILE")
		}
		return nil
	}
	return fmt.Errorf("-format %s is none of csv, ndjson, geojson, gpkg", f.format)
}
