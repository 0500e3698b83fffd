//go:build !js

package tiles

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
	"golang.org/x/sync/errgroup"
)

// Feature is one shape of a layer that is not a hazard: a place, a river of
// the base map, a boundary.
type Feature struct {
	Layer            string
	ID               uint64         // 0 means none
	Geometry         orb.Geometry   // degrees
	Attr             map[string]any // string, bool, int, uint64 or float64; nil is left out
	MinZoom, MaxZoom uint8          // MaxZoom 0 means every zoom from MinZoom
}

// CutFeatures cuts places and base layers into tiles. Above the deepest zoom
// lines and outlines are simplified, and what is too small is left out: these
// layers warn of nothing. A point stands in one tile alone, so that no label
// comes twice.
func CutFeatures(ctx context.Context, features []Feature, opts CutOptions, put func(ID, []byte) error) error {
	opts = opts.withDefaults()
	if err := opts.check(); err != nil {
		return err
	}
	c := &featureCutter{features: features, opts: opts, tags: make([][]tag, len(features))}
	for i := range features {
		var err error
		if c.tags[i], err = featureTags(features[i].Attr); err != nil {
			return fmt.Errorf("feature %d of layer %s: %w", i, features[i].Layer, err)
		}
	}
	for z := opts.MinZoom; z <= opts.MaxZoom; z++ {
		pieces, err := c.zoom(ctx, z)
		if err != nil {
			return err
		}
		if err := c.put(pieces, put); err != nil {
			return err
		}
		if opts.Progress != nil {
			opts.Progress(int(z-opts.MinZoom)+1, int(opts.MaxZoom-opts.MinZoom)+1)
		}
	}
	return nil
}

type featureCutter struct {
	features []Feature
	opts     CutOptions
	tags     [][]tag
}

// featureTags returns attributes by name, whole numbers as such.
func featureTags(attr map[string]any) ([]tag, error) {
	tags := make([]tag, 0, len(attr))
	for _, key := range slices.Sorted(maps.Keys(attr)) {
		switch v := attr[key].(type) {
		case nil:
		case string, bool, uint64:
			tags = append(tags, tag{key, v})
		case int:
			tags = append(tags, tag{key, wholeNumber(int64(v))})
		case float64:
			if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
				tags = append(tags, tag{key, wholeNumber(int64(v))})
			} else {
				tags = append(tags, tag{key, v})
			}
		default:
			return nil, fmt.Errorf("attribute %s is a %T", key, v)
		}
	}
	return tags, nil
}

func wholeNumber(n int64) any {
	if n >= 0 {
		return uint64(n)
	}
	return n
}

// zoom cuts every feature of one zoom and sorts the pieces by tile and layer.
func (c *featureCutter) zoom(ctx context.Context, z uint8) ([]piece, error) {
	var mu sync.Mutex
	var pieces []piece
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(c.opts.Workers)
	for first := 0; first < len(c.features); first += zonesPerJob {
		g.Go(func() error {
			w := newExactCutter(c.opts.BufferUnits)
			for i := first; i < min(first+zonesPerJob, len(c.features)); i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := c.cutFeature(w, i, z); err != nil {
					return fmt.Errorf("feature %d of layer %s: %w", i, c.features[i].Layer, err)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			pieces = append(pieces, w.pieces...)
			return nil
		})
	}
	err := g.Wait()
	slices.SortFunc(pieces, func(a, b piece) int {
		return cmp.Or(a.tile.Compare(b.tile), cmp.Compare(c.features[a.zone].Layer, c.features[b.zone].Layer),
			cmp.Compare(a.zone, b.zone), cmp.Compare(a.turn, b.turn))
	})
	return pieces, err
}

func (c *featureCutter) cutFeature(w *exactCutter, i int, z uint8) error {
	f := &c.features[i]
	if z < f.MinZoom || (f.MaxZoom != 0 && z > f.MaxZoom) {
		return nil
	}
	s, err := projectShape(f.Geometry)
	if err != nil {
		return err
	}
	if z < c.opts.MaxZoom {
		s.simplify(z)
	}
	w.cutPoints(i, s.points, z)
	return w.cut(i, &s, windowUnder(ID{}, z))
}

// cutPoints puts each point into the one tile in which it lies.
func (c *exactCutter) cutPoints(feature int, points []position, zoom uint8) {
	for turn, p := range points {
		u := toFine(p, zoom).round()
		n := int32(1)<<zoom - 1
		id := ID{zoom, uint32(min(max(u.x/Extent, 0), n)), uint32(min(max(u.y/Extent, 0), n))}
		g := geometry{kind: Points}
		g.points([]XY{id.local(u)})
		c.pieces = append(c.pieces, piece{tile: id, zone: feature, turn: -2 - turn, seen: true, shape: g})
	}
}

// simplifyUnits is half a pixel of a tile shown 1024 pixels wide.
const simplifyUnits = 2

// simplify takes out what does not show at a zoom.
func (s *shape) simplify(zoom uint8) {
	scale := worldUnits(zoom)
	simpler := simplify.DouglasPeucker(simplifyUnits)
	thin := func(points []position) []position {
		line := make(orb.LineString, len(points))
		for i, p := range points {
			line[i] = orb.Point{p.x * scale, p.y * scale}
		}
		out := points[:0:0]
		for _, p := range simpler.LineString(line) {
			out = append(out, position{p[0] / scale, p[1] / scale})
		}
		return out
	}
	for i, l := range s.lines {
		s.lines[i] = thin(l)
	}
	polygons := s.polygons[:0]
	for _, rings := range s.polygons {
		kept := rings[:0]
		for i, r := range rings {
			if r = thin(append(r, r[0])); len(r) < 4 {
				if i == 0 {
					break // no outline, no polygon
				}
				continue
			}
			kept = append(kept, r[:len(r)-1])
		}
		if len(kept) > 0 {
			polygons = append(polygons, kept)
		}
	}
	s.polygons = polygons
}

// put writes the tiles of sorted pieces.
func (c *featureCutter) put(pieces []piece, put func(ID, []byte) error) error {
	for len(pieces) > 0 {
		n, seen := 0, false
		for n < len(pieces) && pieces[n].tile == pieces[0].tile {
			seen = seen || pieces[n].seen
			n++
		}
		if seen {
			if err := put(pieces[0].tile, c.encode(pieces[:n])); err != nil {
				return fmt.Errorf("tile %v: %w", pieces[0].tile, err)
			}
		}
		pieces = pieces[n:]
	}
	return nil
}

func (c *featureCutter) encode(pieces []piece) []byte {
	var raw []byte
	layer, name := newLayerWriter(), c.features[pieces[0].zone].Layer
	for i := range pieces {
		f := &c.features[pieces[i].zone]
		if f.Layer != name {
			raw = layer.appendTo(raw, name)
			layer, name = newLayerWriter(), f.Layer
		}
		layer.add(f.ID, c.tags[pieces[i].zone], &pieces[i].shape)
	}
	return layer.appendTo(raw, name)
}
