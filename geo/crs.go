package geo

import (
	"fmt"
	"slices"
	"strings"
)

// CRS names a coordinate reference system by its EPSG code, such as
// "EPSG:6668". The zero value stands for a file that names none.
type CRS string

// The systems whose degrees are used as WGS 84 without a shift.
const (
	WGS84     CRS = "EPSG:4326"
	JGD2000   CRS = "EPSG:4612"
	JGD2011   CRS = "EPSG:6668"
	JGD2011H  CRS = "EPSG:6697" // with height
	crsAbsent CRS = ""
)

// crsWords recognises the systems that files name in words, in the "JGD2011 /
// (B, L)" of JPGIS and in the WKT of a .prj.
var crsWords = []struct {
	mark string // in lower case, without blanks, "_" and "-"
	crs  CRS
}{
	{"jgd2011", JGD2011}, {"japanesegeodeticdatum2011", JGD2011},
	{"jgd2000", JGD2000}, {"japanesegeodeticdatum2000", JGD2000},
	{"wgs84", WGS84}, {"wgs1984", WGS84}, {"crs84", WGS84},
}

// ParseCRS reads the name of a coordinate reference system as GeoJSON, GML and
// the .prj of a shapefile write it. It refuses every system whose numbers are
// not degrees that may be used as WGS 84.
func ParseCRS(name string) (CRS, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return crsAbsent, nil
	}
	if code, ok := epsgCode(name); ok {
		switch crs := CRS("EPSG:" + code); crs {
		case WGS84, JGD2000, JGD2011, JGD2011H:
			return crs, nil
		}
		return "", refusedCRS(name)
	}
	key := strings.NewReplacer(" ", "", "_", "", "-", "").Replace(strings.ToLower(name))
	// A projected system names its geographic one inside.
	if strings.HasPrefix(key, "projc") || strings.HasPrefix(key, "geoccs") || strings.Contains(key, "(x,y)") {
		return "", refusedCRS(name)
	}
	for _, w := range crsWords {
		if strings.Contains(key, w.mark) {
			return w.crs, nil
		}
	}
	return "", refusedCRS(name)
}

// epsgCode finds the code in "EPSG:6668", "urn:ogc:def:crs:EPSG::6668" and
// "http://www.opengis.net/def/crs/EPSG/0/6668".
func epsgCode(name string) (string, bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ':' || r == '/' })
	i := slices.Index(words, "epsg")
	if i < 0 {
		return "", false
	}
	code := words[len(words)-1]
	return code, len(words)-i <= 3 && allDigits(code)
}

func refusedCRS(name string) error {
	const most = 60
	if r := []rune(name); len(r) > most {
		name = string(r[:most]) + "…"
	}
	return fmt.Errorf("coordinate reference system %q: want degrees in EPSG:6668, 4612, 4326 or 6697", name)
}
