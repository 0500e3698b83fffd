package drawn

import (
	"io"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/tiles"
)

// Atlas draws the maps of one dataset. It keeps the tiles that were drawn, cut
// to what a picture can show, so that the next picture is a matter of copying.
// It is safe for many at once.
type Atlas struct {
	tilesets []string
	tile     func(set string, id tiles.ID) []byte
	border   []stretch

	pictures sync.Pool // *picture, for their memory

	mu           sync.Mutex
	young, older map[sheetKey]*sheet
	points       int // of the young
}

// sheetKey names a tile and how close it is looked at.
type sheetKey struct {
	set   string
	id    tiles.ID
	level uint8 // the whole zoom that is not less than the picture's
}

// mostPoints is how many points of sheets are kept at least, some 4 bytes each
// with little around them; twice as many at most.
const mostPoints = 2_000_000

// NewAtlas draws from tilesets, whose tiles a function returns raw or as nil,
// and the border of a municipality.
func NewAtlas(tilesets []string, tile func(set string, id tiles.ID) []byte, border orb.MultiPolygon) *Atlas {
	if tile == nil {
		tilesets = nil
	}
	a := &Atlas{tilesets: tilesets, tile: tile, young: map[sheetKey]*sheet{}}
	for _, polygon := range border {
		for _, ring := range polygon {
			a.border = appendStretches(a.border, orb.LineString(ring))
		}
	}
	return a
}

// sheet returns a tile ready for drawing. What was not asked for while one
// generation filled up is forgotten with the older one.
func (a *Atlas) sheet(key sheetKey) *sheet {
	a.mu.Lock()
	s, ok := a.young[key]
	if !ok {
		if s, ok = a.older[key]; ok {
			a.keep(key, s)
		}
	}
	a.mu.Unlock()
	if ok {
		return s
	}
	s = newSheet(key, a.tile(key.set, key.id))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.keep(key, s)
	return s
}

// keep stores a sheet; the caller holds the lock.
func (a *Atlas) keep(key sheetKey, s *sheet) {
	if a.points > mostPoints {
		a.older, a.young, a.points = a.young, map[sheetKey]*sheet{}, 0
	}
	a.young[key] = s
	a.points += s.points + 64
}

// Prepare makes the tiles ready that pictures of an area need at a zoom, until
// stop says so or as many are kept as may be.
func (a *Atlas) Prepare(area orb.Bound, s Scene, stop func() bool) {
	s.Shelters, s.Place = nil, nil
	step := float64(s.Width) / 2
	start := geo.Point{Lon: area.Min[0], Lat: area.Max[1]}
	for row := start; row.Lat > area.Min[1]; row = Move(row, s.Zoom, 0, step) {
		for at := row; at.Lon < area.Max[0]; at = Move(at, s.Zoom, step, 0) {
			if stop() || a.full() {
				return
			}
			s.Center = at
			if a.Draw(io.Discard, s) != nil {
				return
			}
		}
	}
}

func (a *Atlas) full() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.older != nil || a.points > mostPoints
}

// stretch is a short part of a long line, in the world as 1 unit wide.
type stretch struct {
	line orb.LineString
	box  orb.Bound
}

const stretchPoints = 32

func appendStretches(to []stretch, line orb.LineString) []stretch {
	for len(line) > 1 {
		n := min(stretchPoints, len(line)-1)
		s := stretch{line: make(orb.LineString, 0, n+1)}
		for _, at := range line[:n+1] {
			x, y := mercator(geo.Point{Lon: at[0], Lat: at[1]})
			s.line = append(s.line, orb.Point{x, y})
		}
		s.box = s.line.Bound()
		to, line = append(to, s), line[n:]
	}
	return to
}

// mercator returns a position in the world as 1 unit wide.
func mercator(at geo.Point) (x, y float64) {
	sin := math.Sin(at.Lat * math.Pi / 180)
	sin = max(-0.9999, min(0.9999, sin))
	return (at.Lon + 180) / 360, 0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)
}
