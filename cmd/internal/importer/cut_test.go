package importer

import (
	"math"
	"math/rand/v2"
	"testing"

	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

var town = orb.MultiPolygon{{{{139.0, 36.0}, {139.1, 36.0}, {139.1, 36.05}, {139.05, 36.05}, {139.05, 36.1}, {139.0, 36.1}, {139.0, 36.0}}}}

// odd reports by even-odd whether a ring holds a point.
func odd(ring orb.Ring, p orb.Point) bool {
	inside := false
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(b[0]-a[0])*(p[1]-a[1])/(b[1]-a[1]) {
			inside = !inside
		}
	}
	return inside
}

func oddIn(shape orb.MultiPolygon, p orb.Point) bool {
	for _, polygon := range shape {
		inside := false
		for _, ring := range polygon {
			inside = inside != odd(ring, p)
		}
		if inside {
			return true
		}
	}
	return false
}

// wild draws a ring that crosses itself and the area in every way.
func wild(r *rand.Rand) orb.Ring {
	var ring orb.Ring
	reach := []float64{0.05, 0.3, 2}[r.IntN(3)]
	for range 3 + r.IntN(30) {
		ring = append(ring, orb.Point{139.05 + reach*r.NormFloat64(), 36.05 + reach*r.NormFloat64()})
	}
	return append(ring, ring[0])
}

func TestCutKeepsTheInsideExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := newNeighbourhood(town)
	c := newCutter(n)
	cuts, shorter := 0, 0
	for range 3000 {
		shape := orb.MultiPolygon{{wild(r), wild(r)}, {wild(r)}}
		zone := hazard.Zone{Shape: shape}
		if c.cut(&zone) {
			cuts++
		}
		got := zone.Shape.(orb.MultiPolygon)
		if b := got.Bound(); len(got) > 0 && b != shape.Bound() {
			shorter++
		}
		for range 20 {
			p := orb.Point{n.box.Min[0] + r.Float64()*(n.box.Max[0]-n.box.Min[0]), n.box.Min[1] + r.Float64()*(n.box.Max[1]-n.box.Min[1])}
			if oddIn(got, p) != oddIn(shape, p) {
				t.Fatalf("cut(%v) changes %v to %v\n%v", shape, p, oddIn(got, p), got)
			}
		}
	}
	if cuts == 0 || shorter == 0 {
		t.Errorf("%d of 3000 zones were cut, %d became shorter", cuts, shorter)
	}
}

func TestCutLeavesSmallZonesAlone(t *testing.T) {
	c := newCutter(newNeighbourhood(town))
	shape := orb.MultiPolygon{{{{139.01, 36.01}, {139.02, 36.01}, {139.02, 36.02}, {139.01, 36.01}}}}
	zone := hazard.Zone{Shape: shape}
	if c.cut(&zone) || zone.Flags != 0 || !zone.Shape.(orb.MultiPolygon).Equal(shape) {
		t.Errorf("cut of a zone within the frame changed it: %+v", zone)
	}
}

func TestCutShortensAZoneThatSurroundsAll(t *testing.T) {
	c := newCutter(newNeighbourhood(town))
	zone := hazard.Zone{Shape: orb.MultiPolygon{{{{130, 30}, {150, 30}, {150, 45}, {130, 45}, {130, 30}}}}}
	if !c.cut(&zone) || zone.Flags&hazard.Clipped == 0 {
		t.Fatal("a zone over all of Japan was not cut")
	}
	if got := zone.Shape.Bound(); got != c.frame {
		t.Errorf("what is left spans %v, want the frame %v", got, c.frame)
	}
}

func TestNeighbourhood(t *testing.T) {
	n := newNeighbourhood(town)
	_, perLon := metresPerDegree(town.Bound())
	perLat, _ := metresPerDegree(town.Bound())
	dot := func(lon, lat float64) orb.Bound { return orb.Bound{Min: orb.Point{lon, lat}, Max: orb.Point{lon, lat}} }
	tests := []struct {
		name string
		box  orb.Bound
		want bool
	}{
		{"in the middle", dot(139.02, 36.02), true},
		{"999 m west", dot(139.0-999/perLon, 36.05), true},
		{"999 m north of the low part", dot(139.08, 36.05+999/perLat), true},
		{"4 km away in the bay of the border", dot(139.1, 36.09), false},
		{"2 km east", dot(139.1+2000/perLon, 36.02), false},
		{"over everything", orb.Bound{Min: orb.Point{100, 0}, Max: orb.Point{179, 80}}, true},
		{"touching the corner", orb.Bound{Min: orb.Point{139.1, 36.0}, Max: orb.Point{140, 37}}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := n.holds(tt.box); got != tt.want {
				t.Errorf("holds(%v) = %v, want %v", tt.box, got, tt.want)
			}
		})
	}
}

// TestNeighbourhoodNeverTooSmall: whatever lies within the margin is held.
func TestNeighbourhoodNeverTooSmall(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	n := newNeighbourhood(town)
	perLat, perLon := metresPerDegree(town.Bound())
	ring := town[0][0]
	for range 20000 {
		i := 1 + r.IntN(len(ring)-1)
		u, angle, d := r.Float64(), r.Float64()*2*math.Pi, r.Float64()*float64(margin)
		p := orb.Point{
			ring[i-1][0] + u*(ring[i][0]-ring[i-1][0]) + d*math.Cos(angle)/perLon,
			ring[i-1][1] + u*(ring[i][1]-ring[i-1][1]) + d*math.Sin(angle)/perLat,
		}
		if !n.holds(orb.Bound{Min: p, Max: p}) {
			t.Fatalf("%v lies %.0f m from the border and is not held", p, d)
		}
	}
}
