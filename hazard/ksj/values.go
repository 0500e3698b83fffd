package ksj

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hazardmap/geo"
)

// code returns a value as a code: full-width digits become plain ones and the
// ".0" of spreadsheets goes.
func code(a geo.Attributes, column string) string {
	text := a.Code(column)
	if folded := norm.NFKC.String(text); folded != text {
		return geo.Attributes{column: folded}.Code(column)
	}
	return text
}

var (
	// 2018-03-30, 2018/3/30, 20180330, 2018年3月30日
	westernDate = regexp.MustCompile(`^((?:19|20)\d\d)[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?$`)
	// 平成30年3月30日, H30.3.30, 令和元年6月1日
	japaneseDate = regexp.MustCompile(`^(明治|大正|昭和|平成|令和|[MTSHR])\.?(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
)

// eraStart is the year before the first of each era.
var eraStart = map[string]int{
	"明治": 1867, "M": 1867, "大正": 1911, "T": 1911, "昭和": 1925, "S": 1925, "平成": 1988, "H": 1988, "令和": 2018, "R": 2018,
}

// date returns a date as ISO 8601, or the text itself where it is none.
func date(text string) string {
	folded := strings.Join(strings.Fields(norm.NFKC.String(text)), "")
	year := 0
	m := westernDate.FindStringSubmatch(folded)
	if m != nil {
		year, _ = strconv.Atoi(m[1]) // digits by the pattern
	} else if m = japaneseDate.FindStringSubmatch(folded); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil { // 元
			n = 1
		}
		year = eraStart[m[1]] + n
		m = m[1:]
	} else {
		return text
	}
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return text
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
