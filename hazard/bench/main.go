// Command bench measures the look-up of package hazard against GEOS and S2 on
// the same points in the same run, and prints each figure beside its target.
//
//	go run -C hazard/bench .
//
// It needs libgeos. Times are processor time of one thread, the best of several
// rounds in which the engines take turns, so that a busy machine troubles all
// of them alike and as little as may be.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"golang.org/x/sys/unix"

	"hazardmap/geo"
	"hazardmap/hazard"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	fmt.Printf("%s/%s, %d CPUs, %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	data, err := findData()
	if err != nil {
		fmt.Println("Isesaki left out:", err)
	} else {
		in, err := readIsesaki(data)
		if err != nil {
			return err
		}
		towns, err := readTowns(data)
		if err != nil {
			return err
		}
		if err := measure(newSet("Isesaki", in, 1_000_000), 20, towns); err != nil {
			return err
		}
	}
	return measure(newSet("invented city", invented(), 1_000_000), 35, nil)
}

const rounds = 5

// best runs every function in turn and returns the shortest processor time of
// each.
func best(fns ...func()) []time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	times := make([]time.Duration, len(fns))
	for round := range rounds {
		for i, fn := range fns {
			start := processorTime()
			fn()
			if d := processorTime() - start; round == 0 || d < times[i] {
				times[i] = d
			}
		}
	}
	return times
}

// processorTime is that of the calling thread.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

func measure(s *set, overGEOS float64, towns []orb.MultiPolygon) error {
	fmt.Printf("\n%s: %d zones, %d vertices, %d points of which a fifth on vertices and edges\n", s.name, len(s.in.Zones), s.vertices, len(s.points))
	var file bytes.Buffer
	var buildErr error
	build := best(func() {
		file.Reset()
		buildErr = hazard.WriteIndex(context.Background(), &file, s.in)
	})[0]
	if buildErr != nil {
		return buildErr
	}
	x, err := hazard.OpenIndex(file.Bytes())
	if err != nil {
		return err
	}
	line("build, million vertices/s", float64(s.vertices)/build.Seconds()/1e6, ">=", 2)
	line("bytes per vertex", float64(file.Len())/float64(s.vertices), "<=", 22)
	reads := 0
	for _, p := range s.points {
		reads += x.Reads(p)
	}
	line("dependent reads a point", float64(reads)/float64(len(s.points)), "<=", 2.5)
	compare(s, x, overGEOS)
	if len(towns) > 0 {
		measureTowns(towns, s, x)
	}
	return measureWASM(s, file.Bytes())
}

// compare measures single and sorted look-ups against the other engines.
func compare(s *set, x *hazard.Index, overGEOS float64) {
	g, s2x := newGEOS(s), newS2(s)
	few := s.points[:50_000]
	xy, out := flat(few), make([]uint32, 64*len(few))
	var raw []uint32
	points := make([]s2.Point, len(few))
	for i, p := range few {
		points[i] = s2Point(p)
	}
	query := s2.NewContainsPointQuery(s2x.index, s2.VertexModelClosed)
	hits, found := make([]hazard.Hit, 0, 64), 0
	fewHits := 0.0
	for _, p := range few {
		fewHits += float64(len(x.At(hits[:0], p)))
	}
	fmt.Printf("  zones a point: %.2f\n", fewHits/float64(len(few)))
	times := best(
		func() { found += atAll(x, few, hits) },
		func() { found += atAll(x, s.points, hits) },
		func() { x.Batch(s.points, func(_ int, hits []hazard.Hit) { found += len(hits) }) },
		func() { raw = g.at(xy, out) },
		func() {
			for _, p := range points {
				found += len(query.ContainingShapes(p))
			}
		},
	)
	perPoint := func(i, n int) float64 { return float64(times[i].Nanoseconds()) / float64(n) }
	at, geos, s2 := perPoint(0, len(few)), perPoint(3, len(few)), perPoint(4, len(few))
	all, batch := perPoint(1, len(s.points)), perPoint(2, len(s.points))
	fmt.Printf("  ns a point: At %.0f, GEOS %.0f, S2 %.0f (the same %d points)\n", at, geos, s2, len(few))
	fmt.Printf("  ns a point: At %.0f, Batch %.0f (the same %d points)\n", all, batch, len(s.points))
	line("times as fast as GEOS", geos/at, ">=", overGEOS)
	line("times as fast as S2", s2/at, ">=", 10)
	line("Batch as fast as At, times", all/batch, ">=", map[bool]float64{true: 3}[overGEOS > 20])
	agree(s, x, split(slices.Clone(raw)))
}

// atAll looks up one point after the other and counts what it finds.
func atAll(x *hazard.Index, points []geo.E7, hits []hazard.Hit) (found int) {
	for _, p := range points {
		hits = x.At(hits[:0], p)
		found += len(hits)
	}
	return found
}

// agree counts the points for which the index and GEOS name the same zones.
func agree(s *set, x *hazard.Index, geos [][]uint32) {
	same := 0
	for i, want := range geos {
		var got []uint32
		for _, h := range x.At(nil, s.points[i]) {
			got = append(got, h.Zone)
		}
		if slices.Equal(got, want) {
			same++
		} else if same > i-5 {
			fmt.Printf("  at %v: %v, GEOS %v\n", s.points[i].Point(), got, want)
		}
	}
	line("agreement with GEOS covers, %", 100*float64(same)/float64(len(geos)), ">=", 100)
}

func line(what string, got float64, sign string, want float64) {
	verdict := "reached"
	if (sign == ">=" && got < want) || (sign == "<=" && got > want) {
		verdict = "MISSED"
	}
	if want == 0 {
		fmt.Printf("  %-34s %8.2f\n", what, got)
		return
	}
	fmt.Printf("  %-34s %8.2f   to reach %s %-5g %s\n", what, got, sign, want, verdict)
}
