package preview

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
)

const drawing = `<svg class="map" viewBox="0 0 80 40" role="img"><title>t</title>` +
	`<path fill="#ffffff" d="M0 0h80v40H0z"/>` +
	`<defs><pattern id="a" width="4" height="4" patternUnits="userSpaceOnUse"><path fill="#00ff00" d="M0 0h4v4H0z"/></pattern></defs>` +
	`<path fill="url(#a)" d="M10 10h20v20h-20zM15 15v10h10v-10z"/>` + // with a hole
	`<path fill="none" stroke="#f00" stroke-width="4" d="M40 20h30"/>` +
	`<g lang="ja"><g><path fill="#000" d="M0 0h80v40H0z"/></g></g></svg>`

func TestPNGPaintsWhatTheDrawingSays(t *testing.T) {
	raw, err := PNG(drawing)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 40 || b.Dy() != 20 {
		t.Fatalf("%v, want 40 by 20 pixels", b)
	}
	green, red := color.RGBA{0, 255, 0, 255}, color.RGBA{255, 0, 0, 255}
	for _, tt := range []struct {
		name string
		x, y int
		want color.RGBA
	}{
		{"in the zone", 6, 6, green}, {"in its hole", 9, 9, white}, {"beside it", 3, 3, white},
		{"on the line", 25, 10, red}, {"beside the line", 25, 14, white}, {"under a sign", 39, 0, white},
	} {
		if got := color.RGBAModel.Convert(img.At(tt.x, tt.y)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func FuzzPNG(f *testing.F) {
	for _, s := range []string{"", "-1", "NaN", drawing, drawing[:90], `<svg viewBox="0 0 8 8"><path fill="#fff" d="M1e9 0l-1-1z"/>`,
		`<svg viewBox="0 0 8 8"><path stroke="#fff" stroke-width="NaN" d="M0 0l1 1"/><g `, `<svg viewBox="0 0 8 8"><pattern id="" width="3"/><path fill="url(#)" d="M0 0h8v8z"/>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		raw, err := PNG(s)
		if err == nil {
			_, err = png.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Errorf("PNG(%q) is no PNG: %v", s, err)
			}
		}
	})
}
