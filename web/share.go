package web

import (
	"net/http"
	"strings"

	"hazardmap/geo"
	"hazardmap/web/preview"
	"hazardmap/web/view"
)

// share answers the picture that goes with a shared link: of the whole city, or
// of the surroundings of a place, which its address names no closer than to a
// kilometre.
func (s *server) share(r *http.Request, set *openSet) (reply, error) {
	name := strings.TrimPrefix(r.URL.Path, "/share/")
	name, ok := strings.CutSuffix(name, ".png")
	d := set.datasets[0]
	var at *geo.Point
	if name != view.CityPreview {
		p, err := geo.ParsePoint(name)
		if err != nil || !ok || view.PreviewOf(p) != name {
			return reply{}, notFound("")
		}
		at, d = &p, set.at(p)
	}
	body, err := preview.PNG(d.pages.PreviewMap(at))
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: body, header: map[string]string{"Content-Type": "image/png", "Cache-Control": "public, max-age=86400"}}, nil
}
