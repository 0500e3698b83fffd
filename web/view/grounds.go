package view

import (
	"strconv"
	"sync"

	"hazardmap/web/view/drawn"
)

// keptGrounds is how many drawn maps are kept at least; twice as many at most,
// some 30 kB each.
const keptGrounds = 256

// grounds keeps drawn maps in two generations: what was not asked for while
// one generation filled up is forgotten with the older one.
type grounds struct {
	mu           sync.Mutex
	young, older map[string]string
}

// of returns the ground of a scene, drawn or kept.
func (g *grounds) of(s drawn.Scene) string {
	key := groundKey(s)
	g.mu.Lock()
	ground, ok := g.young[key]
	if !ok {
		ground, ok = g.older[key]
	}
	g.mu.Unlock()
	if ok {
		return ground
	}
	ground = drawn.Ground(s)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.young == nil || len(g.young) >= keptGrounds {
		g.older, g.young = g.young, make(map[string]string, keptGrounds)
	}
	g.young[key] = ground
	return ground
}

// groundKey holds everything that [drawn.Ground] looks at and a visitor can
// change. Names give way to shelters, so these belong to it.
func groundKey(s drawn.Scene) string {
	b := make([]byte, 0, 128)
	b = append(b, s.Center.String()...)
	b = strconv.AppendFloat(append(b, ' '), s.Zoom, 'f', 2, 64)
	if s.Second {
		b = append(b, " second"...)
	}
	for _, k := range s.Kinds {
		b = append(b, ' ', byte(k)+'0')
	}
	for _, shelter := range s.Shelters {
		b = append(append(b, ' '), shelter.At.String()...)
	}
	return string(b)
}
