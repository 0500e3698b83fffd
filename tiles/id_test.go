package tiles_test

import (
	"testing"

	"hazardmap/tiles"
)

func TestParseID(t *testing.T) {
	tests := []struct {
		in   string
		want tiles.ID
		ok   bool
	}{
		{"0/0/0", tiles.ID{}, true},
		{"14/14528/6432", tiles.ID{Z: 14, X: 14528, Y: 6432}, true},
		{"24/16777215/16777215", tiles.ID{Z: 24, X: 1<<24 - 1, Y: 1<<24 - 1}, true},
		{"3/8/0", tiles.ID{}, false},
		{"3/0/8", tiles.ID{}, false},
		{"25/0/0", tiles.ID{}, false},
		{"-1/0/0", tiles.ID{}, false},
		{"3/-1/0", tiles.ID{}, false},
		{"03/1/1", tiles.ID{}, false},
		{"3/01/1", tiles.ID{}, false},
		{"3/1", tiles.ID{}, false},
		{"3/1/", tiles.ID{}, false},
		{"3/1/1/", tiles.ID{}, false},
		{"3/1/1.mvt", tiles.ID{}, false},
		{" 3/1/1", tiles.ID{}, false},
		{"3/+1/1", tiles.ID{}, false},
		{"3/1/4294967297", tiles.ID{}, false},
		{"NaN/0/0", tiles.ID{}, false},
		{"", tiles.ID{}, false},
	}
	for _, tt := range tests {
		got, err := tiles.ParseID(tt.in)
		if got != tt.want || (err == nil) != tt.ok {
			t.Errorf("ParseID(%q) = %v, %v, want %v, ok %v", tt.in, got, err, tt.want, tt.ok)
		}
	}
}

func TestIDUp(t *testing.T) {
	id := tiles.ID{Z: 14, X: 14528, Y: 6433}
	if got, want := id.Up(12), (tiles.ID{Z: 12, X: 3632, Y: 1608}); got != want {
		t.Errorf("Up(12) = %v, want %v", got, want)
	}
	if got := id.Up(14); got != id {
		t.Errorf("Up(14) = %v, want %v", got, id)
	}
}

// FuzzParseID: ParseID takes only what ID.String writes.
func FuzzParseID(f *testing.F) {
	for _, s := range []string{"", "-1/0/0", "NaN", "0/0/0", "14/14528/6432", "14/14528/", "14//6432", "1/2/0", "٣/1/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		id, err := tiles.ParseID(s)
		if err == nil && (id.String() != s || !id.Valid()) {
			t.Errorf("ParseID(%q) = %v", s, id)
		}
	})
}
