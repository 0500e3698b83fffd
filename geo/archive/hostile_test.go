package archive_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hazardmap/geo/archive"
)

func TestUnsafeNames(t *testing.T) {
	for _, name := range []string{
		"../x", "../../etc/passwd", "a/../../x", "/etc/passwd", "//host/x", `..\x`, `a\..\..\x`, `\\host\x`, `C:\x`, "c:/x", "..", "", ".", "a\x00b", "a\nb",
		cp932(t, "表") + `\..\..\..\x`, strings.Repeat("a/", 3000) + "x",
	} {
		dir := t.TempDir()
		_, err := list(t, archive.Limits{}, dir, write(t, filepath.Join(dir, "a.zip"), zipOf(t, entry{name: "ok"}, entry{name: name, text: "x"})))
		var named *archive.Error
		if !errors.Is(err, archive.ErrUnsafeName) || !errors.As(err, &named) || !strings.Contains(named.Path, "a.zip!") {
			t.Errorf("zip with %.30q: %v, want %v", name, err, archive.ErrUnsafeName)
		}
		if strings.Contains(name, "\x00") || name == "" || name == "." {
			continue // tar cannot hold it
		}
		_, err = list(t, archive.Limits{}, dir, write(t, filepath.Join(dir, "a.tar"), tarOf(t, tar.Header{Name: name, Typeflag: tar.TypeReg, Size: 1, Format: tar.FormatGNU})))
		if !errors.Is(err, archive.ErrUnsafeName) {
			t.Errorf("tar with %.30q: %v, want %v", name, err, archive.ErrUnsafeName)
		}
	}
}

// nested packs a zip in a zip so many times.
func nested(t *testing.T, times int) string {
	text := "x"
	for i := range times {
		text = zipOf(t, entry{name: fmt.Sprintf("%d.zip", i), text: text})
	}
	return text
}

