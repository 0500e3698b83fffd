//go:build !js

package tiles

import (
	"cmp"
	"slices"

	"hazardmap/hazard"
)

// piece is what one zone draws in one tile of an exact zoom.
type piece struct {
	tile   ID
	zone   int
	turn   int     // pieces of one zone in one tile keep their order
	seen   bool    // something of it lies in the tile itself
	ground float64 // square units of the tile itself that it covers
	shape  geometry
}

// exactCutter cuts zones as they are. It is the scratch of one worker.
type exactCutter struct {
	snap   snapper
	split  splitter
	trace  tracer
	edges  []tileEdge
	parts  []part
	pieces []piece
	buffer int64
}

// part is what one polygon of a zone draws in one tile.
type part struct {
	tile     ID
	polygons []polygon
	box      unitBox
}

// unitBox is a rectangle of lattice places.
type unitBox struct{ minX, minY, maxX, maxY int32 }

func boxOf(edges []edge) unitBox {
	b := unitBox{edges[0].a.x, edges[0].a.y, edges[0].b.x, edges[0].a.y}
	for _, e := range edges {
		b.minX, b.maxX = min(b.minX, e.a.x), max(b.maxX, e.b.x)
		b.minY, b.maxY = min(b.minY, e.a.y, e.b.y), max(b.maxY, e.a.y, e.b.y)
	}
	return b
}

func (b unitBox) apartFrom(c unitBox) bool {
	return b.maxX < c.minX || c.maxX < b.minX || b.maxY < c.minY || c.maxY < b.minY
}

// window is a rectangle of tiles of one zoom.
type window struct {
	zoom          uint8
	columns, rows span
}

// windowUnder returns the tiles of a zoom below a tile.
func windowUnder(id ID, zoom uint8) window {
	n := int64(1) << (zoom - id.Z)
	x, y := int64(id.X)*n, int64(id.Y)*n
	return window{zoom, span{x, x + n - 1}, span{y, y + n - 1}}
}

func newExactCutter(buffer int) *exactCutter {
	b := int64(buffer)
	return &exactCutter{buffer: b, snap: snapper{buffer: b}, split: splitter{buffer: b}}
}

// cut appends the pieces of one zone in the tiles of a window.
func (c *exactCutter) cut(zone int, s *shape, w window) error {
	c.parts = c.parts[:0]
	for _, rings := range s.polygons {
		edges, err := c.snap.polygon(rings, w.zoom)
		if err != nil {
			return err
		}
		if len(edges) == 0 {
			edges = cellAround(toFine(rings[0][0], w.zoom))
		}
		c.cutPolygon(edges, w)
	}
	c.joinParts(zone)
	return c.cutLines(zone, s.lines, w)
}

// cellAround returns the outline of the cell that a shape touches which rounds
// away: it keeps that much of a trace.
func cellAround(f fine) []edge {
	a := unit{int32(f.x >> fineBits), int32(f.y >> fineBits)}
	b, d, e := unit{a.x + 1, a.y}, unit{a.x, a.y + 1}, unit{a.x + 1, a.y + 1}
	return []edge{{a, b}, {a, d}, {b, e}, {d, e}}
}

// cutPolygon appends the parts of one snapped polygon.
func (c *exactCutter) cutPolygon(edges []edge, w window) {
	b := boxOf(edges)
	cols := tilesOver(int64(b.minX), int64(b.maxX), c.buffer)
	rows := tilesOver(int64(b.minY), int64(b.maxY), c.buffer)
	if cols.first == cols.last && rows.first == rows.last {
		if inside := cols.and(w.columns) == cols && rows.and(w.rows) == rows; inside {
			c.addPart(edges, b, ID{w.zoom, uint32(cols.first), uint32(rows.first)})
		}
		return
	}
	cols, rows = cols.and(w.columns), rows.and(w.rows)
	for i, strip := range c.split.byColumn(edges, cols) {
		for j, cut := range c.split.byRow(strip, rows) {
			if len(cut) > 0 {
				c.addPart(cut, boxOf(cut), ID{w.zoom, uint32(cols.first + int64(i)), uint32(rows.first + int64(j))})
			}
		}
	}
}

