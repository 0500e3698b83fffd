package ogc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo/cql2"
	"hazardmap/geo/crs"
	"hazardmap/geo/geopackage"
	"hazardmap/hazard"
	"hazardmap/i18n"
)

// The layer of zones is divided by this column, and this one holds a date.
const (
	zonesLayer = "zones"
	kindColumn = "kind"
	dateColumn = "designated_on"

	// geometryName is how filters call the shape of a feature, as the file does.
	geometryName = "geom"
)

// collection is a layer of a dataset, or the zones of one kind.
type collection struct {
	id      string
	name    string // "shelters", or a kind
	dataset *Dataset
	layer   geopackage.Layer
	kind    string // of zones; "" else
	group   geopackage.Group
	types   map[string]cql2.Type // what can be asked about
	dates   [2]string            // the first and the last; "" where nothing is dated
}

// open returns the collections of all datasets. What they hold is counted when
// it is first asked for, so that the server starts without waiting.
func (s *Service) open(ctx context.Context) ([]*collection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.collections != nil {
		return s.collections, nil
	}
	all := []*collection{}
	for i := range s.datasets {
		d := &s.datasets[i]
		if d.Shapes == nil {
			continue
		}
		for _, layer := range d.Shapes.Layers() {
			found, err := d.collections(ctx, layer)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	s.collections = all
	return all, nil
}

func (s *visit) find(id string) *collection {
	i := slices.IndexFunc(s.collections, func(c *collection) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return s.collections[i]
}

// collections makes one collection of a layer, or one of each kind: of those
// that hold a zone and of those that were surveyed and hold none.
func (d *Dataset) collections(ctx context.Context, layer geopackage.Layer) ([]*collection, error) {
	if layer.Name != zonesLayer {
		groups, err := d.Shapes.Groups(ctx, layer.Name, "")
		if err != nil {
			return nil, err
		}
		c := d.newCollection(layer, strings.ReplaceAll(layer.Name, "_", "-"))
		if len(groups) > 0 {
			c.group = groups[0]
		}
		return []*collection{c}, c.findDates(ctx)
	}
	groups, err := d.Shapes.Groups(ctx, layer.Name, kindColumn)
	if err != nil {
		return nil, err
	}
	var all []*collection
	for _, kind := range hazard.Kinds() {
		i := slices.IndexFunc(groups, func(g geopackage.Group) bool { return g.Value == kind.String() })
		if i < 0 && !d.Sourced.Has(kind) {
			continue
		}
		c := d.newCollection(layer, kind.String())
		c.kind = kind.String()
		if i >= 0 {
			c.group = groups[i]
		}
		if err := c.findDates(ctx); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (d *Dataset) newCollection(layer geopackage.Layer, name string) *collection {
	c := &collection{id: slug(d.ID) + "-" + name, name: name, dataset: d, layer: layer, types: map[string]cql2.Type{geometryName: cql2.Geometry}}
	for _, column := range layer.Columns {
		switch {
		case column.Name == dateColumn:
			c.types[column.Name] = cql2.Date
		case column.Type == geopackage.Integer, column.Type == geopackage.Real:
			c.types[column.Name] = cql2.Number
		case column.Type == geopackage.Boolean:
			c.types[column.Name] = cql2.Boolean
		default:
			c.types[column.Name] = cql2.Text
		}
	}
	return c
}

// all chooses every record of the collection.
func (c *collection) all() geopackage.Query {
	q := geopackage.Query{After: c.group.First - 1, Until: c.group.Last}
	if c.kind != "" {
		q.Equal = map[string]any{kindColumn: c.kind}
	}
	return q
}

// findDates finds the first and the last date on which something was
// designated.
func (c *collection) findDates(ctx context.Context) error {
	if c.types[dateColumn] == 0 || c.group.Records == 0 {
		return nil
	}
	q := c.all()
	q.Columns, q.NoShape = []string{dateColumn}, true
	q.Where = []geopackage.Condition{{Column: dateColumn, Operator: ">", Value: ""}}
	for f, err := range c.dataset.Shapes.Features(ctx, c.layer.Name, q) {
		if err != nil {
			return err
		}
		text := f.Attr.Text(dateColumn)
		if _, ok := parseDate(text); !ok {
			continue
		}
		if c.dates[0] == "" || text < c.dates[0] {
			c.dates[0] = text
		}
		c.dates[1] = max(c.dates[1], text)
	}
	return nil
}

// area is the name of the dataset's area in a language.
func (d *Dataset) area(lang i18n.Lang) string {
	if !lang.Japanese() && d.Area.Romaji != "" {
		return d.Area.Romaji
	}
	return d.Area.Name
}

func (v *visit) title(c *collection) string {
	key := "ogc." + c.name
	if c.kind != "" {
		key = "kind." + c.kind
	}
	what := c.name
	if v.text.Has(key) {
		what = v.text.T(key)
	}
	return what + " - " + c.dataset.area(v.lang)
}

// description says what a collection must not be mistaken for.
func (v *visit) description(c *collection) string {
	var parts []string
	if c.dataset.Area.Sample {
		parts = append(parts, v.text.T("sample.attribution")+".")
	}
	if c.layer.Name == zonesLayer || c.name == "zone-lines" {
		parts = append(parts, v.text.T("ogc.zones"), v.text.T("limit.white"))
	}
	if c.name == "coverage" {
		parts = append(parts, v.text.T("ogc.coverage.what"))
	}
	return strings.Join(append(parts, v.text.T("ogc.edition", i18n.Str("edition", c.dataset.Edition))), " ")
}

// attribution names the sources as they ask to be named.
func (d *Dataset) attribution(text *i18n.Catalogue) string {
	var names []string
	if d.Area.Sample {
		names = append(names, text.T("sample.attribution"))
	}
	for _, s := range d.Sources {
		name := s.Attribution
		if name == "" {
			name = s.Title
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, " | ")
}

// The documents of a collection.
type (
	collectionDocument struct {
		ID          string   `json:"id"`
		Title       string   `json:"title"`
		Description string   `json:"description"`
		Attribution string   `json:"attribution,omitempty"`
		ItemType    string   `json:"itemType"`
		Extent      *extent  `json:"extent,omitempty"`
		CRS         []string `json:"crs"`
		StorageCRS  string   `json:"storageCrs"`
		Links       []link   `json:"links"`
	}
	extent struct {
		Spatial  *spatialExtent  `json:"spatial,omitempty"`
		Temporal *temporalExtent `json:"temporal,omitempty"`
	}
	spatialExtent struct {
		Box [][4]float64 `json:"bbox"`
		CRS string       `json:"crs"`
	}
	temporalExtent struct {
		Interval [][2]string `json:"interval"`
		TRS      string      `json:"trs"`
	}
)

func systemURIs() []string {
	var uris []string
	for _, s := range crs.All() {
		uris = append(uris, s.URI)
	}
	return uris
}

// storage returns the system whose degrees the file holds.
func (c *collection) storage() string {
	for _, s := range crs.All() {
		if s.Name == fmt.Sprintf("EPSG:%d", c.layer.SRS) {
			return s.URI
		}
	}
	return crs.CRS84().URI
}

func (c *collection) extent() *extent {
	box := c.dataset.Bounds
	if c.group.HasBound {
		box = c.group.Bound
	}
	e := &extent{}
	if box != (orb.Bound{}) {
		e.Spatial = &spatialExtent{[][4]float64{{box.Min[0], box.Min[1], box.Max[0], box.Max[1]}}, crs.CRS84().URI}
	}
	if c.dates[0] != "" {
		e.Temporal = &temporalExtent{[][2]string{{c.dates[0] + "T00:00:00Z", c.dates[1] + "T23:59:59Z"}}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	return e
}

func (v *visit) describe(c *collection) collectionDocument {
	at := v.url("collections", c.id)
	return collectionDocument{
		ID: c.id, Title: v.title(c), Description: v.description(c), Attribution: c.dataset.attribution(v.text), ItemType: "feature",
		Extent: c.extent(), CRS: systemURIs(), StorageCRS: c.storage(),
		Links: []link{
			{Href: at + "?f=json", Rel: "self", Type: typeJSON},
			{Href: at + "?f=html", Rel: "alternate", Type: typeHTML},
			{Href: at + "/items?f=json", Rel: "items", Type: typeGeoJSON, Title: v.title(c)},
			{Href: at + "/items?f=html", Rel: "items", Type: typeHTML, Title: v.title(c)},
			{Href: at + "/queryables?f=json", Rel: relOGC + "queryables", Type: typeSchema, Title: v.text.T("ogc.queryables")},
		},
	}
}

func (v *visit) collection(c *collection) (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	document := v.describe(c)
	links := v.selves(typeJSON)
	document.Links = append(links, document.Links[2:]...)
	if v.html {
		return v.page(pageParts{title: document.Title, lead: document.Description, links: document.Links, body: v.facts(c)})
	}
	return asJSON(typeJSON, document)
}

func (v *visit) collectionList() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	document := struct {
		Links       []link               `json:"links"`
		Collections []collectionDocument `json:"collections"`
	}{v.selves(typeJSON), []collectionDocument{}}
	for _, c := range v.collections {
		document.Collections = append(document.Collections, v.describe(c))
	}
	if v.html {
		return v.page(pageParts{title: v.text.T("ogc.collections"), links: document.Links, body: v.collectionTable()})
	}
	return asJSON(typeJSON, document)
}
