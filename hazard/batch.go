package hazard

import "hazardmap/geo"

// batchBlock is how many points are sorted at a time, batchBuckets into how
// many squares: few enough that every square's end stays in the nearest cache
// while points are dealt. batchAhead is how many points are sought before the
// first is looked at, so that their reads of memory do not wait for each other.
const (
	batchBlock   = 1 << 20
	batchBuckets = 1 << 10
	batchAhead   = 32
)

// Batch looks up many points and calls fn once for each, in an order that
// suits the memory: i is the point's position in points, hits are those of
// [Index.At] and valid until fn returns.
func (x *Index) Batch(points []geo.E7, fn func(i int, hits []Hit)) {
	x.batch(points, batchBlock, fn)
}

func (x *Index) batch(points []geo.E7, size int, fn func(i int, hits []Hit)) {
	t := &x.zones
	shift := t.shift + 2
	for (t.width>>shift+1)*(t.height>>shift+1) > batchBuckets {
		shift++
	}
	b := batch{tree: t, shift: shift, across: t.width>>shift + 1}
	b.starts = make([]int32, b.across*(t.height>>shift+1)+2)
	n := min(len(points), size)
	b.sorted, b.bucket = make([]batchPoint, n), make([]uint16, n)
	for first := 0; first < len(points); first += size {
		b.block(points[first:min(first+size, len(points))], first, fn)
	}
}

type batch struct {
	tree   *tree
	shift  uint // of a bucket
	across uint64
	starts []int32 // per bucket, the last one for points beyond the grid
	bucket []uint16
	sorted []batchPoint
	hits   []Hit
	met    byte // what the leaves begin with; kept so that they are fetched
}

type batchPoint struct {
	at geo.E7
	i  int32
}

// block sorts some points into buckets by counting and looks them up.
func (b *batch) block(points []geo.E7, first int, fn func(i int, hits []Hit)) {
	clear(b.starts)
	beyond := uint16(len(b.starts) - 2)
	for i, p := range points {
		x, y := uint64(int64(p.Lon)-b.tree.x0), uint64(int64(p.Lat)-b.tree.y0)
		k := beyond
		if x < b.tree.width && y < b.tree.height {
			k = uint16(y>>b.shift*b.across + x>>b.shift)
		}
		b.bucket[i] = k
		b.starts[k+1]++
	}
	for k := range b.starts[1:] {
		b.starts[k+1] += b.starts[k]
	}
	for i, p := range points {
		k := b.bucket[i]
		b.sorted[b.starts[k]] = batchPoint{p, int32(i)}
		b.starts[k]++
	}
	for rest := b.sorted[:len(points)]; len(rest) > 0; rest = rest[min(batchAhead, len(rest)):] {
		b.ahead(rest[:min(batchAhead, len(rest))], first, fn)
	}
}

// ahead looks up a few points together.
func (b *batch) ahead(points []batchPoint, first int, fn func(i int, hits []Hit)) {
	var refs [batchAhead]uint32
	var places [batchAhead]place
	for i, p := range points {
		refs[i], places[i], _ = b.tree.find(p.at)
	}
	for _, ref := range refs[:len(points)] {
		if o := int(ref&maxValue) * 8; ref&tagMask == tagLeaf && o+64 < len(b.tree.leaves) {
			b.met ^= b.tree.leaves[o] ^ b.tree.leaves[o+64]
		}
	}
	for i, p := range points {
		b.hits = b.tree.resolve(b.hits[:0], refs[i], places[i])
		fn(first+int(p.i), b.hits)
	}
}
