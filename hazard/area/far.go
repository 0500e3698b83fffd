package area

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Far asks from where the next shelter fit for a disaster is further than so
// many metres, in a straight line.
type Far struct {
	Metres    geo.Metres
	Disasters []hazard.ShelterHazard
}

// NewFar reads the names of disasters; none means those that water and slopes
// bring.
func NewFar(metres geo.Metres, names []string) (*Far, error) {
	far := &Far{Metres: metres}
	for _, name := range names {
		d, err := hazard.ParseShelterHazard(name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(far.Disasters, d) {
			far.Disasters = append(far.Disasters, d)
		}
	}
	if len(names) == 0 {
		far.Disasters = []hazard.ShelterHazard{hazard.ShelterFlood, hazard.ShelterLandslide, hazard.ShelterInland}
	}
	return far, nil
}

// FarAnswer is the answer for one disaster. Distances are measured from the
// middle of squares that lie in the area.
type FarAnswer struct {
	Disaster hazard.ShelterHazard
	Cells    int
	Any      Reach // counting every shelter marked fit
	Dry      Reach // counting those alone that are known to stand in no zone of the disaster
	Unsure   int   // shelters of Any of which nobody knows whether they stand in one
}

// Reach says how far the shelters of a set are.
type Reach struct {
	Shelters int        // in the set
	Beyond   int        // squares further than asked from all of them
	Farthest geo.Metres // +Inf where there is no shelter
	Squares  []Square   // those beyond
}

// Square is one square and its distance.
type Square struct {
	Bound    orb.Bound
	Distance geo.Metres
}

// The squares are 100 m wide, in large areas wider, in small ones narrower.
const (
	usualCell   = 100
	leastCell   = 5
	fewestCells = 400
	mostCells   = 60_000
)

func cellMetres(box orb.Bound) geo.Metres {
	middle := geo.Point{Lon: box.Center()[0], Lat: box.Center()[1]}
	width := middle.Distance(geo.Point{Lon: box.Max[0], Lat: middle.Lat}) * 2
	height := middle.Distance(geo.Point{Lon: middle.Lon, Lat: box.Max[1]}) * 2
	count := func(side geo.Metres) geo.Metres { return (width/side + 1) * (height/side + 1) }
	side := geo.Metres(usualCell)
	for count(side) > mostCells {
		side *= 2
	}
	for count(side) < fewestCells && side > leastCell {
		side /= 2
	}
	return side
}

// cells returns the middles of the squares in a box, and half their sides in
// degrees.
func cells(box orb.Bound, side geo.Metres) (middles []geo.Point, halfLon, halfLat float64) {
	middle := geo.Point{Lon: box.Center()[0], Lat: box.Center()[1]}
	halfLat = float64(side/middle.Distance(geo.Point{Lon: middle.Lon, Lat: middle.Lat + 0.01})) * 0.01 / 2
	halfLon = float64(side/middle.Distance(geo.Point{Lon: middle.Lon + 0.01, Lat: middle.Lat})) * 0.01 / 2
	for lat := box.Min[1] + halfLat; lat-halfLat < box.Max[1]; lat += 2 * halfLat {
		for lon := box.Min[0] + halfLon; lon-halfLon < box.Max[0]; lon += 2 * halfLon {
			middles = append(middles, geo.Point{Lon: lon, Lat: lat})
		}
	}
	return middles, halfLon, halfLat
}

// walkCells goes through the squares of all areas: it looks for lines, whose
// ground nobody knows, and for the nearest shelters.
func (a *asker) walkCells(ctx context.Context) error {
	middles, halfLon, halfLat := cells(a.regions.box, a.answer.CellMetres)
	points := make([]geo.E7, len(middles))
	for i, p := range middles {
		points[i] = p.E7()
	}
	far := a.question.Far
	for i := range a.answer.Areas {
		a.answer.Areas[i].LinesNear = a.linesAtCorners(a.answer.Areas[i].Area)
		if far != nil {
			a.answer.Areas[i].Far = a.emptyFar(far)
		}
	}
	lines := a.city.Index.HasLines()
	reach := 200 + a.answer.CellMetres*math.Sqrt2/2
	var err error
	a.regions.each(points, func(i, area int) {
		if err = ctx.Err(); err != nil {
			return
		}
		t := &a.answer.Areas[area]
		if lines {
			t.LinesNear |= a.city.Index.LinesNear(points[i], reach)
		}
		if far != nil {
			p := middles[i]
			a.note(t.Far, far.Metres, Square{Bound: orb.Bound{Min: orb.Point{p.Lon - halfLon, p.Lat - halfLat}, Max: orb.Point{p.Lon + halfLon, p.Lat + halfLat}}}, p)
		}
	})
	return err
}

// linesAtCorners looks for lines around the corners of an area, which may be
// smaller than a square.
func (a *asker) linesAtCorners(area orb.MultiPolygon) hazard.KindSet {
	var near hazard.KindSet
	if !a.city.Index.HasLines() {
		return 0
	}
	for _, polygon := range area {
		for _, ring := range polygon {
			for _, p := range ring {
				near |= a.city.Index.LinesNear(geo.Point{Lon: p[0], Lat: p[1]}.E7(), 200)
			}
		}
	}
	return near
}

func (a *asker) emptyFar(far *Far) []FarAnswer {
	list := make([]FarAnswer, len(far.Disasters))
	for i, d := range far.Disasters {
		list[i].Disaster = d
		for j := range a.shelters {
			if a.shelters[j].Fit(d) {
				list[i].Any.Shelters++
			}
			if a.shelters[j].Dry(d) {
				list[i].Dry.Shelters++
			}
			if slices.Contains(a.shelters[j].Unsure, d) {
				list[i].Unsure++
			}
		}
	}
	return list
}

// note measures one square of an area.
func (a *asker) note(list []FarAnswer, limit geo.Metres, square Square, at geo.Point) {
	distances := make([]geo.Metres, len(a.shelters))
	for i := range a.shelters {
		distances[i] = at.Distance(a.shelters[i].At())
	}
	for i := range list {
		answer := &list[i]
		answer.Cells++
		any, dry := geo.Metres(math.Inf(1)), geo.Metres(math.Inf(1))
		for j := range a.shelters {
			if a.shelters[j].Fit(answer.Disaster) {
				any = min(any, distances[j])
			}
			if a.shelters[j].Dry(answer.Disaster) {
				dry = min(dry, distances[j])
			}
		}
		answer.Any.add(square, any, limit)
		answer.Dry.add(square, dry, limit)
	}
}

func (r *Reach) add(square Square, distance, limit geo.Metres) {
	r.Farthest = max(r.Farthest, distance)
	if distance > limit {
		r.Beyond++
		square.Distance = distance
		r.Squares = append(r.Squares, square)
	}
}
