//go:build !js

package hazard

import "time"

// EditionDate returns the first day of an edition, which is written YYYY,
// YYYY-MM or YYYY-MM-DD, and reports whether it is one of them.
func EditionDate(edition string) (time.Time, bool) {
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if day, err := time.Parse(form, edition); err == nil {
			return day, true
		}
	}
	return time.Time{}, false
}
