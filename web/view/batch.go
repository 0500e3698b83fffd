package view

import (
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// AppendFindings appends the list "hazards" of [AppendRiskJSON].
func AppendFindings(dst []byte, d *Dataset, c *i18n.Catalogue, findings []hazard.Finding) []byte {
	j := jsonWriter{b: dst}
	j.findings(d, c, findings)
	return j.b
}

// AppendRanges appends the list "hazards" of [AppendRangeJSON].
func AppendRanges(dst []byte, d *Dataset, c *i18n.Catalogue, ranges []hazard.Range) []byte {
	_, worst := boundFindings(ranges)
	j := jsonWriter{b: dst}
	j.ranges(d, c, ranges, worst)
	return j.b
}

// AppendText appends a string as JSON.
func AppendText(dst []byte, s string) []byte {
	j := jsonWriter{b: dst}
	j.text(s)
	return j.b
}

// FindingText says a finding in a line.
func FindingText(d *Dataset, c *i18n.Catalogue, f hazard.Finding) string {
	return findingWords(c, cityName(d, c), f)
}

// RangeText says the range of an area in a line.
func RangeText(d *Dataset, c *i18n.Catalogue, r hazard.Range) string {
	_, worst := boundFindings([]hazard.Range{r})
	return areaWords(c, cityName(d, c), r, worst[0])
}

// WorstFindings turns the ranges of an area into the findings of its worst spot.
func WorstFindings(ranges []hazard.Range) []hazard.Finding {
	_, worst := boundFindings(ranges)
	return worst
}

func (j *jsonWriter) findings(d *Dataset, c *i18n.Catalogue, findings []hazard.Finding) {
	j.open('[')
	for _, f := range findings {
		j.finding(c, cityName(d, c), f)
	}
	j.close(']')
}

func (j *jsonWriter) ranges(d *Dataset, c *i18n.Catalogue, ranges []hazard.Range, worst []hazard.Finding) {
	j.open('[')
	for i, r := range ranges {
		j.areaRange(c, cityName(d, c), r, worst[i])
	}
	j.close(']')
}

// areaWords say a range, or why there is none.
func areaWords(c *i18n.Catalogue, city string, r hazard.Range, worst hazard.Finding) string {
	if worst.Status != hazard.Inside {
		return findingWords(c, city, worst)
	}
	key, args := rangeText(c, r)
	return c.T(key, args...)
}
