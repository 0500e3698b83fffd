// Package area answers the questions of those who plan: how much of an area
// lies in which class, how many addresses and people, which shelters stand
// there and in which zones, and from where no fit shelter is near.
//
// The ground is exact ([hazard.Index.Measure]). What is not known is counted
// apart and never as nothing: an area without data is no-data, people who
// could not be placed are listed.
package area

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"hazardmap/geo"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
)

// City is what the questions are asked of.
type City struct {
	Index  *hazard.Index
	Places *gazetteer.Index // nil where there is no gazetteer
	Towns  []hazard.Place   // the areas of its places
}

// Question is asked about each of some areas.
type Question struct {
	Areas  []hazard.Place // a drawn area has no id
	People []People
	Far    *Far // nil: not asked
}

// Answer is about every area of the question, in its order.
type Answer struct {
	Areas    []Area
	Unplaced []Unplaced // people who are counted in no area, because nobody knows where they are

	// Of the whole city: shelters that stand in a zone of a disaster for which
	// they are marked fit, and those where that is not known.
	Misplaced, Unsure []Shelter

	AddressesKnown bool       // the gazetteer holds positions of addresses
	CellMetres     geo.Metres // side of the squares that distances are measured from
}

// Area is the answer about one area.
type Area struct {
	hazard.Place
	SquareMetres float64
	// Beyond is the share of a drawn area that lies outside of the city: what is
	// there, shelters too, is known to others.
	Beyond float64
	Ranges []hazard.Range // per kind and scenario
	// Addresses and People are in the order of Ranges; nil where they are not
	// known or not given.
	Addresses, People []hazard.Count
	// LinesNear are the kinds with a zone within 200 m that is drawn only as a
	// line: ground counted as outside may belong to it.
	LinesNear hazard.KindSet
	Shelters  []Shelter
	Far       []FarAnswer
}

// leastBeyond is the least share outside of the city that is told.
const leastBeyond = 1e-6

// ErrNoGround refuses an area that holds no ground.
var ErrNoGround = errors.New("holds no ground")

// Ask answers a question.
func (c *City) Ask(ctx context.Context, q Question) (*Answer, error) {
	a := &asker{city: c, question: q, answer: &Answer{Areas: make([]Area, len(q.Areas))}}
	var err error
	if a.regions, err = newRegions(ctx, q.Areas); err != nil {
		return nil, err
	}
	a.shelters = c.shelters()
	a.answer.Misplaced, a.answer.Unsure = misplaced(a.shelters)
	a.addresses = c.addresses()
	a.answer.AddressesKnown = len(a.addresses) > 0
	a.answer.CellMetres = cellMetres(a.regions.box)
	if err := a.measure(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{a.countAddresses, a.countPeople, a.placeShelters, a.walkCells} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a.answer, nil
}

// asker is one question in the making.
type asker struct {
	city      *City
	question  Question
	answer    *Answer
	regions   *regions
	shelters  []Shelter
	addresses []geo.E7
}

// measure cuts every area along the zones, on all processors.
func (a *asker) measure(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, place := range a.question.Areas {
		group.Go(func() error {
			ranges, squareMetres, err := a.city.Index.Measure(ctx, place.Area, nil)
			if err == nil && ranges == nil {
				err = ErrNoGround
			}
			beyond := 0.0
			if err == nil && place.ID == "" {
				beyond, err = a.beyond(ctx, place.Area, squareMetres)
			}
			if err != nil {
				return fmt.Errorf("area: %w", err) // no name: it may go into a log
			}
			a.answer.Areas[i] = Area{Place: place, SquareMetres: squareMetres, Beyond: beyond, Ranges: ranges}
			return nil
		})
	}
	return group.Wait()
}

// beyond returns the share of a drawn area outside of the city, 0 for what is
// no more than rounding.
func (a *asker) beyond(ctx context.Context, drawn orb.MultiPolygon, squareMetres float64) (float64, error) {
	_, within, err := a.city.Index.Measure(ctx, drawn, a.city.Index.Area().Boundary)
	share := 1 - within/squareMetres
	if share < leastBeyond {
		return 0, err
	}
	return share, err
}

// addresses lists the positions of all addresses.
func (c *City) addresses() []geo.E7 {
	var list []geo.E7
	if c.Places != nil {
		c.Places.Addresses(func(at geo.E7) { list = append(list, at) })
	}
	return list
}

// countAddresses counts the addresses of every area by class.
func (a *asker) countAddresses(ctx context.Context) error {
	if !a.answer.AddressesKnown {
		return nil
	}
	inside := make([][]geo.E7, len(a.answer.Areas))
	a.regions.each(a.addresses, func(i, area int) { inside[area] = append(inside[area], a.addresses[i]) })
	for i := range inside {
		a.answer.Areas[i].Addresses = a.city.Index.Count(inside[i], nil)
	}
	return ctx.Err()
}
