package mbtiles_test

import (
	"maps"
	"slices"

	"hazardmap/tiles"
)

func sortedIDs(set map[tiles.ID][]byte) []tiles.ID {
	return slices.SortedFunc(maps.Keys(set), tiles.ID.Compare)
}
