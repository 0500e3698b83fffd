package demo

import (
	"math"

	"github.com/paulmach/orb"
)

// The mesh of flood simulations: 5 m, exactly 0.225″ by 0.15″.
const (
	meshLon = 0.225 / 3600
	meshLat = 0.15 / 3600
)

// The flooded land lies within these cells, counted from the corner of the
// plane.
const meshWest, meshSouth, meshEast, meshNorth = -20, -20, 1120, 1200

// pits are the deep places: a former quarry beside the river and a pond that
// was dug to hold back floods.
var pits = []struct {
	at          orb.Point
	deep, width float64
}{
	{orb.Point{4760, 1130}, 19, 190},
	{orb.Point{3350, 1050}, 8.5, 240},
	{orb.Point{5330, 1700}, 7, 210},
}

// oldRiverY is where 大瀬川 flowed before its bends were cut: the lowest land of
// the south bank.
func oldRiverY(x float64) float64 {
	return 1480 - 0.09*(x-3000) + 210*math.Sin(2*math.Pi*(x+760)/1820) + 60*math.Sin(2*math.Pi*(x+90)/760)
}

func oldRiver() orb.LineString {
	var line orb.LineString
	for x := 500.0; x <= 5600; x += 20 {
		line = append(line, orb.Point{x, oldRiverY(x)})
	}
	return line
}

// outerBank is 1 where the river bends away from a bank, so that its water
// runs against it, and 0 on the inner side.
func outerBank(x float64, north bool) float64 {
	const h = 30
	bendLeft := (riverY(x-h) - 2*riverY(x) + riverY(x+h)) / (h * h)
	if north {
		bendLeft = -bendLeft
	}
	return smoothstep(-0.001, 0.004, bendLeft)
}

// flood holds what the largest rain brings, smooth, on the grid of the land.
type flood struct {
	*land
	deep, deepByBrook []float64 // metres of water; below 0 how high the land stands above it
	beyondLevee       []float64 // distance from the levee, away from the river
	bank              []float64 // see outerBank
	low               []float64 // how slowly the water leaves
	eased             []float64 // how much milder the plan is
}

func newFlood(l *land) *flood {
	f := &flood{land: l}
	for _, field := range []*[]float64{&f.deep, &f.deepByBrook, &f.beyondLevee, &f.bank, &f.low, &f.eased} {
		*field = make([]float64, l.columns*l.rows)
	}
	old, _ := l.distances(oldRiver())
	course := river()
	for k := range f.deep {
		p := l.node(k)
		x, y := p[0], p[1]
		f.deep[k] = depthAt(x, y, l.riverFar[k], old[k]) - l.high[k]
		f.deepByBrook[k] = brookDepthAt(x, y, l.brookFar[k], l.high[k])
		f.beyondLevee[k] = l.riverFar[k] - leveeHalfWidth(x)
		f.bank[k] = outerBank(course[l.riverNear[k]][0], y > riverY(x))
		f.low[k] = (0.25 + 0.75*smoothstep(1200, 5600, x) + 0.9*bell(old[k], 160)) * (1 + 0.35*noise(63, x/420, y/420))
		f.eased[k] = 1.25 + 0.0009*l.riverFar[k] + 0.3*noise(59, x/240, y/240)
	}
	return f
}

// brookDepthAt is the water of 小滝川 over smooth land: it stays in its valley.
func brookDepthAt(x, y, far, high float64) float64 {
	uneven := 0.7*noise(54, x/260, y/260) + 0.3*noise(61, x/70, y/70)
	return 2.5*bell(far, 150) - 0.62 - smoothstep(120, 330, far) + uneven - 0.22*max(0, high-2)
}

// depthAt is the water over smooth land: shallow on the natural levee, deepest
// in the back swamp and in the old bed, thin on the terrace of the old town.
func depthAt(x, y, far, oldFar float64) float64 {
	h := 2.35 + 1.7*smoothstep(0, 6000, x) + 0.85*noise(51, (0.8*x+0.6*y)/900, (0.8*y-0.6*x)/620) + 0.4*noise(56, (0.9*x-0.4*y)/170, (0.9*y+0.4*x)/130) + 0.34*noise(57, x/64, y/64)
	h -= 1.5 * bell(far-170, 150)
	if y < riverY(x) {
		h += 1.9*bell(far-720, 380) + 3.2*bell(oldFar, 62)
		h -= 6.2 * smoothstep(800, 2150+250*noise(53, x/800, 2.5), far)
	} else {
		scarp := far - 760 - 190*noise(52, x/640, 1.5) - 260*smoothstep(3300, 4700, x)
		h += 1.5*bell(far-560, 260) - 2.6*smoothstep(-50, 60, scarp)
		h -= 4.2 * smoothstep(500, 1750, far)
	}
	for _, pit := range pits {
		d := math.Hypot(x-pit.at[0], (y-pit.at[1])*1.25) * (1 + 0.16*noise(55, x/110, y/110))
		h += pit.deep * math.Exp(-math.Pow(d/pit.width, 4))
	}
	return h
}

// largest returns the depth of 大瀬川 at a point, with the small unevenness of
// the ground and the embankment of the railway.
func (f *flood) largest(p orb.Point) float64 {
	x, y := p[0], p[1]
	h := f.at(f.deep, x, y)
	if h < -1 || f.at(f.beyondLevee, x, y) < 0 {
		return 0
	}
	h += 0.26*noise(58, x/27, y/27) + 0.13*noise(60, x/11, y/11)
	if rail := math.Abs(y - railY(x)); rail < 16 {
		h -= 2.6 * bell(rail, 9)
	}
	return max(0, h)
}

