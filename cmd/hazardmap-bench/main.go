// Command hazardmap-bench measures the built program as a whole and prints each
// figure beside its target: an import of the published data of Isesaki from
// files to verified dataset, the start of the server, its answer pages, and its
// tiles against a handler that does nothing. `make bench` runs it after the benches of the
// look-up, of the tiles and of the gazetteer.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"hazardmap/cmd/internal/pagebench"
	"hazardmap/cmd/internal/servebench"
)

// Targets of DESIGN.md 8 for Isesaki, from files to verified dataset.
const (
	importTarget    = 10 * time.Second
	importRSSTarget = 400 << 20
)

const program = "bin/hazardmap"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "hazardmap-bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	fmt.Printf("%s/%s, %d CPUs, %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	dir, err := os.MkdirTemp("", "hazardmap-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	city := filepath.Join(dir, "isesaki")
	switch err := importIsesaki(ctx, city); {
	case errors.Is(err, os.ErrNotExist):
		fmt.Println("Isesaki left out:", err)
	case err != nil:
		return err
	default:
		start, err := servebench.Start(ctx, program, city)
		if err != nil {
			return err
		}
		start.Print(os.Stdout)
		layers, err := servebench.RunLayers(ctx, program, city)
		if err != nil {
			return err
		}
		layers.Print(os.Stdout)
		if err := measureInstall(ctx, dir, city); err != nil {
			return err
		}
		surge, err := servebench.RunSurge(ctx, program, city)
		if err != nil {
			return err
		}
		surge.Print(os.Stdout)
		soak, err := servebench.RunSoak(ctx, program, city)
		if err != nil {
			return err
		}
		soak.Print(os.Stdout)
		pages, err := pagebench.Run(ctx, city)
		if err != nil {
			return err
		}
		pages.Print(os.Stdout)
		if err := measureRows(ctx, city); err != nil {
			return err
		}
	}
	figures, err := servebench.Run(ctx)
	if err != nil {
		return err
	}
	figures.Print(os.Stdout)
	return nil
}

// importIsesaki imports the published files that lie beside the project.
func importIsesaki(ctx context.Context, out string) error {
	data := filepath.Join("..", "shared", "data")
	sources := []string{
		filepath.Join(data, "flood", "A31b-20-23_10_10204.geojson.gz"),
		filepath.Join(data, "flood", "A31b-20-23_20_10204.geojson.gz"),
		filepath.Join(data, "shelters", "isesaki"),
		filepath.Join(data, "boundaries", "N03-2020_10204_isesaki.geojson"),
	}
	for _, s := range sources {
		if _, err := os.Stat(s); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, program, append([]string{"import", "-quiet", "-area", "10204", "-o", out}, sources...)...)
	cmd.Stderr = os.Stderr
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	wall := time.Since(begin)
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Printf("Isesaki from files to verified dataset: %.1f s (target ≤ %.0f), %.1f s of processor, %d MB (target ≤ %d)\n",
		wall.Seconds(), importTarget.Seconds(), cpu.Seconds(), usage.Maxrss>>10, importRSSTarget>>20)
	return nil
}
