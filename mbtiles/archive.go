package mbtiles

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"hazardmap/tiles"
)

// Archive reads one MBTiles file, ours or another's: tiles in a table or a
// view, compressed or not, vector or raster, with metadata or without.
type Archive struct {
	path string
	db   *sql.DB
	tile *sql.Stmt
	meta Metadata
}

// Stored is one tile as it lies in a file.
type Stored struct {
	ID       tiles.ID
	Data     []byte
	Encoding Encoding
}

// Open opens a file for reading. The file must not change while it is open.
// Format, zooms and, where they are missing, bounds and center are taken from
// the tiles themselves.
func Open(path string) (*Archive, error) {
	db, err := openDatabase(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	a := &Archive{path: path, db: db}
	if err := a.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return a, nil
}

func (a *Archive) read() error {
	objects, err := readSchema(a.db)
	if err != nil {
		return err
	}
	if err := refuseVirtual(objects); err != nil {
		return err
	}
	if !slices.ContainsFunc(objects, func(o object) bool { return o.name == "tiles" && (o.kind == "table" || o.kind == "view") }) {
		return errors.New("no table or view called tiles")
	}
	if slices.ContainsFunc(objects, func(o object) bool { return o.name == "metadata" && o.kind != "index" }) {
		rows, err := readMetadata(a.db)
		if err != nil {
			return err
		}
		// A row that cannot be read counts as missing: its truth is in the tiles.
		a.meta, _ = parseMetadata(rows)
	}
	ranges, err := readRanges(a.db)
	if err != nil {
		return err
	}
	if err := a.completeMetadata(ranges); err != nil {
		return err
	}
	a.tile, err = a.db.Prepare("SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?")
	return err
}

// completeMetadata lets the tiles speak where metadata is missing or claims
// what is not there.
func (a *Archive) completeMetadata(ranges []tileRange) error {
	m := &a.meta
	if len(ranges) == 0 {
		return errors.New("holds no tile")
	}
	deepest := ranges[len(ranges)-1]
	m.MinZoom, m.MaxZoom = ranges[0].z, deepest.z
	if m.Bounds == [4]float64{} {
		m.Bounds = deepest.bounds()
	}
	if m.Center == [3]float64{} {
		m.Center = [3]float64{(m.Bounds[0] + m.Bounds[2]) / 2, (m.Bounds[1] + m.Bounds[3]) / 2, float64(m.MinZoom)}
	}
	for s, err := range a.stored(context.Background(), "LIMIT 1") {
		if err != nil {
			return err
		}
		if m.Format, _, err = Sniff(s.Data); err != nil {
			return fmt.Errorf("tile %v: %w", s.ID, err)
		}
	}
	return nil
}

// Metadata returns what the file says about itself.
func (a *Archive) Metadata() Metadata { return a.meta }

// Tile returns one tile as it is stored, or [tiles.ErrNoTile].
func (a *Archive) Tile(ctx context.Context, id tiles.ID) ([]byte, error) {
	if !id.Valid() {
		return nil, tiles.ErrNoTile
	}
	var data []byte
	err := a.tile.QueryRowContext(ctx, id.Z, id.X, southUp(id)).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows) || (err == nil && data == nil):
		return nil, tiles.ErrNoTile
	case err != nil:
		return nil, fmt.Errorf("%s: tile %v: %w", a.path, id, err)
	}
	return data, nil
}

// All yields every tile, by zoom, column and row, rows from the south as in
// the file. The bytes are the caller's to keep.
func (a *Archive) All(ctx context.Context) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for s, err := range a.stored(ctx, "") {
			if err != nil {
				err = fmt.Errorf("%s: %w", a.path, err)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

func (a *Archive) stored(ctx context.Context, limit string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		rows, err := a.db.QueryContext(ctx, "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles WHERE tile_data IS NOT NULL ORDER BY zoom_level, tile_column, tile_row "+limit)
		if err != nil {
			yield(Stored{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			s, err := scanStored(rows)
			if !yield(s, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Stored{}, err)
		}
	}
}

func scanStored(rows *sql.Rows) (Stored, error) {
	var z, x, y int64
	var s Stored
	if err := rows.Scan(&z, &x, &y, &s.Data); err != nil {
		return s, err
	}
	if z < 0 || z > tiles.DeepestZoom || x < 0 || x >= 1<<z || y < 0 || y >= 1<<z {
		return s, fmt.Errorf("tile of zoom %d, column %d, row %d from the south is outside the pyramid", z, x, y)
	}
	s.ID = tiles.ID{Z: uint8(z), X: uint32(x), Y: uint32(1<<z - 1 - y)}
	var err error
	if _, s.Encoding, err = Sniff(s.Data); err != nil {
		return s, fmt.Errorf("tile %v: %w", s.ID, err)
	}
	return s, nil
}

// Close closes the file.
func (a *Archive) Close() error { return errors.Join(a.tile.Close(), a.db.Close()) }

// object is one entry of a file's schema.
type object struct{ kind, name, sql string }

func readSchema(db *sql.DB) (objects []object, err error) {
	rows, err := db.Query("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.sql); err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, rows.Err()
}

// refuseVirtual refuses tables whose content is made by code.
func refuseVirtual(objects []object) error {
	for _, o := range objects {
		if o.kind == "table" && strings.HasPrefix(strings.ToUpper(strings.Join(strings.Fields(o.sql), " ")), "CREATE VIRTUAL") {
			return fmt.Errorf("virtual table %q", o.name)
		}
	}
	return nil
}

func readMetadata(db *sql.DB) (list []row, err error) {
	rows, err := db.Query("SELECT name, value FROM metadata WHERE name IS NOT NULL AND value IS NOT NULL")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.name, &r.value); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// readRanges returns the rectangle of each zoom, the shallowest first, and
// refuses tiles outside the pyramid.
func readRanges(db *sql.DB) (ranges []tileRange, err error) {
	rows, err := db.Query(`SELECT zoom_level, min(tile_column), max(tile_column), min(tile_row), max(tile_row), count(*)
		FROM tiles GROUP BY zoom_level ORDER BY zoom_level`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var z, minX, maxX, minY, maxY int64
		r := tileRange{}
		if err := rows.Scan(&z, &minX, &maxX, &minY, &maxY, &r.count); err != nil {
			return nil, err
		}
		if z < 0 || z > tiles.DeepestZoom || minX < 0 || maxX >= 1<<z || minY < 0 || maxY >= 1<<z {
			return nil, fmt.Errorf("zoom %d, columns %d to %d, rows %d to %d: outside the pyramid", z, minX, maxX, minY, maxY)
		}
		last := int64(1)<<z - 1
		r.z, r.minX, r.maxX, r.minY, r.maxY = uint8(z), uint32(minX), uint32(maxX), uint32(last-maxY), uint32(last-minY)
		ranges = append(ranges, r)
	}
	return ranges, rows.Err()
}
