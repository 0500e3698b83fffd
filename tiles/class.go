//go:build !js

package tiles

import (
	"fmt"

	"hazardmap/hazard"
)

// class is what a zone of one kind and scenario is drawn as, the worse the
// greater: its rank, and for landslides whether it is designated.
type class uint8

// classOf returns the class of a zone. A rank that could not be read is drawn
// as the worst.
func classOf(z *hazard.Zone) class {
	rank := z.Rank
	if rank == hazard.RankUnknown {
		rank = z.Kind.Ranks()
	}
	if !z.Kind.Landslide() {
		return class(rank)
	}
	if z.Flags&hazard.NotDesignated != 0 {
		return class(2*rank - 1)
	}
	return class(2 * rank)
}

// rank returns the rank of a class and whether it is designated.
func (c class) rank(k hazard.Kind) (rank uint8, designated bool) {
	if !k.Landslide() {
		return uint8(c), true
	}
	return uint8(c+1) / 2, c%2 == 0
}

// classes returns how many classes a kind has.
func classes(k hazard.Kind) int {
	if k.Landslide() {
		return 2 * int(k.Ranks())
	}
	return int(k.Ranks())
}

// classTags are the attributes that say what a feature is.
func classTags(k hazard.Kind, s hazard.Scenario, c class) []tag {
	rank, designated := c.rank(k)
	tags := []tag{{"kind", k.String()}, {"rank", uint64(rank)}}
	if s != hazard.NoScenario {
		tags = append(tags, tag{"scenario", s.String()})
	}
	if k.Landslide() {
		tags = append(tags, tag{"designated", designated})
	}
	return tags
}

// group is what shares one picture: one kind under one rain.
type group struct {
	kind     hazard.Kind
	scenario hazard.Scenario
}

// checkZone refuses a zone that cannot be drawn.
func checkZone(z *hazard.Zone) error {
	if !z.Kind.Valid() {
		return fmt.Errorf("kind %d is not known", z.Kind)
	}
	if z.Rank != hazard.RankUnknown && (z.Rank < 1 || z.Rank > z.Kind.Ranks()) {
		return fmt.Errorf("%v has no rank %d", z.Kind, z.Rank)
	}
	return nil
}

// ZoneLayers describes the layers that [Cut] writes for some kinds.
func ZoneLayers(kinds hazard.KindSet, opts CutOptions) []VectorLayer {
	opts = opts.withDefaults()
	var layers []VectorLayer
	for _, k := range hazard.Kinds() {
		if !kinds.Has(k) {
			continue
		}
		fields := map[string]string{"kind": "String", "rank": "Number"}
		if opts.MaxZoom >= opts.ExactZoom {
			fields["id"] = "Number"
			fields["river"] = "String"
		}
		if k.Landslide() {
			fields["designated"] = "Boolean"
		} else {
			fields["scenario"] = "String"
		}
		layers = append(layers, VectorLayer{
			ID:          k.String(),
			Description: fmt.Sprintf("zones as published from zoom %d, worst class per place below it", opts.ExactZoom),
			MinZoom:     opts.MinZoom, MaxZoom: opts.MaxZoom, Fields: fields,
		})
	}
	return layers
}
