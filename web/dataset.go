package web

import (
	"context"
	"iter"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
)

// Dataset is what the server needs of one open dataset.
type Dataset struct {
	ID       string // "10204": the first part of /tiles/{dataset}/{set}.json
	Version  string // hash of the manifest, part of every tile address
	Edition  string // date of the data
	Bounds   orb.Bound
	Index    *hazard.Index
	Archives map[string]Archive // tilesets by name: "flood", "places", "base"; read once, then not needed
	Close    func() error       // called after the last request that used it; may be nil
}

// Archive is what the server needs of a tileset on the shelf.
type Archive interface {
	Metadata() mbtiles.Metadata
	All(ctx context.Context) iter.Seq2[mbtiles.Stored, error]
}
