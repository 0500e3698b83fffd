package release

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
)

// The parts of CycloneDX 1.6 that we write. There is no clock and no serial
// number in it, so the same program gives the same bytes.
type bom struct {
	Format      string      `json:"bomFormat"`
	SpecVersion string      `json:"specVersion"`
	Version     int         `json:"version"`
	Metadata    metadata    `json:"metadata"`
	Components  []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref,omitempty"`
	Name     string    `json:"name"`
	Version  string    `json:"version,omitempty"`
	Purl     string    `json:"purl,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`

	folder string // of a package of the client, from its package-lock.json
}

type licence struct {
	Expression string `json:"expression"`
}

type hash struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

// SBOM writes the list of the parts.
func SBOM(version string, parts []component) ([]byte, error) {
	list := bom{Format: "CycloneDX", SpecVersion: "1.6", Version: 1, Metadata: metadata{component{Type: "application", Name: "hazardmap", Version: version}}, Components: parts}
	text, err := json.MarshalIndent(list, "", "  ")
	return append(text, '\n'), err
}

// components lists what programs hold: the Go modules that were linked into
// them, the Go library itself, and the packages that the web client was built of.
func components(linked []*debug.BuildInfo, packageLock []byte) ([]component, error) {
	all, err := clientPackages(packageLock)
	if err != nil {
		return nil, err
	}
	for _, info := range linked {
		all = append(all, module("std", strings.TrimPrefix(info.GoVersion, "go")))
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			all = append(all, module(m.Path, m.Version))
		}
	}
	slices.SortFunc(all, func(a, b component) int { return cmp.Or(cmp.Compare(a.Purl, b.Purl), cmp.Compare(a.folder, b.folder)) })
	return slices.CompactFunc(all, func(a, b component) bool { return a.Purl == b.Purl }), nil
}

func module(path, version string) component {
	purl := "pkg:golang/" + path + "@" + url.PathEscape(version)
	return component{Type: "library", Ref: purl, Name: path, Version: version, Purl: purl}
}

// clientPackages reads package-lock.json and leaves out what only builds.
func clientPackages(lock []byte) ([]component, error) {
	var read struct {
		Packages map[string]struct {
			Version, License, Integrity string
			Dev                         bool
		}
	}
	if err := json.Unmarshal(lock, &read); err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	var all []component
	for path, p := range read.Packages {
		i := strings.LastIndex(path, "node_modules/")
		if i < 0 || p.Dev {
			continue
		}
		name := path[i+len("node_modules/"):]
		purl := "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + url.PathEscape(p.Version)
		c := component{Type: "library", Ref: purl, Name: name, Version: p.Version, Purl: purl, folder: path}
		if p.License != "" {
			c.Licences = []licence{{p.License}}
		}
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("package-lock.json: %s: %w", path, err)
			}
			c.Hashes = []hash{{"SHA-512", hex.EncodeToString(raw)}}
		}
		all = append(all, c)
	}
	return all, nil
}
