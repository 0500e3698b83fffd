// Package published finds the published files that tests read. They are not
// part of the repository: they lie in shared/data beside the project's root.
package published

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file or folder below shared/data, or skips the
// test where it is absent.
func Path(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "shared", "data", filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Skipf("published data not at hand: shared/data/%s is not beside the project", name)
		}
		dir = parent
	}
}
