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

// programs are what a release holds; the first one knows the version.
var programs = []string{"hazardmap", "hazardmap-hub"}

// Build writes a release into a directory, from the sources in root.
func Build(ctx context.Context, root, out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	files, paths := map[string][]byte{}, []string{}
	for _, name := range programs {
		program, err := filepath.Abs(filepath.Join(out, name))
		if err != nil {
			return err
		}
		if err := compile(ctx, root, name, program); err != nil {
			return err
		}
		if files[name], err = os.ReadFile(program); err != nil {
			return err
		}
		paths = append(paths, program)
	}
	version, err := versionOf(ctx, paths[0])
	if err != nil {
		return err
	}
	list, err := parts(root, paths...)
	if err != nil {
		return err
	}
	c := content{version: version, programs: files}
	if c.sbom, err = SBOM(version, list); err != nil {
		return err
	}
	if c.licences, err = licences(ctx, root, list); err != nil {
		return err
	}
	made := map[string][]byte{"sbom.cdx.json": c.sbom, "licences.txt": c.licences}
	for _, p := range c.packages() {
		var deb bytes.Buffer
		if err := p.Write(&deb); err != nil {
			return err
		}
		made[fmt.Sprintf("%s_%s_%s.deb", p.Name, p.Version, p.Architecture)] = deb.Bytes()
	}
	return write(out, made, files)
}

// compile links everything into a program, the C library too, so that it
// runs on any Linux of its kind and alone in a container. Names of users and
// hosts are then looked up by Go, since the C library cannot be asked.
func compile(ctx context.Context, root, name, program string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-tags", "netgo,osusergo,sqlite_omit_load_extension",
		"-ldflags", "-s -w -buildid= -linkmode external -extldflags -static", "-o", program, "./cmd/"+name)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOFLAGS=", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	return nil
}

// write writes files, and the sums of these and of the programs beside them.
func write(out string, files, programs map[string][]byte) error {
	var errs []error
	for name, data := range files {
		errs = append(errs, os.WriteFile(filepath.Join(out, name), data, 0o644))
	}
	maps.Copy(files, programs)
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

const (
	docs  = "/usr/share/doc/"
	units = "/usr/lib/systemd/system/"
)

// content is what the packages hold beside the files here.
type content struct {
	version        string
	programs       map[string][]byte
	sbom, licences []byte
}

// packages are the server, what turns a machine with it into a public terminal,
// and the hub that several of them follow.
func (c content) packages() []Package { return []Package{c.server(), c.kiosk(), c.hub()} }

func (c content) server() Package {
	return Package{Name: "hazardmap", Version: c.version, Architecture: runtime.GOARCH, Depends: "passwd",
		Summary: "web hazard map of a city\n Answers what may happen at an address, in words and on a map, in seven\n languages, from open data of the State and the city.",
		Files: append([]File{
			{Path: "/usr/bin/hazardmap", Mode: 0o755, Data: c.programs["hazardmap"]},
			{Path: units + "hazardmap.service", Mode: 0o644, Data: text("hazardmap.service")},
			{Path: "/etc/hazardmap/serve.conf", Mode: 0o644, Data: text("serve.conf"), ConfigFile: true},
			{Path: docs + "hazardmap/follow.conf", Mode: 0o644, Data: text("follow.conf")},
		}, c.about("hazardmap")...),
		Scripts: map[string][]byte{"postinst": text("postinst"), "prerm": text("prerm"), "postrm": text("postrm")},
	}
}

func (c content) kiosk() Package {
	kiosk := Package{Name: "hazardmap-kiosk", Version: c.version, Architecture: "all", Depends: "hazardmap (= " + c.version + "), cage, chromium, fonts-noto-cjk, systemd, udev, util-linux",
		Summary: "public terminal that shows the hazard map\n Shows the site of this machine full screen, starts a fresh browser every\n night and installs signed data from a stick.",
		Files: []File{
			{Path: units + "hazardmap.service.d/kiosk.conf", Mode: 0o644, Data: text("kiosk.conf")},
			{Path: "/usr/lib/udev/rules.d/90-hazardmap.rules", Mode: 0o644, Data: text("90-hazardmap.rules")},
			{Path: "/etc/chromium/policies/managed/hazardmap.json", Mode: 0o644, Data: text("policy.json"), ConfigFile: true},
			{Path: docs + "hazardmap-kiosk/copyright", Mode: 0o644, Data: text("copyright")},
		},
		Scripts: map[string][]byte{"postinst": text("kiosk.postinst"), "prerm": text("kiosk.prerm")},
	}
	for _, unit := range []string{"hazardmap-kiosk.service", "hazardmap-kiosk-restart.service", "hazardmap-kiosk-restart.timer", "hazardmap-stick@.service"} {
		kiosk.Files = append(kiosk.Files, File{Path: units + unit, Mode: 0o644, Data: text(unit)})
	}
	return kiosk
}

// hub is a package of its own: most machines only follow.
func (c content) hub() Package {
	return Package{Name: "hazardmap-hub", Version: c.version, Architecture: runtime.GOARCH, Depends: "passwd",
		Summary: "carries the data of a hazard map to many machines\n A node that servers and kiosks follow, alone or one of three; or, beside a\n kiosk, a leaf that keeps what such a hub has.",
		Files: append([]File{
			{Path: "/usr/bin/hazardmap-hub", Mode: 0o755, Data: c.programs["hazardmap-hub"]},
			{Path: units + "hazardmap-hub.service", Mode: 0o644, Data: text("hazardmap-hub.service")},
			{Path: "/etc/hazardmap-hub/hub.conf", Mode: 0o644, Data: text("hub.conf"), ConfigFile: true},
		}, c.about("hazardmap-hub")...),
		Scripts: map[string][]byte{"postinst": text("hub.postinst"), "prerm": text("hub.prerm"), "postrm": text("hub.postrm")},
	}
}

// about is what a package with a program says of it and of its parts.
func (c content) about(name string) []File {
	return []File{
		{Path: docs + name + "/copyright", Mode: 0o644, Data: text("copyright")},
		{Path: docs + name + "/licences.txt", Mode: 0o644, Data: c.licences},
		{Path: docs + name + "/sbom.cdx.json", Mode: 0o644, Data: c.sbom},
	}
}

// text is one of the files beside this one.
func text(name string) []byte {
	data, err := debian.ReadFile("debian/" + name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return data
}
