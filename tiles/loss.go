//go:build !js

package tiles

import (
	"cmp"
	"slices"
	"sync"

	"hazardmap/hazard"
)

// LossReport says what the tiles do to the zones: how much more than the truth
// they draw, and whether anything is missing.
type LossReport struct {
	Tiles   int        `json:"tiles"`
	Zooms   []ZoomLoss `json:"zooms"`
	Classes []Loss     `json:"classes"`
}

// ZoomLoss is the report of one zoom.
type ZoomLoss struct {
	Zoom         uint8 `json:"zoom"`
	Tiles        int   `json:"tiles"`
	LargestBytes int   `json:"largest_bytes"` // raw, before gzip
	CoarseTiles  int   `json:"coarse_tiles"`  // overview tiles in cells of more than one unit, to stay small
	CoarsestCell int   `json:"coarsest_cell"` // units
}

// Loss is the report of one zoom, kind, scenario and rank. The true area is the
// sum of the zones; where zones overlap, less than that can be drawn.
type Loss struct {
	Zoom         uint8   `json:"zoom"`
	Kind         string  `json:"kind"`
	Scenario     string  `json:"scenario,omitempty"`
	Rank         uint8   `json:"rank"`
	Zones        int     `json:"zones"`
	TrueArea     float64 `json:"true_m2"`
	DrawnArea    float64 `json:"drawn_m2"`
	WithoutTrace int     `json:"without_trace"` // of exact zooms; a Checker counts them at all zooms
}

// AreaRatio returns drawn over true area, or 0 where there is no true area.
func (l Loss) AreaRatio() float64 {
	if l.TrueArea == 0 {
		return 0
	}
	return l.DrawnArea / l.TrueArea
}

// OverWarning returns by how many per cent more is drawn than is true.
func (l Loss) OverWarning() float64 { return max(0, 100*(l.AreaRatio()-1)) }

// lossKey names one line of the report; the rank is the one shown.
type lossKey struct {
	zoom uint8
	group
	rank uint8
}

// losses adds up the report. Sums are whole numbers, so that their order does
// not matter.
type losses struct {
	cutter *cutter
	mu     sync.Mutex
	tiles  map[uint8]*ZoomLoss
	drawn  map[lossKey]int64 // square decimetres
	traced map[uint8][]bool  // by exact zoom: zones that left a trace
}

func newLosses(c *cutter) *losses {
	l := &losses{cutter: c, tiles: map[uint8]*ZoomLoss{}, drawn: map[lossKey]int64{}, traced: map[uint8][]bool{}}
	for z := c.opts.MinZoom; z <= c.opts.MaxZoom; z++ {
		l.tiles[z] = &ZoomLoss{Zoom: z}
		if z >= c.opts.ExactZoom {
			l.traced[z] = make([]bool, len(c.zones))
		}
	}
	return l
}

// tile notes one tile.
func (l *losses) tile(id ID, size int) {
	t := l.tiles[id.Z]
	t.Tiles++
	t.LargestBytes = max(t.LargestBytes, size)
}

// overview notes the square units that each class of each group covers in one
// tile.
func (l *losses) overview(id ID, cells int, groups []group, ground [][]int64) {
	unit := squareMetres(id.Z, (float64(id.Y)+0.5)/float64(uint32(1)<<id.Z)) * 100
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tiles[id.Z]
	t.CoarsestCell = max(t.CoarsestCell, cells)
	if cells > 1 {
		t.CoarseTiles++
	}
	for i, g := range groups {
		for c, n := range ground[i] {
			if n > 0 {
				rank, _ := class(c).rank(g.kind)
				l.drawn[lossKey{id.Z, g, rank}] += int64(float64(n) * unit)
			}
		}
	}
}

// exact notes the pieces of one zone.
func (l *losses) exact(zone int, zoom uint8, pieces []piece) {
	var area int64
	seen := false
	for _, p := range pieces {
		seen = seen || p.seen
		unit := squareMetres(zoom, (float64(p.tile.Y)+0.5)/float64(uint32(1)<<zoom)) * 100
		area += int64(p.ground * unit)
	}
	z := &l.cutter.zones[zone]
	rank, _ := classOf(z).rank(z.Kind)
	l.mu.Lock()
	defer l.mu.Unlock()
	if seen {
		l.traced[zoom][zone] = true
	}
	l.drawn[lossKey{zoom, group{z.Kind, z.Scenario}, rank}] += area
}

// report sums up.
func (l *losses) report() LossReport {
	var r LossReport
	c := l.cutter
	sums := map[lossKey]*Loss{}
	for i := range c.zones {
		z := &c.zones[i]
		if c.opts.Theme != "" && z.Kind.Theme() != c.opts.Theme {
			continue
		}
		area := trueArea(z)
		rank, _ := classOf(z).rank(z.Kind)
		for zoom := c.opts.MinZoom; zoom <= c.opts.MaxZoom; zoom++ {
			key := lossKey{zoom, group{z.Kind, z.Scenario}, rank}
			s := sums[key]
			if s == nil {
				s = &Loss{Zoom: zoom, Kind: z.Kind.String(), Scenario: z.Scenario.String(), Rank: rank, DrawnArea: float64(l.drawn[key]) / 100}
				sums[key] = s
			}
			s.Zones++
			s.TrueArea += area
			if traced := l.traced[zoom]; traced != nil && !traced[i] {
				s.WithoutTrace++
			}
		}
	}
	for zoom := c.opts.MinZoom; zoom <= c.opts.MaxZoom; zoom++ {
		r.Zooms = append(r.Zooms, *l.tiles[zoom])
		r.Tiles += l.tiles[zoom].Tiles
	}
	for _, s := range sums {
		r.Classes = append(r.Classes, *s)
	}
	slices.SortFunc(r.Classes, func(a, b Loss) int {
		return cmp.Or(cmp.Compare(a.Zoom, b.Zoom), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Scenario, b.Scenario), cmp.Compare(a.Rank, b.Rank))
	})
	return r
}

// trueArea returns the square metres of a zone.
func trueArea(z *hazard.Zone) float64 {
	s, err := projectShape(z.Shape)
	if err != nil {
		return 0
	}
	const zoom = 14
	unit := squareMetres(zoom, (s.box.min.y+s.box.max.y)/2)
	scale := worldUnits(zoom)
	var sum float64
	for _, rings := range s.polygons {
		for i, ring := range rings {
			area := ringArea(ring) * scale * scale
			if i > 0 { // the first ring is the outer one, whatever its winding
				area = -area
			}
			sum += area
		}
	}
	return sum * unit
}

func ringArea(ring []position) float64 {
	var sum float64
	first, last := ring[0], ring[len(ring)-1]
	for _, p := range ring {
		// Near the first place, so that no digits are lost.
		sum += (last.x-first.x)*(p.y-first.y) - (p.x-first.x)*(last.y-first.y)
		last = p
	}
	return max(sum, -sum) / 2
}
