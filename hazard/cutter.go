package hazard

import (
	"context"
	"slices"
)

// sweptEdges is how many edges a cell may hold before it is divided rather
// than swept, which takes the square of their number.
const sweptEdges = 64

// cutter adds up the ground of cells whose content is known, by what its
// groups mean. The part of each group is its [roles].
type cutter struct {
	sweep
	levels []*[16]pile
}

func (r roles) part() uint32 { return uint32(r[0]) | uint32(r[1])<<8 }

func rolesOf(part uint32) roles { return roles{role(part), role(part >> 8)} }

// take adds a group with its edges under a role, if it has one.
func (p *pile) take(r role, g group, edges []segment) {
	if r == roleNone {
		return
	}
	p.groups = append(p.groups, group{part: roles{r}.part(), inside: g.inside, edges: g.edges})
	p.segments = append(p.segments, edges...)
}

// add adds the ground of one cell to the sums.
func (k *cutter) add(ctx context.Context, c cell, g ground, content *pile, sums []float64, level int) error {
	if !slices.ContainsFunc(content.groups, func(g group) bool { return rolesOf(g.part)[0] == roleQuery }) {
		return nil
	}
	if k.divisible(c, content) {
		for len(k.levels) <= level {
			k.levels = append(k.levels, new([16]pile))
		}
		children := k.levels[level]
		content.divide(c, children)
		total := 0
		for i := range children {
			total += len(children[i].segments)
		}
		if total <= 6*len(content.segments) || c.shift > sweepShift {
			for i := range children {
				if len(children[i].groups) == 0 {
					continue
				}
				child := c.child(i)
				if err := k.add(ctx, child, g.in(child), &children[i], sums, level+1); err != nil {
					return err
				}
			}
			return ctx.Err()
		}
	}
	k.start(c, g)
	rest := content.segments
	for _, g := range content.groups {
		k.sweep.add(rolesOf(g.part), g.inside, rest[:g.edges])
		rest = rest[g.edges:]
	}
	return k.run(ctx, sums)
}

func (k *cutter) divisible(c cell, content *pile) bool {
	n := len(content.segments)
	return c.shift >= 4 && (n > sweptEdges || n > 0 && c.shift > sweepShift)
}
