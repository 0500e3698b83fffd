package ogc

import (
	"bufio"
	"context"
	"io"
	"strconv"
	"time"

	"hazardmap/geo"
	"hazardmap/geo/cql2"
	"hazardmap/geo/geopackage"
	"hazardmap/geo/relate"
)

// record is a feature as a filter sees it.
type record struct {
	geo.Feature
	types map[string]cql2.Type
	shape *relate.Shape
}

// Value returns a property by its type. A date that is none has no value.
func (r *record) Value(name string) any {
	v := r.Attr[name]
	if text, ok := v.(string); ok && r.types[name] == cql2.Date {
		if day, ok := parseDate(text); ok {
			return day
		}
		return nil
	}
	return v
}

// Shape prepares the shape when it is first asked for.
func (r *record) Shape() *relate.Shape {
	if r.shape == nil && r.Geometry != nil {
		r.shape = relate.Prepare(r.Geometry)
	}
	return r.shape
}

// chooses decides what the file could not. A feature without a shape or
// without a date is not left out for its place or its time, as the standard
// wants it.
func (q *question) chooses(f geo.Feature) bool {
	r := record{Feature: f, types: q.c.types}
	if q.time != nil {
		if day, ok := r.Value(dateColumn).(time.Time); ok && !q.time.holds(day) {
			return false
		}
	}
	if q.area != nil && f.Geometry != nil {
		if !q.meets(&r) {
			return false
		}
	}
	return q.filter == nil || q.filter.Match(&r)
}

// meets reports whether a shape meets the area. What is costly is kept, since
// it is asked again of the features of the page that were counted.
func (q *question) meets(r *record) bool {
	if q.plain {
		if meets, sure := meetsBox(r.Geometry, q.area.Bound()); sure {
			return meets
		}
	}
	known, ok := q.met[r.Record]
	if !ok {
		known = relate.Intersects(q.area, r.Shape())
		q.met[r.Record] = known
	}
	return known
}

// page streams the features of a page; next says that more follow the last.
func (q *question) page(ctx context.Context, each func(geo.Feature) error) (returned int, next bool, last int64, err error) {
	query := q.query
	query.After = max(query.After, q.after)
	if q.exact() {
		query.Limit = q.limit + 1
	}
	for f, err := range q.c.dataset.Shapes.Features(ctx, q.c.layer.Name, query) {
		if err != nil {
			return returned, false, last, err
		}
		if !q.chooses(f) {
			continue
		}
		if returned == q.limit {
			return returned, true, last, nil
		}
		if err := each(f); err != nil {
			return returned, false, last, err
		}
		returned++
		last = int64(f.Record)
	}
	return returned, false, last, nil
}

// matched counts all features that are asked for, on every page.
func (q *question) matched(ctx context.Context) (int64, error) {
	shapes, layer := q.c.dataset.Shapes, q.c.layer.Name
	if q.exact() {
		if q.query.Where == nil && q.query.Box == nil {
			return q.c.group.Records, nil
		}
		return shapes.Count(ctx, layer, q.query)
	}
	query, sure := q.query, int64(0)
	if q.plain && q.time == nil && q.filter == nil {
		// Whose box lies inside of the area needs no look at the shape.
		query.Part = geopackage.Inside
		var err error
		if sure, err = shapes.Count(ctx, layer, query); err != nil {
			return 0, err
		}
		query.Part = geopackage.OnBorder
	}
	query.Columns, query.NoShape = q.needed()
	for f, err := range shapes.Features(ctx, layer, query) {
		if err != nil {
			return 0, err
		}
		if q.chooses(f) {
			sure++
		}
	}
	return sure, nil
}

// needed returns what has to be read of a feature to decide.
func (q *question) needed() (columns []string, noShape bool) {
	columns, noShape = []string{}, q.area == nil
	if q.time != nil && q.c.types[dateColumn] != 0 {
		columns = append(columns, dateColumn)
	}
	if q.filter == nil {
		return columns, noShape
	}
	for _, name := range q.filter.Properties() {
		if name == geometryName {
			noShape = false
		} else {
			columns = append(columns, name)
		}
	}
	return columns, noShape
}

// items answers a page of features.
func (v *visit) items(c *collection) (*Answer, error) {
	q, err := v.question(c)
	if err != nil {
		return nil, err
	}
	header := map[string]string{"Content-Crs": "<" + q.crs.URI + ">"}
	if v.html {
		a, err := v.itemsPage(q)
		if err == nil {
			a.Header = header
		}
		return a, err
	}
	return &Answer{Type: typeGeoJSON, Header: header, Stream: func(ctx context.Context, w io.Writer) error {
		return v.stream(ctx, w, q)
	}}, nil
}

// streamBlock is how much is written at once.
const streamBlock = 64 << 10

// stream writes a page while it is read, so that its size is never in memory.
func (v *visit) stream(ctx context.Context, w io.Writer, q *question) error {
	matched, err := q.matched(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, streamBlock)
	out.WriteString(`{"type":"FeatureCollection","numberMatched":` + strconv.FormatInt(matched, 10))
	out.Write(appendDataset(nil, q.c.dataset))
	out.WriteString(`,"features":[`)
	line := make([]byte, 0, streamBlock)
	first := true
	returned, next, last, err := q.page(ctx, func(f geo.Feature) error {
		line = line[:0]
		if !first {
			line = append(line, ',')
		}
		first = false
		line = append(q.c.appendFeature(append(line, '\n'), f, q.crs), '}')
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	tail, err := appendLinks(nil, v.pageLinks(q, typeGeoJSON, next, last))
	if err != nil {
		return err
	}
	out.WriteString("\n],\"numberReturned\":" + strconv.Itoa(returned))
	out.Write(append(tail, '}', '\n'))
	return out.Flush()
}

func (v *visit) pageLinks(q *question, kind string, next bool, last int64) []link {
	links := append(v.selves(typeGeoJSON), link{Href: v.url("collections", q.c.id), Rel: "collection", Type: typeJSON, Title: v.title(q.c)})
	if !next {
		return links
	}
	query := map[string][]string{}
	for name, given := range v.Query {
		query[name] = given
	}
	query["cursor"] = []string{q.cursor(last)}
	return append(links, link{Href: v.here() + "?" + encode(query), Rel: "next", Type: kind, Title: v.text.T("ogc.next")})
}

// item answers one feature.
func (v *visit) item(c *collection, name string) (*Answer, error) {
	if err := v.only("crs"); err != nil {
		return nil, err
	}
	system, err := v.system("crs")
	if err != nil {
		return nil, err
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil || id < 0 || strconv.FormatInt(id, 10) != name {
		return nil, missing("no such feature")
	}
	query := c.all()
	query.After, query.Limit = id-1, 1
	for f, err := range c.dataset.Shapes.Features(v.ctx, c.layer.Name, query) {
		if err != nil {
			return nil, err
		}
		if int64(f.Record) != id {
			break
		}
		links := append(v.selves(typeGeoJSON), link{Href: v.url("collections", c.id), Rel: "collection", Type: typeJSON, Title: v.title(c)})
		header := map[string]string{"Content-Crs": "<" + system.URI + ">"}
		if v.html {
			a, err := v.itemPage(c, f, system, links)
			if err == nil {
				a.Header = header
			}
			return a, err
		}
		body := appendDataset(c.appendFeature(nil, f, system), c.dataset)
		if body, err = appendLinks(body, links); err != nil {
			return nil, err
		}
		return &Answer{Type: typeGeoJSON, Header: header, Body: append(body, '}', '\n')}, nil
	}
	return nil, missing("no such feature")
}
