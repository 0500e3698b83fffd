package gazetteer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"sort"

	"hazardmap/geo"
)

// places.idx is little-endian: a header with a table of sections, then the
// sections, each at a multiple of 8. Records have a fixed size and name each
// other by number, so that opening parses nothing.
const (
	magic         = "HZPLACES"
	formatVersion = 1
	headerSize    = 16
	sectionSize   = 16
)

const (
	secMeta      = iota // see meta
	secStrings          // length as uvarint, bytes; a string is named by its offset
	secSources          // name, date
	secSourceSet        // bits of sources
	secMunis            // see muniSize
	secMuniKanji        // string, municipality | flags<<24; sorted by string
	secMuniSound        // the same by sound
	secPlaces           // see placeSize; a municipality's places are neighbours, and a 丁目 follows its town
	secAreas            // see areaSize
	secKanji            // string, place | flags<<24; sorted by municipality, then string
	secSound            // the same by sound
	secKanjiAll         // numbers in secKanji sorted by string; empty for one municipality
	secSoundAll         // the same for secSound
	secPostal           // code, place; sorted
	secPostalOf         // numbers in secPostal sorted by place
	secTops             // prefix string, eight places: what a short prefix offers in a large index
	secNumberDir        // see numberDirSize: places that have house or lot numbers
	secNumbers          // front-coded blocks of numbers
	sectionCount
)

const (
	muniSize      = 48 // code, name, kana, romaji, first and last of places, kanji, sound, place, weight
	placeSize     = 40 // municipality|level|flags, id, name, kana, romaji, lon, lat, parent, chome|sources, area
	areaSize      = 24 // west, south, east, north, square metres, radius|flags
	keySize       = 8
	topSize       = 36
	numberDirSize = 16 // place, kind, count, offset
	none          = math.MaxUint32
)

// Flags of a place.
const (
	placeGenerated = 1 << iota // the id is not the register's
	placeHashID                // the id number is a hash of the name
	placeNoPoint
	placeUnregistered // no register has this town by itself, only its 丁目
	placePostal       // the data have postal codes of the place
)

// Flags of a key.
const (
	keyWeak  = 1 << iota // 町 left out
	keyInner             // what follows a compound head: 東新井 of 境東新井
	keyWhole             // of a facility or office: counts only if nothing else follows
)

const areaApproximate = 1 << 16

// Index is an opened places.idx. It is safe for use by several goroutines.
type Index struct {
	sec  [sectionCount][]byte
	crc  [sectionCount]uint32
	meta meta
}

// meta holds what is true of the whole index.
type meta struct {
	area     uint32 // code of the municipality or prefecture
	prefs    uint64 // bits of the prefectures in it
	built    uint32 // how many places
	radiusOf [PrecisionCity + 1]uint16
}

const metaSize = 40

// ErrNotIndex refuses bytes that are no places.idx of a known version.
var ErrNotIndex = errors.New("places.idx: not an index of a known version")

