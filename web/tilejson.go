package web

import (
	"encoding/json"
	"html"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"hazardmap/i18n"
	"hazardmap/tiles"
)

// tileJSON describes a tileset. It lives shortly and names addresses that live
// for ever.
func (s *server) tileJSON(r *http.Request, set *openSet) (reply, error) {
	name := mux.Vars(r)["set"]
	dataset, t := set.tileset(mux.Vars(r)["dataset"], name)
	if t == nil {
		return reply{}, notFound("no such tileset")
	}
	base, err := s.origin.of(r)
	if err != nil {
		return reply{}, err
	}
	body, err := json.Marshal(t.describe(base, dataset, name))
	if err != nil {
		return reply{}, err
	}
	return jsonReply(s.origin.cache(), body), nil
}

// tileset finds a tileset by its name, in the dataset with an id or, where
// none is given, in the first that has it.
func (o *openSet) tileset(id, name string) (*served, *tileset) {
	for _, d := range o.datasets {
		if t := o.tilesets[name+"/"+d.version]; t != nil && (id == "" || id == d.ID) {
			return d, t
		}
	}
	return nil, nil
}

func (t *tileset) describe(base string, d *served, name string) tiles.TileJSON {
	description := tiles.TileJSON{
		TileJSON:     "3.0.0",
		Name:         t.meta.Name,
		Description:  t.meta.Description,
		Attribution:  plainAttribution(t.meta.Attribution),
		Tiles:        []string{base + tilePrefix + name + "/" + d.version + "/{z}/{x}/{y}." + t.format.ext},
		VectorLayers: t.meta.Layers,
		MinZoom:      t.meta.MinZoom,
		MaxZoom:      t.meta.MaxZoom,
		Bounds:       t.meta.Bounds,
		Center:       t.meta.Center,
	}
	if d.pages.Area.Sample {
		mark := i18n.For(i18n.Japanese).T("sample.attribution") + " / " + i18n.For(i18n.English).T("sample.attribution")
		description.Attribution = strings.TrimSuffix(html.EscapeString(mark)+" | "+description.Attribution, " | ")
	}
	if description.VectorLayers == nil {
		description.VectorLayers = []tiles.VectorLayer{} // required, also where it is empty
	}
	if description.Bounds == [4]float64{} {
		description.Bounds = [4]float64{-180, -85.05112877980659, 180, 85.0511287798066}
	}
	return description
}
