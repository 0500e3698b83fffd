package shapefile

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// Edges that all lie at one height would make the search quadratic: the shape
// is refused instead.
func TestEntangled(t *testing.T) {
	var zigzag orb.Ring
	for i := range 10_000 {
		zigzag = append(zigzag, orb.Point{float64(i) / 100, float64(i%2) * 80})
	}
	zigzag = append(zigzag, orb.Point{100, -1}, zigzag[0])
	rings := []orb.Ring{zigzag}
	for i := range 1000 {
		x := float64(i) / 10
		rings = append(rings, orb.Ring{{x, 40}, {x + 0.001, 40}, {x, 40.001}, {x, 40}})
	}
	if _, err := nest(rings, 1_000_000); err == nil || !strings.Contains(err.Error(), "entangled") {
		t.Errorf("nest = %v, want a refusal", err)
	}
	if got, err := nest(rings, maxSteps); err != nil || len(got) == 0 {
		t.Errorf("nest with steps enough = %d parts, %v", len(got), err)
	}
}
