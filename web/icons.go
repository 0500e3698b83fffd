package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http"
	"sync"

	"github.com/gorilla/mux"
)

// The sign of the site as the pages show it: a shield with a house above the
// water, in a square of 32 units.
var (
	signBlue  = color.RGBA{0x12, 0x39, 0x5b, 0xff}
	signWater = color.RGBA{0x7f, 0xc4, 0xf0, 0xff}
	signHouse = [][2]float64{{16, 7}, {25, 15}, {22, 15}, {22, 21}, {10, 21}, {10, 15}, {7, 15}}
)

// icons are the pictures for home screens: how many pixels, and how much of
// the square the sign takes. A maskable icon may be cut to any shape, so its
// sign keeps to the middle and its ground reaches the edges.
var icons = map[string]struct {
	pixels int
	share  float64
	filled bool
}{
	"180":      {180, 0.8, true},
	"192":      {192, 1, false},
	"512":      {512, 1, false},
	"maskable": {512, 0.62, true},
}

// icon answers a picture, which we draw ourselves.
func (s *server) icon(r *http.Request, _ *openSet) (reply, error) {
	name := mux.Vars(r)["icon"]
	draw, ok := s.icons[name]
	if !ok {
		return reply{}, notFound("")
	}
	body, err := draw()
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: body, header: map[string]string{"Content-Type": "image/png", "Cache-Control": "public, max-age=86400"}}, nil
}

// drawnIcons draws each picture when it is first asked for.
func drawnIcons() map[string]func() ([]byte, error) {
	drawn := map[string]func() ([]byte, error){}
	for name := range icons {
		drawn[name] = sync.OnceValues(func() ([]byte, error) { return drawIcon(name) })
	}
	return drawn
}

// finer is how many samples of a pixel are taken in each direction.
const finer = 4

func drawIcon(name string) ([]byte, error) {
	icon := icons[name]
	img := image.NewNRGBA(image.Rect(0, 0, icon.pixels, icon.pixels))
	scale := 32 / (float64(icon.pixels) * icon.share)
	middle := float64(icon.pixels) / 2
	for y := range icon.pixels {
		for x := range icon.pixels {
			var r, g, b, seen int
			for i := range finer * finer {
				u := (float64(x)+(float64(i%finer)+0.5)/finer-middle)*scale + 16
				v := (float64(y)+(float64(i/finer)+0.5)/finer-middle)*scale + 16
				c, ok := signAt(u, v, icon.filled)
				if ok {
					r, g, b, seen = r+int(c.R), g+int(c.G), b+int(c.B), seen+1
				}
			}
			if seen > 0 {
				img.SetNRGBA(x, y, color.NRGBA{uint8(r / seen), uint8(g / seen), uint8(b / seen), uint8(seen * 255 / (finer * finer))})
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// signAt returns the colour of the sign at a place, and whether there is any.
func signAt(x, y float64, filled bool) (color.RGBA, bool) {
	switch {
	case inHouse(x, y):
		return color.RGBA{0xff, 0xff, 0xff, 0xff}, true
	case x >= 6 && x <= 26 && math.Abs(y-22-1.25*math.Sin((x-6)*2*math.Pi/10-math.Pi/2)) < 1.2:
		return signWater, true
	case filled || inShield(x, y):
		return signBlue, true
	}
	return color.RGBA{}, false
}

func inHouse(x, y float64) bool {
	inside := false
	for i, p := range signHouse {
		q := signHouse[(i+1)%len(signHouse)]
		if (p[1] > y) != (q[1] > y) && x < p[0]+(y-p[1])/(q[1]-p[1])*(q[0]-p[0]) {
			inside = !inside
		}
	}
	return inside
}

// inShield: a roof above, straight sides, an arc below.
func inShield(x, y float64) bool {
	half := math.Abs(x - 16)
	switch {
	case half > 14 || y < 1:
		return false
	case y < 8:
		return half <= (y-1)*2
	case y < 17:
		return true
	}
	return (half/14)*(half/14)+((y-17)/14)*((y-17)/14) <= 1
}
