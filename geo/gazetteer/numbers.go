package gazetteer

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"

	"hazardmap/geo"
)

// The numbers of one place are sorted by key and front-coded in blocks. A
// block starts at its offset in a table before the blocks; its first entry is
// whole. An entry is: how many bytes of the key before it to drop (4 bits) and
// to add (4 bits, 15 = a length byte follows), the bytes, and the position as
// two zigzag varints from the one before, or one zero byte where none is
// known.
const numberBlock = 64

// numberUnit is the lattice of stored numbers: 4e-6 degree, less than half a
// metre.
const numberUnit = 40 // E7

// Kinds of numbers.
const (
	numbersHouse  = 1 // block, house, sub-number of 住居表示
	numbersParcel = 2 // 地番: parent, branch
)

// numberKey encodes 410-2 so that keys sort by their numbers and the key of a
// parent starts the keys of its children.
func numberKey(dst []byte, number string) []byte {
	for len(number) > 0 {
		element := number
		if i := bytes.IndexByte([]byte(number), '-'); i >= 0 {
			element, number = number[:i], number[i+1:]
		} else {
			number = ""
		}
		n, ok := 0, len(element) > 0 && len(element) < 8
		for _, c := range []byte(element) {
			if c < '0' || c > '9' {
				ok = false
				break
			}
			n = n*10 + int(c-'0')
		}
		switch {
		case !ok:
			dst = append(append(append(dst, 0xff), element...), 0)
		case n < 0x80:
			dst = append(dst, byte(n))
		case n < 0x4000:
			dst = append(dst, 0x80|byte(n>>8), byte(n))
		default:
			dst = append(dst, 0xc0, byte(n>>16), byte(n>>8), byte(n))
		}
	}
	return dst
}

// numberEntry is one decoded number.
type numberEntry struct {
	key []byte
	at  geo.E7
	has bool
}

