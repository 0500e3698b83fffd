package ogc

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/cql2"
	"hazardmap/geo/crs"
	"hazardmap/geo/geopackage"
	"hazardmap/geo/relate"
)

// How many features a page has. More than the most is answered with the most,
// as the standard wants it.
const (
	usualPage    = 100
	largestPage  = 10000
	largestTable = 500 // as HTML
)

// question is what is asked of the features of a collection: what the file can
// decide, and what has to be held against each feature.
type question struct {
	c     *collection
	limit int
	crs   crs.System
	query geopackage.Query // without the cursor
	after int64            // id of the last feature of the page before

	area   *relate.Shape // of bbox; nil for none
	plain  bool          // the area is a box in degrees
	met    map[int]bool  // by record: whether its shape meets the area, once it was asked
	time   *interval
	filter *cql2.Filter // nil where the file decides all of it
}

// exact reports whether the file alone decides.
func (q *question) exact() bool { return q.area == nil && q.time == nil && q.filter == nil }

// itemParameters are those of a page beside the properties.
var itemParameters = []string{"bbox", "bbox-crs", "crs", "cursor", "datetime", "filter", "filter-crs", "filter-lang", "limit"}

func (v *visit) question(c *collection) (*question, error) {
	names := itemParameters
	for _, column := range c.layer.Columns {
		names = append(names[:len(names):len(names)], column.Name)
	}
	if err := v.only(names...); err != nil {
		return nil, err
	}
	q := &question{c: c, limit: usualPage, query: c.all()}
	for _, read := range []func(*question) error{v.readLimit, v.readCRS, v.readCursor, v.readBox, v.readTime, v.readFilter, v.readProperties} {
		if err := read(q); err != nil {
			return nil, err
		}
	}
	return q, nil
}

func (v *visit) readLimit(q *question) error {
	most := largestPage
	if v.html {
		most = largestTable
	}
	if v.Query.Has("limit") {
		n, err := strconv.Atoi(v.Query.Get("limit"))
		if err != nil || n < 1 {
			return wrong("limit: want a whole number from 1")
		}
		q.limit = n
	}
	q.limit = min(q.limit, most)
	return nil
}

// system reads a parameter that names a coordinate reference system.
func (v *visit) system(name string) (crs.System, error) {
	if !v.Query.Has(name) {
		return crs.CRS84(), nil
	}
	s, ok := crs.ByURI(v.Query.Get(name))
	if !ok {
		return s, wrong("%s: want one of %s", name, strings.Join(systemURIs(), ", "))
	}
	return s, nil
}

func (v *visit) readCRS(q *question) (err error) {
	q.crs, err = v.system("crs")
	return err
}

// readCursor goes on after a page, in the edition in which it was made.
func (v *visit) readCursor(q *question) error {
	if !v.Query.Has("cursor") {
		return nil
	}
	version, id, ok := strings.Cut(v.Query.Get("cursor"), ".")
	n, err := strconv.ParseInt(id, 10, 64)
	if !ok || err != nil || n < 0 {
		return wrong("cursor: want what a link called next gave")
	}
	if version != q.c.dataset.Version {
		return &Fault{410, "the data were replaced by a newer edition since the page before; begin again"}
	}
	q.after = n
	return nil
}

func (q *question) cursor(last int64) string {
	return q.c.dataset.Version + "." + strconv.FormatInt(last, 10)
}

// readBox reads bbox: four numbers, or six with heights, which nothing here has.
func (v *visit) readBox(q *question) error {
	system, err := v.system("bbox-crs")
	if err != nil {
		return err
	}
	if !v.Query.Has("bbox") {
		return nil
	}
	var n []float64
	for text := range strings.SplitSeq(v.Query.Get("bbox"), ",") {
		value, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			return wrong("bbox: want four numbers, or six with heights")
		}
		n = append(n, value)
	}
	switch len(n) {
	case 4:
	case 6:
		n = []float64{n[0], n[1], n[3], n[4]}
	default:
		return wrong("bbox: want four numbers, or six with heights")
	}
	box, err := system.Box([2]float64{n[0], n[1]}, [2]float64{n[2], n[3]})
	if err != nil {
		return wrong("bbox: %v", err)
	}
	q.area, q.met = relate.Prepare(box), map[int]bool{}
	q.plain = len(box) == 1 && upright(box[0][0])
	q.meet(q.area.Bound())
	q.query.Bare = q.c.group.Boxes < q.c.group.Records
	return nil
}

