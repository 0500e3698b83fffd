package drawn

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"

	"hazardmap/hazard"
	"hazardmap/tiles"
)

// deepest is the zoom of the finest tiles; closer pictures enlarge them.
// Buildings stand only in those, so a base map drawn without them is taken from
// the zoom above.
const (
	deepest      = 14
	buildingZoom = 15.5
)

// shape is one feature of a tile in units of the picture.
type shape struct {
	set, layer string
	kind       tiles.GeomType
	attr       map[string]any
	parts      []orb.LineString // rings are closed
}

// load decodes the tiles under the picture, for the themes that it shows and
// for the ground below them.
func (p *picture) load() []shape {
	if p.s.Tile == nil {
		return nil
	}
	var sets []string
	for _, set := range p.s.Tilesets {
		if set == "base" || set == "places" || slices.ContainsFunc(p.s.Kinds, func(k hazard.Kind) bool { return k.Theme() == set }) {
			sets = append(sets, set)
		}
	}
	var shapes []shape
	for _, set := range sets {
		z := min(int(p.s.Zoom), deepest)
		if set == "base" && p.s.Zoom < buildingZoom {
			z = min(z, deepest-1)
		}
		shapes = p.loadSet(shapes, set, z)
	}
	return shapes
}

// loadSet decodes the tiles of one set that lie under the picture.
func (p *picture) loadSet(shapes []shape, set string, z int) []shape {
	size := 256 * unit * math.Exp2(p.s.Zoom-float64(z))
	last := math.Exp2(float64(z)) - 1
	column := func(v float64) uint32 { return uint32(max(0, min(last, math.Floor(v/size)))) }
	for y := column(p.north); y <= column(p.north+float64(p.s.Height*unit)); y++ {
		for x := column(p.west); x <= column(p.west+float64(p.s.Width*unit)); x++ {
			shapes = p.decode(shapes, set, tiles.ID{Z: uint8(z), X: x, Y: y}, size)
		}
	}
	return shapes
}

// decode appends the shapes of one tile, cut at the picture. A tile that
// cannot be read is left out: the words of the answer do not come from tiles.
func (p *picture) decode(shapes []shape, set string, id tiles.ID, size float64) []shape {
	raw := p.s.Tile(set, id)
	if len(raw) == 0 {
		return shapes
	}
	tile, err := tiles.Decode(raw)
	if err != nil {
		return shapes
	}
	left, top := float64(id.X)*size-p.west, float64(id.Y)*size-p.north
	for _, layer := range tile.Layers {
		scale := size / float64(layer.Extent)
		for _, f := range layer.Features {
			s := shape{set: set, layer: layer.Name, kind: f.Type, attr: f.Attr}
			for _, part := range f.Parts {
				line := make(orb.LineString, 0, len(part)+1)
				var box orb.Bound
				for i, xy := range part {
					at := orb.Point{left + float64(xy.X)*scale, top + float64(xy.Y)*scale}
					if i == 0 {
						box = at.Bound()
					}
					line, box = append(line, at), box.Extend(at)
				}
				if box.Intersects(p.view) {
					s.parts = append(s.parts, p.cut(f.Type, line, box)...)
				}
			}
			if len(s.parts) > 0 {
				shapes = append(shapes, s)
			}
		}
	}
	return shapes
}

// cut clips one part at the picture and drops what is finer than half a pixel.
func (p *picture) cut(kind tiles.GeomType, line orb.LineString, box orb.Bound) []orb.LineString {
	const fine = 0.7 // units, a third of a pixel
	whole := p.view.Contains(box.Min) && p.view.Contains(box.Max)
	switch kind {
	case tiles.Polygons:
		if len(line) < 3 {
			return nil
		}
		ring := append(orb.Ring(line), line[0])
		if !whole {
			ring = clip.Ring(p.view, ring)
		}
		if len(ring) < 4 {
			return nil
		}
		ring = simplify.DouglasPeucker(fine).Ring(ring)
		return []orb.LineString{orb.LineString(ring)}
	case tiles.Lines:
		var out []orb.LineString
		parts := orb.MultiLineString{line}
		if !whole {
			parts = clip.LineString(p.view, line)
		}
		for _, part := range parts {
			out = append(out, simplify.DouglasPeucker(fine).LineString(part))
		}
		return out
	}
	var out []orb.LineString
	for _, at := range line {
		if p.view.Contains(at) {
			out = append(out, orb.LineString{at})
		}
	}
	return out
}

// path appends parts as path data with whole numbers and relative steps.
func path(b *strings.Builder, parts []orb.LineString, closed bool) {
	for _, part := range parts {
		if closed {
			part = part[:len(part)-1]
		}
		px, py := 0, 0
		moved := false
		for i, at := range part {
			x, y := int(math.Round(at[0])), int(math.Round(at[1]))
			switch {
			case i == 0:
				pair(b, "M", x, y)
			case x == px && y == py:
				continue
			case !moved:
				pair(b, "l", x-px, y-py)
				moved = true
			default:
				pair(b, " ", x-px, y-py)
			}
			px, py = x, y
		}
		if closed {
			b.WriteByte('z')
		}
	}
}

// text returns the first of some attributes that holds text.
func (s shape) text(names ...string) string {
	for _, name := range names {
		if v, ok := s.attr[name].(string); ok && v != "" {
			return v
		}
	}
	return ""
}

// number returns a whole number among the attributes.
func (s shape) number(name string) (int, bool) {
	switch v := s.attr[name].(type) {
	case int64:
		return int(v), true
	case uint64:
		return int(v), true
	case float64:
		return int(v), true
	}
	return 0, false
}

// zone reads the kind and rank of a hazard feature; the layer names the kind
// where the feature does not.
func (s shape) zone() (hazard.Kind, uint8, bool) {
	name := s.text("kind")
	if name == "" {
		name = s.layer
	}
	kind, err := hazard.ParseKind(name)
	if err != nil {
		return 0, 0, false
	}
	rank, ok := s.number("rank")
	if !ok || rank < 1 {
		return 0, 0, false
	}
	return kind, uint8(min(rank, int(hazard.RankUnknown))), true
}
