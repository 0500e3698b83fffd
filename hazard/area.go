package hazard

import (
	"context"
	"errors"

	"github.com/paulmach/orb"
)

// slots of a sum of areas: 0 surveyed and outside every zone, 1 to 7 the ranks,
// then what was not surveyed and what cannot be decided.
const (
	slotNoData    = 8
	slotUndecided = 9
	slots         = 10
)

// topic is one kind and scenario that an area is asked about.
type topic struct {
	kind     Kind
	scenario Scenario
	layer    int // -1 where no zone belongs to it
	// Only the plan scenario was published, so that what lies outside the larger
	// flood is not known.
	planOnly bool
	sums     [slots]float64
}

// AreaShares returns, per kind and scenario, how much of an area lies in each
// class: the parts of the area's ground on the ellipsoid, cut exactly along the
// edges of the zones. Where zones overlap the worst class counts. The shares
// and the parts without data or decision add up to 1. Nil means that the area
// holds no ground.
func (x *Index) AreaShares(area orb.MultiPolygon) []Range {
	ranges, _ := x.AreaTable(area)
	return ranges
}

// AreaTable returns what [Index.AreaShares] does and the ground of the whole
// area in square metres.
func (x *Index) AreaTable(area orb.MultiPolygon) (ranges []Range, squareMetres float64) {
	ranges, squareMetres, err := x.Measure(context.Background(), area, nil)
	if err != nil {
		return nil, 0
	}
	return ranges, squareMetres
}

// Measure returns what [Index.AreaTable] does, of an area that a stranger drew:
// it takes long where edges cross each other often, so it can be stopped, and
// it refuses what is too tangled. Where within is not nil only the ground that
// lies in it too counts. Ground in none of the parts is no error: all is nil.
func (x *Index) Measure(ctx context.Context, area, within orb.MultiPolygon) (ranges []Range, squareMetres float64, err error) {
	query := newOutline()
	s := survey{x: x, ctx: ctx, topics: x.topics()}
	s.cutter.needs = 1 << roleQuery
	if err := query.add(area); err != nil {
		return nil, 0, emptyIfNoShape(err)
	}
	if within != nil {
		s.cutter.needs |= 1 << roleWithin
		s.withinFrom = uint32(len(query.groups))
		if err := query.add(within); err != nil {
			return nil, 0, emptyIfNoShape(err)
		}
	} else {
		s.withinFrom = uint32(len(query.groups))
	}
	s.visit(s.root(query), &query.pile, 0)
	if s.err != nil {
		return nil, 0, s.err
	}
	for i := range s.topics {
		t := &s.topics[i]
		total := 0.0
		for _, v := range t.sums {
			total += v
		}
		if !(total > 0) {
			return nil, 0, nil
		}
		squareMetres = total
		ranges = append(ranges, x.rangeOf(t, total))
	}
	return ranges, squareMetres, nil
}

func emptyIfNoShape(err error) error {
	if errors.Is(err, errNoShape) {
		return nil
	}
	return err
}

// topics lists the kinds and scenarios that answers show, and every other that
// has zones.
func (x *Index) topics() []topic {
	var list []topic
	for _, k := range Kinds() {
		shown := [Plan + 1]bool{}
		for _, s := range x.scenarios(k) {
			shown[s] = true
		}
		for _, s := range []Scenario{NoScenario, Max, Plan} {
			layer, ok := x.layer(k, s, 0)
			if !ok {
				layer = -1
			}
			if ok || shown[s] {
				list = append(list, topic{kind: k, scenario: s, layer: layer, planOnly: x.planOnly(k, s)})
			}
		}
	}
	return list
}

// survey adds up the areas of one query. It goes down the cells of the index
// with the edges of the query and of the coverage, until zones alone are left.
type survey struct {
	x          *Index
	ctx        context.Context // of the one call that this serves
	err        error           // what stopped it
	topics     []topic
	withinFrom uint32 // parts of the query from here on are those it must lie in
	levels     []*[16]pile
	cutter     cutter
	mixed      pile

	ground ground
	zones  pile            // edges of the zones in the cell at hand; part is layer and rank
	base   [maxLayers]byte // per layer the worst rank that covers the cell
}

// root returns a cell above the query whose children meet those of the index.
func (s *survey) root(query *outline) cell {
	e := s.x.header.extents
	mask := int64(1)<<e.shift - 1
	c := cell{
		x0: int64(e.x0) + (query.minX-int64(e.x0))&^mask, y0: int64(e.y0) + (query.minY-int64(e.y0))&^mask,
		shift: uint(e.shift),
	}
	for query.maxX >= c.x0+c.size() || query.maxY >= c.y0+c.size() {
		c.shift += 2
	}
	return c
}

