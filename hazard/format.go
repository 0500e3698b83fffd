package hazard

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// The layout of risks.idx. All numbers are little-endian; every section starts
// at a multiple of sectionAlign, so that it can be mapped on its own.
//
//	header    one page: magic, version, tree geometry, layers, section table, CRC-32C
//	grid      uint32 reference per cell, rows from the south
//	nodes     16 references per node, one cache line
//	leaves    groups of edges, see leafGroup
//	lists     zones of cells that no edge enters: count, numbers
//	blocks    worst rank per layer for every 4x4 cells of the grid, 4 bits each
//	branches  the same for every node
//	extents   grid of the boundary (number 0) and the coverage polygons
//	surveys   kinds and flags of each extent
//	zones     8 bytes a zone; attributes, 32 bytes each, are shared
//	strings   offsets, then UTF-8
//	register  area, sources and shelters as one stream
//	ranges    per place its shares, sorted by place id
const (
	magic         = "hazrisks"
	formatVersion = 1
	headerSize    = 4096
	sectionAlign  = 4096

	offLayers   = 256
	layerSize   = 8
	maxLayers   = int(kindEnd-1) * 3 * 2
	offSections = 1024
	entrySize   = 32
)

type sectionID uint32

const (
	secGrid sectionID = iota + 1
	secNodes
	secLeaves
	secLists
	secBlocks
	secBranches
	secExtents
	secSurveys
	secZones
	secAttributes
	secStrings
	secRegister
	secRanges
	secEnd
)

// A reference says what fills a cell: two bits of tag, 30 bits of value.
const (
	tagZone  = 0 << 30 // value 0: nothing; else one zone, its number plus one
	tagNode  = 1 << 30 // number of the node
	tagLeaf  = 2 << 30 // offset in leaves, in units of 8 bytes
	tagList  = 3 << 30 // offset in lists, in units of 4 bytes
	tagMask  = 3 << 30
	maxValue = 1<<30 - 1
)

// A leaf is a run of groups. A group is 8 bytes, zone number and the word
// below, then its narrow edges (4 int16 from the cell's first lattice point)
// and its wide edges (4 int32, absolute). A part with too many edges for one
// group goes on in the next, its corner told once.
const (
	groupNarrow = 0xff      // bits 0-7: number of narrow edges
	groupWide   = 0x3f << 8 // bits 8-13: number of wide edges
	groupInside = 1 << 14   // the cell's reference corner lies inside the part
	groupMore   = 1 << 15   // the part goes on in the next group
	groupLayer  = 0x7f << 16
	groupRank   = 0xf << 23
	groupLine   = 1 << 27 // a line, so nothing is inside
	groupLast   = 1 << 28 // of the leaf
	groupList   = 1 << 29 // first of the leaf: the zone number is that of a list, whose zones cover the cell

	wideShift, layerShift, rankShift = 8, 16, 23
)

// rankNibble holds every rank in 4 bits: 15 is RankUnknown, worse than any.
func rankNibble(rank uint8) uint8 {
	if rank == RankUnknown {
		return 15
	}
	return rank
}

func nibbleRank(n uint8) uint8 {
	if n == 15 {
		return RankUnknown
	}
	return n
}

// layer is one kind and scenario that occurs among the zones; zones drawn as
// lines have layers of their own.
type layer struct {
	kind     Kind
	scenario Scenario
	line     bool
	top      uint8  // worst rank as a nibble
	inArea   uint32 // zones that touch the area
}

// lattice is the dense grid at the top of a tree.
type lattice struct {
	x0, y0     int32
	shift      uint32
	cols, rows uint32
}

type header struct {
	datasetID string
	zones     uint32
	sourced   KindSet
	zoneGrid  lattice
	extents   lattice
	layers    []layer
	sections  [secEnd]extent
	size      uint64
}

type extent struct {
	offset, length uint64
	crc            uint32
}

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	le         = binary.LittleEndian
)

func (l lattice) put(b []byte) {
	le.PutUint32(b, uint32(l.x0))
	le.PutUint32(b[4:], uint32(l.y0))
	le.PutUint32(b[8:], l.shift)
	le.PutUint32(b[12:], l.cols)
	le.PutUint32(b[16:], l.rows)
}

func getLattice(b []byte) lattice {
	return lattice{int32(le.Uint32(b)), int32(le.Uint32(b[4:])), le.Uint32(b[8:]), le.Uint32(b[12:]), le.Uint32(b[16:])}
}

// check bounds a lattice so that no product of its sides can overflow.
func (l lattice) check() error {
	if l.shift > 30 || l.cols > 1<<28 || l.rows > 1<<28 || uint64(l.cols)*uint64(l.rows) > 1<<34 {
		return fmt.Errorf("grid of %d x %d cells of 2^%d", l.cols, l.rows, l.shift)
	}
	return nil
}

