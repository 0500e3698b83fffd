package geopackage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"hazardmap/geo"

	sqlite3 "github.com/mattn/go-sqlite3"
	"github.com/paulmach/orb"
)

// Writer writes one file. Layers are written one after the other.
type Writer struct {
	path    string
	changed string
	db      *sql.DB
	tx      *sql.Tx
	layer   *openLayer
}

type openLayer struct {
	name          string
	geometry      GeometryType
	srs           int32
	columns       int
	row, box      *sql.Stmt
	bounds        orb.Bound
	anyShape      bool
	lastID, count int64
}

// Create starts a new file at path, which must not exist. The date stands in
// the file as that of its last change.
func Create(path string, changed time.Time) (*Writer, error) {
	db, err := openFile(path, "mode=rwc", setUpWriter)
	if err != nil {
		return nil, err
	}
	return newWriter(path, db, changed)
}

// CreateInMemory starts a new file that is nowhere but in memory; see
// [Writer.Bytes].
func CreateInMemory(changed time.Time) (*Writer, error) {
	return newWriter("memory", sql.OpenDB(connector{dsn: "file::memory:", setUp: setUpWriter}), changed)
}

func newWriter(path string, db *sql.DB, changed time.Time) (*Writer, error) {
	db.SetMaxOpenConns(1)
	w := &Writer{path: path, changed: changed.UTC().Format("2006-01-02T15:04:05.000Z"), db: db}
	if err := w.begin(); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

func (w *Writer) begin() error {
	pragmas := fmt.Sprintf("PRAGMA application_id=%d; PRAGMA user_version=%d", applicationID, userVersion)
	if _, err := w.db.Exec(pragmas); err != nil {
		return err
	}
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	w.tx = tx
	if _, err := tx.Exec(coreTables); err != nil {
		return err
	}
	for _, row := range systems {
		if _, err := tx.Exec(insertSystem, row...); err != nil {
			return err
		}
	}
	return nil
}

// Layer ends the layer before and starts the next: a table of records, each
// with a shape and these columns.
func (w *Writer) Layer(name string, geometry GeometryType, srs int, columns []Column) error {
	if err := w.endLayer(); err != nil {
		return err
	}
	if err := w.startLayer(name, geometry, int32(srs), columns); err != nil {
		return fmt.Errorf("%s: layer %s: %w", w.path, name, err)
	}
	return nil
}

func (w *Writer) startLayer(name string, geometry GeometryType, srs int32, columns []Column) error {
	table := "CREATE TABLE " + quote(name) + " (\n  " + idName + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n  " + geometryName + " " + string(geometry)
	for _, c := range columns {
		table += ",\n  " + quote(c.Name) + " " + string(c.Type)
	}
	steps := []struct {
		sql  string
		args []any
	}{
		{table + "\n)", nil},
		{`INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id) VALUES (?, 'features', ?, '', ?, ?)`, []any{name, name, w.changed, srs}},
		{`INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)`, []any{name, geometryName, string(geometry), srs}},
		{`INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`, []any{name, geometryName}},
		{"CREATE VIRTUAL TABLE " + quote(rtreeOf(name)) + " USING rtree(id, minx, maxx, miny, maxy)", nil},
	}
	for _, s := range steps {
		if _, err := w.tx.Exec(s.sql, s.args...); err != nil {
			return err
		}
	}
	row, err := w.tx.Prepare("INSERT INTO " + quote(name) + " VALUES (?,?" + strings.Repeat(",?", len(columns)) + ")")
	if err != nil {
		return err
	}
	box, err := w.tx.Prepare("INSERT INTO " + quote(rtreeOf(name)) + " VALUES (?,?,?,?,?)")
	if err != nil {
		return err
	}
	w.layer = &openLayer{name: name, geometry: geometry, srs: srs, columns: len(columns), row: row, box: box}
	return nil
}

func rtreeOf(table string) string { return "rtree_" + table + "_" + geometryName }

// Add writes one record of the layer that was started last; ids rise. An empty
// string is stored as no value. A record without a shape has none: nil.
func (w *Writer) Add(id int64, shape orb.Geometry, values ...any) error {
	if w.layer == nil {
		return fmt.Errorf("%s: record %d: no layer was started", w.path, id)
	}
	if err := w.layer.add(id, shape, values); err != nil {
		return fmt.Errorf("%s: layer %s: record %d: %w", w.path, w.layer.name, id, err)
	}
	return nil
}

func (l *openLayer) add(id int64, shape orb.Geometry, values []any) error {
	if len(values) != l.columns {
		return fmt.Errorf("has %d values, want %d", len(values), l.columns)
	}
	if id <= l.lastID {
		return fmt.Errorf("id does not rise: the one before is %d", l.lastID)
	}
	blob, err := l.encode(shape)
	if err != nil {
		return err
	}
	row := make([]any, 0, 2+len(values))
	row = append(row, id, blob)
	for _, v := range values {
		if v == "" {
			v = nil
		}
		row = append(row, v)
	}
	if _, err := l.row.Exec(row...); err != nil {
		return err
	}
	l.lastID = id
	l.count++
	if blob == nil || blob[3]&flagEmpty != 0 {
		return nil
	}
	return l.addBox(id, geo.Bound(collect(shape, l.geometry)))
}

// encode returns a shape as it is stored, nil for none.
func (l *openLayer) encode(shape orb.Geometry) ([]byte, error) {
	if shape == nil {
		return nil, nil
	}
	shape = collect(shape, l.geometry)
	if got := strings.ToUpper(shape.GeoJSONType()); got != string(l.geometry) {
		return nil, fmt.Errorf("shape is a %s, want %s", got, l.geometry)
	}
	return encode(shape, l.srs)
}

func (l *openLayer) addBox(id int64, b orb.Bound) error {
	if _, err := l.box.Exec(id, b.Min[0], b.Max[0], b.Min[1], b.Max[1]); err != nil {
		return err
	}
	if l.anyShape {
		b = l.bounds.Union(b)
	}
	l.bounds, l.anyShape = b, true
	return nil
}

// collect makes a collection of one where the layer holds collections.
func collect(shape orb.Geometry, want GeometryType) orb.Geometry {
	switch g := shape.(type) {
	case orb.Polygon:
		if want == MultiPolygon {
			return orb.MultiPolygon{g}
		}
	case orb.LineString:
		if want == MultiLineString {
			return orb.MultiLineString{g}
		}
	}
	return shape
}

// endLayer writes what is known only after the last record. The triggers come
// last: they call functions that SQLite alone does not have.
func (w *Writer) endLayer() error {
	l := w.layer
	if l == nil {
		return nil
	}
	w.layer = nil
	l.row.Close()
	l.box.Close()
	if l.anyShape {
		b := l.bounds
		if _, err := w.tx.Exec(`UPDATE gpkg_contents SET min_x=?, min_y=?, max_x=?, max_y=? WHERE table_name=?`, b.Min[0], b.Min[1], b.Max[0], b.Max[1], l.name); err != nil {
			return fmt.Errorf("%s: layer %s: %w", w.path, l.name, err)
		}
	}
	if _, err := w.tx.Exec(triggersOf(l.name)); err != nil {
		return fmt.Errorf("%s: layer %s: %w", w.path, l.name, err)
	}
	return nil
}

// Close ends the file. Without it the file is of no use.
func (w *Writer) Close() error {
	err := w.finish()
	if closeErr := w.db.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	return nil
}

// finish ends the last layer and what was begun.
func (w *Writer) finish() error {
	if err := w.endLayer(); err != nil {
		w.tx.Rollback()
		return err
	}
	return w.tx.Commit()
}

// Bytes ends a file in memory and returns it.
func (w *Writer) Bytes() (file []byte, err error) {
	defer w.db.Close()
	if err := w.finish(); err != nil {
		return nil, fmt.Errorf("%s: %w", w.path, err)
	}
	conn, err := w.db.Conn(context.Background())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.path, err)
	}
	defer conn.Close()
	err = conn.Raw(func(c any) (err error) {
		file, err = c.(*sqlite3.SQLiteConn).Serialize("main")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.path, err)
	}
	return file, nil
}
