package web

import (
	"bytes"
	"image/color"
	"image/png"
	"math"
	"testing"
)

// TestIcons: each picture has its size; what a home screen may cut off holds
// nothing of the sign, and what it does not cut has clear corners.
func TestIcons(t *testing.T) {
	for name, draw := range drawnIcons() {
		t.Run(name, func(t *testing.T) {
			body, err := draw()
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			n := icons[name].pixels
			if b := img.Bounds(); b.Dx() != n || b.Dy() != n {
				t.Fatalf("%v, want %d pixels square", b, n)
			}
			if house := color.NRGBAModel.Convert(img.At(n/2, n/2)); house != (color.NRGBA{255, 255, 255, 255}) {
				t.Errorf("in the middle %v, want the white house", house)
			}
			_, _, _, alpha := img.At(0, 0).RGBA()
			if filled := alpha == 0xffff; filled != icons[name].filled {
				t.Errorf("the corner is %#x opaque, want filled %v", alpha, icons[name].filled)
			}
			for y := range n {
				for x := range n {
					r, g, b, _ := img.At(x, y).RGBA()
					outside := math.Hypot(float64(x)+0.5-float64(n)/2, float64(y)+0.5-float64(n)/2) > 0.4*float64(n)
					if name == "maskable" && outside && (color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}) != signBlue {
						t.Fatalf("at %d,%d, which may be cut off, stands a part of the sign", x, y)
					}
				}
			}
		})
	}
}
