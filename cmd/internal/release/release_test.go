package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestPackageReadsBack(t *testing.T) {
	server, kiosk := packages("1.2.3", []byte("the program"), []byte("{}\n"))
	for _, p := range []Package{server, kiosk} {
		t.Run(p.Name, func(t *testing.T) {
			members := readAr(t, written(t, p))
			if got := members["debian-binary"]; string(got) != "2.0\n" {
				t.Errorf("debian-binary is %q", got)
			}
			control, data := readTar(t, members["control.tar.gz"]), readTar(t, members["data.tar.gz"])
			for _, line := range []string{"Package: " + p.Name, "Version: 1.2.3", "Architecture: " + p.Architecture, "Depends: " + p.Depends} {
				if !slices.Contains(strings.Split(string(control["./control"].body), "\n"), line) {
					t.Errorf("control lacks %q:\n%s", line, control["./control"].body)
				}
			}
			if len(data) <= len(p.Files) {
				t.Errorf("%d entries for %d files and the folders above them", len(data), len(p.Files))
			}
			for _, f := range p.Files {
				got, ok := data["."+f.Path]
				if !ok || !bytes.Equal(got.body, f.Data) || got.mode != f.Mode {
					t.Errorf("%s: there %v, mode %o, %d bytes; want mode %o, %d bytes", f.Path, ok, got.mode, len(got.body), f.Mode, len(f.Data))
				}
				sum := fmt.Sprintf("%x  %s\n", md5.Sum(f.Data), f.Path[1:])
				if !strings.Contains(string(control["./md5sums"].body), sum) {
					t.Errorf("md5sums lacks %q", sum)
				}
				kept := strings.Contains(string(control["./conffiles"].body), f.Path+"\n")
				if kept != f.ConfigFile || kept != strings.HasPrefix(f.Path, "/etc/") {
					t.Errorf("%s: an edited one is kept: %v; all of /etc and nothing else should", f.Path, kept)
				}
			}
			for name, script := range p.Scripts {
				if got := control["./"+name]; !bytes.Equal(got.body, script) || got.mode != 0o755 {
					t.Errorf("%s: mode %o, %q", name, got.mode, got.body)
				}
			}
		})
	}
}

// Folders come before what lies in them, each once, or dpkg refuses.
func TestFoldersComeFirst(t *testing.T) {
	server, kiosk := packages("1", nil, nil)
	for _, p := range []Package{server, kiosk} {
		seen := map[string]bool{"/": true}
		for _, f := range p.data() {
			name := strings.TrimSuffix(f.Path, "/")
			if seen[name] {
				t.Errorf("%s: %s comes twice", p.Name, f.Path)
			}
			if !seen[path.Dir(name)] {
				t.Errorf("%s: %s comes before its folder", p.Name, f.Path)
			}
			seen[name] = true
		}
	}
}

func TestSamePackageSameBytes(t *testing.T) {
	server, _ := packages("1", []byte("odd"), []byte("{}"))
	again := server
	again.Files = slices.Clone(server.Files)
	slices.Reverse(again.Files)
	if !bytes.Equal(written(t, server), written(t, again)) {
		t.Error("the order in which files are named changes the bytes")
	}
}

func TestDpkgReadsPackage(t *testing.T) {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Skip("dpkg-deb is not installed")
	}
	server, kiosk := packages("1.2.3", []byte("the program"), []byte("{}\n"))
	for _, p := range []Package{server, kiosk} {
		file, out := filepath.Join(t.TempDir(), "p.deb"), t.TempDir()
		if err := os.WriteFile(file, written(t, p), 0o644); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command("dpkg-deb", "--extract", file, out).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", p.Name, err, text)
		}
		for _, f := range p.Files {
			if got, err := os.ReadFile(filepath.Join(out, f.Path)); err != nil || !bytes.Equal(got, f.Data) {
				t.Errorf("%s: %s: %v, %d bytes, want %d", p.Name, f.Path, err, len(got), len(f.Data))
			}
		}
		version, err := exec.Command("dpkg-deb", "--field", file, "Version").Output()
		if err != nil || string(version) != "1.2.3\n" {
			t.Errorf("%s: version %q, %v", p.Name, version, err)
		}
	}
}

