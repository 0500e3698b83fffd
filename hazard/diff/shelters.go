package diff

import (
	"slices"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/hazard/area"
)

// Shelters is what became of the shelters. Those that are in neither list are
// as they were.
type Shelters struct {
	Gone    []area.Shelter // of the edition before, not found again
	New     []area.Shelter
	Changed []ShelterChange
}

// ShelterChange is a shelter of both editions that changed.
type ShelterChange struct {
	Before, After area.Shelter
	Moved         geo.Metres             // 0 where it stands where it stood
	Lost, Gained  []hazard.ShelterHazard // disasters that it is marked fit for
	Role          bool                   // 指定緊急避難場所 or 指定避難所, one of the two changed
	Renamed       bool
	Facts         bool                   // capacity, remarks, address, telephone or whom it accepts
	IntoZone      []hazard.ZoneRank      // zones it now stands in, or of a worse class than before
	OutOfZone     []hazard.ZoneRank      // zones it stood in, or of a milder class now, as they were
	NowMisplaced  []hazard.ShelterHazard // now stands in a zone of a disaster that it is marked fit for
	NowUnsure     []hazard.ShelterHazard // nobody knows any more whether it does
}

func (s *Shelters) changed() bool { return len(s.Gone)+len(s.New)+len(s.Changed) > 0 }

// movedFrom is how far a shelter must have moved: a position of another file
// may be that of the gate instead of the roof.
const movedFrom = 10

// compareShelters finds the shelters of one edition in the other: by their id,
// else by name and address, else by a name that no other has.
func compareShelters(before, after Edition) Shelters {
	old, now := area.Shelters(before.Index), area.Shelters(after.Index)
	match := map[int]int{} // of now, by old
	taken := map[int]bool{}
	for _, key := range []func(*area.Shelter) string{
		func(s *area.Shelter) string { return s.ID },
		func(s *area.Shelter) string { return s.Name + "\x00" + s.Address },
		func(s *area.Shelter) string { return s.Name },
	} {
		by := unique(now, key, func(i int) bool { return taken[i] })
		for k, i := range unique(old, key, func(i int) bool { _, ok := match[i]; return ok }) {
			if j, ok := by[k]; ok {
				match[i], taken[j] = j, true
			}
		}
	}
	var s Shelters
	for i := range old {
		j, found := match[i]
		if !found {
			s.Gone = append(s.Gone, old[i])
			continue
		}
		if c, changed := compareShelter(&old[i], &now[j]); changed {
			s.Changed = append(s.Changed, c)
		}
	}
	for j := range now {
		if !taken[j] {
			s.New = append(s.New, now[j])
		}
	}
	return s
}

// unique lists the shelters that are alone with their key.
func unique(list []area.Shelter, key func(*area.Shelter) string, done func(int) bool) map[string]int {
	by := map[string]int{}
	several := map[string]bool{}
	for i := range list {
		k := key(&list[i])
		if done(i) || k == "" {
			continue
		}
		if _, ok := by[k]; ok {
			several[k] = true
		}
		by[k] = i
	}
	for k := range several {
		delete(by, k)
	}
	return by
}

func compareShelter(old, now *area.Shelter) (ShelterChange, bool) {
	c := ShelterChange{Before: *old, After: *now}
	if d := old.At().Distance(now.At()); d > movedFrom {
		c.Moved = d
	}
	for d := range hazard.ShelterHazards {
		switch {
		case old.Fit(d) && !now.Fit(d):
			c.Lost = append(c.Lost, d)
		case now.Fit(d) && !old.Fit(d):
			c.Gained = append(c.Gained, d)
		}
	}
	c.Role = old.Emergency != now.Emergency || old.Evacuation != now.Evacuation
	c.Renamed = old.Name != now.Name
	c.Facts = old.Capacity != now.Capacity || old.Remarks != now.Remarks || old.Address != now.Address || old.Phone != now.Phone || old.Accepts != now.Accepts
	c.IntoZone, c.OutOfZone = worse(old.InZone, now.InZone), worse(now.InZone, old.InZone)
	c.NowMisplaced, c.NowUnsure = added(old.Misplaced, now.Misplaced), added(old.Unsure, now.Unsure)
	return c, c.Moved > 0 || len(c.Lost)+len(c.Gained)+len(c.IntoZone)+len(c.OutOfZone)+len(c.NowMisplaced)+len(c.NowUnsure) > 0 || c.Role || c.Renamed || c.Facts
}

// added lists the disasters of b that a has not.
func added(a, b []hazard.ShelterHazard) []hazard.ShelterHazard {
	return slices.DeleteFunc(slices.Clone(b), func(d hazard.ShelterHazard) bool { return slices.Contains(a, d) })
}

// worse lists the zones of b that a has not, or has with a milder class.
func worse(a, b []hazard.ZoneRank) []hazard.ZoneRank {
	var list []hazard.ZoneRank
	for _, z := range b {
		rank := uint8(0)
		for _, other := range a {
			if other.Kind == z.Kind && other.Scenario == z.Scenario {
				rank = other.Rank
			}
		}
		if z.Rank > rank {
			list = append(list, z)
		}
	}
	return list
}
