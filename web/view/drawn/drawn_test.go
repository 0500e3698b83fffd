package drawn

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

func words() Words {
	return Words{Title: "map <of> \"a place\"", Desc: "d", North: "N", Scale: func(m int) string { return fmt.Sprint(m) }}
}

// draw returns a picture of tiles.
func draw(t *testing.T, a *Atlas, s Scene) string {
	t.Helper()
	var b strings.Builder
	if err := a.Draw(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPictureIsXML(t *testing.T) {
	place := geo.Point{Lon: 139.2, Lat: 36.3}
	border := orb.MultiPolygon{{{{139, 36}, {140, 36}, {140, 37}, {139, 36}}}}
	picture := draw(t, NewAtlas(nil, nil, border), Scene{
		Center: place, Zoom: 15, Width: 400, Height: 360, Place: &place, Kinds: hazard.Kinds(), Words: words(),
		Shelters: []Shelter{{At: geo.Point{Lon: 139.201, Lat: 36.301}, Label: "1", Fit: true}, {At: geo.Point{Lon: 100, Lat: 0}}},
		Frame:    orb.Bound{Min: orb.Point{139.19, 36.29}, Max: orb.Point{139.21, 36.31}},
	})
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
	}
	if corners := regexp.MustCompile(`class="corners"[^>]* d="([MHV0-9 -]*)"`).FindStringSubmatch(picture); corners == nil || strings.Count(corners[1], "M") != 4 || strings.Contains(corners[1], "z") {
		t.Errorf("an area without a border is to have four corners, no box: %q", corners)
	}
	if strings.Count(picture, "<use ") != 1 || !strings.Contains(picture, "map &lt;of&gt;") {
		t.Errorf("want one shelter in view and an escaped title: %s", picture)
	}
}

func TestMoveThereAndBack(t *testing.T) {
	center := geo.Point{Lon: 139.2, Lat: 36.3}
	back := Move(Move(center, 14, 200, -100), 14, -200, 100)
	if math.Abs(back.Lon-center.Lon) > 1e-9 || math.Abs(back.Lat-center.Lat) > 1e-9 {
		t.Errorf("there and back is %v, want %v", back, center)
	}
	if east := Move(center, 14, 256, 0); math.Abs(east.Lon-center.Lon-360.0/(1<<14)) > 1e-9 || math.Abs(east.Lat-center.Lat) > 1e-9 {
		t.Errorf("one tile east is %v", east)
	}
}

func TestSnap(t *testing.T) {
	center := geo.Point{Lon: 139.2244, Lat: 36.274}
	snapped := Snap(center, 15, 64)
	if again := Snap(snapped, 15, 64); again.Distance(snapped) > 0.01 {
		t.Errorf("snapped twice it moves by %v m", again.Distance(snapped))
	}
	if d := snapped.Distance(center); d > 46*4 { // half a diagonal, of 4 m pixels
		t.Errorf("snapping moves by %v m", d)
	}
}

func TestNiceLength(t *testing.T) {
	for most, want := range map[float64]int{3: 2, 5: 5, 99: 50, 100: 100, 1900: 1000, 2300: 2000, 0: 1} {
		if got := niceLength(most); got != want {
			t.Errorf("niceLength(%g) = %d, want %d", most, got, want)
		}
	}
}

// filled paints loops by even-odd, the slow and obvious way.
func filled(loops [][]corner, columns, rows int) []bool {
	cells := make([]bool, columns*rows)
	for _, loop := range loops {
		for i, a := range loop {
			b := loop[(i+1)%len(loop)]
			for y := min(a.y, b.y); y < max(a.y, b.y); y++ {
				for x := a.x; x < columns; x++ {
					if y < rows {
						cells[y*columns+x] = !cells[y*columns+x]
					}
				}
			}
		}
	}
	return cells
}

// TestOutlineHoldsItsCells: the border drawn around cells, holes and corners
// included, holds exactly them.
func TestOutlineHoldsItsCells(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		r := newRaster(14, 11, 1)
		for i := range r.rank {
			r.rank[i] = uint8(random.IntN(4))
		}
		for least := uint8(1); least <= 3; least++ {
			loops := r.outline(least)
			got := filled(loops, r.columns, r.rows)
			for i, rank := range r.rank {
				if got[i] != (rank >= least) {
					t.Fatalf("cell %d of rank %d is drawn %v at %d: %v", i, rank, got[i], least, loops)
				}
			}
		}
	}
}

// TestNothingIsMilderInCells: every point of a zone lies in a cell of its rank
// or worse, however thin the zone.
func TestNothingIsMilderInCells(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		r := newRaster(200, 200, 4)
		var ring orb.LineString
		for range 3 + random.IntN(5) {
			ring = append(ring, orb.Point{random.Float64() * 200, random.Float64() * 200})
		}
		ring = append(ring, ring[0])
		rank := uint8(1 + random.IntN(6))
		r.add([]orb.LineString{ring}, rank)
		for range 200 {
			p := orb.Point{random.Float64() * 200, random.Float64() * 200}
			if evenOdd(ring, p) && r.at(int(p[0]/4), int(p[1]/4)) < rank {
				t.Fatalf("%v lies in %v of rank %d, its cell shows %d", p, ring, rank, r.at(int(p[0]/4), int(p[1]/4)))
			}
		}
	}
}

func evenOdd(ring orb.LineString, p orb.Point) bool {
	in := false
	for i := range len(ring) - 1 {
		a, b := ring[i], ring[i+1]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

func TestPalettes(t *testing.T) {
	for _, k := range hazard.Kinds() {
		seen := map[string]bool{}
		for rank := uint8(1); rank <= k.Ranks(); rank++ {
			official, second := Fill(k, rank, false), Fill(k, rank, true)
			if class, _ := hazard.ClassOf(k, rank); official != class.Color || len(second) != 7 || seen[second] {
				t.Errorf("%v %d: official %s, second %s", k, rank, official, second)
			}
			seen[second] = true
			for _, fill := range []bool{false, true} {
				if ratio := contrast(Fill(k, rank, fill), Ink(k, rank, fill)); ratio < 4.5 {
					t.Errorf("%v %d: number on its colour has contrast %.1f, want 4.5", k, rank, ratio)
				}
			}
		}
		if got := Fill(k, hazard.RankUnknown, false); got != Fill(k, k.Ranks(), false) {
			t.Errorf("%v: a class that could not be read is %s", k, got)
		}
	}
}

// contrast is that of WCAG 2.
func contrast(a, b string) float64 {
	la, lb := luminanceOf(a), luminanceOf(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminanceOf(color string) float64 {
	switch color {
	case "#fff":
		return 1
	case "#000":
		return 0
	}
	return luminance(color)
}
