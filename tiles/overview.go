//go:build !js

package tiles

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/errgroup"

	"hazardmap/hazard"
)

// ref says that a zone reaches into a tile of the deepest overview zoom, or
// into the margin of its raster.
type ref struct {
	tile uint64 // along the Z-order curve
	zone int
}

// zOrder numbers tiles so that all tiles below one tile follow each other.
func zOrder(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

// spread puts a zero bit before each bit.
func spread(n uint32) uint64 {
	v := uint64(n)
	v = (v | v<<16) & 0x0000ffff0000ffff
	v = (v | v<<8) & 0x00ff00ff00ff00ff
	v = (v | v<<4) & 0x0f0f0f0f0f0f0f0f
	v = (v | v<<2) & 0x3333333333333333
	return (v | v<<1) & 0x5555555555555555
}

// listRefs sorts the zones into the tiles of the deepest overview zoom.
func (c *cutter) listRefs() error {
	n := uint32(1) << c.deepest
	for i := range c.zones {
		z := &c.zones[i]
		if c.opts.Theme != "" && z.Kind.Theme() != c.opts.Theme {
			continue
		}
		if err := checkZone(z); err != nil {
			return fmt.Errorf("zone %d: %w", i, err)
		}
		if z.Shape == nil || z.Shape.Bound().IsEmpty() {
			return fmt.Errorf("zone %d: %w", i, errNoShape)
		}
		c.picture(group{z.Kind, z.Scenario})
		b := z.Shape.Bound()
		// The margin of the raster, and a unit for the rounding.
		const room = float64(rasterMargin+1) / Extent
		low, high := project(b.Min[0], b.Max[1]), project(b.Max[0], b.Min[1])
		x0, x1 := tileAt(low.x*float64(n)-room, n), tileAt(high.x*float64(n)+room, n)
		y0, y1 := tileAt(low.y*float64(n)-room, n), tileAt(high.y*float64(n)+room, n)
		for x := x0; x <= x1; x++ {
			for y := y0; y <= y1; y++ {
				c.refs = append(c.refs, ref{zOrder(x, y), i})
			}
		}
	}
	slices.SortFunc(c.refs, func(a, b ref) int { return cmp.Or(cmp.Compare(a.tile, b.tile), cmp.Compare(a.zone, b.zone)) })
	slices.SortFunc(c.groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.scenario, b.scenario))
	})
	return nil
}

func tileAt(v float64, n uint32) uint32 { return uint32(min(max(v, 0), float64(n-1))) }

func (c *cutter) picture(g group) {
	if !slices.Contains(c.groups, g) {
		c.groups = append(c.groups, g)
	}
}

// children splits the refs below a tile among its four children.
func (c *cutter) children(id ID, refs []ref) (kids [4]struct {
	id   ID
	refs []ref
}) {
	shift := 2 * (c.deepest - id.Z - 1)
	for q := range kids {
		child := ID{id.Z + 1, id.X<<1 | uint32(q)&1, id.Y<<1 | uint32(q)>>1}
		end := (zOrder(child.X, child.Y) + 1) << shift
		n, _ := slices.BinarySearchFunc(refs, end, func(r ref, end uint64) int { return cmp.Compare(r.tile, end) })
		kids[q].id, kids[q].refs = child, refs[:n]
		refs = refs[n:]
	}
	return kids
}

// pictures holds one raster per group.
type pictures struct {
	mu      sync.Mutex
	rasters []*raster
}

func newPictures(groups int) *pictures { return &pictures{rasters: make([]*raster, groups)} }

// absorb takes over what a child drew.
func (p *pictures) absorb(child []*raster, id ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, r := range child {
		if r != nil {
			if p.rasters[i] == nil {
				p.rasters[i] = new(raster)
			}
			p.rasters[i].absorb(r, int(id.X&1), int(id.Y&1))
		}
	}
}

