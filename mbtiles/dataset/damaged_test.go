package dataset_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/mbtiles/dataset"
)

// long is set for the full numbers that `make bench` prints.
func long() bool { return os.Getenv("HAZARDMAP_TEST_LONG") != "" }

// withPlaces builds a dataset that has a file of every kind.
func withPlaces(t *testing.T, out string) {
	t.Helper()
	c := contents()
	places, err := gazetteer.NewBuilder(gazetteer.Options{Code: "10999"}).Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c.Gazetteer = places.Index
	build(t, out, c)
}

// TestServingRefusesDamage damages every file of a dataset at random places: a
// bit, a cut, a page of zeros. Whoever serves it refuses and says which file.
func TestServingRefusesDamage(t *testing.T) {
	out := filepath.Join(t.TempDir(), "mihon")
	withPlaces(t, out)
	names := filesOf(t, out)
	flips, cuts, zeros := 40, 20, 20
	if long() {
		flips, cuts, zeros = 1000, 500, 500
	}
	r := rand.New(rand.NewPCG(7, 8))
	refused := 0
	for i := range flips + cuts + zeros {
		name := names[i%len(names)]
		path := filepath.Join(out, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		damaged, at := bytes.Clone(good), r.IntN(len(good))
		switch {
		case i < flips:
			damaged[at] ^= 1 << r.IntN(8)
		case i < flips+cuts:
			damaged = damaged[:at]
		default:
			clear(damaged[at/4096*4096 : min(len(damaged), at/4096*4096+4096)])
		}
		if bytes.Equal(good, damaged) {
			continue // the page was empty before
		}
		write(t, path, damaged)
		d, err := dataset.OpenCopy(context.Background(), out)
		if err == nil {
			d.Close()
			t.Errorf("%s, damage %d at %d: opened", name, i, at)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("%s, damage %d: %v, want the name of the file", name, i, err)
		}
		refused++
		write(t, path, good)
	}
	t.Logf("%d bits flipped, %d cut off, %d pages of zeros: %d damaged, all refused by name", flips, cuts, zeros, refused)
}

// filesOf lists the files that a manifest names.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	m, _, err := dataset.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range m.Files {
		names = append(names, f.Name)
	}
	return names
}

// TestVerifyRefusesWhatItDoesNotKnow puts something else in the place of each
// file, with a manifest that says so: what a newer program wrote, what another
// wrote, nothing.
func TestVerifyRefusesWhatItDoesNotKnow(t *testing.T) {
	template := filepath.Join(t.TempDir(), "mihon")
	withPlaces(t, template)
	for _, name := range append(filesOf(t, template), dataset.ManifestName) {
		good, err := os.ReadFile(filepath.Join(template, name))
		if err != nil {
			t.Fatal(err)
		}
		for what, data := range map[string][]byte{
			"nothing": {}, "a photo": []byte("\xff\xd8\xff\xe0JFIF"), "zeros": make([]byte, len(good)), "half": good[:len(good)/2],
			"text": []byte("404 Not Found\n"), "a database of nothing": append([]byte("SQLite format 3\x00"), make([]byte, 4080)...),
			"of a newer program": newer(name, good),
		} {
			dir := filepath.Join(t.TempDir(), "mihon")
			copyTree(t, template, dir)
			write(t, filepath.Join(dir, name), data)
			if name != dataset.ManifestName {
				claim(t, dir, name)
			}
			err := dataset.Verify(context.Background(), dir, nil)
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s is %s: %v, want it refused by name", name, what, err)
			}
		}
	}
}

// newer raises the version that a file says it is of.
func newer(name string, good []byte) []byte {
	data := bytes.Clone(good)
	switch filepath.Ext(name) {
	case ".json":
		return bytes.Replace(data, []byte(`"format":1`), []byte(`"format":2`), 1)
	case ".idx":
		data[8]++ // behind the magic
	case ".gpkg":
		data[61] = 1 // user_version, big-endian
	case ".mbtiles":
		data[18], data[19] = 9, 9 // of the file format of SQLite: for reading and for writing
	}
	return data
}

// claim makes the manifest name a file as it is.
func claim(t *testing.T, dir, name string) {
	t.Helper()
	manifest := filepath.Join(dir, dataset.ManifestName)
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	entry := regexp.MustCompile(`\{"name":"` + regexp.QuoteMeta(name) + `","bytes":\d+,"sha256":"[0-9a-f]+"\}`)
	sum := sha256.Sum256(data)
	claimed := fmt.Sprintf(`{"name":"%s","bytes":%d,"sha256":"%x"}`, name, len(data), sum)
	write(t, manifest, entry.ReplaceAll(text, []byte(claimed)))
}
