package areas

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/hazard/area"
	"hazardmap/web/view"
)

// The shapes of orb are written as coordinates as they are.
type collection struct {
	Type     string    `json:"type"`
	Features []feature `json:"features"`
}

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   geometry       `json:"geometry"`
}

type geometry struct {
	Type        string       `json:"type"`
	Coordinates orb.Geometry `json:"coordinates"`
}

func (c *collection) add(f feature) { c.Features = append(c.Features, f) }

func newFeature(shape orb.Geometry) feature {
	return feature{Type: "Feature", Geometry: geometry{shape.GeoJSONType(), shape}}
}

// GeoJSON returns the areas with the ground of each class, their shelters, and
// the squares from where no fit shelter is near, each marked by "what".
func (r *Report) GeoJSON() ([]byte, error) {
	features := collection{Type: "FeatureCollection", Features: []feature{}}
	for i := range r.Answer.Areas {
		a := &r.Answer.Areas[i]
		features.add(r.areaFeature(a))
		for j := range a.Shelters {
			features.add(r.shelterFeature(a, &a.Shelters[j]))
		}
		for _, f := range a.Far {
			for _, square := range f.Dry.Squares {
				features.add(r.squareFeature(a, f, square))
			}
		}
	}
	b, err := json.Marshal(features)
	return append(b, '\n'), err
}

func (r *Report) areaFeature(a *area.Area) feature {
	f := newFeature(a.Place.Area)
	f.Properties = map[string]any{"what": "area", "id": a.ID, "name": a.Name, "approximate": a.Approximate, "square_metres": rounded(a.SquareMetres, 1e3)}
	set := func(name string, v *float64) {
		if v != nil {
			f.Properties[name] = *v
		}
	}
	if a.Beyond > 0 {
		f.Properties["share_outside_city"] = rounded(a.Beyond, 1e9)
	}
	set("addresses", total(a.Addresses))
	set("people", total(a.People))
	for i, own := range a.Ranges {
		prefix := own.Kind.String()
		if own.Scenario != hazard.NoScenario {
			prefix += "." + own.Scenario.String()
		}
		for _, c := range classes(a, i) {
			name := prefix + "." + string(c.status)
			if c.status == hazard.Inside {
				name = prefix + "." + strconv.Itoa(c.number)
			}
			f.Properties[name+".square_metres"] = rounded(c.share*a.SquareMetres, 1e3)
			f.Properties[name+".share"] = rounded(c.share, 1e9)
			set(name+".addresses", c.addresses)
			set(name+".people", c.people)
		}
	}
	return f
}

func (r *Report) shelterFeature(a *area.Area, s *area.Shelter) feature {
	f := newFeature(orb.Point{s.Lon, s.Lat})
	f.Properties = map[string]any{"what": "shelter", "area": a.ID, "name": s.Name, "address": s.Address, "capacity": s.Capacity,
		"emergency": s.Emergency, "evacuation": s.Evacuation, "remarks": s.Remarks, "in_own_hazard": len(s.Misplaced) > 0, "not_known": len(s.Unsure) > 0}
	for d := range hazard.ShelterHazards {
		f.Properties["fit_"+d.String()] = s.Fit(d)
	}
	for _, z := range s.InZone {
		name := z.Kind.String()
		if z.Scenario != hazard.NoScenario {
			name += "." + z.Scenario.String()
		}
		f.Properties["in_"+name] = r.Words.T(view.ClassKey(z.Kind, z.Rank))
	}
	return f
}

// squareFeature is a square further than asked from every shelter that is fit
// and stands in no zone of the disaster; "any_fit" says whether one that does
// stand in a zone is nearer.
func (r *Report) squareFeature(a *area.Area, far area.FarAnswer, s area.Square) feature {
	f := newFeature(s.Bound.ToPolygon())
	f.Properties = map[string]any{"what": "far", "area": a.ID, "disaster": far.Disaster.String(), "metres": float64(r.Far.Metres)}
	if distance := float64(s.Distance); !math.IsInf(distance, 1) {
		f.Properties["nearest_metres"] = math.Round(distance)
	}
	return f
}
