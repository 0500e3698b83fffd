package i18n

import (
	"slices"
	"strings"
)

// Review is a text that no official source confirms.
type Review struct{ Key, Text string }

// ForReview lists the texts marked † by key, for the consultation desk.
func (c *Catalogue) ForReview() []Review {
	var out []Review
	for key, e := range c.texts {
		if e.review {
			out = append(out, Review{Key: key, Text: c.T(key)})
		}
	}
	slices.SortFunc(out, func(a, b Review) int { return strings.Compare(a.Key, b.Key) })
	return out
}
