package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hazardmap/cmd/internal/servebench"
)

// installTarget is from a bundle on a stick to the new dataset in its place,
// all of verify included.
const installTarget = 5 * time.Second

// measureInstall signs a dataset, installs it in a new store and serves that.
func measureInstall(ctx context.Context, dir, city string) error {
	key, bundle, store := filepath.Join(dir, "city"), filepath.Join(dir, "city.hazmap"), filepath.Join(dir, "store")
	for _, args := range [][]string{{"key", key}, {"bundle", "-quiet", "-key", key + ".key", "-o", bundle, city}} {
		if out, err := exec.CommandContext(ctx, program, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", args[0], err, out)
		}
	}
	info, err := os.Stat(bundle)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, program, "install", "-quiet", "-store", store, "-trust", key+".pub", bundle)
	cmd.Stderr = os.Stderr
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("install: %w", err)
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	fmt.Printf("install of a bundle of %.1f MB: %.1f s (target ≤ %.0f), %.1f s of processor\n",
		float64(info.Size())/1e6, time.Since(begin).Seconds(), installTarget.Seconds(), cpu.Seconds())
	start, err := servebench.Start(ctx, program, "-store", store)
	if err != nil {
		return err
	}
	fmt.Println("from a store:")
	start.Print(os.Stdout)
	return nil
}