// Open checks the header of an index and nothing else. Later calls cannot
// leave b, whatever it holds.
func Open(b []byte) (*Index, error) {
	if len(b) < headerSize+sectionCount*sectionSize+4 || string(b[:8]) != magic {
		return nil, ErrNotIndex
	}
	if v := binary.LittleEndian.Uint32(b[8:]); v != formatVersion {
		return nil, fmt.Errorf("%w: version %d, want %d", ErrNotIndex, v, formatVersion)
	}
	if n := binary.LittleEndian.Uint32(b[12:]); n != sectionCount {
		return nil, fmt.Errorf("%w: %d sections, want %d", ErrNotIndex, n, sectionCount)
	}
	end := headerSize + sectionCount*sectionSize
	if crc32.Checksum(b[:end], castagnoli()) != binary.LittleEndian.Uint32(b[end:]) {
		return nil, fmt.Errorf("%w: the header is damaged", ErrNotIndex)
	}
	x := &Index{}
	for i := range x.sec {
		entry := b[headerSize+i*sectionSize:]
		off, size := binary.LittleEndian.Uint64(entry), uint64(binary.LittleEndian.Uint32(entry[8:]))
		if off > uint64(len(b)) || size > uint64(len(b))-off {
			return nil, fmt.Errorf("places.idx: section %d is cut off", i)
		}
		x.sec[i] = b[off : off+size : off+size]
		x.crc[i] = binary.LittleEndian.Uint32(entry[12:])
		if unit := recordSize[i]; unit > 0 && size%uint64(unit) != 0 {
			return nil, fmt.Errorf("places.idx: section %d has a broken record", i)
		}
	}
	if len(x.sec[secMeta]) != metaSize {
		return nil, fmt.Errorf("%w: no description", ErrNotIndex)
	}
	x.meta.decode(x.sec[secMeta])
	return x, nil
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// recordSize holds the size of the records of each section, 0 where they vary.
var recordSize = [sectionCount]int{
	secSources: 8, secSourceSet: 4, secMunis: muniSize, secMuniKanji: keySize, secMuniSound: keySize,
	secPlaces: placeSize, secAreas: areaSize, secKanji: keySize, secSound: keySize, secKanjiAll: 4, secSoundAll: 4,
	secPostal: 8, secPostalOf: 4, secTops: topSize, secNumberDir: numberDirSize,
}

func (m *meta) decode(b []byte) {
	m.area = binary.LittleEndian.Uint32(b)
	m.built = binary.LittleEndian.Uint32(b[4:])
	m.prefs = binary.LittleEndian.Uint64(b[8:])
	for i := range m.radiusOf {
		m.radiusOf[i] = binary.LittleEndian.Uint16(b[16+2*i:])
	}
}

func (m *meta) encode() []byte {
	b := make([]byte, metaSize)
	binary.LittleEndian.PutUint32(b, m.area)
	binary.LittleEndian.PutUint32(b[4:], m.built)
	binary.LittleEndian.PutUint64(b[8:], m.prefs)
	for i, r := range m.radiusOf {
		binary.LittleEndian.PutUint16(b[16+2*i:], r)
	}
	return b
}

// u32 reads a field of record i of a section; what lies outside reads as 0.
func (x *Index) u32(sec, size int, i uint32, field int) uint32 {
	off := uint64(i)*uint64(size) + uint64(field)
	if b := x.sec[sec]; off+4 <= uint64(len(b)) {
		return binary.LittleEndian.Uint32(b[off:])
	}
	return 0
}

func (x *Index) count(sec int) uint32 { return uint32(len(x.sec[sec]) / recordSize[sec]) }

// str returns the bytes of a string, nil where the offset is none of ours.
func (x *Index) str(off uint32) []byte {
	b := x.sec[secStrings]
	if uint64(off) >= uint64(len(b)) {
		return nil
	}
	b = b[off:]
	if n := b[0]; n < 0x80 { // most strings are short
		if int(n) < len(b) {
			return b[1 : 1+n]
		}
		return nil
	}
	n, used := binary.Uvarint(b)
	if used <= 0 || n > uint64(len(b)-used) {
		return nil
	}
	return b[used : used+int(n)]
}

// muni is one municipality.
type muni struct {
	code               uint32 // 5 digits
	name, kana, romaji uint32 // strings; the name holds 郡 and 区
	places, kanji, snd [2]uint32
	place              uint32
	weight             uint32
}

func (x *Index) muni(i uint32) muni {
	f := func(n int) uint32 { return x.u32(secMunis, muniSize, i, 4*n) }
	return muni{code: f(0), name: f(1), kana: f(2), romaji: f(3), places: [2]uint32{f(4), f(5)},
		kanji: [2]uint32{f(6), f(7)}, snd: [2]uint32{f(8), f(9)}, place: f(10), weight: f(11)}
}

// place is one record of secPlaces.
type place struct {
	muni               uint32
	level              Level
	flags              uint8
	id                 uint32
	name, kana, romaji uint32
	at                 geo.E7
	parent             uint32 // number of a place, none for a municipality
	chome              uint16
	sources            uint16
	area               uint32
}

func (x *Index) place(i uint32) place {
	off := uint64(i) * placeSize
	if off+placeSize > uint64(len(x.sec[secPlaces])) {
		return place{parent: none, area: none, flags: placeNoPoint}
	}
	b := x.sec[secPlaces][off : off+placeSize]
	head, tail := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[32:])
	return place{
		muni: head & 0xffff, level: Level(head >> 16), flags: uint8(head >> 24),
		id:   binary.LittleEndian.Uint32(b[4:]),
		name: binary.LittleEndian.Uint32(b[8:]), kana: binary.LittleEndian.Uint32(b[12:]), romaji: binary.LittleEndian.Uint32(b[16:]),
		at:     geo.E7{Lon: int32(binary.LittleEndian.Uint32(b[20:])), Lat: int32(binary.LittleEndian.Uint32(b[24:]))},
		parent: binary.LittleEndian.Uint32(b[28:]), chome: uint16(tail), sources: uint16(tail >> 16),
		area: binary.LittleEndian.Uint32(b[36:]),
	}
}

