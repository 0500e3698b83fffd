package demo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// The phenomena and states of A33.
const (
	steepSlope, debris, landslip = 1, 2, 3
	yellow, red                  = 1, 2
	yellowBefore, redBefore      = 3, 4
)

// slides zones the hills of the city. Most are yellow with a red core; some
// are not designated yet, some have no survey of the red part.
func (b *builder) slides(border orb.Ring) []slide {
	r := newRand(2)
	z := zoning{b: b}
	for _, foot := range b.feet(border, 9, 215) {
		half := 55 + 60*r.Float64()
		if b.valley(foot) {
			z.add(debris, "沢", foot, b.torrent(foot, 1, 1), b.torrent(foot, 0.36, 0.5))
		} else {
			z.add(steepSlope, "", foot, b.slope(foot, half, 1), b.slope(foot, half, 0.66))
		}
	}
	for _, at := range b.hillsides(border) {
		z.add(landslip, "地区", at, b.lobe(at, 120+80*r.Float64(), 1), b.lobe(at, 120, 0.42))
	}
	return z.slides
}

// valley reports whether the land uphill of a point lies lower than beside.
func (l *land) valley(foot orb.Point) bool {
	g, _ := l.gradient(foot)
	at := func(up, aside float64) float64 {
		return l.elevation(foot[0]+up*g[0]-aside*g[1], foot[1]+up*g[1]+aside*g[0])
	}
	return at(110, 80)+at(110, -80) > 2*at(110, 0)+1.5
}

// hillsides returns places for creeping land, half-way up the hills.
func (l *land) hillsides(border orb.Ring) []orb.Point {
	var found []orb.Point
	for k := 0; k < len(l.high) && len(found) < 5; k += 7 {
		p := l.node(k)
		if l.high[k] < 38 || l.high[k] > 95 || p[0] < 3600 || !odd(crossings(border, p[1]), p[0]) || l.toBrook(p[0], p[1]) < 200 {
			continue
		}
		apart := true
		for _, q := range found {
			apart = apart && math.Hypot(p[0]-q[0], p[1]-q[1]) > 480
		}
		if apart {
			found = append(found, p)
		}
	}
	return found
}

// zoning numbers the zones and gives them their states.
type zoning struct {
	b      *builder
	count  [4]int
	slides []slide
}

func (z *zoning) add(phenomenon int, suffix string, at orb.Point, outer, inner orb.Polygon) {
	z.count[phenomenon]++
	n := z.count[phenomenon]
	t := towns[z.b.townAt(at)]
	s := slide{
		phenomenon: phenomenon, number: fmt.Sprintf("%d%02d-%s-%03d", phenomenon, 99, []string{"Ⅰ", "Ⅱ"}[n%2], n),
		name: t.name + suffix + string(rune('A'+(n-1)%26)), place: "見本市" + t.name, date: fmt.Sprintf("20%02d-%02d-15", 16+n%9, 1+n*5%12),
	}
	first, second := yellow, red
	if n%4 == 2 {
		first, second, s.date = yellowBefore, redBefore, ""
	}
	s.state, s.shape = first, outer
	if s.unready = n%5 == 4; s.unready { // the red part is not surveyed
		z.slides = append(z.slides, s)
		return
	}
	z.slides = append(z.slides, s)
	s.state, s.shape = second, inner
	z.slides = append(z.slides, s)
}

// townAt returns the town of a place, the nearest one outside the city.
func (b *builder) townAt(p orb.Point) int {
	best, nearest := 0, math.Inf(1)
	for _, c := range b.cells {
		if odd(crossings(c.plane, p[1]), p[0]) {
			return c.town
		}
		if m := centroid(c.plane[:len(c.plane)-1]); math.Hypot(m[0]-p[0], m[1]-p[1]) < nearest {
			best, nearest = c.town, math.Hypot(m[0]-p[0], m[1]-p[1])
		}
	}
	return best
}

// lines are zones of which only a line is published: along the brook's gorge.
func (b *builder) lines(border orb.Ring) []slide {
	parts := whole(brook(), func(p orb.Point) bool { return p[1] > 4300 && odd(crossings(border, p[1]), p[0]) })
	var found []slide
	for i, part := range parts {
		side := make(orb.LineString, 0, len(part))
		for _, p := range part {
			side = append(side, orb.Point{p[0] - 75, p[1]})
		}
		found = append(found, slide{phenomenon: steepSlope, state: yellow, number: fmt.Sprintf("199-L-%03d", i+1),
			name: "小滝峡", place: "見本市小滝", date: "2019-06-15", shape: side})
	}
	return found
}
