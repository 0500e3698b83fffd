package sheet

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/web/view"
)

// Slots of a count by class: outside every zone, the ranks, a class that could
// not be read, not surveyed, not decided.
const (
	SlotOutside   = 0
	SlotUnknown   = 8
	SlotNoData    = 9
	SlotUndecided = 10
	Slots         = 11
)

// Tally is what a sheet says as a whole: for a page, not for a program.
type Tally struct {
	Count
	Columns []string
	Kinds   []KindTally
	Main    int         // the kind that towns and spots are counted by, in Kinds
	Towns   []TownTally // those with the most rows inside zones first
	NoTown  int         // rows that name no town
	First   []Line      // the first rows
	Marked  []Line      // the first of those that were marked
	Spots   []Spot
	Bound   orb.Bound // of the spots
}

// KindTally counts the rows by their class of one hazard; that of an area is its
// worst.
type KindTally struct {
	Kind     hazard.Kind
	Scenario hazard.Scenario
	Rows     [Slots]int
}

// Inside counts the rows in a zone.
func (k *KindTally) Inside() int {
	n := k.Rows[SlotUnknown]
	for _, rows := range k.Rows[1:SlotUnknown] {
		n += rows
	}
	return n
}

// TownTally counts the rows of a town by their class of the main hazard.
type TownTally struct {
	Name string
	Rows [Slots]int
}

func (t *TownTally) inside() int { return (&KindTally{Rows: t.Rows}).Inside() }

// Line is one row as a page shows it.
type Line struct {
	Number int // counted as a spreadsheet does, the header being 1
	Cells  []string
	Answer Answer
	Worst  []hazard.Finding // per kind, in the order of Kinds
}

// Spot is where some rows lie close together.
type Spot struct {
	At   geo.Point
	Rows int
	Slot int // the worst of the main hazard
}

// Bounds of what a tally keeps.
const (
	mostLines  = 200
	mostMarked = 50
	mostTowns  = 2000
	mostSpots  = 4000
	shownCells = 4
)

// Tally answers every row and counts the answers. Towns and spots are counted by
// one kind of hazard; 0 means the first of which anything is known.
func (s *Sheet) Tally(ctx context.Context, main hazard.Kind) (*Tally, error) {
	t := &tallying{sheet: s, towns: map[string]*TownTally{}, slots: map[*Verdict][]int{}, spots: map[geo.E7]*Spot{}, cell: 2500, line: 1}
	t.Columns, t.Bound = s.source.columns(), orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}
	for _, f := range s.kinds {
		t.Kinds = append(t.Kinds, KindTally{Kind: f.Kind, Scenario: f.Scenario})
	}
	t.Main = s.mainKind(main)
	var err error
	t.Count, err = s.run(ctx, nil, t.block)
	if err != nil {
		return nil, err
	}
	t.Towns = slices.SortedFunc(towns(t.towns), func(a, b TownTally) int {
		return cmp.Or(cmp.Compare(b.inside(), a.inside()), strings.Compare(a.Name, b.Name))
	})
	for _, at := range slices.SortedFunc(maps.Keys(t.spots), func(a, b geo.E7) int { return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon)) }) {
		t.Spots = append(t.Spots, *t.spots[at])
	}
	slices.SortStableFunc(t.Spots, func(a, b Spot) int { return cmp.Compare(severity(a.Slot), severity(b.Slot)) }) // the worst are drawn last
	return &t.Tally, nil
}

// mainKind returns the number of a kind, or of the first that a dataset has a
// source for.
func (s *Sheet) mainKind(main hazard.Kind) int {
	for i, f := range s.kinds {
		if f.Kind == main {
			return i
		}
	}
	for i, f := range s.kinds {
		for _, d := range s.datasets {
			if d.Index.Sourced().Has(f.Kind) {
				return i
			}
		}
	}
	return 0
}

func towns(all map[string]*TownTally) func(yield func(TownTally) bool) {
	return func(yield func(TownTally) bool) {
		for _, t := range all {
			if !yield(*t) {
				return
			}
		}
	}
}

// tallying is a tally in the making.
type tallying struct {
	Tally
	sheet *Sheet
	towns map[string]*TownTally
	slots map[*Verdict][]int // of the block at hand
	spots map[geo.E7]*Spot
	cell  int32 // size of a spot, in units of the lattice
	line  int
}