func TestSumsAreThoseOfTheFiles(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Skip("sha256sum is not installed")
	}
	dir := t.TempDir()
	program := []byte("the program")
	if err := os.WriteFile(filepath.Join(dir, "hazardmap"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, map[string][]byte{"b.deb": []byte("b"), "a.json": []byte("a")}, program); err != nil {
		t.Fatal(err)
	}
	check := exec.Command("sha256sum", "--strict", "-c", "SHA256SUMS")
	check.Dir = dir
	if text, err := check.CombinedOutput(); err != nil || strings.Count(string(text), ": OK\n") != 3 {
		t.Errorf("sha256sum: %v: %s", err, text)
	}
}

func TestSBOMNamesWhatIsInside(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{
		{Path: "example.org/b", Version: "v1.2.3+incompatible"},
		{Path: "example.org/forked", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/a", Version: "v0.1.0"}},
	}}
	lock, err := os.ReadFile("../../../web/client/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := SBOM("1.2.3", info, lock)
	if err != nil {
		t.Fatal(err)
	}
	var list bom
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	inside := map[string]component{}
	for _, c := range list.Components {
		if _, twice := inside[c.Purl]; twice {
			t.Errorf("%s stands twice", c.Purl)
		}
		inside[c.Purl] = c
	}
	for _, purl := range []string{"pkg:golang/std@1.26.8", "pkg:golang/example.org/a@v0.1.0", "pkg:golang/example.org/b@v1.2.3+incompatible"} {
		if _, ok := inside[purl]; !ok {
			t.Errorf("%s is missing", purl)
		}
	}
	for name, want := range map[string]bool{"maplibre-gl": true, "@fontsource/noto-sans-jp": true, "vite": false, "typescript": false} {
		i := slices.IndexFunc(list.Components, func(c component) bool { return c.Name == name })
		if (i >= 0) != want {
			t.Errorf("%s: listed %v, want %v", name, i >= 0, want)
		}
		if i >= 0 && (len(list.Components[i].Licences) != 1 || len(list.Components[i].Hashes) != 1) {
			t.Errorf("%s: licences %v, hashes %v", name, list.Components[i].Licences, list.Components[i].Hashes)
		}
	}
}

func TestSBOMRefusesBadLock(t *testing.T) {
	for _, lock := range []string{"", "[]", `{"packages":{"node_modules/x":{"version":"1","integrity":"sha512-!"}}}`} {
		if _, err := SBOM("1", &debug.BuildInfo{}, []byte(lock)); err == nil || !strings.Contains(err.Error(), "package-lock.json") {
			t.Errorf("%q: %v", lock, err)
		}
	}
}

func written(t *testing.T, p Package) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readAr reads an ar archive by its headers of 60 bytes, see ar(5).
func readAr(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	rest, ok := bytes.CutPrefix(data, []byte("!<arch>\n"))
	if !ok {
		t.Fatalf("begins with %q", data[:min(8, len(data))])
	}
	members := map[string][]byte{}
	for len(rest) > 0 {
		if len(rest) < 60 || string(rest[58:60]) != "`\n" {
			t.Fatalf("no header %d bytes before the end", len(rest))
		}
		size, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || len(rest) < 60+size {
			t.Fatalf("a member of %q bytes, %d left", rest[48:58], len(rest)-60)
		}
		members[strings.TrimSpace(string(rest[:16]))] = rest[60 : 60+size]
		rest = rest[min(60+size+size%2, len(rest)):]
	}
	return members
}

type entry struct {
	mode int64
	body []byte
}

func readTar(t *testing.T, data []byte) map[string]entry {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]entry{}
	for archive := tar.NewReader(z); ; {
		h, err := archive.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 {
			t.Errorf("%s belongs to %d:%d", h.Name, h.Uid, h.Gid)
		}
		body, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		all[h.Name] = entry{h.Mode, body}
	}
}
