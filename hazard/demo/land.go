package demo

import (
	"math"

	"github.com/paulmach/orb"
)

// The city lies on a plane in metres, x east and y north, of which the corner
// stands in the open Pacific, where no one looks for a real one.
const (
	originLon, originLat = 141.5, 36.0
	metresPerLon         = 90163.0 // at 36.02° N
	metresPerLat         = 110955.0
)

// degrees places a point of the plane on the globe.
func degrees(p orb.Point) orb.Point {
	return orb.Point{originLon + p[0]/metresPerLon, originLat + p[1]/metresPerLat}
}

// plane is the inverse of degrees.
func plane(p orb.Point) orb.Point {
	return orb.Point{(p[0] - originLon) * metresPerLon, (p[1] - originLat) * metresPerLat}
}

// The drawn land reaches beyond the city so that its map does not end at its
// border.
const landWest, landSouth, landEast, landNorth = -2200.0, -2200.0, 8400.0, 7400.0

// riverY is where the middle of 大瀬川 lies. It flows from west to east.
func riverY(x float64) float64 {
	return 2150 - 0.105*(x-3000) +
		390*math.Sin(2*math.Pi*(x-260)/2450) +
		120*math.Sin(2*math.Pi*(x+500)/1130) +
		45*math.Sin(2*math.Pi*(x-80)/610)
}

// river returns the middle of 大瀬川.
func river() orb.LineString {
	var line orb.LineString
	for x := landWest; x <= landEast; x += 20 {
		line = append(line, orb.Point{x, riverY(x)})
	}
	return line
}

// riverHalfWidth is half the width of the water at x.
func riverHalfWidth(x float64) float64 { return 62 + 16*noise(11, x/420, 0.5) + 10*x/6000 }

// leveeHalfWidth is how far the levee stands from the middle of the river.
func leveeHalfWidth(x float64) float64 { return riverHalfWidth(x) + 62 + 22*noise(12, x/700, 3.5) }

// brookMouth is where 小滝川 meets 大瀬川.
const brookMouth = 4080.0

// brook returns the middle of 小滝川, from its mouth up into the hills.
func brook() orb.LineString {
	var line orb.LineString
	y0 := riverY(brookMouth)
	for t := 0.0; t <= 1; t += 0.006 {
		y := y0 + t*(landNorth-y0)
		sway := smoothstep(0, 0.12, t)
		x := brookMouth + 1900*math.Pow(t, 1.25) + sway*(150*math.Sin(y/290)+55*math.Sin(y/118+1))
		line = append(line, orb.Point{x, y})
	}
	return line
}

func brookHalfWidth(t float64) float64 { return mix(15, 6, t) }

// railY is where the railway lies: north of the river, by a wide curve.
func railY(x float64) float64 {
	return 3330 + 170*math.Sin((x-900)/1500) - 0.02*(x-3000)
}

func railway() orb.LineString {
	var line orb.LineString
	for x := landWest; x <= landEast; x += 40 {
		line = append(line, orb.Point{x, railY(x)})
	}
	return line
}

// station is 見本駅.
func station() orb.Point { return orb.Point{2560, railY(2560)} }

// castleHill is 城山, alone in the plain.
var castleHill = orb.Point{1330, 4180}

// elevation is how high the land stands above the plain: hills in the
// north-east, cut by valleys, and 城山.
func (l *land) elevation(x, y float64) float64 { return l.at(l.high, x, y) }

func (l *land) shape(x, y, toBrook float64) float64 {
	lone := 62*bell(math.Hypot((x-castleHill[0])/1.35, y-castleHill[1])*(1+0.2*noise(25, x/170, y/170)), 265) - 4
	// Past a winding line from north-west to south-east the hills begin.
	foot := (x-4150)*0.66 + (y-4300)*0.75 + 190*noise(21, x/640, y/640) + 80*noise(22, x/230, y/230)
	if foot <= 0 {
		return max(0, lone)
	}
	// Turned and warped, so that no ridge runs along a line of the noise.
	u := (0.8*x+0.6*y)/690 + 0.35*noise(26, x/900, y/900)
	v := (-0.6*x+0.8*y)/540 + 0.35*noise(27, x/900, y/900)
	ridge := 1 - math.Abs(noise(23, u, v)) // 1 on a ridge
	spur := 1 - math.Abs(noise(24, 2.3*u+v, 2.3*v-u))
	h := 225 * (1 - math.Exp(-foot/820)) * (0.16 + 0.58*ridge*ridge + 0.26*spur*spur)
	h *= 0.08 + 0.92*smoothstep(30, 330, toBrook)
	return max(h, lone, 0)
}

