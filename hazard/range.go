package hazard

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// The ranges section: count, then per place in the order of ids four uint32
// (offset and length of the id, offset and length of its stream), then bytes.
const rangeEntry = 16

// ranges computes the shares of every place and stores them.
func (b *builder) ranges(ctx context.Context) error {
	x, err := newIndex(&b.header, b.sections)
	if err != nil {
		return err
	}
	places := slices.Clone(b.in.Places)
	slices.SortFunc(places, func(p, q Place) int { return strings.Compare(p.ID, q.ID) })
	table := le.AppendUint32(nil, uint32(len(places)))
	var blob []byte
	for i, place := range places {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i > 0 && places[i-1].ID == place.ID {
			return fmt.Errorf("place %q occurs twice", place.ID)
		}
		shares := x.AreaShares(place.Area)
		if len(shares) == 0 {
			return fmt.Errorf("place %q has no area", place.ID)
		}
		e := encoder{b: []byte(place.ID)}
		e.flag(place.Approximate)
		e.ranges(shares)
		for _, n := range []int{len(blob), len(place.ID), len(blob) + len(place.ID), len(e.b) - len(place.ID)} {
			table = le.AppendUint32(table, uint32(n))
		}
		blob = append(blob, e.b...)
	}
	if len(blob) > math.MaxUint32 {
		return errors.New("places take more than 4 GiB")
	}
	b.sections[secRanges] = append(table, blob...)
	return nil
}

func (e *encoder) ranges(list []Range) {
	e.number(uint64(len(list)))
	for _, r := range list {
		e.b = append(e.b, byte(r.Kind), byte(r.Scenario), r.Min, r.Max, r.Headline)
		e.flag(r.NoneInArea)
		present := uint64(0)
		values := append(slices.Clone(r.Shares), r.NoData, r.Undecided)
		for i, v := range values {
			if v != 0 {
				present |= 1 << i
			}
		}
		e.number(present)
		for _, v := range values {
			if v != 0 {
				e.float(v)
			}
		}
	}
}

// Range returns the shares of each class inside a place, by the id under which
// the dataset holds it. They are those of [Index.AreaShares].
func (x *Index) Range(placeID string) ([]Range, bool) {
	n := x.places()
	i, found := sort.Find(n, func(i int) int {
		id, _ := x.place(i)
		return strings.Compare(placeID, id)
	})
	if !found {
		return nil, false
	}
	_, stream := x.place(i)
	list, err := decodeRanges(stream)
	if err != nil {
		return nil, false
	}
	return list, true
}

// places returns how many places the index can hold an entry for.
func (x *Index) places() int {
	b := x.sections[secRanges]
	if len(b) < 4 {
		return 0
	}
	return min(int(le.Uint32(b)), (len(b)-4)/rangeEntry)
}

// place returns the id and stream of place i, empty where they lie outside.
func (x *Index) place(i int) (id string, stream []byte) {
	b := x.sections[secRanges]
	blob := b[4+x.places()*rangeEntry:]
	entry := b[4+i*rangeEntry:]
	cut := func(at, n uint32) []byte {
		if uint64(at)+uint64(n) > uint64(len(blob)) {
			return nil
		}
		return blob[at : at+n]
	}
	return string(cut(le.Uint32(entry), le.Uint32(entry[4:]))), cut(le.Uint32(entry[8:]), le.Uint32(entry[12:]))
}

func decodeRanges(stream []byte) ([]Range, error) {
	d := decoder{b: stream}
	approximate := d.flag()
	var list []Range
	for range d.count() {
		if len(d.b) < 5 {
			return nil, errCut
		}
		r := Range{Kind: Kind(d.b[0]), Scenario: Scenario(d.b[1]), Min: d.b[2], Max: d.b[3], Headline: d.b[4], Approximate: approximate}
		d.b = d.b[5:]
		if !r.Kind.Valid() || r.Scenario > Plan {
			return nil, fmt.Errorf("kind %d, scenario %d", r.Kind, r.Scenario)
		}
		r.NoneInArea = d.flag()
		present := d.number()
		values := make([]float64, int(r.Kind.Ranks())+3)
		for i := range values {
			if present>>i&1 == 1 {
				values[i] = d.float()
			}
		}
		n := len(values) - 2
		r.Shares, r.NoData, r.Undecided = values[:n:n], values[n], values[n+1]
		list = append(list, r)
	}
	return list, d.end()
}

// headlineShare is the part of an area that a rank must cover, worse ranks
// counted with it, to be its headline.
const headlineShare = 0.02

// leastShare is the part below which a sum is a rounding error: an area of a
// square centimetre in a large city is above it.
const leastShare = 1e-13

func (x *Index) rangeOf(t *topic, total float64) Range {
	r := t.shares(total)
	r.NoneInArea = x.header.sourced.Has(t.kind) && x.CountInArea(t.kind, t.scenario) == 0
	return r
}

// shares makes parts of a whole of the sums.
func (t *topic) shares(total float64) Range {
	r := Range{
		Kind: t.kind, Scenario: t.scenario, Shares: make([]float64, t.kind.Ranks()+1),
		NoData: t.sums[slotNoData] / total, Undecided: t.sums[slotUndecided] / total,
	}
	met := false
	worse := 0.0
	for rank := len(r.Shares) - 1; rank >= 0; rank-- {
		share := t.sums[rank] / total
		if share < leastShare {
			continue
		}
		r.Shares[rank] = share
		worse += share
		if !met {
			r.Max, met = uint8(rank), true
		}
		r.Min = uint8(rank)
		if worse >= headlineShare && r.Headline == 0 {
			r.Headline = uint8(rank)
		}
	}
	return r
}
