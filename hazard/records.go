package hazard

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

const (
	zoneSize       = 8  // kind, scenario, rank, flags, number of its attributes
	attributesSize = 32 // source, then the texts in the order of Zone.texts
	surveySize     = 8  // kinds, incomplete
)

// texts lists the fields of a zone that are kept as strings.
func (z *Zone) texts() [7]*string {
	return [...]*string{&z.River, &z.RiverCode, &z.Name, &z.Number, &z.Place, &z.Designated, &z.ClassText}
}

// texts lists the fields of a shelter that are kept as strings.
func (s *Shelter) texts() [9]*string {
	return [...]*string{&s.ID, &s.Name, &s.Kana, &s.NameEnglish, &s.Address, &s.Capacity, &s.Phone, &s.Accepts, &s.Remarks}
}

func (a *Area) texts() [4]*string { return [...]*string{&a.Code, &a.Name, &a.Kana, &a.Romaji} }

func (s *Source) texts() [4]*string {
	return [...]*string{&s.Title, &s.Attribution, &s.Licence, &s.Edition}
}

// register is what the index holds beside zones.
type register struct {
	area     Area
	sources  []Source
	shelters []Shelter
}

func encodeRegister(in *Input) []byte {
	var e encoder
	area := in.Area
	for _, s := range area.texts() {
		e.text(*s)
	}
	e.flag(area.Sample)
	e.polygons(area.Boundary)
	e.number(uint64(len(in.Sources)))
	for _, source := range in.Sources {
		for _, s := range source.texts() {
			e.text(*s)
		}
	}
	e.number(uint64(len(in.Shelters)))
	for _, shelter := range in.Shelters {
		for _, s := range shelter.texts() {
			e.text(*s)
		}
		e.float(shelter.Lon)
		e.float(shelter.Lat)
		e.flag(shelter.Emergency)
		e.flag(shelter.Evacuation)
		e.number(uint64(shelter.Suitable))
		e.number(uint64(shelter.Source))
	}
	return e.b
}

func decodeRegister(b []byte) (*register, error) {
	d := decoder{b: b}
	f := new(register)
	for _, s := range f.area.texts() {
		*s = d.text()
	}
	f.area.Sample = d.flag()
	f.area.Boundary = d.polygons()
	for range d.count() {
		var source Source
		for _, s := range source.texts() {
			*s = d.text()
		}
		f.sources = append(f.sources, source)
	}
	for range d.count() {
		var shelter Shelter
		for _, s := range shelter.texts() {
			*s = d.text()
		}
		shelter.Lon, shelter.Lat = d.float(), d.float()
		shelter.Emergency, shelter.Evacuation = d.flag(), d.flag()
		shelter.Suitable = uint8(d.number())
		shelter.Source = int(min(d.number(), math.MaxInt32))
		f.shelters = append(f.shelters, shelter)
	}
	return f, d.end()
}

// encoder writes a stream of values that [decoder] reads back.
type encoder struct{ b []byte }

func (e *encoder) number(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) signed(v int64)  { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) float(v float64) { e.b = le.AppendUint64(e.b, math.Float64bits(v)) }
func (e *encoder) text(s string)   { e.number(uint64(len(s))); e.b = append(e.b, s...) }
func (e *encoder) flag(v bool)     { e.number(map[bool]uint64{true: 1}[v]) }
func (e *encoder) polygons(m orb.MultiPolygon) {
	e.number(uint64(len(m)))
	for _, polygon := range m {
		e.number(uint64(len(polygon)))
		for _, ring := range polygon {
			e.number(uint64(len(ring)))
			var last geo.E7
			for _, p := range ring {
				at := geo.Point{Lon: p[0], Lat: p[1]}.E7()
				e.signed(int64(at.Lon) - int64(last.Lon))
				e.signed(int64(at.Lat) - int64(last.Lat))
				last = at
			}
		}
	}
}

// decoder reads a stream of values and remembers whether it was cut off.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() {
	d.b, d.err = nil, errCut
}

func (d *decoder) number() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) signed() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) float() float64 {
	if len(d.b) < 8 {
		d.fail()
		return 0
	}
	v := math.Float64frombits(le.Uint64(d.b))
	d.b = d.b[8:]
	return v
}

func (d *decoder) flag() bool { return d.number() != 0 }

// count reads how many values follow; each takes at least one byte.
func (d *decoder) count() int {
	n := d.number()
	if n > uint64(len(d.b)) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count()
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) polygons() orb.MultiPolygon {
	var m orb.MultiPolygon
	for range d.count() {
		var polygon orb.Polygon
		for range d.count() {
			var ring orb.Ring
			var at geo.E7
			for range d.count() {
				at.Lon += int32(d.signed())
				at.Lat += int32(d.signed())
				p := at.Point()
				ring = append(ring, orb.Point{p.Lon, p.Lat})
			}
			polygon = append(polygon, ring)
		}
		m = append(m, polygon)
	}
	return m
}

// end reports whether the stream was whole and nothing is left of it.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		return errTrailing
	}
	return d.err
}
