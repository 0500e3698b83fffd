//go:build !js

package tiles

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Risks is what a [Checker] asks of the look-up index.
type Risks interface {
	At(dst []hazard.Hit, p geo.E7) []hazard.Hit
	Near(p geo.E7, k hazard.Kind, s hazard.Scenario, within geo.Metres) uint8
}

// CheckOptions tune a check. The zero value is ready to use.
type CheckOptions struct {
	Cut    CutOptions // as the tiles were cut
	Points int        // sample points; 0 means 100,000
}

// Checker proves tiles against the zones and the index that they stand for:
// every zone has a trace at every zoom, no sample point is shown milder than it
// is, and at the exact zooms a point is shown as it is unless a border runs
// within half a unit of it.
//
// Give it every tile of a theme, in any order and from any goroutine, then ask
// for the report: a tile that was not given is one that shows nothing.
type Checker struct {
	zones    []hazard.Zone
	risks    Risks
	cut      CutOptions
	groups   []group
	probes   []probe
	tiles    map[ID][]int32 // the probes of each tile
	near     map[ID][]int32 // the zones that reach into each tile of nearZoom, or close to it
	boxes    []orb.Bound    // of each zone
	outlines [][]stretch    // of each zone

	mu     sync.Mutex
	report CheckReport
	traced map[uint8][]bool // by exact zoom
}

// probe is a place with what is true there.
type probe struct {
	at    geo.E7
	truth []class // by group
	zone  int     // the zone of which the place is a corner, or -1
}

// CheckReport is what a [Checker] saw.
type CheckReport struct {
	Points int         `json:"points"`
	Zones  int         `json:"zones"`
	Zooms  []ZoomCheck `json:"zooms"`
}

// ZoomCheck is the report of one zoom. A point counts once per kind and
// scenario.
type ZoomCheck struct {
	Zoom         uint8 `json:"zoom"`
	Tiles        int   `json:"tiles"`
	Wet          int   `json:"wet"`           // points inside a zone
	DryShown     int   `json:"dry_shown"`     // of these, shown as no zone
	Milder       int   `json:"milder"`        // of these, shown as a milder class
	Outside      int   `json:"outside"`       // points outside every zone
	FalseWet     int   `json:"false_wet"`     // of these, shown as a zone
	Worse        int   `json:"worse"`         // points shown worse than they are, false wet included
	Far          int   `json:"far"`           // misses that no border within reach excuses
	WithoutTrace int   `json:"without_trace"` // zones
	exact        bool
}

// Err returns why the tiles cannot be relied on, if so.
func (r CheckReport) Err() error {
	var errs []error
	for _, z := range r.Zooms {
		if z.WithoutTrace > 0 {
			errs = append(errs, fmt.Errorf("zoom %d: %d zones without a trace", z.Zoom, z.WithoutTrace))
		}
		if !z.exact && z.DryShown+z.Milder > 0 {
			errs = append(errs, fmt.Errorf("zoom %d: %d points shown dry, %d milder than they are", z.Zoom, z.DryShown, z.Milder))
		}
		if z.Far > 0 {
			errs = append(errs, fmt.Errorf("zoom %d: %d points shown wrong with no border near", z.Zoom, z.Far))
		}
	}
	return errors.Join(errs...)
}

// NewChecker prepares a check. A zone's number is its position in zones.
func NewChecker(zones []hazard.Zone, risks Risks, opts CheckOptions) *Checker {
	c := &Checker{zones: zones, risks: risks, cut: opts.Cut.withDefaults(), tiles: map[ID][]int32{}, traced: map[uint8][]bool{}}
	c.near, c.boxes, c.outlines = map[ID][]int32{}, make([]orb.Bound, len(zones)), make([][]stretch, len(zones))
	for i := range zones {
		z := &zones[i]
		if c.drawn(z) && z.Shape != nil {
			c.boxes[i], c.outlines[i] = z.Shape.Bound(), stretches(z.Shape)
			c.addNear(int32(i), c.boxes[i])
		}
		if c.drawn(z) && !slices.Contains(c.groups, group{z.Kind, z.Scenario}) {
			c.groups = append(c.groups, group{z.Kind, z.Scenario})
		}
	}
	points := opts.Points
	if points == 0 {
		points = 100_000
	}
	c.sample(points)
	for z := c.cut.MinZoom; z <= c.cut.MaxZoom; z++ {
		exact := z >= c.cut.ExactZoom
		if exact {
			c.traced[z] = make([]bool, len(zones))
		}
		c.report.Zooms = append(c.report.Zooms, ZoomCheck{Zoom: z, exact: exact})
		for i, p := range c.probes {
			if !exact || p.zone < 0 {
				id := tileOf(p.at, z)
				c.tiles[id] = append(c.tiles[id], int32(i))
			}
		}
	}
	return c
}

// nearZoom: its tiles sort zones by place.
const nearZoom = 14

// addNear notes a zone in every tile that it comes within a few units of.
func (c *Checker) addNear(zone int32, b orb.Bound) {
	const n = 1 << nearZoom
	const room = 0.001
	low, high := project(b.Min[0], b.Max[1]), project(b.Max[0], b.Min[1])
	for x := tileAt(low.x*n-room, n); x <= tileAt(high.x*n+room, n); x++ {
		for y := tileAt(low.y*n-room, n); y <= tileAt(high.y*n+room, n); y++ {
			id := ID{nearZoom, x, y}
			c.near[id] = append(c.near[id], zone)
		}
	}
}

// drawn reports whether the zone belongs to the theme that is checked.
func (c *Checker) drawn(z *hazard.Zone) bool {
	return c.cut.Theme == "" || z.Kind.Theme() == c.cut.Theme
}

