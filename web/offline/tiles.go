package offline

import (
	"encoding/binary"
	"errors"
	"sort"

	"hazardmap/tiles"
)

// The tiles of a pack: how many sets; per set its name, how many tiles, the
// tiles; then the bodies, as they are before compression, end to end. A tile
// is zoom, column, row, offset and length of its body.
const (
	tilesMagic = "hazardmap tiles 1\n"
	tileEntry  = 1 + 4*4
)

var errNotTiles = errors.New("is no file of tiles that this program knows")

// TileWriter collects tiles. The zero value is ready to use.
type TileWriter struct {
	sets   []writtenSet
	bodies []byte
	known  map[string]uint32 // offset of each different body
}

type writtenSet struct {
	name    string
	entries []byte
	count   int
	last    tiles.ID
}

// Errors of a [TileWriter].
var (
	ErrTileOrder    = errors.New("tiles out of order")
	ErrTooManyTiles = errors.New("tiles take more than 1 GiB")
)

// maxTileBytes is more than a phone should ever be asked to keep.
const maxTileBytes = 1 << 30

// Add appends a tile: set after set, in the order of their ids.
func (w *TileWriter) Add(set string, id tiles.ID, body []byte) error {
	if n := len(w.sets); n == 0 || w.sets[n-1].name != set {
		if n > 0 && w.sets[n-1].name >= set {
			return ErrTileOrder
		}
		w.sets = append(w.sets, writtenSet{name: set})
	}
	s := &w.sets[len(w.sets)-1]
	if s.count > 0 && s.last.Compare(id) >= 0 {
		return ErrTileOrder
	}
	offset, ok := w.known[string(body)]
	if !ok {
		if len(w.bodies)+len(body) > maxTileBytes {
			return ErrTooManyTiles
		}
		if w.known == nil {
			w.known = map[string]uint32{}
		}
		offset = uint32(len(w.bodies))
		w.known[string(body)] = offset
		w.bodies = append(w.bodies, body...)
	}
	s.entries = append(s.entries, id.Z)
	for _, n := range []uint32{id.X, id.Y, offset, uint32(len(body))} {
		s.entries = binary.LittleEndian.AppendUint32(s.entries, n)
	}
	s.count++
	s.last = id
	return nil
}

// Encode writes the tiles as one file.
func (w *TileWriter) Encode() []byte {
	b := binary.AppendUvarint([]byte(tilesMagic), uint64(len(w.sets)))
	for _, s := range w.sets {
		b = append(binary.AppendUvarint(b, uint64(len(s.name))), s.name...)
		b = binary.AppendUvarint(b, uint64(s.count))
		b = append(b, s.entries...)
	}
	return append(b, w.bodies...)
}

// tileSet is one set of tiles of an open pack.
type tileSet struct {
	entries []byte
	bodies  []byte
}

// openTiles reads the tables. It checks every entry, so that no look-up can
// leave the file.
func openTiles(b []byte) (map[string]tileSet, error) {
	if len(b) < len(tilesMagic) || string(b[:len(tilesMagic)]) != tilesMagic {
		return nil, errNotTiles
	}
	r := reader{b: b[len(tilesMagic):]}
	sets := map[string]tileSet{}
	for range r.count() {
		name := r.text()
		n := r.count()
		if r.broken || n > len(r.b)/tileEntry {
			return nil, errCutOff
		}
		sets[name] = tileSet{entries: r.b[:n*tileEntry]}
		r.b = r.b[n*tileEntry:]
	}
	if r.broken {
		return nil, errCutOff
	}
	for name, s := range sets {
		s.bodies = r.b
		for i := range len(s.entries) / tileEntry {
			if id, offset, length := s.at(i); !id.Valid() || uint64(offset)+uint64(length) > uint64(len(r.b)) {
				return nil, errCutOff
			}
		}
		sets[name] = s
	}
	return sets, nil
}

func (s tileSet) at(i int) (id tiles.ID, offset, length uint32) {
	e := s.entries[i*tileEntry:]
	n := func(at int) uint32 { return binary.LittleEndian.Uint32(e[at:]) }
	return tiles.ID{Z: e[0], X: n(1), Y: n(5)}, n(9), n(13)
}

// find returns the body of a tile, nil if there is none.
func (s tileSet) find(id tiles.ID) []byte {
	i, found := sort.Find(len(s.entries)/tileEntry, func(i int) int {
		other, _, _ := s.at(i)
		return id.Compare(other)
	})
	if !found {
		return nil
	}
	_, offset, length := s.at(i)
	return s.bodies[offset : offset+length : offset+length]
}
