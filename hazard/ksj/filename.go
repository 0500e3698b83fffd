package ksj

import (
	"regexp"
	"strconv"
)

// fileName is what the base name of a published file says.
type fileName struct {
	layer string // "10", "20", "30", "41", "42" of A31; "" where the name has none
	year  int    // fiscal year of the edition, 0 where the name has none
}

// A31a-20-23_83_8303040001_20.geojson: layer 20, fiscal 2023. In A31-19_83 the
// only number is the year, in A31a-30 the layer, in N03-20200101 the whole date.
var (
	fileNamePattern = regexp.MustCompile(`^(?i:A31[ab]?|A33|A40|A49|N03)-(?:(10|20|30|41|42)-)?(?:(20\d\d)(?:\d{4})?|(\d\d))(?:\D|$)`)
	layerPattern    = regexp.MustCompile(`^(?i:A31[ab])-(10|20|30|41|42)(?:[^-\d]|-\D|$)`)
)

func parseFileName(name string) fileName {
	if m := layerPattern.FindStringSubmatch(name); m != nil {
		return fileName{layer: m[1]}
	}
	m := fileNamePattern.FindStringSubmatch(name)
	if m == nil {
		return fileName{}
	}
	year, _ := strconv.Atoi(m[2] + m[3]) // digits by the pattern
	if year < 100 {
		year += 2000
	}
	return fileName{layer: m[1], year: year}
}

// edition names the fiscal year of the data, "" where it is not known.
func (n fileName) edition() string {
	if n.year == 0 {
		return ""
	}
	return strconv.Itoa(n.year)
}
