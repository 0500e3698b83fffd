package hazard

import (
	"errors"
	"fmt"
	"hash/crc32"
	"unicode/utf8"
)

// Verify reads the whole index and checks every checksum, that every reference
// leads somewhere, and that no summary promises less than lies below it. A
// file that passes can be relied on; one that does not may still be opened and
// asked, and gives wrong answers rather than none.
func (x *Index) Verify() error {
	for id := secGrid; id < secEnd; id++ {
		if crc32.Checksum(x.sections[id], castagnoli) != x.header.sections[id].crc {
			return fmt.Errorf("risks.idx: section %d: checksum does not match", id)
		}
	}
	for _, check := range []func() error{x.verifyZones, x.verifyRegister, x.verifyRanges, x.verifyTrees} {
		if err := check(); err != nil {
			return fmt.Errorf("risks.idx: %w", err)
		}
	}
	return nil
}

func (x *Index) verifyZones() error {
	if err := x.verifyStrings(); err != nil {
		return err
	}
	attributes, sources := x.sections[secAttributes], max(1, len(x.Sources()))
	if len(attributes)%attributesSize != 0 || len(x.sections[secSurveys])%surveySize != 0 {
		return errTrailing
	}
	texts := uint32(0)
	if b := x.sections[secStrings]; len(b) >= 4 {
		texts = le.Uint32(b)
	}
	for at := 0; at < len(attributes); at += attributesSize {
		for i := 1; i < attributesSize/4; i++ {
			if le.Uint32(attributes[at+4*i:]) >= texts {
				return fmt.Errorf("attributes %d: no such text", at/attributesSize)
			}
		}
		if int(le.Uint32(attributes[at:])) >= sources {
			return fmt.Errorf("attributes %d: no such source", at/attributesSize)
		}
	}
	for n := range x.header.zones {
		r := x.sections[secZones][n*zoneSize:]
		z := x.Zone(n)
		line := 0
		if z.Flags&LineOnly != 0 {
			line = 1
		}
		layer, ok := x.layer(z.Kind, z.Scenario, line)
		if !ok || uint64(le.Uint32(r[4:]))*attributesSize >= uint64(len(attributes)) {
			return fmt.Errorf("zone %d: no such layer or attributes", n)
		}
		if z.Rank != RankUnknown && (z.Rank < 1 || z.Rank > z.Kind.Ranks()) || rankNibble(z.Rank) > x.header.layers[layer].top {
			return fmt.Errorf("zone %d: rank %d", n, z.Rank)
		}
	}
	return nil
}

func (x *Index) verifyStrings() error {
	b := x.sections[secStrings]
	if len(b) < 8 {
		return fmt.Errorf("strings: %w", errCut)
	}
	count := uint64(le.Uint32(b))
	first := 8 + 4*count
	if first > uint64(len(b)) {
		return fmt.Errorf("strings: %w", errCut)
	}
	last := uint32(0)
	for i := range count + 1 {
		at := le.Uint32(b[4+4*i:])
		if at < last || uint64(at) > uint64(len(b))-first || !utf8.Valid(b[first+uint64(last):first+uint64(at)]) {
			return fmt.Errorf("string %d is out of place", i)
		}
		last = at
	}
	if first+uint64(last) != uint64(len(b)) {
		return fmt.Errorf("strings: %w", errTrailing)
	}
	return nil
}

func (x *Index) verifyRegister() error {
	r, err := x.register()
	if err != nil {
		return fmt.Errorf("register: %w", err)
	}
	for i, s := range r.shelters {
		if s.Source >= max(1, len(r.sources)) {
			return fmt.Errorf("shelter %d: no such source", i)
		}
	}
	var sourced KindSet
	for i := range uint32(len(x.sections[secSurveys]) / surveySize) {
		kinds, _ := x.survey(i)
		sourced |= kinds
	}
	if sourced != x.header.sourced {
		return errors.New("coverage does not match the header")
	}
	return nil
}

func (x *Index) verifyRanges() error {
	b := x.sections[secRanges]
	if len(b) < 4 || x.places() != int(le.Uint32(b)) {
		return fmt.Errorf("places: %w", errCut)
	}
	last := ""
	for i := range x.places() {
		id, stream := x.place(i)
		if i > 0 && id <= last {
			return fmt.Errorf("place %q is out of order", id)
		}
		if _, err := decodeRanges(stream); err != nil {
			return fmt.Errorf("place %q: %w", id, err)
		}
		last = id
	}
	return nil
}

