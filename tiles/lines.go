//go:build !js

package tiles

import "slices"

// cutLines appends the pieces of zones that are drawn as lines.
func (c *exactCutter) cutLines(zone int, lines [][]position, w window) error {
	drawn := map[ID][][]XY{}
	for _, l := range lines {
		path, err := c.snap.line(l, w.zoom)
		if err != nil {
			return err
		}
		if len(path) == 1 { // rounded away: one unit of it stays
			path = append(path, unit{path[0].x + 1, path[0].y})
		}
		c.splitLine(drawn, path, w)
	}
	ids := make([]ID, 0, len(drawn))
	for id := range drawn {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, ID.Compare)
	for _, id := range ids {
		p := piece{tile: id, zone: zone, turn: -1, shape: geometry{kind: Lines}}
		for _, l := range drawn[id] {
			p.shape.line(l)
			p.seen = p.seen || slices.ContainsFunc(l, XY.inTile)
		}
		c.pieces = append(c.pieces, p)
	}
	return nil
}

func (p XY) inTile() bool { return p.X >= 0 && p.X <= Extent && p.Y >= 0 && p.Y <= Extent }

// splitLine sorts the steps of a line into the tiles of a window.
func (c *exactCutter) splitLine(drawn map[ID][][]XY, path []unit, w window) {
	for i := range path[1:] {
		a, b := path[i], path[i+1]
		cols := tilesOver(int64(min(a.x, b.x)), int64(max(a.x, b.x)), c.buffer).and(w.columns)
		rows := tilesOver(int64(min(a.y, b.y)), int64(max(a.y, b.y)), c.buffer).and(w.rows)
		for x := cols.first; x <= cols.last; x++ {
			for y := rows.first; y <= rows.last; y++ {
				id := ID{w.zoom, uint32(x), uint32(y)}
				drawn[id] = appendStep(drawn[id], id.local(a), id.local(b))
			}
		}
	}
}

// appendStep goes on with the last line if it ends where the step starts.
func appendStep(lines [][]XY, a, b XY) [][]XY {
	if n := len(lines); n > 0 && lines[n-1][len(lines[n-1])-1] == a {
		lines[n-1] = append(lines[n-1], b)
		return lines
	}
	return append(lines, []XY{a, b})
}

// line rounds a line, with a place wherever it crosses a cutting line, and
// without repeats.
func (s *snapper) line(l []position, zoom uint8) ([]unit, error) {
	last := toFine(l[0], zoom)
	path := []unit{last.round()}
	for _, p := range l[1:] {
		g := segment{last, toFine(p, zoom)}
		if g.a == g.b {
			continue
		}
		if max(g.a.x-g.b.x, g.b.x-g.a.x, g.a.y-g.b.y, g.b.y-g.a.y) > maxWidth {
			return nil, errTooWide
		}
		s.hot = s.hot[:0]
		s.heatCuts(g)
		sortAlong(s.hot, g)
		for _, u := range append(s.hot, g.b.round()) {
			if u != path[len(path)-1] {
				path = append(path, u)
			}
		}
		last = g.b
	}
	return path, nil
}
