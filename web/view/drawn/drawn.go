// Package drawn draws the map as one inline SVG: zones in their official
// colours with patterns, the place, shelters, names, scale, north.
//
// It reads the same vector tiles as the live map, so both show the same, and
// needs no script, no font and no second request. The picture serves the
// answer page, print and devices without WebGL2 alike.
package drawn

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/tiles"
)

// Scene is what to draw.
type Scene struct {
	Center        geo.Point
	Zoom          float64 // 256 pixels a tile at this zoom
	Width, Height int     // pixels
	Kinds         []hazard.Kind
	Second        bool             // the second palette
	Place         *geo.Point       // the place asked about
	Frame         orb.Bound        // of the area asked about; empty for none
	Boundary      orb.MultiPolygon // of the municipality
	Shelters      []Shelter
	Tilesets      []string
	Tile          func(set string, id tiles.ID) []byte // nil for none
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
	b     strings.Builder
	s     Scene
	west  float64 // of the picture, in units of the world at this zoom
	north float64
	world float64 // units around the world
	view  orb.Bound
}

// Draw returns the picture.
func Draw(s Scene) string { return DrawOver(s, Ground(s)) }

// Ground draws what many pictures share: zones, base map, names. It depends on
// the middle, the zoom, the size, the kinds and the palette alone.
func Ground(s Scene) string {
	p := newPicture(s)
	layers := p.load()
	p.ground(layers)
	p.zones(layers)
	p.lines(layers)
	p.outline()
	p.names(layers)
	return p.b.String()
}

// DrawOver draws what belongs to one place over a ground that [Ground] drew
// for the same middle, zoom and size.
func DrawOver(s Scene, ground string) string {
	p := newPicture(s)
	p.b.Grow(len(ground) + 4096)
	p.open()
	p.b.WriteString(ground)
	p.frame()
	p.signs()
	p.furniture()
	p.b.WriteString("</svg>")
	return p.b.String()
}

func newPicture(s Scene) *picture {
	p := &picture{s: s, world: 256 * unit * math.Exp2(s.Zoom)}
	cx, cy := p.project(s.Center)
	p.west, p.north = cx-float64(s.Width*unit)/2, cy-float64(s.Height*unit)/2
	const margin = 8
	p.view = orb.Bound{Min: orb.Point{-margin, -margin}, Max: orb.Point{float64(s.Width*unit + margin), float64(s.Height*unit + margin)}}
	return p
}

// Snap moves the middle of a picture to a grid of so many pixels, so that the
// pictures of neighbours share their ground.
func Snap(center geo.Point, zoom float64, pixels int) geo.Point {
	p := picture{world: 256 * math.Exp2(zoom)}
	x, y := p.project(center)
	step := float64(pixels)
	return Move(center, zoom, math.Round(x/step)*step-x, math.Round(y/step)*step-y)
}

// project returns a position in units of the world at this zoom.
func (p *picture) project(at geo.Point) (x, y float64) {
	sin := math.Sin(at.Lat * math.Pi / 180)
	sin = max(-0.9999, min(0.9999, sin))
	x = (at.Lon + 180) / 360 * p.world
	y = (0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * p.world
	return x, y
}

// at returns a position in units of the picture.
func (p *picture) at(q geo.Point) (x, y float64) {
	x, y = p.project(q)
	return x - p.west, y - p.north
}

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
			p.b.WriteString(v)
		case int:
			p.b.WriteString(strconv.Itoa(v))
		}
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

func escape(s string) string { return escaper.Replace(s) }

// metresPerPixel at the middle of the picture.
func (p *picture) metresPerPixel() float64 {
	return 2 * math.Pi * 6378137 * math.Cos(p.s.Center.Lat*math.Pi/180) / (p.world / unit)
}