// sweepShift is the size up to which the ground is even enough to be swept:
// 0.026 degrees, with an error below 1e-7.
const sweepShift = 18

func (s *survey) visit(c cell, content *pile, level int) {
	if len(content.groups) == 0 || s.err != nil {
		return
	}
	if !s.x.zones.meets(c) && !s.x.extents.meets(c) {
		if len(content.segments) > 0 && c.shift > sweepShift {
			s.divide(c, content, level, s.visit)
			return
		}
		s.settle(c, content, true)
		s.settle(c, content, false)
		return
	}
	e := &s.x.extents
	if c.shift > e.shift {
		s.divide(c, content, level, s.visit)
		return
	}
	column, row := (c.x0-e.x0)>>e.shift, (c.y0-e.y0)>>e.shift
	if column >= 0 && row >= 0 && uint64(column) < e.cols && uint64(row) < uint64(s.x.header.extents.rows) {
		s.addExtents(c, content, load32(e.grid[(uint64(row)*e.cols+uint64(column))*4:]))
	}
	s.ground = newGround(c)
	s.settle(c, content, false)
	s.descend(c, content, level)
}

// meets reports whether the tree's grid reaches into c.
func (t *tree) meets(c cell) bool {
	return t.width > 0 && c.x0 < t.x0+int64(t.width) && t.x0 < c.x0+c.size() && c.y0 < t.y0+int64(t.height) && t.y0 < c.y0+c.size()
}

func (s *survey) divide(c cell, content *pile, level int, visit func(cell, *pile, int)) {
	for len(s.levels) <= level {
		s.levels = append(s.levels, new([16]pile))
	}
	children := s.levels[level]
	content.divide(c, children)
	for i := range children {
		if len(children[i].groups) > 0 {
			visit(c.child(i), &children[i], level+1)
		}
	}
}

// coverPart marks the groups of a pile that are coverage; the rest of the
// number is that of the extent. Groups without it belong to the query.
const coverPart = 1 << 31

// addExtents adds the coverage within a cell to the query's content.
func (s *survey) addExtents(c cell, content *pile, ref uint32) {
	covers := func(extent uint32) {
		if extent > 0 { // 0 is the boundary
			content.groups = append(content.groups, group{part: coverPart | extent, inside: true})
		}
	}
	v := int(ref & maxValue)
	switch ref & tagMask {
	case tagZone:
		if v > 0 {
			covers(uint32(v - 1))
		}
	case tagList:
		for _, extent := range s.x.extents.list(v).all() {
			covers(extent)
		}
	case tagLeaf:
		content.addLeaf(c, s.x.extents.leaves, v*8, func(g leafGroup) (uint32, bool) {
			if g.word&groupList != 0 {
				for _, extent := range s.x.extents.list(int(g.zone)).all() {
					covers(extent)
				}
				return 0, false
			}
			return coverPart | g.zone&maxValue, g.zone > 0
		})
	}
}

// addLeaf adds the groups of a leaf, each under the number that part gives it,
// if it is wanted.
func (p *pile) addLeaf(c cell, leaves []byte, o int, part func(leafGroup) (uint32, bool)) {
	open := false
	for g := range leafGroups(leaves, o) {
		number, wanted := part(g)
		if !wanted {
			continue
		}
		if !open {
			p.groups = append(p.groups, group{part: number, inside: g.word&groupInside != 0})
		}
		open = g.word&groupMore != 0
		before := len(p.segments)
		for e := range g.edges(c) {
			p.segments = append(p.segments, e)
		}
		p.groups[len(p.groups)-1].edges += int32(len(p.segments) - before)
	}
}

// descend goes from the cells of the extents to those of the zones' grid.
func (s *survey) descend(c cell, content *pile, level int) {
	t := &s.x.zones
	switch {
	case !t.meets(c):
		s.settle(c, content, true)
	case c.shift > t.shift:
		s.divide(c, content, level, s.descend)
	default:
		column, row := uint64(c.x0-t.x0)>>t.shift, uint64(c.y0-t.y0)>>t.shift
		s.zoneCell(c, content, load32(t.grid[(row*t.cols+column)*4:]), level)
	}
}

