package mbtiles

import (
	"math"

	"hazardmap/tiles"
)

// tileRange is the rectangle of tiles that one zoom holds.
type tileRange struct {
	z                      uint8
	minX, minY, maxX, maxY uint32
	count                  int
}

func newTileRange(z uint8) tileRange {
	return tileRange{z: z, minX: math.MaxUint32, minY: math.MaxUint32}
}

func (r *tileRange) add(id tiles.ID) {
	r.minX, r.maxX = min(r.minX, id.X), max(r.maxX, id.X)
	r.minY, r.maxY = min(r.minY, id.Y), max(r.maxY, id.Y)
	r.count++
}

// bounds returns the rectangle as west, south, east, north in degrees.
func (r tileRange) bounds() [4]float64 {
	west, north := tiles.Corner(tiles.ID{Z: r.z, X: r.minX, Y: r.minY})
	east, south := tiles.Corner(tiles.ID{Z: r.z, X: r.maxX + 1, Y: r.maxY + 1})
	return [4]float64{round6(west), round6(south), round6(east), round6(north)}
}

// reach widens bounds until every tile of the rectangle shares ground with
// them: an overview shows a needle that the deepest zoom is too fine to hold.
func (r tileRange) reach(b [4]float64) [4]float64 {
	east, south := tiles.Corner(tiles.ID{Z: r.z, X: r.maxX, Y: r.maxY})
	west, north := tiles.Corner(tiles.ID{Z: r.z, X: r.minX + 1, Y: r.minY + 1})
	out := func(v, side float64) float64 { return math.Round(v*1e6+side) / 1e6 }
	return [4]float64{min(b[0], out(west, -1)), min(b[1], out(south, -1)), max(b[2], out(east, 1)), max(b[3], out(north, 1))}
}

// round6 rounds degrees to a tenth of a metre.
func round6(v float64) float64 { return math.Round(v*1e6) / 1e6 }
