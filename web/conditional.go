package web

import "strings"

// acceptsGzip reports whether an Accept-Encoding header allows gzip: named, or
// covered by "*", and not with weight 0. A client that sends no header is not
// assumed to read it.
func acceptsGzip(values []string) bool {
	named, star := -1, -1 // 1 allowed, 0 forbidden, -1 not said
	for _, value := range values {
		for value != "" {
			var item string
			item, value, _ = strings.Cut(value, ",")
			coding, weight, _ := strings.Cut(item, ";")
			switch coding = strings.Trim(coding, " \t"); {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				named = allowed(weight)
			case coding == "*":
				star = allowed(weight)
			}
		}
	}
	return named == 1 || (named == -1 && star == 1)
}

// allowed reads the weight of an Accept-Encoding item: 0 for "q=0", "q=0.0",
// "q=0.00" and "q=0.000", else 1.
func allowed(weight string) int {
	weight = strings.Trim(weight, " \t")
	if len(weight) < 3 || (weight[0] != 'q' && weight[0] != 'Q') || weight[1] != '=' {
		return 1
	}
	if strings.Trim(weight[2:], "0") == "" || (strings.HasPrefix(weight[2:], "0.") && strings.Trim(weight[4:], "0") == "") {
		return 0
	}
	return 1
}

// matches reports whether an If-None-Match header names the tag, by the weak
// comparison that RFC 9110 asks for.
func matches(values []string, tag string) bool {
	for _, value := range values {
		for value != "" {
			var item string
			item, value, _ = strings.Cut(value, ",")
			item = strings.Trim(item, " \t")
			if item == "*" || strings.TrimPrefix(item, "W/") == tag {
				return true
			}
		}
	}
	return false
}
