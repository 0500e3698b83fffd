package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"hazardmap/mbtiles/store"
)

const crashDir = "HAZARDMAP_TEST_CRASH_DIR"

// TestCrash kills a program that installs one bundle after another, at random
// moments: each time a good dataset is shown, and none older than the last that
// was reported as installed.
func TestCrash(t *testing.T) {
	if root := os.Getenv(crashDir); root != "" {
		installForEver(t, root)
	}
	if testing.Short() {
		t.Skip("starts processes")
	}
	kills := 10
	if os.Getenv("HAZARDMAP_TEST_LONG") != "" {
		kills = 500
	}
	d, k := newDesk(t), newKey(t)
	secret, err := k.secret.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.root, "key"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	d.dataset("10999", "2025")
	d.dataset("10999", "2026")
	s := &store.Store{Dir: filepath.Join(d.root, "store"), Program: "0.1.0"}
	start := time.Now()
	install(t, s, d.bundle("10999", "2025", 1, k), k.public)
	took := time.Since(start) // so that the kills reach every step, on a busy machine too
	r := rand.New(rand.NewPCG(9, 10))
	left := 0
	for range kills {
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrash$")
		cmd.Env = append(os.Environ(), crashDir+"="+d.root)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(took/4 + time.Duration(r.Int64N(int64(4*took))))
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // it was killed
		shown, err := s.Choose(context.Background())
		if err != nil || shown.Previous {
			t.Fatalf("after a kill: %+v, %v", shown, err)
		}
		if promised := acknowledged(t, d.root); shown.Pointer.Sequence < promised {
			t.Fatalf("after a kill number %d is shown, and %d was reported as installed", shown.Pointer.Sequence, promised)
		}
		if parts, _ := filepath.Glob(filepath.Join(s.Dir, "*.part")); len(parts) > 0 {
			left++
		}
	}
	last := acknowledged(t, d.root) + 2
	install(t, s, d.bundle("10999", "2026", last, k))
	if parts, err := filepath.Glob(filepath.Join(s.Dir, "*.part")); err != nil || len(parts) > 0 || versions(t, s) > 2 {
		t.Errorf("left behind after the next installation: %v, %d versions, %v", parts, versions(t, s), err)
	}
	t.Logf("%d kills during an installation, %d left something unfinished, 0 unusable stores, number %d reached", kills, left, last)
}

func acknowledged(t testing.TB, root string) int64 {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "acknowledged"))
	if os.IsNotExist(err) {
		return 1
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n") // the last is empty, or cut off
	if len(lines) < 2 {
		return 1
	}
	n, err := strconv.ParseInt(lines[len(lines)-2], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// installForEver goes on from what is installed, with the two datasets in turn.
func installForEver(t *testing.T, root string) {
	d := desk{t, root}
	text, err := os.ReadFile(filepath.Join(root, "key"))
	if err != nil {
		t.Fatal(err)
	}
	var k key
	if err := k.secret.UnmarshalText(text); err != nil {
		t.Fatal(err)
	}
	k.public = k.secret.Public().(minisign.PublicKey)
	f, err := os.OpenFile(filepath.Join(root, "acknowledged"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, fs.FileMode(0o644))
	if err != nil {
		t.Fatal(err)
	}
	s := &store.Store{Dir: filepath.Join(root, "store"), Program: "0.1.0"}
	shown, err := s.Choose(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for n := shown.Pointer.Sequence + 1; ; n++ {
		data := d.bundle("10999", []string{"2025", "2026"}[n%2], n, k)
		_, err := s.Install(context.Background(), bytes.NewReader(data), nil, nil)
		if err != nil && strings.Contains(err.Error(), "with another dataset") {
			continue // the number was taken by the one that was killed
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(f, n)
	}
}
