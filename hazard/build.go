package hazard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/paulmach/orb"
)

// errNoShape reports a zone that could never be found.
var errNoShape = errors.New("shape is empty")

// maxSpan is how far apart positions of a dataset may lie: twice the product
// of two lengths within it fits 64 bits, which keeps the look-up exact.
const maxSpan = 1 << 30

// WriteIndex writes risks.idx, the look-up of everything in the input. The
// zones must be in the order of [SortZones]. The same input gives the same
// bytes.
func WriteIndex(ctx context.Context, w io.Writer, in *Input) error {
	b := builder{in: in}
	for _, step := range []func(context.Context) error{
		b.layers, b.outlines, b.trees, b.zoneRecords, b.register, b.countInArea, b.ranges,
	} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("risks.idx: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("risks.idx: %w", err)
		}
	}
	if err := b.write(w); err != nil {
		return fmt.Errorf("risks.idx: %w", err)
	}
	return nil
}

// builder makes the sections of one index.
type builder struct {
	in       *Input
	header   header
	sections [secEnd][]byte
	layerOf  map[layer]uint32

	zones      *outline
	zoneOf     []uint32 // per part of zones
	firstPart  []int    // per zone, and one more
	extents    *outline
	extentOf   []uint32
	boundaries int // parts of extents that are the boundary
}

// layers numbers the kinds and scenarios that occur, and checks the zones.
func (b *builder) layers(context.Context) error {
	if len(b.in.DatasetID) > maxDatasetID {
		return fmt.Errorf("dataset id %q is longer than %d bytes", b.in.DatasetID, maxDatasetID)
	}
	if len(b.in.Zones) >= maxValue {
		return errTooLarge
	}
	top := map[layer]uint8{}
	for i, z := range b.in.Zones {
		if !z.Kind.Valid() || z.Scenario > Plan || z.Rank != RankUnknown && (z.Rank < 1 || z.Rank > z.Kind.Ranks()) {
			return fmt.Errorf("zone %d: %v has no scenario %d with rank %d", i, z.Kind, z.Scenario, z.Rank)
		}
		l := layerOf(z)
		top[l] = max(top[l], rankNibble(z.Rank))
	}
	if !slices.IsSortedFunc(b.in.Zones, compareZones) {
		return errors.New("zones are not sorted")
	}
	b.layerOf = map[layer]uint32{}
	for l := range top {
		b.header.layers = append(b.header.layers, l)
	}
	slices.SortFunc(b.header.layers, func(p, q layer) int {
		line := map[bool]int{true: 1}
		return cmp.Or(cmp.Compare(line[p.line], line[q.line]), cmp.Compare(p.kind, q.kind), cmp.Compare(p.scenario, q.scenario))
	})
	for i, l := range b.header.layers {
		b.layerOf[l] = uint32(i)
		b.header.layers[i].top = top[l]
	}
	for _, c := range b.in.Coverage {
		b.header.sourced |= c.Kinds
	}
	b.header.datasetID = b.in.DatasetID
	b.header.zones = uint32(len(b.in.Zones))
	return nil
}

func layerOf(z Zone) layer {
	return layer{kind: z.Kind, scenario: z.Scenario, line: z.Flags&LineOnly != 0}
}

// outlines puts every shape on the lattice.
func (b *builder) outlines(context.Context) error {
	b.zones, b.extents = newOutline(), newOutline()
	for i, z := range b.in.Zones {
		b.firstPart = append(b.firstPart, len(b.zoneOf))
		_, line := z.Shape.(orb.MultiLineString)
		if line != (z.Flags&LineOnly != 0) {
			return fmt.Errorf("zone %d: shape is %T, but line-only is %v", i, z.Shape, !line)
		}
		if err := b.zones.add(z.Shape); err != nil {
			return fmt.Errorf("zone %d: %w", i, err)
		}
		for len(b.zoneOf) < len(b.zones.groups) {
			b.zoneOf = append(b.zoneOf, uint32(i))
		}
	}
	b.firstPart = append(b.firstPart, len(b.zoneOf))
	if err := b.addExtent(0, b.in.Area.Boundary); err != nil {
		return fmt.Errorf("boundary: %w", err)
	}
	b.boundaries = len(b.extentOf)
	surveys := make([]byte, surveySize) // the boundary surveys nothing
	for i, c := range b.in.Coverage {
		if err := b.addExtent(uint32(i+1), c.Area); err != nil {
			return fmt.Errorf("coverage %d: %w", i, err)
		}
		surveys = le.AppendUint32(surveys, uint32(c.Kinds))
		surveys = append(surveys, 0, 0, 0, 0)
		if c.Incomplete {
			surveys[len(surveys)-4] = 1
		}
	}
	b.sections[secSurveys] = surveys
	return nil
}

func (b *builder) addExtent(number uint32, area orb.MultiPolygon) error {
	if err := b.extents.add(area); err != nil && !errors.Is(err, errNoShape) {
		return err
	}
	for len(b.extentOf) < len(b.extents.groups) {
		b.extentOf = append(b.extentOf, number)
	}
	return nil
}

