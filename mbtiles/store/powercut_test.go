package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hazardmap/mbtiles/disk"
	"hazardmap/mbtiles/disk/disktest"
	"hazardmap/mbtiles/store"
)

// TestPowerCut looks at every state in which a power cut may leave a store
// during an installation and a rollback: the dataset before is shown or the new
// one, never an older one, and the same bundle can be installed afterwards.
func TestPowerCut(t *testing.T) {
	d, k := newDesk(t), newKey(t)
	next := d.bundle("10999", "2026", 3, k)
	installed := func(s *store.Store) {
		install(t, s, d.bundle("10999", "2024", 1, k), k.public)
		install(t, s, d.bundle("10999", "2025", 2, k))
	}
	installNext := func(s *store.Store) error {
		_, err := s.Install(context.Background(), bytes.NewReader(next), nil, nil)
		return err
	}
	rollBack := func(s *store.Store) error { _, err := s.Rollback(context.Background()); return err }
	plain := func(d disk.Disk) disk.Disk { return d }
	for _, tt := range []struct {
		name string
		on   func(disk.Disk) disk.Disk
		do   func(*store.Store) error
		may  string // editions that may be shown
		end  string
	}{
		{"install", plain, installNext, "2025 2026", "2026"},
		{"rollback", plain, rollBack, "2025 2024", "2024"},
		{"rollback where names cannot be swapped", func(d disk.Disk) disk.Disk { return noExchange{d} }, rollBack, "2025 2024", "2024"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			installed(s)
			recorder := disktest.Record(t, s.Dir)
			s.Disk = tt.on(recorder)
			if err := tt.do(s); err != nil {
				t.Fatal(err)
			}
			shows(t, s, tt.end)
			n := 0
			states := recorder.Crash(func(dir, after string) {
				left := &store.Store{Dir: dir, Program: s.Program}
				shown, err := left.Choose(context.Background())
				if err != nil || !strings.Contains(tt.may, shown.Pointer.Edition) || shown.Previous {
					t.Errorf("after %s: shows %s (previous %v), %v; want one of %s\n%s", after, shown.Pointer.Edition, shown.Previous, err, tt.may, tree(t, dir))
				}
				if n++; n%40 != 0 { // the rest takes time
					return
				}
				install(t, left, next)
				shows(t, left, "2026")
				if got := versions(t, left); got > 2 {
					t.Errorf("after %s and another installation: %d versions lie there", after, got)
				}
			})
			t.Logf("%d states", states)
		})
	}
}

// noExchange is a file system that cannot swap two names.
type noExchange struct{ disk.Disk }

func (noExchange) Exchange(string, string) error { return errors.ErrUnsupported }

// TestFailingDisk lets each operation of an installation fail in turn, a full disk
// for good: a good dataset is shown, the error says which file, and once the
// disk is well the bundle can be installed.
func TestFailingDisk(t *testing.T) {
	d, k := newDesk(t), newKey(t)
	next := d.bundle("10999", "2026", 3, k)
	before := newStore(t)
	install(t, before, d.bundle("10999", "2024", 1, k), k.public)
	install(t, before, d.bundle("10999", "2025", 2, k))
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO, syscall.EPERM} {
		for at := 0; ; at++ {
			s := newStore(t)
			if err := os.CopyFS(s.Dir, os.DirFS(before.Dir)); err != nil {
				t.Fatal(err)
			}
			failing := &disktest.Failing{Disk: disk.OS{}, At: at, Err: fault, Lasting: fault == syscall.ENOSPC}
			s.Disk = failing
			_, err := s.Install(context.Background(), bytes.NewReader(next), nil, nil)
			if failing.Done <= at {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if !errors.Is(err, fault) || !strings.Contains(err.Error(), s.Dir) {
				t.Errorf("operation %d: %v: Install = %v, want that with its file", at, fault, err)
			}
			s.Disk = nil
			shown, err := s.Choose(context.Background())
			if err != nil || (shown.Pointer.Edition != "2025" && shown.Pointer.Edition != "2026") || shown.Previous {
				t.Fatalf("operation %d: %v: shows %+v, %v", at, fault, shown, err)
			}
			if at%7 == 0 {
				install(t, s, next)
				shows(t, s, "2026")
			}
			if err := os.RemoveAll(filepath.Dir(s.Dir)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