// declare returns a zip that says of its one file that it is larger.
func declare(t *testing.T, size uint32) string {
	text := []byte(zipOf(t, entry{name: "x", text: "1"}))
	directory := bytes.Index(text, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(text[directory+24:], size)
	return string(text)
}

// zeros returns 32 MB of zeros as deflate packs them, from 1 MB packed once.
func zeros(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	const lastBlock = "\x03\x00"
	return strings.Repeat(b.String(), 32) + lastBlock
}

// zipBomb returns a zip of 32 MB of zeros.
func zipBomb(t *testing.T) string {
	t.Helper()
	packed := zeros(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{Name: "x", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(make([]byte, 32<<20)),
		CompressedSize64: uint64(len(packed)), UncompressedSize64: 32 << 20})
	if err == nil {
		_, err = io.WriteString(w, packed)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lie makes the directory of a zip say that its file is 1 MB.
func lie(zipped string) string {
	text := []byte(zipped)
	size := text[bytes.Index(text, []byte("PK\x01\x02"))+24:]
	binary.LittleEndian.PutUint32(size, 1<<20)
	return string(text)
}

func TestHostile(t *testing.T) {
	small := archive.Limits{Entries: 10, Bytes: 64 << 20}
	many := make([]entry, 11)
	for i := range many {
		many[i].name = fmt.Sprint(i, ".csv")
	}
	encrypted := []byte(zipOf(t, entry{name: "x", text: "1"}))
	encrypted[bytes.Index(encrypted, []byte("PK\x01\x02"))+8] |= 1
	tests := []struct {
		name, text string
		want       error
	}{
		{"link in zip", zipOf(t, entry{name: "x", text: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), archive.ErrLink},
		{"device in zip", zipOf(t, entry{name: "x", mode: fs.ModeDevice | 0o600}), archive.ErrLink},
		{"link in tar", tarOf(t, tar.Header{Name: "x", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), archive.ErrLink},
		{"hard link in tar", tarOf(t, tar.Header{Name: "x", Typeflag: tar.TypeLink, Linkname: "y"}), archive.ErrLink},
		{"one name twice", zipOf(t, entry{name: "a/x", text: "1"}, entry{name: "a/x", text: "2"}), archive.ErrDuplicate},
		{"one name twice by backslash", zipOf(t, entry{name: "a/x"}, entry{name: `a\x`}), archive.ErrDuplicate},
		{"one name twice in tar", tarOf(t, tar.Header{Name: "x", Typeflag: tar.TypeReg}, tar.Header{Name: "./x", Typeflag: tar.TypeReg}), archive.ErrDuplicate},
		{"encrypted", string(encrypted), archive.ErrEncrypted},
		{"too many entries", zipOf(t, many...), archive.ErrTooMany},
		{"five zips in each other", nested(t, 5), archive.ErrTooDeep},
		{"gzip in gzip in gzip in gzip in gzip", gzipOf(t, gzipOf(t, gzipOf(t, gzipOf(t, gzipOf(t, "x"))))), archive.ErrTooDeep},
		{"zip bomb", zipBomb(t), archive.ErrRatio},
		{"zip bomb that lies", lie(zipBomb(t)), zip.ErrFormat},
		{"zip bomb in zip", zipOf(t, entry{name: "a.zip", text: zipBomb(t)}), archive.ErrRatio},
		{"gzip bomb", strings.Repeat(gzipOf(t, strings.Repeat("\x00", 1<<20)), 32), archive.ErrRatio},
		{"gzip bomb of a tar", gzipOf(t, tarOf(t, tar.Header{Name: "x", Typeflag: tar.TypeReg, Size: 1})) + strings.Repeat(gzipOf(t, strings.Repeat("\x00", 1<<20)), 32), archive.ErrRatio},
		{"zip that claims 4 GB", declare(t, 1<<32-2), archive.ErrTooBig},
		{"zip that claims 2 bytes of 1", declare(t, 2), io.ErrUnexpectedEOF},
		{"zip cut off", zipOf(t, entry{name: "x", text: "1"})[:30], zip.ErrFormat},
		{"gzip cut off", gzipOf(t, strings.Repeat("伊勢崎市", 1000))[:40], io.ErrUnexpectedEOF},
		{"gzip without end", gzipOf(t, "1")[:12], io.ErrUnexpectedEOF},
		{"gzip changed", flipped(gzipOf(t, "1"), -6), gzip.ErrChecksum},
		{"tar cut off", tarOf(t, tar.Header{Name: "x", Typeflag: tar.TypeReg, Size: 4000})[:1500], io.ErrUnexpectedEOF},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := list(t, small, dir, write(t, filepath.Join(dir, "a"), tt.text))
			var named *archive.Error
			// klauspost's gzip has errors of its own, of the same text.
			if !errors.Is(err, tt.want) && (err == nil || !strings.Contains(err.Error(), tt.want.Error())) || !errors.As(err, &named) {
				t.Errorf("Walk = %v, want %v of a file", err, tt.want)
			}
		})
	}
}

func flipped(s string, at int) string {
	b := []byte(s)
	b[len(b)+at] ^= 1
	return string(b)
}

// A bomb is not unpacked beyond the limit, and all that was unpacked counts.
func TestTotal(t *testing.T) {
	dir := t.TempDir()
	noise := make([]byte, 1<<20)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	inner := zipOf(t, entry{name: "x", text: string(noise)})
	path := write(t, filepath.Join(dir, "a.zip"), zipOf(t, entry{name: "1.zip", text: inner}, entry{name: "2.zip", text: inner}))
	if _, err := list(t, archive.Limits{Bytes: 5 << 20}, dir, path); err != nil {
		t.Errorf("4 MB in all within 5: %v", err)
	}
	if _, err := list(t, archive.Limits{Bytes: 3 << 20}, dir, path); !errors.Is(err, archive.ErrTooBig) {
		t.Errorf("4 MB in all within 3: %v, want %v", err, archive.ErrTooBig)
	}
}

// FuzzWalk: whatever an archive holds, its members have clean local names, each
// one its own, and no walk reads more than its limits.
func FuzzWalk(f *testing.F) {
	zipped := zipOf(f, entry{name: "a/x.csv", text: "1"}, entry{name: cp932(f, "表.csv"), text: "2"}, entry{name: "i.zip", text: zipOf(f, entry{name: "y"})})
	tarred := tarOf(f, tar.Header{Name: "a/x", Typeflag: tar.TypeReg, Size: 5}, tar.Header{Name: "b", Typeflag: tar.TypeDir})
	for _, seed := range []string{"", "-1", "NaN", "PK\x03\x04", "\x1f\x8b\x08", zipped, zipped[:len(zipped)/2], tarred, tarred[:700], gzipOf(f, tarred), gzipOf(f, zipped)} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, in []byte) {
		path := filepath.Join(dir, fmt.Sprint(os.Getpid()))
		if err := os.WriteFile(path, in, 0o600); err != nil {
			t.Fatal(err)
		}
		limits := archive.Limits{Entries: 100, Bytes: 1 << 20}
		seen, total := map[string]bool{}, int64(0)
		err := limits.Walk(t.Context(), path, func(m *archive.Member) error {
			inside := strings.TrimPrefix(m.Path, path)
			if seen[inside] || strings.ContainsFunc(inside, unicode.IsControl) || !utf8.ValidString(inside) {
				t.Errorf("member %q", m.Path)
			}
			parts := strings.FieldsFunc(inside, func(r rune) bool { return r == '/' || r == '!' })
			if slices.Contains(parts, "..") || strings.HasPrefix(inside, "!/") {
				t.Errorf("member %q leads out", m.Path)
			}
			seen[inside] = true
			r, err := m.Open()
			if err != nil {
				return err
			}
			defer r.Close()
			n, err := io.Copy(io.Discard, r)
			if inside != "" {
				total += n
			}
			return err
		})
		if total > limits.Bytes {
			t.Errorf("read %d bytes, %v", total, err)
		}
	})
}
