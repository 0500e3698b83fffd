package view

import (
	"slices"
	"strconv"

	"hazardmap/hazard"
	"hazardmap/web/view/drawn"
)

// stylePage is the style of the live map, made of the same table of classes as
// the tiles, the legend and the drawn map. Addresses in it are absolute,
// because the map library's worker cannot resolve others.
func (v *visit) stylePage() Page {
	if v.r.BaseURL == "" {
		return v.fault(400, "error.bad-request")
	}
	j := &jsonWriter{}
	j.open('{')
	j.key("version").raw("8")
	j.key("name").text(v.plain("site.title", v.cityArg()))
	v.styleView(j)
	j.key("sources").open('{')
	for _, set := range v.d.Tilesets {
		v.styleSource(j, set)
	}
	v.styleShelters(j)
	j.close('}')
	j.key("layers").open('[')
	v.baseLayers(j)
	v.zoneLayers(j)
	v.lineLayers(j)
	v.nameLayers(j)
	j.close(']')
	j.key("metadata").open('{')
	v.stylePatterns(j)
	j.close('}')
	j.close('}')
	return Page{Status: 200, Type: "application/json", Body: j.b}
}

// styleView is where the map opens.
func (v *visit) styleView(j *jsonWriter) {
	bound := v.d.Area.Boundary.Bound()
	j.key("center").open('[')
	j.value().number((bound.Min[0] + bound.Max[0]) / 2)
	j.value().number((bound.Min[1] + bound.Max[1]) / 2)
	j.close(']')
	// The library counts zooms in tiles of 512 pixels, the drawn map in 256.
	j.key("zoom").number(max(0, zoomFor(bound)-0.6))
}

func (v *visit) styleSource(j *jsonWriter, set string) {
	j.key(set).open('{')
	j.key("type").text("vector")
	j.key("tiles").open('[')
	j.value().text(v.r.BaseURL + "/tiles/" + set + "/" + v.d.Version + "/{z}/{x}/{y}.mvt")
	j.close(']')
	bound := v.d.Area.Boundary.Bound()
	j.key("bounds").open('[')
	for _, degrees := range [...]float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]} {
		j.value().number(degrees)
	}
	j.close(']')
	j.key("minzoom").raw("6")
	j.key("maxzoom").raw("14")
	j.key("attribution").text(v.plainAttribution())
	j.close('}')
}

// plainAttribution names the sources as text without markup.
func (v *visit) plainAttribution() string {
	if v.d.Area.Sample {
		return v.plain("sample.attribution")
	}
	var names []string
	for _, s := range v.d.Risks.Sources() {
		if s.Attribution != "" && !slices.Contains(names, s.Attribution) {
			names = append(names, s.Attribution)
		}
	}
	text := ""
	for i, name := range names {
		if i > 0 {
			text += " | "
		}
		text += name
	}
	return text
}

func (v *visit) has(set string) bool { return slices.Contains(v.d.Tilesets, set) }

// layer writes one layer: raw JSON for filter, layout and paint is ours.
func (j *jsonWriter) layer(id, kind, source, sourceLayer, rest string) {
	j.open('{')
	j.key("id").text(id)
	j.key("type").text(kind)
	j.optional("source", source)
	j.optional("source-layer", sourceLayer)
	j.raw("," + rest)
	j.close('}')
}

// styleShelters holds the shelters themselves: a city has a hundred.
func (v *visit) styleShelters(j *jsonWriter) {
	j.key("shelters").open('{')
	j.key("type").text("geojson")
	j.key("data").open('{')
	j.key("type").text("FeatureCollection")
	j.key("features").open('[')
	for _, s := range v.d.Risks.Shelters() {
		j.open('{')
		j.key("type").text("Feature")
		j.key("geometry").open('{')
		j.key("type").text("Point")
		j.key("coordinates").open('[')
		j.value().number(s.Lon)
		j.value().number(s.Lat)
		j.close(']')
		j.close('}')
		j.key("properties").open('{')
		j.key("name").text(s.Name)
		j.close('}')
		j.close('}')
	}
	j.close(']')
	j.close('}')
	j.close('}')
}

func (v *visit) baseLayers(j *jsonWriter) {
	j.layer("paper", "background", "", "", `"paint":{"background-color":"#f4f2ec"}`)
	if !v.has("base") {
		return
	}
	fill := func(layer, color, more string) {
		j.layer("base-"+layer, "fill", "base", layer, more+`"paint":{"fill-color":"`+color+`"}`)
	}
	fill("landcover", "#dfe9d2", "")
	fill("landuse", "#ebe6dc", "")
	fill("water", "#a9cfea", "")
	fill("building", "#d6cfc2", `"minzoom":14,`)
}

// zoneLayers are the kinds of hazards: each a fill of its classes' patterns.
// The client shows and hides them by their names.
func (v *visit) zoneLayers(j *jsonWriter) {
	for _, k := range zoneOrder() {
		if !v.has(k.Theme()) || !v.d.Risks.Sourced().Has(k) {
			continue
		}
		visible := "visible"
		if k == hazard.FloodDuration {
			visible = "none" // would cover the depths
		}
		j.layer("zone-"+k.String(), "fill", k.Theme(), k.String(),
			`"filter":["!=",["get","scenario"],"plan"],"layout":{"visibility":"`+visible+`","fill-sort-key":["get","rank"]},`+
				`"paint":{"fill-pattern":["concat","`+k.String()+`-",["to-string",["get","rank"]]],"fill-opacity":0.85}`)
	}
}