// trees builds both trees over one root, so that every cell of the one is made
// of whole cells of the other.
func (b *builder) trees(ctx context.Context) error {
	root, err := b.layout()
	if err != nil {
		return err
	}
	out := &branches{listAt: map[string]uint32{}}
	zones := newPlanter(b.header.zoneGrid, out)
	zones.cut, zones.shape = true, b.zoneOf
	zones.stride = (len(b.header.layers) + 1) / 2
	zones.blocks = make([]byte, b.header.zoneGrid.blocks()*uint64(zones.stride))
	for _, zone := range b.zoneOf {
		z := b.in.Zones[zone]
		word := b.layerOf[layerOf(z)]<<layerShift | uint32(rankNibble(z.Rank))<<rankShift
		if z.Flags&LineOnly != 0 {
			word |= groupLine
		}
		zones.word = append(zones.word, word)
	}
	extents := newPlanter(b.header.extents, out)
	extents.shape, extents.word = b.extentOf, make([]uint32, len(b.extentOf))
	if err := zones.plant(ctx, root, &b.zones.pile, 0); err != nil {
		return err
	}
	if err := extents.plant(ctx, root, &b.extents.pile, 0); err != nil {
		return err
	}
	b.sections[secGrid], b.sections[secExtents] = zones.refs, extents.refs
	b.sections[secNodes], b.sections[secLeaves], b.sections[secLists] = out.nodes, out.leaves, out.lists
	b.sections[secBlocks], b.sections[secBranches] = zones.blocks, zones.branches
	return nil
}

// cellsPerEdge balances the size of the grid against the edges in one cell.
const cellsPerEdge = 0.4

// layout chooses both grids and the root cell above them.
func (b *builder) layout() (cell, error) {
	if b.zones.empty() && b.extents.empty() {
		return cell{}, nil
	}
	x0, y0 := min(b.zones.minX, b.extents.minX), min(b.zones.minY, b.extents.minY)
	x1, y1 := max(b.zones.maxX, b.extents.maxX), max(b.zones.maxY, b.extents.maxY)
	if x1-x0 >= maxSpan || y1-y0 >= maxSpan {
		return cell{}, fmt.Errorf("dataset spans %.1f by %.1f degrees, more than %.1f", float64(x1-x0)/1e7, float64(y1-y0)/1e7, maxSpan/1e7)
	}
	grid := func(o *outline, originX, originY int64, shift uint) lattice {
		if o.empty() {
			return lattice{x0: int32(originX), y0: int32(originY), shift: uint32(shift)}
		}
		return lattice{int32(originX), int32(originY), uint32(shift),
			uint32((o.maxX-originX)>>shift + 1), uint32((o.maxY-originY)>>shift + 1)}
	}
	shift := uint(4)
	for cells := max(256, cellsPerEdge*float64(len(b.zones.segments))); ; shift++ {
		g := grid(b.zones, b.zones.minX, b.zones.minY, shift)
		if float64(g.cols)*float64(g.rows) <= cells {
			break
		}
	}
	coarse := shift + 2
	for ; ; coarse += 2 {
		b.header.extents = grid(b.extents, x0, y0, coarse)
		if float64(b.header.extents.cols)*float64(b.header.extents.rows) <= max(4096, float64(len(b.zones.segments))/16) {
			break
		}
	}
	if !b.zones.empty() {
		mask := int64(1)<<(shift+2) - 1
		b.header.zoneGrid = grid(b.zones, x0+(b.zones.minX-x0)&^mask, y0+(b.zones.minY-y0)&^mask, shift)
	}
	root := cell{x0, y0, coarse}
	for x1-x0 >= root.size() || y1-y0 >= root.size() {
		root.shift += 2
	}
	return root, nil
}

func (b *builder) register(context.Context) error {
	if err := checkSources(b.in); err != nil {
		return err
	}
	b.sections[secRegister] = encodeRegister(b.in)
	return nil
}

// checkSources finds zones and shelters whose source is missing.
func checkSources(in *Input) error {
	for i, z := range in.Zones {
		if z.Source < 0 || z.Source >= max(1, len(in.Sources)) {
			return fmt.Errorf("zone %d: no source %d", i, z.Source)
		}
	}
	for i, s := range in.Shelters {
		if s.Source < 0 || s.Source >= max(1, len(in.Sources)) {
			return fmt.Errorf("shelter %d: no source %d", i, s.Source)
		}
	}
	return nil
}

// countInArea counts per layer the zones that touch the boundary or lie in it.
func (b *builder) countInArea(ctx context.Context) error {
	x, err := newIndex(&b.header, b.sections)
	if err != nil {
		return err
	}
	t := newToucher(b, x)
	for i, z := range b.in.Zones {
		if i&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if t.touches(i) {
			b.header.layers[b.layerOf[layerOf(z)]].inArea++
		}
	}
	return nil
}

// write lays the sections out and writes the file.
func (b *builder) write(w io.Writer) error {
	at := uint64(headerSize)
	for id, s := range b.sections {
		b.header.sections[id] = extent{at, uint64(len(s)), crc32.Checksum(s, castagnoli)}
		if id == int(secEnd)-1 {
			at += uint64(len(s))
		} else {
			at += (uint64(len(s)) + sectionAlign - 1) / sectionAlign * sectionAlign
		}
	}
	b.header.size = at
	if _, err := w.Write(b.header.encode()); err != nil {
		return err
	}
	var padding [sectionAlign]byte
	for id, s := range b.sections {
		if _, err := w.Write(s); err != nil {
			return err
		}
		if n := len(s) % sectionAlign; n > 0 && id != int(secEnd)-1 {
			if _, err := w.Write(padding[n:]); err != nil {
				return err
			}
		}
	}
	return nil
}
