package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func written(t *testing.T, p Package) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := p.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// members reads an ar archive in the plainest way.
func members(t *testing.T, archive []byte) (names []string, data map[string][]byte) {
	t.Helper()
	rest, ok := bytes.CutPrefix(archive, []byte("!<arch>\n"))
	if !ok {
		t.Fatalf("begins with %.8q", archive)
	}
	data = map[string][]byte{}
	for len(rest) > 0 {
		header := string(rest[:60])
		size, err := strconv.Atoi(strings.TrimSpace(header[48:58]))
		if err != nil || header[58:] != "`\n" {
			t.Fatalf("header %q", header)
		}
		name := strings.TrimSpace(header[:16])
		names = append(names, name)
		data[name] = rest[60 : 60+size]
		rest = rest[60+size+size%2:]
	}
	return names, data
}

// unpacked reads a tar archive into "mode owner" and content by name.
func unpacked(t *testing.T, packed []byte) (kinds, content map[string]string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	kinds, content = map[string]string{}, map[string]string{}
	for archive := tar.NewReader(z); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return kinds, content
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		if above := "./" + path.Dir(strings.TrimSuffix(h.Name, "/")) + "/"; above != "././" && kinds[above] == "" {
			t.Errorf("%s comes before its folder", h.Name)
		}
		kinds[h.Name] = fmt.Sprintf("%c %o %s", h.Typeflag, h.Mode, h.Uname)
		content[h.Name] = string(body)
	}
}

var testContent = content{version: "1.2.3", programs: map[string][]byte{"hazardmap": []byte("odd"), "hazardmap-hub": []byte("even")}, sbom: []byte("{}\n"), licences: []byte("MIT\n")}

// TestPackages reads the packages as dpkg does.
func TestPackages(t *testing.T) {
	server, kiosk, hub := testContent.server(), testContent.kiosk(), testContent.hub()
	tests := []struct {
		pkg           Package
		control       []string
		config        string
		scripts, data map[string]string
	}{
		{server, []string{"Package: hazardmap\nVersion: 1.2.3\n", "Depends: passwd\n"}, "/etc/hazardmap/serve.conf\n",
			map[string]string{"./postinst": "0 755 root", "./prerm": "0 755 root", "./postrm": "0 755 root"},
			map[string]string{"./usr/bin/hazardmap": "0 755 root", "./etc/hazardmap/serve.conf": "0 644 root", "./usr/lib/systemd/system/hazardmap.service": "0 644 root", "./usr/bin/": "5 755 root"}},
		{kiosk, []string{"Package: hazardmap-kiosk\n", "Architecture: all\n", "Depends: hazardmap (= 1.2.3), "}, "/etc/chromium/policies/managed/hazardmap.json\n",
			map[string]string{"./postinst": "0 755 root", "./prerm": "0 755 root"},
			map[string]string{"./usr/lib/udev/rules.d/90-hazardmap.rules": "0 644 root", "./usr/lib/systemd/system/hazardmap-stick@.service": "0 644 root"}},
		{hub, []string{"Package: hazardmap-hub\n", "Depends: passwd\n"}, "/etc/hazardmap-hub/hub.conf\n",
			map[string]string{"./postinst": "0 755 root", "./prerm": "0 755 root", "./postrm": "0 755 root"},
			map[string]string{"./usr/bin/hazardmap-hub": "0 755 root", "./usr/share/doc/hazardmap-hub/licences.txt": "0 644 root"}},
	}
	for _, tt := range tests {
		t.Run(tt.pkg.Name, func(t *testing.T) {
			names, parts := members(t, written(t, tt.pkg))
			if want := []string{"debian-binary", "control.tar.gz", "data.tar.gz"}; !slices.Equal(names, want) || string(parts["debian-binary"]) != "2.0\n" {
				t.Fatalf("members %v, want %v", names, want)
			}
			kinds, control := unpacked(t, parts["control.tar.gz"])
			for _, line := range tt.control {
				if !strings.Contains(control["./control"], line) {
					t.Errorf("control holds no %q:\n%s", line, control["./control"])
				}
			}
			if control["./conffiles"] != tt.config {
				t.Errorf("conffiles %q, want %q", control["./conffiles"], tt.config)
			}
			for name, want := range tt.scripts {
				if kinds[name] != want || !strings.HasPrefix(control[name], "#!/bin/sh\nset -e\n") {
					t.Errorf("%s is %q: %.30q", name, kinds[name], control[name])
				}
			}
			kinds, data := unpacked(t, parts["data.tar.gz"])
			for name, want := range tt.data {
				if kinds[name] != want {
					t.Errorf("%s is %q, want %q", name, kinds[name], want)
				}
			}
			for _, f := range tt.pkg.Files {
				if data["."+f.Path] != string(f.Data) {
					t.Errorf("%s holds %d bytes, want %d", f.Path, len(data["."+f.Path]), len(f.Data))
				}
			}
			if sums := strings.Count(control["./md5sums"], "\n"); sums != len(tt.pkg.Files) {
				t.Errorf("%d sums of %d files", sums, len(tt.pkg.Files))
			}
		})
	}
}