func tileOf(p geo.E7, zoom uint8) ID {
	x, y := unitsAt(p, zoom)
	n := uint32(1) << zoom
	return ID{zoom, tileAt(x/Extent, n), tileAt(y/Extent, n)}
}

// sample chooses a corner of every zone and places in, on and around zones,
// always the same ones.
func (c *Checker) sample(points int) {
	random := rand.New(rand.NewPCG(36, 139))
	var drawn []int
	for i := range c.zones {
		if c.drawn(&c.zones[i]) && c.zones[i].Shape != nil {
			drawn = append(drawn, i)
		}
	}
	if len(drawn) == 0 {
		return
	}
	for _, i := range drawn {
		z := &c.zones[i]
		truth := make([]class, len(c.groups))
		truth[slices.Index(c.groups, group{z.Kind, z.Scenario})] = classOf(z)
		c.probes = append(c.probes, probe{corner(z.Shape, random), truth, i})
	}
	for n := range points {
		z := &c.zones[drawn[random.IntN(len(drawn))]]
		b := z.Shape.Bound()
		at := geo.Point{Lon: b.Min[0] + random.Float64()*(b.Max[0]-b.Min[0]), Lat: b.Min[1] + random.Float64()*(b.Max[1]-b.Min[1])}
		switch n % 10 {
		case 0: // on an edge, which belongs to the zone
			c.addPoint(corner(z.Shape, random))
			continue
		case 1, 2: // around it
			at.Lon += random.NormFloat64() * 0.002
			at.Lat += random.NormFloat64() * 0.002
		}
		c.addPoint(at.E7())
	}
}

// addPoint notes what the index says about a place.
func (c *Checker) addPoint(p geo.E7) {
	truth := make([]class, len(c.groups))
	for _, hit := range c.risks.At(nil, p) {
		z := &c.zones[hit.Zone]
		if i := slices.Index(c.groups, group{z.Kind, z.Scenario}); i >= 0 {
			truth[i] = max(truth[i], classOf(z))
		}
	}
	c.probes = append(c.probes, probe{p, truth, -1})
	c.report.Points++
}

// corner returns a corner of a shape.
func corner(g orb.Geometry, random *rand.Rand) geo.E7 {
	var points []orb.Point
	switch g := g.(type) {
	case orb.MultiPolygon:
		points = g[random.IntN(len(g))][0]
	case orb.Polygon:
		points = g[0]
	case orb.MultiLineString:
		points = g[random.IntN(len(g))]
	case orb.LineString:
		points = g
	}
	if len(points) == 0 {
		b := g.Bound()
		return geo.Point{Lon: b.Min[0], Lat: b.Min[1]}.E7()
	}
	p := points[random.IntN(len(points))]
	return geo.Point{Lon: p[0], Lat: p[1]}.E7()
}

// Tile checks one tile. It returns an error where the tile itself is wrong;
// what it shows is counted for the report.
func (c *Checker) Tile(id ID, t Tile) error {
	if id.Z < c.cut.MinZoom || id.Z > c.cut.MaxZoom {
		return fmt.Errorf("tile %v: zoom was not cut", id)
	}
	v, err := newTileView(t, c.groups)
	if err != nil {
		return fmt.Errorf("tile %v: %w", id, err)
	}
	exact := id.Z >= c.cut.ExactZoom
	for _, z := range v.zones {
		if err := c.checkAttributes(z, exact); err != nil {
			return fmt.Errorf("tile %v: %w", id, err)
		}
	}
	c.mu.Lock()
	probes := c.tiles[id]
	delete(c.tiles, id)
	c.mu.Unlock()
	counts := c.count(id, v, probes)

	c.mu.Lock()
	defer c.mu.Unlock()
	counts.Tiles = 1
	c.report.Zooms[id.Z-c.cut.MinZoom].add(counts)
	if exact {
		for _, z := range v.zones {
			c.traced[id.Z][z.Zone] = true
		}
	}
	return nil
}

// checkAttributes compares what a feature says with its zone.
func (c *Checker) checkAttributes(f ZoneFeature, exact bool) error {
	if !exact {
		if f.Zone >= 0 {
			return errors.New("an overview carries ids")
		}
		return nil
	}
	if f.Zone < 0 || f.Zone >= len(c.zones) {
		return fmt.Errorf("there is no zone %d", f.Zone)
	}
	z := &c.zones[f.Zone]
	if z.Kind != f.Kind || z.Scenario != f.Scenario || classOf(z) != f.class() || z.River != f.River {
		return fmt.Errorf("zone %d is %v %v rank %d of %q, the tile says %v %v rank %d of %q",
			f.Zone, z.Kind, z.Scenario, z.Rank, z.River, f.Kind, f.Scenario, f.Rank, f.River)
	}
	return nil
}

func (z *ZoomCheck) add(n ZoomCheck) {
	z.Tiles += n.Tiles
	z.Wet += n.Wet
	z.DryShown += n.DryShown
	z.Milder += n.Milder
	z.Outside += n.Outside
	z.FalseWet += n.FalseWet
	z.Worse += n.Worse
	z.Far += n.Far
	z.WithoutTrace += n.WithoutTrace
}

// Report returns what was seen, once all tiles were given.
func (c *Checker) Report() CheckReport {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, probes := range c.tiles {
		counts := c.count(id, &tileView{}, probes)
		c.report.Zooms[id.Z-c.cut.MinZoom].add(counts)
	}
	clear(c.tiles)
	c.report.Zones = 0
	for i := range c.zones {
		if !c.drawn(&c.zones[i]) {
			continue
		}
		c.report.Zones++
		for z, traced := range c.traced {
			if !traced[i] {
				c.report.Zooms[z-c.cut.MinZoom].WithoutTrace++
			}
		}
	}
	clear(c.traced)
	return c.report
}