func (t *tallying) block(b *block) error {
	clear(t.slots)
	for i := range b.rows {
		t.line++
		r, a := &b.rows[i], &b.answers[i]
		if r.blank {
			continue
		}
		slots, ok := t.slots[a.Verdict]
		if !ok {
			slots = t.slotsOf(a.Verdict)
			t.slots[a.Verdict] = slots
		}
		for k, slot := range slots {
			t.Kinds[k].Rows[slot]++
		}
		t.town(a.Town, slots[t.Main])
		t.spot(a, slots[t.Main])
		marked := a.Fault != "" || a.Reason != ""
		if len(t.First) < mostLines {
			t.First = append(t.First, t.lineOf(r, a))
		}
		if marked && len(t.Marked) < mostMarked {
			t.Marked = append(t.Marked, t.lineOf(r, a))
		}
	}
	return nil
}

// slotsOf returns the slot of a verdict per kind.
func (t *tallying) slotsOf(v *Verdict) []int {
	slots := make([]int, len(t.Kinds))
	for i, f := range t.worst(v) {
		slots[i] = slotOf(f)
	}
	return slots
}

// worst returns the finding per kind, for an area that of its worst spot.
func (t *tallying) worst(v *Verdict) []hazard.Finding {
	all := make([]hazard.Finding, len(t.Kinds))
	for i, k := range t.Kinds {
		all[i] = hazard.Finding{Kind: k.Kind, Scenario: k.Scenario, Status: hazard.NoData} // of another dataset
	}
	findings := v.Findings
	if v.Ranges != nil {
		findings = view.WorstFindings(v.Ranges)
	}
	for _, f := range findings {
		if i := columnOf(t.sheet.kinds, f.Kind, f.Scenario); i >= 0 {
			all[i] = f
		}
	}
	return all
}

func slotOf(f hazard.Finding) int {
	switch {
	case f.Status == hazard.Inside && f.Rank == hazard.RankUnknown:
		return SlotUnknown
	case f.Status == hazard.Inside:
		return int(f.Rank)
	case f.Status == hazard.Outside:
		return SlotOutside
	case f.Status == hazard.NoData:
		return SlotNoData
	}
	return SlotUndecided
}

// severity puts the slots into order: what is not known is worse than outside
// and milder than a zone.
func severity(slot int) int {
	switch slot {
	case SlotNoData:
		return 1
	case SlotUndecided:
		return 2
	case SlotOutside:
		return 0
	}
	return 2 + slot
}

func (t *tallying) town(name string, slot int) {
	town := t.towns[name]
	if name == "" || (town == nil && len(t.towns) >= mostTowns) {
		t.NoTown++
		return
	}
	if town == nil {
		name = strings.Clone(name)
		town = &TownTally{Name: name}
		t.towns[name] = town
	}
	town.Rows[slot]++
}

// spot counts a row where it lies. When the spots become too many each is made
// larger.
func (t *tallying) spot(a *Answer, slot int) {
	if !a.HasPoint {
		return
	}
	t.Bound = t.Bound.Extend(orb.Point{a.At.Lon, a.At.Lat})
	t.addSpot(Spot{a.At, 1, slot})
	for len(t.spots) > mostSpots {
		t.cell *= 2
		before := t.spots
		t.spots = map[geo.E7]*Spot{}
		for _, s := range before {
			t.addSpot(*s)
		}
	}
}

func (t *tallying) addSpot(s Spot) {
	e := s.At.E7()
	key := geo.E7{Lon: e.Lon / t.cell, Lat: e.Lat / t.cell}
	have := t.spots[key]
	if have == nil {
		t.spots[key] = &s
		return
	}
	have.Rows += s.Rows
	if severity(s.Slot) > severity(have.Slot) {
		have.Slot, have.At = s.Slot, s.At
	}
}

// lineOf keeps what a page shows of a row, and not the block it lies in.
func (t *tallying) lineOf(r *row, a *Answer) Line {
	l := Line{Number: t.line, Answer: *a, Worst: t.worst(a.Verdict)}
	l.Answer.Match, l.Answer.Town = strings.Clone(a.Match), strings.Clone(a.Town)
	for _, cell := range r.cells[:min(len(r.cells), shownCells)] {
		l.Cells = append(l.Cells, strings.Clone(cell))
	}
	return l
}
