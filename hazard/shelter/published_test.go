package shelter

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
	"hazardmap/geo/table"
	"hazardmap/hazard"
	"hazardmap/hazard/ksj"
)

// readPublished returns the columns and records of a published list.
func readPublished(t *testing.T, path string) (columns []string, features []geo.Feature) {
	t.Helper()
	file, err := os.Open(published.Path(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if strings.HasSuffix(path, ".csv") {
		return readTable(t, file)
	}
	var in io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	features = readFeatures(t, in, filepath.Base(path))
	return columnsOf(features[0].Attr), features
}

func readFeatures(t *testing.T, in io.Reader, name string) (features []geo.Feature) {
	t.Helper()
	reader, err := geojson.Read(in, name)
	if err != nil {
		t.Fatal(err)
	}
	for f, err := range reader.Features() {
		if err != nil {
			t.Fatal(err)
		}
		features = append(features, f)
	}
	return features
}

func readTable(t *testing.T, in io.Reader) (columns []string, features []geo.Feature) {
	t.Helper()
	reader, err := table.Read(in, "x.csv")
	if err != nil {
		t.Fatal(err)
	}
	for f, err := range reader.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		features = append(features, f)
	}
	return reader.Header(), features
}

// sheltersOf decodes a list and fails where a row is refused.
func sheltersOf(t *testing.T, path string) []hazard.Shelter {
	t.Helper()
	columns, features := readPublished(t, path)
	d, err := Recognise(filepath.Base(path), columns, features[0].Attr)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var list []hazard.Shelter
	for _, f := range features {
		s, err := d.Shelter(f)
		if err != nil {
			t.Errorf("%s: record %d: %v", path, f.Record, err)
		}
		list = append(list, s)
	}
	return list
}

// tally counts what a list says.
type tally struct{ all, emergency, evacuation, both, flood, remarks int }

func count(list []hazard.Shelter) (c tally) {
	for _, s := range list {
		c.all++
		for n, yes := range map[*int]bool{
			&c.emergency: s.Emergency, &c.evacuation: s.Evacuation, &c.both: s.Emergency && s.Evacuation,
			&c.flood: s.Fit(hazard.ShelterFlood), &c.remarks: s.Remarks != "",
		} {
			if yes {
				*n++
			}
		}
	}
	return c
}

func TestPublishedLists(t *testing.T) {
	tests := []struct {
		path string
		want tally
	}{
		{"shelters/isesaki/102041_emergency.geojson", tally{all: 97, emergency: 97, flood: 71}},
		{"shelters/isesaki/102041_evacuation.geojson", tally{all: 149, evacuation: 149, remarks: 27}},
		{"shelters/gsi_10000_gunma_prefecture.geojson.gz", tally{all: 1753, emergency: 1753, flood: 1315, remarks: 23}},
		{"shelters/gsi-csv-original/42202_2.csv", tally{all: 270, emergency: 270, flood: 56, remarks: 4}},
		{"shelters/gsi-csv-original/42202_2.geojson", tally{all: 270, emergency: 270, flood: 56, remarks: 4}},
		{"shelters/gsi-csv-original/42202_1.csv", tally{all: 145, evacuation: 145}},
		{"shelters/municipal-standard/382019_evacuation_space.csv", tally{all: 390, emergency: 390, evacuation: 151, both: 151, flood: 137}},
		{"shelters/municipal-standard/172022_nanao_reference_data.csv", tally{all: 112, emergency: 112, flood: 87}},
	}
	for _, tt := range tests {
		if got := count(sheltersOf(t, tt.path)); got != tt.want {
			t.Errorf("%s holds %+v, want %+v", tt.path, got, tt.want)
		}
	}
}

func TestPublishedMerge(t *testing.T) {
	tests := []struct {
		name  string
		paths []string
		want  tally
	}{
		{"Isesaki", []string{"shelters/isesaki/102041_emergency.geojson", "shelters/isesaki/102041_evacuation.geojson"},
			tally{all: 151, emergency: 97, evacuation: 149, both: 95, flood: 71, remarks: 27}},
		{"佐世保市", []string{"shelters/gsi-csv-original/42202_2.csv", "shelters/gsi-csv-original/42202_1.csv"},
			tally{all: 272, emergency: 270, evacuation: 145, both: 143, flood: 56, remarks: 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rows []hazard.Shelter
			for _, path := range tt.paths {
				rows = append(rows, sheltersOf(t, path)...)
			}
			merged := Merge(rows)
			if got := count(merged); got != tt.want {
				t.Errorf("Merge holds %+v, want %+v", got, tt.want)
			}
			ids := map[string]bool{}
			for _, s := range merged {
				if ids[s.ID] {
					t.Errorf("id %s stands twice", s.ID)
				}
				ids[s.ID] = true
			}
		})
	}
}

// Lists of shelters that are no lists of designated ones.
func TestPublishedOthers(t *testing.T) {
	tests := []struct {
		path string
		want error
	}{
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-09-1800.csv", ErrOpenToday},
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-13-0600.csv", ErrOpenToday},
		{"shelters/open-status/open_shelter_Nanao-shi_2024-01-26-0600.csv", ErrOpenToday},
		{"shelters/gsi-csv-original/publicHistoryListData.csv", ErrUnknown},
		{"addresses/abr_machiaza_isesaki_2022.csv", ErrUnknown},
		{"flood/A31-20-21_1400210007.geojson.gz", ErrUnknown},
	}
	for _, tt := range tests {
		columns, features := readPublished(t, tt.path)
		if _, err := Recognise(filepath.Base(tt.path), columns, features[0].Attr); !errors.Is(err, tt.want) {
			t.Errorf("Recognise(%s) = %v, want %v", tt.path, err, tt.want)
		}
	}
}

// Of 3,424 rows of Gunma no one is refused by the border of its municipality,
// no place to run to is lost, and no id stands twice.
func TestPublishedGunma(t *testing.T) {
	areas := map[string]hazard.Area{}
	walkTar(t, "boundaries/N03-2020_gunma_municipalities.tar.gz", func(name string, in io.Reader) {
		var first geo.Feature
		var b *ksj.Boundaries
		for _, f := range readFeatures(t, in, name) {
			if b == nil {
				first = f
				var err error
				if b, err = ksj.RecogniseBoundaries(name, []string{"name"}, first.Attr); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Add(f); err != nil {
				t.Fatal(err)
			}
		}
		area, err := b.Area(b.Codes()[0])
		if err != nil {
			t.Fatal(err)
		}
		areas[area.Code] = area
	})
	var rows []hazard.Shelter
	walkTar(t, "shelters/gsi-gunma-municipal.tar.gz", func(name string, in io.Reader) {
		features := readFeatures(t, in, name)
		if len(features) == 0 {
			return
		}
		d, err := Recognise(name, columnsOf(features[0].Attr), features[0].Attr)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.Restrict(areas[name[:5]])
		for _, f := range features {
			s, err := d.Shelter(f)
			if err != nil {
				t.Errorf("%s: record %d: %v", name, f.Record, err)
			}
			rows = append(rows, s)
		}
	})
	merged := Merge(rows)
	c := count(merged)
	if len(areas) != 35 || len(rows) != 3424 || c.emergency != 1750 || c.both != 969 {
		t.Errorf("%d areas, %d rows, merged %+v, want 35, 3424, 1750 to run to and 969 both", len(areas), len(rows), c)
	}
	ids := map[string]string{}
	for _, s := range merged {
		if other, twice := ids[s.ID]; twice {
			t.Errorf("id %s stands twice: %s, %s", s.ID, other, s.Name)
		}
		ids[s.ID] = s.Name
	}
}

func walkTar(t *testing.T, path string, fn func(name string, in io.Reader)) {
	t.Helper()
	file, err := os.Open(published.Path(t, path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(h.Name, ".json") {
			fn(filepath.Base(h.Name), r)
		}
	}
}

// Two snapshots of one prefecture, eight months apart, differ by few sites,
// told apart by their 共通ID.
func TestPublishedSnapshots(t *testing.T) {
	old := map[string]hazard.Shelter{}
	for _, s := range sheltersOf(t, "shelters/gsi_10000_gunma_prefecture.geojson.gz") {
		old[s.ID] = s
	}
	var vanished, appeared, renamed, changed int
	walkTar(t, "shelters/gsi-gunma-municipal.tar.gz", func(name string, in io.Reader) {
		features := readFeatures(t, in, name)
		if len(features) == 0 || features[0].Attr["洪水"] == nil {
			return
		}
		d, err := Recognise(name, columnsOf(features[0].Attr), features[0].Attr)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range features {
			s, err := d.Shelter(f)
			if err != nil {
				t.Fatal(err)
			}
			before, known := old[s.ID]
			delete(old, s.ID)
			switch {
			case !known:
				appeared++
			case before.Name != s.Name:
				renamed++
			case before.Suitable != s.Suitable:
				changed++
			}
		}
	})
	vanished = len(old)
	if vanished != 7 || appeared != 4 || renamed != 4 || changed != 1 {
		t.Errorf("%d vanished, %d appeared, %d renamed, %d changed flags, want 7, 4, 4, 1", vanished, appeared, renamed, changed)
	}
}

func columnsOf(a geo.Attributes) (columns []string) {
	for c := range a {
		columns = append(columns, c)
	}
	return columns
}
