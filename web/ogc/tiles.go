package ogc

import (
	"math"
	"strconv"
	"strings"

	"hazardmap/geo/crs"
	"hazardmap/tiles"
)

// MatrixSet is the only tile matrix set.
const MatrixSet = "WebMercatorQuad"

const (
	matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/" + MatrixSet
	mercatorURI  = "http://www.opengis.net/def/crs/EPSG/0/3857"
	mercatorEdge = 20037508.342789244
	pixelMetres  = 0.00028 // of the standard's screen
	tilePixels   = 256
)

// servedTileset is a tileset with its dataset.
type servedTileset struct {
	*Tileset
	dataset *Dataset
	id      string
}

func (s *Service) allTilesets() []servedTileset {
	var all []servedTileset
	for i := range s.datasets {
		d := &s.datasets[i]
		for n := range d.Tilesets {
			all = append(all, servedTileset{&d.Tilesets[n], d, slug(d.ID) + "-" + d.Tilesets[n].Name})
		}
	}
	return all
}

// TilePath returns the path of the tile that lies at a place of the standard's
// path, and whether there is such a tileset and matrix.
func (s *Service) TilePath(tileset, matrixSet, matrix, row, column string) (string, bool) {
	if matrixSet != MatrixSet {
		return "", false
	}
	for _, t := range s.allTilesets() {
		if t.id == tileset {
			return strings.NewReplacer("{z}", matrix, "{y}", row, "{x}", column).Replace(t.Tiles), true
		}
	}
	return "", false
}

// The documents of tilesets.
type (
	tilesetItem struct {
		Title        string `json:"title"`
		DataType     string `json:"dataType"`
		CRS          string `json:"crs"`
		MatrixSetURI string `json:"tileMatrixSetURI"`
		Links        []link `json:"links"`
	}
	tilesetDocument struct {
		tilesetItem
		Description string        `json:"description,omitempty"`
		Attribution string        `json:"attribution,omitempty"`
		Definition  string        `json:"tileMatrixSetDefinition"` // as drafts called the URI: GDAL 3.6 wants it
		Box         boundingBox   `json:"boundingBox"`
		Limits      []matrixLimit `json:"tileMatrixSetLimits"`
		Layers      []tileLayer   `json:"layers,omitempty"`
	}
	boundingBox struct {
		Lower [2]float64 `json:"lowerLeft"`
		Upper [2]float64 `json:"upperRight"`
		CRS   string     `json:"crs"`
	}
	matrixLimit struct {
		Matrix string `json:"tileMatrix"`
		MinRow uint32 `json:"minTileRow"`
		MaxRow uint32 `json:"maxTileRow"`
		MinCol uint32 `json:"minTileCol"`
		MaxCol uint32 `json:"maxTileCol"`
	}
	tileLayer struct {
		ID         string         `json:"id"`
		DataType   string         `json:"dataType"`
		MinMatrix  string         `json:"minTileMatrix"`
		MaxMatrix  string         `json:"maxTileMatrix"`
		Properties map[string]any `json:"propertiesSchema,omitempty"`
	}
)

func (v *visit) tilesetItem(t servedTileset, links ...link) tilesetItem {
	kind := "map"
	if t.Vector {
		kind = "vector"
	}
	name := t.Meta.Name
	if name == "" {
		name = t.Name
	}
	if t.dataset.Area.Sample {
		name += " (" + v.text.T("sample.attribution") + ")"
	}
	return tilesetItem{Title: name + " - " + t.dataset.area(v.lang), DataType: kind, CRS: mercatorURI, MatrixSetURI: matrixSetURI,
		Links: append(links, link{Href: v.url("tileMatrixSets", MatrixSet), Rel: relOGC + "tiling-scheme", Type: typeJSON})}
}

func (v *visit) tilesets() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	document := struct {
		Links    []link        `json:"links"`
		Tilesets []tilesetItem `json:"tilesets"`
	}{v.selves(typeJSON), []tilesetItem{}}
	for _, t := range v.allTilesets() {
		at := v.url("tiles", t.id)
		document.Tilesets = append(document.Tilesets, v.tilesetItem(t,
			link{Href: at, Rel: "self", Type: typeJSON, Title: t.Name}, link{Href: at, Rel: relOGC + "tileset", Type: typeJSON, Title: t.Name}))
	}
	if v.html {
		var links []link
		for _, t := range document.Tilesets {
			links = append(links, link{Href: t.Links[0].Href, Title: t.Title})
		}
		return v.page(pageParts{title: v.text.T("ogc.tiles"), links: document.Links, body: linkList(links)})
	}
	return asJSON(typeJSON, document)
}