func (x *Index) verifyTrees() error {
	v := verifier{x: x, tree: &x.zones, shapes: x.header.zones, zones: true, seen: make([]bool, len(x.zones.nodes)/64)}
	if err := v.grid(x.header.zoneGrid); err != nil {
		return err
	}
	for node, seen := range v.seen {
		if !seen {
			return fmt.Errorf("node %d: nothing leads there", node)
		}
	}
	v = verifier{x: x, tree: &x.extents, shapes: uint32(len(x.sections[secSurveys]) / surveySize)}
	return v.grid(x.header.extents)
}

// verifier follows every reference of one tree.
type verifier struct {
	x      *Index
	tree   *tree
	shapes uint32
	zones  bool // the shapes are zones, with layers and summaries
	seen   []bool
}

func (v *verifier) grid(l lattice) error {
	for row := range int64(l.rows) {
		for column := range int64(l.cols) {
			c := cell{v.tree.x0 + column<<l.shift, v.tree.y0 + row<<l.shift, uint(l.shift)}
			var summary []byte
			if v.zones {
				at := int(row/4*(int64(l.cols+3)/4)+column/4) * v.x.stride()
				summary = v.x.sections[secBlocks][at : at+v.x.stride()]
			}
			if err := v.ref(c, le.Uint32(v.tree.grid[(row*int64(l.cols)+column)*4:]), summary); err != nil {
				return fmt.Errorf("cell %d,%d: %w", column, row, err)
			}
		}
	}
	return nil
}

var errReference = errors.New("reference leads nowhere")

func (v *verifier) ref(c cell, ref uint32, summary []byte) error {
	n := int(ref & maxValue)
	switch ref & tagMask {
	case tagNode:
		return v.node(c, n, summary)
	case tagLeaf:
		return v.leaf(n*8, summary)
	case tagZone:
		if n == 0 {
			return nil
		}
		return v.shape(uint32(n-1), summary)
	}
	return v.list(n, summary)
}

func (v *verifier) list(n int, summary []byte) error {
	list := v.tree.list(n)
	if len(list) == 0 {
		return errReference
	}
	last := int64(-1)
	for _, shape := range list.all() {
		if int64(shape) <= last {
			return errors.New("list is out of order")
		}
		last = int64(shape)
		if err := v.shape(shape, summary); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) node(c cell, n int, summary []byte) error {
	if !v.zones || c.shift < 2 || n >= len(v.seen) || v.seen[n] {
		return errReference
	}
	v.seen[n] = true
	stride := v.x.stride()
	own := v.x.sections[secBranches][n*stride : n*stride+stride]
	for layer := range v.x.header.layers {
		if nibbleAt(own, layer) > nibbleAt(summary, layer) {
			return errors.New("summary is milder than what lies below")
		}
	}
	for i := range 16 {
		if err := v.ref(c.child(i), le.Uint32(v.tree.nodes[n*64+4*i:]), own); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) leaf(o int, summary []byte) error {
	ended := false
	last := int64(-1)
	first := true
	for g := range leafGroups(v.tree.leaves, o) {
		ended = g.word&groupLast != 0
		if g.word&groupList != 0 && first {
			if err := v.list(int(g.zone), summary); err != nil {
				return err
			}
			first = false
			continue
		}
		first = false
		if int64(g.zone) < last {
			return errors.New("leaf is out of order")
		}
		last = int64(g.zone)
		if err := v.shape(g.zone, summary); err != nil {
			return err
		}
		if v.zones && !v.matches(g) {
			return fmt.Errorf("leaf tells of zone %d what the zone does not", g.zone)
		}
	}
	if !ended {
		return errCut
	}
	return nil
}

// matches reports whether a group repeats the layer and rank of its zone.
func (v *verifier) matches(g leafGroup) bool {
	layer := int(g.word & groupLayer >> layerShift)
	return layer < len(v.x.header.layers) && (g.word&groupLine != 0) == v.x.header.layers[layer].line &&
		v.x.nibble(g.zone, layer) == uint8(g.word&groupRank>>rankShift)
}

func (v *verifier) shape(n uint32, summary []byte) error {
	if n >= v.shapes {
		return errReference
	}
	if !v.zones {
		return nil
	}
	if layer, nibble := v.x.class(n); layer < 0 || nibble > nibbleAt(summary, layer) {
		return errors.New("summary is milder than what lies below")
	}
	return nil
}

// nibbleAt returns the worst rank of a layer in a summary.
func nibbleAt(summary []byte, layer int) uint8 {
	return summary[layer/2] >> (layer & 1 * 4) & 15
}
