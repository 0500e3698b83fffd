package dataset

import (
	"cmp"
	"fmt"
	"slices"

	"hazardmap/geo"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// gridSide is how many sample positions stand along each side of the area.
const gridSide = 5

// class is what a map shows in one colour.
type class struct {
	kind     hazard.Kind
	scenario hazard.Scenario
	rank     uint8
}

// samplePoints chooses positions that a fault would show at: for every kind,
// scenario and rank a corner of the first, the middle and the last zone, and
// a grid over the area.
func samplePoints(in *hazard.Input) []geo.E7 {
	var points []geo.E7
	add := func(p orb.Point) { points = append(points, geo.Point{Lon: p[0], Lat: p[1]}.E7()) }
	classes := map[class][]int{}
	for i := range in.Zones {
		c := class{in.Zones[i].Kind, in.Zones[i].Scenario, in.Zones[i].Rank}
		classes[c] = append(classes[c], i)
	}
	for _, zones := range classes {
		for _, n := range []int{zones[0], zones[len(zones)/2], zones[len(zones)-1]} {
			if p, ok := firstCorner(in.Zones[n].Shape); ok {
				add(p)
				add(in.Zones[n].Shape.Bound().Center())
			}
		}
	}
	box := in.Area.Boundary.Bound()
	for i := range gridSide {
		for j := range gridSide {
			fraction := func(k int) float64 { return (float64(k) + 0.5) / gridSide }
			add(orb.Point{box.Min[0] + fraction(i)*(box.Max[0]-box.Min[0]), box.Min[1] + fraction(j)*(box.Max[1]-box.Min[1])})
		}
	}
	slices.SortFunc(points, func(a, b geo.E7) int { return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon)) })
	return slices.Compact(points)
}

func firstCorner(shape orb.Geometry) (orb.Point, bool) {
	multi, ok := shape.(orb.MultiPolygon)
	if !ok || len(multi) == 0 || len(multi[0]) == 0 || len(multi[0][0]) == 0 {
		return orb.Point{}, false
	}
	return multi[0][0][0], true
}

// takeSamples answers the positions from the shapes alone.
func takeSamples(in *hazard.Input) []Sample {
	boxes := make([]orb.Bound, len(in.Zones))
	for i := range in.Zones {
		boxes[i] = geo.Bound(in.Zones[i].Shape)
	}
	var samples []Sample
	for _, p := range samplePoints(in) {
		at := p.Point()
		s := Sample{At: at.String()}
		inside, edge := holds(in.Area.Boundary, p)
		s.InArea = inside || edge
		for i := range in.Zones {
			// The shapes are rounded to the lattice, the boxes are not.
			shape, ok := in.Zones[i].Shape.(orb.MultiPolygon)
			if !ok || !boxes[i].Pad(1e-6).Contains(orb.Point{at.Lon, at.Lat}) {
				continue
			}
			s.note(i, shape, p)
		}
		samples = append(samples, s)
	}
	return samples
}

// note adds zone n where its shape holds the position.
func (s *Sample) note(n int, shape orb.MultiPolygon, p geo.E7) {
	switch inside, edge := holds(shape, p); {
	case edge:
		s.OnEdges = append(s.OnEdges, n)
	case inside:
		s.Inside = append(s.Inside, n)
	}
}

// holds is the slow, obvious twin of the index: crossings counted over every
// edge in whole numbers, even-odd within one polygon, parts standing apart.
// On the edge of one part and within another counts as edge.
func holds(shape orb.MultiPolygon, p geo.E7) (inside, edge bool) {
	for _, polygon := range shape {
		odd := false
		for _, ring := range polygon {
			for i := range ring {
				a, b := lattice(ring[i]), lattice(ring[(i+1)%len(ring)])
				if onSegment(a, b, p) {
					edge = true
				}
				if (a.Lat > p.Lat) != (b.Lat > p.Lat) && (side(a, b, p) > 0) == (b.Lat > a.Lat) {
					odd = !odd
				}
			}
		}
		inside = inside || odd
	}
	return inside, edge
}

func lattice(p orb.Point) geo.E7 { return geo.Point{Lon: p[0], Lat: p[1]}.E7() }

// side is positive where p lies left of the line from a to b.
func side(a, b, p geo.E7) int64 {
	return (int64(b.Lon)-int64(a.Lon))*(int64(p.Lat)-int64(a.Lat)) - (int64(b.Lat)-int64(a.Lat))*(int64(p.Lon)-int64(a.Lon))
}

func onSegment(a, b, p geo.E7) bool {
	return p.Lon >= min(a.Lon, b.Lon) && p.Lon <= max(a.Lon, b.Lon) && p.Lat >= min(a.Lat, b.Lat) && p.Lat <= max(a.Lat, b.Lat) && side(a, b, p) == 0
}

// agree compares a sample with what the index says.
func (s Sample) agree(index *hazard.Index) error {
	at, err := geo.ParsePoint(s.At)
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	p := at.E7()
	got := Sample{At: s.At, InArea: index.InArea(p)}
	for _, hit := range index.At(nil, p) {
		if hit.Edge {
			got.OnEdges = append(got.OnEdges, int(hit.Zone))
		} else {
			got.Inside = append(got.Inside, int(hit.Zone))
		}
	}
	slices.Sort(got.Inside)
	slices.Sort(got.OnEdges)
	return s.differs(got, "the index")
}

func (s Sample) differs(got Sample, who string) error {
	if s.InArea != got.InArea || !slices.Equal(s.Inside, got.Inside) || !slices.Equal(s.OnEdges, got.OnEdges) {
		return fmt.Errorf("sample %s: the manifest says %s, %s says %s", s.At, s.words(), who, got.words())
	}
	return nil
}

func (s Sample) words() string {
	return fmt.Sprintf("in area %v, inside zones %v, on edges %v", s.InArea, s.Inside, s.OnEdges)
}
