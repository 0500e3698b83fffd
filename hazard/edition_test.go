//go:build !js

package hazard

import (
	"testing"
	"time"
)

func TestEditionDate(t *testing.T) {
	tests := []struct {
		edition, want string // want "" for none
	}{
		{"2023", "2023-01-01"},
		{"2023-04", "2023-04-01"},
		{"2026-04-01", "2026-04-01"},
		{"", ""},
		{"-1", ""},
		{"23", ""},
		{"2023-13", ""},
		{"2023-02-30", ""},
		{"令和5年", ""},
		{"2023-04-01T00:00:00Z", ""},
	}
	for _, tt := range tests {
		got := ""
		if day, ok := EditionDate(tt.edition); ok {
			got = day.Format(time.DateOnly)
		}
		if got != tt.want {
			t.Errorf("EditionDate(%q) = %q, want %q", tt.edition, got, tt.want)
		}
	}
}