// children calls fn for the 丁目 of a town.
func (x *Index) chomes(town uint32, fn func(i uint32, number uint16)) {
	for i := town + 1; i < x.count(secPlaces); i++ {
		p := x.place(i)
		if p.parent != town {
			return
		}
		if p.level == LevelChome {
			fn(i, p.chome)
		}
	}
}

// keys is a range of a key section, in the order of its strings.
type keys struct {
	x        *Index
	sec, all int // all is 0 where the section's own order is meant
	lo, hi   uint32
}

func (x *Index) kanjiOf(m uint32) keys {
	r := x.muni(m).kanji
	return keys{x, secKanji, 0, r[0], min(r[1], x.count(secKanji))}
}

func (x *Index) soundOf(m uint32) keys {
	r := x.muni(m).snd
	return keys{x, secSound, 0, r[0], min(r[1], x.count(secSound))}
}

// everywhere returns all keys of a section; an index of one municipality needs
// no second order.
func (x *Index) everywhere(sec, all int) keys {
	if len(x.sec[all]) == 0 {
		return keys{x, sec, 0, 0, x.count(sec)}
	}
	return keys{x, sec, all, 0, x.count(all)}
}

func (k keys) entry(i uint32) (name []byte, value uint32, flags uint8) {
	if k.all != 0 {
		i = k.x.u32(k.all, 4, i, 0)
	}
	v := k.x.u32(k.sec, keySize, i, 4)
	return k.x.str(k.x.u32(k.sec, keySize, i, 0)), v & 0xffffff, uint8(v >> 24)
}

func (k keys) name(i uint32) []byte {
	if k.all != 0 {
		i = k.x.u32(k.all, 4, i, 0)
	}
	return k.x.str(k.x.u32(k.sec, keySize, i, 0))
}

// from returns the first key that is not below name, and past one above all
// that equal it if after is set.
func (k keys) search(name []byte, after bool) uint32 {
	lo, hi := k.lo, k.hi
	for lo < hi {
		mid := lo + (hi-lo)/2
		c := bytes.Compare(k.name(mid), name)
		if c < 0 || after && c == 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// equal returns the range of keys that are name.
func (k keys) equal(name []byte) keys {
	k.lo = k.search(name, false)
	end := k.lo
	for end < k.hi && bytes.Equal(k.name(end), name) {
		end++
	}
	k.hi = end
	return k
}

// starting returns the range of keys that start with prefix.
func (k keys) starting(prefix []byte) keys {
	k.lo = k.search(prefix, false)
	n := sort.Search(int(k.hi)-int(k.lo), func(i int) bool {
		return !bytes.HasPrefix(k.name(k.lo+uint32(i)), prefix)
	})
	k.hi = k.lo + uint32(n)
	return k
}

// prefixes calls fn for every key that q starts with, longest first, with the
// range of keys that are equal to it.
func (k keys) prefixes(q []byte, fn func(length int, same keys)) {
	rest := q
	for k.lo < k.hi && len(rest) > 0 {
		i := k.search(rest, true)
		if i == k.lo {
			return
		}
		i--
		name := k.name(i)
		n := common(name, rest)
		if n < len(name) || n == 0 {
			rest, k.hi = rest[:n], i
			if n == 0 {
				return
			}
			continue
		}
		same := k
		same.hi = i + 1
		for i > k.lo && bytes.Equal(k.name(i-1), name) {
			i--
		}
		same.lo = i
		fn(n, same)
		rest, k.hi = rest[:n-1], i
	}
}

func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
