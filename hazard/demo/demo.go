// Package demo invents a city, 見本市 (Mihon), so that the whole program can be
// seen without anyone's data: a great river with a brook, floods in all six
// depths, landslides in every state, shelters, towns and a base map.
//
// The city comes as the files that a real one would publish, to be read by the
// ordinary import. It lies in the open Pacific, has a municipality code that
// does not exist, and every file says that it is a sample. The same program
// always invents the same city.
package demo

import (
	"math"

	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// Who the city is. The code belongs to no municipality: prefectures end at 47.
const (
	Code   = "99999"
	Name   = "見本市"
	Kana   = "みほんし"
	Romaji = "Mihon"
)

// Edition is the date that the invented surveys carry.
const Edition = "2026-04-01"

// source stands for all publishers whose formats the files borrow.
var source = hazard.Source{
	Title:       "見本データ（架空の市） / Sample data of an invented city",
	Attribution: "見本：実在しない市のデータです / Sample: not a real place",
	Licence:     "CC0 1.0",
	Edition:     Edition,
}

// Source returns how answers cite the files of the city, in place of the
// publishers whose formats they borrow.
func Source() hazard.Source { return source }

// File is one file as a city publishes it.
type File struct {
	Name string
	Data []byte
}

// City is the invented city.
type City struct {
	Files []File
	Base  []Feature // the base map, in the order in which it is painted
}

// Generate invents the city.
func Generate() City {
	l := newLand()
	cells := layOut()
	border := outline(cells)
	meshes := newFlood(l).meshes(border)

	b := newBuilder(l, cells)
	b.draw()
	slides := b.slides(border)
	settled := b.settle(slides)
	b.fill()
	b.name()

	return City{
		Files: files(cells, border, meshes, slides, b.lines(border), settled),
		Base:  b.inOrder(),
	}
}

// fill draws the blocks and their houses, now that the sites have theirs.
func (b *builder) fill() {
	for i, bl := range b.blocks {
		switch bl.class {
		case "site":
			continue
		case "field", "park":
			b.add("landuse", orb.Polygon{bl.plane}, 11, attr("class", bl.class))
			continue
		}
		b.add("landuse", orb.Polygon{bl.plane}, 11, attr("class", bl.class))
		b.build(bl, newRand(10000+uint64(i)))
	}
}

// name writes the names of the city, its towns and its hills.
func (b *builder) name() {
	b.add("place", orb.Point{2600, 2950}, 6, attr("class", "city", "name", Name, "kana", Kana, "romaji", Romaji))
	for i, t := range towns {
		var middle orb.Point
		sum := 0.0
		for _, c := range b.cells {
			if c.town == i {
				ring := c.plane[:len(c.plane)-1]
				m, a := centroid(ring), math.Abs(area(ring))
				middle, sum = orb.Point{middle[0] + m[0]*a, middle[1] + m[1]*a}, sum+a
			}
		}
		b.add("place", orb.Point{middle[0] / sum, middle[1] / sum}, 12, attr("class", "town", "name", t.name, "kana", t.kana, "romaji", t.romaji))
	}
	b.add("place", castleHill, 12, attr("class", "hill", "name", "城山", "kana", "しろやま", "romaji", "Shiroyama"))
	b.add("place", orb.Point{5900, 5300}, 11, attr("class", "hill", "name", "見本山地", "kana", "みほんさんち", "romaji", "Mihon Hills"))
}

// inOrder sorts the base map by layers, what lies below first.
func (b *builder) inOrder() []Feature {
	order := []string{"landcover", "landuse", "water", "waterway", "building", "road", "railway", "boundary", "place", "poi"}
	sorted := make([]Feature, 0, len(b.features))
	for _, layer := range order {
		for _, f := range b.features {
			if f.Layer == layer {
				sorted = append(sorted, f)
			}
		}
	}
	return sorted
}
