package hazard

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// randomArea returns one or more polygons with holes, whose rings touch and
// cross themselves and each other.
func randomArea(r *rand.Rand, origin geo.E7, points int32) orb.MultiPolygon {
	for _, z := range randomZones(r, origin, points, 1) {
		if m, ok := z.Shape.(orb.MultiPolygon); ok {
			return m
		}
	}
	return nil
}

// scribble returns one ring of many corners that crosses itself everywhere.
func scribble(r *rand.Rand, origin geo.E7, points int32, corners int) orb.MultiPolygon {
	var ring orb.Ring
	for range corners {
		p := geo.E7{Lon: origin.Lon + r.Int32N(points), Lat: origin.Lat + r.Int32N(points)}.Point()
		ring = append(ring, orb.Point{p.Lon, p.Lat})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

func randomCoverage(r *rand.Rand, origin geo.E7, points int32) []Coverage {
	return []Coverage{
		{Kinds: KindSet(0).With(FloodDepth), Area: randomArea(r, origin, points)},
		{Kinds: KindSet(0).With(FloodDepth).With(PondDepth), Area: randomArea(r, origin, points), Incomplete: true},
	}
}

// TestMeasureOfScribbles asks for areas of so many edges that cells must be
// divided for them.
func TestMeasureOfScribbles(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, corners := range []int{70, 85} {
		origin := geo.E7{Lon: 20, Lat: 30}
		zones, coverage := randomZones(r, origin, 900, 2), randomCoverage(r, origin, 900)
		x, _ := write(t, &Input{Zones: zones, Coverage: coverage})
		compareShares(t, x, zones, coverage, scribble(r, origin, 1000, corners))
	}
}

// TestMeasureWithin compares the ground that two areas have in common.
func TestMeasureWithin(t *testing.T) {
	for _, points := range []int32{6, 70, 3000} {
		r := rand.New(rand.NewPCG(5, uint64(points)))
		for range 5 {
			origin := geo.E7{Lon: r.Int32N(100), Lat: r.Int32N(100)}
			zones, coverage := randomZones(r, origin, points, 2), randomCoverage(r, origin, points)
			area, within := randomArea(r, origin, points), randomArea(r, origin, points)
			x, _ := write(t, &Input{Zones: zones, Coverage: coverage})
			got, _, err := x.Measure(context.Background(), area, within)
			if err != nil {
				t.Fatal(err)
			}
			shapes := []orb.Geometry{area, within, coverage[0].Area, coverage[1].Area}
			for _, z := range zones {
				shapes = append(shapes, z.Shape)
			}
			var sums [slots]float64
			slowSums(shapes, sums[:], func(x, y float64) int {
				if !slowInside(within, x, y) {
					return -1
				}
				return slowSlot(zones, coverage, area, FloodDepth, Max, x, y)
			})
			compareRange(t, got, sums)
		}
	}
}

func compareRange(t *testing.T, got []Range, sums [slots]float64) {
	t.Helper()
	total := 0.0
	for _, v := range sums {
		total += v
	}
	if total == 0 {
		if got != nil {
			t.Errorf("shares %v where there is no ground", got)
		}
		return
	}
	i := slices.IndexFunc(got, func(r Range) bool { return r.Kind == FloodDepth && r.Scenario == Max })
	if i < 0 {
		t.Fatalf("no shares of %v m2", total)
	}
	for rank, v := range got[i].Shares {
		if math.Abs(v-sums[rank]/total) > 1e-6 {
			t.Fatalf("shares %+v, want %v / %v", got[i], sums, total)
		}
	}
	if math.Abs(got[i].NoData-sums[slotNoData]/total) > 1e-6 || math.Abs(got[i].Undecided-sums[slotUndecided]/total) > 1e-6 {
		t.Fatalf("shares %+v, want %v / %v", got[i], sums, total)
	}
}

// slowGround adds up thin level strips of an area, each as wide as the area is
// in its middle, on the ellipsoid.
func slowGround(area orb.MultiPolygon) float64 {
	box := geo.Bound(area)
	low, high := box.Min[1]*1e7, box.Max[1]*1e7
	const strips = 20_000
	step := (high - low) / strips
	sum := 0.0
	for i := range strips {
		y := low + (float64(i)+0.5)*step
		var xs []float64
		for _, polygon := range area {
			for _, ring := range polygon {
				for j, a := range ring {
					b := ring[(j+1)%len(ring)]
					ay, by := a[1]*1e7, b[1]*1e7
					if (ay > y) != (by > y) {
						xs = append(xs, (a[0]+(y-ay)*(b[0]-a[0])/(by-ay))*1e7)
					}
				}
			}
		}
		slices.Sort(xs)
		sx, sy := groundScale(y)
		for j := 1; j < len(xs); j++ {
			if slowInside(area, (xs[j-1]+xs[j])/2, y) {
				sum += (xs[j] - xs[j-1]) * sx * step * sy
			}
		}
	}
	return sum
}

// TestClassesAddUpToTheArea holds for every kind and every area: the ground in
// the classes, outside, without data and undecided is the ground of the area.
func TestClassesAddUpToTheArea(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const points = 600_000 // 0.06 degree
	origin := geo.E7{Lon: 1391800000, Lat: 363000000}
	zones, coverage := randomZones(r, origin, points, 12), randomCoverage(r, origin, points)
	x, _ := write(t, &Input{Zones: zones, Coverage: coverage})
	areas := []orb.MultiPolygon{
		{{{{139.15, 36.28}, {139.30, 36.28}, {139.30, 36.40}, {139.15, 36.40}, {139.15, 36.28}}}},                                                                            // beyond everything
		{{{{139.19, 36.31}, {139.21, 36.31}, {139.21, 36.33}, {139.19, 36.33}, {139.19, 36.31}}, {{139.195, 36.315}, {139.2, 36.32}, {139.195, 36.325}, {139.195, 36.315}}}}, // a hole
		{{{{139.19, 36.31}, {139.2, 36.32}, {139.19, 36.33}, {139.21, 36.33}, {139.2, 36.32}, {139.21, 36.31}, {139.19, 36.31}}}},                                            // touches itself
		scribble(r, origin, points, 100),
	}
	for range 4 {
		areas = append(areas, randomArea(r, origin, points))
	}
	for _, area := range areas {
		ranges, ground := x.AreaTable(area)
		want := slowGround(area)
		if math.Abs(ground-want) > 2e-4*want+1 {
			t.Errorf("ground of %v is %v m2, want %v", area, ground, want)
		}
		for _, got := range ranges {
			sum := got.NoData + got.Undecided
			for _, v := range got.Shares {
				sum += v
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%v %v: shares add up to %v", got.Kind, got.Scenario, sum)
			}
		}
	}
}

func TestMeasureStops(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	_, x := demoIndexes(t)
	tangle := scribble(r, geo.E7{Lon: 1390000000, Lat: 360000000}, 40, 20_000)
	begin := time.Now()
	if _, _, err := x.Measure(context.Background(), tangle, nil); !errors.Is(err, ErrTangled) {
		t.Errorf("Measure of a tangle: %v after %v, want %v", err, time.Since(begin), ErrTangled)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := x.Measure(ctx, orb.MultiPolygon{{{{139, 36}, {139.1, 36}, {139.1, 36.1}, {139, 36}}}}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Measure when canceled: %v", err)
	}
}

// demoIndexes returns a small index without a meaning of its own.
func demoIndexes(t *testing.T) (*Input, *Index) {
	in := &Input{
		Zones:    []Zone{{Kind: FloodDepth, Scenario: Plan, Rank: 2, Shape: orb.MultiPolygon{{{{139, 36}, {139.01, 36}, {139.01, 36.01}, {139, 36}}}}}},
		Coverage: []Coverage{{Kinds: KindSet(0).With(FloodDepth), Area: orb.MultiPolygon{{{{139, 36}, {139.02, 36}, {139.02, 36.02}, {139, 36.02}, {139, 36}}}}}},
	}
	x, _ := write(t, in)
	return in, x
}

// TestPlanOnly: where only the smaller flood was published, the ground outside
// it is not outside the larger one.
func TestPlanOnly(t *testing.T) {
	in, x := demoIndexes(t)
	for _, r := range x.AreaShares(in.Coverage[0].Area) {
		switch {
		case r.Kind != FloodDepth:
		case r.Scenario == Max && r.NoData != 1:
			t.Errorf("the larger flood, never published: %+v, want no data", r)
		case r.Scenario == Plan && (r.NoData != 0 || r.Shares[0] < 0.5):
			t.Errorf("the smaller flood: %+v", r)
		}
	}
}

// TestCountIsFindings asks for many positions together and one by one.
func TestCountIsFindings(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for _, points := range []int32{15, 3000, 200_000} {
		origin := geo.E7{Lon: 1391800000, Lat: 363000000}
		zones, coverage := randomZones(r, origin, points, 30), randomCoverage(r, origin, points)
		coverage[0].Kinds = coverage[0].Kinds.With(LandslideDebris)
		zones[r.IntN(len(zones))].Rank = RankUnknown
		SortZones(zones)
		x, _ := write(t, &Input{Zones: zones, Coverage: coverage})
		var at []geo.E7
		var weights []float64
		for range 300 {
			at = append(at, geo.E7{Lon: origin.Lon + r.Int32N(points), Lat: origin.Lat + r.Int32N(points)})
			weights = append(weights, float64(r.IntN(5)))
		}
		for _, got := range x.Count(at, weights) {
			want := Count{Kind: got.Kind, Scenario: got.Scenario, Ranks: make([]float64, len(got.Ranks))}
			for i, p := range at {
				findings := x.Findings(p)
				n := slices.IndexFunc(findings, func(f Finding) bool { return f.Kind == got.Kind && f.Scenario == got.Scenario })
				if n < 0 {
					t.Fatalf("%v %v is counted and never answered", got.Kind, got.Scenario)
				}
				switch f := findings[n]; {
				case f.Status == Undecided || f.Rank == RankUnknown:
					want.Undecided += weights[i]
				case f.Status == NoData:
					want.NoData += weights[i]
				default:
					want.Ranks[f.Rank] += weights[i]
				}
			}
			if !slices.Equal(got.Ranks, want.Ranks) || got.NoData != want.NoData || got.Undecided != want.Undecided {
				t.Errorf("Count = %+v, want %+v", got, want)
			}
		}
	}
}

// TestCompare lays random editions over each other and asks for every piece of
// the plane what it was and what it is.
func TestCompare(t *testing.T) {
	for _, points := range []int32{6, 70, 3000} {
		r := rand.New(rand.NewPCG(21, uint64(points)))
		for range 4 {
			origin := geo.E7{Lon: r.Int32N(100), Lat: r.Int32N(100)}
			before := &Input{Zones: randomZones(r, origin, points, 2), Coverage: randomCoverage(r, origin, points)}
			after := &Input{Zones: append(randomZones(r, origin, points, 1), before.Zones[0]), Coverage: slices.Clone(before.Coverage)}
			if r.IntN(2) == 0 {
				after.Coverage[0].Area = randomArea(r, origin, points)
			}
			SortZones(after.Zones)
			compareEditions(t, before, after, randomArea(r, origin, points))
		}
	}
}

func compareEditions(t *testing.T, before, after *Input, area orb.MultiPolygon) {
	t.Helper()
	x, _ := write(t, before)
	y, _ := write(t, after)
	c, err := Compare(Edition{x, before}, Edition{y, after})
	if err != nil {
		t.Fatal(err)
	}
	list, err := c.Over(context.Background(), area)
	if err != nil {
		t.Fatal(err)
	}
	shapes := []orb.Geometry{area}
	for _, in := range []*Input{before, after} {
		for _, z := range in.Zones {
			shapes = append(shapes, z.Shape)
		}
		for _, c := range in.Coverage {
			shapes = append(shapes, c.Area)
		}
	}
	var sums [slots * slots]float64
	slowSums(shapes, sums[:], func(x, y float64) int {
		from := slowSlot(before.Zones, before.Coverage, area, FloodDepth, Max, x, y)
		if from < 0 {
			return -1
		}
		return from*slots + slowSlot(after.Zones, after.Coverage, area, FloodDepth, Max, x, y)
	})
	want, ok := (&comparedTopic{kind: FloodDepth, scenario: Max}).changes(&sums)
	i := slices.IndexFunc(list, func(c Changes) bool { return c.Kind == FloodDepth && c.Scenario == Max })
	if !ok || i < 0 {
		if ok != (i >= 0) {
			t.Errorf("changes %+v, want %+v", list, want)
		}
		return
	}
	got := list[i]
	parts := func(c Changes) []float64 {
		return []float64{c.NewlyInside, c.NoLongerInside, c.Worse, c.Milder, c.LostCoverage, c.NewlySurveyed, c.SurveyedInside, c.NowUndecided, c.NowDecided}
	}
	for j, v := range parts(got) {
		if math.Abs(v/got.SquareMetres-parts(want)[j]/want.SquareMetres) > 1e-6 {
			t.Fatalf("changes %+v\nwant %+v\nbefore %v\nafter %v\narea %v", got, want, before, after, area)
		}
	}
	if got.Changed() > 0 && !c.Differs(area) {
		t.Errorf("Differs(%v) = false where %v m2 changed", area, got.Changed())
	}
	if broken := (orb.MultiPolygon{{{{math.NaN(), 0}, {1, 0}, {1, 1}}}}); !c.Differs(broken) {
		t.Error("an area that cannot be compared is said to be the same")
	}
	for side, shares := range [2][]Range{x.AreaShares(area), y.AreaShares(area)} {
		r := [2]Range{got.Before, got.After}[side]
		k := slices.IndexFunc(shares, func(r Range) bool { return r.Kind == FloodDepth && r.Scenario == Max })
		for rank, v := range r.Shares {
			if math.Abs(v-shares[k].Shares[rank]) > 1e-9 {
				t.Fatalf("shares of one edition %+v, alone %+v", r, shares[k])
			}
		}
	}
}
