package release

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// legal are the files in which a part says on what terms it may be handed on.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense)[-.\w]*$`)

// licences gathers the terms of every part, in the order of the list of parts. A
// part without any stops the release.
func licences(ctx context.Context, root string, parts []component) ([]byte, error) {
	modules, err := moduleDirs(ctx, root)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	for _, p := range parts {
		dir := modules[p.Name+"@"+p.Version]
		switch {
		case p.folder != "":
			dir = filepath.Join(root, "web", "client", filepath.FromSlash(p.folder))
		case p.Name == "std":
			dir, err = goRoot(ctx)
		}
		if err != nil {
			return nil, err
		}
		terms, err := termsIn(dir)
		if err != nil {
			return nil, fmt.Errorf("terms of %s: %w", p.Purl, err)
		}
		fmt.Fprintf(&text, "======== %s %s\n\n%s\n", p.Name, p.Version, terms)
	}
	return text.Bytes(), nil
}

// goRoot is the folder of the Go library.
func goRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	return strings.TrimSpace(string(out)), err
}

// termsIn reads the terms in a folder; some authors write theirs in the
// introduction.
func termsIn(dir string) ([]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	for _, e := range entries {
		if e.Type().IsRegular() && legal.MatchString(e.Name()) {
			if err := appendFile(&text, filepath.Join(dir, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	if text.Len() > 0 {
		return text.Bytes(), nil
	}
	if err := appendFile(&text, filepath.Join(dir, "README.md")); err != nil {
		return nil, err
	}
	if !bytes.Contains(bytes.ToLower(text.Bytes()), []byte("licen")) {
		return nil, errors.New("there are none in " + dir)
	}
	return text.Bytes(), nil
}

func appendFile(text *bytes.Buffer, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text.Write(bytes.TrimSpace(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))))
	text.WriteString("\n\n")
	return nil
}

// moduleDirs tells where the Go modules lie, by path and version.
func moduleDirs(ctx context.Context, root string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-json", "all")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	dirs := map[string]string{}
	for list := json.NewDecoder(bytes.NewReader(out)); ; {
		var m struct {
			Path, Version, Dir string
			Replace            *struct{ Path, Version string }
		}
		if err := list.Decode(&m); errors.Is(err, io.EOF) {
			return dirs, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if m.Replace != nil {
			m.Path, m.Version = m.Replace.Path, m.Replace.Version
		}
		dirs[m.Path+"@"+m.Version] = m.Dir
	}
}

// parts lists what both programs hold.
func parts(root string, programs ...string) ([]component, error) {
	var linked []*buildinfo.BuildInfo
	for _, program := range programs {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			return nil, err
		}
		linked = append(linked, info)
	}
	lock, err := os.ReadFile(filepath.Join(root, "web", "client", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	return components(linked, lock)
}

// versionOf asks a program: "hazardmap 0.1.0, go1.26, linux/amd64".
func versionOf(ctx context.Context, program string) (string, error) {
	text, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", program, err)
	}
	first, _, _ := strings.Cut(string(text), ",")
	_, version, ok := strings.Cut(first, " ")
	if !ok {
		return "", fmt.Errorf("%s version says %q", program, text)
	}
	return version, nil
}
