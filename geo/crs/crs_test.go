package crs_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo/crs"
)

func system(t *testing.T, name string) crs.System {
	t.Helper()
	for _, s := range crs.All() {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no system %s", name)
	return crs.System{}
}

// near draws a position in Japan within reach of the ninth plane system.
func near(rng *rand.Rand) orb.Point {
	return orb.Point{139.8 + rng.Float64()*12 - 6, 36 + rng.Float64()*16 - 8}
}

// TestAgreesWithPROJ compares with PROJ to 1 mm, both ways and axis by axis.
func TestAgreesWithPROJ(t *testing.T) {
	if _, err := exec.LookPath("gdaltransform"); err != nil {
		t.Skip("gdaltransform is not installed")
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var at []orb.Point
	var input bytes.Buffer
	for range 2000 {
		p := near(rng)
		at = append(at, p)
		fmt.Fprintf(&input, "%.12f %.12f\n", p[0], p[1])
	}
	for _, name := range []string{"EPSG:6677", "EPSG:3857"} {
		s := system(t, name)
		// gdaltransform writes east before north, whatever the system says.
		cmd := exec.Command("gdaltransform", "-s_srs", "OGC:CRS84", "-t_srs", name, "-output_xy")
		cmd.Stdin = bytes.NewReader(input.Bytes())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(out))
		for i := 0; lines.Scan(); i++ {
			var want [2]float64
			if _, err := fmt.Sscan(lines.Text(), &want[0], &want[1]); err != nil {
				t.Fatal(err)
			}
			first, second := s.Coordinates(at[i])
			if name == "EPSG:6677" {
				first, second = second, first
			}
			if off := math.Hypot(first-want[0], second-want[1]); off > 0.001 {
				t.Fatalf("%s of %v is %.4f %.4f, PROJ says %v", name, at[i], first, second, want)
			}
		}
	}
}

// TestAxesOfPROJ: cs2cs keeps the order of axes that the register says.
func TestAxesOfPROJ(t *testing.T) {
	if _, err := exec.LookPath("cs2cs"); err != nil {
		t.Skip("cs2cs is not installed")
	}
	p := orb.Point{139.2244, 36.274}
	for _, s := range crs.All() {
		cmd := exec.Command("cs2cs", "-f", "%.6f", "OGC:CRS84", s.Name)
		cmd.Stdin = strings.NewReader("139.2244 36.274\n")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var want [2]float64
		if _, err := fmt.Sscan(string(out), &want[0], &want[1]); err != nil {
			t.Fatal(err)
		}
		first, second := s.Coordinates(p)
		if math.Abs(first-want[0]) > 0.001 || math.Abs(second-want[1]) > 0.001 {
			t.Errorf("%s of %v is %.6f %.6f, PROJ says %v", s.Name, p, first, second, want)
		}
	}
}

// TestReadsBackWhatItWrites: there and back again is the same place to 0.1 mm.
func TestReadsBackWhatItWrites(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, s := range crs.All() {
		for range 2000 {
			p := near(rng)
			back, err := s.Position(s.Coordinates(p))
			if err != nil || math.Hypot(back[0]-p[0], back[1]-p[1]) > 1e-9 {
				t.Fatalf("%s: %v comes back as %v, %v", s.Name, p, back, err)
			}
		}
	}
}

// TestPublishedOrigin: the origin of a plane system is its zero.
func TestPublishedOrigin(t *testing.T) {
	north, east := system(t, "EPSG:6677").Coordinates(orb.Point{139 + 50.0/60, 36})
	if math.Abs(north) > 1e-6 || math.Abs(east) > 1e-6 {
		t.Errorf("the origin of EPSG:6677 is %g, %g, want 0, 0", north, east)
	}
}

func TestBox(t *testing.T) {
	tests := []struct {
		name, system string
		lower, upper [2]float64
		parts        int // 0 where it is refused
	}{
		{"longitude first", "OGC:CRS84", [2]float64{139, 36}, [2]float64{140, 37}, 1},
		{"a point", "OGC:CRS84", [2]float64{139, 36}, [2]float64{139, 36}, 1},
		{"across 180°", "OGC:CRS84", [2]float64{170, 36}, [2]float64{-170, 37}, 2},
		{"across 180°, latitude first", "EPSG:4326", [2]float64{36, 170}, [2]float64{37, -170}, 2},
		{"axes changed", "OGC:CRS84", [2]float64{36, 139}, [2]float64{37, 140}, 0},
		{"axes changed, latitude first", "EPSG:6668", [2]float64{139, 36}, [2]float64{140, 37}, 0},
		{"south above north", "EPSG:4326", [2]float64{37, 139}, [2]float64{36, 140}, 0},
		{"west beyond east in metres", "EPSG:6677", [2]float64{0, 10}, [2]float64{10, 0}, 0},
		{"metres beyond the plane", "EPSG:6677", [2]float64{0, 0}, [2]float64{1e7, 1e7}, 0},
		{"not a number", "OGC:CRS84", [2]float64{math.NaN(), 36}, [2]float64{140, 37}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := system(t, tt.system).Box(tt.lower, tt.upper)
			if len(got) != tt.parts || (err == nil) != (tt.parts > 0) {
				t.Errorf("%s.Box(%v, %v) = %v, %v, want %d parts", tt.system, tt.lower, tt.upper, got, err, tt.parts)
			}
		})
	}
}

// TestBoxInMetresIsBent: the border of a box in metres stays where it is to a
// millimetre, also half-way between the points of its ring.
func TestBoxInMetresIsBent(t *testing.T) {
	s := system(t, "EPSG:6677")
	lower, upper := [2]float64{20000, -60000}, [2]float64{40000, -50000}
	box, err := s.Box(lower, upper)
	if err != nil {
		t.Fatal(err)
	}
	ring := box[0][0]
	for i, a := range ring[:len(ring)-1] {
		b := ring[i+1]
		north, east := s.Coordinates(orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2})
		off := min(math.Abs(north-lower[0]), math.Abs(north-upper[0]), math.Abs(east-lower[1]), math.Abs(east-upper[1]))
		if off > 0.001 {
			t.Fatalf("the border is %.5f m off between %v and %v", off, a, b)
		}
	}
}