// checkGrids makes sure that every cell of the extents' grid, divided by four
// as often as need be, is made of whole cells of the zones' grid.
func (h *header) checkGrids() error {
	zones, extents := h.zoneGrid, h.extents
	if err := errors.Join(zones.check(), extents.check()); err != nil {
		return err
	}
	if zones.cols == 0 {
		return nil
	}
	mask := int64(1)<<zones.shift - 1
	dx, dy := int64(zones.x0)-int64(extents.x0), int64(zones.y0)-int64(extents.y0)
	if extents.shift < zones.shift || (extents.shift-zones.shift)%2 != 0 || (dx|dy)&mask != 0 {
		return errors.New("grids do not fit each other")
	}
	return nil
}

const offDatasetID, maxDatasetID = 96, 128

func (h *header) encode() []byte {
	b := make([]byte, headerSize)
	copy(b, magic)
	le.PutUint32(b[8:], formatVersion)
	le.PutUint64(b[16:], h.size)
	le.PutUint32(b[24:], uint32(secEnd-1))
	le.PutUint32(b[28:], h.zones)
	le.PutUint32(b[32:], uint32(h.sourced))
	le.PutUint32(b[36:], uint32(len(h.layers)))
	h.zoneGrid.put(b[40:])
	h.extents.put(b[60:])
	b[80] = byte(len(h.datasetID))
	copy(b[offDatasetID:], h.datasetID)
	for i, l := range h.layers {
		r := b[offLayers+i*layerSize:]
		r[0], r[1], r[3] = byte(l.kind), byte(l.scenario), l.top
		if l.line {
			r[2] = 1
		}
		le.PutUint32(r[4:], l.inArea)
	}
	for id := secGrid; id < secEnd; id++ {
		r, s := b[offSections+int(id-1)*entrySize:], h.sections[id]
		le.PutUint32(r, uint32(id))
		le.PutUint32(r[4:], s.crc)
		le.PutUint64(r[8:], s.offset)
		le.PutUint64(r[16:], s.length)
	}
	le.PutUint32(b[headerSize-4:], crc32.Checksum(b[:headerSize-4], castagnoli))
	return b
}

// errTrailing reports bytes that nothing speaks of.
var errTrailing = errors.New("bytes left over")

// errCut reports bytes that end too early.
var errCut = errors.New("cut off")

func decodeHeader(b []byte) (*header, error) {
	if len(b) < headerSize {
		return nil, errCut
	}
	if string(b[:len(magic)]) != magic {
		return nil, errors.New("not a risk index")
	}
	if v := le.Uint32(b[8:]); v != formatVersion {
		return nil, fmt.Errorf("format version %d is unknown, want %d", v, formatVersion)
	}
	if crc32.Checksum(b[:headerSize-4], castagnoli) != le.Uint32(b[headerSize-4:]) {
		return nil, errors.New("header: checksum does not match")
	}
	h := &header{
		zones: le.Uint32(b[28:]), sourced: KindSet(le.Uint32(b[32:])), size: le.Uint64(b[16:]),
		zoneGrid: getLattice(b[40:]), extents: getLattice(b[60:]),
	}
	if n := int(b[80]); n <= maxDatasetID {
		h.datasetID = string(b[offDatasetID : offDatasetID+n])
	} else {
		return nil, fmt.Errorf("header: dataset id of %d bytes", n)
	}
	if h.size != uint64(len(b)) {
		return nil, fmt.Errorf("%d bytes where the header says %d: %w", len(b), h.size, errCut)
	}
	if err := h.checkGrids(); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if err := h.decodeLayers(b, le.Uint32(b[36:])); err != nil {
		return nil, err
	}
	return h, h.decodeSections(b, le.Uint32(b[24:]))
}

func (h *header) decodeLayers(b []byte, n uint32) error {
	if n > uint32(maxLayers) {
		return fmt.Errorf("header: %d layers", n)
	}
	for i := range int(n) {
		r := b[offLayers+i*layerSize:]
		l := layer{Kind(r[0]), Scenario(r[1]), r[2] != 0, r[3], le.Uint32(r[4:])}
		if !l.kind.Valid() || l.scenario > Plan || l.top > 15 {
			return fmt.Errorf("header: layer %d: kind %d, scenario %d, rank %d", i, r[0], r[1], r[3])
		}
		h.layers = append(h.layers, l)
	}
	return nil
}

func (h *header) decodeSections(b []byte, n uint32) error {
	if n != uint32(secEnd-1) {
		return fmt.Errorf("header: %d sections, want %d", n, secEnd-1)
	}
	for id := secGrid; id < secEnd; id++ {
		r := b[offSections+int(id-1)*entrySize:]
		s := extent{le.Uint64(r[8:]), le.Uint64(r[16:]), le.Uint32(r[4:])}
		if sectionID(le.Uint32(r)) != id || s.offset%sectionAlign != 0 || s.offset > h.size || s.length > h.size-s.offset {
			return fmt.Errorf("header: section %d lies outside the file", id)
		}
		h.sections[id] = s
	}
	return nil
}
