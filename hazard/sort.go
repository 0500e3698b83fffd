package hazard

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// SortZones puts zones into the order that gives them their numbers: by kind,
// scenario and place, then by everything else they say, so that the order does
// not depend on how the files came in.
func SortZones(zones []Zone) {
	type keyed struct {
		at   uint64
		zone Zone
	}
	list := make([]keyed, len(zones))
	for i, z := range zones {
		list[i] = keyed{placeKey(z), z}
	}
	slices.SortFunc(list, func(p, q keyed) int {
		return cmp.Or(compareLayers(p.zone, q.zone), cmp.Compare(p.at, q.at), compareRest(p.zone, q.zone))
	})
	for i := range list {
		zones[i] = list[i].zone
	}
}

func compareZones(p, q Zone) int {
	if c := compareLayers(p, q); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(placeKey(p), placeKey(q)), compareRest(p, q))
}

func compareLayers(p, q Zone) int {
	return cmp.Or(cmp.Compare(p.Kind, q.Kind), cmp.Compare(p.Scenario, q.Scenario))
}

// placeKey interleaves the bits of the lower left corner, so that neighbours
// on the ground are mostly neighbours in the list.
func placeKey(z Zone) uint64 {
	if z.Shape == nil {
		return 0
	}
	corner := z.Shape.Bound().Min
	if corner != corner {
		return 0
	}
	p := geo.Point{Lon: corner[0], Lat: corner[1]}.E7()
	return spread(uint32(p.Lon)^1<<31) | spread(uint32(p.Lat)^1<<31)<<1
}

func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

func compareRest(p, q Zone) int {
	if c := cmp.Or(cmp.Compare(p.Rank, q.Rank), cmp.Compare(p.Flags, q.Flags), cmp.Compare(p.Source, q.Source)); c != 0 {
		return c
	}
	a, b := p.texts(), q.texts()
	for i := range a {
		if c := strings.Compare(*a[i], *b[i]); c != 0 {
			return c
		}
	}
	return bytes.Compare(shapeBytes(p.Shape), shapeBytes(q.Shape))
}

// shapeBytes tells shapes apart; it is asked only about zones alike in all else.
func shapeBytes(g orb.Geometry) []byte {
	var b []byte
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			b = le.AppendUint32(b, uint32(len(p)))
			for _, ring := range p {
				b = appendLine(b, orb.LineString(ring))
			}
		}
	case orb.MultiLineString:
		for _, line := range g {
			b = appendLine(b, line)
		}
	}
	return b
}

func appendLine(b []byte, line orb.LineString) []byte {
	b = le.AppendUint32(b, uint32(len(line)))
	for _, p := range line {
		b = le.AppendUint64(le.AppendUint64(b, math.Float64bits(p[0])), math.Float64bits(p[1]))
	}
	return b
}
