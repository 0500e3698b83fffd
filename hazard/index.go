package hazard

import (
	"fmt"
	"math"
	"sync"
)

// Index answers positions and areas from the bytes of risks.idx, which it
// never changes and never copies. It is safe for concurrent use as long as the
// bytes stay as they are.
type Index struct {
	header   *header
	sections [secEnd][]byte
	zones    tree
	extents  tree
	layerOf  [kindEnd][3][2]uint8 // number of a layer plus one, by kind, scenario and line

	register func() (*register, error) // area, sources and shelters, read when first asked for
}

// OpenIndex reads the header of risks.idx and checks that every section lies
// within b and is as long as the header makes it. It reads nothing else, so b
// may be a mapped file of any size; [Index.Verify] checks the rest. A file of
// another format version is refused.
func OpenIndex(b []byte) (*Index, error) {
	h, err := decodeHeader(b)
	if err != nil {
		return nil, fmt.Errorf("risks.idx: %w", err)
	}
	var sections [secEnd][]byte
	for id, s := range h.sections {
		sections[id] = b[s.offset : s.offset+s.length : s.offset+s.length]
	}
	x, err := newIndex(h, sections)
	if err != nil {
		return nil, fmt.Errorf("risks.idx: %w", err)
	}
	return x, nil
}

func newIndex(h *header, sections [secEnd][]byte) (*Index, error) {
	x := &Index{header: h, sections: sections}
	for i, l := range h.layers {
		line := 0
		if l.line {
			line = 1
		}
		x.layerOf[l.kind][l.scenario][line] = uint8(i + 1)
	}
	var err error
	if x.zones, err = newTree(h.zoneGrid, sections[secGrid]); err != nil {
		return nil, err
	}
	if x.extents, err = newTree(h.extents, sections[secExtents]); err != nil {
		return nil, err
	}
	x.zones.nodes = sections[secNodes]
	x.zones.leaves, x.zones.lists = sections[secLeaves], sections[secLists]
	x.extents.leaves, x.extents.lists = sections[secLeaves], sections[secLists]
	for _, s := range []struct {
		id   sectionID
		want uint64
	}{
		{secZones, uint64(h.zones) * zoneSize},
		{secBlocks, h.zoneGrid.blocks() * uint64(x.stride())},
		{secBranches, uint64(len(sections[secNodes])) / 64 * uint64(x.stride())},
	} {
		if uint64(len(sections[s.id])) != s.want {
			return nil, fmt.Errorf("section %d has %d bytes, want %d", s.id, len(sections[s.id]), s.want)
		}
	}
	x.register = sync.OnceValues(func() (*register, error) { return decodeRegister(sections[secRegister]) })
	return x, nil
}

func newTree(l lattice, grid []byte) (tree, error) {
	if want := uint64(l.cols) * uint64(l.rows) * 4; uint64(len(grid)) != want {
		return tree{}, fmt.Errorf("grid has %d bytes, want %d", len(grid), want)
	}
	return tree{
		x0: int64(l.x0), y0: int64(l.y0), shift: uint(l.shift), cols: uint64(l.cols),
		width: uint64(l.cols) << l.shift, height: uint64(l.rows) << l.shift, grid: grid,
	}, nil
}

// stride is how many bytes the worst ranks of all layers take.
func (x *Index) stride() int { return (len(x.header.layers) + 1) / 2 }

// blocks counts the squares of 4x4 cells in the grid.
func (l lattice) blocks() uint64 { return uint64((l.cols+3)/4) * uint64((l.rows+3)/4) }

// Zones returns how many zones the dataset holds.
func (x *Index) Zones() int { return int(x.header.zones) }

// DatasetID returns the id that the dataset was written with.
func (x *Index) DatasetID() string { return x.header.datasetID }

// Sourced returns the kinds for which the dataset has any coverage.
func (x *Index) Sourced() KindSet { return x.header.sourced }

// CountInArea returns how many zones of a kind and scenario touch the boundary
// of the dataset's area or lie inside it; without a boundary, how many there are.
func (x *Index) CountInArea(k Kind, s Scenario) int {
	n := uint32(0)
	for _, l := range x.header.layers {
		if l.kind == k && l.scenario == s {
			n += l.inArea
		}
	}
	return int(n)
}

// layer returns the number of a layer, or false if no zone belongs to it.
func (x *Index) layer(k Kind, s Scenario, line int) (int, bool) {
	if !k.Valid() || s > Plan {
		return 0, false
	}
	n := x.layerOf[k][s][line]
	return int(n) - 1, n > 0
}

// Area returns the municipality or prefecture of the dataset, its boundary
// rounded to 1e-7 degree.
func (x *Index) Area() Area {
	f, err := x.register()
	if err != nil {
		return Area{}
	}
	return f.area
}

// Sources returns the published files that the zones and shelters come from.
func (x *Index) Sources() []Source {
	f, err := x.register()
	if err != nil {
		return nil
	}
	return f.sources
}

// Shelters returns every shelter of the dataset. The slice is shared: callers
// must not change it.
func (x *Index) Shelters() []Shelter {
	f, err := x.register()
	if err != nil {
		return nil
	}
	return f.shelters
}

// Zone returns what the dataset says about zone n, without its shape. It
// returns the zero Zone where there is none.
func (x *Index) Zone(n uint32) Zone {
	if n >= x.header.zones {
		return Zone{}
	}
	r := x.sections[secZones][n*zoneSize:]
	z := Zone{Kind: Kind(r[0]), Scenario: Scenario(r[1]), Rank: r[2], Flags: ZoneFlags(r[3])}
	a := x.sections[secAttributes]
	at := uint64(le.Uint32(r[4:])) * attributesSize
	if at+attributesSize > uint64(len(a)) {
		return z
	}
	a = a[at:]
	z.Source = int(min(le.Uint32(a), math.MaxInt32))
	for i, field := range z.texts() {
		*field = x.text(le.Uint32(a[4+4*i:]))
	}
	return z
}

// text returns string n, or "" where there is none.
func (x *Index) text(n uint32) string {
	b := x.sections[secStrings]
	if len(b) < 4 {
		return ""
	}
	count := uint64(le.Uint32(b))
	first := 8 + 4*count // count, then count+1 offsets, then the bytes
	if uint64(n) >= count || first > uint64(len(b)) {
		return ""
	}
	from := first + uint64(le.Uint32(b[4+4*uint64(n):]))
	to := first + uint64(le.Uint32(b[8+4*uint64(n):]))
	if from > to || to > uint64(len(b)) {
		return ""
	}
	return string(b[from:to])
}

// survey returns what the coverage polygon says, and whether it is incomplete.
func (x *Index) survey(extent uint32) (kinds KindSet, incomplete bool) {
	b := x.sections[secSurveys]
	i := uint64(extent) * surveySize
	if i+surveySize > uint64(len(b)) {
		return 0, false
	}
	return KindSet(le.Uint32(b[i:])), b[i+4] != 0
}
