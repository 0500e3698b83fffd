package ogc

import (
	"maps"
	"slices"
)

// object is a part of the OpenAPI document.
type object = map[string]any

// api describes this service, collection by collection, as OpenAPI 3.0: QGIS
// and GDAL read there how many features a page may have.
func (v *visit) api() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	paths := object{
		"/":                    v.operation("ogc.title", "", typeJSON),
		"/conformance":         v.operation("ogc.conformance", "", typeJSON),
		"/api":                 v.operation("ogc.api", "", typeOpenAPI),
		"/collections":         v.operation("ogc.collections", "", typeJSON),
		"/tiles":               v.operation("ogc.tiles", "", typeJSON),
		"/tileMatrixSets":      v.operation("ogc.matrix-sets", "", typeJSON),
		"/tileMatrixSets/{id}": v.operation("ogc.matrix-sets", "", typeJSON, inPath("id", object{"type": "string", "enum": []string{MatrixSet}})),
	}
	for _, c := range v.collections {
		at, title := "/collections/"+c.id, v.title(c)
		paths[at] = v.operation("ogc.collections", title, typeJSON)
		paths[at+"/queryables"] = v.operation("ogc.queryables", title, typeSchema)
		parameters := refs(itemParameters...)
		for _, column := range c.layer.Columns {
			schema := c.schemaOf(column.Name, c.types[column.Name])
			delete(schema, "x-ogc-role")
			delete(schema, "title")
			parameters = append(parameters, object{"name": column.Name, "in": "query", "required": false, "schema": schema, "style": "form", "explode": false})
		}
		paths[at+"/items"] = v.operation("ogc.items", title, typeGeoJSON, parameters...)
		paths[at+"/items/{featureId}"] = v.operation("ogc.items", title, typeGeoJSON,
			inPath("featureId", object{"type": "integer", "minimum": 0}), object{"$ref": "#/components/parameters/crs"})
	}
	for _, t := range v.allTilesets() {
		at := "/tiles/" + t.id
		paths[at] = v.operation("ogc.tiles", t.Name, typeJSON)
		whole := object{"type": "integer", "minimum": 0}
		paths[at+"/"+MatrixSet+"/{tileMatrix}/{tileRow}/{tileCol}"] = tileOperation(t.Type, inPath("tileMatrix", object{"type": "string"}), inPath("tileRow", whole), inPath("tileCol", whole))
	}
	if v.html {
		return v.page(pageParts{title: v.text.T("ogc.api"), links: v.selves(typeOpenAPI), body: plainList(slices.Sorted(maps.Keys(paths)))})
	}
	return asJSON(typeOpenAPI, object{
		"openapi":    "3.0.3",
		"info":       object{"title": v.siteTitle(), "version": "1", "description": v.text.T("ogc.lead")},
		"servers":    []object{{"url": v.Base + Root}},
		"paths":      paths,
		"components": object{"parameters": components(), "schemas": object{"problem": problemSchema, "geojson": object{"type": "object"}}},
	})
}

// operation is a GET whose answer is JSON or HTML.
func (v *visit) operation(key, of, kind string, parameters ...object) object {
	summary := v.text.T(key)
	if of != "" {
		summary += ": " + of
	}
	content := object{kind: object{"schema": object{"type": "object"}}, typeHTML: object{"schema": object{"type": "string"}}}
	return get(summary, content, append(parameters, refs("f", "lang")...))
}

func tileOperation(kind string, parameters ...object) object {
	return get(kind, object{kind: object{"schema": object{"type": "string", "format": "binary"}}}, parameters)
}

func get(summary string, content object, parameters []object) object {
	fault := object{"description": "application/problem+json", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/problem"}}}}
	return object{"get": object{
		"summary": summary, "parameters": parameters,
		"responses": object{"200": object{"description": summary, "content": content}, "400": fault, "404": fault, "default": fault},
	}}
}

func inPath(name string, schema object) object {
	return object{"name": name, "in": "path", "required": true, "schema": schema}
}

func refs(names ...string) []object {
	var all []object
	for _, name := range names {
		all = append(all, object{"$ref": "#/components/parameters/" + name})
	}
	return all
}

var problemSchema = object{"type": "object", "required": []string{"type", "title", "status"}, "properties": object{
	"type": object{"type": "string"}, "title": object{"type": "string"}, "status": object{"type": "integer"}, "detail": object{"type": "string"}}}

// components are the parameters that all collections share.
func components() object {
	system := object{"type": "string", "format": "uri", "enum": systemURIs(), "default": systemURIs()[0]}
	all := object{}
	for name, schema := range map[string]object{
		"f":           {"type": "string", "enum": []string{"json", "html"}},
		"lang":        {"type": "string", "enum": []string{"ja", "ja-easy", "en", "es", "pt", "vi", "tl"}},
		"limit":       {"type": "integer", "minimum": 1, "maximum": largestPage, "default": usualPage},
		"cursor":      {"type": "string"},
		"crs":         system,
		"bbox-crs":    system,
		"filter-crs":  system,
		"filter":      {"type": "string"},
		"filter-lang": {"type": "string", "enum": []string{"cql2-text"}, "default": "cql2-text"},
		"datetime":    {"type": "string"},
		"bbox": {"type": "array", "items": object{"type": "number"}, "oneOf": []object{
			{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}}},
	} {
		all[name] = object{"name": name, "in": "query", "required": false, "schema": schema, "style": "form", "explode": false}
	}
	return all
}
