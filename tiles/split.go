//go:build !js

package tiles

import "slices"

// span is a range of tile columns or rows, both ends included.
type span struct{ first, last int64 }

// tilesOver returns the tiles whose square with its buffer shares ground with
// the units from low to high.
func tilesOver(low, high, buffer int64) span {
	return span{floorDiv(low-buffer, Extent), floorDiv(high+buffer-1, Extent)}
}

func (s span) and(t span) span { return span{max(s.first, t.first), min(s.last, t.last)} }

// splitter cuts snapped edges at tile borders. Every place where an edge crosses
// a cutting line is the end of an edge already, so edges are only sorted out,
// and the cut side is joined along the line: going along it, one is inside
// after an odd number of ends.
type splitter struct {
	buffer int64
	ends   []int32
}

// byColumn returns the edges of each tile column of the range.
func (s *splitter) byColumn(edges []edge, tiles span) [][]edge {
	return s.split(edges, tiles, false)
}

// byRow returns the edges of each tile row of the range.
func (s *splitter) byRow(edges []edge, tiles span) [][]edge {
	return s.split(edges, tiles, true)
}

func (s *splitter) split(edges []edge, tiles span, rows bool) [][]edge {
	if tiles.last < tiles.first {
		return nil
	}
	strips := make([][]edge, tiles.last-tiles.first+1)
	for _, e := range edges {
		low, high := int64(e.a.x), int64(e.b.x)
		if rows {
			low, high = int64(min(e.a.y, e.b.y)), int64(max(e.a.y, e.b.y))
		}
		over := tilesOver(low, high, s.buffer).and(tiles)
		for k := over.first; k <= over.last; k++ {
			from, to := k*Extent-s.buffer, (k+1)*Extent+s.buffer
			// An edge along a cutting line bounds nothing by itself: the side is
			// joined from the ends of the others.
			if low >= from && high <= to && (low != high || (low > from && low < to)) {
				strips[k-tiles.first] = append(strips[k-tiles.first], e)
			}
		}
	}
	for i := range strips {
		k := tiles.first + int64(i)
		strips[i] = s.closeSide(strips[i], int32(k*Extent-s.buffer), rows)
		strips[i] = s.closeSide(strips[i], int32((k+1)*Extent+s.buffer), rows)
	}
	return strips
}

// closeSide joins the ends that a cut left on one line.
func (s *splitter) closeSide(edges []edge, line int32, rows bool) []edge {
	s.ends = s.ends[:0]
	for _, e := range edges {
		for _, u := range [...]unit{e.a, e.b} {
			if rows && u.y == line {
				s.ends = append(s.ends, u.x)
			}
			if !rows && u.x == line {
				s.ends = append(s.ends, u.y)
			}
		}
	}
	slices.Sort(s.ends)
	for i := 1; i < len(s.ends); i++ {
		if i%2 == 1 && s.ends[i-1] != s.ends[i] {
			edges = s.appendSide(edges, line, s.ends[i-1], s.ends[i], rows)
		}
	}
	return edges
}

// appendSide appends the edge along a line. One along a column's side ends
// wherever the rows will be cut.
func (s *splitter) appendSide(edges []edge, line, from, to int32, rows bool) []edge {
	if rows {
		return append(edges, edge{unit{from, line}, unit{to, line}})
	}
	start := from
	for k := floorDiv(int64(from)-s.buffer, Extent); k*Extent-s.buffer < int64(to); k++ {
		for _, cut := range [...]int64{k*Extent - s.buffer, k*Extent + s.buffer} {
			if int64(start) < cut && cut < int64(to) {
				edges = append(edges, edge{unit{line, start}, unit{line, int32(cut)}})
				start = int32(cut)
			}
		}
	}
	return append(edges, edge{unit{line, start}, unit{line, to}})
}
