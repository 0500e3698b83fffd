//go:build !js

package tiles

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"hazardmap/hazard"
)

// CutOptions tune the pyramid. The zero value is ready to use.
type CutOptions struct {
	Theme        string // cut only the kinds of this theme; "" means all
	MinZoom      uint8  // 0 means 6
	MaxZoom      uint8  // 0 means 14
	ExactZoom    uint8  // first zoom drawn zone by zone; 0 means 13
	BufferUnits  int    // drawn past each edge; 0 means 64 of 4096
	MaxTileBytes int    // gzipped size above which an overview takes coarser cells; 0 means 500,000
	Workers      int    // 0 means one per processor; the bytes do not depend on it
	// Progress is called as work is done, by one goroutine at a time.
	Progress func(done, total int)
}

func (o CutOptions) withDefaults() CutOptions {
	o.MinZoom = cmp.Or(o.MinZoom, 6)
	o.MaxZoom = cmp.Or(o.MaxZoom, 14)
	o.ExactZoom = cmp.Or(o.ExactZoom, 13)
	o.BufferUnits = cmp.Or(o.BufferUnits, 64)
	o.MaxTileBytes = cmp.Or(o.MaxTileBytes, 500_000)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return o
}

func (o CutOptions) check() error {
	switch {
	case o.MinZoom > o.MaxZoom || o.MaxZoom > maxCutZoom:
		return fmt.Errorf("zooms %d to %d: want a range within 0 to %d", o.MinZoom, o.MaxZoom, maxCutZoom)
	case o.BufferUnits < 1 || o.BufferUnits > rasterMargin:
		return fmt.Errorf("buffer of %d units: want 1 to %d", o.BufferUnits, rasterMargin)
	}
	return nil
}

// maxCutZoom keeps the units of the world within 31 bits.
const maxCutZoom = 18

// partitionZoom: what lies below one tile of this zoom is in memory at once.
const partitionZoom = 10

// Cut cuts hazard zones into tiles. A zone's number is its position in zones.
// put is called from one goroutine, in an order that depends on the zones and
// options alone; a tile in which nothing lies is not put.
func Cut(ctx context.Context, zones []hazard.Zone, opts CutOptions, put func(ID, []byte) error) (LossReport, error) {
	opts = opts.withDefaults()
	if err := opts.check(); err != nil {
		return LossReport{}, err
	}
	c := &cutter{zones: zones, opts: opts, put: put, deepest: min(opts.ExactZoom-1, opts.MaxZoom)}
	if err := c.listRefs(); err != nil {
		return LossReport{}, err
	}
	c.loss = newLosses(c)
	c.workers = make(chan *worker, opts.Workers)
	for range opts.Workers {
		c.workers <- &worker{exact: newExactCutter(opts.BufferUnits)}
	}
	if err := c.node(ctx, ID{}, c.refs, nil); err != nil {
		return LossReport{}, err
	}
	return c.loss.report(), nil
}

type cutter struct {
	zones   []hazard.Zone
	opts    CutOptions
	put     func(ID, []byte) error
	deepest uint8 // overview zoom; also where zones are sorted into tiles
	groups  []group
	refs    []ref
	workers chan *worker
	loss    *losses

	mu   sync.Mutex
	done int
}

// worker is the scratch of one goroutine that works.
type worker struct {
	exact   *exactCutter
	painter painter
	borders borders
}

// work runs fn as soon as a worker is free.
func (c *cutter) work(ctx context.Context, fn func(*worker) error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case w := <-c.workers:
		defer func() { c.workers <- w }()
		return fn(w)
	}
}

func (c *cutter) progress(n int) {
	if c.opts.Progress == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	c.opts.Progress(c.done, 2*len(c.refs))
}

// sink gathers tiles until they can be put in order.
type sink struct {
	mu    sync.Mutex
	tiles []finished
}

type finished struct {
	id  ID
	raw []byte
}

func (s *sink) add(id ID, raw []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tiles = append(s.tiles, finished{id, raw})
}

