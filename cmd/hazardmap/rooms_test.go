package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms in the order in which data flow: a room imports only rooms before it.
var rooms = []string{"geo", "hazard", "tiles", "mbtiles", "web", "cmd"}

// doors are the outside packages that only some rooms may open.
var doors = []struct {
	what     string
	packages []string
	open     []string // packages and what lies below them
	shut     []string // exceptions below an open one
}{
	{"SQL", []string{"database/sql", "github.com/mattn/go-sqlite3"}, []string{"mbtiles", "geo/geopackage"}, nil},
	{"NATS", []string{"github.com/nats-io"}, []string{"cmd/internal/fleet", "cmd/internal/hub"}, nil},
	{"HTTP", []string{"net/http", "github.com/gorilla/mux"}, []string{"web", "cmd"}, []string{"web/view"}},
}

// below reports whether path is one of the roots or lies under it.
func below(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
}

// roomFault says what is wrong when a package of the house, named by its
// folder, imports a path; "" if nothing is.
func roomFault(folder, path string) string {
	for _, d := range doors {
		if below(path, d.packages) && (!below(folder, d.open) || below(folder, d.shut)) {
			return fmt.Sprintf("%s speaks %s: imports %s", folder, d.what, path)
		}
	}
	inside, ours := strings.CutPrefix(path, "hazardmap/")
	if !ours {
		return ""
	}
	from, _, _ := strings.Cut(folder, "/")
	to, _, _ := strings.Cut(inside, "/")
	if from == to || to == "i18n" {
		return ""
	}
	if i, j := slices.Index(rooms, from), slices.Index(rooms, to); i < 0 || j < 0 || j > i {
		return fmt.Sprintf("%s turns the arrow back: imports %s", folder, path)
	}
	return ""
}

// notOfTheHouse reports whether a folder holds no package of the program. A
// module of its own, such as a comparison with other programs, never becomes
// part of it.
func notOfTheHouse(path, name string) bool {
	_, err := os.Stat(filepath.Join(path, "go.mod"))
	return err == nil || strings.HasPrefix(name, ".") || name == "build" || name == "node_modules" || name == "testdata"
}

func TestRoomsHold(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && notOfTheHouse(path, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		files++
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if fault := roomFault(filepath.ToSlash(folder), imported); fault != "" {
				t.Errorf("%s: %s", path, fault)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Error("no Go file was read")
	}
}

func TestRoomsFindsFaults(t *testing.T) {
	tests := []struct {
		folder, imported string
		fault            bool
	}{
		{"hazard", "hazardmap/geo", false},
		{"hazard/ksj", "hazardmap/hazard", false},
		{"web", "hazardmap/mbtiles/dataset", false},
		{"web/view", "hazardmap/i18n", false},
		{"geo", "hazardmap/i18n", false},
		{"cmd/hazardmap", "hazardmap/web", false},
		{"geo/geojson", "hazardmap/hazard", true},
		{"hazard", "hazardmap/tiles", true},
		{"tiles", "hazardmap/mbtiles", true},
		{"mbtiles", "hazardmap/web", true},
		{"web", "hazardmap/cmd/internal/importer", true},
		{"i18n", "hazardmap/geo", true},
		{"geo", "hazardmap/elsewhere", true},
		{"mbtiles", "database/sql", false},
		{"mbtiles/dataset", "database/sql", false},
		{"geo/geopackage", "github.com/mattn/go-sqlite3", false},
		{"geo/geojson", "database/sql", true},
		{"web", "database/sql/driver", true},
		{"cmd/hazardmap", "github.com/mattn/go-sqlite3", true},
		{"web", "net/http", false},
		{"web/alerts", "net/http", false},
		{"cmd/hazardmap", "net/http", false},
		{"web/view", "net/http", true},
		{"web/view", "github.com/gorilla/mux", true},
		{"hazard", "net/http", true},
		{"mbtiles", "net/http/httptest", true},
		{"geo", "net/netip", false},
	}
	for _, tt := range tests {
		t.Run(tt.folder+" imports "+tt.imported, func(t *testing.T) {
			if got := roomFault(tt.folder, tt.imported); (got != "") != tt.fault {
				t.Errorf("roomFault(%q, %q) = %q, want a fault: %v", tt.folder, tt.imported, got, tt.fault)
			}
		})
	}
}
