package sheet

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hazardmap/geo/geopackage"
)

// TestTableIsReadByGDAL: what QGIS sees of a sheet.
func TestTableIsReadByGDAL(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed")
	}
	const rows = "FID,名,lat,lon,Geom\n7,中央,36.05,139.005,g\n,=1,36.001,139.001,\n\n3,謎,x,y,\n"
	path := filepath.Join(t.TempDir(), "rows.gpkg")
	out, err := geopackage.CreateInMemory(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(strings.NewReader(rows), CSV, Question{Lang: "en"}, cities(t))
	if err != nil {
		t.Fatal(err)
	}
	count, err := s.WriteTable(t.Context(), out, InMemory)
	if err != nil || count != (Count{Rows: 3, Marked: 1}) {
		t.Fatal(count, err)
	}
	file, err := out.Bytes()
	if err == nil {
		err = os.WriteFile(path, file, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	told, err := exec.Command(ogrinfo, "-al", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, told)
	}
	text := string(told)
	for _, want := range []string{
		"Layer name: rows", "Geometry: Point", "Feature Count: 3", "Extent: (139.001000, 36.001000) - (139.005000, 36.050000)",
		"FID (2) (String) = 7", "Geom (2) (String) = g", "名 (String) = =1", "POINT (139.005 36.05)",
		"flood-depth.max.status (String) = inside\n  flood-depth.max.rank (Integer64) = 3\n",    // an integer, for a legend
		"flood-depth.max.status (String) = inside\n  flood-depth.max.rank (Integer64) = (null)", // the class is unknown
		"error (String) = bad-position", "flood-depth.max.status (String) = undecided", "shelter.metres (Integer64) = 1112", "shelter.name (String) = 西小学校",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("ogrinfo does not say %q", want)
		}
	}
	if strings.Contains(text, "Warning") || strings.Contains(text, "ERROR") || t.Failed() {
		t.Errorf("ogrinfo says:\n%s", text)
	}
	if n := strings.Count(text, "POINT ("); n != 2 {
		t.Errorf("%d points, want 2: the row without a position has none", n)
	}
}

func TestTableLimit(t *testing.T) {
	out, err := geopackage.CreateInMemory(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(strings.NewReader("lat,lon\n"+strings.Repeat("36,139\n", 4)), CSV, Question{}, cities(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.WriteTable(t.Context(), out, 3); !errors.Is(err, ErrTableTooLong) {
		t.Errorf("four rows of three: %v", err)
	}
	if _, err := out.Bytes(); err != nil {
		t.Error(err)
	}
}
