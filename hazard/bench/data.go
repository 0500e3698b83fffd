package main

import (
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
	"hazardmap/hazard"
)

// set is one data set with the points that every engine is asked about.
type set struct {
	name     string
	in       *hazard.Input
	parts    []part
	vertices int
	points   []geo.E7
}

// part is one polygon on the lattice of 1e-7 degree, rings closed.
type part struct {
	zone  uint32
	rings [][]geo.E7
}

// newSet sorts the zones and strews points over them: of ten points one is a
// vertex and one lies between two vertices, mostly on the edge.
func newSet(name string, in *hazard.Input, points int) *set {
	hazard.SortZones(in.Zones)
	s := &set{name: name, in: in}
	low, high := geo.E7{Lon: math.MaxInt32, Lat: math.MaxInt32}, geo.E7{Lon: math.MinInt32, Lat: math.MinInt32}
	for i, z := range in.Zones {
		for _, polygon := range z.Shape.(orb.MultiPolygon) {
			p := part{zone: uint32(i)}
			for _, ring := range polygon {
				var r []geo.E7
				for _, at := range ring {
					e := geo.Point{Lon: at[0], Lat: at[1]}.E7()
					low = geo.E7{Lon: min(low.Lon, e.Lon), Lat: min(low.Lat, e.Lat)}
					high = geo.E7{Lon: max(high.Lon, e.Lon), Lat: max(high.Lat, e.Lat)}
					if len(r) == 0 || r[len(r)-1] != e {
						r = append(r, e)
					}
				}
				s.vertices += len(ring) - 1
				if len(r) > 3 {
					p.rings = append(p.rings, r)
				}
			}
			s.parts = append(s.parts, p)
		}
	}
	r := rand.New(rand.NewPCG(11, 12))
	for i := range points {
		p := geo.E7{Lon: low.Lon + r.Int32N(high.Lon-low.Lon), Lat: low.Lat + r.Int32N(high.Lat-low.Lat)}
		if i%10 < 2 {
			part := s.parts[r.IntN(len(s.parts))]
			ring := part.rings[r.IntN(len(part.rings))]
			k := r.IntN(len(ring) - 1)
			if p = ring[k]; i%10 == 1 {
				p = geo.E7{Lon: (p.Lon + ring[k+1].Lon) / 2, Lat: (p.Lat + ring[k+1].Lat) / 2}
			}
		}
		s.points = append(s.points, p)
	}
	return s
}

// findData walks up to the folder of published files.
func findData() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("shared/data is not beside the project")
		}
		dir = parent
	}
}

func readIsesaki(data string) (*hazard.Input, error) {
	in := &hazard.Input{DatasetID: "isesaki", Sources: []hazard.Source{{Title: "A31b"}}}
	for _, file := range []struct {
		name     string
		scenario hazard.Scenario
	}{{"A31b-20-23_10_10204", hazard.Plan}, {"A31b-20-23_20_10204", hazard.Max}} {
		f, err := os.Open(filepath.Join(data, "flood", file.name+".geojson.gz"))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, err
		}
		r, err := geojson.Read(z, file.name)
		if err != nil {
			return nil, err
		}
		for feature, err := range r.Features() {
			if err != nil {
				return nil, err
			}
			rank, _ := feature.Attr.Int("A31b_201")
			shape, ok := feature.Geometry.(orb.MultiPolygon)
			if p, single := feature.Geometry.(orb.Polygon); single {
				shape, ok = orb.MultiPolygon{p}, true
			}
			if ok {
				in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: file.scenario, Rank: uint8(rank), Shape: shape})
			}
		}
	}
	return in, nil
}

// invented returns a large city with slopes: 20,000 landslide zones, yellow
// with red inside, and 8,500 flood zones on a 5 m mesh in two scenarios, some
// with islands, that overlap as those of several rivers do.
func invented() *hazard.Input {
	r := rand.New(rand.NewPCG(2026, 7))
	in := &hazard.Input{DatasetID: "invented", Sources: []hazard.Source{{Title: "invented"}}}
	somewhere := func() orb.Point { return orb.Point{139 + r.Float64()*0.25, 35.5 + r.Float64()*0.2} }
	for i := range 10_000 {
		at := somewhere()
		kind := hazard.LandslideSteep + hazard.Kind(i%2)
		radius, n := 0.0004+0.0008*r.Float64(), 60+r.IntN(40)
		in.Zones = append(in.Zones,
			hazard.Zone{Kind: kind, Rank: 1, Shape: orb.MultiPolygon{{blob(r, at, radius, n)}}},
			hazard.Zone{Kind: kind, Rank: 2, Shape: orb.MultiPolygon{{blob(r, at, radius/2, n/2)}}})
	}
	for i := range 8_500 {
		at := somewhere()
		scenario := hazard.Max + hazard.Scenario(i%2)
		radius := 0.0003 + 0.012*math.Pow(r.Float64(), 8)
		polygon := orb.Polygon{mesh(blob(r, at, radius, int(radius*60000)))}
		if i%3 == 0 {
			polygon = append(polygon, mesh(blob(r, at, radius/3, int(radius*20000))))
		}
		in.Zones = append(in.Zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: scenario, Rank: uint8(1 + r.IntN(6)), Shape: orb.MultiPolygon{polygon}})
	}
	return in
}

// blob returns a rough round ring.
func blob(r *rand.Rand, at orb.Point, radius float64, n int) orb.Ring {
	n = max(n, 8)
	a, b, c := r.Float64()*7, r.Float64()*7, 0.5+r.Float64()
	var ring orb.Ring
	for i := range n {
		t := 2 * math.Pi * float64(i) / float64(n)
		d := radius * (1 + 0.25*math.Sin(3*t+a) + 0.15*math.Sin(7*t+b) + 0.05*r.Float64())
		ring = append(ring, orb.Point{at[0] + c*d*math.Cos(t), at[1] + d*math.Sin(t)/c})
	}
	return append(ring, ring[0])
}

// mesh redraws a ring along the borders of a 5 m mesh.
func mesh(ring orb.Ring) orb.Ring {
	const w, h = 0.225 / 3600, 0.15 / 3600
	snap := func(p orb.Point) (int, int) { return int(math.Round(p[0] / w)), int(math.Round(p[1] / h)) }
	x, y := snap(ring[0])
	at := func() orb.Point { return orb.Point{float64(x) * w, float64(y) * h} }
	out := orb.Ring{at()}
	for _, p := range ring[1:] {
		toX, toY := snap(p)
		for x != toX || y != toY {
			dx, dy := toX-x, toY-y
			if dx != 0 {
				x += sign(dx) * max(1, abs(dx)/max(1, abs(dy)))
				out = append(out, at())
			}
			if dy != 0 {
				y += sign(dy) * max(1, abs(dy)/max(1, abs(dx)))
				out = append(out, at())
			}
		}
	}
	if out[len(out)-1] != out[0] {
		out = append(out, out[0])
	}
	return out
}

func abs(v int) int { return max(v, -v) }

func sign(v int) int {
	if v < 0 {
		return -1
	}
	return 1
}