// zoneCell goes down the zones' tree to cells that are no node.
func (s *survey) zoneCell(c cell, content *pile, ref uint32, level int) {
	v := int(ref & maxValue)
	switch ref & tagMask {
	case tagNode:
		nodes := s.x.zones.nodes
		if c.shift < 2 || v*64+64 > len(nodes) {
			return
		}
		nodes = nodes[v*64 : v*64+64]
		if len(content.segments) == 0 {
			for i := range 16 {
				s.zoneCell(c.child(i), content, load32(nodes[4*i:]), level)
			}
			return
		}
		i := 0
		s.divide(c, content, level, func(child cell, content *pile, level int) {
			for c.child(i) != child {
				i++
			}
			s.zoneCell(child, content, load32(nodes[4*i:]), level)
		})
		return
	case tagZone:
		if v > 0 {
			s.cover(uint32(v - 1))
		}
	case tagList:
		for _, zone := range s.x.zones.list(v).all() {
			s.cover(zone)
		}
	case tagLeaf:
		s.zones.addLeaf(c, s.x.zones.leaves, v*8, s.zonePart)
	}
	s.settle(c, content, true)
}

// cover notes a zone that covers the cell at hand.
func (s *survey) cover(zone uint32) {
	if layer, nibble := s.x.class(zone); layer >= 0 {
		s.base[layer] = max(s.base[layer], nibble)
	}
}

// zonePart takes the groups with edges as they are; the others cover the cell.
func (s *survey) zonePart(g leafGroup) (uint32, bool) {
	layer, rank := int(g.word&groupLayer>>layerShift), byte(g.word&groupRank>>rankShift)
	if g.word&groupList != 0 {
		for _, zone := range s.x.zones.list(int(g.zone)).all() {
			s.cover(zone)
		}
		return 0, false
	}
	if g.word&groupLine != 0 || layer >= len(s.x.header.layers) {
		return 0, false
	}
	if len(g.narrow)+len(g.wide) == 0 {
		s.base[layer] = max(s.base[layer], rank)
		return 0, false
	}
	return uint32(layer)<<4 | uint32(rank), true
}

// settle adds up the cell at hand, its zones known, and forgets them: for the
// topics that have zones or for those that have none.
func (s *survey) settle(c cell, content *pile, zoned bool) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	ground := s.ground.in(c)
	bare := len(content.segments) == 0
	s.cutter.even = bare || c.shift > sweepShift
	for i := range s.topics {
		t := &s.topics[i]
		if t.layer >= 0 != zoned || s.err != nil {
			continue
		}
		if bare && len(s.zones.segments) == 0 { // as most cells are
			if n := s.cutter.counts(s.present(content, t)); n >= 0 {
				t.sums[n] += ground.cell(c)
			}
			continue
		}
		s.mixed.reset()
		s.mix(content, t)
		if zoned {
			s.mixZones(t.layer)
		}
		s.err = s.cutter.add(s.ctx, c, ground, &s.mixed, t.sums[:], 0)
	}
	if zoned {
		s.zones.reset()
		clear(s.base[:len(s.x.header.layers)])
	}
}

// present returns the roles of a cell that no edge enters, as bits.
func (s *survey) present(content *pile, t *topic) uint64 {
	var present uint64
	if t.layer >= 0 {
		present = 1 << s.base[t.layer] &^ 1
	}
	for _, g := range content.groups {
		if r := s.role(g.part, t); r != roleNone && g.inside {
			present |= 1 << r
		}
	}
	return present
}

// mix takes the query and the coverage that count for a topic.
func (s *survey) mix(content *pile, t *topic) {
	rest := content.segments
	for _, g := range content.groups {
		s.mixed.take(s.role(g.part, t), g, rest[:g.edges])
		rest = rest[g.edges:]
	}
}

// mixZones takes the zones of a layer. Those no worse than one that covers the
// whole cell make no difference.
func (s *survey) mixZones(layer int) {
	base := s.base[layer]
	if base > 0 {
		s.mixed.take(rankRole(base), group{inside: true}, nil)
	}
	rest := s.zones.segments
	for _, g := range s.zones.groups {
		if rank := byte(g.part & 15); int(g.part>>4) == layer && rank > base {
			s.mixed.take(rankRole(rank), g, rest[:g.edges])
		}
		rest = rest[g.edges:]
	}
}

// role says what a group of the query's content means for a topic.
func (s *survey) role(part uint32, t *topic) role {
	if part&coverPart == 0 {
		if part >= s.withinFrom {
			return roleWithin
		}
		return roleQuery
	}
	kinds, incomplete := s.x.survey(part &^ coverPart)
	switch {
	case !kinds.Has(t.kind):
		return roleNone
	case incomplete:
		return roleIncomplete
	case t.planOnly:
		return roleNone
	}
	return roleCovered
}
