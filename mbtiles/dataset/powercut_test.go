package dataset_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/disk"
	"hazardmap/mbtiles/disk/disktest"
)

// noExchange is a file system that cannot swap two names.
type noExchange struct{ disk.Disk }

func (noExchange) Exchange(string, string) error { return errors.ErrUnsupported }

// replacement is a directory in which one dataset is about to replace another.
type replacement struct{ root, out, part, before, after string }

func prepare(t *testing.T, name string, before bool) replacement {
	t.Helper()
	root := t.TempDir()
	r := replacement{root: root, out: filepath.Join(root, name), part: filepath.Join(root, name+".part")}
	if before {
		r.before = build(t, r.out, contents()).Version
	}
	c := contents()
	c.Edition = "2025"
	r.after = build(t, filepath.Join(root, "new"), c).Version
	if err := os.Rename(filepath.Join(root, "new"), r.part); err != nil {
		t.Fatal(err)
	}
	return r
}

// shown returns the version under a name, every file of it checked.
func shown(path string) (string, error) {
	if err := dataset.CheckFiles(context.Background(), path); err != nil {
		return "", err
	}
	d, err := dataset.Open(path)
	if err != nil {
		return "", err
	}
	return d.Version, d.Close()
}

// TestPowerCut looks at every state in which a power cut may leave an import
// that puts its dataset in place.
func TestPowerCut(t *testing.T) {
	tests := []struct {
		name   string
		before bool
		on     func(disk.Disk) disk.Disk
		restor bool // the old one may lie beside its name until the next import
	}{
		{"the first", false, func(d disk.Disk) disk.Disk { return d }, false},
		{"another", true, func(d disk.Disk) disk.Disk { return d }, false},
		{"another, names cannot be swapped", true, func(d disk.Disk) disk.Disk { return noExchange{d} }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := prepare(t, "mihon", tt.before)
			recorder := disktest.Record(t, r.root, r.part)
			if err := dataset.Publish(tt.on(recorder), r.part, r.out); err != nil {
				t.Fatal(err)
			}
			states := recorder.Crash(func(dir, after string) {
				out := filepath.Join(dir, "mihon")
				if tt.restor {
					if err := dataset.Tidy(disk.OS{}, out+".part", out); err != nil {
						t.Fatalf("after %s: %v", after, err)
					}
				}
				got, err := shown(out)
				if !tt.before && errors.Is(err, os.ErrNotExist) && !strings.HasPrefix(after, "remove ") {
					return // there was none, and none was promised yet
				}
				if err != nil || (got != r.before && got != r.after) {
					t.Errorf("after %s: shows %.8s, %v; want %.8s or %.8s", after, got, err, r.before, r.after)
				}
			})
			if got, err := shown(r.out); got != r.after || err != nil {
				t.Errorf("in the end %.8s, %v; want %.8s", got, err, r.after)
			}
			t.Logf("%d states", states)
		})
	}
}

// TestFailingDisk lets each operation fail in turn: the old dataset or the new
// one is whole, the error says which file, and the next import succeeds.
func TestFailingDisk(t *testing.T) {
	for _, on := range []func(disk.Disk) disk.Disk{func(d disk.Disk) disk.Disk { return d }, func(d disk.Disk) disk.Disk { return noExchange{d} }} {
		r := prepare(t, "mihon", true)
		template := t.TempDir()
		copyTree(t, r.root, template)
		for _, fault := range []error{syscall.ENOSPC, syscall.EIO, syscall.EPERM} {
			for at, done := 0, false; !done; at++ {
				root := t.TempDir()
				copyTree(t, template, root)
				out, part := filepath.Join(root, "mihon"), filepath.Join(root, "mihon.part")
				failing := &disktest.Failing{Disk: on(disk.OS{}), At: at, Err: fault}
				err := dataset.Publish(failing, part, out)
				if done = failing.Done <= at; done {
					break
				}
				if !errors.Is(err, fault) || !strings.Contains(err.Error(), root) {
					t.Errorf("operation %d fails with %v: Publish = %v, want that with its file", at, fault, err)
				}
				if err := dataset.Tidy(disk.OS{}, part, out); err != nil {
					t.Fatalf("operation %d: the next import: %v", at, err)
				}
				if got, err := shown(out); err != nil || (got != r.before && got != r.after) {
					t.Errorf("operation %d fails with %v: shows %.8s, %v", at, fault, got, err)
				}
			}
		}
	}
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}
