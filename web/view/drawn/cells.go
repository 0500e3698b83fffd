package drawn

import (
	"slices"

	"github.com/paulmach/orb"
)

// cellSizes are the steps in which areas too intricate for a small picture are
// drawn coarser, in units; 0 is as the tile gives them.
var cellSizes = [...]int{0, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}

// areas returns the regions of a sheet in cells of a size.
func (s *sheet) areas(cell int) []region {
	if cell == 0 || len(s.regions) == 0 {
		return s.regions
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made, ok := s.cells[cell]
	if !ok {
		made = inCells(s.regions, cell)
		if s.cells == nil {
			s.cells = map[int][]region{}
		}
		s.cells[cell] = made
	}
	return made
}

// inCells draws regions in cells: each kind once, a region holding the cells of
// its rank and of every worse one, which is painted over it.
func inCells(regions []region, cell int) []region {
	var out []region
	whole := box{regions[0].parts[0].box.x0, regions[0].parts[0].box.y0, 0, 0}
	for _, r := range regions {
		for _, p := range r.parts {
			whole = box{min(whole.x0, p.box.x0), min(whole.y0, p.box.y0), max(whole.x1, p.box.x1), max(whole.y1, p.box.y1)}
		}
	}
	// Borders of cells lie on multiples of their size, so that sheets agree.
	west, north := floorTo(whole.x0, cell), floorTo(whole.y0, cell)
	for i, r := range regions {
		if slices.ContainsFunc(regions[:i], r.sameKind) {
			continue
		}
		raster := newRaster(float64(int(whole.x1)-west), float64(int(whole.y1)-north), float64(cell))
		for _, same := range regions[i:] {
			if same.sameKind(r) {
				same.mark(raster, west, north)
			}
		}
		for _, same := range regions[i:] {
			if same.sameKind(r) {
				out = append(out, same.outlined(raster, cell, west, north))
			}
		}
	}
	slices.SortStableFunc(out, func(a, b region) int { return a.compare(b.ink) })
	return out
}

func (r region) sameKind(other region) bool { return r.coat == other.coat && r.kind == other.kind }

func floorTo(v int32, step int) int {
	n := int(v)
	return n - ((n%step)+step)%step
}

// mark fills the cells of every feature of a region.
func (r region) mark(to *raster, west, north int) {
	var rings []orb.LineString
	for i, p := range r.parts {
		if p.opens && i > 0 {
			to.add(rings, r.rank)
			rings = rings[:0]
		}
		ring := make(orb.LineString, 0, p.end-p.first+1)
		for _, at := range r.points[p.first:p.end] {
			ring = append(ring, orb.Point{float64(int(at.x) - west), float64(int(at.y) - north)})
		}
		rings = append(rings, append(ring, ring[0]))
	}
	to.add(rings, r.rank)
}

// outlined returns a region of the border around the cells of at least its
// rank.
func (r region) outlined(from *raster, cell, west, north int) region {
	out := region{ink: r.ink}
	for _, loop := range from.outline(r.rank) {
		first := len(out.points)
		for _, c := range loop {
			out.points = append(out.points, rounded(float64(c.x*cell+west), float64(c.y*cell+north)))
		}
		out.parts = append(out.parts, part{box: boxOf(out.points[first:]), first: int32(first), end: int32(len(out.points)), opens: true})
	}
	return out
}