// flush puts the tiles in order.
func (c *cutter) flush(s *sink) error {
	slices.SortFunc(s.tiles, func(a, b finished) int { return a.id.Compare(b.id) })
	for _, t := range s.tiles {
		c.loss.tile(t.id, len(t.raw))
		if err := c.put(t.id, t.raw); err != nil {
			return fmt.Errorf("tile %v: %w", t.id, err)
		}
	}
	return nil
}

// node cuts what lies below a tile above the partitions, one partition after
// the other along the Z-order curve, and then the tile itself.
func (c *cutter) node(ctx context.Context, id ID, refs []ref, parent *pictures) error {
	if len(refs) == 0 {
		return nil
	}
	if id.Z == min(partitionZoom, c.deepest) {
		return c.partition(ctx, id, refs, parent)
	}
	own := newPictures(len(c.groups))
	for _, kid := range c.children(id, refs) {
		if err := c.node(ctx, kid.id, kid.refs, own); err != nil {
			return err
		}
	}
	if id.Z < c.opts.MinZoom {
		return nil
	}
	var out sink
	err := c.work(ctx, func(w *worker) error { return c.finishOverview(w, id, own, &out) })
	if parent != nil {
		parent.absorb(own.rasters, id)
	}
	return errors.Join(err, c.flush(&out))
}

// partition cuts everything below one tile, at all zooms.
func (c *cutter) partition(ctx context.Context, id ID, refs []ref, parent *pictures) error {
	var out sink
	g, ctx := errgroup.WithContext(ctx)
	if c.opts.MinZoom <= c.deepest && c.opts.MinZoom < c.opts.ExactZoom {
		g.Go(func() error { return c.overview(ctx, id, refs, parent, &out) })
	} else {
		c.progress(len(refs))
	}
	if c.opts.MaxZoom >= c.opts.ExactZoom {
		g.Go(func() error { return c.exact(ctx, id, refs, &out) })
	} else {
		c.progress(len(refs))
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return c.flush(&out)
}

// zonesPerJob is how many zones a worker cuts in one go.
const zonesPerJob = 256

// exact cuts the zones below a tile for the exact zooms.
func (c *cutter) exact(ctx context.Context, id ID, refs []ref, out *sink) error {
	zones := make([]int, len(refs))
	for i, r := range refs {
		zones[i] = r.zone
	}
	slices.Sort(zones)
	zones = slices.Compact(zones)
	var mu sync.Mutex
	var pieces []piece
	g, jobs := errgroup.WithContext(ctx)
	for chunk := range slices.Chunk(zones, zonesPerJob) {
		g.Go(func() error {
			return c.work(jobs, func(w *worker) error {
				cut, err := c.cutZones(w, id, chunk)
				mu.Lock()
				defer mu.Unlock()
				pieces = append(pieces, cut...)
				return err
			})
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	c.progress(len(refs))
	slices.SortFunc(pieces, c.comparePieces)
	return c.encodeAll(ctx, pieces, out)
}

func (c *cutter) cutZones(w *worker, id ID, zones []int) ([]piece, error) {
	w.exact.pieces = nil
	for _, n := range zones {
		s, err := projectShape(c.zones[n].Shape)
		for z := max(c.opts.ExactZoom, c.opts.MinZoom); z <= c.opts.MaxZoom && err == nil; z++ {
			before := len(w.exact.pieces)
			err = w.exact.cut(n, &s, windowUnder(id, z))
			c.loss.exact(n, z, w.exact.pieces[before:])
		}
		if err != nil {
			return nil, fmt.Errorf("zone %d: %w", n, err)
		}
	}
	return w.exact.pieces, nil
}

// encodeAll writes the tiles of sorted pieces. A tile of which only the buffer
// shows something is left out.
func (c *cutter) encodeAll(ctx context.Context, pieces []piece, out *sink) error {
	g, ctx := errgroup.WithContext(ctx)
	for len(pieces) > 0 {
		n, seen := 0, false
		for n < len(pieces) && pieces[n].tile == pieces[0].tile {
			seen = seen || pieces[n].seen
			n++
		}
		if tile := pieces[:n]; seen {
			g.Go(func() error {
				return c.work(ctx, func(*worker) error {
					out.add(tile[0].tile, c.encodeExact(tile))
					return nil
				})
			})
		}
		pieces = pieces[n:]
	}
	return g.Wait()
}
