package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"hazardmap/geo"
)

// File is a GeoPackage opened for reading. It may be used by several
// goroutines at once.
type File struct {
	path   string
	db     *sql.DB
	layers []Layer
}

// Layer describes one layer of a file.
type Layer struct {
	Name     string
	Geometry string // as the file says: "MULTIPOLYGON", "GEOMETRY"
	SRS      int
	Columns  []Column // without the id and the shape
	Records  int64

	id, shape string // names of these two columns
	indexed   bool
}

// Open opens a file that nobody writes to meanwhile.
func Open(path string) (*File, error) {
	db, err := openFile(path, "mode=ro&immutable=1", setUpReader)
	if err != nil {
		return nil, err
	}
	f := &File{path: path, db: db}
	if err := f.readSchema(context.Background()); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Close releases the file.
func (f *File) Close() error { return f.db.Close() }

// Layers returns the layers in the order of the file.
func (f *File) Layers() []Layer { return f.layers }

func (f *File) readSchema(ctx context.Context) error {
	var id int
	if err := f.db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id != applicationID {
		return fmt.Errorf("not a GeoPackage: application id is %#x", id)
	}
	var version int // 10400 is 1.4.0; 1.0 and 1.1 had another application id
	if err := f.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version < 0 || version >= 20000 {
		return fmt.Errorf("GeoPackage of version %d.%d is not known", version/10000, version/100%100)
	}
	rows, err := f.db.QueryContext(ctx, `
		SELECT c.table_name, g.column_name, g.geometry_type_name, g.srs_id
		FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		WHERE c.data_type = 'features' ORDER BY c.rowid`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l Layer
		if err := rows.Scan(&l.Name, &l.shape, &l.Geometry, &l.SRS); err != nil {
			return err
		}
		f.layers = append(f.layers, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range f.layers {
		if err := f.readLayer(ctx, &f.layers[i]); err != nil {
			return fmt.Errorf("layer %s: %w", f.layers[i].Name, err)
		}
	}
	return nil
}

func (f *File) readLayer(ctx context.Context, l *Layer) error {
	rows, err := f.db.QueryContext(ctx, `SELECT name, type, pk FROM pragma_table_info(?)`, l.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var c Column
		var key int
		if err := rows.Scan(&c.Name, &c.Type, &key); err != nil {
			return err
		}
		switch {
		case key == 1:
			l.id = c.Name
		case c.Name != l.shape:
			l.Columns = append(l.Columns, c)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if l.id == "" {
		return errors.New("has no integer primary key")
	}
	if err := f.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(l.Name)).Scan(&l.Records); err != nil {
		return err
	}
	const indexed = `SELECT count(*) FROM sqlite_schema WHERE type='table' AND name=?`
	return f.db.QueryRowContext(ctx, indexed, "rtree_"+l.Name+"_"+l.shape).Scan(&l.indexed)
}

func (f *File) layer(name string) (*Layer, error) {
	i := slices.IndexFunc(f.layers, func(l Layer) bool { return l.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("%s: no layer %s", f.path, name)
	}
	return &f.layers[i], nil
}

// Features streams records of a layer in the order of their ids; the Record of
// each is its id.
func (f *File) Features(ctx context.Context, layer string, q Query) geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		l, err := f.layer(layer)
		if err != nil {
			yield(geo.Feature{}, err)
			return
		}
		columns, err := l.chosen(q)
		if err != nil {
			yield(geo.Feature{}, fmt.Errorf("%s: layer %s: %w", f.path, layer, err))
			return
		}
		statement, args, err := l.statement(q, columns)
		if err != nil {
			yield(geo.Feature{}, fmt.Errorf("%s: layer %s: %w", f.path, layer, err))
			return
		}
		rows, err := f.db.QueryContext(ctx, statement, args...)
		if err != nil {
			yield(geo.Feature{}, fmt.Errorf("%s: layer %s: %w", f.path, layer, err))
			return
		}
		defer rows.Close()
		f.stream(rows, l, columns, yield)
	}
}

func (f *File) stream(rows *sql.Rows, l *Layer, columns []Column, yield func(geo.Feature, error) bool) {
	var id int64
	var blob sql.RawBytes
	values := make([]any, len(columns))
	fields := []any{&id, &blob}
	for i := range values {
		fields = append(fields, &values[i])
	}
	for rows.Next() {
		if err := rows.Scan(fields...); err != nil {
			yield(geo.Feature{}, fmt.Errorf("%s: layer %s: %w", f.path, l.Name, err))
			return
		}
		feature := geo.Feature{Record: int(id), Attr: make(geo.Attributes, len(values))}
		for i, c := range columns {
			feature.Attr[c.Name] = attribute(values[i])
		}
		var err error
		if blob != nil {
			feature.Geometry, err = decode(blob)
		}
		if err != nil {
			err = &geo.RecordError{File: f.path + ": layer " + l.Name, Record: int(id), Err: err}
		}
		if !yield(feature, err) {
			return
		}
	}
	if err := rows.Err(); err != nil {
		yield(geo.Feature{}, fmt.Errorf("%s: layer %s: %w", f.path, l.Name, err))
	}
}

// attribute turns SQLite's types into those of [geo.Attributes].
func attribute(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case []byte:
		return string(v)
	case string, float64, bool:
		return v
	}
	return nil
}

// Check reads the whole file the way SQLite can: pages, rows, and that every
// R-tree holds as many boxes as its layer has shapes.
func (f *File) Check(ctx context.Context) error {
	var verdict string
	if err := f.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%s: %s", f.path, verdict)
	}
	for _, l := range f.layers {
		if !l.indexed {
			continue
		}
		var boxes, shapes int64
		count := "SELECT (SELECT count(*) FROM " + quote("rtree_"+l.Name+"_"+l.shape) + "), (SELECT count(*) FROM " + quote(l.Name) + " WHERE substr(" + quote(l.shape) + ", 1, 2) = x'4750')"
		if err := f.db.QueryRowContext(ctx, count).Scan(&boxes, &shapes); err != nil {
			return fmt.Errorf("%s: layer %s: %w", f.path, l.Name, err)
		}
		if boxes > shapes {
			return fmt.Errorf("%s: layer %s: the R-tree holds %d boxes for %d shapes", f.path, l.Name, boxes, shapes)
		}
	}
	return nil
}
