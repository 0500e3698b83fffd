package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hazardmap": main})
}

// TestScripts runs the stories of testdata, which read as a manual.
func TestScripts(t *testing.T) {
	data := publishedData(t)
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", data)
			return setUpGo(env, root)
		},
		Condition: func(name string) (bool, error) {
			if name == "published" {
				return data != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}

// setUpGo lets a story build the program with the caches of whoever runs the
// tests.
func setUpGo(env *testscript.Env, root string) error {
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		env.Setenv(name, strings.TrimSpace(string(value)))
	}
	env.Setenv("GOWORK", "off")
	env.Setenv("ROOT", root)
	return nil
}

// publishedData returns the folder of published files beside the project, ""
// where it is absent: the stories that need it then say so and are skipped.
func publishedData(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		data := filepath.Join(dir, "shared", "data")
		if _, err := os.Stat(data); err == nil {
			return data
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

func TestExitStatus(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want int
	}{
		{"nothing", nil, 2},
		{"help", []string{"help"}, 0},
		{"help of a command", []string{"import", "-h"}, 0},
		{"unknown command", []string{"sail"}, 2},
		{"unknown flag", []string{"import", "-fast"}, 2},
		{"import without area", []string{"import", "-o", "x", "y"}, 2},
		{"import without output", []string{"import", "-area", "10204", "y"}, 2},
		{"import without source", []string{"import", "-area", "10204", "-o", "x"}, 2},
		{"import with unknown kind", []string{"import", "-coverage", "fire=x", "-area", "10204", "-o", "x", "y"}, 2},
		{"import of nothing", []string{"import", "-area", "10204", "-o", "x", "absent.geojson"}, 1},
		{"lookup without dataset", []string{"lookup", "36.2,139.1"}, 2},
		{"lookup in no language", []string{"lookup", "-data", "x", "-lang", "xx", "36.2,139.1"}, 2},
		{"lookup in nothing", []string{"lookup", "-data", "absent", "36.2,139.1"}, 1},
		{"lookup of a place and a sheet", []string{"lookup", "-data", "x", "-csv", "a.csv", "36.2,139.1"}, 2},
		{"lookup in no format", []string{"lookup", "-data", "x", "-csv", "a.csv", "-format", "pdf"}, 2},
		{"verify of two", []string{"verify", "a", "b"}, 2},
		{"verify of nothing", []string{"verify", "absent"}, 1},
		{"serve nothing", []string{"serve"}, 2},
		{"serve what is absent", []string{"serve", "absent"}, 1},
		{"key without name", []string{"key"}, 2},
		{"bundle without key", []string{"bundle", "-o", "x", "y"}, 2},
		{"install of nothing", []string{"install", "-store", "x"}, 2},
		{"install of both", []string{"install", "-store", "x", "-from", "y", "z"}, 2},
		{"install whom a stick names", []string{"install", "-store", "x", "-from", "y", "-trust", "z"}, 2},
		{"install what is absent", []string{"install", "-store", "x", "absent"}, 1},
		{"rollback of nothing", []string{"rollback", "-store", "absent"}, 1},
		{"doctor in no language of staff", []string{"doctor", "-lang", "es"}, 2},
		{"doctor of nothing", []string{"doctor", "-addr", "", "absent"}, 1},
		{"version", []string{"version"}, 0},
		{"version of something", []string{"version", "x"}, 2},
	}
	t.Chdir(t.TempDir())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := run(context.Background(), tt.args, io.Discard, io.Discard); got != tt.want {
				t.Errorf("hazardmap %v exits with %d, want %d", tt.args, got, tt.want)
			}
		})
	}
}
