package ksj

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"hazardmap/hazard"
)

// A40 and A49 write the class of depth as each prefecture likes:
// 「0.3m未満」「0.01m以上 ～ 0.3m未満」「3m 以上 5m 未満」「5m以上」.
var (
	fromPattern = regexp.MustCompile(`(\d+(?:\.\d+)?|\.\d+)(m|cm|メートル)?(?:以上|超)`)
	toPattern   = regexp.MustCompile(`(\d+(?:\.\d+)?|\.\d+)(m|cm|メートル)?(未満|以下)`)
)

// depthRange is a class of depth in metres. high is +Inf where the text gives
// no upper bound.
type depthRange struct{ low, high float64 }

// parseDepth reads a class of depth from free text.
func parseDepth(text string) (depthRange, bool) {
	folded := strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(text)), ""))
	from := fromPattern.FindAllStringSubmatch(folded, -1)
	to := toPattern.FindAllStringSubmatch(folded, -1)
	if len(from) > 1 || len(to) > 1 || len(from)+len(to) == 0 {
		return depthRange{}, false
	}
	r := depthRange{high: math.Inf(1)}
	if len(to) == 1 {
		r.high = metres(to[0])
		if to[0][3] == "以下" { // the bound itself belongs to the class
			r.high = math.Nextafter(r.high, math.Inf(1))
		}
	}
	if len(from) == 1 {
		r.low = metres(from[0])
	}
	return r, r.low < r.high && (math.IsInf(r.high, 1) || r.high <= 100)
}

func metres(match []string) float64 {
	v, _ := strconv.ParseFloat(match[1], 64) // digits by the pattern
	if match[2] == "cm" {
		return v / 100
	}
	return v
}

// rank returns the mildest rank that is never milder than the class: that of
// its upper bound, which itself belongs to the next class.
func (r depthRange) rank() uint8 {
	if math.IsInf(r.high, 1) {
		return hazard.FloodDepth.Ranks()
	}
	return hazard.DepthRank(math.Nextafter(r.high, 0))
}
