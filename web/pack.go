package web

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"slices"

	"hazardmap/tiles"
)

// pack holds every tile of one tileset as it is sent: bytes end to end in
// mapped memory, repeats once, and an index without pointers over them. The
// archive it was made from is not needed any more.
type pack struct {
	body    []byte
	slots   []slot // open addressing; a free slot has key 0
	tiles   int
	release func() error
}

// slot is one entry of the index: 24 bytes.
type slot struct {
	key   uint64 // packKey of the tile
	hash  uint64 // of the stored bytes, for the ETag
	place uint64 // offset in body, 40 bits; then length, 24 bits
}

const (
	maxTileBytes = 1<<24 - 1 // by the layout of slot
	maxPackBytes = 1<<40 - 1
)

// packKey packs a tile id into 63 bits, plus one so that no key is 0.
func packKey(id tiles.ID) uint64 {
	return uint64(id.Z)<<58 + uint64(id.X)<<29 + uint64(id.Y) + 1
}

// find returns the stored bytes of a tile and their hash.
func (p *pack) find(id tiles.ID) (body []byte, hash uint64, ok bool) {
	key := packKey(id)
	for i := p.home(key); ; i++ {
		if i == uint64(len(p.slots)) {
			i = 0
		}
		s := &p.slots[i]
		if s.key == key {
			offset, length := s.place>>24, s.place&maxTileBytes
			return p.body[offset : offset+length : offset+length], s.hash, true
		}
		if s.key == 0 {
			return nil, 0, false
		}
	}
}

// ids returns the tiles in their order.
func (p *pack) ids() []tiles.ID {
	ids := make([]tiles.ID, 0, p.tiles)
	for _, s := range p.slots {
		if key := s.key - 1; s.key != 0 {
			ids = append(ids, tiles.ID{Z: uint8(key >> 58), X: uint32(key >> 29 & (1<<29 - 1)), Y: uint32(key & (1<<29 - 1))})
		}
	}
	slices.SortFunc(ids, tiles.ID.Compare)
	return ids
}

// home returns the slot in which the search for a key starts.
func (p *pack) home(key uint64) uint64 {
	// Fibonacci hashing spreads neighbours; the high half of the product
	// scales to any table size.
	i, _ := bits.Mul64(key*0x9E3779B97F4A7C15, uint64(len(p.slots)))
	return i
}

func (p *pack) close() error {
	if p.release == nil {
		return nil
	}
	return p.release()
}

// packWriter lays tiles out in an unlinked file, so that nobody can change
// what was mapped, and the kernel may drop pages that nobody asks for.
type packWriter struct {
	file   *os.File
	out    *bufio.Writer
	size   uint64
	slots  []slot
	stored map[[sha256.Size]byte]uint64 // place of each different body
}

func newPackWriter() (*packWriter, error) {
	file, err := os.CreateTemp("", "hazardmap-tiles-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &packWriter{file: file, out: bufio.NewWriterSize(file, 1<<18), stored: map[[sha256.Size]byte]uint64{}}, nil
}

func (w *packWriter) add(id tiles.ID, body []byte) error {
	if !id.Valid() {
		return fmt.Errorf("tile %v: no such tile", id)
	}
	if len(body) > maxTileBytes || w.size+uint64(len(body)) > maxPackBytes {
		return fmt.Errorf("tile %v: %d bytes are too many", id, len(body))
	}
	sum := sha256.Sum256(body)
	place, repeated := w.stored[sum]
	if !repeated {
		if _, err := w.out.Write(body); err != nil {
			return err
		}
		place = w.size<<24 | uint64(len(body))
		w.stored[sum] = place
		w.size += uint64(len(body))
	}
	w.slots = append(w.slots, slot{packKey(id), binary.BigEndian.Uint64(sum[:8]), place})
	return nil
}

// finish maps what was written and builds the index. It closes the writer.
func (w *packWriter) finish() (*pack, error) {
	if err := w.out.Flush(); err != nil {
		return nil, errors.Join(err, w.file.Close())
	}
	body, release, err := mapFile(w.file, int(w.size))
	if err != nil {
		return nil, errors.Join(err, w.file.Close())
	}
	if err := w.file.Close(); err != nil {
		return nil, errors.Join(err, release())
	}
	p := &pack{body: body, slots: make([]slot, len(w.slots)*10/7+1), tiles: len(w.slots), release: release}
	for _, s := range w.slots {
		if err := p.insert(s); err != nil {
			return nil, errors.Join(err, release())
		}
	}
	return p, nil
}

func (w *packWriter) abort(err error) error { return errors.Join(err, w.file.Close()) }

func (p *pack) insert(s slot) error {
	i := p.home(s.key)
	for p.slots[i].key != 0 {
		if p.slots[i].key == s.key {
			key := s.key - 1
			return fmt.Errorf("tile %d/%d/%d is there twice", key>>58, key>>29&(1<<29-1), key&(1<<29-1))
		}
		if i++; i == uint64(len(p.slots)) {
			i = 0
		}
	}
	p.slots[i] = s
	return nil
}
