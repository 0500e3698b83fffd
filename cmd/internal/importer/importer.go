// Package importer turns published files, in whatever packing they come, into
// the contents of a dataset: it recognises each by what it holds, cuts it to
// the area, and accounts for every record.
//
// The files are walked twice: what is beyond the area is known only once its
// boundary has been found, and a boundary may come last.
package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hazardmap/geo/archive"
	"hazardmap/hazard"
	"hazardmap/mbtiles/dataset"
	"hazardmap/tiles"
)

// Options say what to import.
type Options struct {
	Area        string         // 5 digits of a municipality, 2 of a prefecture
	Sources     []string       // files, archives and folders
	Coverage    []CoverageFile // where other than all over the area a kind was surveyed
	SkipBad     bool           // go on without what cannot be understood
	Edition     string         // date of the dataset; "" means that of the newest source
	CreatedWith string         // program and version
	Invented    *Invented      // set for a city that does not exist
	Progress    dataset.Progress
}

// Invented is what the files of an invented city cannot say in formats made
// for real ones.
type Invented struct {
	Kana, Romaji string
	Source       hazard.Source // cited in place of the publishers whose formats the files borrow
	Base         []tiles.Feature
}

// CoverageFile names a file of polygons within which a kind was surveyed.
type CoverageFile struct {
	Kind hazard.Kind
	Path string
}

// Import is what was gathered: the contents of a dataset, and what could not be
// understood.
type Import struct {
	Contents dataset.Contents
	Bad      []error // files and records that were refused
}

// Errors that a person can act on; see the hints of the program.
var (
	ErrNoBoundary = errors.New("no source holds the boundary of the area")
	ErrBad        = errors.New("there are files or records that could not be understood")
)

// Gather reads every source. With ErrBad the import is returned too, so that
// its table can be shown.
func Gather(ctx context.Context, opts Options) (*Import, error) {
	g := &gatherer{ctx: ctx, opts: opts, found: map[string]finding{}}
	if g.opts.Progress == nil {
		g.opts.Progress = func(string, int, int) {}
	}
	if err := g.walk(g.survey); err != nil {
		return nil, err
	}
	if err := g.settleArea(); err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return g.walk(g.read) },
		g.readCoverage,
		g.buildGazetteer,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	result := &Import{Contents: g.contents(), Bad: g.bad}
	if len(g.bad) > 0 && !opts.SkipBad {
		return result, ErrBad
	}
	return result, nil
}

// gatherer holds what was read so far.
type gatherer struct {
	ctx  context.Context
	opts Options

	found      map[string]finding // by path of the member
	boundaries []boundaryFile
	sources    []*source
	bad        []error

	area hazard.Area
	near *neighbourhood
	cut  cutter

	zones      []hazard.Zone    // Source is the position in sources
	shelters   []hazard.Shelter // the same
	kinds      hazard.KindSet   // with a source that asked about the area
	incomplete hazard.KindSet
	unknownBad bool // something was refused that may have been any kind
	coverage   []hazard.Coverage
	gazetteer  gazetteerParts
	contacts   []dataset.Contact
	base       string
}

// walk calls fn with every member of every source. What is wrong with an
// archive as a whole is noted and the next source tried.
func (g *gatherer) walk(fn func(*archive.Member) error) error {
	for _, path := range g.opts.Sources {
		err := archive.Walk(g.ctx, path, fn)
		if g.ctx.Err() != nil {
			return g.ctx.Err()
		}
		if err != nil && !slices.ContainsFunc(g.bad, func(b error) bool { return b.Error() == err.Error() }) {
			g.refuseFile(path, err)
		}
	}
	return nil
}

// refuseFile notes a file that stays out as a whole.
func (g *gatherer) refuseFile(path string, err error) {
	g.unknownBad = true
	g.bad = append(g.bad, err)
	s := g.source(path, "refused", hazard.Source{Title: outerName(path)})
	s.refuse(err, path, 0)
}

