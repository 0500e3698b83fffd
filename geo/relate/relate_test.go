package relate_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"hazardmap/geo/relate"
)

func shape(t testing.TB, text string) *relate.Shape {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return relate.Prepare(g)
}

// TestMatrix has cases that rounding or a shortcut would get wrong.
func TestMatrix(t *testing.T) {
	const square, inner = "POLYGON((0 0,4 0,4 4,0 4,0 0))", "POLYGON((1 1,2 1,2 2,1 2,1 1))"
	tests := []struct{ name, a, b, want string }{
		{"apart", square, "POLYGON((5 5,6 5,6 6,5 5))", "FF2FF1212"},
		{"the same", square, square, "2FFF1FFF2"},
		{"the same, turned the other way", square, "POLYGON((4 4,4 0,0 0,0 4,4 4))", "2FFF1FFF2"},
		{"within", inner, square, "2FF1FF212"},
		{"side by side", square, "POLYGON((4 0,8 0,8 4,4 4,4 0))", "FF2F11212"},
		{"corner to corner", square, "POLYGON((4 4,8 4,8 8,4 8,4 4))", "FF2F01212"},
		{"overlap", square, "POLYGON((2 2,6 2,6 6,2 6,2 2))", "212101212"},
		{"in a hole that it fills", "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,2 1,2 2,1 2,1 1))", inner, "FF2F112F2"},
		{"two parts make the whole", "MULTIPOLYGON(((0 0,2 0,2 4,0 4,0 0)),((2 0,4 0,4 4,2 4,2 0)))", square, "2FFF1FFF2"},
		{"a point on an edge", "POINT(2 0)", square, "F0FFFF212"},
		{"a point within", "POINT(1 1)", square, "0FFFFF212"},
		{"a line through", "LINESTRING(-1 2,5 2)", square, "101FF0212"},
		{"a line along an edge", "LINESTRING(1 0,3 0)", square, "F1FF0F212"},
		{"lines that cross", "LINESTRING(0 0,2 2)", "LINESTRING(0 2,2 0)", "0F1FF0102"},
		{"lines with a piece in common", "LINESTRING(0 0,2 0)", "LINESTRING(1 0,3 0)", "1010F0102"},
		{"a ring has no ends", "LINESTRING(0 0,2 0,2 2,0 0)", "POINT(0 0)", "0F1FFFFF2"},
		{"nothing", "POINT(1 1)", "POLYGON EMPTY", "FF0FFFFF2"},
		{"a collection", "GEOMETRYCOLLECTION(POINT(9 9),LINESTRING(1 1,3 3))", square, "1F00FF212"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := shape(t, tt.a), shape(t, tt.b)
			got := relate.Of(a, b)
			if got.String() != tt.want {
				t.Errorf("Of(%s, %s) = %v, want %s", tt.a, tt.b, got, tt.want)
			}
			if relate.Intersects(a, b) == got.Disjoint() {
				t.Errorf("Intersects = %v, matrix %v", !got.Disjoint(), got)
			}
		})
	}
}

// TestExactOnEdges: the middle of an edge cannot be written in floating point,
// yet a corner that lies on it by a hair more or less is told apart.
func TestExactOnEdges(t *testing.T) {
	a, b := orb.Point{139.1, 36.2}, orb.Point{139.4, 36.3}
	line := relate.Prepare(orb.LineString{a, b})
	onto := relate.Prepare(orb.LineString{a, {139.2, 36.5}})
	if m := relate.Of(line, onto); !m.Touches() {
		t.Errorf("lines from one point: %v", m)
	}
	// A triangle whose edge is cut by a line: the crossing has no exact
	// coordinates, but line and triangle never part there.
	triangle := relate.Prepare(orb.Polygon{{a, b, {139.2, 36.9}, a}})
	through := relate.Prepare(orb.LineString{{139.2, 36.1}, {139.21, 36.4}})
	if m := relate.Of(through, triangle); m.String() != "101FF0212" && m.String() != "1010F0212" {
		t.Errorf("a line into a triangle: %v", m)
	}
	up := math.Nextafter(36.2, 37)
	if relate.Intersects(relate.Prepare(orb.Point{139.1, up}), relate.Prepare(orb.LineString{{139, 36.2}, {140, 36.2}})) {
		t.Error("a point one bit above a line is on it")
	}
}

