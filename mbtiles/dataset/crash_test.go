package dataset_test

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hazardmap/mbtiles/dataset"
)

const crashDir = "HAZARDMAP_TEST_CRASH_DIR"

// TestCrash kills a program that replaces a dataset over and over, at random
// moments: what lies under the name is whole each time.
func TestCrash(t *testing.T) {
	if out := os.Getenv(crashDir); out != "" {
		replaceForEver(out)
	}
	if testing.Short() {
		t.Skip("starts processes")
	}
	out := filepath.Join(t.TempDir(), "mihon")
	build(t, out, contents())
	r := rand.New(rand.NewPCG(5, 6))
	kills := 10
	if long() {
		kills = 500
	}
	for range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
		cmd.Env = append(os.Environ(), crashDir+"="+out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(50+r.IntN(400)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // it was killed
		if err := dataset.Verify(context.Background(), out, nil); err != nil {
			t.Fatalf("after a kill: %v", err)
		}
	}
	build(t, out, contents())
	if left, err := filepath.Glob(out + ".*"); err != nil || len(left) > 0 {
		t.Errorf("left behind after the next import: %v, %v", left, err)
	}
	t.Logf("%d kills during an import, 0 unusable datasets", kills)
}

func replaceForEver(out string) {
	for i := 0; ; i++ {
		c := contents()
		c.Edition = []string{"2024", "2025"}[i%2]
		if _, err := dataset.Build(context.Background(), out, c, nil); err != nil {
			panic(err)
		}
	}
}
