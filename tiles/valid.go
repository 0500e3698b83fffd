//go:build !js

package tiles

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Validate reports what is wrong with a polygon feature: a ring that touches or
// crosses itself, rings that cross or share an edge, a wrong winding, a hole
// outside its polygon, polygons that overlap, an inside that rings cut in two.
// It shares no code with the cutter.
func (f *TileFeature) Validate() error {
	if f.Type != Polygons {
		return nil
	}
	v := validator{rings: f.Parts}
	for _, check := range []func() error{v.checkRings, v.checkMeetings, v.checkNesting, v.checkConnected} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// validator checks the rings of one feature.
type validator struct {
	rings   [][]XY
	owner   []int  // of each ring: the polygon it belongs to
	hole    []bool // of each ring
	sides   []side
	touches []touch
}

// side is one edge of a ring, from left to right.
type side struct {
	a, b XY
	ring int
}

// touch is a place where two rings meet.
type touch struct {
	at   XY
	ring int
}

func (v *validator) checkRings() error {
	polygons := 0
	for i, ring := range v.rings {
		area := doubleArea(ring)
		switch {
		case len(ring) < 3:
			return fmt.Errorf("ring %d has %d points", i, len(ring))
		case area == 0:
			return fmt.Errorf("ring %d has no area", i)
		case area < 0 && polygons == 0:
			return errors.New("the first ring winds as a hole")
		case area > 0:
			polygons++
		}
		v.owner = append(v.owner, polygons-1)
		v.hole = append(v.hole, area < 0)
		places := slices.Clone(ring)
		slices.SortFunc(places, compareXY)
		if len(slices.Compact(places)) != len(ring) {
			return fmt.Errorf("ring %d comes to one place twice", i)
		}
		last := ring[len(ring)-1]
		for _, p := range ring {
			s := side{last, p, i}
			if compareXY(s.a, s.b) > 0 {
				s.a, s.b = s.b, s.a
			}
			v.sides = append(v.sides, s)
			last = p
		}
	}
	slices.SortFunc(v.sides, func(s, t side) int { return cmp.Or(compareXY(s.a, t.a), compareXY(s.b, t.b)) })
	return nil
}

func compareXY(a, b XY) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) }

// checkMeetings sweeps from left to right and looks at every two sides whose
// boxes meet.
func (v *validator) checkMeetings() error {
	// Bands of rows keep sides apart that are far from each other.
	const band = 32
	open := map[int32][]side{}
	for _, s := range v.sides {
		low, high := min(s.a.Y, s.b.Y), max(s.a.Y, s.b.Y)
		for k := low / band; k <= high/band; k++ {
			kept := open[k][:0]
			for _, t := range open[k] {
				if t.b.X < s.a.X {
					continue
				}
				kept = append(kept, t)
				if err := v.meet(s, t); err != nil {
					return err
				}
			}
			open[k] = append(kept, s)
		}
	}
	return nil
}

// meet checks how two sides meet: at an end of one at most.
func (v *validator) meet(s, t side) error {
	if max(s.a.Y, s.b.Y) < min(t.a.Y, t.b.Y) || max(t.a.Y, t.b.Y) < min(s.a.Y, s.b.Y) {
		return nil
	}
	ta, tb := leftOf(s, t.a), leftOf(s, t.b)
	sa, sb := leftOf(t, s.a), leftOf(t, s.b)
	if ta == 0 && tb == 0 {
		return v.alongside(s, t)
	}
	if ta*tb < 0 && sa*sb < 0 {
		return fmt.Errorf("rings %d and %d cross near %v", s.ring, t.ring, s.a)
	}
	for _, end := range []struct {
		turn int64
		at   XY
		on   side
	}{{ta, t.a, s}, {tb, t.b, s}, {sa, s.a, t}, {sb, s.b, t}} {
		if end.turn == 0 && end.on.spans(end.at) {
			return v.touchAt(end.at, s, t)
		}
	}
	return nil
}

// leftOf is 1 where p lies to the left of s, -1 to the right, 0 on its line.
func leftOf(s side, p XY) int64 {
	return int64(cmp.Compare(int64(s.b.X-s.a.X)*int64(p.Y-s.a.Y)-int64(s.b.Y-s.a.Y)*int64(p.X-s.a.X), 0))
}

// spans reports whether a place on the line of s lies between its ends.
func (s side) spans(p XY) bool {
	return s.a.X <= p.X && p.X <= s.b.X && min(s.a.Y, s.b.Y) <= p.Y && p.Y <= max(s.a.Y, s.b.Y)
}

