package hazard

import (
	"bytes"
	"compress/gzip"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/xy"
	"github.com/twpayne/go-geom/xy/location"
	"github.com/twpayne/go-geom/xy/orientation"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
)

// write returns the index of an input as bytes and opened.
func write(t testing.TB, in *Input) (*Index, []byte) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteIndex(context.Background(), &b, in); err != nil {
		t.Fatal(err)
	}
	x, err := OpenIndex(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Verify(); err != nil {
		t.Fatal(err)
	}
	return x, b.Bytes()
}

// isesakiFiles are the two published scenarios, the area and its boundary.
var isesaki struct {
	read, written sync.Once
	in            Input
	x             *Index
}

// isesakiIndex returns the real zones with their index.
func isesakiIndex(t testing.TB) (*Input, *Index) {
	t.Helper()
	in := isesakiInput(t)
	isesaki.written.Do(func() { isesaki.x, _ = write(t, in) })
	return in, isesaki.x
}

// isesakiInput returns the real zones of Isesaki with coverage of its boundary.
func isesakiInput(t testing.TB) *Input {
	t.Helper()
	plan := published.Path(t, "flood/A31b-20-23_10_10204.geojson.gz")
	worst := published.Path(t, "flood/A31b-20-23_20_10204.geojson.gz")
	border := published.Path(t, "boundaries/N03-2020_10204_isesaki.geojson")
	isesaki.read.Do(func() {
		in := &isesaki.in
		in.DatasetID, in.Sources = "isesaki-test", []Source{{Title: "test"}}
		for path, scenario := range map[string]Scenario{plan: Plan, worst: Max} {
			for _, f := range readFeatures(t, path) {
				rank, _ := f.Attr.Int("A31b_201")
				in.Zones = append(in.Zones, Zone{Kind: FloodDepth, Scenario: scenario, Rank: uint8(rank), Shape: polygons(f.Geometry)})
			}
		}
		SortZones(in.Zones)
		in.Area = Area{Code: "10204", Name: "伊勢崎市", Boundary: polygons(readFeatures(t, border)[0].Geometry)}
		in.Coverage = []Coverage{{Kinds: KindSet(0).With(FloodDepth), Area: in.Area.Boundary}}
	})
	return &isesaki.in
}

func polygons(g orb.Geometry) orb.MultiPolygon {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}
	case orb.MultiPolygon:
		return g
	}
	return nil
}

func readFeatures(t testing.TB, path string) []geo.Feature {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
		b = plain.Bytes()
	}
	r, err := geojson.Read(bytes.NewReader(b), path)
	if err != nil {
		t.Fatal(err)
	}
	var list []geo.Feature
	for f, err := range r.Features() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

// twin is the slow, obvious look-up: every polygon whose box holds the point is
// asked by the robust predicates of go-geom.
type twin struct {
	parts []twinPart
	near  map[[2]int32][]int // parts whose box meets a square of 2^twinShift
}

const twinShift = 15

type twinPart struct {
	zone uint32
	box
	rings []twinRing
}

type twinRing struct {
	box
	flat  []float64
	bands map[int32][][]float64 // of large rings: the edges that reach into a band of latitudes
}

const bandShift = 12

// cut sorts the edges of a large ring into bands.
func (r *twinRing) cut() {
	if len(r.flat) < 400 {
		return
	}
	r.bands = map[int32][][]float64{}
	for i := 2; i < len(r.flat); i += 2 {
		e := r.flat[i-2 : i+2]
		for band := int32(min(e[1], e[3])) >> bandShift; band <= int32(max(e[1], e[3]))>>bandShift; band++ {
			r.bands[band] = append(r.bands[band], e)
		}
	}
}

// locate asks go-geom about the ring, or about each edge of a large ring.
func (r *twinRing) locate(at geo.E7) location.Type {
	p := geom.Coord{float64(at.Lon), float64(at.Lat)}
	if r.bands == nil {
		return xy.LocatePointInRing(geom.XY, p, r.flat)
	}
	where := location.Exterior
	for _, e := range r.bands[at.Lat>>bandShift] {
		a, b := geom.Coord(e[:2]), geom.Coord(e[2:])
		if a[1] > b[1] {
			a, b = b, a
		}
		if p[1] < a[1] || p[1] > b[1] || p[0] > max(a[0], b[0]) {
			continue
		}
		side := xy.OrientationIndex(a, b, p)
		if side == orientation.Collinear && p[0] >= min(a[0], b[0]) {
			return location.Boundary
		}
		if p[1] < b[1] && side == orientation.CounterClockwise {
			where = location.Interior + location.Exterior - where
		}
	}
	return where
}

type box struct{ low, high geo.E7 }

func noBox() box {
	return box{geo.E7{Lon: math.MaxInt32, Lat: math.MaxInt32}, geo.E7{Lon: math.MinInt32, Lat: math.MinInt32}}
}

func (b *box) add(p geo.E7) {
	b.low = geo.E7{Lon: min(b.low.Lon, p.Lon), Lat: min(b.low.Lat, p.Lat)}
	b.high = geo.E7{Lon: max(b.high.Lon, p.Lon), Lat: max(b.high.Lat, p.Lat)}
}

func (b box) holds(p geo.E7) bool {
	return b.low.Lon <= p.Lon && p.Lon <= b.high.Lon && b.low.Lat <= p.Lat && p.Lat <= b.high.Lat
}

