package view

import (
	g "maragu.dev/gomponents"

	"hazardmap/geo"
)

// A phone is no public terminal, and does not carry what only those show.

func KioskSheet() string { return "" }

func (v *visit) kioskPage() Page           { return v.fault(404, "error.not-found") }
func (v *visit) kioskData() g.Node         { return nil }
func (v *visit) doneButton() g.Node        { return nil }
func (v *visit) handOver(geo.Point) g.Node { return nil }
