package tiles_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

// cut returns the tiles of some zones.
func cut(t testing.TB, zones []hazard.Zone, opts tiles.CutOptions) (map[tiles.ID][]byte, tiles.LossReport) {
	t.Helper()
	set := map[tiles.ID][]byte{}
	loss, err := tiles.Cut(t.Context(), zones, opts, func(id tiles.ID, raw []byte) error {
		if set[id] != nil {
			t.Errorf("tile %v is put twice", id)
		}
		set[id] = raw
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return set, loss
}

// check decodes every tile, checks it by itself and against the index.
func check(t testing.TB, zones []hazard.Zone, set map[tiles.ID][]byte, opts tiles.CheckOptions) tiles.CheckReport {
	t.Helper()
	c := tiles.NewChecker(zones, index(t, zones), opts)
	for id, raw := range set {
		tile, err := tiles.Decode(raw)
		if err != nil {
			t.Fatalf("tile %v: %v", id, err)
		}
		if err := tile.Check(); err != nil {
			t.Errorf("tile %v: %v", id, err)
		}
		if err := c.Tile(id, tile); err != nil {
			t.Error(err)
		}
	}
	return c.Report()
}

// index returns the look-up index of some zones.
func index(t testing.TB, zones []hazard.Zone) *hazard.Index {
	t.Helper()
	var b bytes.Buffer
	everywhere := orb.MultiPolygon{{{{138, 35}, {141, 35}, {141, 38}, {138, 38}, {138, 35}}}}
	in := &hazard.Input{
		DatasetID: "test", Area: hazard.Area{Code: "10204", Name: "伊勢崎市", Boundary: everywhere}, Zones: zones,
		Sources: []hazard.Source{{Title: "test"}},
	}
	if err := hazard.WriteIndex(t.Context(), &b, in); err != nil {
		t.Fatal(err)
	}
	x, err := hazard.OpenIndex(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// square returns a square of so many degrees around a place.
func square(lon, lat, side float64) orb.Polygon {
	h := side / 2
	return orb.Polygon{{{lon - h, lat - h}, {lon + h, lat - h}, {lon + h, lat + h}, {lon - h, lat + h}, {lon - h, lat - h}}}
}

// randomZones returns zones that files do not have but could: stars that cross
// themselves, slivers, specks, rings that touch, parts that overlap.
func randomZones(seed uint64, n int) []hazard.Zone {
	random := rand.New(rand.NewPCG(seed, 7))
	var zones []hazard.Zone
	for range n {
		z := hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: uint8(1 + random.IntN(6)), River: "利根川"}
		switch random.IntN(8) {
		case 0:
			z.Scenario = hazard.Plan
		case 1:
			z.Kind, z.Scenario, z.Rank = hazard.LandslideSteep, hazard.NoScenario, uint8(1+random.IntN(2))
			z.Flags = hazard.ZoneFlags(random.IntN(2)) * hazard.NotDesignated
		case 2:
			z.Rank = hazard.RankUnknown
		}
		var shape orb.MultiPolygon
		lon, lat := 139.22+random.Float64()*0.03, 36.31+random.Float64()*0.03
		for range 1 + random.IntN(3) {
			shape = append(shape, randomPolygon(random, lon+random.Float64()*0.003, lat+random.Float64()*0.003))
		}
		z.Shape = shape
		if random.IntN(10) == 0 {
			z.Flags |= hazard.LineOnly
			z.Shape = orb.MultiLineString{orb.LineString(shape[0][0])}
		}
		zones = append(zones, z)
	}
	hazard.SortZones(zones)
	return zones
}

func randomPolygon(random *rand.Rand, lon, lat float64) orb.Polygon {
	size := math.Exp(random.Float64()*9-16) * 10 // 1e-6 to 0.01 degrees
	switch random.IntN(4) {
	case 0: // a ring on a coarse mesh, touching and crossing itself at corners
		var ring orb.Ring
		for range 4 + random.IntN(40) {
			ring = append(ring, orb.Point{lon + size*float64(random.IntN(6)), lat + size*float64(random.IntN(6))})
		}
		return orb.Polygon{append(ring, ring[0])}
	case 1: // a sliver
		return orb.Polygon{{{lon, lat}, {lon + size, lat + size}, {lon + size, lat + size*1.0001}, {lon, lat}}}
	case 2: // a square with a hole that touches it
		p := square(lon, lat, size)
		return append(p, orb.Ring{p[0][0], {lon, lat - size/4}, {lon, lat + size/4}, p[0][0]})
	}
	var ring orb.Ring // a star
	for i := range 5 + random.IntN(60) {
		r := size * random.Float64()
		a := float64(i) * 2.4
		ring = append(ring, orb.Point{lon + r*math.Cos(a), lat + r*math.Sin(a)})
	}
	return orb.Polygon{append(ring, ring[0])}
}

// TestCutNeverUnderStates is the promise, on hostile shapes: all polygons
// valid, no zone lost, nothing milder than the index says.
func TestCutNeverUnderStates(t *testing.T) {
	for seed := range uint64(2) {
		zones := randomZones(seed, 70)
		set, loss := cut(t, zones, tiles.CutOptions{})
		report := check(t, zones, set, tiles.CheckOptions{Points: 3000})
		if err := report.Err(); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		if loss.Tiles != len(set) {
			t.Errorf("seed %d: loss report counts %d tiles, want %d", seed, loss.Tiles, len(set))
		}
	}
}

// TestCutPublished cuts published zones, among them some whose rings touch or
// cross themselves.
func TestCutPublished(t *testing.T) {
	tests := []struct {
		column, file string
		zones        int
		minZoom      uint8
	}{
		{"A31b_201", "flood/A31b-20-23_20_10204.geojson.gz", 2739, 11},
		{"A31_205", "flood/A31-20-21_1400120001.geojson.gz", 98, 6},
		{"A31_205", "flood/A31-20-21_1400160001.geojson.gz", 1099, 6},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			zones := floodZones(t, tt.column, tt.file)
			hazard.SortZones(zones)
			set, loss := cut(t, zones, tiles.CutOptions{Theme: "flood", MinZoom: tt.minZoom})
			report := check(t, zones, set, tiles.CheckOptions{Points: 4000, Cut: tiles.CutOptions{MinZoom: tt.minZoom}})
			if err := report.Err(); err != nil {
				t.Error(err)
			}
			if report.Points != 4000 || report.Zones != tt.zones {
				t.Errorf("checked %d points and %d zones, want 4000 and %d", report.Points, report.Zones, tt.zones)
			}
			for _, l := range loss.Classes {
				if l.Zoom >= 13 && l.TrueArea > 1e5 && math.Abs(l.AreaRatio()-1) > 0.002 {
					t.Errorf("%+v: drawn area is %.4f of the true one", l, l.AreaRatio())
				}
			}
		})
	}
}

// TestCutSameBytes: the tiles and their order do not depend on how many work.
func TestCutSameBytes(t *testing.T) {
	zones := randomZones(9, 90)
	var want [sha256.Size]byte
	for workers := 1; workers <= 3; workers++ {
		h := sha256.New()
		_, err := tiles.Cut(t.Context(), zones, tiles.CutOptions{MinZoom: 8, Workers: workers}, func(id tiles.ID, raw []byte) error {
			_, err := fmt.Fprintf(h, "%v %d %x\n", id, len(raw), raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got := [sha256.Size]byte(h.Sum(nil))
		if workers > 1 && got != want {
			t.Errorf("%d workers give other tiles than 1", workers)
		}
		want = got
	}
}

func TestCutRefuses(t *testing.T) {
	good := hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 2, Shape: square(139.2, 36.3, 0.01)}
	tests := []struct {
		name string
		edit func(*hazard.Zone)
		opts tiles.CutOptions
		want string
	}{
		{"rank beyond the kind", func(z *hazard.Zone) { z.Rank = 7 }, tiles.CutOptions{}, "zone 0: flood-depth has no rank 7"},
		{"no kind", func(z *hazard.Zone) { z.Kind = 0 }, tiles.CutOptions{}, "zone 0: kind 0"},
		{"no shape", func(z *hazard.Zone) { z.Shape = nil }, tiles.CutOptions{}, "zone 0: has no shape"},
		{"empty shape", func(z *hazard.Zone) { z.Shape = orb.MultiPolygon{} }, tiles.CutOptions{}, "zone 0: has no shape"},
		{"zooms upside down", func(*hazard.Zone) {}, tiles.CutOptions{MinZoom: 12, MaxZoom: 8}, "zooms 12 to 8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			z := good
			tt.edit(&z)
			_, err := tiles.Cut(t.Context(), []hazard.Zone{z}, tt.opts, func(tiles.ID, []byte) error { return nil })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Cut = %v, want an error with %q", err, tt.want)
			}
		})
	}
}
