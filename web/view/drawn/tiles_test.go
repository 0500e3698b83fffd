package drawn

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/tiles"
)

// patchwork is a city of small squares of all depths, as a 5 m mesh is, with a
// hatched zone over it.
func patchwork() []hazard.Zone {
	random := rand.New(rand.NewPCG(5, 6))
	var zones []hazard.Zone
	square := func(lon, lat, side float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
	}
	for i := range 80 {
		for j := range 80 {
			zones = append(zones, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: uint8(1 + random.IntN(6)),
				Shape: square(139.2+float64(i)*0.0003, 36.27+float64(j)*0.0003, 0.0003)})
		}
	}
	zones = append(zones,
		hazard.Zone{Kind: hazard.CollapseErosion, Scenario: hazard.Max, Rank: 1, Shape: square(139.21, 36.28, 0.004)},
		hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Plan, Rank: 1, Shape: square(139.19, 36.27, 0.004)},
		hazard.Zone{Kind: hazard.FloodDuration, Scenario: hazard.Max, Rank: 7, Shape: square(139.2, 36.27, 0.02)})
	hazard.SortZones(zones)
	return zones
}

// cut returns an atlas of zones.
func cut(t *testing.T, zones []hazard.Zone) *Atlas {
	t.Helper()
	stored := map[string][]byte{}
	_, err := tiles.Cut(t.Context(), zones, tiles.CutOptions{Theme: "flood", MinZoom: 10}, func(id tiles.ID, raw []byte) error {
		stored["flood/"+id.String()] = bytes.Clone(raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return NewAtlas([]string{"flood", "landslide"}, func(set string, id tiles.ID) []byte { return stored[set+"/"+id.String()] }, nil)
}

// TestIntricateZonesStaySmall: whatever the zones, a picture weighs at most
// 11 KB in gzip, which is 10 KB in Brotli, and keeps the worst class.
func TestIntricateZonesStaySmall(t *testing.T) {
	atlas := cut(t, patchwork())
	kinds := []hazard.Kind{hazard.FloodDepth, hazard.CollapseErosion}
	for _, zoom := range []float64{10, 12.6, 14, 15, 17} {
		picture := draw(t, atlas, Scene{
			Center: geo.Point{Lon: 139.212, Lat: 36.282}, Zoom: zoom, Width: 400, Height: 360, Kinds: kinds, Words: words(),
		})
		if n := gzipSize(t, picture); n > 11_000 {
			t.Errorf("zoom %g: %d bytes in gzip", zoom, n)
		}
		if !strings.Contains(picture, "url(#m1-6)") || !strings.Contains(picture, "url(#m4-1)") {
			t.Errorf("zoom %g: the worst depth or the house collapse is not drawn", zoom)
		}
		if strings.Contains(picture, "url(#m2-") {
			t.Errorf("zoom %g: times of flooding are drawn unasked", zoom)
		}
	}
}

// TestNothingIsDrawnMilder: at every point of a zone the class painted last is
// at least the zone's, whether the picture shows zones as they are or in cells.
func TestNothingIsDrawnMilder(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	few := patchwork()[:40]
	few = append(few, hazard.Zone{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 6, // a sliver
		Shape: orb.MultiPolygon{{{{139.2001, 36.2701}, {139.21, 36.28}, {139.2101, 36.28}, {139.2001, 36.2701}}}}})
	for name, zones := range map[string][]hazard.Zone{"few": few, "many": patchwork()} {
		atlas := cut(t, zones)
		for _, zoom := range []float64{12.6, 14, 14.3, 15, 16.7} {
			scene := Scene{Center: geo.Point{Lon: 139.203, Lat: 36.272}, Zoom: zoom, Width: 400, Height: 360, Kinds: []hazard.Kind{hazard.FloodDepth}, Words: words()}
			layers := paintedRings(t, draw(t, atlas, scene))
			p := &picture{}
			p.begin(atlas, scene)
			for range 400 {
				z := zones[random.IntN(len(zones))]
				if z.Kind != hazard.FloodDepth || z.Scenario != hazard.Max {
					continue
				}
				ring := z.Shape.(orb.MultiPolygon)[0][0]
				at, _ := planar.CentroidArea(ring)
				x, y := p.at(pointOf(at))
				if x < 0 || y < 0 || x >= scene.Width*unit || y >= scene.Height*unit {
					continue
				}
				var got uint8
				for i := range 9 { // within half a pixel
					got = max(got, shown(layers, float64(x+i%3-1)+0.37, float64(y+i/3-1)+0.41))
				}
				if got < z.Rank {
					t.Fatalf("%s, zoom %g: a place of rank %d is shown as %d", name, zoom, z.Rank, got)
				}
			}
		}
	}
}

// painted is one path of a class.
type painted struct {
	rank  uint8
	rings []orb.LineString
}

var depthPath = regexp.MustCompile(`<path fill="url\(#m1-(\d+)\)" d="([^"]+)"`)

// paintedRings reads the depths of a picture back, in the order of painting.
func paintedRings(t *testing.T, picture string) (layers []painted) {
	t.Helper()
	for _, m := range depthPath.FindAllStringSubmatch(picture, -1) {
		rank, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, painted{uint8(rank), ringsOf(t, m[2])})
	}
	return layers
}

var step = regexp.MustCompile(`([Mlhvz])(-?\d+)? ?(-?\d+)?`)

func ringsOf(t *testing.T, data string) (rings []orb.LineString) {
	t.Helper()
	var x, y float64
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, m := range step.FindAllStringSubmatch(data, -1) {
		last := len(rings) - 1
		switch m[1] {
		case "M":
			x, y = number(m[2]), number(m[3])
			rings = append(rings, orb.LineString{{x, y}})
			continue
		case "l":
			x, y = x+number(m[2]), y+number(m[3])
		case "h":
			x += number(m[2])
		case "v":
			y += number(m[2])
		case "z":
			x, y = rings[last][0][0], rings[last][0][1]
		}
		rings[last] = append(rings[last], orb.Point{x, y})
	}
	return rings
}

// shown is the rank painted last over a point, by the winding of the rings.
func shown(layers []painted, x, y float64) (rank uint8) {
	for _, l := range layers {
		winding := 0
		for _, ring := range l.rings {
			for i := range len(ring) - 1 {
				a, b := ring[i], ring[i+1]
				if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
					if b[1] > a[1] {
						winding++
					} else {
						winding--
					}
				}
			}
		}
		if winding != 0 {
			rank = l.rank
		}
	}
	return rank
}

func gzipSize(t *testing.T, s string) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
