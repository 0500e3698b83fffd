package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"hazardmap/geo/geojson"
	"hazardmap/hazard"
)

// published finds a file below shared/data beside the project.
func published(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		return "", fmt.Errorf("shared/data/%s is not beside the project", name)
	}
}

// The published flood zones of Isesaki.
const (
	largerRivers  = "flood/A31b-20-23_10_10204.geojson.gz"
	smallerRivers = "flood/A31b-20-23_20_10204.geojson.gz"
)

// writePublished joins published files into one.
func writePublished(names ...string) func(path string) error {
	return func(path string) error {
		var zones []hazard.Zone
		for _, name := range names {
			more, err := readPublished(name)
			if err != nil {
				return err
			}
			zones = append(zones, more...)
		}
		return writeZones(path, zones)
	}
}

func readPublished(name string) ([]hazard.Zone, error) {
	in, err := published(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(in)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	r, err := geojson.Read(z, name)
	if err != nil {
		return nil, err
	}
	var zones []hazard.Zone
	for feature, err := range r.Features() {
		if err != nil {
			return nil, err
		}
		rank, _ := feature.Attr.Int("A31b_201")
		zones = append(zones, hazard.Zone{Kind: hazard.FloodDepth, Rank: uint8(rank), Shape: feature.Geometry})
	}
	return zones, nil
}

// writeRough writes so many times 2,690 flood zones, jagged down to one cell of
// 10 m, and 20,000 landslide zones of about 70 m, the red ones inside yellow
// ones; a larger set covers more ground.
func writeRough(times int) func(path string) error {
	return func(path string) error {
		random := rand.New(rand.NewPCG(1, 2))
		var zones []hazard.Zone
		for n := range 2690 * times {
			lon, lat := 138.8+random.Float64()*0.8+float64(n%times)*0.8, 36.0+random.Float64()*0.6
			zones = append(zones, hazard.Zone{Kind: hazard.FloodDepth, Rank: uint8(1 + random.IntN(6)), Shape: jagged(random, lon, lat)})
		}
		for n := range 10_000 * times {
			lon, lat := 138.8+random.Float64()*0.8+float64(n%times)*0.8, 36.0+random.Float64()*0.6
			size := 0.0004 * (0.5 + random.Float64())
			zones = append(zones,
				hazard.Zone{Kind: hazard.LandslideSteep, Rank: 1, Shape: round(random, lon, lat, size)},
				hazard.Zone{Kind: hazard.LandslideSteep, Rank: 2, Shape: round(random, lon, lat, size/2)})
		}
		return writeZones(path, zones)
	}
}

// jagged returns a ring in steps of a mesh, about 700 corners.
func jagged(random *rand.Rand, lon, lat float64) orb.Polygon {
	const cell, corners = 0.0001, 350
	var ring orb.Ring
	radius := 40 + random.Float64()*40
	for i := range corners {
		r := radius * (1 + 0.1*random.NormFloat64())
		a := 2 * math.Pi * float64(i) / corners
		x, y := lon+cell*math.Round(r*math.Cos(a)), lat+cell*math.Round(r*math.Sin(a))
		if i > 0 {
			ring = append(ring, orb.Point{x, ring[len(ring)-1][1]})
		}
		ring = append(ring, orb.Point{x, y})
	}
	return orb.Polygon{append(ring, orb.Point{ring[0][0], ring[len(ring)-1][1]}, ring[0])}
}

func round(random *rand.Rand, lon, lat, size float64) orb.Polygon {
	const corners = 28
	var ring orb.Ring
	for i := range corners {
		r := size * (0.9 + 0.1*random.Float64())
		a := 2 * math.Pi * float64(i) / corners
		ring = append(ring, orb.Point{lon + r*math.Cos(a), lat + r*math.Sin(a)})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// writeZones writes GeoJSON that every cutter reads.
func writeZones(path string, zones []hazard.Zone) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, `{"type":"FeatureCollection","features":[`)
	for i, z := range zones {
		coordinates, err := json.Marshal(z.Shape)
		if err != nil {
			return err
		}
		end := ","
		if i == len(zones)-1 {
			end = ""
		}
		fmt.Fprintf(w, `{"type":"Feature","properties":{"id":%d,"kind":%q,"rank":%d},"geometry":{"type":"Polygon","coordinates":%s}}%s`+"\n", i, z.Kind.String(), z.Rank, coordinates, end)
	}
	fmt.Fprintln(w, "]}")
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// readZones reads what writeZones wrote.
func readZones(path string) ([]hazard.Zone, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := geojson.Read(f, path)
	if err != nil {
		return nil, err
	}
	var zones []hazard.Zone
	for feature, err := range r.Features() {
		if err != nil {
			return nil, err
		}
		kind, err := hazard.ParseKind(feature.Attr.Text("kind"))
		if err != nil {
			return nil, err
		}
		rank, _ := feature.Attr.Int("rank")
		z := hazard.Zone{Kind: kind, Rank: uint8(rank), Shape: orb.MultiPolygon{feature.Geometry.(orb.Polygon)}}
		if !kind.Landslide() {
			z.Scenario = hazard.Max
		}
		zones = append(zones, z)
	}
	hazard.SortZones(zones)
	return zones, nil
}
