package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAdminToken(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	made, err := adminToken(file)
	if err != nil || len(made) < shortestToken {
		t.Fatalf("adminToken of no file = %q, %v", made, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of a new token: %v, %v", info.Mode(), err)
	}
	if again, err := adminToken(file); again != made || err != nil {
		t.Errorf("adminToken the second time = %q, %v, want %q", again, err, made)
	}
	for _, text := range []string{"", "\n", "short", strings.Repeat("two words ", 5), "-1", "NaN"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if token, err := adminToken(file); err == nil || (text != "" && text != "\n" && strings.Contains(err.Error(), text)) {
			t.Errorf("adminToken of %q = %q, %v", text, token, err)
		}
	}
	if _, err := adminToken(filepath.Join(file, "below-a-file")); err == nil {
		t.Error("a token is written where nothing can be")
	}
}
