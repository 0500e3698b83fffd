package dataset

import (
	"context"
	"errors"
	"fmt"
	"html"
	"maps"
	"math"
	"slices"
	"strings"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"

	"github.com/paulmach/orb"
)

// Names of the tilesets that hold no hazard.
const (
	placesSet = "places"
	baseSet   = "base"
)

// marginDegrees is how far around the area a base map is kept, about 2 km.
const marginDegrees = 0.02

// writeTilesets writes one MBTiles per theme that has zones, the places and
// the base map.
func (b *builder) writeTilesets(ctx context.Context, m *Manifest) error {
	for _, theme := range hazard.Themes() {
		if kindsOf(b.c.Input.Zones, theme) == 0 {
			continue
		}
		loss, err := b.writeTheme(ctx, theme)
		if err != nil {
			return fmt.Errorf("%s: %w", theme, err)
		}
		m.Tiles[theme] = loss
	}
	if len(b.c.Places) > 0 {
		if err := b.writeFeatures(ctx, placesSet, "overlay", b.c.Places); err != nil {
			return fmt.Errorf("%s: %w", placesSet, err)
		}
	}
	switch {
	case b.c.BaseFile != "":
		return b.copyBase(ctx)
	case len(b.c.Base) > 0:
		if err := b.writeFeatures(ctx, baseSet, "baselayer", b.c.Base); err != nil {
			return fmt.Errorf("%s: %w", baseSet, err)
		}
	}
	return nil
}

func (b *builder) writeTheme(ctx context.Context, theme string) (tiles.LossReport, error) {
	opts := tiles.CutOptions{Theme: theme, Progress: b.step("tiles " + theme)}
	w, err := mbtiles.Create(b.path(theme+tilesSuffix), mbtiles.Metadata{
		Name: theme, Type: "overlay", Version: b.c.Edition,
		Description: b.c.Input.Area.Name, Attribution: b.attribution(theme), Layers: tiles.ZoneLayers(kindsOf(b.c.Input.Zones, theme), opts),
	})
	if err != nil {
		return tiles.LossReport{}, err
	}
	loss, err := tiles.Cut(ctx, b.c.Input.Zones, opts, w.Put)
	if err != nil {
		return loss, errors.Join(err, w.Abort())
	}
	return loss, w.Close()
}

func (b *builder) writeFeatures(ctx context.Context, name, kind string, features []tiles.Feature) error {
	opts := tiles.CutOptions{Progress: b.step("tiles " + name)}
	w, err := mbtiles.Create(b.path(name+tilesSuffix), mbtiles.Metadata{
		Name: name, Type: kind, Version: b.c.Edition,
		Description: b.c.Input.Area.Name, Attribution: b.attribution(""), Layers: featureLayers(features),
	})
	if err != nil {
		return err
	}
	if err := tiles.CutFeatures(ctx, features, opts, w.Put); err != nil {
		return errors.Join(err, w.Abort())
	}
	return w.Close()
}

// kindsOf returns the kinds of a theme that have zones.
func kindsOf(zones []hazard.Zone, theme string) hazard.KindSet {
	var kinds hazard.KindSet
	for i := range zones {
		if zones[i].Kind.Theme() == theme {
			kinds = kinds.With(zones[i].Kind)
		}
	}
	return kinds
}

// featureLayers describes the layers of features and what they say.
func featureLayers(features []tiles.Feature) []tiles.VectorLayer {
	fields := map[string]map[string]string{}
	for _, f := range features {
		if fields[f.Layer] == nil {
			fields[f.Layer] = map[string]string{}
		}
		for name, value := range f.Attr {
			switch value.(type) {
			case string:
				fields[f.Layer][name] = "String"
			case bool:
				fields[f.Layer][name] = "Boolean"
			default:
				fields[f.Layer][name] = "Number"
			}
		}
	}
	var layers []tiles.VectorLayer
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		layers = append(layers, tiles.VectorLayer{ID: name, MaxZoom: tiles.DeepestZoom, Fields: fields[name]})
	}
	return layers
}

// attribution joins the lines of the sources that a theme draws; of all
// sources for the theme "". MBTiles holds it as HTML.
func (b *builder) attribution(theme string) string {
	drawn := map[int]bool{}
	for i := range b.c.Input.Zones {
		if z := &b.c.Input.Zones[i]; theme == "" || z.Kind.Theme() == theme {
			drawn[z.Source] = true
		}
	}
	var lines []string
	for i, s := range b.c.Input.Sources {
		line := html.EscapeString(s.Attribution)
		if line != "" && (theme == "" || drawn[i]) && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " | ")
}

// copyBase takes the tiles of a base map that show the area into a file of our
// own making: what others wrote is never served as it comes.
func (b *builder) copyBase(ctx context.Context) error {
	meta, err := BaseMetadata(b.c.BaseFile)
	if err != nil {
		return err
	}
	from, err := mbtiles.Open(b.c.BaseFile)
	if err != nil {
		return err
	}
	meta.Name, meta.Type, meta.Bounds, meta.Center, meta.Other = baseSet, "baselayer", [4]float64{}, [3]float64{}, nil
	w, err := mbtiles.Create(b.path(baseSet+tilesSuffix), meta)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	if err := b.copyTiles(ctx, from, w); err != nil {
		return errors.Join(err, w.Abort(), from.Close())
	}
	return errors.Join(w.Close(), from.Close())
}

// BaseMetadata returns what a file of base map tiles says about itself, or why
// it cannot be one.
func BaseMetadata(path string) (mbtiles.Metadata, error) {
	a, err := mbtiles.Open(path)
	if err != nil {
		return mbtiles.Metadata{}, err
	}
	meta := a.Metadata()
	if meta.Format != "pbf" {
		err = fmt.Errorf("%s: base map is %s, want vector tiles", path, meta.Format)
	}
	return meta, errors.Join(err, a.Close())
}

func (b *builder) copyTiles(ctx context.Context, from *mbtiles.Archive, w *mbtiles.Writer) error {
	b.tell("tiles base", 0, 0)
	area := b.c.Input.Area.Boundary.Bound().Pad(marginDegrees)
	for stored, err := range from.All(ctx) {
		if err != nil {
			return err
		}
		if !tileBound(stored.ID).Intersects(area) {
			continue
		}
		raw, err := mbtiles.Inflate(stored.Data, stored.Encoding)
		if err != nil {
			return fmt.Errorf("%s: tile %v: %w", b.c.BaseFile, stored.ID, err)
		}
		if err := w.Put(stored.ID, raw); err != nil {
			return err
		}
	}
	return nil
}

// tileBound returns the edges of a tile in degrees.
func tileBound(id tiles.ID) orb.Bound {
	side := float64(uint64(1) << id.Z)
	lon := func(x uint32) float64 { return float64(x)/side*360 - 180 }
	lat := func(y uint32) float64 { return math.Atan(math.Sinh(math.Pi*(1-2*float64(y)/side))) * 180 / math.Pi }
	return orb.Bound{Min: orb.Point{lon(id.X), lat(id.Y + 1)}, Max: orb.Point{lon(id.X + 1), lat(id.Y)}}
}
