package hazard

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/published"
)

// slowShares asks for the slot of every piece of the plane.
func slowShares(zones []Zone, coverage []Coverage, area orb.MultiPolygon, k Kind, s Scenario) (sums [slots]float64) {
	shapes := []orb.Geometry{area}
	for _, z := range zones {
		shapes = append(shapes, z.Shape)
	}
	for _, c := range coverage {
		shapes = append(shapes, c.Area)
	}
	slowSums(shapes, sums[:], func(x, y float64) int { return slowSlot(zones, coverage, area, k, s, x, y) })
	return sums
}

// slowSums cuts the plane at every height where any two edges meet, and asks
// for the middle of every piece which sum it belongs to. It is right near the
// equator, where the ground is even.
func slowSums(shapes []orb.Geometry, sums []float64, slot func(x, y float64) int) {
	all := newOutline()
	for _, shape := range shapes {
		_ = all.add(shape)
	}
	var levels []float64
	edges := all.segments
	for i, e := range edges {
		levels = append(levels, float64(e.ay), float64(e.by))
		for _, f := range edges[:i] {
			if y, ok := meetingHeight(e, f); ok {
				levels = append(levels, y)
			}
		}
	}
	slices.Sort(levels)
	for i := 1; i < len(levels); i++ {
		low, high := levels[i-1], levels[i]
		if high-low < 1e-9 {
			continue
		}
		middle := (low + high) / 2
		var at [][3]float64
		for _, e := range edges {
			if float64(e.ay) < middle && middle < float64(e.by) {
				x := func(y float64) float64 {
					return float64(e.ax) + (y-float64(e.ay))*float64(e.bx-e.ax)/float64(e.by-e.ay)
				}
				at = append(at, [3]float64{x(middle), x(low), x(high)})
			}
		}
		slices.SortFunc(at, func(p, q [3]float64) int { return int(math.Copysign(1, p[0]-q[0])) })
		for j := 1; j < len(at); j++ {
			if n := slot((at[j-1][0]+at[j][0])/2, middle); n >= 0 {
				sums[n] += (high - low) * ((at[j][1] - at[j-1][1]) + (at[j][2] - at[j-1][2])) / 2
			}
		}
	}
}

func meetingHeight(e, f segment) (float64, bool) {
	ex, ey := float64(e.bx-e.ax), float64(e.by-e.ay)
	fx, fy := float64(f.bx-f.ax), float64(f.by-f.ay)
	d := ex*fy - ey*fx
	if d == 0 {
		return 0, false
	}
	t := (float64(f.ax-e.ax)*fy - float64(f.ay-e.ay)*fx) / d
	return float64(e.ay) + t*ey, t >= 0 && t <= 1
}

func slowSlot(zones []Zone, coverage []Coverage, area orb.MultiPolygon, k Kind, s Scenario, x, y float64) int {
	if !slowInside(area, x, y) {
		return -1
	}
	worst := byte(0)
	for _, z := range zones {
		if shape, ok := z.Shape.(orb.MultiPolygon); ok && z.Kind == k && z.Scenario == s && slowInside(shape, x, y) {
			worst = max(worst, rankNibble(z.Rank))
		}
	}
	switch {
	case worst == 15:
		return slotUndecided
	case worst > 0:
		return int(worst)
	}
	slot := slotNoData
	for _, c := range coverage {
		if c.Kinds.Has(k) && slowInside(c.Area, x, y) {
			if c.Incomplete {
				return slotUndecided
			}
			slot = 0
		}
	}
	return slot
}

// slowInside is even-odd within one polygon, any polygon of several.
func slowInside(m orb.MultiPolygon, x, y float64) bool {
	for _, polygon := range m {
		inside := false
		for _, ring := range polygon {
			for i, a := range ring {
				b := ring[(i+1)%len(ring)]
				ay, by := a[1]*1e7, b[1]*1e7
				if (ay > y) != (by > y) && x < (a[0]+(y-ay)*(b[0]-a[0])/(by-ay))*1e7 {
					inside = !inside
				}
			}
		}
		if inside {
			return true
		}
	}
	return false
}

func TestAreaSharesOnRandomShapes(t *testing.T) {
	for _, points := range []int32{6, 70, 3000} {
		r := rand.New(rand.NewPCG(3, uint64(points)))
		for range 4 {
			origin := geo.E7{Lon: r.Int32N(100), Lat: r.Int32N(100)}
			zones := randomZones(r, origin, points, 1+r.IntN(3))
			if r.IntN(2) == 0 {
				zones[r.IntN(len(zones))].Rank = RankUnknown
				SortZones(zones)
			}
			shape := func() orb.MultiPolygon {
				for _, z := range randomZones(r, geo.E7{Lon: origin.Lon - points/4, Lat: origin.Lat - points/4}, points*3/2, 1) {
					if m, ok := z.Shape.(orb.MultiPolygon); ok {
						return m[:1]
					}
				}
				return nil
			}
			coverage := []Coverage{
				{Kinds: KindSet(0).With(FloodDepth), Area: shape()},
				{Kinds: KindSet(0).With(FloodDepth).With(PondDepth), Area: shape(), Incomplete: true},
			}
			area := shape()
			x, _ := write(t, &Input{Zones: zones, Coverage: coverage})
			compareShares(t, x, zones, coverage, area)
		}
	}
}

