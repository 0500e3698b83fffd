package bundle_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
	"github.com/klauspost/compress/zstd"

	"hazardmap/mbtiles/bundle"
	"hazardmap/mbtiles/dataset"
	"hazardmap/mbtiles/dataset/datasettest"
	"hazardmap/mbtiles/disk"
)

// desk is somebody who publishes: a key and a dataset.
type desk struct {
	public  minisign.PublicKey
	secret  minisign.PrivateKey
	dir     string
	pointer bundle.Pointer
	bytes   []byte
}

func newDesk(t *testing.T) desk {
	t.Helper()
	var d desk
	var err error
	if d.public, d.secret, err = minisign.GenerateKey(nil); err != nil {
		t.Fatal(err)
	}
	d.dir = filepath.Join(t.TempDir(), "mihon")
	datasettest.Build(t, d.dir, "10999", "2026")
	if d.pointer, err = bundle.PointerTo(d.dir); err != nil {
		t.Fatal(err)
	}
	d.pointer.Sequence, d.pointer.Created, d.pointer.Expires = 7, time.Unix(1e9, 0).UTC(), time.Unix(2e9, 0).UTC()
	var b bytes.Buffer
	if err := bundle.Write(context.Background(), &b, d.dir, d.pointer, d.secret); err != nil {
		t.Fatal(err)
	}
	d.bytes = b.Bytes()
	return d
}

// unpack reads a bundle into a new directory.
func (d desk) unpack(t *testing.T, data []byte) (string, error) {
	t.Helper()
	b, err := bundle.Open(bytes.NewReader(data), []minisign.PublicKey{d.public})
	if err != nil {
		return "", err
	}
	defer b.Close()
	dir := filepath.Join(t.TempDir(), "out")
	return dir, b.Unpack(context.Background(), disk.OS{}, dir)
}

func TestBundleHoldsTheDataset(t *testing.T) {
	d := newDesk(t)
	dir, err := d.unpack(t, d.bytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := dataset.Verify(context.Background(), dir, nil); err != nil {
		t.Error(err)
	}
	var again bytes.Buffer
	if err := bundle.Write(context.Background(), &again, dir, d.pointer, d.secret); err != nil || !bytes.Equal(again.Bytes(), d.bytes) {
		t.Errorf("the same dataset and pointer give another bundle: %v", err)
	}
}

// entry is one file of the tar in a bundle.
type entry struct {
	tar.Header
	data []byte
}

func (d desk) entries(t *testing.T) []entry {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(d.bytes))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all []entry
	for r := tar.NewReader(z); ; {
		head, err := r.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entry{*head, data})
	}
}

