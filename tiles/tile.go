// Package tiles cuts hazard zones, places and the base map into vector tiles
// that never under-state.
//
// Two rules hold the pyramid together. Down at the exact zooms every zone is
// drawn as it is: its corners are rounded once to whole tile units of the
// world, so neighbouring tiles agree, and its rings are cleaned so that every
// polygon is valid. Up at the overview zooms a raster of the worst class is
// drawn, every touched cell counting, and halved by the worst of four: no zone
// can vanish and no place is shown milder than it is.
package tiles

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
)

// Extent is the width and height of a tile in its own units.
const Extent = 4096

// CutOptions tune the pyramid. The zero value is ready to use.
type CutOptions struct {
	Theme        string // cut only the kinds of this theme; "" means all
	MinZoom      uint8  // 0 means 6
	MaxZoom      uint8  // 0 means 14
	ExactZoom    uint8  // first zoom drawn zone by zone; 0 means 13
	BufferUnits  int    // drawn past each edge; 0 means 64 of 4096
	MaxTileBytes int    // gzipped size above which an overview takes coarser cells; 0 means 500,000
	Workers      int    // 0 means one per processor; the bytes do not depend on it
	// Progress is called as work is done, from one goroutine at a time.
	Progress func(done, total int)
}

// Cut cuts hazard zones into tiles. A zone's number is its position in zones.
// put is called from one goroutine at a time, in an order that depends on the
// zones alone.
func Cut(ctx context.Context, zones []hazard.Zone, opts CutOptions, put func(ID, []byte) error) (LossReport, error) {
	return LossReport{}, errors.New("not yet")
}

// Feature is one shape of a layer that is not a hazard: a place, a river of
// the base map, a boundary.
type Feature struct {
	Layer            string
	ID               uint64       // 0 means none
	Geometry         orb.Geometry // degrees
	Attr             map[string]any
	MinZoom, MaxZoom uint8 // MaxZoom 0 means every zoom from MinZoom
}

// CutFeatures cuts places and base layers into tiles.
func CutFeatures(ctx context.Context, features []Feature, opts CutOptions, put func(ID, []byte) error) error {
	return errors.New("not yet")
}

// LossReport says what the tiles do to the zones.
type LossReport struct {
	Tiles int `json:"tiles"`
}

// VectorLayer describes one layer of a tileset, as TileJSON 3.0 and the json
// row of MBTiles 1.3 do.
type VectorLayer struct {
	ID          string            `json:"id"`
	Description string            `json:"description,omitempty"`
	MinZoom     uint8             `json:"minzoom"`
	MaxZoom     uint8             `json:"maxzoom"`
	Fields      map[string]string `json:"fields"`
}

// TileJSON describes a tileset for a map client (TileJSON 3.0).
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name,omitempty"`
	Description  string        `json:"description,omitempty"`
	Attribution  string        `json:"attribution,omitempty"`
	Version      string        `json:"version,omitempty"`
	Tiles        []string      `json:"tiles"`
	VectorLayers []VectorLayer `json:"vector_layers"`
	MinZoom      uint8         `json:"minzoom"`
	MaxZoom      uint8         `json:"maxzoom"`
	Bounds       [4]float64    `json:"bounds"`
	Center       [3]float64    `json:"center"`
}

// Tile is a decoded vector tile.
type Tile struct{ Layers []Layer }

// Layer is one layer of a decoded tile.
type Layer struct {
	Name     string
	Version  uint32
	Extent   uint32
	Features []TileFeature
}

// GeomType is the type of a feature's geometry.
type GeomType uint8

// The geometry types of MVT 2.1.
const (
	UnknownGeom GeomType = iota
	Points
	Lines
	Polygons
)

// XY is a position in tile units, from the north-west corner, y downwards.
type XY struct{ X, Y int32 }

// TileFeature is one feature of a decoded tile.
type TileFeature struct {
	ID    uint64
	HasID bool
	Type  GeomType
	Attr  map[string]any // string, float32, float64, int64, uint64 or bool
	// Parts are the points (one part), lines or rings in the order of the
	// tile. Rings do not repeat their first point.
	Parts [][]XY
}

// Decode reads a vector tile strictly by MVT 2.1.
func Decode(raw []byte) (Tile, error) { return Tile{}, errors.New("not yet") }
