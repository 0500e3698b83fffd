package dataset

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hazardmap/geo"
	"hazardmap/geo/geopackage"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// ErrNoTowns reports a dataset that holds no areas of towns: it has no
// gazetteer, or was written before hazards.gpkg held them.
var ErrNoTowns = errors.New("no areas of towns")

// Towns reads the area of every place that can be asked about as a whole.
func (d *Dataset) Towns(ctx context.Context) (places []hazard.Place, err error) {
	f, err := geopackage.Open(d.Shapes())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return readTowns(ctx, f)
}

func readTowns(ctx context.Context, f *geopackage.File) ([]hazard.Place, error) {
	if !slices.ContainsFunc(f.Layers(), func(l geopackage.Layer) bool { return l.Name == townsLayer }) {
		return nil, ErrNoTowns
	}
	var places []hazard.Place
	err := polygons(ctx, f, townsLayer, func(area orb.MultiPolygon, attr geo.Attributes) error {
		places = append(places, hazard.Place{
			ID: attr.Text("id"), Area: area, Approximate: attr["approximate"] == true,
			Level: attr.Text("level"), Name: attr.Text("name"), Kana: attr.Text("kana"), Romaji: attr.Text("romaji"),
		})
		return nil
	})
	return places, err
}

// polygons calls fn for every record of a layer of polygons.
func polygons(ctx context.Context, f *geopackage.File, layer string, fn func(orb.MultiPolygon, geo.Attributes) error) error {
	for record, err := range f.Features(ctx, layer, geopackage.Query{}) {
		if err != nil {
			return err
		}
		area, ok := record.Geometry.(orb.MultiPolygon)
		if !ok {
			return fmt.Errorf("layer %s: record %d: shape is %T", layer, record.Record, record.Geometry)
		}
		if err := fn(area, record.Attr); err != nil {
			return fmt.Errorf("layer %s: record %d: %w", layer, record.Record, err)
		}
	}
	return nil
}

// Input reads back what the dataset was made of: zones, coverage and towns
// with their shapes at full precision, and the shelters. Coverage of several
// kinds comes back kind by kind.
func (d *Dataset) Input(ctx context.Context) (in *hazard.Input, err error) {
	f, err := geopackage.Open(d.Shapes())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	in = &hazard.Input{
		DatasetID: d.Manifest.ID, Area: d.Manifest.Area.area(), Sources: d.Index.Sources(), Shelters: d.Index.Shelters(),
		Zones: make([]hazard.Zone, d.Index.Zones()),
	}
	if err := d.readZones(ctx, f, in); err != nil {
		return nil, fmt.Errorf("%s: %w", d.Shapes(), err)
	}
	err = polygons(ctx, f, coverageLayer, func(area orb.MultiPolygon, attr geo.Attributes) error {
		kind, err := hazard.ParseKind(attr.Text("kind"))
		in.Coverage = append(in.Coverage, hazard.Coverage{Kinds: hazard.KindSet(0).With(kind), Area: area, Incomplete: attr["incomplete"] == true})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Shapes(), err)
	}
	if in.Places, err = readTowns(ctx, f); err != nil && !errors.Is(err, ErrNoTowns) {
		return nil, fmt.Errorf("%s: %w", d.Shapes(), err)
	}
	return in, nil
}

// readZones takes what is said of a zone from the index and its shape from
// hazards.gpkg.
func (d *Dataset) readZones(ctx context.Context, f *geopackage.File, in *hazard.Input) error {
	for _, layer := range []string{zonesLayer, linesLayer} {
		for record, err := range f.Features(ctx, layer, geopackage.Query{}) {
			if err != nil {
				return err
			}
			n := record.Record - 1
			if n < 0 || n >= len(in.Zones) || record.Geometry == nil {
				return fmt.Errorf("layer %s: record %d: the index has no such zone", layer, record.Record)
			}
			in.Zones[n] = d.Index.Zone(uint32(n))
			in.Zones[n].Shape = record.Geometry
		}
	}
	for n, z := range in.Zones {
		if z.Shape == nil {
			return fmt.Errorf("zone %d has no shape", n)
		}
	}
	return nil
}
