package archive_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"hazardmap/geo/archive"
	"hazardmap/geo/published"
)

// entry is one file of an archive that a test makes.
type entry struct {
	name, text string
	mode       fs.FileMode // 0 means a plain file
}

func zipOf(t testing.TB, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: true}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, e.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarOf(t testing.TB, headers ...tar.Header) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		text := strings.Repeat("x", int(h.Size))
		h.Mode = 0o600
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func cp932(t testing.TB, s string) string {
	t.Helper()
	b, err := japanese.ShiftJIS.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// list walks and returns "path (name): text" of each member, paths from base.
func list(t testing.TB, limits archive.Limits, base, path string) ([]string, error) {
	t.Helper()
	var got []string
	err := limits.Walk(t.Context(), path, func(m *archive.Member) error {
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if m.Size >= 0 && int64(len(text)) != m.Size {
			t.Errorf("%s: read %d bytes of %d", m.Path, len(text), m.Size)
		}
		shown, err := filepath.Rel(base, m.Path)
		if err != nil {
			return err
		}
		got = append(got, shown+" ("+m.Name+"): "+string(text))
		return nil
	})
	return got, err
}

func TestWalk(t *testing.T) {
	inner := zipOf(t, entry{name: "x.geojson", text: "1"})
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"file", "a.csv", "1", []string{"a.csv (a.csv): 1"}},
		{"empty file", "a.csv", "", []string{"a.csv (a.csv): "}},
		{"gzip", "a.geojson.gz", gzipOf(t, "1"), []string{"a.geojson.gz (a.geojson): 1"}},
		{"gzip by content", "a.geojson", gzipOf(t, "1"), []string{"a.geojson (a.geojson): 1"}},
		{"gzip of two parts", "a.gz", gzipOf(t, "1") + gzipOf(t, "2"), []string{"a.gz (a): 12"}},
		{"zip", "a.zip", zipOf(t, entry{name: "b/", mode: fs.ModeDir | 0o700}, entry{name: "b/y.txt", text: "2"}, entry{name: "b/x.txt", text: "1"}),
			[]string{"a.zip!b/x.txt (x.txt): 1", "a.zip!b/y.txt (y.txt): 2"}},
		{"empty zip", "a.zip", zipOf(t), nil},
		{"names in CP932 and UTF-8", "a.zip", zipOf(t, entry{name: cp932(t, "20_想定最大規模/表ソ能①.geojson"), text: "1"}, entry{name: "20_計画規模/x.geojson", text: "2"}),
			[]string{"a.zip!20_想定最大規模/表ソ能①.geojson (表ソ能①.geojson): 1", "a.zip!20_計画規模/x.geojson (x.geojson): 2"}},
		{"backslashes", "a.zip", zipOf(t, entry{name: `30000-17.0b\30_2023.csv`, text: "1"}, entry{name: cp932(t, `フォルダ\表.csv`), text: "2"}),
			[]string{"a.zip!30000-17.0b/30_2023.csv (30_2023.csv): 1", "a.zip!フォルダ/表.csv (表.csv): 2"}},
		{"junk", "a.zip", zipOf(t, entry{name: "__MACOSX/._x.csv", text: "?"}, entry{name: "b/.DS_Store"}, entry{name: "b/._x.csv"}, entry{name: "b/x.csv", text: "1"}),
			[]string{"a.zip!b/x.csv (x.csv): 1"}},
		{"zip in zip", "a.zip", zipOf(t, entry{name: "b/inner.zip", text: inner}, entry{name: "c.gz", text: gzipOf(t, "2")}),
			[]string{"a.zip!b/inner.zip!x.geojson (x.geojson): 1", "a.zip!c.gz (c): 2"}},
		{"tar.gz", "a.tar.gz", gzipOf(t, tarOf(t, tar.Header{Typeflag: tar.TypeDir, Name: "./"}, tar.Header{Typeflag: tar.TypeReg, Name: "./b/y", Size: 2}, tar.Header{Typeflag: tar.TypeReg, Name: "b/x", Size: 1})),
			[]string{"a.tar.gz!b/x (x): x", "a.tar.gz!b/y (y): xx"}},
		{"office document", "a.xlsx", zipOf(t, entry{name: "[Content_Types].xml"}, entry{name: "xl/sheet.xml"}), nil},
		{"dots that stay inside", "a.zip", zipOf(t, entry{name: "b/../c.csv", text: "1"}), []string{"a.zip!c.csv (c.csv): 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			got, err := list(t, archive.Limits{}, dir, write(t, filepath.Join(dir, tt.file), tt.text))
			if tt.name == "office document" {
				if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "a.xlsx (a.xlsx): PK") {
					t.Errorf("Walk = %.60q, %v, want the document itself", got, err)
				}
				return
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("Walk = %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestWalkFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "b", "x.csv"), "2")
	write(t, filepath.Join(dir, "a.zip"), zipOf(t, entry{name: "y.csv", text: "1"}))
	write(t, filepath.Join(dir, "__MACOSX", "z.csv"), "?")
	write(t, filepath.Join(dir, ".DS_Store"), "?")
	got, err := list(t, archive.Limits{}, dir, dir)
	if want := []string{"a.zip!y.csv (y.csv): 1", "b/x.csv (x.csv): 2"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("Walk = %q, %v, want %q", got, err, want)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "b", "link.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := list(t, archive.Limits{}, dir, dir); !errors.Is(err, archive.ErrLink) {
		t.Errorf("folder with a link: %v, want %v", err, archive.ErrLink)
	}
	if _, err := list(t, archive.Limits{}, dir, filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v, want %v", err, fs.ErrNotExist)
	}
}

func TestSibling(t *testing.T) {
	shapefile := zipOf(t, entry{name: "SHP/a.shp"}, entry{name: "SHP/A.DBF", text: "table"}, entry{name: "a.prj", text: "of another folder"})
	dir := t.TempDir()
	write(t, filepath.Join(dir, "folder", "b.shp"), "")
	write(t, filepath.Join(dir, "folder", "b.Dbf"), "table")
	for _, path := range []string{write(t, filepath.Join(dir, "a.zip"), shapefile), filepath.Join(dir, "folder"), filepath.Join(dir, "folder", "b.shp")} {
		found := false
		err := archive.Walk(t.Context(), path, func(m *archive.Member) error {
			if filepath.Ext(m.Name) != ".shp" {
				return nil
			}
			found = true
			dbf, ok := m.Sibling(".dbf")
			if !ok || dbf.Size != 5 {
				t.Fatalf("%s: Sibling(.dbf) = %v, %v", m.Path, dbf, ok)
			}
			r, err := dbf.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			if text, err := io.ReadAll(r); string(text) != "table" || err != nil {
				t.Errorf("%s: sibling reads %q, %v", m.Path, text, err)
			}
			if prj, ok := m.Sibling(".prj"); ok {
				t.Errorf("%s: Sibling(.prj) = %v, want none", m.Path, prj)
			}
			return nil
		})
		if err != nil || !found {
			t.Errorf("Walk(%s) = %v, found %v", path, err, found)
		}
	}
}

func TestWalkEnds(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "a.zip"), zipOf(t, entry{name: "x"}, entry{name: "y"}))
	stop := errors.New("enough")
	calls := 0
	if err := archive.Walk(t.Context(), path, func(*archive.Member) error { calls++; return stop }); err != stop || calls != 1 {
		t.Errorf("Walk = %v after %d calls, want %v after 1", err, calls, stop)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := archive.Walk(ctx, path, func(m *archive.Member) error {
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		cancel()
		_, err = r.Read(make([]byte, 1))
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Walk, cancelled = %v", err)
	}
}

func TestPublishedArchives(t *testing.T) {
	tests := []struct {
		path    string
		members int
		one     string // suffix of the path of one of them
	}{
		{"ksj-format/A31a-derived_14_20_GEOJSON.zip", 3, "!A31a-derived_14_20_GEOJSON/20_想定最大規模/A31a-20-21_14_1400120001.geojson"},
		{"ksj-format/A33-derived_22_SHP.zip", 4, ".dbf"},
		{"ksj-format", 3 + 4 + 4 + 2 + 1, "SOURCE.md"},
		{"addresses/isj/30000-17.0b.zip", 3, "!30000-17.0b/30_2023.csv"},
		{"shelters/gsi-gunma-municipal.tar.gz", 0, "102041"},
		{"boundaries/N03-2020_gunma_municipalities.tar.gz", 0, "10204"},
		{"jma-xml/jma_samples_A.zip", 170, ".xml"},
		{"flood/A31-20-21_1400020001.geojson.gz", 1, "A31-20-21_1400020001.geojson.gz"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			members, found := 0, false
			err := archive.Walk(t.Context(), published.Path(t, tt.path), func(m *archive.Member) error {
				members++
				found = found || strings.HasSuffix(m.Path, tt.one) || tt.members == 0 && strings.Contains(m.Name, tt.one)
				r, err := m.Open()
				if err != nil {
					return err
				}
				defer r.Close()
				n, err := io.Copy(io.Discard, r)
				if m.Size >= 0 && n != m.Size {
					t.Errorf("%s: %d bytes, want %d", m.Path, n, m.Size)
				}
				return err
			})
			if err != nil || !found || tt.members > 0 && members != tt.members || members < tt.members {
				t.Errorf("%d members, %v, found %s: %v; want %d", members, err, tt.one, found, tt.members)
			}
			t.Log(members, "members")
		})
	}
}
