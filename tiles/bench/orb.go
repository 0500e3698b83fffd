package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"database/sql"
	"maps"
	"slices"

	_ "github.com/mattn/go-sqlite3"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/maptile/tilecover"
	"github.com/paulmach/orb/simplify"

	"hazardmap/hazard"
)

// cutOrb cuts with paulmach/orb as its documentation does: project, clip,
// simplify, drop what is empty, encode, gzip of the standard library.
func cutOrb(out string, zones []hazard.Zone) error {
	db, err := sql.Open("sqlite3", out)
	if err != nil {
		return err
	}
	if _, err := db.Exec("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"); err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	for z := maptile.Zoom(6); z <= 14; z++ {
		in := map[maptile.Tile][]int{}
		for i := range zones {
			for t := range tilecover.Bound(zones[i].Shape.Bound(), z) {
				in[t] = append(in[t], i)
			}
		}
		order := slices.SortedFunc(maps.Keys(in), func(a, b maptile.Tile) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
		for _, t := range order {
			data, err := orbTile(t, zones, in[t])
			if err != nil {
				return err
			}
			if _, err := tx.Exec("INSERT INTO tiles VALUES (?, ?, ?, ?)", t.Z, t.X, 1<<t.Z-1-t.Y, data); err != nil {
				return err
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return db.Close()
}

func orbTile(t maptile.Tile, zones []hazard.Zone, numbers []int) ([]byte, error) {
	fc := map[string]*geojson.FeatureCollection{}
	for _, i := range numbers {
		name := zones[i].Kind.String()
		if fc[name] == nil {
			fc[name] = geojson.NewFeatureCollection()
		}
		f := geojson.NewFeature(orb.Clone(zones[i].Shape))
		f.Properties = geojson.Properties{"id": i, "kind": name, "rank": int(zones[i].Rank)}
		fc[name].Append(f)
	}
	layers := mvt.NewLayers(fc)
	layers.ProjectToTile(t)
	layers.Clip(mvt.MapboxGLDefaultExtentBound)
	layers.Simplify(simplify.DouglasPeucker(1))
	layers.RemoveEmpty(1, 1)
	raw, err := mvt.Marshal(layers)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