// numberTable finds the numbers of a place.
func (x *Index) numberTable(p uint32, kind uint32) (count, offset uint32, ok bool) {
	lo, hi := uint32(0), x.count(secNumberDir)
	for lo < hi {
		mid := lo + (hi-lo)/2
		at, k := x.u32(secNumberDir, numberDirSize, mid, 0), x.u32(secNumberDir, numberDirSize, mid, 4)
		if at < p || at == p && k < kind {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if x.u32(secNumberDir, numberDirSize, lo, 0) != p || x.u32(secNumberDir, numberDirSize, lo, 4) != kind || lo >= x.count(secNumberDir) {
		return 0, 0, false
	}
	return x.u32(secNumberDir, numberDirSize, lo, 8), x.u32(secNumberDir, numberDirSize, lo, 12), true
}

// hasNumbers reports whether a place has numbers of any kind.
func (x *Index) hasNumbers(p uint32) bool {
	_, _, house := x.numberTable(p, numbersHouse)
	_, _, parcel := x.numberTable(p, numbersParcel)
	return house || parcel
}

// numbersUnder calls fn for every number whose key starts with prefix, in
// order, until fn returns false.
func (x *Index) numbersUnder(p, kind uint32, prefix []byte, fn func(numberEntry) bool) {
	count, offset, ok := x.numberTable(p, kind)
	b := x.sec[secNumbers]
	if !ok || uint64(offset) > uint64(len(b)) {
		return
	}
	b = b[offset:]
	blocks := (uint64(count) + numberBlock - 1) / numberBlock
	if blocks*4 > uint64(len(b)) {
		return
	}
	first := func(block int) []byte {
		d := numberDecoder{b: blockAt(b, block)}
		e, _ := d.next()
		return e.key
	}
	lo, hi := 0, int(blocks) // the last block that starts below the prefix
	for lo < hi {
		mid := lo + (hi-lo)/2
		if bytes.Compare(first(mid), prefix) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for block := max(lo-1, 0); block < int(blocks); block++ {
		d := numberDecoder{b: blockAt(b, block)}
		for i := block * numberBlock; i < min((block+1)*numberBlock, int(count)); i++ {
			e, ok := d.next()
			if !ok {
				return
			}
			switch c := bytes.Compare(e.key[:min(len(e.key), len(prefix))], prefix); {
			case c > 0:
				return
			case c == 0 && len(e.key) >= len(prefix):
				if !fn(e) {
					return
				}
			}
		}
	}
}

func blockAt(b []byte, block int) []byte {
	off := binary.LittleEndian.Uint32(b[4*block:])
	if uint64(off) > uint64(len(b)) {
		return nil
	}
	return b[off:]
}

// numberDecoder reads the entries of one block.
type numberDecoder struct {
	b        []byte
	key      []byte
	lon, lat int64
}

func (d *numberDecoder) next() (numberEntry, bool) {
	if len(d.b) == 0 {
		return numberEntry{}, false
	}
	drop, add := int(d.b[0]>>4), int(d.b[0]&15)
	d.b = d.b[1:]
	if add == 15 {
		if len(d.b) == 0 {
			return numberEntry{}, false
		}
		add, d.b = int(d.b[0]), d.b[1:]
	}
	if add > len(d.b) {
		return numberEntry{}, false
	}
	if drop == 15 {
		drop = len(d.key)
	}
	d.key = append(d.key[:max(0, len(d.key)-drop)], d.b[:add]...)
	d.b = d.b[add:]
	lon, n := binary.Uvarint(d.b)
	if n <= 0 {
		return numberEntry{}, false
	}
	d.b = d.b[n:]
	if lon == 0 {
		return numberEntry{key: d.key}, true
	}
	lat, n := binary.Uvarint(d.b)
	if n <= 0 {
		return numberEntry{}, false
	}
	d.b = d.b[n:]
	d.lon += unzigzag(lon - 1)
	d.lat += unzigzag(lat)
	at := geo.E7{Lon: clampE7(d.lon * numberUnit), Lat: clampE7(d.lat * numberUnit)}
	return numberEntry{key: d.key, at: at, has: true}, true
}

func clampE7(v int64) int32 { return int32(max(math.MinInt32, min(math.MaxInt32, v))) }

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// position is where a number was found, and how exactly.
type position struct {
	prec   Precision
	at     geo.Point
	radius geo.Metres
	hint   Hint
}

// locate looks a number up in a place: the house or parcel itself, else the
// block or parent lot, else nothing.
func (x *Index) locate(p uint32, number string) position {
	if number == "" || !x.hasNumbers(p) {
		return position{}
	}
	key := numberKey(make([]byte, 0, 24), number)
	if found := x.locateIn(p, numbersHouse, key, number, PrecisionHouse, PrecisionBlock); found.prec != 0 {
		return found
	}
	found := x.locateIn(p, numbersParcel, key, number, PrecisionParcel, PrecisionParentLot)
	if found.prec == 0 && found.hint == NoHint {
		found.hint = HintNumberNotFound
	}
	return found
}

// locateIn looks in the numbers of one kind.
func (x *Index) locateIn(p, kind uint32, key []byte, number string, exact, group Precision) position {
	var found position
	x.numbersUnder(p, kind, key, func(e numberEntry) bool {
		if len(e.key) == len(key) {
			if e.has {
				found = position{prec: exact, at: e.at.Point(), radius: x.radius(exact)}
			} else {
				found.hint = HintNumberNoPoint
			}
		}
		return false
	})
	if found.prec != 0 {
		return found
	}
	first, _, more := strings.Cut(number, "-")
	at, spread, ok := x.middle(p, kind, numberKey(nil, first))
	if ok {
		if found.hint == NoHint && more {
			found.hint = HintNumberNotFound
		}
		found.prec, found.at, found.radius = group, at, max(x.radius(group), spread)
	}
	return found
}

// middle returns the mean of the positions under a key and how far the
// furthest lies.
func (x *Index) middle(p, kind uint32, key []byte) (at geo.Point, spread geo.Metres, ok bool) {
	var lon, lat float64
	n := 0
	x.numbersUnder(p, kind, key, func(e numberEntry) bool {
		if e.has {
			lon, lat = lon+float64(e.at.Lon), lat+float64(e.at.Lat)
			n++
		}
		return true
	})
	if n == 0 {
		return at, 0, false
	}
	at = geo.Point{Lon: lon / float64(n) / 1e7, Lat: lat / float64(n) / 1e7}
	x.numbersUnder(p, kind, key, func(e numberEntry) bool {
		if e.has {
			spread = max(spread, at.Distance(e.at.Point()))
		}
		return true
	})
	return at, spread, true
}

// radius returns the radius within which 95 % of what a precision can mean
// lie, in this data.
func (x *Index) radius(p Precision) geo.Metres {
	return geo.Metres(x.meta.radiusOf[min(p, PrecisionCity)])
}