// TestSameBytes: neither the clock nor the order of files and scripts shows.
func TestSameBytes(t *testing.T) {
	first := written(t, testContent.server())
	for range 10 {
		again := testContent.server()
		slices.Reverse(again.Files)
		if !bytes.Equal(written(t, again), first) {
			t.Fatal("the same package has other bytes")
		}
	}
}

// TestDebianReadsThem lets dpkg itself read the packages.
func TestDebianReadsThem(t *testing.T) {
	dpkg, err := exec.LookPath("dpkg-deb")
	if err != nil {
		t.Skip("dpkg-deb is not installed")
	}
	for _, p := range testContent.packages() {
		file := filepath.Join(t.TempDir(), p.Name+".deb")
		if err := write(filepath.Dir(file), map[string][]byte{p.Name + ".deb": written(t, p)}, nil); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"--field", file, "Version"}, {"--contents", file}, {"--ctrl-tarfile", file}} {
			if out, err := exec.Command(dpkg, args...).CombinedOutput(); err != nil || len(out) == 0 {
				t.Errorf("dpkg-deb %s: %v: %s", args[0], err, out)
			}
		}
	}
}

// TestUnitsFitTheProgram: what the units and rules start is in a package, and
// every unit that one names is.
func TestUnitsFitTheProgram(t *testing.T) {
	there := map[string]bool{}
	var texts []File
	for _, p := range testContent.packages() {
		for _, f := range p.Files {
			there[filepath.Base(f.Path)] = true
		}
		texts = append(texts, p.Files...)
		for name, script := range p.Scripts {
			texts = append(texts, File{Path: p.Name + " " + name, Data: script})
		}
	}
	named := regexp.MustCompile(`hazardmap[a-z-]*(@(%k)?)?\.(service|timer)`)
	seen := 0
	for _, f := range texts {
		for _, name := range named.FindAllString(string(f.Data), -1) {
			seen++
			if !there[strings.Replace(name, "%k", "", 1)] {
				t.Errorf("%s names %s, which is in no package", f.Path, name)
			}
		}
	}
	if seen < 10 {
		t.Errorf("%d units are named: the test looks in the wrong place", seen)
	}
}

