package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/dataset/datasettest"
	"hazardmap/mbtiles/disk"
	"hazardmap/mbtiles/store"
)

// key is a key pair of somebody who publishes.
type key struct {
	public minisign.PublicKey
	secret minisign.PrivateKey
}

func newKey(t testing.TB) key {
	t.Helper()
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key{public, secret}
}

// desk publishes datasets and keeps them by edition.
type desk struct {
	t    testing.TB
	root string
}

func newDesk(t testing.TB) desk { return desk{t, t.TempDir()} }

// dataset builds a dataset once.
func (d desk) dataset(id, edition string) string {
	d.t.Helper()
	dir := filepath.Join(d.root, id+"-"+edition)
	if _, err := os.Stat(dir); err != nil {
		datasettest.Build(d.t, dir, id, edition)
	}
	return dir
}

func (d desk) bundle(id, edition string, sequence int64, k key, change ...func(*bundle.Pointer)) []byte {
	d.t.Helper()
	dir := d.dataset(id, edition)
	p, err := bundle.PointerTo(dir)
	if err != nil {
		d.t.Fatal(err)
	}
	p.Sequence, p.Created, p.Expires = sequence, time.Unix(1e9, 0).UTC(), time.Unix(1.1e9, 0).UTC()
	for _, c := range change {
		c(&p)
	}
	var b bytes.Buffer
	if err := bundle.Write(context.Background(), &b, dir, p, k.secret); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

func newStore(t testing.TB) *store.Store {
	return &store.Store{Dir: filepath.Join(t.TempDir(), "store"), Program: "0.1.0"}
}

func install(t testing.TB, s *store.Store, data []byte, keys ...minisign.PublicKey) {
	t.Helper()
	if _, err := s.Install(context.Background(), bytes.NewReader(data), keys, nil); err != nil {
		t.Fatal(err)
	}
}

// shows checks which edition a store shows.
func shows(t testing.TB, s *store.Store, want string) {
	t.Helper()
	shown, err := s.Choose(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if shown.Pointer.Edition != want {
		t.Errorf("shows edition %s, want %s", shown.Pointer.Edition, want)
	}
	d, err := dataset.Open(shown.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// tree lists a store: every name and, for the pointers and lists, the content.
func tree(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		b.WriteString(strings.TrimPrefix(path, dir) + "\n")
		if !e.IsDir() && filepath.Dir(path) == dir {
			data, err := os.ReadFile(path)
			b.Write(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestInstallAndRollback(t *testing.T) {
	d, k, s := newDesk(t), newKey(t), newStore(t)
	if _, err := s.Choose(context.Background()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("an empty store: %v", err)
	}
	install(t, s, d.bundle("10999", "2024", 1, k), k.public)
	shows(t, s, "2024")
	install(t, s, d.bundle("10999", "2025", 2, k))
	install(t, s, d.bundle("10999", "2026", 3, k))
	shows(t, s, "2026")
	if n := versions(t, s); n != 2 {
		t.Errorf("%d versions are kept, want the current and the one before", n)
	}
	for _, want := range []string{"2025", "2026", "2025"} {
		if _, err := s.Rollback(context.Background()); err != nil {
			t.Fatal(err)
		}
		shows(t, s, want)
	}
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2024", 1, k)), nil, nil); !errors.Is(err, store.ErrNotNewer) {
		t.Errorf("the first after a rollback: %v", err)
	}
	install(t, s, d.bundle("10999", "2026", 3, k))
	shows(t, s, "2026")
}

func versions(t testing.TB, s *store.Store) int {
	t.Helper()
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.IsDir() {
			n++
		}
	}
	return n
}

func TestInstallRefuses(t *testing.T) {
	d, k, other, s := newDesk(t), newKey(t), newKey(t), newStore(t)
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2024", 5, k)), nil, nil); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	install(t, s, d.bundle("10999", "2024", 5, k), k.public)
	before := tree(t, s.Dir)
	good := d.bundle("10999", "2025", 6, k)
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"a key that is not trusted", d.bundle("10999", "2025", 6, other), "which is not trusted here"},
		{"an older one", d.bundle("10999", "2025", 4, k), "is older than what was installed already: 5"},
		{"another with the same number", d.bundle("10999", "2025", 5, k), "with another dataset"},
		{"another city", d.bundle("10998", "2025", 6, k), "is of another dataset: 10998"},
		{"for a newer program", d.bundle("10999", "2025", 6, k, func(p *bundle.Pointer) { p.Program = "0.2.0" }), "needs hazardmap 0.2.0 or newer, this is 0.1.0"},
		{"cut off", good[:len(good)-9], ""},
		{"something else", []byte("%PDF-1.4"), "is no bundle"},
		{"nothing", nil, "is no bundle"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Install(context.Background(), bytes.NewReader(tt.data), nil, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if after := tree(t, s.Dir); after != before {
				t.Errorf("the store has changed:\n%s\nwas:\n%s", after, before)
			}
		})
	}
	s.Disk = small{}
	if _, err := s.Install(context.Background(), bytes.NewReader(good), nil, nil); !errors.Is(err, store.ErrNoSpace) {
		t.Errorf("on a small disk: %v", err)
	}
	if after := tree(t, s.Dir); after != before {
		t.Errorf("the store has changed:\n%s\nwas:\n%s", after, before)
	}
	s.Disk = nil
	install(t, s, good)
	shows(t, s, "2025")
}

// small is a disk with 16 MB left.
type small struct{ disk.OS }

func (small) Free(string) (int64, error) { return 16 << 20, nil }

// TestSignedButWrong installs what is signed and whole, and does not verify:
// an index that answers otherwise than the shapes.
func TestSignedButWrong(t *testing.T) {
	d, k, s := newDesk(t), newKey(t), newStore(t)
	install(t, s, d.bundle("10999", "2024", 1, k), k.public)
	before := tree(t, s.Dir)
	dir := d.dataset("10999", "2025")
	manifest := filepath.Join(dir, dataset.ManifestName)
	data, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, bytes.Replace(data, []byte(`"in_area":true`), []byte(`"in_area":false`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2025", 2, k)), nil, nil)
	if err == nil || !strings.Contains(err.Error(), "sample") {
		t.Errorf("a dataset whose samples are wrong: %v", err)
	}
	if after := tree(t, s.Dir); after != before {
		t.Errorf("the store has changed:\n%s\nwas:\n%s", after, before)
	}
}

func TestKeysRotate(t *testing.T) {
	d, one, two, next, s := newDesk(t), newKey(t), newKey(t), newKey(t), newStore(t)
	install(t, s, d.bundle("10999", "2024", 10, one), one.public, two.public)
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2025", 9, two)), nil, nil); !errors.Is(err, store.ErrNotNewer) {
		t.Errorf("an old one signed by the other key: %v", err)
	}
	// The first key leaks and its thief signs a number that nobody can top.
	install(t, s, d.bundle("10999", "2024", 1<<60, one))
	replace := func(p *bundle.Pointer) { p.Keys = []string{two.public.String(), next.public.String()} }
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2025", 11, two, replace)), nil, nil); !errors.Is(err, store.ErrNotNewer) {
		t.Errorf("while the leaked key counts: %v", err)
	}
	install(t, s, d.bundle("10999", "2025", 1<<60+1, two, replace))
	shows(t, s, "2025")
	if _, err := s.Rollback(context.Background()); err != nil {
		t.Errorf("back to what a retired key signed: %v", err)
	}
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2026", 1<<60+2, one)), nil, nil); err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("a new one signed by the retired key: %v", err)
	}
	install(t, s, d.bundle("10999", "2026", 1<<60+3, next))
	shows(t, s, "2026")
}

// TestDamagedShowsTheOneBefore breaks the current dataset, then both.
func TestDamagedShowsTheOneBefore(t *testing.T) {
	d, k := newDesk(t), newKey(t)
	for _, tt := range []struct {
		name   string
		breaks func(s *store.Store, current string) error
	}{
		{"a file is damaged", func(s *store.Store, current string) error { return flip(filepath.Join(current, "risks.idx")) }},
		{"a file is gone", func(s *store.Store, current string) error { return os.Remove(filepath.Join(current, "hazards.gpkg")) }},
		{"the dataset is gone", func(s *store.Store, current string) error { return os.RemoveAll(current) }},
		{"the pointer is damaged", func(s *store.Store, _ string) error { return flip(filepath.Join(s.Dir, "current")) }},
		{"the pointer is empty", func(s *store.Store, _ string) error { return os.Truncate(filepath.Join(s.Dir, "current"), 0) }},
		{"the pointer is gone", func(s *store.Store, _ string) error { return os.Remove(filepath.Join(s.Dir, "current")) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			install(t, s, d.bundle("10999", "2024", 1, k), k.public)
			install(t, s, d.bundle("10999", "2025", 2, k))
			shown, err := s.Choose(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.breaks(s, shown.Dir); err != nil {
				t.Fatal(err)
			}
			shows(t, s, "2024")
			if shown, err = s.Choose(context.Background()); err != nil || !shown.Previous || len(shown.Skipped) != 1 {
				t.Errorf("Choose = %+v, %v; want the one before and why", shown, err)
			}
			// What is good stays the one before when the next comes.
			install(t, s, d.bundle("10999", "2026", 3, k))
			shows(t, s, "2026")
			if _, err := s.Rollback(context.Background()); err != nil {
				t.Fatal(err)
			}
			shows(t, s, "2024")
		})
	}
}

// TestRefusedKeepsWhatNobodyCanRead: with the keys lost no pointer can be read,
// and a bundle that is refused then must not cost the datasets.
func TestRefusedKeepsWhatNobodyCanRead(t *testing.T) {
	d, k, other, s := newDesk(t), newKey(t), newKey(t), newStore(t)
	install(t, s, d.bundle("10999", "2024", 1, k), k.public)
	install(t, s, d.bundle("10999", "2025", 2, k))
	keys := filepath.Join(s.Dir, "trusted")
	lost, err := os.ReadFile(keys)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(keys); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Install(context.Background(), bytes.NewReader(d.bundle("10999", "2026", 3, k)), []minisign.PublicKey{other.public}, nil); err == nil {
		t.Error("a bundle of a key that is not trusted was installed")
	}
	if err := os.WriteFile(keys, lost, 0o644); err != nil {
		t.Fatal(err)
	}
	shows(t, s, "2025")
	if _, err := s.Rollback(context.Background()); err != nil {
		t.Error(err)
	}
}

func flip(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	data[len(data)/4] ^= 1
	return os.WriteFile(path, data, 0o644)
}

func TestDamagedIsHealed(t *testing.T) {
	d, k, s := newDesk(t), newKey(t), newStore(t)
	data := d.bundle("10999", "2024", 1, k)
	install(t, s, data, k.public)
	shown, err := s.Choose(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := flip(filepath.Join(shown.Dir, "risks.idx")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Choose(context.Background()); err == nil {
		t.Fatal("a damaged dataset is shown")
	}
	install(t, s, data)
	shows(t, s, "2024")
}

func TestInstallFromStick(t *testing.T) {
	d, k, other, s := newDesk(t), newKey(t), newKey(t), newStore(t)
	stick := t.TempDir()
	put := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(stick, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	install(t, s, d.bundle("10999", "2024", 5, k), k.public)
	put("old.hazmap", d.bundle("10999", "2023", 4, k))
	put("same.hazmap", d.bundle("10999", "2024", 5, k))
	if _, _, refused, err := s.InstallFrom(context.Background(), stick, nil); !errors.Is(err, store.ErrNothingNewer) || len(refused) != 0 {
		t.Errorf("nothing newer: refused %v, %v", refused, err)
	}
	newest := d.bundle("10999", "2027", 8, k)
	put("newest-cut.hazmap", newest[:len(newest)-100])
	put("good.hazmap", d.bundle("10999", "2026", 7, k))
	put("older.hazmap", d.bundle("10999", "2025", 6, k))
	put("strange.hazmap", d.bundle("10999", "2028", 9, other))
	put("holiday.jpg", []byte("JFIF"))
	if err := os.Symlink("/etc/passwd", filepath.Join(stick, "link.hazmap")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(stick, "folder.hazmap"), 0o755); err != nil {
		t.Fatal(err)
	}
	path, p, refused, err := s.InstallFrom(context.Background(), stick, nil)
	if err != nil || filepath.Base(path) != "good.hazmap" || p.Edition != "2026" {
		t.Errorf("InstallFrom = %s, edition %s, %v", path, p.Edition, err)
	}
	if !slices.ContainsFunc(refused, func(err error) bool { return strings.Contains(err.Error(), "newest-cut") }) || len(refused) != 2 {
		t.Errorf("refused %v, want the cut one and the stranger's", refused)
	}
	shows(t, s, "2026")
	// A rollback is not undone by the stick that is still there.
	if _, err := s.Rollback(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(stick, "newest-cut.hazmap")); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.InstallFrom(context.Background(), stick, nil); !errors.Is(err, store.ErrNothingNewer) {
		t.Errorf("after a rollback: %v", err)
	}
	shows(t, s, "2024")
}