// land answers, everywhere on the plane, how far the rivers are and how high
// the ground stands, from a coarse grid.
type land struct {
	columns, rows            int
	riverFar, brookFar, high []float64
	riverNear                []int // the nearest vertex of the river
}

const landStep = 25.0

func newLand() *land {
	l := &land{columns: int((landEast-landWest)/landStep) + 2, rows: int((landNorth-landSouth)/landStep) + 2}
	l.riverFar, l.riverNear = l.distances(river())
	l.brookFar, _ = l.distances(brook())
	l.high = make([]float64, l.columns*l.rows)
	for k := range l.high {
		p := l.node(k)
		l.high[k] = l.shape(p[0], p[1], l.brookFar[k])
	}
	return l
}

// node returns where a grid point lies.
func (l *land) node(k int) orb.Point {
	return orb.Point{landWest + float64(k%l.columns)*landStep, landSouth + float64(k/l.columns)*landStep}
}

// distances measures from every grid point to the vertices of a line, and
// which one is nearest: each point asks its neighbours, in four sweeps.
func (l *land) distances(line orb.LineString) (far []float64, nearest []int) {
	nearest = make([]int, l.columns*l.rows)
	far = make([]float64, len(nearest))
	for k := range far {
		nearest[k], far[k] = -1, math.Inf(1)
	}
	try := func(k, vertex int) {
		if vertex < 0 {
			return
		}
		p := l.node(k)
		if d := math.Hypot(line[vertex][0]-p[0], line[vertex][1]-p[1]); d < far[k] {
			nearest[k], far[k] = vertex, d
		}
	}
	for vertex, p := range line {
		i, j := int((p[0]-landWest)/landStep+0.5), int((p[1]-landSouth)/landStep+0.5)
		if i >= 0 && j >= 0 && i < l.columns && j < l.rows {
			try(j*l.columns+i, vertex)
		}
	}
	for range 2 {
		for k := range far {
			l.ask(k, -1, nearest, try)
		}
		for k := len(far) - 1; k >= 0; k-- {
			l.ask(k, 1, nearest, try)
		}
	}
	return far, nearest
}

// ask tries the nearest vertices of the neighbours before a point, or behind.
func (l *land) ask(k, way int, nearest []int, try func(k, vertex int)) {
	for _, step := range [...]int{1, l.columns, l.columns - 1, l.columns + 1} {
		if n := k + way*step; n >= 0 && n < len(nearest) {
			try(k, nearest[n])
		}
	}
}

// at interpolates a field of the grid.
func (l *land) at(field []float64, x, y float64) float64 {
	gx := min(max(0, (x-landWest)/landStep), float64(l.columns)-1.001)
	gy := min(max(0, (y-landSouth)/landStep), float64(l.rows)-1.001)
	i, j := int(gx), int(gy)
	u, v := gx-float64(i), gy-float64(j)
	k := j*l.columns + i
	return mix(mix(field[k], field[k+1], u), mix(field[k+l.columns], field[k+l.columns+1], u), v)
}

// toRiver is the distance to the middle of 大瀬川.
func (l *land) toRiver(x, y float64) float64 { return l.at(l.riverFar, x, y) }

// toBrook is the distance to the middle of 小滝川.
func (l *land) toBrook(x, y float64) float64 { return l.at(l.brookFar, x, y) }

// dry reports whether one could build at p: outside the levees and the brook,
// below the slopes.
func (l *land) dry(p orb.Point) bool {
	return l.toRiver(p[0], p[1]) > leveeHalfWidth(p[0])+14 && l.toBrook(p[0], p[1]) > 26 && l.elevation(p[0], p[1]) < 16
}
