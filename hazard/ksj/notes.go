package ksj

import (
	"cmp"
	"slices"
)

// Note is something that was repaired or read with care, and how often.
type Note struct {
	What  string
	Count int
}

// What a decoder notes, in the words of the import table.
const (
	NoteRingClosed     = "open ring closed"
	NoteRingDropped    = "ring without area left out"
	NoteNoClass        = "no class in the record: kept as unknown"
	NoteClassText      = "class text not understood: kept as unknown"
	NoteOpenClass      = "class text without an upper bound: worst rank taken"
	NoteCollapseBoth   = "kind of house collapse unclear: kept as both"
	NoteHoleOutside    = "hole outside its shell left out"
	NoteHoleMoved      = "hole moved to the shell that holds it"
	NoteNoMunicipality = "area of no municipality left out"
)

type notes map[string]int

func (n notes) add(what string) { n[what]++ }

func (n notes) list() []Note {
	list := make([]Note, 0, len(n))
	for what, count := range n {
		list = append(list, Note{what, count})
	}
	slices.SortFunc(list, func(a, b Note) int { return cmp.Compare(a.What, b.What) })
	return list
}