func compareShares(t *testing.T, x *Index, zones []Zone, coverage []Coverage, area orb.MultiPolygon) {
	t.Helper()
	got := x.AreaShares(area)
	for _, k := range []Kind{FloodDepth, PondDepth} {
		s := Max
		if k == PondDepth {
			s = NoScenario
		}
		sums := slowShares(zones, coverage, area, k, s)
		total := 0.0
		for _, v := range sums {
			total += v
		}
		if total == 0 {
			if got != nil {
				t.Errorf("AreaShares of an empty area = %v, want none", got)
			}
			return
		}
		i := slices.IndexFunc(got, func(r Range) bool { return r.Kind == k && r.Scenario == s })
		if i < 0 {
			t.Fatalf("AreaShares has no %v %v: %+v", k, s, got)
		}
		have := append(slices.Clone(got[i].Shares), got[i].NoData, got[i].Undecided)
		want := append(slices.Clone(sums[:k.Ranks()+1]), sums[slotNoData], sums[slotUndecided])
		for j := range want {
			if math.Abs(have[j]-want[j]/total) > 1e-6 {
				t.Fatalf("shares of %v are %v, want %v / %v\narea %v\nzones %v\ncoverage %v", k, have, want, total, area, zones, coverage)
			}
		}
	}
}

// towns returns the squares of ground nearest to each town of Isesaki.
func towns(t testing.TB) []Place {
	t.Helper()
	b, err := os.ReadFile(published.Path(t, "addresses/geolonia_isesaki.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file []struct {
		Town     string
		Lng, Lat float64
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	var places []Place
	for i, at := range file {
		ring := orb.Ring{{139.08, 36.23}, {139.32, 36.23}, {139.32, 36.45}, {139.08, 36.45}}
		for j, other := range file {
			if i != j {
				ring = nearer(ring, orb.Point{at.Lng, at.Lat}, orb.Point{other.Lng, other.Lat})
			}
		}
		if len(ring) > 0 {
			places = append(places, Place{ID: fmt.Sprint(i, at.Town), Area: orb.MultiPolygon{{append(ring, ring[0])}}})
		}
	}
	return places
}

// nearer cuts a convex ring to the points nearer to p than to q.
func nearer(ring orb.Ring, p, q orb.Point) orb.Ring {
	side := func(at orb.Point) float64 {
		return (at[0]-(p[0]+q[0])/2)*(q[0]-p[0]) + (at[1]-(p[1]+q[1])/2)*(q[1]-p[1])
	}
	var cut orb.Ring
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		u, v := side(a), side(b)
		if u <= 0 {
			cut = append(cut, a)
		}
		if (u < 0) != (v < 0) && u != v {
			cut = append(cut, orb.Point{a[0] + (b[0]-a[0])*u/(u-v), a[1] + (b[1]-a[1])*u/(u-v)})
		}
	}
	return cut
}

// TestAreaSharesOnIsesaki compares the shares of every town with points
// strewn over it.
func TestAreaSharesOnIsesaki(t *testing.T) {
	in, x := isesakiIndex(t)
	r := rand.New(rand.NewPCG(5, 6))
	for i, place := range towns(t) {
		if i%6 > 0 {
			continue
		}
		ranges := x.AreaShares(place.Area)
		strewn, inside := [2][slots]float64{}, 0.0
		b := place.Area.Bound()
		for inside < 1000 {
			at := geo.Point{Lon: b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), Lat: b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}.E7()
			if !slowInside(place.Area, float64(at.Lon), float64(at.Lat)) {
				continue
			}
			inside++
			slot := [2]int{slotNoData, slotNoData}
			if x.InArea(at) {
				slot = [2]int{}
			}
			for _, h := range x.At(nil, at) {
				z := x.Zone(h.Zone)
				if i := z.Scenario - Max; slot[i] == slotNoData || int(z.Rank) > slot[i] {
					slot[i] = int(z.Rank)
				}
			}
			strewn[0][slot[0]]++
			strewn[1][slot[1]]++
		}
		for _, got := range ranges {
			if got.Kind != FloodDepth {
				continue
			}
			have := append(slices.Clone(got.Shares), 0, got.NoData, got.Undecided)
			sum := 0.0
			for slot, v := range have {
				sum += v
				want := strewn[got.Scenario-Max][slot] / inside
				if sigma := math.Sqrt(v * (1 - v) / inside); math.Abs(v-want) > 5*sigma+0.002 {
					t.Errorf("%s, %v: share of slot %d is %v, %v of the points lie there", place.ID, got.Scenario, slot, v, want)
				}
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%s: shares add up to %v", place.ID, sum)
			}
		}
	}
	// 139.44 km2 is the published area of the city.
	ranges, ground := x.AreaTable(in.Area.Boundary)
	if math.Abs(ground/139.44e6-1) > 0.005 || ranges[0].NoData != 0 {
		t.Errorf("the city has %v m2, want about 139.44 km2; %+v", ground, ranges[0])
	}
}

func BenchmarkAreaTableOfTowns(b *testing.B) {
	_, x := isesakiIndex(b)
	places := towns(b)
	b.ResetTimer()
	for range b.N {
		for _, place := range places {
			x.AreaTable(place.Area)
		}
	}
}
