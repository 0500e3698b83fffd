package drawn

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

// sheet is one tile cut to what a picture can show at one level, in units of
// the picture from its north-west corner.
type sheet struct {
	regions []region // areas as the tile gives them
	lines   []region
	labels  []label
	points  int

	mu    sync.Mutex
	cells map[int][]region // areas in cells of a size, made when first asked for
}

// coat is a way of painting.
type coat uint8

const (
	zoneCoat coat = iota
	greenCoat
	builtCoat
	waterCoat
	buildingCoat
	waterwayCoat
	streetCoat
	roadCoat
	railCoat
	townCoat
)

// ink is what one path of the picture is painted with.
type ink struct {
	coat coat
	kind hazard.Kind // of zones
	rank uint8
	town string // whose border it is, where the tile says so
}

// compare orders inks from the first painted to the last: the ground, then
// water, slopes and hatching; within them the worst last.
func (a ink) compare(b ink) int {
	return cmp.Or(cmp.Compare(a.coat, b.coat), cmp.Compare(a.height(), b.height()), cmp.Compare(a.rank, b.rank), cmp.Compare(a.kind, b.kind), cmp.Compare(a.town, b.town))
}

func (a ink) height() int {
	switch {
	case a.kind.Collapse():
		return 2
	case a.kind.Landslide():
		return 1
	}
	return 0
}

// region is everything of a sheet in one ink.
type region struct {
	ink
	points []xy
	parts  []part
}

// xy is a point of a sheet: a tile is at most 4,096 units wide.
type xy struct{ x, y int16 }

// part is one line or ring of a region. Rings do not repeat their first point.
type part struct {
	box        box
	first, end int32 // in region.points
	opens      bool  // the first ring of a feature
}

type box struct{ x0, y0, x1, y1 int32 }

func (b box) meets(c box) bool {
	return b.x0 <= c.x1 && c.x0 <= b.x1 && b.y0 <= c.y1 && c.y0 <= b.y1
}

func (b box) holds(c box) bool {
	return b.x0 <= c.x0 && c.x1 <= b.x1 && b.y0 <= c.y0 && c.y1 <= b.y1
}

// label is a name of a place, or of a river along its line.
type label struct {
	name  string
	place bool // of a layer of places
	at    []xy
}

// newSheet decodes a tile. One that cannot be read is left out: the words of
// the answer do not come from tiles.
func newSheet(key sheetKey, raw []byte) *sheet {
	s := &sheet{}
	tile, err := tiles.Decode(raw)
	if err != nil {
		return s
	}
	size := 256 * unit * math.Exp2(float64(key.level)-float64(key.id.Z))
	regions := map[ink]*region{}
	for _, layer := range tile.Layers {
		scale := size / float64(layer.Extent)
		for _, f := range layer.Features {
			sh := shape{set: key.set, layer: layer.Name, kind: f.Type, attr: f.Attr}
			s.addLabel(sh, f.Parts, scale)
			coat, ok := sh.ink()
			if !ok {
				continue
			}
			if regions[coat] == nil {
				regions[coat] = &region{ink: coat}
			}
			regions[coat].add(f.Type, f.Parts, scale)
		}
	}
	for _, r := range slices.SortedFunc(maps.Values(regions), func(a, b *region) int { return a.compare(b.ink) }) {
		s.points += len(r.points)
		if r.coat.open() {
			s.lines = append(s.lines, *r)
		} else {
			s.regions = append(s.regions, *r)
		}
	}
	return s
}

// open reports whether a coat is of lines.
func (c coat) open() bool { return c >= waterwayCoat }

// add cuts the parts of one feature to what shows.
func (r *region) add(kind tiles.GeomType, parts [][]tiles.XY, scale float64) {
	const fine = 0.7 // units, a third of a pixel
	opens := true
	for _, points := range parts {
		line := make(orb.LineString, 0, len(points)+1)
		for _, at := range points {
			line = append(line, orb.Point{float64(at.X) * scale, float64(at.Y) * scale})
		}
		bound := line.Bound()
		if kind == tiles.Polygons {
			line = append(line, line[0])
		}
		outer := kind == tiles.Polygons && clockwise(points)
		if r.addPart(simplify.DouglasPeucker(fine).LineString(line), bound, kind == tiles.Polygons, outer, opens) {
			opens = false
		}
	}
}

// addPart rounds one line or ring and reports whether anything is left. An
// area too small to be drawn becomes a square of a pixel: nothing vanishes.
func (r *region) addPart(line orb.LineString, bound orb.Bound, closed, outer, opens bool) bool {
	first := len(r.points)
	for _, at := range line {
		p := rounded(at[0], at[1])
		if len(r.points) == first || r.points[len(r.points)-1] != p {
			r.points = append(r.points, p)
		}
	}
	if closed && len(r.points)-first > 1 && r.points[len(r.points)-1] == r.points[first] {
		r.points = r.points[:len(r.points)-1]
	}
	switch flat := len(r.points)-first < 2 || closed && twiceArea(r.points[first:]) == 0; {
	case flat && !outer:
		r.points = r.points[:first]
		return false
	case flat:
		a, b := rounded(math.Floor(bound.Min[0]), math.Floor(bound.Min[1])), rounded(math.Ceil(bound.Max[0]), math.Ceil(bound.Max[1]))
		b = xy{max(a.x+2, b.x), max(a.y+2, b.y)}
		r.points = append(r.points[:first], a, xy{b.x, a.y}, b, xy{a.x, b.y})
	}
	r.parts = append(r.parts, part{box: boxOf(r.points[first:]), first: int32(first), end: int32(len(r.points)), opens: opens})
	return true
}

// rounded returns a point of a sheet. No sound tile reaches the limits.
func rounded(x, y float64) xy {
	const most = 30_000
	whole := func(v float64) int16 { return int16(math.Round(max(-most, min(most, v)))) }
	return xy{whole(x), whole(y)}
}

// twiceArea is twice the area of a ring, positive for the outer ones of a tile.
func twiceArea(ring []xy) int64 {
	var sum int64
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		sum += int64(a.x)*int64(b.y) - int64(b.x)*int64(a.y)
	}
	return sum
}

// clockwise tells the outer rings of a tile from its holes.
func clockwise(ring []tiles.XY) bool {
	var sum int64
	for i, b := range ring {
		a := ring[(i+len(ring)-1)%len(ring)]
		sum += int64(a.X)*int64(b.Y) - int64(b.X)*int64(a.Y)
	}
	return sum > 0
}

func boxOf(points []xy) box {
	b := box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
	for _, p := range points {
		b = box{min(b.x0, int32(p.x)), min(b.y0, int32(p.y)), max(b.x1, int32(p.x)), max(b.y1, int32(p.y))}
	}
	return b
}

func (s *sheet) addLabel(sh shape, parts [][]tiles.XY, scale float64) {
	name := sh.text("name", "name:ja")
	river := sh.kind == tiles.Lines && (sh.layer == "waterway" || sh.layer == "river")
	if name == "" || sh.layer == "poi" || len(parts) == 0 || (sh.kind != tiles.Points && !river) {
		return
	}
	l := label{name: name, place: sh.layer == "place"}
	for _, at := range parts[0] {
		l.at = append(l.at, rounded(float64(at.X)*scale, float64(at.Y)*scale))
	}
	s.labels = append(s.labels, l)
	s.points += len(l.at)
}
