package web

import (
	"strings"

	"hazardmap/tiles"
)

// tilePath is the address of one tile: /tiles/{set}/{version}/{z}/{x}/{y}.{ext}.
type tilePath struct {
	set string // "flood/1f0c…": set and version as they stand in the path
	id  tiles.ID
	ext string // "mvt"
	ok  bool   // false where z, x or y is no plain number or no tile of its zoom
}

const tilePrefix = "/tiles/"

// parseTilePath reads the address of a tile by hand, without allocating, and
// reports whether the path has its form. Every decimal number is written in
// one way only, so that a tile has one address.
func parseTilePath(path string) (tilePath, bool) {
	rest, ok := strings.CutPrefix(path, tilePrefix)
	if !ok {
		return tilePath{}, false
	}
	cuts := [4]int{}
	n := 0
	for i := range len(rest) {
		if rest[i] != '/' {
			continue
		}
		if n == len(cuts) {
			return tilePath{}, false
		}
		cuts[n] = i
		n++
	}
	if n != len(cuts) || cuts[0] == 0 || cuts[1] == cuts[0]+1 {
		return tilePath{}, false
	}
	p := tilePath{set: rest[:cuts[1]]}
	row, ext, _ := strings.Cut(rest[cuts[3]+1:], ".")
	p.ext = ext
	z, okZ := parseCount(rest[cuts[1]+1 : cuts[2]])
	x, okX := parseCount(rest[cuts[2]+1 : cuts[3]])
	y, okY := parseCount(row)
	p.ok = okZ && okX && okY && z <= tiles.DeepestZoom && x < 1<<z && y < 1<<z
	if p.ok {
		p.id = tiles.ID{Z: uint8(z), X: x, Y: y}
	}
	return p, true
}

// parseCount reads a number of up to nine digits without sign or leading zero.
func parseCount(s string) (uint32, bool) {
	if len(s) == 0 || len(s) > 9 || (s[0] == '0' && len(s) > 1) {
		return 0, false
	}
	n := uint32(0)
	for i := range len(s) {
		digit := s[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = n*10 + uint32(digit)
	}
	return n, true
}
