package hazard

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"hazardmap/geo"
)

// TestNearestRefuge compares the nearest shelter with the first that fits in
// the list of all, sorted by distance.
func TestNearestRefuge(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	for range 20 {
		x, _ := write(t, town(func(in *Input) {
			in.Shelters = nil
			spread := []float64{20, 300, 3000}[r.IntN(3)]
			for i := range r.IntN(60) {
				at := spot(r.Float64()*spread, r.Float64()*spread)
				in.Shelters = append(in.Shelters, Shelter{ID: fmt.Sprintf("E%012d", i), Name: fmt.Sprint(i), Lon: at.Lon, Lat: at.Lat, Emergency: r.IntN(4) > 0, Suitable: uint8(r.IntN(8))})
			}
			if n := len(in.Shelters); n > 1 { // two at one spot
				in.Shelters[n-1].Lon, in.Shelters[n-1].Lat = in.Shelters[0].Lon, in.Shelters[0].Lat
			}
		}))
		refuges := x.Refuges()
		for i := range 100 {
			at := spot(r.Float64()*3000-500, r.Float64()*3000-500)
			if i%10 == 0 {
				at = geo.Point{Lon: r.Float64()*360 - 180, Lat: r.Float64()*180 - 90}
			}
			var findings []Finding
			if r.IntN(2) == 0 {
				findings = append(findings, Finding{Kind: FloodDepth, Status: Inside}, Finding{Kind: SurgeDepth, Status: NoData})
			}
			if r.IntN(2) == 0 {
				findings = append(findings, Finding{Kind: LandslideSlide, Status: []Status{Inside, Undecided}[r.IntN(2)]})
			}
			want := firstFit(x, at, findings, Inside, Undecided)
			if want == "" {
				want = firstFit(x, at, findings, Inside)
			}
			got := ""
			if best, ok := refuges.Nearest(at, findings); ok {
				got = fmt.Sprintf("%s %.6f %v", best.Shelter.Name, best.Metres, best.InZone)
			}
			if got != want {
				t.Fatalf("Nearest(%v, %v) = %q, want %q", at, findings, got, want)
			}
		}
	}
}

// firstFit goes through all shelters for the first that is designated for every
// disaster with one of the statuses.
func firstFit(x *Index, at geo.Point, findings []Finding, statuses ...Status) string {
	for _, s := range x.NearShelters(at, 1000) {
		fits := s.Emergency
		for _, f := range findings {
			fits = fits && (!slices.Contains(statuses, f.Status) || s.Fit(f.Kind.Disaster()))
		}
		if fits {
			return fmt.Sprintf("%s %.6f %v", s.Name, s.Distance, s.InZone)
		}
	}
	return ""
}
