package web

import (
	"hazardmap/geo"
	"hazardmap/hazard"
)

// Dataset is what the server needs of one open dataset.
type Dataset struct {
	ID      string // "10204"
	Version string // hash of the manifest; part of every tile address
	Edition string // "2026-04-01"
	Area    hazard.Area
	Risks   Risks
	Close   func() error // called after the last request that used it; may be nil
}

// Risks answers what may happen at a position.
type Risks interface {
	Answer(at geo.Point, home hazard.Home) hazard.Answer
}
