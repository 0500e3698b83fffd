package view

import (
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/i18n"
	"hazardmap/web/view/drawn"
)

// The drawn map, in pixels: as wide as a phone, enlarged without loss on
// larger screens.
const (
	mapWidth   = 400
	mapHeight  = 360
	snapPixels = 64 // the middles of maps lie on a grid of these
	placeZoom  = 15 // of the surroundings of a place
)

// figure is one drawn map with its controls.
type figure struct {
	at       geo.Point
	zoom     float64
	place    *geo.Point
	frame    orb.Bound
	town     string // id of the area in the frame
	kinds    []hazard.Kind
	shelters []hazard.NearShelter
	asked    []hazard.ShelterHazard
	label    string
	plain    bool // signs without the numbers of a list
	fixed    bool // no controls: for print
	cited    bool // the page lists its sources
}

// allMapped are the kinds that one picture can show together. Times of
// flooding would cover the depths.
func allMapped() []hazard.Kind {
	var kinds []hazard.Kind
	for _, k := range hazard.Kinds() {
		if k != hazard.FloodDuration {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// mapFigure shows the surroundings of a position.
func (v *visit) mapFigure(at geo.Point, shelters []hazard.NearShelter, findings []hazard.Finding) g.Node {
	return v.figure(figure{at: at, zoom: placeZoom, place: &at, kinds: allMapped(), shelters: fittest(shelters, findings), asked: askedHazards(findings), label: v.plain("map.title-place"), cited: true})
}

// areaFigure shows a town as a whole.
func (v *visit) areaFigure(place gazetteer.Place, worst []hazard.Finding) g.Node {
	bound := orb.Bound{Min: orb.Point{place.Bounds.West, place.Bounds.South}, Max: orb.Point{place.Bounds.East, place.Bounds.North}}
	center := middle(place)
	f := figure{at: center, zoom: placeZoom, kinds: allMapped(), shelters: fittest(v.d.Risks.NearShelters(center, 8), worst), asked: askedHazards(worst),
		label: v.plain("map.title-town", i18n.Ja("town", place.Label.Ja)), cited: true}
	if !place.Bounds.IsZero() {
		f.frame, f.town, f.zoom = bound, place.ID, zoomFor(bound)
	}
	return v.figure(f)
}

func middleOf(b orb.Bound) geo.Point {
	return geo.Point{Lon: (b.Min[0] + b.Max[0]) / 2, Lat: (b.Min[1] + b.Max[1]) / 2}
}

// zoomFor returns the closest zoom at which a box fits the map of a page,
// wherever the grid moves its middle.
func zoomFor(b orb.Bound) float64 { return fitZoom(b, mapWidth-snapPixels, mapHeight-snapPixels) }

// fitZoom returns the closest zoom at which a box fits a picture.
func fitZoom(b orb.Bound, pixelsWide, pixelsHigh float64) float64 {
	if b.IsEmpty() {
		return 12
	}
	width := (b.Max[0] - b.Min[0]) / 360
	mercator := func(lat float64) float64 {
		return math.Asinh(math.Tan(lat*math.Pi/180)) / (2 * math.Pi)
	}
	height := mercator(b.Max[1]) - mercator(b.Min[1])
	const border = 16
	fit := min((pixelsWide-2*border)/width, (pixelsHigh-2*border)/height) / 256
	return math.Floor(10*max(6, min(16, math.Log2(fit)))) / 10
}

// figure draws a map and, below it, links that move it.
func (v *visit) figure(f figure) g.Node {
	f.at, f.zoom = v.mapZoom(f.at, f.zoom)
	f.at = drawn.Snap(f.at, f.zoom, snapPixels)
	scene := drawn.Scene{
		Center: f.at, Zoom: f.zoom, Width: mapWidth, Height: mapHeight,
		Kinds: f.kinds, Second: v.prefs.Palette, Place: f.place, Frame: f.frame, Town: f.town,
		Words: drawn.Words{
			Title: f.label, Desc: v.plain("map.desc"), North: v.plain("map.north"),
			Scale: func(metres int) string { return distance(v.c, geo.Metres(metres)) },
		},
	}
	for i, s := range f.shelters {
		label := strconv.Itoa(i + 1)
		if f.plain {
			label = ""
		}
		scene.Shelters = append(scene.Shelters, drawn.Shelter{
			At: geo.Point{Lon: s.Lon, Lat: s.Lat}, Label: label, Fit: fitness(s.Shelter, f.asked) == len(f.asked) && s.Emergency,
		})
	}
	return h.Figure(h.Class("mapbox"), h.ID("mapbox"),
		g.If(f.place != nil, h.Data("lat", strconv.FormatFloat(f.at.Lat, 'f', 5, 64))),
		g.If(f.place != nil, h.Data("lon", strconv.FormatFloat(f.at.Lon, 'f', 5, 64))),
		g.NodeFunc(func(w io.Writer) error { return v.d.atlas().Draw(w, scene) }),
		g.If(!f.fixed, v.mapControls(f)),
		h.FigCaption(v.text("map.caption"), g.Text(" "),
			g.If(f.cited, h.A(h.Href("#sources"), v.text("sources.title"))), g.Iff(!f.cited, v.attribution)),
	)
}

// mapControls are plain links: four directions and two zooms.
func (v *visit) mapControls(f figure) g.Node {
	link := func(key, sign string, at geo.Point, zoom float64) g.Node {
		return h.A(h.Rel("nofollow"), h.Href(v.here("z", number(zoom), "lat", strconv.FormatFloat(at.Lat, 'f', 5, 64), "lon", strconv.FormatFloat(at.Lon, 'f', 5, 64))+"#mapbox"),
			h.Aria("label", v.plain(key)), g.Text(sign))
	}
	move := func(key, sign string, dx, dy int) g.Node {
		return link(key, sign, drawn.Move(f.at, f.zoom, float64(dx), float64(dy)), f.zoom)
	}
	return h.Nav(h.Class("pan"), h.Aria("label", v.plain("map.controls")),
		link("map.in", "＋", f.at, min(f.zoom+1, closest)), link("map.out", "－", f.at, max(f.zoom-1, widest)),
		move("map.west", "←", -mapWidth/2, 0), move("map.up", "↑", 0, -mapHeight/2),
		move("map.down", "↓", 0, mapHeight/2), move("map.east", "→", mapWidth/2, 0),
	)
}

// attribution is fixed text of ours and the titles of the sources.
func (v *visit) attribution() g.Node {
	if v.d.Area.Sample {
		return v.text("sample.attribution")
	}
	seen := map[string]bool{}
	var names g.Group
	for _, s := range v.d.Risks.Sources() {
		if s.Attribution == "" || seen[s.Attribution] {
			continue
		}
		seen[s.Attribution] = true
		names = append(names, v.japanese(s.Attribution), g.Text(" "))
	}
	return names
}

// mapPage is the map alone: drawn by the server, and made live by the client
// on devices that can.
func (v *visit) mapPage() Page {
	bound := v.d.Area.Boundary.Bound()
	at, zoom := middleOf(bound), zoomFor(bound)
	var shelters []hazard.NearShelter
	for _, s := range v.d.Risks.Shelters() {
		shelters = append(shelters, hazard.NearShelter{Shelter: s})
	}
	return v.page(200, pageParts{title: v.plain("nav.map"), nav: "map", class: "mappage", index: true, preview: CityPreview, body: g.Group{
		h.H1(v.text("home.map", v.cityArg())),
		h.P(v.text("map.lead")),
		h.Section(h.Class("overview"), h.Aria("label", v.plain("nav.map")),
			h.Div(h.ID("live"), g.Attr("hidden"), h.Data("style", v.href("style.json")), h.Data("words", v.mapWords())),
			h.P(h.Button(h.Class("button later"), h.Type("button"), h.ID("open-live"), g.Attr("hidden"), v.text("map.open"))),
			v.figure(figure{at: at, zoom: zoom, kinds: allMapped(), shelters: shelters, plain: true, label: v.plain("map.title-city", i18n.Str("city", v.city()))}),
			h.Div(h.Class("key"), h.H2(v.text("map.legend")), v.legend(v.d.Risks.Sourced())),
		),
		h.P(h.Class("note"), v.text("limit.white")),
	}})
}
