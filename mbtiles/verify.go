package mbtiles

import (
	"context"
	"crypto/md5" // by the definition of agg_tiles_hash
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

// Report is what [Verify] saw.
type Report struct {
	Tiles   int
	Bytes   int64 // stored, repeats counted each time
	Largest int   // stored bytes of the largest tile
	Layers  []string
}

// within is where every tileset of ours lies: Japan with its outlying islands.
var within = [4]float64{122, 20, 154.1, 46}

// Verify checks a file that we wrote, down to the bytes of every tile.
func Verify(ctx context.Context, path string) (Report, error) {
	return VerifyEach(ctx, path, nil)
}

// VerifyEach is [Verify], and hands every tile on to each, such as
// [tiles.Checker.Tile].
func VerifyEach(ctx context.Context, path string, each func(tiles.ID, tiles.Tile) error) (Report, error) {
	db, err := openDatabase(path)
	if err != nil {
		return Report{}, fmt.Errorf("%s: %w", path, err)
	}
	v := &verifier{db: db, each: each, layers: map[string]map[uint8]bool{}, fields: map[string]map[string]string{}}
	err = v.run(ctx)
	v.report.Layers = slices.Sorted(maps.Keys(v.layers))
	if err := errors.Join(err, db.Close()); err != nil {
		return v.report, fmt.Errorf("%s: %w", path, err)
	}
	return v.report, nil
}

type verifier struct {
	db     *sql.DB
	each   func(tiles.ID, tiles.Tile) error
	meta   Metadata
	report Report
	layers map[string]map[uint8]bool    // met in tiles, by zoom
	fields map[string]map[string]string // announced, by layer
	zooms  map[string][2]uint8          // announced, by layer
	ranges []tileRange
}

func (v *verifier) run(ctx context.Context) error {
	for _, check := range []func(context.Context) error{v.checkSchema, v.checkFile, v.checkMetadata, v.checkTiles, v.checkRange} {
		if err := errors.Join(ctx.Err(), check(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// checkFile checks the SQLite file as such.
func (v *verifier) checkFile(ctx context.Context) error {
	var result string
	if err := v.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return err
	}
	if result != "ok" {
		return errors.New(result)
	}
	var id int64
	if err := v.db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	if id != 0 && id != applicationID {
		return fmt.Errorf("application_id is %#x, want %#x", id, applicationID)
	}
	return nil
}

// checkSchema compares the schema with ours, word by word: nothing else may be
// in the file.
func (v *verifier) checkSchema(context.Context) error {
	objects, err := readSchema(v.db)
	if err != nil {
		return err
	}
	allowed := map[string]bool{}
	for _, s := range schema {
		allowed[s] = true
	}
	for _, o := range objects {
		if o.sql == "" && strings.HasPrefix(o.name, "sqlite_autoindex_") {
			continue
		}
		if !allowed[o.sql] {
			return fmt.Errorf("%s %q is not part of our layout", o.kind, o.name)
		}
		delete(allowed, o.sql)
	}
	for s := range allowed {
		return fmt.Errorf("missing: %s", s)
	}
	return nil
}

func (v *verifier) checkMetadata(context.Context) error {
	rows, err := readMetadata(v.db)
	if err != nil {
		return err
	}
	if v.meta, err = parseMetadata(rows); err != nil {
		return err
	}
	for _, want := range []string{"name", "format", "bounds", "center", "minzoom", "maxzoom", "json"} {
		if !slices.ContainsFunc(rows, func(r row) bool { return r.name == want && r.value != "" }) {
			return fmt.Errorf("metadata %q is missing", want)
		}
	}
	m := v.meta
	if m.Format != "pbf" {
		return fmt.Errorf("format is %q, want pbf", m.Format)
	}
	b := m.Bounds
	if b[0] < within[0] || b[1] < within[1] || b[2] > within[2] || b[3] > within[3] || b[0] >= b[2] || b[1] >= b[3] {
		return fmt.Errorf("bounds %v are not a part of Japan", b)
	}
	if m.Center[0] < b[0] || m.Center[0] > b[2] || m.Center[1] < b[1] || m.Center[1] > b[3] {
		return fmt.Errorf("center %v lies outside bounds %v", m.Center, b)
	}
	v.zooms = map[string][2]uint8{}
	for _, l := range m.Layers {
		if v.fields[l.ID] != nil {
			return fmt.Errorf("layer %q is described twice", l.ID)
		}
		v.fields[l.ID] = l.Fields
		v.zooms[l.ID] = [2]uint8{l.MinZoom, l.MaxZoom}
		if l.MinZoom < m.MinZoom || l.MaxZoom > m.MaxZoom || l.MinZoom > l.MaxZoom {
			return fmt.Errorf("layer %q has zooms %d to %d, the tileset %d to %d", l.ID, l.MinZoom, l.MaxZoom, m.MinZoom, m.MaxZoom)
		}
	}
	return nil
}

// checkTiles reads every tile and computes agg_tiles_hash on the way.
func (v *verifier) checkTiles(ctx context.Context) (err error) {
	rows, err := v.db.QueryContext(ctx, "SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles ORDER BY zoom_level, tile_column, tile_row")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	total := md5.New()
	for rows.Next() {
		var key [3]any
		var data sql.RawBytes
		if err := rows.Scan(&key[0], &key[1], &key[2], &data); err != nil {
			return err
		}
		z, isZ := key[0].(int64)
		x, isX := key[1].(int64)
		y, isY := key[2].(int64)
		if !isZ || !isX || !isY {
			return fmt.Errorf("tile %v: zoom, column and row are not whole numbers", key)
		}
		if z < 0 || z > tiles.DeepestZoom || x < 0 || x >= 1<<z || y < 0 || y >= 1<<z {
			return fmt.Errorf("tile of zoom %d, column %d, row %d from the south is outside the pyramid", z, x, y)
		}
		addToAggregate(total, z, x, y, data)
		id := tiles.ID{Z: uint8(z), X: uint32(x), Y: uint32(1<<z - 1 - y)}
		if err := v.checkTile(id, data); err != nil {
			return fmt.Errorf("tile %v: %w", id, err)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if want, got := v.meta.Other["agg_tiles_hash"], formatAggregate(total); got != want {
		return fmt.Errorf("agg_tiles_hash of the tiles is %s, metadata says %q", got, want)
	}
	return v.checkCount()
}

// checkCount finds rows that the view leaves out: references to no data, data
// without reference.
func (v *verifier) checkCount() error {
	var shallow, data, used int
	err := v.db.QueryRow("SELECT (SELECT count(*) FROM tiles_shallow), (SELECT count(*) FROM tiles_data), (SELECT count(DISTINCT tile_data_id) FROM tiles_shallow)").Scan(&shallow, &data, &used)
	if err != nil {
		return err
	}
	if shallow != v.report.Tiles || data != used {
		return fmt.Errorf("%d tiles and %d blobs, but %d tiles with %d blobs can be read", shallow, data, v.report.Tiles, used)
	}
	return nil
}

func (v *verifier) checkTile(id tiles.ID, data []byte) error {
	v.report.Tiles++
	v.report.Bytes += int64(len(data))
	v.report.Largest = max(v.report.Largest, len(data))
	if n := len(v.ranges); n == 0 || v.ranges[n-1].z != id.Z {
		v.ranges = append(v.ranges, newTileRange(id.Z))
	}
	v.ranges[len(v.ranges)-1].add(id)
	if !v.inBounds(id) {
		return fmt.Errorf("lies outside bounds %v", v.meta.Bounds)
	}
	if _, enc, err := Sniff(data); err != nil || enc != Gzip {
		return fmt.Errorf("is not gzip: %w", errors.Join(err, errEncoding))
	}
	raw, err := Inflate(data, Gzip)
	if err != nil {
		return err
	}
	t, err := tiles.Decode(raw)
	if err != nil {
		return err
	}
	if len(t.Layers) == 0 {
		return errors.New("is empty")
	}
	// A base map comes from others, whose polygons we do not answer for.
	if v.meta.Type != "baselayer" {
		if err := t.Check(); err != nil {
			return err
		}
	}
	if err := v.checkLayers(id, t); err != nil || v.each == nil {
		return err
	}
	return v.each(id, t)
}

var errEncoding = errors.New("tiles of a vector tileset are compressed")

// inBounds reports whether a tile shares ground with the bounds.
func (v *verifier) inBounds(id tiles.ID) bool {
	west, north := tiles.Corner(id)
	east, south := tiles.Corner(tiles.ID{Z: id.Z, X: id.X + 1, Y: id.Y + 1})
	b := v.meta.Bounds
	return west <= b[2] && east >= b[0] && south <= b[3] && north >= b[1]
}

// checkLayers checks that what a tile holds is what metadata announces.
func (v *verifier) checkLayers(id tiles.ID, t tiles.Tile) error {
	for _, l := range t.Layers {
		if v.layers[l.Name] == nil {
			v.layers[l.Name] = map[uint8]bool{}
		}
		v.layers[l.Name][id.Z] = true
		fields, known := v.fields[l.Name]
		if !known {
			return fmt.Errorf("layer %q is not described in metadata", l.Name)
		}
		if z := v.zooms[l.Name]; id.Z < z[0] || id.Z > z[1] {
			return fmt.Errorf("layer %q is announced for zooms %d to %d", l.Name, z[0], z[1])
		}
		if _, err := hazard.ParseKind(l.Name); err != nil {
			continue
		}
		for i := range l.Features {
			for name := range l.Features[i].Attr {
				if fields[name] == "" {
					return fmt.Errorf("layer %q: attribute %q is not described in metadata", l.Name, name)
				}
			}
		}
	}
	return nil
}

// checkRange checks what metadata says about all tiles together: the zooms are
// the real ones and none is missing, layers of zones reach through all of them.
func (v *verifier) checkRange(context.Context) error {
	if len(v.ranges) == 0 {
		return errors.New("holds no tile")
	}
	first, last := v.ranges[0].z, v.ranges[len(v.ranges)-1].z
	if first != v.meta.MinZoom || last != v.meta.MaxZoom {
		return fmt.Errorf("tiles have zooms %d to %d, metadata says %d to %d", first, last, v.meta.MinZoom, v.meta.MaxZoom)
	}
	for i, r := range v.ranges {
		if r.z != first+uint8(i) {
			return fmt.Errorf("zoom %d has no tile", first+uint8(i))
		}
	}
	for name := range v.fields {
		if _, err := hazard.ParseKind(name); err != nil {
			continue // a place may be named at some zooms only
		}
		for z := v.zooms[name][0]; z <= v.zooms[name][1]; z++ {
			if !v.layers[name][z] {
				return fmt.Errorf("layer %q is described in metadata, but no tile of zoom %d has it", name, z)
			}
		}
	}
	return nil
}
