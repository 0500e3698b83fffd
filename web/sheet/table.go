package sheet

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo/geopackage"
)

// layerName is the layer of a GeoPackage that holds the rows.
const layerName = "rows"

// InMemory is the most rows of a GeoPackage that is made in memory.
const InMemory = 200_000

// ErrTableTooLong refuses a GeoPackage of more rows than fit in memory.
var ErrTableTooLong = &Refusal{"table-too-long", "a GeoPackage may have at most 200,000 rows here; hazardmap lookup -csv has no limit"}

// WriteTable answers every row and writes it as a layer of a GeoPackage, at most
// limit rows; 0 means any number. A row without a position, as a town is, has no
// shape.
func (s *Sheet) WriteTable(ctx context.Context, out *geopackage.Writer, limit int) (Count, error) {
	if err := s.Check(GeoPackage); err != nil {
		return Count{}, err
	}
	columns := s.tableColumns()
	if err := out.Layer(layerName, geopackage.Point, geopackage.WGS84, columns); err != nil {
		return Count{}, err
	}
	w, values := s.newWorker(), make([]any, len(columns))
	tables := map[*Verdict][]any{}
	id := int64(0)
	return s.run(ctx, nil, func(b *block) error {
		clear(tables) // verdicts of other workers, which let go of them
		for i := range b.rows {
			if b.rows[i].blank {
				continue
			}
			if id++; limit > 0 && id > int64(limit) {
				return ErrTableTooLong
			}
			w.fillTable(values, columns, tables, &b.rows[i], &b.answers[i])
			var shape orb.Geometry
			if a := &b.answers[i]; a.HasPoint {
				shape = orb.Point{a.At.Lon, a.At.Lat}
			}
			if err := out.Add(id, shape, values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// tableColumns are the sheet's columns as text, then ours. SQL knows no
// difference between a and A.
func (s *Sheet) tableColumns() []geopackage.Column {
	taken := []string{"fid", "geom"}
	var columns []geopackage.Column
	add := func(name string, kind geopackage.ColumnType) {
		unique := name
		for n := 2; slices.Contains(taken, strings.ToLower(unique)); n++ {
			unique = name + " (" + strconv.Itoa(n) + ")"
		}
		taken = append(taken, strings.ToLower(unique))
		columns = append(columns, geopackage.Column{Name: unique, Type: kind})
	}
	for _, name := range s.jsonNames() {
		add(name, geopackage.Text)
	}
	for _, c := range s.added() {
		switch {
		case !c.number:
			add(c.name, geopackage.Text)
		case strings.HasPrefix(c.name, "position."):
			add(c.name, geopackage.Real)
		default:
			add(c.name, geopackage.Integer)
		}
	}
	return columns
}

// fillTable fills in the values of a row. A class that could not be read has no
// number, as in hazards.gpkg; its text says so.
func (w *worker) fillTable(values []any, columns []geopackage.Column, tables map[*Verdict][]any, r *row, a *Answer) {
	clear(values)
	names := len(w.source.columns())
	for i, cell := range r.cells[:min(len(r.cells), names)] {
		values[i] = cell
	}
	at := names
	put := func(cells ...string) {
		for _, cell := range cells {
			values[at] = tableValue(columns[at], cell)
			at++
		}
	}
	read, place := readCells(a), placeCells(a)
	put(read[:]...)
	hazards, ok := tables[a.Verdict]
	if !ok {
		from := at
		put(w.hazardCells(a)...)
		tables[a.Verdict] = slices.Clone(values[from:at])
	} else {
		at += copy(values[at:], hazards)
	}
	put(place[:]...)
}

func tableValue(c geopackage.Column, cell string) any {
	switch c.Type {
	case geopackage.Integer:
		if v, err := strconv.ParseInt(cell, 10, 64); err == nil {
			return v
		}
		return nil
	case geopackage.Real:
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			return v
		}
		return nil
	}
	return cell
}
