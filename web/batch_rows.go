package web

import (
	"errors"
	"slices"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view"
)

// Names of the columns that place a row, in lower case.
var (
	latNames     = []string{"lat", "latitude", "緯度"}
	lonNames     = []string{"lon", "lng", "longitude", "経度"}
	addressNames = []string{"address", "住所", "所在地", "所在地_連結表記"}
)

// batchRows answers rows, whatever format they came in.
type batchRows struct {
	set   *openSet
	q     batchQuestion
	words *i18n.Catalogue
	kinds []hazard.Finding // every kind and scenario that a dataset answers, undecided
}

func newBatchRows(set *openSet, q batchQuestion) *batchRows {
	b := &batchRows{set: set, q: q, words: i18n.For(q.lang)}
	for _, d := range set.datasets {
		for _, f := range d.Index.Findings(geo.E7{}) {
			if b.column(f.Kind, f.Scenario) < 0 {
				b.kinds = append(b.kinds, hazard.Finding{Kind: f.Kind, Scenario: f.Scenario, Status: hazard.Undecided, LineWithin: -1})
			}
		}
	}
	slices.SortStableFunc(b.kinds, func(x, y hazard.Finding) int { return int(x.Kind) - int(y.Kind) })
	return b
}

// column returns the number of a kind and scenario, -1 for none.
func (b *batchRows) column(k hazard.Kind, s hazard.Scenario) int {
	return slices.IndexFunc(b.kinds, func(f hazard.Finding) bool { return f.Kind == k && f.Scenario == s })
}

// rowAnswer is what a row gets. Where nothing is sure the findings are
// undecided, because a blank reads as safe.
type rowAnswer struct {
	from      *served
	match     string
	precision string
	place     string // of an address: how the register writes it
	completed string // what an assumed match rests on
	reason    string // why a row that could be read has no answer
	fault     string // why a row could not be read
	findings  []hazard.Finding
	ranges    []hazard.Range // instead of findings, for an area
}

func (b *batchRows) unanswered() rowAnswer {
	return rowAnswer{from: b.set.datasets[0], findings: b.kinds}
}

func (b *batchRows) faulty(code string) rowAnswer {
	a := b.unanswered()
	a.fault = code
	return a
}

// answer answers a row by its position, or else by its address.
func (b *batchRows) answer(lat, lon, address string) rowAnswer {
	lat, lon, address = strings.TrimSpace(lat), strings.TrimSpace(lon), strings.TrimSpace(address)
	switch {
	case lat == "" && lon == "" && address == "":
		return b.faulty("no-position")
	case lat == "" && lon == "":
		return b.addressAnswer(address)
	}
	y, errLat := geo.ParseDegrees(lat, 90)
	x, errLon := geo.ParseDegrees(lon, 180)
	if errLat != nil || errLon != nil {
		return b.faulty("bad-position")
	}
	at := geo.Point{Lat: y, Lon: x}
	d := b.set.at(at)
	return rowAnswer{from: d, precision: "point", findings: d.Index.Findings(at.E7())}
}

// addressAnswer answers only what is verified and means one place.
func (b *batchRows) addressAnswer(address string) rowAnswer {
	a := b.unanswered()
	d, result, err := b.set.searchPlaces(placesQuestion{query: gazetteer.Query{Text: address}})
	var p *problem
	switch {
	case errors.As(err, &p) && p.status < 500:
		a.fault = "address-too-long"
		return a
	case err != nil:
		a.reason = "no-gazetteer"
		return a
	case len(result.Candidates) == 0:
		a.reason = "not-found"
		return a
	}
	c := &result.Candidates[0]
	a.from, a.match, a.precision, a.place = d, c.Match.String(), c.Precision.String(), c.Label.Ja+c.Number
	var completed []string
	for _, part := range c.Completed {
		completed = append(completed, part.String())
	}
	a.completed = strings.Join(completed, " ")
	_, sure := view.OneSure(result.Candidates)
	switch {
	case c.Match != gazetteer.Verified:
		a.reason = "not-verified"
	case !sure:
		a.reason = "several-places"
	case c.RiskScope() == "place" && c.Point != nil:
		b.placeAnswer(&a, c)
	default:
		b.rangeAnswer(&a, c)
	}
	return a
}

// placeAnswer is the answer of a house or a parcel, for a block with the worst
// within its radius: it may stand anywhere there.
func (b *batchRows) placeAnswer(a *rowAnswer, c *gazetteer.Candidate) {
	if c.Precision == gazetteer.PrecisionBlock {
		a.findings = a.from.Index.FindingsWithin(c.Point.E7(), c.Radius)
	} else {
		a.findings = a.from.Index.Findings(c.Point.E7())
	}
}

func (b *batchRows) rangeAnswer(a *rowAnswer, c *gazetteer.Candidate) {
	ranges := view.Ranges(a.from.Index, c)
	if len(ranges) == 0 {
		a.reason = "no-range"
		return
	}
	a.findings, a.ranges = nil, ranges
}
