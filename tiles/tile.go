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

// Extent is the width and height of a tile in its own units.
const Extent = 4096

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