// plan returns the depth that the rain of the plan (1/200) brings: less, and
// nowhere more.
func (f *flood) plan(p orb.Point, largest float64) float64 {
	return max(0, 0.74*largest-f.at(f.eased, p[0], p[1]))
}

// other returns the depth of 小滝川.
func (f *flood) other(p orb.Point) float64 {
	x, y := p[0], p[1]
	h := f.at(f.deepByBrook, x, y)
	if h < -1 || f.toBrook(x, y) < 19 || f.at(f.beyondLevee, x, y) < 0 {
		return 0
	}
	return max(0, h+0.14*noise(62, x/24, y/24))
}

// hours returns how long water of half a metre or more stays: longest in the
// low land downstream.
func (f *flood) hours(p orb.Point, deep float64) float64 {
	if deep < 0.5 {
		return 0
	}
	return 5 + math.Pow(deep, 1.25)*13*f.at(f.low, p[0], p[1])
}

// washes reports whether the stream tears wooden houses away: where it leaves
// the bed, on the outer side of bends.
func (f *flood) washes(p orb.Point, deep float64) bool {
	beyond := f.at(f.beyondLevee, p[0], p[1])
	if beyond > 700 {
		return false
	}
	force := deep * math.Exp(-beyond/(90+240*f.at(f.bank, p[0], p[1])))
	return force*(0.75+0.5*noise(64, p[0]/260, p[1]/260)) > 1.35
}

// erodes reports whether the bank of 大瀬川 may break away, also where no water
// comes.
func (f *flood) erodes(p orb.Point) bool {
	x, y := p[0], p[1]
	beyond := f.at(f.beyondLevee, x, y)
	return beyond > -18 && beyond < 90 && beyond < 12+58*f.at(f.bank, x, y)+9*noise(65, x/130, y/130)
}

// erodesByBrook is the same for 小滝川, between the hills.
func (f *flood) erodesByBrook(p orb.Point) bool {
	x, y := p[0], p[1]
	beyond := f.toBrook(x, y) - 15
	return y > 3300 && beyond > 0 && beyond < 30 && beyond < 17+10*noise(66, x/150, y/150)
}

// The kinds of house collapse, as files write them.
const byFlow, byErosion = 1, 2

// floodMeshes are the layers that are published.
type floodMeshes struct{ largest, plan, other, duration, flow, erosion, brookErosion *mesh }

// meshes simulates the floods inside the city's border.
func (f *flood) meshes(border orb.Ring) floodMeshes {
	columns, rows := meshEast-meshWest, meshNorth-meshSouth
	grid := func(cells int) *mesh {
		return newMesh(columns/cells, rows/cells, func(i, j int) orb.Point {
			return orb.Point{originLon + float64(meshWest+i*cells)*meshLon, originLat + float64(meshSouth+j*cells)*meshLat}
		})
	}
	m := floodMeshes{largest: grid(1), plan: grid(1), other: grid(1), flow: grid(1), erosion: grid(1), brookErosion: grid(1), duration: grid(2)}
	for j := range rows {
		inside := crossings(border, plane(m.largest.middle(0, j))[1])
		for i := range columns {
			if p := plane(m.largest.middle(i, j)); odd(inside, p[0]) {
				f.simulate(m, i, j, p)
			}
		}
	}
	return m
}

func (f *flood) simulate(m floodMeshes, i, j int, p orb.Point) {
	k := j*m.largest.columns + i
	m.other.class[k] = depthClass(f.other(p))
	if f.erodes(p) {
		m.erosion.class[k] = byErosion
	}
	if f.erodesByBrook(p) {
		m.brookErosion.class[k] = byErosion
	}
	deep := f.largest(p)
	if deep == 0 {
		return
	}
	m.largest.class[k] = depthClass(deep)
	m.plan.class[k] = depthClass(f.plan(p, deep))
	if f.washes(p, deep) {
		m.flow.class[k] = byFlow
	}
	if i%2 == 0 && j%2 == 0 {
		m.duration.class[j/2*m.duration.columns+i/2] = durationClass(f.hours(p, deep))
	}
}

// crossings returns where a horizontal line crosses a ring.
func crossings(ring orb.Ring, y float64) []float64 {
	var xs []float64
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > y) != (b[1] > y) {
			xs = append(xs, mix(a[0], b[0], (y-a[1])/(b[1]-a[1])))
		}
	}
	return xs
}

// odd reports whether an odd number of crossings lie east of x.
func odd(xs []float64, x float64) bool {
	is := false
	for _, c := range xs {
		is = is != (c > x)
	}
	return is
}

// classOf returns the rank of a value among upper bounds, 0 for no water.
func classOf(v float64, bounds ...float64) uint8 {
	if v <= 0 {
		return 0
	}
	for i, b := range bounds {
		if v < b {
			return uint8(i + 1)
		}
	}
	return uint8(len(bounds) + 1)
}

func depthClass(metres float64) uint8 {
	if metres < 0.04 {
		return 0
	}
	return classOf(metres, 0.5, 3, 5, 10, 20)
}

func durationClass(hours float64) uint8 { return classOf(hours, 12, 24, 72, 168, 336, 672) }
