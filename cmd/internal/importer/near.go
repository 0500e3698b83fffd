package importer

import (
	"math"

	"hazardmap/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// margin is how far beyond the area zones are kept, for what lies near by at
// its border.
const margin geo.Metres = 1000

// neighbourhood answers whether a box comes within the margin of an area. It
// errs on the side of yes, by less than two cells.
type neighbourhood struct {
	box           orb.Bound // the area and its margin
	cell          orb.Point // width and height of a cell in degrees
	columns, rows int
	sums          []int32 // cells of the neighbourhood south-west of each corner
}

// cellsPerMargin: the grid is coarser where the area is large.
const (
	cellsPerMargin = 4
	maxCells       = 1 << 20
)

func newNeighbourhood(area orb.MultiPolygon) *neighbourhood {
	bound := area.Bound()
	perLat, perLon := metresPerDegree(bound)
	n := &neighbourhood{box: orb.Bound{
		Min: orb.Point{bound.Min[0] - float64(margin)/perLon, bound.Min[1] - float64(margin)/perLat},
		Max: orb.Point{bound.Max[0] + float64(margin)/perLon, bound.Max[1] + float64(margin)/perLat},
	}}
	side := float64(margin) / cellsPerMargin
	width, height := (n.box.Max[0]-n.box.Min[0])*perLon, (n.box.Max[1]-n.box.Min[1])*perLat
	side = max(side, math.Sqrt(width*height/maxCells))
	n.cell = orb.Point{side / perLon, side / perLat}
	n.columns, n.rows = int(width/side)+1, int(height/side)+1
	touched := n.touched(area)
	n.sum(touched, int(math.Ceil(float64(margin)/side))+1)
	return n
}

// metresPerDegree returns the length of one degree of latitude and of
// longitude. Longitude is measured at the end nearer the pole, where a degree
// is shortest, so that the margin is never too small.
func metresPerDegree(b orb.Bound) (perLat, perLon float64) {
	perLat = float64(geo.Point{}.Distance(geo.Point{Lat: 1}))
	lat := max(math.Abs(b.Min[1]), math.Abs(b.Max[1]))
	return perLat, perLat * math.Cos(lat*math.Pi/180)
}

func (n *neighbourhood) column(lon float64) int {
	return min(max(int((lon-n.box.Min[0])/n.cell[0]), 0), n.columns-1)
}

func (n *neighbourhood) row(lat float64) int {
	return min(max(int((lat-n.box.Min[1])/n.cell[1]), 0), n.rows-1)
}

// touched marks the cells that hold some of the area: those its border passes
// and those whose middle lies inside.
func (n *neighbourhood) touched(area orb.MultiPolygon) []bool {
	cells := make([]bool, n.columns*n.rows)
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				n.walk(ring[i-1], ring[i], cells)
			}
		}
	}
	for row := range n.rows {
		for column := range n.columns {
			middle := orb.Point{n.box.Min[0] + (float64(column)+0.5)*n.cell[0], n.box.Min[1] + (float64(row)+0.5)*n.cell[1]}
			if i := row*n.columns + column; !cells[i] && planar.MultiPolygonContains(area, middle) {
				cells[i] = true
			}
		}
	}
	return cells
}

// walk marks cells along an edge in steps of half a cell; a corner it cuts is
// made good by the extra cell of the margin.
func (n *neighbourhood) walk(a, b orb.Point, cells []bool) {
	steps := int(max(math.Abs(b[0]-a[0])/n.cell[0], math.Abs(b[1]-a[1])/n.cell[1])*2) + 1
	for s := 0; s <= steps; s++ {
		t := float64(s) / float64(steps)
		cells[n.row(a[1]+t*(b[1]-a[1]))*n.columns+n.column(a[0]+t*(b[0]-a[0]))] = true
	}
}

// sum widens the touched cells by so many and adds them up from the
// south-west, so that any box is asked in four reads.
func (n *neighbourhood) sum(touched []bool, reach int) {
	widened := widen(touched, n.columns, n.rows, reach)
	n.sums = make([]int32, (n.columns+1)*(n.rows+1))
	for row := range n.rows {
		var line int32
		for column := range n.columns {
			if widened[row*n.columns+column] {
				line++
			}
			n.sums[(row+1)*(n.columns+1)+column+1] = n.sums[row*(n.columns+1)+column+1] + line
		}
	}
}

// widen marks every cell within reach of a marked one, first along rows, then
// along columns.
func widen(cells []bool, columns, rows, reach int) []bool {
	pass := func(from []bool, count, length, stepLine, stepCell int) []bool {
		to := make([]bool, len(from))
		for line := range count {
			for i := range length {
				if !from[line*stepLine+i*stepCell] {
					continue
				}
				for j := max(0, i-reach); j <= min(length-1, i+reach); j++ {
					to[line*stepLine+j*stepCell] = true
				}
			}
		}
		return to
	}
	return pass(pass(cells, rows, columns, columns, 1), columns, rows, 1, columns)
}

// holds reports whether a box meets the neighbourhood.
func (n *neighbourhood) holds(b orb.Bound) bool {
	if !n.box.Intersects(b) {
		return false
	}
	west, east := n.column(b.Min[0]), n.column(b.Max[0])+1
	south, north := n.row(b.Min[1]), n.row(b.Max[1])+1
	at := func(row, column int) int32 { return n.sums[row*(n.columns+1)+column] }
	return at(north, east)-at(south, east)-at(north, west)+at(south, west) > 0
}
