package gazetteer

import (
	"encoding/binary"
	"math"
	"strconv"

	"hazardmap/geo"
)

// id writes the id of a place.
func (x *Index) id(i uint32) string {
	p := x.place(i)
	code := int(x.muni(p.muni).code)
	switch {
	case p.level == LevelFacility:
		return string(x.str(p.id))
	case p.level == LevelOffice:
		return "office-" + pad(int(p.id), 7)
	case p.level == LevelPostal:
		return "postal-" + pad(int(p.id), 7)
	case p.level == LevelCity:
		return LGCode(code)
	case p.flags&placeHashID != 0:
		return LGCode(code) + "-" + pad16(p.id)
	}
	return LGCode(code) + pad(int(p.id), 7)
}

// LGCode writes the 全国地方公共団体コード of 6 digits for a code of 5.
func LGCode(code int) string {
	s := pad(code, 5)
	sum := 0
	for i := range 5 {
		sum += int(s[i]-'0') * (6 - i)
	}
	return s + strconv.Itoa((11-sum%11)%10)
}

func pad(n, width int) string {
	s := strconv.Itoa(n)
	if len(s) < width {
		s = "0000000"[:width-len(s)] + s
	}
	if len(s) > width {
		s = s[len(s)-width:]
	}
	return s
}

func pad16(n uint32) string {
	s := strconv.FormatUint(uint64(n), 16)
	return "00000000"[:8-len(s)] + s
}

// find returns the number of the place with an id, and whether there is one.
func (x *Index) find(id string) (uint32, bool) {
	lo, hi := uint32(0), x.count(secPlaces)
	if code := lgCode(id); code > 0 {
		for m := range x.count(secMunis) {
			if r := x.muni(m); int(r.code) == code {
				if len(id) == 6 {
					return r.place, r.place < hi
				}
				lo, hi = r.places[0], min(hi, r.places[1])
				break
			}
		}
	}
	for i := lo; i < hi; i++ {
		if x.id(i) == id {
			return i, true
		}
	}
	return 0, false
}

// lgCode returns the municipality of an id that starts with its 6 digits, 0
// for other ids.
func lgCode(id string) int {
	if len(id) < 6 {
		return 0
	}
	code, err := strconv.Atoi(id[:5])
	if err != nil || LGCode(code) != id[:6] {
		return 0
	}
	return code
}

// Place returns the place with an id, and whether there is one.
func (x *Index) Place(id string) (Place, bool) {
	i, ok := x.find(id)
	if !ok {
		return Place{}, false
	}
	return x.describe(i), true
}

// Places calls fn with every place until fn returns false, in the order of the
// index.
func (x *Index) Places(fn func(Place) bool) {
	for i := range x.count(secPlaces) {
		if !fn(x.describe(i)) {
			return
		}
	}
}

func (x *Index) describe(i uint32) Place {
	p := x.place(i)
	a := x.area(p)
	out := Place{
		ID: x.id(i), Level: p.level, Label: x.label(i), Precision: p.precision(), Bounds: a.bounds, Area: a.squareMetres,
		Radius: a.radius, Approximate: a.approximate, Generated: p.flags&(placeGenerated|placeHashID) != 0,
		Postal: x.postalCodes(i), Sources: x.sources(p),
	}
	if p.parent != none {
		out.Parent = x.id(p.parent)
	}
	if p.flags&placeNoPoint == 0 {
		at := p.at.Point()
		out.Point = &at
	}
	if out.Radius == 0 {
		out.Radius = x.radius(out.Precision)
	}
	return out
}

// precision returns how far the coordinate of a place goes.
func (p place) precision() Precision {
	switch p.level {
	case LevelCity:
		return PrecisionCity
	case LevelChome:
		return PrecisionChome
	case LevelPostal:
		return PrecisionPostalArea
	case LevelFacility:
		return PrecisionHouse
	}
	return PrecisionTown
}

// area is one record of secAreas.
type area struct {
	bounds       Bounds
	squareMetres float64
	radius       geo.Metres
	approximate  bool
}

func (x *Index) area(p place) area {
	off := uint64(p.area) * areaSize
	if off+areaSize > uint64(len(x.sec[secAreas])) {
		return area{}
	}
	b := x.sec[secAreas][off : off+areaSize]
	e7 := func(i int) float64 { return float64(int32(binary.LittleEndian.Uint32(b[4*i:]))) / 1e7 }
	tail := binary.LittleEndian.Uint32(b[20:])
	return area{
		bounds:       Bounds{West: e7(0), South: e7(1), East: e7(2), North: e7(3)},
		squareMetres: float64(math.Float32frombits(binary.LittleEndian.Uint32(b[16:]))),
		radius:       geo.Metres(tail & 0xffff), approximate: tail&areaApproximate != 0,
	}
}

// sources lists where a place is known from.
func (x *Index) sources(p place) []Source {
	set := x.u32(secSourceSet, 4, uint32(p.sources), 0)
	var list []Source
	for i := range x.count(secSources) {
		if i < 32 && set&(1<<i) != 0 {
			list = append(list, Source{string(x.str(x.u32(secSources, 8, i, 0))), string(x.str(x.u32(secSources, 8, i, 4)))})
		}
	}
	return list
}

// postalFrom returns the first row of secPostal whose code is not below code.
func (x *Index) postalFrom(code uint32) uint32 {
	lo, hi := uint32(0), x.count(secPostal)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if x.u32(secPostal, 8, mid, 0) < code {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// postalPlaces returns the places of a postal code as numbers.
func (x *Index) postalPlaces(code uint32) []uint32 {
	var list []uint32
	for i := x.postalFrom(code); i < x.count(secPostal) && x.u32(secPostal, 8, i, 0) == code; i++ {
		list = append(list, x.u32(secPostal, 8, i, 4))
	}
	return list
}

// postalCodes returns the codes of a place; a 丁目 has those of its town.
func (x *Index) postalCodes(i uint32) []string {
	town := x.townOf(i)
	at := func(r uint32) uint32 { return x.u32(secPostalOf, 4, r, 0) }
	lo, hi := uint32(0), x.count(secPostalOf)
	for lo < hi {
		mid := lo + (hi-lo)/2
		if x.u32(secPostal, 8, at(mid), 4) < town {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	var list []string
	for ; lo < x.count(secPostalOf) && x.u32(secPostal, 8, at(lo), 4) == town; lo++ {
		list = append(list, pad(int(x.u32(secPostal, 8, at(lo), 0)), 7))
	}
	return list
}
