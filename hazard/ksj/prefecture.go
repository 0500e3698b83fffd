package ksj

import "hazardmap/geo"

// prefectureColumns hold the prefecture whose zones a file of A33 lists, in
// GeoJSON and Shapefile and in GML.
var prefectureColumns = [...]string{"A33_003", "prc"}

// Prefecture returns the two digits of the prefecture that published the zone
// of a record, "" where the record does not say.
func Prefecture(attr geo.Attributes) string {
	for _, column := range prefectureColumns {
		switch code := attr.Code(column); len(code) {
		case 1: // a number loses the zero of 01 to 09
			return "0" + code
		case 2:
			return code
		}
	}
	return ""
}
