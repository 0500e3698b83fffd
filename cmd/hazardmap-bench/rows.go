package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Targets of a sheet: positions looked up on one core, parsing apart, and rows
// of CSV from file to file on two.
const (
	rowsTarget     = 1e6
	sheetTarget    = 150e3
	sheetRSSTarget = 200 << 20
	sheetRows      = 1_000_000
	rowsBlock      = 8192 // as package sheet asks
)

func measureRows(ctx context.Context, city string) error {
	b, err := os.ReadFile(filepath.Join(city, "risks.idx"))
	if err != nil {
		return err
	}
	x, err := hazard.OpenIndex(b)
	if err != nil {
		return err
	}
	points := strewn(x, sheetRows)
	lookUpRows(x, points)
	return answerSheet(ctx, city, points)
}

// lookUpRows asks the index of a city about a million positions strewn over
// it, in blocks as a sheet does: the class of every hazard, what is near by, the
// nearest suitable shelter. It prints processor time of one thread, the best of
// a few rounds.
func lookUpRows(x *hazard.Index, points []geo.E7) {
	refuges := x.Refuges()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var least time.Duration
	for round := range 3 {
		begin := processorTime()
		for rest := points; len(rest) > 0; rest = rest[min(rowsBlock, len(rest)):] {
			block := rest[:min(rowsBlock, len(rest))]
			x.BatchFindings(block, func(i int, findings []hazard.Finding) { refuges.Nearest(block[i].Point(), findings) })
		}
		if took := processorTime() - begin; round == 0 || took < least {
			least = took
		}
	}
	fmt.Printf("rows looked up on one core, with what is near by and the nearest suitable shelter: %.2f million/s (target ≥ %.0f)\n",
		float64(len(points))/least.Seconds()/1e6, rowsTarget/1e6)
}

// answerSheet has the program answer a sheet of the same positions.
func answerSheet(ctx context.Context, city string, points []geo.E7) error {
	sheet := filepath.Join(filepath.Dir(city), "sheet.csv")
	if err := writeSheet(sheet, points); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, program, "lookup", "-data", city, "-csv", sheet)
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("lookup -csv: %w", err)
	}
	ended := make(chan struct{})
	peak := make(chan int)
	go func() { peak <- peakMemory(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	wall := time.Since(begin)
	close(ended)
	most := <-peak
	if err != nil {
		return fmt.Errorf("lookup -csv: %w", err)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Printf("a sheet of a million rows, CSV to CSV: %.0f rows/s (target ≥ %.0f), %.1f s of processor, %d MB (target ≤ %d)\n",
		float64(len(points))/wall.Seconds(), float64(sheetTarget), cpu.Seconds(), most>>10, sheetRSSTarget>>20)
	return nil
}

func writeSheet(path string, points []geo.E7) error {
	text := []byte("no,施設名,緯度,経度\r\n")
	for i, p := range points {
		text = fmt.Appendf(text, "%d,施設%d,%.6f,%.6f\r\n", i, i%997, p.Point().Lat, p.Point().Lon)
	}
	return os.WriteFile(path, text, 0o644)
}

// peakMemory returns the most memory that a process had until it ended, in kB.
// What the system tells of a process that has ended counts the memory of the
// one that started it, which is larger here.
func peakMemory(pid int, ended <-chan struct{}) (most int) {
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // gone with the process
		if _, after, found := strings.Cut(string(status), "VmHWM:"); found {
			var kB int
			if n, _ := fmt.Sscan(after, &kB); n == 1 {
				most = max(most, kB)
			}
		}
		select {
		case <-ended:
			return most
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// strewn returns positions all over the area of a dataset.
func strewn(x *hazard.Index, n int) []geo.E7 {
	bound := x.Area().Boundary.Bound()
	r := rand.New(rand.NewPCG(71, 72))
	points := make([]geo.E7, n)
	for i := range points {
		points[i] = geo.Point{
			Lon: bound.Min[0] + r.Float64()*(bound.Max[0]-bound.Min[0]),
			Lat: bound.Min[1] + r.Float64()*(bound.Max[1]-bound.Min[1]),
		}.E7()
	}
	return points
}

// processorTime is that of the calling thread.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}