// upright reports whether a ring is the box around it: that of a plane system
// is turned a little.
func upright(ring orb.Ring) bool {
	box := ring.Bound()
	return len(ring) == 5 && !slices.ContainsFunc(ring, func(p orb.Point) bool {
		return p[0] != box.Min[0] && p[0] != box.Max[0] || p[1] != box.Min[1] && p[1] != box.Max[1]
	})
}

// meet lets the file leave out what is nowhere near a box.
func (q *question) meet(box orb.Bound) {
	if before := q.query.Box; before != nil {
		box = orb.Bound{
			Min: orb.Point{max(box.Min[0], before.Min[0]), max(box.Min[1], before.Min[1])},
			Max: orb.Point{min(box.Max[0], before.Max[0]), min(box.Max[1], before.Max[1])},
		}
	}
	q.query.Box = &box
}

func (v *visit) readFilter(q *question) error {
	if lang := v.Query.Get("filter-lang"); v.Query.Has("filter-lang") && lang != "cql2-text" {
		return wrong("filter-lang: want cql2-text")
	}
	system, err := v.system("filter-crs")
	if err != nil {
		return err
	}
	if !v.Query.Has("filter") {
		return nil
	}
	filter, err := cql2.Parse(v.Query.Get("filter"), cql2.Options{Properties: q.c.types, Position: system.Position, Box: system.Box})
	if err != nil {
		return wrong("filter: %v", err)
	}
	conditions, box, all := filter.Needs()
	for _, c := range conditions {
		q.query.Where = append(q.query.Where, geopackage.Condition{Column: c.Property, Operator: c.Operator, Value: c.Value})
	}
	if box != nil {
		q.meet(*box)
	}
	if !all {
		q.filter = filter
	}
	return nil
}

// readProperties reads parameters that are called like a property: its value.
func (v *visit) readProperties(q *question) error {
	for _, column := range q.c.layer.Columns {
		if !v.Query.Has(column.Name) {
			continue
		}
		text := v.Query.Get(column.Name)
		var value any = text
		switch q.c.types[column.Name] {
		case cql2.Number:
			n, err := strconv.ParseFloat(text, 64)
			if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
				return wrong("%s: want a number", column.Name)
			}
			value = n
		case cql2.Boolean:
			if text != "true" && text != "false" {
				return wrong("%s: want true or false", column.Name)
			}
			value = text == "true"
		case cql2.Date:
			if _, ok := parseDate(text); !ok {
				return wrong("%s: want a date such as 2017-07-20", column.Name)
			}
		}
		q.query.Where = append(q.query.Where, geopackage.Condition{Column: column.Name, Operator: "=", Value: value})
	}
	return nil
}

func parseDate(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return t, err == nil
}

// interval is a time with its ends, either of which may be open.
type interval struct{ from, to *time.Time }

func (v *visit) readTime(q *question) error {
	if !v.Query.Has("datetime") {
		return nil
	}
	from, to, two := strings.Cut(v.Query.Get("datetime"), "/")
	if !two {
		to = from
	}
	var span interval
	for i, text := range []string{from, to} {
		if two && (text == "" || text == "..") {
			continue
		}
		first, last, ok := parseTime(text)
		if !ok {
			return wrong("datetime: want a time such as 2017-07-20T00:00:00Z, or two with a slash between them of which one may be ..")
		}
		if i == 0 {
			span.from = &first
		} else {
			span.to = &last
		}
	}
	if span.from == nil && span.to == nil || span.from != nil && span.to != nil && span.from.After(*span.to) {
		return wrong("datetime: want an interval that begins before it ends and is not open on both sides")
	}
	q.time = &span
	return nil
}

// parseTime reads an instant, or a day with its beginning and end.
func parseTime(text string) (first, last time.Time, ok bool) {
	if day, ok := parseDate(text); ok {
		return day, day.Add(24*time.Hour - time.Nanosecond), true
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, t, err == nil
}

// holds reports whether a day and the interval have a moment in common.
func (i *interval) holds(day time.Time) bool {
	end := day.Add(24*time.Hour - time.Nanosecond)
	return (i.from == nil || !end.Before(*i.from)) && (i.to == nil || !day.After(*i.to))
}
