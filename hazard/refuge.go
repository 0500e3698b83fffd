package hazard

import (
	"cmp"
	"math"
	"slices"

	"hazardmap/geo"
)

// Refuges finds the nearest 指定緊急避難場所 that is designated for what may happen
// at a place. It is made once for many questions.
type Refuges struct {
	shelters []Shelter
	list     []refuge // from south to north
	inZone   [][]ZoneRank
}

type refuge struct {
	number   int // in the list of all shelters
	lat      float64
	at       vector
	suitable uint8
}

// vector is a place on the unit sphere. The chord between two places grows with
// their distance and is found without trigonometry.
type vector struct{ x, y, z float64 }

func newVector(p geo.Point) vector {
	sinLat, cosLat := math.Sincos(p.Lat * math.Pi / 180)
	sinLon, cosLon := math.Sincos(p.Lon * math.Pi / 180)
	return vector{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// chord returns the square of the chord to another place.
func (v *vector) chord(w *vector) float64 {
	x, y, z := v.x-w.x, v.y-w.y, v.z-w.z
	return x*x + y*y + z*z
}

// Refuge is a shelter with its distance from the place that asked.
type Refuge struct {
	Shelter *Shelter
	Metres  geo.Metres
	InZone  []ZoneRank // the zones the shelter itself stands in
}

// Refuges prepares the shelters of the dataset for [Refuges.Nearest].
func (x *Index) Refuges() *Refuges {
	r := &Refuges{shelters: x.Shelters()}
	for i, s := range r.shelters {
		at := geo.Point{Lon: s.Lon, Lat: s.Lat}
		r.inZone = append(r.inZone, x.WorstAt(at.E7()))
		if s.Emergency {
			r.list = append(r.list, refuge{i, s.Lat, newVector(at), s.Suitable})
		}
	}
	slices.SortStableFunc(r.list, func(a, b refuge) int { return cmp.Compare(a.lat, b.lat) })
	return r
}

// Nearest returns the nearest shelter that is designated for every disaster
// whose zones hold the place or may hold it; if none is, for those that do
// hold it. Where there is no zone it is the nearest of all.
func (r *Refuges) Nearest(at geo.Point, findings []Finding) (Refuge, bool) {
	var needed, wanted uint8
	for _, f := range findings {
		switch f.Status {
		case Inside:
			needed |= 1 << f.Kind.Disaster()
		case Undecided:
			wanted |= 1 << f.Kind.Disaster()
		}
	}
	n := r.nearest(at, needed|wanted)
	if n < 0 {
		n = r.nearest(at, needed)
	}
	if n < 0 {
		return Refuge{}, false
	}
	s := &r.shelters[n]
	return Refuge{s, at.Distance(geo.Point{Lon: s.Lon, Lat: s.Lat}), r.inZone[n]}, true
}

// nearest goes north and south from the place until even the difference of
// latitude is too far, and returns the number of the nearest, -1 for none.
func (r *Refuges) nearest(at geo.Point, needed uint8) int {
	best, least := -1, math.Inf(1)
	from := newVector(at)
	offer := func(c *refuge) (tooFar bool) {
		north := (c.lat - at.Lat) * math.Pi / 180
		const bent = 4 / (math.Pi * math.Pi) // a chord is shorter than its arc, at the worst by this in squares
		if north*north*bent > least {
			return true
		}
		if c.suitable&needed != needed {
			return false
		}
		if d := from.chord(&c.at); d < least || (d == least && c.number < best) {
			best, least = c.number, d
		}
		return false
	}
	up, _ := slices.BinarySearchFunc(r.list, at.Lat, func(c refuge, lat float64) int { return cmp.Compare(c.lat, lat) })
	down := up - 1
	for up < len(r.list) || down >= 0 {
		if up < len(r.list) {
			if up++; offer(&r.list[up-1]) {
				up = len(r.list)
			}
		}
		if down >= 0 {
			if down--; offer(&r.list[down+1]) {
				down = -1
			}
		}
	}
	return best
}
