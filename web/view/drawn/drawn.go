// Package drawn draws the map as one inline SVG: zones in their official
// colours with patterns, the place, shelters, names, scale, north.
//
// It reads the same vector tiles as the live map, so both show the same, and
// needs no script, no font and no second request. The picture serves the
// answer page, print and devices without WebGL2 alike.
package drawn

import (
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// Scene is what to draw.
type Scene struct {
	Center        geo.Point
	Zoom          float64 // 256 pixels a tile at this zoom
	Width, Height int     // pixels
	Kinds         []hazard.Kind
	Second        bool        // the second palette
	Place         *geo.Point  // the place asked about
	Frame         orb.Bound   // of the area asked about; empty for none
	Town          string      // its id: where its border is known, that is drawn instead
	Outline       []geo.Point // of an area that was drawn
	Spots         []Spot
	Shelters      []Shelter
	Words         Words
}

// Shelter is one sign on the map.
type Shelter struct {
	At    geo.Point
	Label string // its number in the list, or ""
	Fit   bool   // for the hazard asked about
}

// Words are the texts in the picture, in the page's language.
type Words struct {
	Title, Desc string // for those who cannot see it
	North       string
	Scale       func(metres int) string
}

// unit is how many units of the picture make a pixel: coordinates are whole
// numbers of half pixels.
const unit = 2

// ids must be unique in a page, which may hold two pictures.
const idPrefix = "m"

type picture struct {
	a     *Atlas
	s     Scene
	b     []byte  // the picture so far
	west  float64 // of the picture, in units of the world at this zoom
	north float64
	world float64 // units around the world
	view  box

	sheets     []placed
	data       []byte // of the paths in hand
	ring, cut  []dot  // scratch
	hasBase    bool
	namedPlace bool
}

// Draw writes the picture.
func (a *Atlas) Draw(w io.Writer, s Scene) error {
	p, ok := a.pictures.Get().(*picture)
	if !ok {
		p = &picture{}
	}
	defer a.pictures.Put(p)
	p.begin(a, s)
	p.open()
	p.load()
	p.ground()
	p.zones()
	p.lines()
	p.outline()
	p.names()
	p.frame()
	p.drawnArea()
	p.spots()
	p.signs()
	p.furniture()
	p.b = append(p.b, "</svg>"...)
	_, err := w.Write(p.b)
	return err
}

// begin makes a picture of another scene, in the memory of the one before.
func (p *picture) begin(a *Atlas, s Scene) {
	*p = picture{a: a, s: s, world: 256 * unit * math.Exp2(s.Zoom),
		b: p.b[:0], data: p.data[:0], ring: p.ring[:0], cut: p.cut[:0], sheets: p.sheets[:0]}
	cx, cy := p.project(s.Center)
	p.west, p.north = cx-float64(s.Width*unit)/2, cy-float64(s.Height*unit)/2
	const margin = 8
	p.view = box{-margin, -margin, int32(s.Width*unit + margin), int32(s.Height*unit + margin)}
}

// Snap moves the middle of a picture to a grid of so many pixels, so that
// neighbours see the same ground.
func Snap(center geo.Point, zoom float64, pixels int) geo.Point {
	p := picture{world: 256 * math.Exp2(zoom)}
	x, y := p.project(center)
	step := float64(pixels)
	return Move(center, zoom, math.Round(x/step)*step-x, math.Round(y/step)*step-y)
}

// project returns a position in units of the world at this zoom.
func (p *picture) project(at geo.Point) (x, y float64) {
	x, y = mercator(at)
	return x * p.world, y * p.world
}

// at returns a position in units of the picture.
func (p *picture) at(q geo.Point) (x, y int) {
	wx, wy := p.project(q)
	return round(wx - p.west), round(wy - p.north)
}

func (p *picture) holds(x, y int) bool {
	return p.view.holds(box{int32(x), int32(y), int32(x), int32(y)})
}

func round(v float64) int { return int(math.Round(v)) }

// Move returns the middle of the picture after a step of so many pixels.
func Move(center geo.Point, zoom, dx, dy float64) geo.Point {
	world := 256 * math.Exp2(zoom)
	p := picture{world: world}
	x, y := p.project(center)
	x, y = x+dx, y+dy
	lat := math.Atan(math.Sinh(math.Pi*(1-2*y/world))) * 180 / math.Pi
	return geo.Point{Lon: x/world*360 - 180, Lat: lat}
}

func (p *picture) open() {
	w, h := p.s.Width*unit, p.s.Height*unit
	p.write(`<svg class="map" viewBox="0 0 `, w, " ", h, `" role="img" aria-labelledby="`, idPrefix, `t" aria-describedby="`, idPrefix, `d"><title id="`, idPrefix, `t">`,
		escape(p.s.Words.Title), `</title><desc id="`, idPrefix, `d">`, escape(p.s.Words.Desc), `</desc>`)
	p.write(`<path fill="#f4f2ec" d="M0 0h`, w, "v", h, `H0z"/>`)
}

// write appends strings and whole numbers.
func (p *picture) write(parts ...any) {
	for _, part := range parts {
		switch v := part.(type) {
		case string:
			p.b = append(p.b, v...)
		case int:
			p.b = strconv.AppendInt(p.b, int64(v), 10)
		}
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func escape(s string) string { return escaper.Replace(s) }

// metresPerPixel at the middle of the picture.
func (p *picture) metresPerPixel() float64 {
	return 2 * math.Pi * 6378137 * math.Cos(p.s.Center.Lat*math.Pi/180) / (p.world / unit)
}
