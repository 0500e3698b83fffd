// Command bench measures how zones are cut into tiles against orb as it comes
// and against GDAL, on the same files in the same run, and prints each figure
// beside its target.
//
//	go run -C tiles/bench .
//
// It needs libgeos, with which every polygon is checked once more. Each cutter
// is a process of its own that reads GeoJSON and writes MBTiles of zooms 6 to
// 14, so processor time and memory are those of the whole way. tippecanoe is
// not in Debian 12; its figures in TILES.md cannot be repeated here. GDAL takes
// many minutes for the larger sets, so it is given the smaller published file alone.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Targets of DESIGN.md 8.
const (
	largestTarget = 500_000
	memoryTarget  = 400 << 20
)

func main() {
	cutter := flag.String("cut", "", "what to do as a child: ours, orb or check")
	flag.Parse()
	var err error
	if *cutter != "" {
		err = child(context.Background(), *cutter, flag.Args())
	} else {
		err = run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func child(ctx context.Context, cutter string, args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("%s: want OUT IN", cutter)
	}
	zones, err := readZones(args[1])
	if err != nil {
		return err
	}
	switch cutter {
	case "ours":
		return cutOurs(ctx, args[0], zones)
	case "orb":
		return cutOrb(args[0], zones)
	case "check":
		return checkOurs(ctx, args[0], zones)
	}
	return fmt.Errorf("no cutter is called %q", cutter)
}

func run() error {
	dir, err := os.MkdirTemp("", "hazardmap-tiles-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Println("tiles: tippecanoe is not at hand in this Debian: compared with orb as it comes and with GDAL")
	sets := []struct {
		name  string
		write func(path string) error
		gdal  bool
		times int // the best counts, since others use the machine too
	}{
		{"isesaki, smaller rivers", writePublished(smallerRivers), true, 3},
		{"isesaki", writePublished(largerRivers, smallerRivers), false, 3},
		{"rough", writeRough(1), false, 1},
		{"rough x2", writeRough(2), false, 1},
	}
	for _, s := range sets {
		in := filepath.Join(dir, "in.geojson")
		if err := s.write(in); err != nil {
			fmt.Printf("tiles: %s: skipped: %v\n", s.name, err)
			continue
		}
		if err := measure(dir, s.name, in, s.times, s.gdal); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// cost is what a process took.
type cost struct {
	wall, cpu time.Duration
	memory    int64
	bytes     int64
}

func (c cost) String() string {
	return fmt.Sprintf("%6.2f s wall  %6.2f s CPU  %4d MB  %6.2f MB written", c.wall.Seconds(), c.cpu.Seconds(), c.memory>>20, float64(c.bytes)/1e6)
}

func measure(dir, name, in string, times int, gdal bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	ours, out := cost{}, filepath.Join(dir, "ours.mbtiles")
	for range times {
		c, err := spend(out, self, "-cut", "ours", out, in)
		if err != nil {
			return err
		}
		if ours.cpu == 0 || c.cpu < ours.cpu {
			ours = c
		}
	}
	fmt.Printf("tiles: %s: ours %v   memory target ≤ %d MB\n", name, ours, memoryTarget>>20)
	check := exec.Command(self, "-cut", "check", out, in)
	check.Stdout, check.Stderr = os.Stdout, os.Stderr
	if err := check.Run(); err != nil {
		return err
	}
	path := filepath.Join(dir, "orb.mbtiles")
	c, err := spend(path, self, "-cut", "orb", path, in)
	if err != nil {
		return err
	}
	compare(name, "orb as it comes", c, ours)
	if gdal {
		path = filepath.Join(dir, "gdal.mbtiles")
		c, err := spend(path, "ogr2ogr", "-f", "MBTILES", path, in, "-dsco", "MINZOOM=6", "-dsco", "MAXZOOM=14", "-nln", "flood-depth")
		if err != nil {
			return err
		}
		compare(name, "GDAL ogr2ogr", c, ours)
	}
	return nil
}

func compare(name, other string, c, ours cost) {
	fmt.Printf("tiles: %s: %-15s %v   %.1f × our wall, %.1f × our CPU, %.2f × our bytes\n", name, other, c,
		c.wall.Seconds()/ours.wall.Seconds(), c.cpu.Seconds()/ours.cpu.Seconds(), float64(c.bytes)/float64(ours.bytes))
}

// spend runs a program that writes out, and says what it took.
func spend(out, program string, args ...string) (cost, error) {
	if err := os.Remove(out); err != nil && !os.IsNotExist(err) {
		return cost{}, err
	}
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s: %w", program, err)
	}
	c := cost{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = usage.Maxrss << 10
	}
	info, err := os.Stat(out)
	if err != nil {
		return cost{}, err
	}
	c.bytes = info.Size()
	return c, nil
}
