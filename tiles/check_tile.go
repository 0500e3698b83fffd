//go:build !js

package tiles

import (
	"fmt"

	"hazardmap/hazard"
)

// ZoneFeature is what a feature of a hazard layer says.
type ZoneFeature struct {
	Kind       hazard.Kind
	Scenario   hazard.Scenario
	Rank       uint8 // as shown: 1 to Kind.Ranks()
	Designated bool  // of landslides; true for all others
	Zone       int   // number in the dataset, or -1 in an overview
	River      string
}

// ReadZone reads the attributes of a feature of a hazard layer.
func ReadZone(layer string, f *TileFeature) (ZoneFeature, error) {
	z := ZoneFeature{Zone: -1, Designated: true}
	var err error
	if z.Kind, err = hazard.ParseKind(layer); err != nil {
		return z, err
	}
	if f.Attr["kind"] != layer {
		return z, fmt.Errorf("kind is %v in layer %s", f.Attr["kind"], layer)
	}
	rank, ok := f.Attr["rank"].(uint64)
	if !ok || rank < 1 || rank > uint64(z.Kind.Ranks()) {
		return z, fmt.Errorf("rank is %v, want 1 to %d", f.Attr["rank"], z.Kind.Ranks())
	}
	z.Rank = uint8(rank)
	for name, value := range f.Attr {
		if err := z.read(name, value); err != nil {
			return z, err
		}
	}
	if _, said := f.Attr["designated"]; said != z.Kind.Landslide() {
		return z, fmt.Errorf("designated is %v in layer %s", f.Attr["designated"], layer)
	}
	return z, nil
}

func (z *ZoneFeature) read(name string, value any) error {
	ok := true
	switch name {
	case "kind", "rank":
	case "id":
		var id uint64
		id, ok = value.(uint64)
		z.Zone = int(id)
	case "river":
		z.River, ok = value.(string)
	case "designated":
		z.Designated, ok = value.(bool)
	case "scenario":
		switch value {
		case hazard.Max.String():
			z.Scenario = hazard.Max
		case hazard.Plan.String():
			z.Scenario = hazard.Plan
		default:
			ok = false
		}
	default:
		return fmt.Errorf("attribute %q is not known", name)
	}
	if !ok {
		return fmt.Errorf("%s is %v", name, value)
	}
	return nil
}

// class returns the class as which the feature is drawn.
func (z ZoneFeature) class() class {
	if !z.Kind.Landslide() {
		return class(z.Rank)
	}
	if z.Designated {
		return class(2 * z.Rank)
	}
	return class(2*z.Rank - 1)
}

// Check reports what is wrong with a tile of our making: version and extent,
// features that reach further than the buffer, polygons that are not valid, and
// in hazard layers attributes that are missing or out of range.
func (t Tile) Check() error {
	for _, l := range t.Layers {
		if l.Version != 2 || l.Extent != Extent {
			return fmt.Errorf("layer %s: version %d and extent %d, want 2 and %d", l.Name, l.Version, l.Extent, Extent)
		}
		if len(l.Features) == 0 {
			return fmt.Errorf("layer %s: is empty", l.Name)
		}
		_, err := hazard.ParseKind(l.Name)
		zones := err == nil
		for i := range l.Features {
			if err := l.Features[i].check(l.Name, zones); err != nil {
				return fmt.Errorf("layer %s: feature %d: %w", l.Name, i, err)
			}
		}
	}
	return nil
}

func (f *TileFeature) check(layer string, zones bool) error {
	if zones {
		if _, err := ReadZone(layer, f); err != nil {
			return err
		}
	}
	for _, part := range f.Parts {
		for _, p := range part {
			if min(p.X, p.Y) < -rasterMargin || max(p.X, p.Y) > Extent+rasterMargin {
				return fmt.Errorf("place %v is further out than %d units", p, rasterMargin)
			}
		}
	}
	return f.Validate()
}
