package tiles_test

import (
	"strings"
	"testing"

	"hazardmap/tiles"
)

func TestValidate(t *testing.T) {
	type ring = []tiles.XY
	outer := ring{{0, 0}, {10, 0}, {10, 10}, {0, 10}}
	tests := []struct {
		name  string
		rings []ring
		want  string // part of the error, "" for valid
	}{
		{"square", []ring{outer}, ""},
		{"wound as a hole", []ring{{{0, 0}, {0, 10}, {10, 10}, {10, 0}}}, "winds as a hole"},
		{"no area", []ring{{{0, 0}, {10, 0}, {5, 0}}}, "no area"},
		{"bow tie", []ring{{{0, 0}, {10, 10}, {10, 0}, {0, 12}}}, "cross"},
		{"comes back to a corner", []ring{{{0, 0}, {5, 5}, {10, 0}, {10, 10}, {5, 5}, {0, 10}}}, "one place twice"},
		{"touches its own side", []ring{{{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}}}, "touches itself"},
		{"spike", []ring{{{0, 0}, {10, 0}, {10, 10}, {10, 14}, {10, 8}, {0, 10}}}, "touches itself|share the edge"},
		{"hole", []ring{outer, {{2, 2}, {2, 4}, {4, 4}, {4, 2}}}, ""},
		{"hole that touches a corner", []ring{outer, {{0, 0}, {2, 4}, {4, 2}}}, ""},
		{"hole that touches a side", []ring{outer, {{0, 5}, {4, 6}, {4, 4}}}, ""},
		{"hole that cuts in two", []ring{outer, {{0, 5}, {5, 6}, {10, 5}, {5, 4}}}, "enclose a part"},
		{"holes in a circle", []ring{outer, {{2, 2}, {2, 6}, {4, 4}}, {{4, 4}, {2, 6}, {6, 8}}, {{2, 2}, {4, 4}, {7, 2}}}, "enclose a part|share the edge"},
		{"hole outside", []ring{outer, {{12, 2}, {12, 4}, {14, 4}, {14, 2}}}, "outside its polygon"},
		{"hole over the side", []ring{outer, {{8, 2}, {8, 4}, {14, 4}, {14, 2}}}, "cross"},
		{"hole with a shared side", []ring{outer, {{0, 2}, {0, 4}, {4, 4}, {4, 2}}}, "share the edge"},
		{"hole in a hole", []ring{outer, {{1, 1}, {1, 9}, {9, 9}, {9, 1}}, {{2, 2}, {2, 4}, {4, 4}, {4, 2}}}, "hole"},
		{"island in a lake", []ring{outer, {{1, 1}, {1, 9}, {9, 9}, {9, 1}}, {{2, 2}, {4, 2}, {4, 4}, {2, 4}}}, ""},
		{"polygon in a polygon", []ring{outer, {{2, 2}, {4, 2}, {4, 4}, {2, 4}}}, "lies in another"},
		{"polygons side by side", []ring{outer, {{20, 0}, {30, 0}, {30, 10}, {20, 10}}}, ""},
		{"polygons that touch at a corner", []ring{outer, {{10, 10}, {20, 10}, {20, 20}, {10, 20}}}, ""},
		{"polygons that share a side", []ring{outer, {{10, 0}, {20, 0}, {20, 10}, {10, 10}}}, "share the edge"},
		{"polygon in a corner of another", []ring{outer, {{0, 0}, {4, 1}, {1, 4}}}, "lies in another"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := tiles.TileFeature{Type: tiles.Polygons, Parts: tt.rings}
			err := f.Validate()
			if tt.want == "" {
				if err != nil {
					t.Errorf("Validate = %v, want valid", err)
				}
				return
			}
			for want := range strings.SplitSeq(tt.want, "|") {
				if err != nil && strings.Contains(err.Error(), want) {
					return
				}
			}
			t.Errorf("Validate = %v, want an error about %q", err, tt.want)
		})
	}
}
