package hazard

import (
	"math"
	"math/rand/v2"
	"testing"

	"hazardmap/geo"
)

// halfSurveyed is a town of which the west was surveyed for floods, and the
// south once more from a source of which part was refused.
func halfSurveyed(in *Input) {
	flood := KindSet(0).With(FloodDepth)
	in.Zones = nil
	in.Coverage = []Coverage{
		{Kinds: flood.With(LandslideSteep), Area: block(0, 0, 10, 20)},
		{Kinds: KindSet(0).With(CollapseFlow), Area: in.Area.Boundary},
		{Kinds: flood, Area: block(0, 0, 10, 4), Incomplete: true},
	}
}

// TestWithinSurveyed: a place that is a block is outside only if all of it that
// lies in the area was surveyed. A side of a block is about 90 m east, 111 m
// north per spot.
func TestWithinSurveyed(t *testing.T) {
	x, _ := write(t, town(halfSurveyed))
	for _, tt := range []struct {
		name   string
		at     geo.Point
		radius geo.Metres
		kind   Kind
		want   Status
	}{
		{"well within", spot(5, 12), 80, FloodDepth, Outside},
		{"beside the limit", spot(9, 12), 80, FloodDepth, Outside},
		{"over the limit", spot(9, 12), 100, FloodDepth, NoData},
		{"over the limit, another kind", spot(9, 12), 100, LandslideSteep, NoData},
		{"over the limit, surveyed on both sides", spot(9, 12), 100, CollapseFlow, Outside},
		{"beyond it", spot(11, 12), 10, FloodDepth, NoData},
		{"beside a refused part", spot(5, 6), 200, FloodDepth, Outside},
		{"into a refused part", spot(5, 6), 230, FloodDepth, Undecided},
		{"over the boundary of the area, which the survey shares", spot(1, 12), 200, FloodDepth, Outside},
		{"over the boundary and the limit", spot(9, 19), 150, FloodDepth, NoData},
		{"beyond the boundary", geo.Point{Lon: 139.999, Lat: 36.012}, 200, CollapseFlow, NoData},
	} {
		f := findingOf(t, x.AnswerWithin(tt.at, tt.radius, Home{}), tt.kind, x.mainScenario(tt.kind))
		if f.Status != tt.want {
			t.Errorf("%s: within %v m of %v: %v, want %v", tt.name, tt.radius, tt.at, f.Status, tt.want)
		}
	}
}

// TestWithinIsEverySpot holds blocks against spots thrown into them.
func TestWithinIsEverySpot(t *testing.T) {
	x, _ := write(t, town(halfSurveyed))
	r := rand.New(rand.NewPCG(7, 7))
	outside, milder := 0, 0
	for range 1000 {
		at := geo.Point{Lon: 140 + r.Float64()*0.02, Lat: 36 + r.Float64()*0.02}
		radius := geo.Metres(1 + r.Float64()*300)
		block := x.FindingsWithin(at.E7(), radius)
		for range 40 {
			angle, far := r.Float64()*2*math.Pi, math.Sqrt(r.Float64())*float64(radius)*0.999
			p := geo.Point{Lon: at.Lon + far*math.Cos(angle)/90200, Lat: at.Lat + far*math.Sin(angle)/110980}.E7()
			if !x.InArea(p) {
				continue
			}
			for i, f := range x.Findings(p) {
				switch {
				case block[i].Status != Outside:
				case f.Status != Outside:
					t.Fatalf("within %v m of %v: %v outside, but %v at %v", radius, at, f.Kind, f.Status, p)
				default:
					outside++
				}
			}
		}
		for i, f := range x.Findings(at.E7()) {
			if f.Status == Outside && block[i].Status != Outside {
				milder++
			}
		}
	}
	if outside == 0 || milder == 0 {
		t.Errorf("%d spots outside, %d blocks not outside around a spot that is", outside, milder)
	}
}
