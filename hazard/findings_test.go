package hazard

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"hazardmap/geo"
)

// TestBatchFindingsSayWhatFindingsSay, but for the zones.
func TestBatchFindingsSayWhatFindingsSay(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	check := func(x *Index, points []geo.E7) {
		t.Helper()
		asked := make([]int, len(points))
		x.BatchFindings(points, func(i int, got []Finding) {
			asked[i]++
			want := x.Findings(points[i])
			for k := range want {
				want[k].Zones = nil
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("at %v: %+v, want %+v", points[i].Point(), got, want)
			}
		})
		for i, n := range asked {
			if n != 1 {
				t.Fatalf("point %d was answered %d times", i, n)
			}
		}
	}
	for range 20 {
		const points = 40_000 // 450 m
		zones := randomZones(r, geo.E7{Lon: 1390000000, Lat: 360000000}, points, 20)
		for i := range zones {
			z := &zones[i]
			if z.Flags&LineOnly != 0 {
				continue
			}
			switch r.IntN(8) {
			case 0:
				z.Rank = RankUnknown
			case 1:
				z.Scenario, z.Rank = Plan, min(z.Rank, 3)
			case 2:
				z.Kind, z.Scenario, z.Rank = LandslideDebris, NoScenario, uint8(1+r.IntN(2))
				z.Flags = ZoneFlags(r.IntN(4))
			}
		}
		SortZones(zones)
		x, _ := write(t, &Input{Zones: zones})
		check(x, append(hostile(r, zones, x, 300), geo.E7{}, geo.E7{Lon: math.MinInt32, Lat: math.MaxInt32}))
	}
	var spots []geo.E7
	for range 500 {
		spots = append(spots, spot(r.Float64()*24-2, r.Float64()*24-2).E7())
	}
	for _, change := range []func(*Input){nil, func(in *Input) { in.Coverage[0].Incomplete = true }, func(in *Input) { in.Zones = in.Zones[2:3] }} {
		x, _ := write(t, town(change))
		check(x, spots)
	}
}
