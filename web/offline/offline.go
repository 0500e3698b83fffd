// Package offline is a site on a phone: the pages and tiles of one town, made
// of bytes that the phone keeps, by the very functions that the server calls.
//
// The server writes a [Pack] with [Pack.Files]; the program of the phone
// opens the same files and asks [Town.Answer]. What an address means is
// decided here once, so that both say the same bytes.
package offline

import (
	"errors"
	"fmt"

	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/tiles"
	"hazardmap/web/view"
)

// Names of the files of a pack.
const (
	SiteFile   = "site"
	RisksFile  = "risks.idx"
	PlacesFile = "places.idx"
	TilesFile  = "tiles"
)

// Town is an open pack.
type Town struct {
	site  Site
	pages *view.Dataset
	tiles map[string]tileSet
}

// Open opens the files of a pack. They are read while the town is used and must
// not change; whether they are the right ones was checked by their hashes.
func Open(files map[string][]byte) (*Town, error) {
	site, err := ParseSite(files[SiteFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", SiteFile, err)
	}
	risks, err := hazard.OpenIndex(files[RisksFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", RisksFile, err)
	}
	t := &Town{site: site}
	if t.tiles, err = openTiles(files[TilesFile]); err != nil {
		return nil, fmt.Errorf("%s: %w", TilesFile, err)
	}
	t.pages = &view.Dataset{ID: site.ID, Version: site.Version, Edition: site.Edition, Area: risks.Area(), Risks: risks,
		Tilesets: site.Tilesets, Contacts: site.Contacts, Tile: t.tile}
	if files[PlacesFile] == nil {
		return t, nil
	}
	places, err := gazetteer.Open(files[PlacesFile])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", PlacesFile, err)
	}
	t.pages.Places = places
	return t, nil
}

func (t *Town) tile(set string, id tiles.ID) []byte { return t.tiles[set].find(id) }

var errCutOff = errors.New("is cut off")
