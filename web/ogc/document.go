package ogc

import (
	"bytes"
	"encoding/json"
	"net/url"

	"hazardmap/geo/cql2"
)

func encode(query map[string][]string) string { return url.Values(query).Encode() }

func asJSON(kind string, document any) (*Answer, error) {
	body, err := marshal(document)
	return &Answer{Type: kind, Body: body}, err
}

// marshal writes JSON in which an address reads as it is.
func marshal(document any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(document)
	return b.Bytes(), err
}

func appendLinks(b []byte, links []link) ([]byte, error) {
	text, err := marshal(links)
	return append(append(b, `,"links":`...), bytes.TrimSpace(text)...), err
}

// landing is where every client starts.
func (v *visit) landing() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	document := struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		Attribution string `json:"attribution,omitempty"`
		Links       []link `json:"links"`
	}{v.siteTitle(), v.text.T("ogc.lead"), "", append(v.selves(typeJSON),
		link{Href: v.url("api") + "?f=json", Rel: "service-desc", Type: typeOpenAPI, Title: v.text.T("ogc.api")},
		link{Href: v.url("api") + "?f=html", Rel: "service-doc", Type: typeHTML, Title: v.text.T("ogc.api")},
		link{Href: v.url("conformance"), Rel: "conformance", Type: typeJSON, Title: v.text.T("ogc.conformance")},
		link{Href: v.url("conformance"), Rel: relOGC + "conformance", Type: typeJSON, Title: v.text.T("ogc.conformance")},
		link{Href: v.url("collections"), Rel: "data", Type: typeJSON, Title: v.text.T("ogc.collections")},
		link{Href: v.url("tiles"), Rel: relOGC + "tilesets-vector", Type: typeJSON, Title: v.text.T("ogc.tiles")},
		link{Href: v.url("tileMatrixSets"), Rel: relOGC + "tiling-schemes", Type: typeJSON, Title: v.text.T("ogc.matrix-sets")},
	)}
	for i := range v.datasets {
		if i > 0 {
			document.Attribution += " | "
		}
		document.Attribution += v.datasets[i].attribution(v.text)
	}
	if v.html {
		return v.page(pageParts{title: document.Title, lead: document.Description, links: document.Links, body: v.collectionTable()})
	}
	return asJSON(typeJSON, document)
}

// siteTitle names the areas.
func (v *visit) siteTitle() string {
	title := v.text.T("ogc.title")
	for i := range v.datasets {
		title += " - " + v.datasets[i].area(v.lang)
	}
	return title
}

// classes are the conformance classes: what is listed here is tested, and what
// is not listed is not there.
var classes = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
	"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
}

func (v *visit) conformance() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	if v.html {
		return v.page(pageParts{title: v.text.T("ogc.conformance"), links: v.selves(typeJSON), body: plainList(classes)})
	}
	return asJSON(typeJSON, struct {
		ConformsTo []string `json:"conformsTo"`
	}{classes})
}

// queryables says what can be asked about the features of a collection.
func (v *visit) queryables(c *collection) (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	properties := map[string]any{}
	for name, kind := range c.types {
		properties[name] = c.schemaOf(name, kind)
	}
	if v.html {
		return v.page(pageParts{title: v.text.T("ogc.queryables") + ": " + v.title(c), links: v.selves(typeSchema), body: propertyTable(c)})
	}
	return asJSON(typeSchema, map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": v.here(),
		"type": "object", "title": v.title(c), "properties": properties, "additionalProperties": false,
	})
}

func (c *collection) schemaOf(name string, kind cql2.Type) map[string]any {
	schema := map[string]any{"title": name}
	switch kind {
	case cql2.Geometry:
		schema["format"], schema["x-ogc-role"] = geometryFormat(c.layer.Geometry), "primary-geometry"
	case cql2.Number:
		schema["type"] = "number"
		if c.integer(name) {
			schema["type"] = "integer"
		}
	case cql2.Boolean:
		schema["type"] = "boolean"
	case cql2.Date:
		schema["type"], schema["format"], schema["x-ogc-role"] = "string", "date", "primary-instant"
	default:
		schema["type"] = "string"
	}
	return schema
}