func (c *exactCutter) addPart(edges []edge, b unitBox, tile ID) {
	c.edges = c.edges[:0]
	for _, e := range edges {
		c.edges = append(c.edges, tileEdge{tile.local(e.a), tile.local(e.b)})
	}
	c.parts = append(c.parts, part{tile, c.trace.trace(c.edges), b})
}

// local returns the units of a world place within the tile.
func (id ID) local(u unit) XY {
	return XY{u.x - int32(id.X*Extent), u.y - int32(id.Y*Extent)}
}

// joinParts makes pieces of the parts: polygons whose boxes lie apart share
// one multipolygon, those that might overlap stand in features of their own,
// since a valid multipolygon cannot hold both.
func (c *exactCutter) joinParts(zone int) {
	slices.SortStableFunc(c.parts, func(a, b part) int { return a.tile.Compare(b.tile) })
	for i := 0; i < len(c.parts); {
		j := i
		for j < len(c.parts) && c.parts[j].tile == c.parts[i].tile {
			j++
		}
		for turn, group := range apart(c.parts[i:j]) {
			p := piece{tile: c.parts[i].tile, zone: zone, turn: turn, shape: geometry{kind: Polygons}}
			for _, part := range group {
				p.shape.polygons(part.polygons)
				if p.tile.shows(part.box) {
					p.seen = true
					p.ground += groundOf(part)
				}
			}
			c.pieces = append(c.pieces, p)
		}
		i = j
	}
}

// apart sorts parts into groups within which no two boxes touch.
func apart(parts []part) (groups [][]part) {
	if len(parts) == 1 {
		return [][]part{parts}
	}
next:
	for _, p := range parts {
		for i, g := range groups {
			if !slices.ContainsFunc(g, func(q part) bool { return !p.box.apartFrom(q.box) }) {
				groups[i] = append(g, p)
				continue next
			}
		}
		groups = append(groups, []part{p})
	}
	return groups
}

// shows reports whether a box reaches into the tile itself, not only into its
// buffer.
func (id ID) shows(b unitBox) bool {
	x, y := int64(id.X)*Extent, int64(id.Y)*Extent
	return int64(b.maxX) > x && int64(b.minX) < x+Extent && int64(b.maxY) > y && int64(b.minY) < y+Extent ||
		(b.minX == b.maxX || b.minY == b.maxY) && int64(b.maxX) >= x && int64(b.minX) <= x+Extent && int64(b.maxY) >= y && int64(b.minY) <= y+Extent
}

// groundOf returns the square units that a part covers in the tile itself.
func groundOf(p part) float64 {
	var sum float64
	for _, q := range p.polygons {
		for _, ring := range append([][]XY{q.outer}, q.holes...) {
			sum += areaInTile(ring)
		}
	}
	return sum
}

func (g *geometry) polygons(list []polygon) {
	for _, p := range list {
		g.ring(p.outer)
		for _, h := range p.holes {
			g.ring(h)
		}
	}
}

// comparePieces orders the pieces of a set of tiles as they are written: within
// a tile by layer, then the worst class last, so that it is drawn on top.
func (c *cutter) comparePieces(a, b piece) int {
	y, z := &c.zones[a.zone], &c.zones[b.zone]
	return cmp.Or(a.tile.Compare(b.tile), cmp.Compare(y.Kind, z.Kind), cmp.Compare(classOf(y), classOf(z)),
		cmp.Compare(a.zone, b.zone), cmp.Compare(a.turn, b.turn))
}

// encodeExact writes the pieces of one tile, in order.
func (c *cutter) encodeExact(pieces []piece) []byte {
	var raw []byte
	var layer *layerWriter
	var kind hazard.Kind
	for i := range pieces {
		z := &c.zones[pieces[i].zone]
		if z.Kind != kind {
			if layer != nil {
				raw = layer.appendTo(raw, kind.String())
			}
			kind, layer = z.Kind, newLayerWriter()
		}
		layer.add(0, zoneTags(pieces[i].zone, z), &pieces[i].shape)
	}
	return layer.appendTo(raw, kind.String())
}

func zoneTags(number int, z *hazard.Zone) []tag {
	tags := append([]tag{{"id", uint64(number)}}, classTags(z.Kind, z.Scenario, classOf(z))...)
	if z.River != "" {
		tags = append(tags, tag{"river", z.River})
	}
	return tags
}