func (v *visit) tileset(id string) (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	for _, t := range v.allTilesets() {
		if t.id != id {
			continue
		}
		document := v.describeTileset(t)
		if v.html {
			return v.page(pageParts{title: document.Title, lead: document.Description, links: document.Links, body: tilesetTable(document)})
		}
		return asJSON(typeJSON, document)
	}
	return nil, missing("no such tileset")
}

func (v *visit) describeTileset(t servedTileset) tilesetDocument {
	template := strings.NewReplacer("{z}", "{tileMatrix}", "{y}", "{tileRow}", "{x}", "{tileCol}").Replace(v.Base + t.Tiles)
	links := append(v.selves(typeJSON),
		link{Href: template, Rel: "item", Type: t.Type, Templated: true},
		link{Href: v.Base + "/tiles/" + t.dataset.ID + "/" + t.Name + ".json", Rel: "describedby", Type: typeJSON, Title: "TileJSON"})
	bounds := t.Meta.Bounds
	if bounds == ([4]float64{}) {
		bounds = [4]float64{-180, -85.05112877980659, 180, 85.05112877980659}
	}
	document := tilesetDocument{tilesetItem: v.tilesetItem(t, links...), Description: t.Meta.Description, Attribution: t.dataset.attribution(v.text),
		Definition: matrixSetURI,
		Box:        boundingBox{[2]float64{bounds[0], bounds[1]}, [2]float64{bounds[2], bounds[3]}, crs.CRS84().URI},
	}
	for _, l := range t.Limits {
		document.Limits = append(document.Limits, matrixLimit{strconv.Itoa(int(l.Zoom)), l.MinY, l.MaxY, l.MinX, l.MaxX})
	}
	for _, l := range t.Meta.Layers {
		properties := map[string]any{}
		for name, kind := range l.Fields {
			properties[name] = map[string]string{"type": strings.ToLower(kind)}
		}
		document.Layers = append(document.Layers, tileLayer{l.ID, "vector", strconv.Itoa(int(l.MinZoom)), strconv.Itoa(int(l.MaxZoom)),
			map[string]any{"type": "object", "properties": properties}})
	}
	return document
}

func (v *visit) matrixSets() (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	own := link{Href: v.url("tileMatrixSets", MatrixSet), Rel: "self", Type: typeJSON, Title: MatrixSet}
	type item struct {
		ID    string `json:"id"`
		URI   string `json:"uri"`
		CRS   string `json:"crs"`
		Links []link `json:"links"`
	}
	document := struct {
		Links []link `json:"links"`
		Sets  []item `json:"tileMatrixSets"`
	}{v.selves(typeJSON), []item{{MatrixSet, matrixSetURI, mercatorURI, []link{own}}}}
	if v.html {
		return v.page(pageParts{title: v.text.T("ogc.matrix-sets"), links: document.Links, body: linkList([]link{own})})
	}
	return asJSON(typeJSON, document)
}

// matrixSet is the definition that OGC registers.
func (v *visit) matrixSet(id string) (*Answer, error) {
	if err := v.only(); err != nil {
		return nil, err
	}
	if id != MatrixSet {
		return nil, missing("no such tile matrix set")
	}
	type matrix struct {
		ID               string     `json:"id"`
		ScaleDenominator float64    `json:"scaleDenominator"`
		CellSize         float64    `json:"cellSize"`
		CornerOfOrigin   string     `json:"cornerOfOrigin"`
		PointOfOrigin    [2]float64 `json:"pointOfOrigin"`
		TileWidth        int        `json:"tileWidth"`
		TileHeight       int        `json:"tileHeight"`
		MatrixWidth      int        `json:"matrixWidth"`
		MatrixHeight     int        `json:"matrixHeight"`
	}
	var matrices []matrix
	for z := range tiles.DeepestZoom + 1 {
		side := int(math.Exp2(float64(z)))
		cell := 2 * mercatorEdge / tilePixels / float64(side)
		matrices = append(matrices, matrix{strconv.Itoa(int(z)), cell / pixelMetres, cell, "topLeft", [2]float64{-mercatorEdge, mercatorEdge}, tilePixels, tilePixels, side, side})
	}
	if v.html {
		return v.page(pageParts{title: MatrixSet, links: v.selves(typeJSON), body: plainList([]string{matrixSetURI, mercatorURI})})
	}
	return asJSON(typeJSON, map[string]any{
		"id": MatrixSet, "title": "Google Maps Compatible for the World", "uri": matrixSetURI, "crs": mercatorURI, "orderedAxes": []string{"X", "Y"},
		"wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", "tileMatrices": matrices, "links": v.selves(typeJSON),
	})
}