// zoneOrder paints water first, then slopes, then house collapse.
func zoneOrder() []hazard.Kind {
	kinds := hazard.Kinds()
	slices.SortStableFunc(kinds, func(a, b hazard.Kind) int { return layerHeight(a) - layerHeight(b) })
	return kinds
}

func layerHeight(k hazard.Kind) int {
	switch {
	case k.Collapse():
		return 2
	case k.Landslide():
		return 1
	}
	return 0
}

func (v *visit) lineLayers(j *jsonWriter) {
	if v.has("base") {
		line := func(id, layer, filter, color, width string) {
			j.layer(id, "line", "base", layer, filter+`"layout":{"line-join":"round","line-cap":"round"},"paint":{"line-color":"`+color+`","line-width":`+width+`}`)
		}
		const main = `["match",["get","class"],["motorway","trunk","primary","secondary"],true,false]`
		line("waterway", "waterway", "", "#6fa8d6", "2")
		line("streets", "road", `"minzoom":12.5,"filter":["!",`+main+`],`, "#ffffff", `["interpolate",["linear"],["zoom"],13,0.8,17,5]`)
		line("roads-edge", "road", `"filter":`+main+`,`, "#9a8257", `["interpolate",["linear"],["zoom"],9,1.2,14,5,17,12]`)
		line("roads", "road", `"filter":`+main+`,`, "#fff1c4", `["interpolate",["linear"],["zoom"],9,0.6,14,3.4,17,9]`)
		line("railway", "railway", "", "#555555", `["interpolate",["linear"],["zoom"],9,0.8,15,3]`)
	}
	for _, set := range []string{"base", "places"} {
		if v.has(set) {
			j.layer("border-"+set, "line", set, "boundary", `"minzoom":13,"paint":{"line-color":"#5b3f8c","line-width":1.5,"line-dasharray":[4,2],"line-opacity":0.7}`)
		}
	}
}

// nameLayers are drawn in the device's own fonts.
func (v *visit) nameLayers(j *jsonWriter) {
	name := `["get","name"]`
	if !v.lang.Japanese() {
		name = `["case",["has","romaji"],["concat",["get","romaji"],"\n",["get","name"]],["get","name"]]`
	}
	text := func(id, set, layer, color string, size int, placement string) {
		if v.has(set) {
			j.layer(id, "symbol", set, layer, `"filter":["has","name"],"layout":{"text-field":`+name+`,"text-font":["sans-serif"],"text-size":`+strconv.Itoa(size)+
				`,"symbol-placement":"`+placement+`"},"paint":{"text-color":"`+color+`","text-halo-color":"#ffffff","text-halo-width":1.8}`)
		}
	}
	text("names-water", "base", "waterway", "#1d5f8f", 13, "line")
	text("names-poi", "base", "poi", "#4a4a4a", 12, "point")
	if v.has("base") {
		text("names-place", "base", "place", "#2b2b2b", 14, "point")
	} else {
		text("names-place", "places", "place", "#2b2b2b", 14, "point")
	}
	j.layer("shelters", "symbol", "shelters", "", `"layout":{"icon-image":"shelter","icon-allow-overlap":true,"icon-size":["interpolate",["linear"],["zoom"],11,0.55,15,1],`+
		`"text-field":["step",["zoom"],"",14.5,["get","name"]],"text-font":["sans-serif"],"text-size":13,"text-offset":[0,1.4],"text-optional":true},`+
		`"paint":{"text-color":"#00512b","text-halo-color":"#ffffff","text-halo-width":1.8}`)
}

// patternSize is the side of a pattern of the live map, in pixels.
const patternSize = 24

// stylePatterns lists the pattern of every class for the client to draw, and
// the names of the layers that a visitor can switch.
func (v *visit) stylePatterns(j *jsonWriter) {
	j.key("size").number(patternSize)
	j.key("patterns").open('{')
	for _, k := range hazard.Kinds() {
		for rank := uint8(1); rank <= k.Ranks(); rank++ {
			v.stylePattern(j, k, rank)
		}
		v.stylePattern(j, k, hazard.RankUnknown)
	}
	j.close('}')
	j.key("layers").open('[')
	for _, k := range hazard.Kinds() {
		if v.has(k.Theme()) && v.d.Risks.Sourced().Has(k) {
			j.open('{')
			j.key("id").text("zone-" + k.String())
			j.key("name").text(v.plain("kind." + k.String()))
			j.close('}')
		}
	}
	j.close(']')
}

func (v *visit) stylePattern(j *jsonWriter, k hazard.Kind, rank uint8) {
	j.key(k.String() + "-" + strconv.Itoa(int(rank))).open('{')
	fill, ink := drawn.Fill(k, rank, v.prefs.Palette), drawn.Ink(k, rank, v.prefs.Palette)
	if k.Collapse() {
		fill, ink = "", fill // hatching alone, so that the depth below is seen
	}
	j.key("fill").text(fill)
	j.key("ink").text(ink)
	j.key("path").text(drawn.PatternPath(k, rank, patternSize))
	j.key("name").text(v.plain(ClassKey(k, rank)))
	j.key("mark").text(classMark(k, rank))
	j.close('}')
}