// draw makes a valid shape on a small lattice, so that corners, edges and
// whole sides fall together often.
func draw(rng *rand.Rand) orb.Geometry {
	at := func() orb.Point { return orb.Point{float64(rng.IntN(6)), float64(rng.IntN(6))} }
	rectangle := func() orb.Polygon {
		p := at()
		w, h := float64(1+rng.IntN(4)), float64(1+rng.IntN(4))
		ring := orb.Ring{p, {p[0] + w, p[1]}, {p[0] + w, p[1] + h}, {p[0], p[1] + h}, p}
		if rng.IntN(2) == 0 {
			ring.Reverse()
		}
		if w > 2 && h > 2 && rng.IntN(2) == 0 {
			q := orb.Point{p[0] + 1, p[1] + 1}
			return orb.Polygon{ring, {q, {q[0] + 1, q[1]}, {q[0] + 1, q[1] + 1}, q}}
		}
		return orb.Polygon{ring}
	}
	triangle := func() orb.Polygon {
		for {
			a, b, c := at(), at(), at()
			if (b[0]-a[0])*(c[1]-a[1]) != (b[1]-a[1])*(c[0]-a[0]) {
				return orb.Polygon{{a, b, c, a}}
			}
		}
	}
	line := func() orb.LineString {
		a, b := at(), at()
		for a == b {
			b = at()
		}
		return orb.LineString{a, b}
	}
	switch rng.IntN(7) {
	case 0:
		return at()
	case 1:
		return orb.MultiPoint{at(), at()}
	case 2:
		return line()
	case 3:
		return orb.LineString{{0, 6}, at(), {5, 6}}
	case 4:
		return triangle()
	case 5:
		p := rectangle()
		q := rectangle()
		for _, ring := range q {
			for i := range ring {
				ring[i][0] += 20
			}
		}
		return orb.MultiPolygon{p, q}
	}
	return rectangle()
}

// TestAgreesWithGEOS compares every predicate with GEOS, which SpatiaLite asks
// for GDAL, on shapes whose coordinates make its own arithmetic exact.
func TestAgreesWithGEOS(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr is not installed")
	}
	rng := rand.New(rand.NewPCG(5, 6))
	dir := t.TempDir()
	var table strings.Builder
	table.WriteString("a,b\n")
	var pairs [][2]orb.Geometry
	for range 4000 {
		pair := [2]orb.Geometry{draw(rng), draw(rng)}
		pairs = append(pairs, pair)
		fmt.Fprintf(&table, "\"%s\",\"%s\"\n", wkt.MarshalString(pair[0]), wkt.MarshalString(pair[1]))
	}
	in := filepath.Join(dir, "pairs.csv")
	if err := os.WriteFile(in, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	const ask = `SELECT ST_Relate(GeomFromText(a), GeomFromText(b)) AS m, ST_Crosses(GeomFromText(a), GeomFromText(b)) AS c,
		ST_Overlaps(GeomFromText(a), GeomFromText(b)) AS o FROM pairs`
	out, err := exec.Command("ogr2ogr", "-f", "CSV", "/vsistdout/", in, "-dialect", "SQLite", "-sql", ask).CombinedOutput()
	if err != nil {
		if strings.Contains(string(out), "no such function") {
			t.Skip("GDAL has no SpatiaLite")
		}
		t.Fatalf("%v: %s", err, out)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(rows) != len(pairs)+1 {
		t.Fatalf("%d rows, %v: %.300s", len(rows), err, out)
	}
	faults := 0
	for i, row := range rows[1:] {
		a, b := relate.Prepare(pairs[i][0]), relate.Prepare(pairs[i][1])
		m := relate.Of(a, b)
		got := []string{m.String(), bit(m.Crosses(a, b)), bit(m.Overlaps(a, b))}
		if strings.Join(got, " ") != strings.Join(row, " ") || relate.Intersects(a, b) == m.Disjoint() {
			faults++
			t.Errorf("%s and %s: %v, GEOS says %v", wkt.MarshalString(pairs[i][0]), wkt.MarshalString(pairs[i][1]), got, row)
		}
		if faults > 5 {
			t.FailNow()
		}
	}
}

func bit(v bool) string {
	if v {
		return "1"
	}
	return "0"
}