// alongside checks two sides on one line.
func (v *validator) alongside(s, t side) error {
	from, to := s.a, s.b
	if compareXY(t.a, from) > 0 {
		from = t.a
	}
	if compareXY(t.b, to) < 0 {
		to = t.b
	}
	switch c := compareXY(from, to); {
	case c < 0:
		return fmt.Errorf("rings %d and %d share the edge from %v to %v", s.ring, t.ring, from, to)
	case c == 0:
		return v.touchAt(from, s, t)
	}
	return nil
}

// touchAt notes where two rings touch. Sides of one ring meet where they follow
// each other and nowhere else.
func (v *validator) touchAt(p XY, s, t side) error {
	if s.ring != t.ring {
		v.touches = append(v.touches, touch{p, s.ring}, touch{p, t.ring})
		return nil
	}
	if (s.a == p || s.b == p) && (t.a == p || t.b == p) {
		return nil
	}
	return fmt.Errorf("ring %d touches itself at %v", s.ring, p)
}

// checkNesting looks from a place of each ring straight down at all others: a
// polygon must lie in no other, a hole in its own polygon alone.
func (v *validator) checkNesting() error {
	byColumn := map[int32][]side{}
	const column = 32
	for _, s := range v.sides {
		for k := s.a.X / column; k <= s.b.X/column && s.a.X < s.b.X; k++ {
			byColumn[k] = append(byColumn[k], s)
		}
	}
	winding := make([]int, len(v.rings))
	for i, ring := range v.rings {
		p := slices.MinFunc(ring, compareXY) // just right of it, other rings cannot begin
		clear(winding)
		for _, s := range byColumn[p.X/column] {
			if s.ring != i && s.a.X <= p.X && p.X < s.b.X && v.under(s, p, ring) {
				winding[s.ring] ^= 1
			}
		}
		if err := v.checkInside(i, winding); err != nil {
			return err
		}
	}
	return nil
}

// under reports whether a side of another ring runs below the inside of a ring
// just right of its leftmost place.
func (v *validator) under(s side, p XY, ring []XY) bool {
	turn := leftOf(s, p)
	if turn != 0 {
		return turn > 0
	}
	// s starts at p: it lies below if it is the flatter one. Compare with the
	// ring's own lower side, between whose two sides its inside lies.
	i := slices.Index(ring, p)
	before, after := ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]
	lower := before
	if leftOf(side{a: p, b: before}, after) < 0 {
		lower = after
	}
	return leftOf(s, lower) > 0
}

func (v *validator) checkInside(i int, winding []int) error {
	polygons, holes := 0, 0
	for j, in := range winding {
		if in == 0 || j == i {
			continue
		}
		if v.hole[j] {
			holes++
		} else {
			polygons++
		}
		if v.hole[i] && v.hole[j] && v.owner[j] == v.owner[i] {
			return fmt.Errorf("hole %d lies in hole %d", i, j)
		}
	}
	if !v.hole[i] {
		if polygons != holes { // an island in a lake of another polygon is fine
			return fmt.Errorf("polygon of ring %d lies in another one", i)
		}
		return nil
	}
	for j := range winding {
		if v.owner[j] == v.owner[i] && !v.hole[j] {
			if winding[j] == 0 {
				return fmt.Errorf("hole %d lies outside its polygon", i)
			}
			break
		}
	}
	if polygons != holes+1 {
		return fmt.Errorf("hole %d lies in %d polygons and %d holes", i, polygons, holes)
	}
	return nil
}

// checkConnected: rings of one polygon that touch each other in a circle cut
// its inside in two.
func (v *validator) checkConnected() error {
	slices.SortFunc(v.touches, func(a, b touch) int { return cmp.Or(compareXY(a.at, b.at), cmp.Compare(a.ring, b.ring)) })
	v.touches = slices.Compact(v.touches)
	root := make([]int, len(v.rings), len(v.rings)+len(v.touches))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	// Rings and, per polygon, places are the nodes; each touch joins two. An edge
	// within one component closes a circle.
	type place struct {
		at    XY
		owner int
	}
	nodes := map[place]int{}
	for _, t := range v.touches {
		key := place{t.at, v.owner[t.ring]}
		n, ok := nodes[key]
		if !ok {
			n = len(root)
			root = append(root, n)
			nodes[key] = n
		}
		a, b := find(n), find(t.ring)
		if a == b {
			return fmt.Errorf("rings of one polygon enclose a part of it near %v", t.at)
		}
		root[a] = b
	}
	return nil
}
