// Command lookup asks an index about a file of points and prints the best time
// a point and a sum over all answers. The bench runs it natively and as
// WebAssembly: both must print the same sum.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"time"

	"hazardmap/geo"
	"hazardmap/hazard"
)

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "lookup:", err)
		os.Exit(1)
	}
}

func run(indexFile, pointsFile string) error {
	b, err := os.ReadFile(indexFile)
	if err != nil {
		return err
	}
	x, err := hazard.OpenIndex(b)
	if err != nil {
		return err
	}
	if b, err = os.ReadFile(pointsFile); err != nil {
		return err
	}
	points := make([]geo.E7, len(b)/8)
	for i := range points {
		points[i] = geo.E7{Lon: int32(binary.LittleEndian.Uint32(b[8*i:])), Lat: int32(binary.LittleEndian.Uint32(b[8*i+4:]))}
	}
	sum := uint64(0)
	hits := make([]hazard.Hit, 0, 64)
	for _, p := range points {
		hits = x.At(hits[:0], p)
		for _, h := range hits {
			sum = sum*31 + uint64(h.Zone)*2
			if h.Edge {
				sum++
			}
		}
		for _, s := range []hazard.Scenario{hazard.Max, hazard.Plan} {
			sum = sum*31 + uint64(x.Near(p, hazard.FloodDepth, s, 100))
		}
	}
	fmt.Printf("%.1f %d\n", best(x, points), sum)
	return nil
}

// best returns the shortest time a point of many rounds.
func best(x *hazard.Index, points []geo.E7) float64 {
	hits := make([]hazard.Hit, 0, 64)
	least := 0.0
	for range 40 {
		start := time.Now()
		for _, p := range points {
			hits = x.At(hits[:0], p)
		}
		if ns := float64(time.Since(start).Nanoseconds()) / float64(len(points)); least == 0 || ns < least {
			least = ns
		}
	}
	return least
}
