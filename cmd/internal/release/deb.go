package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5" // the list of sums of the format
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"
)

// File is one file of a package.
type File struct {
	Path       string // "/usr/bin/hazardmap"
	Mode       int64
	Data       []byte
	ConfigFile bool // an edited one is kept
}

// Package is what a Debian package says and holds.
type Package struct {
	Name, Version, Architecture, Depends, Summary string
	Files                                         []File
	Scripts                                       map[string][]byte // postinst, prerm, postrm
}

// made is the date of everything inside, so that the same input gives the same
// bytes.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the package as dpkg reads it: an ar archive of a version and of
// two tar archives.
func (p Package) Write(w io.Writer) error {
	slices.SortFunc(p.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	control, err := packed(p.control())
	if err != nil {
		return err
	}
	data, err := packed(p.data())
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "!<arch>\n"); err != nil {
		return err
	}
	return errors.Join(
		member(w, "debian-binary", []byte("2.0\n")),
		member(w, "control.tar.gz", control),
		member(w, "data.tar.gz", data),
	)
}

// member writes one file of an ar archive.
func member(w io.Writer, name string, data []byte) error {
	if _, err := fmt.Fprintf(w, "%-16s%-12d%-6d%-6d%-8s%-10d`\n", name, made.Unix(), 0, 0, "100644", len(data)); err != nil {
		return err
	}
	if len(data)%2 != 0 {
		data = append(slices.Clip(data), '\n')
	}
	_, err := w.Write(data)
	return err
}

// control is what dpkg reads before it unpacks anything.
func (p Package) control() []File {
	var text, sums, config strings.Builder
	size := 0
	for _, f := range p.Files {
		size += len(f.Data)
		fmt.Fprintf(&sums, "%x  %s\n", md5.Sum(f.Data), strings.TrimPrefix(f.Path, "/"))
		if f.ConfigFile {
			fmt.Fprintln(&config, f.Path)
		}
	}
	fmt.Fprintf(&text, "Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: hazardmap\nInstalled-Size: %d\n", p.Name, p.Version, p.Architecture, (size+1023)/1024)
	if p.Depends != "" {
		fmt.Fprintf(&text, "Depends: %s\n", p.Depends)
	}
	fmt.Fprintf(&text, "Section: web\nPriority: optional\nDescription: %s\n", p.Summary)
	files := []File{{Path: "/control", Mode: 0o644, Data: []byte(text.String())}, {Path: "/md5sums", Mode: 0o644, Data: []byte(sums.String())}}
	if config.Len() > 0 {
		files = append(files, File{Path: "/conffiles", Mode: 0o644, Data: []byte(config.String())})
	}
	for name, script := range p.Scripts {
		files = append(files, File{Path: "/" + name, Mode: 0o755, Data: script})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// data are the files and, before each, the folders above it.
func (p Package) data() []File {
	var all []File
	seen := map[string]bool{"/": true}
	for _, f := range p.Files {
		var above []File
		for dir := path.Dir(f.Path); !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			above = append(above, File{Path: dir + "/", Mode: 0o755})
		}
		slices.Reverse(above)
		all = append(append(all, above...), f)
	}
	return all
}

// packed writes files as a compressed tar archive, owned by root.
func packed(files []File) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	archive := tar.NewWriter(z)
	for _, f := range files {
		header := &tar.Header{Name: "." + f.Path, Mode: f.Mode, Size: int64(len(f.Data)), ModTime: made, Uname: "root", Gname: "root", Typeflag: tar.TypeReg, Format: tar.FormatGNU}
		if strings.HasSuffix(f.Path, "/") {
			header.Typeflag = tar.TypeDir
		}
		if err := archive.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		if _, err := archive.Write(f.Data); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	err := errors.Join(archive.Close(), z.Close())
	return out.Bytes(), err
}
