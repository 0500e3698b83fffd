package tiles

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// DeepestZoom is the deepest zoom of an [ID].
const DeepestZoom = 24

// ErrNoTile reports a tile that is well named but holds nothing.
var ErrNoTile = errors.New("no tile")

// ID names one tile of the XYZ pyramid: rows count from the north.
type ID struct {
	Z    uint8
	X, Y uint32
}

// ParseID reads "z/x/y" and takes only what [ID.String] writes: plain digits,
// no leading zero, x and y below 2^z.
func ParseID(s string) (ID, error) {
	zText, rest, _ := strings.Cut(s, "/")
	xText, yText, _ := strings.Cut(rest, "/")
	z, okZ := parseNumber(zText, DeepestZoom+1)
	if !okZ {
		return ID{}, fmt.Errorf("tile %q: want ZOOM/COLUMN/ROW with a zoom up to %d", s, DeepestZoom)
	}
	x, okX := parseNumber(xText, 1<<z)
	y, okY := parseNumber(yText, 1<<z)
	if !okX || !okY {
		return ID{}, fmt.Errorf("tile %q: column and row of zoom %d are whole numbers below %d", s, z, 1<<z)
	}
	return ID{Z: uint8(z), X: x, Y: y}, nil
}

// parseNumber reads a number below limit, written without sign or leading zero.
func parseNumber(s string, limit uint32) (uint32, bool) {
	if s == "" || len(s) > 8 || (len(s) > 1 && s[0] == '0') {
		return 0, false
	}
	var n uint32
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + uint32(s[i]-'0')
	}
	return n, n < limit
}

// String writes the tile as "z/x/y".
func (id ID) String() string {
	b := make([]byte, 0, 24)
	b = strconv.AppendUint(b, uint64(id.Z), 10)
	b = strconv.AppendUint(append(b, '/'), uint64(id.X), 10)
	b = strconv.AppendUint(append(b, '/'), uint64(id.Y), 10)
	return string(b)
}

// Valid reports whether the tile lies inside the pyramid.
func (id ID) Valid() bool {
	return id.Z <= DeepestZoom && id.X < 1<<id.Z && id.Y < 1<<id.Z
}

// Up returns the tile at zoom z, not deeper than id's own, that holds id.
func (id ID) Up(z uint8) ID {
	return ID{Z: z, X: id.X >> (id.Z - z), Y: id.Y >> (id.Z - z)}
}

// Compare orders tiles by zoom, column and row.
func (id ID) Compare(other ID) int {
	return cmp.Or(cmp.Compare(id.Z, other.Z), cmp.Compare(id.X, other.X), cmp.Compare(id.Y, other.Y))
}
