package view

import (
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/web/view/drawn"
)

// The picture of a shared link, in pixels: as most services show it.
const (
	previewWidth  = 600
	previewHeight = 315
	previewZoom   = 13
)

// CityPreview is the name of the picture of the whole city.
const CityPreview = "city"

// PreviewOf names the picture of the surroundings of a place: a square of about
// a kilometre, never a home.
func PreviewOf(at geo.Point) string {
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	return degrees(at.Lat) + "," + degrees(at.Lon)
}

// PreviewMap draws the map of a shared link; nil is the whole city.
func (d *Dataset) PreviewMap(at *geo.Point) string {
	scene := drawn.Scene{Width: previewWidth, Height: previewHeight, Kinds: allMapped(), Words: drawn.Words{Scale: strconv.Itoa}}
	if at != nil {
		scene.Center, scene.Zoom = *at, previewZoom
	} else {
		bound := d.Area.Boundary.Bound()
		scene.Center, scene.Zoom = middleOf(bound), fitZoom(bound, previewWidth, previewHeight)
	}
	var b strings.Builder
	if err := d.atlas().Draw(&b, scene); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return b.String()
}

// shareMeta tells services how to show a link to a page that may be shared.
func (v *visit) shareMeta(p pageParts) g.Node {
	if v.r.BaseURL == "" || v.r.Kiosk || p.preview == "" {
		return nil
	}
	meta := func(property, content string) g.Node {
		return h.Meta(g.Attr("property", "og:"+property), h.Content(content))
	}
	return g.Group{
		meta("title", v.title(p.title)), meta("type", "website"),
		meta("image", v.r.BaseURL+"/share/"+p.preview+".png"),
		meta("image:width", strconv.Itoa(previewWidth)), meta("image:height", strconv.Itoa(previewHeight)),
		meta("image:alt", v.plain("map.title-city", v.cityArg())),
	}
}