// settleArea chooses the boundary of the area among those found: of several
// the finest.
func (g *gatherer) settleArea() error {
	best := -1
	for i := range g.boundaries {
		b := &g.boundaries[i]
		area, err := b.boundaries.Area(g.opts.Area)
		if err != nil {
			continue
		}
		if n := vertices(area.Boundary); n > best {
			best, g.area = n, area
		}
	}
	if best < 0 {
		if err := errors.Join(g.bad...); err != nil && !g.opts.SkipBad {
			return fmt.Errorf("area %s: %w; %w", g.opts.Area, ErrNoBoundary, err)
		}
		return fmt.Errorf("area %s: %w", g.opts.Area, ErrNoBoundary)
	}
	if invented := g.opts.Invented; invented != nil {
		g.area.Sample, g.area.Kana, g.area.Romaji = true, invented.Kana, invented.Romaji
	}
	g.near = newNeighbourhood(g.area.Boundary)
	g.cut = newCutter(g.near)
	return nil
}

// readCoverage completes what is known of where each kind was surveyed: all
// over the area unless a file says otherwise.
func (g *gatherer) readCoverage() error {
	given := g.settleKinds()
	incomplete := g.incomplete
	if g.unknownBad {
		incomplete = g.kinds
	}
	rest := g.kinds
	for _, c := range g.opts.Coverage {
		if !given.Has(c.Kind) {
			return fmt.Errorf("coverage of %s: no source of that kind was given", c.Kind)
		}
		area, err := g.polygons(c.Path)
		if err != nil {
			return fmt.Errorf("coverage of %s: %w", c.Kind, err)
		}
		rest &^= hazard.KindSet(0).With(c.Kind)
		g.coverage = append(g.coverage, hazard.Coverage{Kinds: hazard.KindSet(0).With(c.Kind), Area: area, Incomplete: incomplete.Has(c.Kind)})
	}
	for _, c := range []hazard.Coverage{{Kinds: rest &^ incomplete}, {Kinds: rest & incomplete, Incomplete: true}} {
		if c.Kinds != 0 {
			c.Area = g.area.Boundary
			g.coverage = append(g.coverage, c)
		}
	}
	slices.SortStableFunc(g.coverage, func(a, b hazard.Coverage) int { return cmp.Compare(a.Kinds, b.Kinds) })
	return nil
}

// contents puts everything into the order that depends on the files alone, not
// on how they were handed over.
func (g *gatherer) contents() dataset.Contents {
	order := make([]int, len(g.sources))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return g.sources[a].compare(g.sources[b]) })
	position := make([]int, len(order))
	c := dataset.Contents{Edition: g.opts.Edition, CreatedWith: g.opts.CreatedWith, BaseFile: g.base, Contacts: g.contacts}
	in := &hazard.Input{DatasetID: g.area.Code, Area: g.area, Zones: g.zones, Coverage: g.coverage, Places: g.gazetteer.places}
	for to, from := range order {
		position[from] = to
		s := g.sources[from]
		c.Sources = append(c.Sources, s.Source)
		in.Sources = append(in.Sources, s.cite)
		if g.opts.Edition == "" && s.Kept > 0 {
			c.Edition = max(c.Edition, s.Edition)
		}
	}
	for i := range in.Zones {
		in.Zones[i].Source = position[in.Zones[i].Source]
	}
	for _, s := range g.shelters {
		s.Source = position[s.Source]
		in.Shelters = append(in.Shelters, s)
	}
	hazard.SortZones(in.Zones)
	if g.opts.Invented != nil {
		c.Base = g.opts.Invented.Base
	}
	c.Input, c.Gazetteer, c.Places = in, g.gazetteer.index, g.gazetteer.features
	return c
}

// outerName returns the name of the file on disk that a member lies in.
func outerName(path string) string {
	disk, _, _ := strings.Cut(path, "!")
	return disk[strings.LastIndexAny(disk, `/\`)+1:]
}
