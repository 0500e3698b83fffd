// Package diff tells what changed from one edition of a dataset to the next:
// which zones, how much ground, which towns and which shelters.
//
// The ground is exact ([hazard.Comparison]): both editions are laid over each
// other. Nothing that vanished is silent: a shelter of the edition before that
// cannot be found again is gone, and the report says so first.
package diff

import (
	"context"
	"fmt"
	"runtime"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"hazardmap/hazard"
)

// Edition is one edition of a dataset.
type Edition struct {
	hazard.Edition
	Name    string // date of the data
	Version string // hash of the manifest
}

// Report says what changed.
type Report struct {
	Before, After Summary
	Boundary      bool // the boundary of the area changed
	Shelters      Shelters
	Hazards       []Hazard // every kind and scenario of either edition
	Towns         []Town   // those where something changed
	TownsGone     []hazard.Place
	TownsNew      []hazard.Place
}

// Summary names an edition.
type Summary struct {
	Name, Version   string
	Zones, Shelters int
}

// Hazard is what changed for one kind and scenario in the whole area.
type Hazard struct {
	hazard.Changes
	Zones Zones
}

// Town is a town where ground is answered otherwise than before.
type Town struct {
	hazard.Place
	Changes []hazard.Changes // of the kinds and scenarios that changed there
}

// Compare compares two editions.
func Compare(ctx context.Context, before, after Edition) (*Report, error) {
	r := &Report{Before: summary(before), After: summary(after)}
	r.Boundary = !orb.Equal(before.Input.Area.Boundary, after.Input.Area.Boundary)
	r.Shelters = compareShelters(before, after)
	c, err := hazard.Compare(before.Edition, after.Edition)
	if err != nil {
		return nil, fmt.Errorf("diff: %w", err)
	}
	ground := after.Input.Area.Boundary
	if r.Boundary {
		ground = append(ground[:len(ground):len(ground)], before.Input.Area.Boundary...)
	}
	changes, err := c.Over(ctx, ground)
	if err != nil {
		return nil, fmt.Errorf("diff: %w", err)
	}
	zones := compareZones(before.Input.Zones, after.Input.Zones)
	for _, own := range changes {
		r.Hazards = append(r.Hazards, Hazard{own, zones[topic{own.Kind, own.Scenario}]})
	}
	if err := r.compareTowns(ctx, c, before.Input.Places, after.Input.Places); err != nil {
		return nil, fmt.Errorf("diff: %w", err)
	}
	return r, ctx.Err()
}

func summary(e Edition) Summary {
	return Summary{e.Name, e.Version, len(e.Input.Zones), len(e.Input.Shelters)}
}

// Same reports whether nothing changed that anybody would be answered.
func (r *Report) Same() bool {
	for _, h := range r.Hazards {
		if h.Changed() > leastGround || h.Zones.changed() {
			return false
		}
	}
	return !r.Boundary && !r.Shelters.changed() && len(r.Towns)+len(r.TownsGone)+len(r.TownsNew) == 0
}

// leastGround is what rounding may leave of nothing, in square metres.
const leastGround = 1e-3

// compareTowns asks about every town of the later edition, and lists those that
// only one edition has.
func (r *Report) compareTowns(ctx context.Context, c *hazard.Comparison, before, after []hazard.Place) error {
	later := townsOf(after)
	for _, town := range townsOf(before) {
		if !holds(later, town.ID) {
			r.TownsGone = append(r.TownsGone, town)
		}
	}
	earlier := townsOf(before)
	changed := make([]Town, len(later))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, town := range later {
		if len(earlier) > 0 && !holds(earlier, town.ID) {
			r.TownsNew = append(r.TownsNew, town)
		}
		if !c.Differs(town.Area) {
			continue
		}
		group.Go(func() error {
			list, err := c.Over(ctx, town.Area)
			for _, own := range list {
				if own.Changed() > leastGround {
					changed[i].Changes = append(changed[i].Changes, own)
				}
			}
			changed[i].Place = town
			return err
		})
	}
	err := group.Wait()
	for _, town := range changed {
		if len(town.Changes) > 0 {
			r.Towns = append(r.Towns, town)
		}
	}
	return err
}

// townsOf leaves out 丁目 and postal areas, whose ground lies in towns.
func townsOf(places []hazard.Place) []hazard.Place {
	var towns []hazard.Place
	for _, p := range places {
		if p.Level == "town" {
			towns = append(towns, p)
		}
	}
	return towns
}

func holds(places []hazard.Place, id string) bool {
	for _, p := range places {
		if p.ID == id {
			return true
		}
	}
	return false
}

// DropShapes lets go of everything that was drawn, for who keeps the report.
func (r *Report) DropShapes() {
	for i := range r.Hazards {
		for j := range r.Hazards[i].Zones.Changes {
			c := &r.Hazards[i].Zones.Changes[j]
			c.Before, c.After = withoutShape(c.Before), withoutShape(c.After)
		}
	}
	for i := range r.Towns {
		r.Towns[i].Area = nil
	}
	for _, list := range [][]hazard.Place{r.TownsGone, r.TownsNew} {
		for i := range list {
			list[i].Area = nil
		}
	}
}

func withoutShape(z *hazard.Zone) *hazard.Zone {
	if z == nil {
		return nil
	}
	bare := *z
	bare.Shape = nil
	return &bare
}