func TestSBOM(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{
		{Path: "example.org/b", Version: "v1.0.0+incompatible"},
		{Path: "example.org/old", Version: "v0.1.0", Replace: &debug.Module{Path: "example.org/new", Version: "v0.2.0"}},
	}}
	const lock = `{"packages": {"": {"version": "1.0.0"},
		"node_modules/a": {"version": "2.0.0", "license": "MIT", "integrity": "sha512-AAEC"},
		"node_modules/b/node_modules/a": {"version": "2.0.0", "license": "MIT", "integrity": "sha512-AAEC"},
		"node_modules/@scope/c": {"version": "3.0.0"},
		"node_modules/builder": {"version": "4.0.0", "dev": true}}}`
	hub := &debug.BuildInfo{GoVersion: "go1.26.8", Deps: []*debug.Module{{Path: "example.org/b", Version: "v1.0.0+incompatible"}, {Path: "example.org/hub", Version: "v0.3.0"}}}
	both, err := components([]*debug.BuildInfo{info, hub}, []byte(lock))
	if err != nil {
		t.Fatal(err)
	}
	text, err := SBOM("1.2.3", both)
	if err != nil {
		t.Fatal(err)
	}
	var list bom
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, c := range list.Components {
		parts = append(parts, c.Purl)
	}
	want := []string{"pkg:golang/example.org/b@v1.0.0+incompatible", "pkg:golang/example.org/hub@v0.3.0", "pkg:golang/example.org/new@v0.2.0", "pkg:golang/std@1.26.8", "pkg:npm/%40scope/c@3.0.0", "pkg:npm/a@2.0.0"}
	if !slices.Equal(parts, want) || list.Format != "CycloneDX" || list.Metadata.Component.Version != "1.2.3" {
		t.Errorf("%s %s lists %q, want %q", list.Format, list.Metadata.Component.Version, parts, want)
	}
	if a := list.Components[len(list.Components)-1]; len(a.Hashes) != 1 || a.Hashes[0].Content != "000102" || a.Licences[0].Expression != "MIT" {
		t.Errorf("a package is listed as %+v", a)
	}
	for _, bad := range []string{"", "{", `{"packages": {"node_modules/a": {"integrity": "sha512-?"}}}`} {
		if _, err := components(nil, []byte(bad)); err == nil {
			t.Errorf("the lock file %q is taken", bad)
		}
	}
}

func TestSums(t *testing.T) {
	got := string(sums(map[string][]byte{"b": nil, "a": []byte("abc")}))
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n" +
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b\n"
	if got != want {
		t.Errorf("sums are\n%swant\n%s", got, want)
	}
}

// TestLicences: the terms of every part of this program are gathered, in the
// order of the list of parts; a part without any stops the release.
func TestLicences(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	lock, err := os.ReadFile(filepath.Join(root, "web", "client", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "web", "client", "node_modules")); err != nil {
		t.Skip("the client was not built here")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("the test does not know its modules")
	}
	info.Deps = append(info.Deps, &debug.Module{Path: "github.com/mattn/go-sqlite3", Version: versionInUse(t, root, "github.com/mattn/go-sqlite3")})
	list, err := components([]*debug.BuildInfo{info}, lock)
	if err != nil {
		t.Fatal(err)
	}
	text, err := licences(t.Context(), root, list)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	for _, p := range list {
		_, after, ok := strings.Cut(rest, "======== "+p.Name+" "+p.Version+"\n\n")
		if !ok {
			t.Errorf("the terms of %s are missing, or not in order", p.Purl)
			continue
		}
		rest = after
	}
	for _, words := range []string{"SIL OPEN FONT LICENSE", "Yasuhiro Matsumoto", "The Go Authors", "MapLibre contributors"} {
		if !strings.Contains(string(text), words) {
			t.Errorf("no %q in %d bytes", words, len(text))
		}
	}
	bare := filepath.Join(t.TempDir(), "bare")
	if err := errors.Join(os.Mkdir(bare, 0o755), os.WriteFile(filepath.Join(bare, "README.md"), []byte("a part\n"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if text, err := termsIn(bare); err == nil {
		t.Errorf("a part without terms has %q", text)
	}
	if _, err := licences(t.Context(), root, []component{{Name: "example.org/strange", Version: "v1.0.0"}}); err == nil {
		t.Error("a part that is nowhere stops nothing")
	}
}

func versionInUse(t *testing.T, root, path string) string {
	t.Helper()
	dirs, err := moduleDirs(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	for known := range dirs {
		if version, ok := strings.CutPrefix(known, path+"@"); ok {
			return version
		}
	}
	t.Fatalf("%s is not in use", path)
	return ""
}
