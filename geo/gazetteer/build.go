//go:build !js

package gazetteer

import (
	"context"
	"io"

	"github.com/paulmach/orb"

	"hazardmap/geo"
)

// Options say what an index is about.
type Options struct {
	Code       string           // 5 digits of a municipality, 2 of a prefecture, "" for the nation
	Boundary   orb.MultiPolygon // of the municipality, if known: refuses rows outside, closes derived areas
	Name       string           // of an invented place that no register lists
	Kana       string
	Romaji     string
	Facilities []Facility
}

// Facility is a shelter or public facility that can be searched by its name.
type Facility struct {
	ID       string // unique in the index
	Name     string
	Kana     string
	English  string
	Position geo.Point
	Source   Source
}

// Format is a kind of published file that [Builder.Add] reads.
type Format uint8

// Count says what was done with the records of one file. Read = Kept +
// Repaired + Elsewhere + all Refused.
type Count struct {
	Read, Kept, Repaired int
	Elsewhere            int            // records of other municipalities
	Refused              map[string]int // by reason
}

// Recognise tells the format of a file by its first bytes (some kilobytes) and,
// where the content alone cannot tell, by its name.
func Recognise(name string, head []byte) (Format, bool) { return 0, false }

// Builder makes an index from published files.
type Builder struct{ opts Options }

// NewBuilder starts an index.
func NewBuilder(opts Options) *Builder { return &Builder{opts: opts} }

// Add reads one file. The source names it in the answers.
func (b *Builder) Add(name string, f Format, src Source, r io.Reader) (Count, error) {
	return Count{}, nil
}

// AddAreas reads polygons of towns from a file of any format: each record
// names its town in one of the usual columns.
func (b *Builder) AddAreas(name string, src Source, features geo.Features) (Count, error) {
	return Count{}, nil
}

// Area is the full shape of one place, for the hazards over it.
type Area struct {
	ID          string // of the place in the index
	Shape       orb.MultiPolygon
	Approximate bool // derived, not published
}

// Built is a finished index with the areas of its places.
type Built struct {
	Index []byte // places.idx
	Areas []Area
	Count Count // over all files
}

// Build joins what was added. The same files in any order give the same bytes.
func (b *Builder) Build(ctx context.Context) (*Built, error) { return &Built{}, nil }
