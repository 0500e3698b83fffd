package web

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/geopackage"
	"hazardmap/hazard"
	"hazardmap/hazard/diff"
	"hazardmap/mbtiles"
	"hazardmap/tiles"
	"hazardmap/web/view"
)

// Dataset is what the server needs of one open dataset.
type Dataset struct {
	ID       string    // "10204": the first part of /tiles/{dataset}/{set}.json
	Version  string    // hash of the manifest, part of every tile address
	Edition  string    // date of the data
	Expires  time.Time // from then on shown with a warning; zero means never
	Bounds   orb.Bound
	Index    *hazard.Index
	Places   *gazetteer.Index   // nil where the dataset has no gazetteer
	Contacts []view.Contact     // whom to ask; the city hall first
	Shapes   *geopackage.File   // every zone and shelter for planners; nil for none
	Archives map[string]Archive // tilesets by name: "flood", "places", "base"; read once, then not needed
	Close    func() error       // called after the last request that used it; may be nil
	// RisksFile and PlacesFile are the bytes of Index and Places, for phones that
	// take them along; nil where none may.
	RisksFile, PlacesFile []byte

	// Before compares the edition before with this one; nil where there is none.
	Before func(context.Context) (*diff.Report, error)
	// Towns reads the areas of the towns, none where there are none; may be nil.
	Towns func(context.Context) ([]hazard.Place, error)
}

// Archive is what the server needs of a tileset on the shelf.
type Archive interface {
	Metadata() mbtiles.Metadata
	All(ctx context.Context) iter.Seq2[mbtiles.Stored, error]
}

// served is a dataset with its tiles laid out.
type served struct {
	*Dataset
	version string // as it stands in addresses
	towns   townList
	pages   *view.Dataset
	phone   func() (*phonePack, error)

	compared comparison
}

// editionDate returns the day that the age of the data is counted from.
func (d *served) editionDate() (time.Time, bool) { return hazard.EditionDate(d.Edition) }

// old reports whether the data may be out of date. A clock that is wrong by
// years only brings the warning early or late: the edition is always shown.
func (d *served) old(now time.Time) bool { return !d.Expires.IsZero() && now.After(d.Expires) }

// versionDigits are enough of the manifest's hash to tell the versions of a
// dataset apart.
const versionDigits = 16

// openDataset lays the tiles of a dataset out, adding them to a set.
func (o *openSet) openDataset(ctx context.Context, d *Dataset) error {
	v := &served{Dataset: d, version: d.Version[:min(len(d.Version), versionDigits)]}
	names := slices.Sorted(maps.Keys(d.Archives))
	for _, name := range names {
		address := name + "/" + v.version
		if o.tilesets[address] != nil {
			return fmt.Errorf("dataset %s: version %s is there twice", d.ID, v.version)
		}
		t, err := openTileset(ctx, d.Archives[name])
		if err != nil {
			return fmt.Errorf("dataset %s: %s: %w", d.ID, name, err)
		}
		o.tilesets[address] = t
	}
	v.pages = o.pagesOf(v, names)
	v.phone = o.phonePackOf(v)
	o.datasets = append(o.datasets, v)
	return nil
}

// pagesOf returns a dataset as the pages see it.
func (o *openSet) pagesOf(v *served, tilesets []string) *view.Dataset {
	pages := &view.Dataset{ID: v.ID, Version: v.version, Edition: v.Edition, Tilesets: tilesets, Contacts: v.Contacts}
	if v.Index != nil {
		pages.Area, pages.Risks = v.Index.Area(), v.Index
	}
	if v.Places != nil {
		pages.Places = v.Places
	}
	pages.Tile = func(set string, id tiles.ID) []byte {
		t := o.tilesets[set+"/"+v.version]
		if t == nil || !t.format.vector {
			return nil
		}
		body, _, ok := t.pack.find(id)
		if !ok {
			return nil
		}
		raw, err := gunzip(body)
		if err != nil {
			return nil
		}
		return raw
	}
	return pages
}