func pack(t *testing.T, all []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, e := range all {
		if e.Typeflag == tar.TypeReg {
			e.Size = int64(len(e.data))
		}
		if err := w.WriteHeader(&e.Header); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(e.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func file(name string, data []byte) entry {
	return entry{tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644}, data}
}

// signedAs signs the pointer of the desk after a change.
func (d desk) signedAs(t *testing.T, key minisign.PrivateKey, change func(*bundle.Pointer)) []byte {
	t.Helper()
	p := d.pointer
	change(&p)
	signed, err := bundle.Sign(p, key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func TestRefused(t *testing.T) {
	d := newDesk(t)
	_, stranger, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	same := func(*bundle.Pointer) {}
	zeros := make([]byte, 64<<20)
	tests := []struct {
		name  string
		alter func(all []entry) []entry
		want  string
	}{
		{"nothing", func([]entry) []entry { return nil }, "is no bundle"},
		{"no pointer", func(all []entry) []entry { return all[1:] }, "is not signed"},
		{"no signature", func(all []entry) []entry {
			all[0].data = all[0].data[:bytes.IndexByte(all[0].data, '\n')+1]
			return all
		}, "is not signed"},
		{"signature cut off", func(all []entry) []entry { all[0].data = all[0].data[:len(all[0].data)-60]; return all }, "signature cannot be read"},
		{"signed by a stranger", func(all []entry) []entry { all[0].data = d.signedAs(t, stranger, same); return all }, "which is not trusted here"},
		{"pointer altered", func(all []entry) []entry {
			all[0].data = bytes.Replace(all[0].data, []byte(`"sequence":7`), []byte(`"sequence":9`), 1)
			return all
		}, "was altered"},
		{"pointer of a stranger with the number of a trusted key", func(all []entry) []entry {
			line, _, _ := bytes.Cut(d.signedAs(t, stranger, same), []byte("\n"))
			_, signature, _ := bytes.Cut(d.signedAs(t, d.secret, func(p *bundle.Pointer) { p.Sequence = 8 }), []byte("\n"))
			all[0].data = slicesJoin(line, signature)
			return all
		}, "was altered"},
		{"pointer as a link", func(all []entry) []entry {
			all[0] = entry{tar.Header{Name: "pointer", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil}
			return all
		}, "begins with no pointer"},
		{"pointer without end", func(all []entry) []entry { all[0].data = zeros; return all }, "pointer is longer than"},
		{"pointer to another dataset", func(all []entry) []entry {
			all[0].data = d.signedAs(t, d.secret, func(p *bundle.Pointer) { p.Dataset = "10998" })
			return all
		}, `is of dataset "10999", the pointer of "10998"`},
		{"pointer to another version", func(all []entry) []entry {
			all[0].data = d.signedAs(t, d.secret, func(p *bundle.Pointer) { p.Version = strings.Repeat("0", 64) })
			return all
		}, "manifest.json: is not the one that the pointer names"},
		{"pointer announces less", func(all []entry) []entry {
			all[0].data = d.signedAs(t, d.secret, func(p *bundle.Pointer) { p.Bytes-- })
			return all
		}, "the pointer says"},
		{"manifest altered", func(all []entry) []entry { all[1].data = append(all[1].data, ' '); return all }, "manifest.json: is not the one"},
		{"manifest is a bomb", func(all []entry) []entry { all[1].data = zeros; return all }, "are more than the pointer announces"},
		{"file missing", func(all []entry) []entry { return all[:len(all)-1] }, "ends before"},
		{"files swapped", func(all []entry) []entry { all[2], all[3] = all[3], all[2]; return all }, "where"},
		{"file longer", func(all []entry) []entry { all[2].data = append(all[2].data, 0); return all }, "the manifest says"},
		{"file of the same length altered", func(all []entry) []entry {
			all[2].data = bytes.Clone(all[2].data)
			all[2].data[0]++
			return all
		}, "SHA-256 is"},
		{"file is a bomb", func(all []entry) []entry { all[2].data = zeros; return all }, "bytes, the manifest says"},
		{"file more", func(all []entry) []entry { return append(all, file("more.idx", nil)) }, `holds "more.idx", which is not in the manifest`},
		{"file twice", func(all []entry) []entry { return append(all, all[2]) }, "which is not in the manifest"},
		{"path that climbs", func(all []entry) []entry { all[2].Name = "../../" + all[2].Name; return all }, "where"},
		{"absolute path", func(all []entry) []entry { all[2].Name = "/etc/" + all[2].Name; return all }, "where"},
		{"symbolic link", func(all []entry) []entry {
			all[2] = entry{tar.Header{Name: all[2].Name, Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, nil}
			return all
		}, "where"},
		{"hard link", func(all []entry) []entry {
			all[2] = entry{tar.Header{Name: all[2].Name, Typeflag: tar.TypeLink, Linkname: "manifest.json"}, nil}
			return all
		}, "where"},
		{"device", func(all []entry) []entry {
			all[2] = entry{tar.Header{Name: all[2].Name, Typeflag: tar.TypeBlock, Devmajor: 8}, nil}
			return all
		}, "where"},
		{"directory", func(all []entry) []entry {
			all[2] = entry{tar.Header{Name: all[2].Name, Typeflag: tar.TypeDir}, nil}
			return all
		}, "where"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := d.unpack(t, pack(t, tt.alter(d.entries(t))))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func slicesJoin(line, rest []byte) []byte { return append(append(bytes.Clone(line), '\n'), rest...) }

// TestManifestCannotNameOutside signs a manifest that wants its files
// elsewhere: even the holder of the key reaches nothing.
func TestManifestCannotNameOutside(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"../risks.idx", "/tmp/risks.idx", "a/risks.idx", "risks.idx\x00", "run.sh", "manifest.json", ""} {
		all := d.entries(t)
		manifest := bytes.Replace(all[1].data, []byte(`"name":"risks.idx"`), []byte(`"name":"`+strings.ReplaceAll(name, "\x00", `\u0000`)+`"`), 1)
		sum := sha256.Sum256(manifest)
		all[0].data = d.signedAs(t, d.secret, func(p *bundle.Pointer) {
			p.Version, p.Bytes = hex.EncodeToString(sum[:]), p.Bytes+int64(len(manifest)-len(all[1].data))
		})
		all[1].data = manifest
		if _, err := d.unpack(t, pack(t, all)); err == nil || !strings.Contains(err.Error(), "is not allowed") {
			t.Errorf("name %q: %v, want it refused", name, err)
		}
	}
}

func TestAnyBitFlipped(t *testing.T) {
	d := newDesk(t)
	step := max(1, len(d.bytes)/80)
	for i := 0; i < len(d.bytes); i += step {
		data := bytes.Clone(d.bytes)
		data[i] ^= 1 << (i % 8)
		dir, err := d.unpack(t, data)
		if err != nil {
			continue
		}
		// A bit of the frame that means nothing changes nothing.
		if err := dataset.CheckFiles(context.Background(), dir); err != nil {
			t.Errorf("byte %d: unpacked without a word: %v", i, err)
		}
	}
	for n := 0; n < len(d.bytes); n += step {
		if _, err := d.unpack(t, d.bytes[:n]); err == nil {
			t.Errorf("cut off after %d of %d bytes: unpacked without a word", n, len(d.bytes))
		}
	}
	if _, err := d.unpack(t, append(bytes.Clone(d.bytes), d.bytes...)); err == nil {
		t.Error("two bundles in one file: unpacked without a word")
	}
}

func TestPointerFromTheFuture(t *testing.T) {
	_, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	public := secret.Public().(minisign.PublicKey)
	for _, line := range []string{`{"format":2}`, `{"format":1,"colour":"red"}`, `{}`, `null`, `[]`, `{"format":-1}`, `{"format":NaN}`, ``} {
		signed := slicesJoin([]byte(line), minisign.Sign(secret, []byte(line+"\n")))
		if _, _, err := bundle.Check(signed, []minisign.PublicKey{public}); err == nil {
			t.Errorf("%s: accepted", line)
		}
	}
}

func TestReadableBy(t *testing.T) {
	for _, tt := range []struct {
		needs, program string
		want           bool
	}{{"", "0.1.0", true}, {"0.1.0", "0.1.0", true}, {"0.1", "0.1.0", true}, {"0.2.0", "0.1.9", false}, {"0.10.0", "0.9.0", false}, {"1", "0.9.9", false}, {"0.9.9", "1", true}} {
		p := bundle.Pointer{Program: tt.needs}
		if err := p.ReadableBy(tt.program); (err == nil) != tt.want {
			t.Errorf("needs %q, is %q: %v", tt.needs, tt.program, err)
		}
	}
}

func TestExpired(t *testing.T) {
	p := bundle.Pointer{Created: time.Unix(1e9, 0), Expires: time.Unix(2e9, 0)}
	for year, want := range map[int]bool{1970: false, 2010: false, 2040: true, 9999: true} {
		if got := p.Expired(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("in %d: expired %v, want %v", year, got, want)
		}
	}
}

func FuzzOpen(f *testing.F) {
	public, secret, err := minisign.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	p := bundle.Pointer{Dataset: "10999", Version: strings.Repeat("a", 64), Bytes: 1, Sequence: 1}
	signed, err := bundle.Sign(p, secret)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{signed, signed[:len(signed)/2], nil, []byte("-1"), []byte("NaN"), []byte("\n\n\n\n\n"), []byte("{}\n")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := bundle.Check(data, []minisign.PublicKey{public})
		if err == nil && (got.Version != p.Version || got.Sequence != 1) {
			t.Errorf("%q: accepted as %+v", data, got)
		}
		b, err := bundle.Open(bytes.NewReader(data), []minisign.PublicKey{public})
		if err == nil {
			b.Close()
		}
		if trusted, err := bundle.ParseTrusted(data); err == nil {
			again, err := bundle.ParseTrusted(trusted.Bytes())
			if err != nil || !bytes.Equal(again.Bytes(), trusted.Bytes()) {
				t.Errorf("%q: reads back as %q, %v", trusted.Bytes(), again.Bytes(), err)
			}
		}
	})
}
