// Package mbtiles keeps tiles on the shelf: one SQLite file per tileset, as
// MBTiles 1.3 describes it.
//
// What we write is laid out one way and checked to the last byte by [Verify].
// What others wrote is read as it comes, and never executed.
package mbtiles

import (
	"context"
	"errors"
	"iter"

	"hazardmap/tiles"
)

// Metadata is what a tileset says about itself.
type Metadata struct {
	Name        string
	Description string
	Attribution string // HTML from a file: never put on a page unescaped
	Version     string
	Type        string     // "overlay" or "baselayer"
	Format      string     // "pbf", "png", "jpg", "webp", …
	Bounds      [4]float64 // west, south, east, north; all zero if not known
	Center      [3]float64 // longitude, latitude, zoom; all zero if not known
	MinZoom     uint8
	MaxZoom     uint8
	Layers      []tiles.VectorLayer
	Other       map[string]string // every other row, by name
}

// Encoding says how a stored tile is compressed.
type Encoding string

// The encodings met in MBTiles files.
const (
	Identity Encoding = ""
	Gzip     Encoding = "gzip"
	Zlib     Encoding = "deflate"
)

// Stored is one tile as it lies in a file.
type Stored struct {
	ID       tiles.ID
	Data     []byte
	Encoding Encoding
}

// Writer writes one MBTiles file.
type Writer struct{}

// Create starts a new file at path, which must not exist. Zooms, bounds and
// center that are zero are taken from the tiles.
func Create(path string, meta Metadata) (*Writer, error) { return nil, errors.New("not yet") }

// Put stores one raw vector tile.
func (w *Writer) Put(id tiles.ID, raw []byte) error { return errors.New("not yet") }

// Close completes the file and syncs it.
func (w *Writer) Close() error { return errors.New("not yet") }

// Archive reads one MBTiles file.
type Archive struct{}

// Open opens a file, also one that others wrote.
func Open(path string) (*Archive, error) { return nil, errors.New("not yet") }

// Metadata returns what the file says about itself.
func (a *Archive) Metadata() Metadata { return Metadata{} }

// Tile returns one tile as it is stored, or [tiles.ErrNoTile].
func (a *Archive) Tile(ctx context.Context, id tiles.ID) ([]byte, error) {
	return nil, tiles.ErrNoTile
}

// All yields every tile, by zoom, column and row.
func (a *Archive) All(ctx context.Context) iter.Seq2[Stored, error] {
	return func(func(Stored, error) bool) {}
}

// Close closes the file.
func (a *Archive) Close() error { return nil }

// Report is what [Verify] saw.
type Report struct {
	Tiles   int
	Bytes   int64
	Largest int
}

// Verify checks a file that we wrote, down to the bytes of every tile.
func Verify(ctx context.Context, path string) (Report, error) { return Report{}, errors.New("not yet") }
