package hazard

import "hazardmap/geo"

// batchBlock is how many points are sorted at a time, batchBuckets into how
// many squares: both small enough to stay in the processor's cache.
const (
	batchBlock   = 1 << 18
	batchBuckets = 1 << 13
)

// Batch looks up many points and calls fn once for each, in an order that
// suits the memory: i is the point's position in points, hits are those of
// [Index.At] and valid until fn returns.
func (x *Index) Batch(points []geo.E7, fn func(i int, hits []Hit)) {
	t := &x.zones
	shift := t.shift + 2
	for (t.width>>shift+1)*(t.height>>shift+1) > batchBuckets {
		shift++
	}
	b := batch{tree: t, shift: shift, across: t.width>>shift + 1}
	b.starts = make([]int32, b.across*(t.height>>shift+1)+2)
	n := min(len(points), batchBlock)
	b.order, b.bucket = make([]int32, n), make([]int32, n)
	for first := 0; first < len(points); first += batchBlock {
		b.block(points[first:min(first+batchBlock, len(points))], first, fn)
	}
}

type batch struct {
	tree   *tree
	shift  uint // of a bucket
	across uint64
	starts []int32 // per bucket, the last one for points beyond the grid
	order  []int32
	bucket []int32
	hits   []Hit
}

// block sorts some points into buckets by counting and looks them up.
func (b *batch) block(points []geo.E7, first int, fn func(i int, hits []Hit)) {
	clear(b.starts)
	beyond := int32(len(b.starts) - 2)
	for i, p := range points {
		x, y := uint64(int64(p.Lon)-b.tree.x0), uint64(int64(p.Lat)-b.tree.y0)
		k := beyond
		if x < b.tree.width && y < b.tree.height {
			k = int32(y>>b.shift*b.across + x>>b.shift)
		}
		b.bucket[i] = k
		b.starts[k+1]++
	}
	for k := range b.starts[1:] {
		b.starts[k+1] += b.starts[k]
	}
	for i := range points {
		k := b.bucket[i]
		b.order[b.starts[k]] = int32(i)
		b.starts[k]++
	}
	for _, i := range b.order[:len(points)] {
		b.hits = b.tree.at(b.hits[:0], points[i])
		fn(first+int(i), b.hits)
	}
}
