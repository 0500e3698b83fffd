package hazard

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// slowNear is the worst rank among the zones that hold the point and those of
// which any edge lies within the distance, by asking every edge.
func slowNear(zones, inside []Zone, m metric, k Kind, s Scenario, within float64) uint8 {
	worst := uint8(0)
	for _, z := range inside {
		if z.Kind == k && z.Scenario == s {
			worst = max(worst, z.Rank)
		}
	}
	for _, z := range zones {
		if z.Kind == k && z.Scenario == s && z.Flags&LineOnly == 0 && z.Rank > worst && slowDistance(z.Shape, m) <= within {
			worst = z.Rank
		}
	}
	return worst
}

// slowDistance is the distance to the nearest edge of a shape.
func slowDistance(shape orb.Geometry, m metric) float64 {
	o := newOutline()
	if err := o.add(shape); err != nil {
		return math.Inf(1)
	}
	least := math.Inf(1)
	for _, e := range o.segments {
		least = min(least, math.Sqrt(m.toSegment(e)))
	}
	return least
}

func TestNearOnIsesaki(t *testing.T) {
	in, x := isesakiIndex(t)
	var bounds []orb.Bound
	for _, z := range in.Zones {
		bounds = append(bounds, z.Shape.Bound())
	}
	r := rand.New(rand.NewPCG(21, 22))
	found := 0
	for _, p := range hostile(r, in.Zones, x, 30) {
		m := newMetric(p)
		var near []Zone // whose box is not too far
		reach := 0.003
		box := orb.Bound{
			Min: orb.Point{p.Point().Lon - reach, p.Point().Lat - reach},
			Max: orb.Point{p.Point().Lon + reach, p.Point().Lat + reach},
		}
		for i, z := range in.Zones {
			if bounds[i].Intersects(box) {
				near = append(near, z)
			}
		}
		var inside []Zone
		for _, h := range x.At(nil, p) {
			inside = append(inside, in.Zones[h.Zone])
		}
		for _, s := range []Scenario{Max, Plan} {
			for _, within := range []geo.Metres{0, 7, 100, 200} {
				got, want := x.Near(p, FloodDepth, s, within), slowNear(near, inside, m, FloodDepth, s, float64(within))
				if got != want {
					t.Errorf("Near(%v, %v, %v) = %d, want %d", p.Point(), s, within, got, want)
				}
				found += int(want)
			}
		}
	}
	if found == 0 {
		t.Error("no point is near any zone")
	}
}

func TestNearOnRandomShapes(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for range 30 {
		const points = 40_000 // 450 m
		zones := randomZones(r, geo.E7{Lon: 1390000000, Lat: 360000000}, points, 12)
		x, _ := write(t, &Input{Zones: zones})
		w := newTwin(zones)
		for range 40 {
			p := geo.E7{Lon: 1390000000 + r.Int32N(points*2) - points/2, Lat: 360000000 + r.Int32N(points*2) - points/2}
			m := newMetric(p)
			var inside []Zone
			for _, h := range w.all(p) {
				inside = append(inside, zones[h.Zone])
			}
			for _, within := range []geo.Metres{0, 30, 100, 200} {
				if got, want := x.Near(p, FloodDepth, Max, within), slowNear(zones, inside, m, FloodDepth, Max, float64(within)); got != want {
					t.Fatalf("Near(%v, %v) = %d, want %d", p, within, got, want)
				}
				least := math.Inf(1)
				for _, z := range zones {
					if z.Flags&LineOnly != 0 {
						least = min(least, slowDistance(z.Shape, m))
					}
				}
				got, ok := x.LineWithin(p, LandslideDebris, within)
				if want := least <= float64(within); ok != want || ok && math.Abs(float64(got)-least) > 1e-9 {
					t.Fatalf("LineWithin(%v, %v) = %v, %v, want %v, %v", p, within, got, ok, least, want)
				}
			}
		}
	}
}

// TestMetricIsTheGround compares the plane around a point with the great
// circle, whose sphere is up to 0.4 % off the ellipsoid.
func TestMetricIsTheGround(t *testing.T) {
	at := geo.Point{Lon: 139.2, Lat: 36.3}
	for _, to := range []geo.Point{{Lon: 139.2, Lat: 36.302}, {Lon: 139.203, Lat: 36.3}, {Lon: 139.198, Lat: 36.299}} {
		e := to.E7()
		got := math.Sqrt(newMetric(at.E7()).toSegment(segment{e.Lon, e.Lat, e.Lon, e.Lat}))
		if want := float64(at.Distance(to)); math.Abs(got/want-1) > 0.004 {
			t.Errorf("distance from %v to %v = %v, great circle %v", at, to, got, want)
		}
	}
	// GSI's tables: at 36 degrees a second of latitude is 30.82 m, of longitude 25.05 m.
	x, y := groundScale(36e7)
	if lat, lon := y*1e7/3600, x*1e7/3600; math.Abs(lat-30.82) > 0.01 || math.Abs(lon-25.05) > 0.01 {
		t.Errorf("a second is %v m of latitude, %v m of longitude", lat, lon)
	}
}

func TestBatchSaysWhatAtSays(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	zones := randomZones(r, geo.E7{Lon: 1390000000, Lat: 360000000}, 20_000, 200)
	x, _ := write(t, &Input{Zones: zones})
	points := hostile(r, zones, x, 5_000)
	points = append(points, geo.E7{}, geo.E7{Lon: math.MinInt32, Lat: math.MaxInt32})
	asked := make([]int, len(points))
	var buf []Hit
	x.batch(points, 1999, func(i int, hits []Hit) {
		asked[i]++
		if buf = x.At(buf[:0], points[i]); !slices.Equal(buf, hits) {
			t.Errorf("Batch says %v of %v, At %v", hits, points[i], buf)
		}
	})
	for i, n := range asked {
		if n != 1 {
			t.Fatalf("point %d was answered %d times", i, n)
		}
	}
	x.Batch(nil, func(int, []Hit) { t.Error("nothing was asked") })
}
