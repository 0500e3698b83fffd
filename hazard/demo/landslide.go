package demo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// slide is one zone of 土砂災害 on the plane.
type slide struct {
	phenomenon, state int // as A33_001 and A33_002
	unready           bool
	number, name      string
	place             string
	date              string
	shape             orb.Geometry
}

// gradient returns the direction uphill, and how steep it is there.
func (l *land) gradient(p orb.Point) (orb.Point, float64) {
	const h = 30
	dx := (l.elevation(p[0]+h, p[1]) - l.elevation(p[0]-h, p[1])) / (2 * h)
	dy := (l.elevation(p[0], p[1]+h) - l.elevation(p[0], p[1]-h)) / (2 * h)
	steep := math.Hypot(dx, dy)
	if steep == 0 {
		return orb.Point{0, 1}, 0
	}
	return orb.Point{dx / steep, dy / steep}, steep
}

// feet returns points at the foot of the hills in the city, well apart.
func (l *land) feet(border orb.Ring, level, apart float64) []orb.Point {
	var found []orb.Point
	for k := range l.high {
		p := l.node(k)
		if l.high[k] < level || !odd(crossings(border, p[1]), p[0]) || l.toBrook(p[0], p[1]) < 60 {
			continue
		}
		below := l.elevation(p[0]-landStep, p[1]) < level || l.elevation(p[0]+landStep, p[1]) < level ||
			l.elevation(p[0], p[1]-landStep) < level || l.elevation(p[0], p[1]+landStep) < level
		tooNear := slices.ContainsFunc(found, func(q orb.Point) bool { return math.Hypot(p[0]-q[0], p[1]-q[1]) < apart })
		if _, steep := l.gradient(p); below && steep > 0.05 && !tooNear {
			found = append(found, p)
		}
	}
	return found
}

// slope draws a zone of 急傾斜地: a strip along the foot, which reaches below the
// slope and up over its edge. size 1 is the yellow zone.
func (l *land) slope(foot orb.Point, half, size float64) orb.Polygon {
	walk := func(way float64) []orb.Point {
		var line []orb.Point
		p := foot
		level := l.elevation(p[0], p[1])
		for gone := 0.0; gone < half*size; gone += 12 {
			line = append(line, p)
			g, steep := l.gradient(p)
			off := (l.elevation(p[0], p[1]) - level) / max(steep, 0.08) * 0.3
			p = orb.Point{p[0] - way*g[1]*12 - g[0]*off, p[1] + way*g[0]*12 - g[1]*off}
		}
		return line
	}
	west, east := walk(1), walk(-1)
	slices.Reverse(west)
	line := append(west, east[1:]...)
	var low, high orb.Ring
	for i, p := range line {
		g, _ := l.gradient(p)
		taper := math.Pow(math.Sin(math.Pi*(float64(i)+0.5)/float64(len(line))), 0.4)
		down := (30 + 9*noise(81, p[0]/40, p[1]/40)) * taper * (size*size*1.15 - 0.15)
		up := (58 + 16*noise(82, p[0]/45, p[1]/45)) * taper * (0.35 + 0.65*size)
		low = append(low, orb.Point{p[0] - g[0]*down, p[1] - g[1]*down})
		high = append(high, orb.Point{p[0] + g[0]*up, p[1] + g[1]*up})
	}
	slices.Reverse(high)
	ring := append(low, high...)
	return orb.Polygon{append(ring, ring[0])}
}

// torrent draws a zone of 土石流: a stream bed in the hills that opens to a fan
// below the foot. reach is the part of the fan, width that of the breadth.
func (l *land) torrent(foot orb.Point, reach, width float64) orb.Polygon {
	bed := l.bed(foot)
	g, _ := l.gradient(foot)
	upper := len(bed)
	for k := range int(17 * reach) {
		p := bed[len(bed)-1]
		a := math.Atan2(-g[1], -g[0]) + 0.3*noise(83, foot[0]/50, float64(k)/6)
		bed = append(bed, orb.Point{p[0] + 11*math.Cos(a), p[1] + 11*math.Sin(a)})
	}
	return ribbon(bed, func(i int) float64 {
		fan := float64(i-upper) / 17
		w := 25 + 6*noise(84, foot[0], float64(i)/3)
		if fan > 0 {
			w += 52 * math.Pow(fan, 0.8)
		}
		ends := float64(min(i, len(bed)-1-i)) / 5
		return width * w * math.Sqrt(min(1, ends+0.1))
	})
}

// bed follows a valley uphill from its foot, by small turns to the lower side,
// and returns it from its top.
func (l *land) bed(foot orb.Point) []orb.Point {
	const step, steps = 13, 16
	g, _ := l.gradient(foot)
	heading := math.Atan2(g[1], g[0])
	points := []orb.Point{foot}
	for p := foot; len(points) < steps; {
		ahead := func(turn float64) float64 {
			return l.elevation(p[0]+45*math.Cos(heading+turn), p[1]+45*math.Sin(heading+turn))
		}
		if left, right := ahead(0.5), ahead(-0.5); left < right {
			heading += 0.05
		} else if right < left {
			heading -= 0.05
		}
		p = orb.Point{p[0] + step*math.Cos(heading), p[1] + step*math.Sin(heading)}
		points = append(points, p)
	}
	slices.Reverse(points)
	return points
}

// lobe draws a zone of 地すべり: a piece of hillside that creeps downhill.
func (l *land) lobe(at orb.Point, long, size float64) orb.Polygon {
	g, _ := l.gradient(at)
	var ring orb.Ring
	for k := range 40 {
		a := 2 * math.Pi * float64(k) / 40
		along := -long * size * math.Cos(a)
		across := 0.58 * long * size * math.Sin(a) * (1 + 0.25*math.Cos(a))
		swell := 1 + 0.16*noise(85, at[0]+1.6*math.Cos(a), at[1]+1.6*math.Sin(a))
		ring = append(ring, orb.Point{
			at[0] + swell*(along*g[0]*-1-across*g[1]),
			at[1] + swell*(along*g[1]*-1+across*g[0]),
		})
	}
	if area(ring) < 0 {
		slices.Reverse(ring)
	}
	return orb.Polygon{append(ring, ring[0])}
}