func newTwin(zones []Zone) *twin {
	w := &twin{near: map[[2]int32][]int{}}
	for i, z := range zones {
		shape, ok := z.Shape.(orb.MultiPolygon)
		if !ok {
			continue
		}
		for _, polygon := range shape {
			p := newTwinPart(uint32(i), polygon)
			for column := p.low.Lon >> twinShift; column <= p.high.Lon>>twinShift; column++ {
				for row := p.low.Lat >> twinShift; row <= p.high.Lat>>twinShift; row++ {
					square := [2]int32{column, row}
					w.near[square] = append(w.near[square], len(w.parts))
				}
			}
			w.parts = append(w.parts, p)
		}
	}
	return w
}

func newTwinPart(zone uint32, polygon orb.Polygon) twinPart {
	p := twinPart{zone: zone, box: noBox()}
	for _, ring := range polygon {
		r := twinRing{box: noBox()}
		for _, at := range ring {
			e := geo.Point{Lon: at[0], Lat: at[1]}.E7()
			r.flat = append(r.flat, float64(e.Lon), float64(e.Lat))
			r.add(e)
			p.add(e)
		}
		if n := len(r.flat); n == 2 || n > 0 && (r.flat[0] != r.flat[n-2] || r.flat[1] != r.flat[n-1]) {
			r.flat = append(r.flat, r.flat[0], r.flat[1])
		}
		r.cut()
		p.rings = append(p.rings, r)
	}
	return p
}

func (p *twinPart) locate(at geo.E7) (inside, edge bool) {
	for i := range p.rings {
		if !p.rings[i].holds(at) {
			continue
		}
		switch p.rings[i].locate(at) {
		case location.Boundary:
			return false, true
		case location.Interior:
			inside = !inside
		}
	}
	return inside, false
}

func (w *twin) at(at geo.E7) []Hit {
	var near []twinPart
	for _, i := range w.near[[2]int32{at.Lon >> twinShift, at.Lat >> twinShift}] {
		if w.parts[i].holds(at) {
			near = append(near, w.parts[i])
		}
	}
	return (&twin{parts: near}).all(at)
}

// all asks every part.
func (w *twin) all(at geo.E7) []Hit {
	var hits []Hit
	for i := range w.parts {
		p := &w.parts[i]
		if !p.holds(at) {
			continue
		}
		inside, edge := p.locate(at)
		if !inside && !edge {
			continue
		}
		if n := len(hits); n > 0 && hits[n-1].Zone == p.zone {
			hits[n-1].Edge = hits[n-1].Edge && edge
		} else {
			hits = append(hits, Hit{p.zone, edge})
		}
	}
	return hits
}

// hostile returns points within bounds, many of them on vertices, on lattice
// points that lie on edges, and beside cell borders.
func hostile(r *rand.Rand, zones []Zone, x *Index, n int) []geo.E7 {
	var rings []orb.Ring
	for _, z := range zones {
		if shape, ok := z.Shape.(orb.MultiPolygon); ok {
			for _, polygon := range shape {
				rings = append(rings, polygon...)
			}
		}
	}
	g := x.header.zoneGrid
	wide, high := int64(g.cols)<<g.shift, int64(g.rows)<<g.shift
	points := make([]geo.E7, 0, n)
	for len(points) < n {
		p := geo.E7{Lon: g.x0 + int32(r.Int64N(wide)), Lat: g.y0 + int32(r.Int64N(high))}
		switch len(points) % 10 {
		case 0, 1: // a vertex, or a lattice point on an edge
			ring := rings[r.IntN(len(rings))]
			i := r.IntN(len(ring))
			p = geo.Point{Lon: ring[i][0], Lat: ring[i][1]}.E7()
			if len(points)%10 == 1 {
				next := ring[(i+1)%len(ring)]
				p = onEdge(r, p, geo.Point{Lon: next[0], Lat: next[1]}.E7())
			}
		case 2: // beside a border
			p.Lon = p.Lon&^15 - int32(r.IntN(2)) + g.x0&15
		}
		points = append(points, p)
	}
	return points
}

// onEdge returns a lattice point of the edge from p to q.
func onEdge(r *rand.Rand, p, q geo.E7) geo.E7 {
	dx, dy := q.Lon-p.Lon, q.Lat-p.Lat
	a, b := max(dx, -dx), max(dy, -dy)
	for b != 0 {
		a, b = b, a%b
	}
	if a == 0 {
		return p
	}
	k := r.Int32N(a + 1)
	return geo.E7{Lon: p.Lon + dx/a*k, Lat: p.Lat + dy/a*k}
}

func TestAtOnIsesaki(t *testing.T) {
	in, x := isesakiIndex(t)
	w := newTwin(in.Zones)
	points := hostile(rand.New(rand.NewPCG(1, 2)), in.Zones, x, 100_000)
	edges := 0
	for i, p := range points {
		got, want := x.At(nil, p), w.at(p)
		if !slices.Equal(got, want) {
			t.Fatalf("point %d: At(%v) = %v, want %v", i, p, got, want)
		}
		if slices.ContainsFunc(want, func(h Hit) bool { return h.Edge }) {
			edges++
		}
	}
	t.Logf("%d of %d points on edges", edges, len(points))
}