// overview draws a tile and everything below it down to the deepest overview
// zoom, and lets its parent absorb it. Tiles go to out.
func (c *cutter) overview(ctx context.Context, id ID, refs []ref, parent *pictures, out *sink) error {
	if len(refs) == 0 {
		return nil
	}
	own := newPictures(len(c.groups))
	if id.Z < c.deepest {
		g, ctx := errgroup.WithContext(ctx)
		if id.Z < c.deepest-1 { // as few rasters of parents at once as keep all workers busy
			g.SetLimit((c.opts.Workers + 3) / 4)
		}
		for _, kid := range c.children(id, refs) {
			g.Go(func() error { return c.overview(ctx, kid.id, kid.refs, own, out) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return c.work(ctx, func(w *worker) error {
		if id.Z == c.deepest {
			if err := c.paint(w, id, refs, own); err != nil {
				return err
			}
			c.progress(len(refs))
		}
		if err := c.finishOverview(w, id, own, out); err != nil {
			return err
		}
		if parent != nil {
			parent.absorb(own.rasters, id)
		}
		return nil
	})
}

// paint draws the zones of one tile of the deepest overview zoom.
func (c *cutter) paint(w *worker, id ID, refs []ref, own *pictures) error {
	for _, r := range refs {
		z := &c.zones[r.zone]
		s, err := projectShape(z.Shape)
		if err != nil {
			return fmt.Errorf("zone %d: %w", r.zone, err)
		}
		i := slices.Index(c.groups, group{z.Kind, z.Scenario})
		if own.rasters[i] == nil {
			own.rasters[i] = new(raster)
		}
		w.painter.paint(own.rasters[i], id, &s, classOf(z))
	}
	return nil
}

// finishOverview writes the tile of some rasters, in the finest cells with
// which it stays small enough.
func (c *cutter) finishOverview(w *worker, id ID, own *pictures, out *sink) error {
	if id.Z < c.opts.MinZoom {
		return nil
	}
	buffer := min(c.opts.BufferUnits, rasterMargin>>(c.deepest-id.Z))
	for cells := 1; ; cells *= 2 {
		raw, ground := c.encodeOverview(w, own.rasters, cells, buffer)
		if raw == nil {
			return nil
		}
		small, err := w.fits(raw, c.opts.MaxTileBytes)
		if err != nil {
			return err
		}
		if small || cells == coarsestCells {
			c.loss.overview(id, cells, c.groups, ground)
			out.add(id, raw)
			return nil
		}
	}
}

// coarsestCells is one pixel of a tile shown 512 pixels wide.
const coarsestCells = 8

// fits reports whether a raw tile, compressed, takes at most so many bytes.
func (w *worker) fits(raw []byte, limit int) (bool, error) {
	if len(raw) <= limit {
		return true, nil
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, 6)
	if err != nil {
		return false, err
	}
	if _, err := z.Write(raw); err != nil {
		return false, err
	}
	err = z.Close()
	return out.Len() <= limit, err
}

// encodeOverview writes one multipolygon per kind, scenario and class. It
// returns nil where nothing lies in the tile itself, and the square units that
// each class covers there.
func (c *cutter) encodeOverview(w *worker, rasters []*raster, cells, buffer int) (raw []byte, ground [][]int64) {
	ground = make([][]int64, len(c.groups))
	layers := map[hazard.Kind]*layerWriter{}
	empty := true
	for i, g := range c.groups {
		if rasters[i] == nil {
			continue
		}
		w.borders.find(rasters[i], classes(g.kind), cells, buffer)
		ground[i] = w.borders.ground
		if layers[g.kind] == nil {
			layers[g.kind] = newLayerWriter()
		}
		for cl, edges := range w.borders.edges {
			if len(edges) == 0 {
				continue
			}
			empty = empty && ground[i][cl] == 0
			shape := geometry{kind: Polygons}
			shape.polygons(w.exact.trace.trace(edges))
			layers[g.kind].add(0, classTags(g.kind, g.scenario, class(cl)), &shape)
		}
	}
	if empty {
		return nil, nil
	}
	for _, k := range hazard.Kinds() {
		if layers[k] != nil {
			raw = layers[k].appendTo(raw, k.String())
		}
	}
	return raw, ground
}
