package demo

import (
	"math"

	"github.com/paulmach/orb"
)

// route is one of the few roads that cross the city.
type route struct {
	class              string
	ref                string
	name, kana, romaji string
	through            []orb.Point
}

var routes = []route{
	{"motorway", "E99", "見本自動車道", "みほんじどうしゃどう", "Mihon Expressway", []orb.Point{
		{-2200, 1150}, {-600, 700}, {700, 420}, {2000, 330}, {3300, 420}, {4700, 300}, {6100, 560}, {8400, 300}}},
	{"primary", "99", "国道99号", "こくどうきゅうじゅうきゅうごう", "Route 99", []orb.Point{
		{-2200, 3560}, {-200, 3720}, {900, 3700}, {1700, 3730}, {2600, 3860}, {3400, 3800}, {4150, 3520}, {4800, 3150}, {5600, 2780}, {6500, 2380}, {8400, 1750}}},
	{"primary", "1", "中央通り", "ちゅうおうどおり", "Chuo-dori", []orb.Point{
		{2950, -2200}, {2880, -900}, {2790, 330}, {2740, 1150}, {2680, 1900}, {2620, 2650}, {2575, 3280}, {2640, 3860}, {2540, 4600}, {2400, 5600}, {2350, 7400}}},
	{"secondary", "2", "船渡通り", "ふなとどおり", "Funato-dori", []orb.Point{
		{1000, -2200}, {1090, -400}, {1170, 900}, {1150, 1800}, {1040, 2700}, {960, 3330}, {930, 3700}, {760, 4500}, {420, 5700}, {250, 7400}}},
	{"secondary", "3", "落合通り", "おちあいどおり", "Ochiai-dori", []orb.Point{
		{4750, -2200}, {4660, -300}, {4420, 900}, {4430, 1500}, {4530, 2150}, {4560, 2800}, {4520, 3320}, {4560, 3900}, {4740, 4500}, {4990, 5000}, {5250, 5700}, {5700, 6500}, {5960, 7400}}},
	{"secondary", "4", "古川通り", "ふるかわどおり", "Furukawa-dori", []orb.Point{
		{-2200, 1900}, {-300, 1500}, {600, 1330}, {1400, 1080}, {2760, 960}, {3700, 900}, {4420, 880}, {5300, 830}, {6300, 1000}, {8400, 800}}},
	{"secondary", "5", "堤通り", "つつみどおり", "Tsutsumi-dori", []orb.Point{
		{1030, 2980}, {1600, 2830}, {2230, 2700}, {2640, 2600}, {3300, 2930}, {3900, 2820}, {4530, 2620}, {5000, 2480}, {5600, 2440}}},
}

// smooth draws a curve through points (Catmull-Rom), in steps of some metres.
func smooth(through []orb.Point, metres float64) orb.LineString {
	at := func(i int) orb.Point { return through[min(max(0, i), len(through)-1)] }
	var line orb.LineString
	for i := range len(through) - 1 {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		n := max(1, int(math.Hypot(c[0]-b[0], c[1]-b[1])/metres))
		for k := range n {
			t := float64(k) / float64(n)
			line = append(line, orb.Point{spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t)})
		}
	}
	return append(line, through[len(through)-1])
}

func spline(a, b, c, d, t float64) float64 {
	return 0.5 * (2*b + t*(c-a+t*(2*a-5*b+4*c-d+t*(3*b-a-3*c+d))))
}

// taken marks land that something stands on, in squares of a few metres.
type taken struct {
	columns int
	squares []bool
}

const squareMetres = 6.0

func newTaken() *taken {
	width, height := landEast-landWest, landNorth-landSouth
	columns, rows := int(width/squareMetres)+1, int(height/squareMetres)+1
	return &taken{columns: columns, squares: make([]bool, columns*rows)}
}

func (t *taken) index(x, y float64) (int, bool) {
	if x < landWest || y < landSouth || x >= landEast || y >= landNorth {
		return 0, false
	}
	return int((y-landSouth)/squareMetres)*t.columns + int((x-landWest)/squareMetres), true
}

func (t *taken) at(p orb.Point) bool {
	k, ok := t.index(p[0], p[1])
	return ok && t.squares[k]
}

// mark takes a strip along a line.
func (t *taken) mark(line orb.LineString, halfWidth float64) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		n := int(math.Hypot(b[0]-a[0], b[1]-a[1])/squareMetres) + 1
		for s := range n {
			f := float64(s) / float64(n)
			t.disc(mix(a[0], b[0], f), mix(a[1], b[1], f), halfWidth)
		}
	}
}

func (t *taken) disc(x, y, radius float64) {
	for dy := -radius; dy <= radius; dy += squareMetres {
		for dx := -radius; dx <= radius; dx += squareMetres {
			if k, ok := t.index(x+dx, y+dy); ok && dx*dx+dy*dy <= radius*radius {
				t.squares[k] = true
			}
		}
	}
}

// crossed splits a line into the parts for which a test holds and those for
// which it does not; neighbours share their point.
func crossed(line orb.LineString, holds func(orb.Point) bool) (yes, no []orb.LineString) {
	for i := 0; i < len(line)-1; {
		is := holds(line[i])
		j := i + 1
		for j < len(line)-1 && holds(line[j]) == is {
			j++
		}
		if is {
			yes = append(yes, line[i:j+1])
		} else {
			no = append(no, line[i:j+1])
		}
		i = j
	}
	return yes, no
}

// whole keeps the parts of a line in which every point passes a test.
func whole(line orb.LineString, passes func(orb.Point) bool) []orb.LineString {
	var parts []orb.LineString
	start := -1
	for i, p := range line {
		if passes(p) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start > 1 {
			parts = append(parts, line[start:i])
		}
		start = -1
	}
	if start >= 0 && len(line)-start > 1 {
		parts = append(parts, line[start:])
	}
	return parts
}
