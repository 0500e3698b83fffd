package drawn

import (
	"hazardmap/hazard"
	"hazardmap/tiles"
)

// shape is what a feature of a tile says of itself.
type shape struct {
	set, layer string
	kind       tiles.GeomType
	attr       map[string]any
}

// ink is what a shape is painted with; false where it is not painted.
func (s shape) ink() (ink, bool) {
	if s.set != "base" && s.set != "places" {
		kind, rank, ok := s.zone()
		return ink{coat: zoneCoat, kind: kind, rank: rank}, ok && s.kind == tiles.Polygons && s.text("scenario") != "plan"
	}
	coat := zoneCoat
	switch s.kind {
	case tiles.Polygons:
		coat = groundCoat(s.layer)
	case tiles.Lines:
		coat = lineCoat(s.layer, s.text("class"))
	}
	i := ink{coat: coat, rank: 1}
	if coat == townCoat && s.set == "places" {
		i.town = s.text("id")
	}
	return i, coat != zoneCoat
}

// groundCoat returns the coat of a layer of areas of the base map; zoneCoat for
// none.
func groundCoat(layer string) coat {
	switch layer {
	case "landcover", "park":
		return greenCoat
	case "landuse":
		return builtCoat
	case "water", "river":
		return waterCoat
	case "building":
		return buildingCoat
	}
	return zoneCoat
}

// lineCoat returns the coat of a layer of lines of the base map; zoneCoat for
// none.
func lineCoat(layer, class string) coat {
	switch layer {
	case "waterway", "river":
		return waterwayCoat
	case "railway":
		return railCoat
	case "boundary":
		if class == "town" {
			return townCoat
		}
	case "road", "transportation":
		switch class {
		case "motorway", "trunk", "primary", "secondary":
			return roadCoat
		}
		return streetCoat
	}
	return zoneCoat
}

// text returns the first of some attributes that holds text.
func (s shape) text(names ...string) string {
	for _, name := range names {
		if v, ok := s.attr[name].(string); ok && v != "" {
			return v
		}
	}
	return ""
}

// zone reads the kind and rank of a hazard feature; the layer names the kind
// where the feature does not.
func (s shape) zone() (hazard.Kind, uint8, bool) {
	name := s.text("kind")
	if name == "" {
		name = s.layer
	}
	kind, err := hazard.ParseKind(name)
	if err != nil {
		return 0, 0, false
	}
	rank, ok := s.number("rank")
	if !ok || rank < 1 {
		return 0, 0, false
	}
	return kind, uint8(min(rank, int(hazard.RankUnknown))), true
}

// number returns a whole number among the attributes.
func (s shape) number(name string) (int, bool) {
	switch v := s.attr[name].(type) {
	case int64:
		return int(v), true
	case uint64:
		return int(v), true
	case float64:
		return int(v), true
	}
	return 0, false
}
