package geo_test

import (
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

func TestBound(t *testing.T) {
	shell := orb.Ring{{1, 1}, {2, 1}, {2, 2}, {1, 1}}
	hole := orb.Ring{{5, 5}, {6, 5}, {6, 6}, {5, 5}}
	both := orb.Bound{Min: orb.Point{1, 1}, Max: orb.Point{6, 6}}
	tests := []struct {
		name  string
		shape orb.Geometry
		want  orb.Bound
	}{
		{"point", orb.Point{3, 4}, orb.Bound{Min: orb.Point{3, 4}, Max: orb.Point{3, 4}}},
		{"shell", orb.Polygon{shell}, shell.Bound()},
		{"hole outside its shell", orb.Polygon{shell, hole}, both},
		{"in a collection", orb.MultiPolygon{{shell, hole}}, both},
		{"two parts", orb.MultiPolygon{{shell}, {hole}}, both},
		{"empty ring", orb.Polygon{shell, {}}, shell.Bound()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := geo.Bound(tt.shape); got != tt.want {
				t.Errorf("Bound(%v) = %v, want %v", tt.shape, got, tt.want)
			}
		})
	}
}
