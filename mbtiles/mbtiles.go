// Package mbtiles keeps tiles on the shelf: one SQLite file per tileset, as
// MBTiles 1.3 describes it.
//
// What we write is laid out one way and checked to the last byte by [Verify].
// What others wrote is read as it comes, and nothing in it is executed.
package mbtiles

import "hazardmap/tiles"

// Metadata is what a tileset says about itself.
type Metadata struct {
	Name        string
	Description string
	Attribution string // HTML from a file: never put on a page unescaped
	Version     string
	Type        string     // "overlay" or "baselayer"
	Format      string     // "pbf", "png", "jpg", "webp" or "json"
	Bounds      [4]float64 // west, south, east, north in degrees; all zero if not known
	Center      [3]float64 // longitude, latitude, zoom; all zero if not known
	MinZoom     uint8
	MaxZoom     uint8
	Layers      []tiles.VectorLayer
	Other       map[string]string // every other row, by name
}

// applicationID marks an SQLite file as MBTiles: "MPBX".
const applicationID = 0x4d504258

// southUp returns the row of a tile in the file: MBTiles counts rows from the
// south.
func southUp(id tiles.ID) uint32 { return 1<<id.Z - 1 - id.Y }
