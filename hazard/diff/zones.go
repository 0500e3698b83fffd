package diff

import (
	"encoding/binary"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// What became of a zone.
type What string

// The fates of zones. A zone is known again by its shape, else by its number
// and name; a zone whose border moved is redrawn if these two tell it.
const (
	Appeared    What = "appeared"
	Vanished    What = "vanished"
	Worse       What = "worse"
	Milder      What = "milder"
	Redrawn     What = "redrawn"
	Redescribed What = "redescribed" // same shape and class; its designation or survey changed
)

// Zones counts the zones of one kind and scenario and lists those that changed.
type Zones struct {
	Before, After, Same int
	Changes             []ZoneChange
}

// ZoneChange is one zone that changed; Before is nil where it appeared, After
// where it vanished.
type ZoneChange struct {
	What          What
	Before, After *hazard.Zone
}

// Count returns how many zones had a fate.
func (z *Zones) Count(what What) int {
	n := 0
	for _, c := range z.Changes {
		if c.What == what {
			n++
		}
	}
	return n
}

func (z *Zones) changed() bool { return len(z.Changes) > 0 }

type topic struct {
	kind     hazard.Kind
	scenario hazard.Scenario
}

// pairing is the zones of one topic that have not found each other yet.
type pairing struct {
	before, after []*hazard.Zone
	zones         Zones
}

func compareZones(before, after []hazard.Zone) map[topic]Zones {
	topics := map[topic]*pairing{}
	of := func(z *hazard.Zone) *pairing {
		t := topic{z.Kind, z.Scenario}
		if topics[t] == nil {
			topics[t] = new(pairing)
		}
		return topics[t]
	}
	for i := range before {
		p := of(&before[i])
		p.before = append(p.before, &before[i])
	}
	for i := range after {
		p := of(&after[i])
		p.after = append(p.after, &after[i])
	}
	result := map[topic]Zones{}
	for t, p := range topics {
		p.zones.Before, p.zones.After = len(p.before), len(p.after)
		p.pair(func(z *hazard.Zone) string { return shapeKey(z.Shape) + string(z.Rank) }, p.same)
		p.pair(func(z *hazard.Zone) string { return shapeKey(z.Shape) }, p.reranked)
		p.pairUnique(func(z *hazard.Zone) string {
			if z.Number == "" && z.Name == "" {
				return ""
			}
			return z.Number + "\x00" + z.Name + "\x00" + string(z.Rank)
		}, p.redrawn)
		p.pairUnique(func(z *hazard.Zone) string {
			if z.Number == "" && z.Name == "" {
				return ""
			}
			return z.Number + "\x00" + z.Name
		}, p.redrawn)
		for _, z := range p.before {
			p.zones.Changes = append(p.zones.Changes, ZoneChange{Vanished, z, nil})
		}
		for _, z := range p.after {
			p.zones.Changes = append(p.zones.Changes, ZoneChange{Appeared, nil, z})
		}
		result[t] = p.zones
	}
	return result
}

// pair gives zones of equal keys to each other, in their order, and keeps the
// rest.
func (p *pairing) pair(key func(*hazard.Zone) string, found func(before, after *hazard.Zone)) {
	waiting := map[string][]*hazard.Zone{}
	for _, z := range p.before {
		k := key(z)
		waiting[k] = append(waiting[k], z)
	}
	var rest []*hazard.Zone
	matched := map[*hazard.Zone]bool{}
	for _, z := range p.after {
		k := key(z)
		if list := waiting[k]; len(list) > 0 {
			found(list[0], z)
			matched[list[0]], waiting[k] = true, list[1:]
			continue
		}
		rest = append(rest, z)
	}
	p.after = rest
	p.keep(matched)
}

// pairUnique does so only where a key, which is no shape, stands for one zone
// of each edition: 区域番号 is not unique.
func (p *pairing) pairUnique(key func(*hazard.Zone) string, found func(before, after *hazard.Zone)) {
	count := func(list []*hazard.Zone) map[string][]*hazard.Zone {
		by := map[string][]*hazard.Zone{}
		for _, z := range list {
			if k := key(z); k != "" {
				by[k] = append(by[k], z)
			}
		}
		return by
	}
	before, after := count(p.before), count(p.after)
	matched := map[*hazard.Zone]bool{}
	var rest []*hazard.Zone
	for _, z := range p.after {
		k := key(z)
		if len(before[k]) != 1 || len(after[k]) != 1 {
			rest = append(rest, z)
			continue
		}
		found(before[k][0], z)
		matched[before[k][0]] = true
	}
	p.after = rest
	p.keep(matched)
}

func (p *pairing) keep(matched map[*hazard.Zone]bool) {
	var rest []*hazard.Zone
	for _, z := range p.before {
		if !matched[z] {
			rest = append(rest, z)
		}
	}
	p.before = rest
}

func (p *pairing) same(before, after *hazard.Zone) {
	const told = hazard.NotDesignated | hazard.RedNotSurveyed | hazard.LineOnly
	if before.Flags&told != after.Flags&told {
		p.zones.Changes = append(p.zones.Changes, ZoneChange{Redescribed, before, after})
		return
	}
	p.zones.Same++
}

// reranked: a class that cannot be read counts as worse than any.
func (p *pairing) reranked(before, after *hazard.Zone) {
	what := Milder
	if after.Rank > before.Rank {
		what = Worse
	}
	p.zones.Changes = append(p.zones.Changes, ZoneChange{what, before, after})
}

func (p *pairing) redrawn(before, after *hazard.Zone) {
	switch {
	case after.Rank == before.Rank:
		p.zones.Changes = append(p.zones.Changes, ZoneChange{Redrawn, before, after})
	default:
		p.reranked(before, after)
	}
}

// shapeKey is the shape on the lattice of the look-up: what it does not tell
// apart is the same to every answer.
func shapeKey(shape orb.Geometry) string {
	var b []byte
	point := func(p orb.Point) {
		at := geo.Point{Lon: p[0], Lat: p[1]}.E7()
		b = binary.LittleEndian.AppendUint32(b, uint32(at.Lon))
		b = binary.LittleEndian.AppendUint32(b, uint32(at.Lat))
	}
	path := func(points []orb.Point) {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(points)))
		for _, p := range points {
			point(p)
		}
	}
	switch shape := shape.(type) {
	case orb.MultiPolygon:
		for _, polygon := range shape {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(polygon)))
			for _, ring := range polygon {
				path(ring)
			}
		}
	case orb.MultiLineString:
		for _, line := range shape {
			path(line)
		}
	}
	return string(b)
}
