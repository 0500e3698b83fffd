package hazard

import (
	"math"
	"slices"

	"hazardmap/geo"
)

// CoveredWithin returns the kinds that were surveyed at p and at every spot
// within so many metres of it, and those of which part of a source was refused
// somewhere there. Inside the area the ground behind its boundary does not
// count: no place of the area lies there. A spot between two surveys that share
// an edge counts as not surveyed, which is the safe side.
func (x *Index) CoveredWithin(p geo.E7, within geo.Metres) (covered, incomplete KindSet) {
	near := x.extentEdges(p, within)
	var buf [16]Hit
	hits := x.extents.at(buf[:0], p)
	inArea := len(hits) > 0 && hits[0].Zone == 0
	for _, h := range hits {
		kinds, refused := x.survey(h.Zone)
		if int(h.Zone) < len(near) {
			edges := near[h.Zone]
			if len(edges) == 0 || inArea && slices.Equal(edges, near[0]) {
				covered |= kinds
			}
		}
		if refused {
			incomplete |= kinds
		}
	}
	for extent, edges := range near {
		if kinds, refused := x.survey(uint32(extent)); refused && len(edges) > 0 {
			incomplete |= kinds
		}
	}
	return covered, incomplete
}

// extentEdges returns the edges that the boundary (number 0) and each survey
// have within so many metres of p, in the order of the cells; one that passes
// several cells is listed in each.
func (x *Index) extentEdges(p geo.E7, within geo.Metres) [][]segment {
	m, limit := newMetric(p), float64(within)*float64(within)
	t := &x.extents
	near := make([][]segment, len(x.sections[secSurveys])/surveySize)
	columns := reach(int64(p.Lon)-t.x0, within, m.x, t.shift, t.cols)
	rows := reach(int64(p.Lat)-t.y0, within, m.y, t.shift, uint64(x.header.extents.rows))
	for row := rows[0]; row < rows[1]; row++ {
		for column := columns[0]; column < columns[1]; column++ {
			ref := load32(t.grid[(row*int64(t.cols)+column)*4:])
			if ref&tagMask != tagLeaf {
				continue
			}
			c := cell{t.x0 + column<<t.shift, t.y0 + row<<t.shift, t.shift}
			for g := range leafGroups(t.leaves, int(ref&maxValue)*8) {
				if g.word&groupList != 0 || int(g.zone) >= len(near) {
					continue // they cover the cell
				}
				for e := range g.edges(c) {
					if m.toSegment(e) <= limit {
						near[g.zone] = append(near[g.zone], e)
					}
				}
			}
		}
	}
	return near
}

// reach returns the first cell of a row of cells that lies within so many
// metres of v, and the one after the last.
func reach(v int64, within geo.Metres, scale float64, shift uint, count uint64) [2]int64 {
	far := float64(within)/max(scale, 1e-9) + 1
	size := float64(int64(1) << shift)
	low, high := math.Floor((float64(v)-far)/size), math.Floor((float64(v)+far)/size)+1
	return [2]int64{int64(min(max(low, 0), float64(count))), int64(min(max(high, 0), float64(count)))}
}
