// Package release makes what is handed to those who run the site: the program,
// its Debian packages, the list of its parts and their sums. The same sources
// give the same bytes.
//
// The packages are written here because nfpm, the usual tool, brings some two
// hundred modules for formats that nobody here needs; a Debian package is two
// tar archives in an ar archive.
package release

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

//go:embed debian
var debian embed.FS

// Build writes a release into a directory, from the sources in root.
func Build(ctx context.Context, root, out, version string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	program := filepath.Join(out, "hazardmap")
	if err := compile(ctx, root, program); err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	lock, err := os.ReadFile(filepath.Join(root, "web", "client", "package-lock.json"))
	if err != nil {
		return err
	}
	parts, err := SBOM(version, info, lock)
	if err != nil {
		return err
	}
	body, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	server, kiosk := packages(version, body, parts)
	files := map[string][]byte{"sbom.cdx.json": parts}
	for _, p := range []Package{server, kiosk} {
		var deb bytes.Buffer
		if err := p.Write(&deb); err != nil {
			return err
		}
		files[fmt.Sprintf("%s_%s_%s.deb", p.Name, p.Version, p.Architecture)] = deb.Bytes()
	}
	return write(out, files, body)
}

// compile links everything into the program, the C library too, so that it
// runs on any Linux of its kind and alone in a container. Names of users and
// hosts are then looked up by Go, since the C library cannot be asked.
func compile(ctx context.Context, root, program string) error {
	absolute, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", "netgo,osusergo,sqlite_omit_load_extension",
		"-ldflags", "-s -w -buildid= -linkmode external -extldflags -static", "-o", absolute, "./cmd/hazardmap")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	return nil
}

// write writes the files and their sums.
func write(out string, files map[string][]byte, program []byte) error {
	var errs []error
	for name, data := range files {
		errs = append(errs, os.WriteFile(filepath.Join(out, name), data, 0o644))
	}
	files["hazardmap"] = program
	errs = append(errs, os.WriteFile(filepath.Join(out, "SHA256SUMS"), sums(files), 0o644))
	return errors.Join(errs...)
}

func sums(files map[string][]byte) []byte {
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(files[name]), name)
	}
	return text.Bytes()
}

const docs = "/usr/share/doc/"

// packages are the server, and what turns a machine with it into a public
// terminal.
func packages(version string, program, parts []byte) (server, kiosk Package) {
	server = Package{Name: "hazardmap", Version: version, Architecture: runtime.GOARCH, Depends: "passwd",
		Summary: "web hazard map of a city\n Answers what may happen at an address, in words and on a map, in seven\n languages, from open data of the State and the city.",
		Files: []File{
			{Path: "/usr/bin/hazardmap", Mode: 0o755, Data: program},
			{Path: "/usr/lib/systemd/system/hazardmap.service", Mode: 0o644, Data: text("hazardmap.service")},
			{Path: "/etc/hazardmap/serve.conf", Mode: 0o644, Data: text("serve.conf"), ConfigFile: true},
			{Path: docs + "hazardmap/copyright", Mode: 0o644, Data: text("copyright")},
			{Path: docs + "hazardmap/follow.conf", Mode: 0o644, Data: text("follow.conf")},
			{Path: docs + "hazardmap/sbom.cdx.json", Mode: 0o644, Data: parts},
		},
		Scripts: map[string][]byte{"postinst": text("postinst"), "prerm": text("prerm"), "postrm": text("postrm")},
	}
	kiosk = Package{Name: "hazardmap-kiosk", Version: version, Architecture: "all", Depends: "hazardmap (= " + version + "), cage, chromium, fonts-noto-cjk, systemd, udev, util-linux",
		Summary: "public terminal that shows the hazard map\n Shows the site of this machine full screen, starts a fresh browser every\n night and installs signed data from a stick.",
		Files: []File{
			{Path: "/usr/lib/systemd/system/hazardmap.service.d/kiosk.conf", Mode: 0o644, Data: text("kiosk.conf")},
			{Path: "/usr/lib/udev/rules.d/90-hazardmap.rules", Mode: 0o644, Data: text("90-hazardmap.rules")},
			{Path: "/etc/chromium/policies/managed/hazardmap.json", Mode: 0o644, Data: text("policy.json"), ConfigFile: true},
			{Path: docs + "hazardmap-kiosk/copyright", Mode: 0o644, Data: text("copyright")},
		},
		Scripts: map[string][]byte{"postinst": text("kiosk.postinst"), "prerm": text("kiosk.prerm")},
	}
	for _, unit := range []string{"hazardmap-kiosk.service", "hazardmap-kiosk-restart.service", "hazardmap-kiosk-restart.timer", "hazardmap-stick@.service"} {
		kiosk.Files = append(kiosk.Files, File{Path: "/usr/lib/systemd/system/" + unit, Mode: 0o644, Data: text(unit)})
	}
	return server, kiosk
}

// text is one of the files beside this one.
func text(name string) []byte {
	data, err := debian.ReadFile("debian/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return data
}
