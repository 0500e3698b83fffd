// Package preview turns a drawn map into the small picture that goes with a
// shared link: those who show it take no SVG.
//
// It knows just the paths that the drawing writes: whole numbers, M, l, h, v
// and z, plain colours and patterns. Signs and letters, which stand in groups,
// are left out; the words beside the link say what the picture cannot.
package preview

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
)

// PNG paints a drawn map. Its units are half pixels, which makes smooth edges.
func PNG(svg string) ([]byte, error) {
	_, rest, _ := strings.Cut(svg, `viewBox="0 0 `)
	size, rest, ok := strings.Cut(rest, `"`)
	var w, h int
	if _, err := fmt.Sscanf(size, "%d %d", &w, &h); err != nil || !ok || w < 2 || h < 2 || w > 4096 || h > 4096 {
		return nil, fmt.Errorf("not a drawn map: viewBox %q", size)
	}
	c := newCanvas(w, h)
	patterns := map[string]*canvas{}
	for {
		tag, after, ok := nextTag(rest)
		if !ok {
			break
		}
		rest = after
		switch {
		case strings.HasPrefix(tag, "<pattern "):
			inner, after, _ := strings.Cut(rest, "</pattern>")
			tile, err := paintPattern(tag, inner)
			if err != nil {
				return nil, err
			}
			patterns["url(#"+attribute(tag, "id")+")"] = tile
			rest = after
		case strings.HasPrefix(tag, "<g "):
			rest = afterGroup(rest)
		case strings.HasPrefix(tag, "<path "):
			if err := c.path(tag, patterns); err != nil {
				return nil, err
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, c.halved())
	return out.Bytes(), err
}

// nextTag returns the next opening tag and what follows it.
func nextTag(s string) (tag, after string, ok bool) {
	i := strings.IndexByte(s, '<')
	if i < 0 {
		return "", "", false
	}
	end := strings.IndexByte(s[i:], '>')
	if end < 0 {
		return "", "", false
	}
	return s[i : i+end+1], s[i+end+1:], true
}

// afterGroup returns what follows the end of a group that has begun.
func afterGroup(s string) string {
	for depth := 1; depth > 0; {
		tag, after, ok := nextTag(s)
		switch {
		case !ok:
			return ""
		case strings.HasPrefix(tag, "<g ") || tag == "<g>":
			depth++
		case tag == "</g>":
			depth--
		}
		s = after
	}
	return s
}

func attribute(tag, name string) string {
	_, rest, _ := strings.Cut(tag, " "+name+`="`)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// paintPattern paints one tile of a pattern.
func paintPattern(tag, inner string) (*canvas, error) {
	w, err := strconv.Atoi(attribute(tag, "width"))
	if err != nil || w < 1 || w > 256 {
		return nil, fmt.Errorf("pattern %s", tag)
	}
	c := newCanvas(w, w)
	for tag, rest, ok := nextTag(inner); ok; tag, rest, ok = nextTag(rest) {
		if err := c.path(tag, nil); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// path fills and strokes one path.
func (c *canvas) path(tag string, patterns map[string]*canvas) error {
	lines, err := readPath(attribute(tag, "d"))
	if err != nil {
		return err
	}
	fill := attribute(tag, "fill")
	if tile := patterns[fill]; tile != nil {
		c.fill(lines)
		c.paint(func(x, y int) (color.RGBA, uint8) {
			at := (y%tile.h)*tile.w + x%tile.w
			return tile.pix[at], tile.opaque[at]
		})
	} else if plain, ok := parseColor(fill); ok {
		c.fill(lines)
		c.paint(func(int, int) (color.RGBA, uint8) { return plain, 255 })
	}
	stroke, ok := parseColor(attribute(tag, "stroke"))
	dashes := attribute(tag, "stroke-dasharray") != ""
	if !ok || dashes && stroke == white {
		return nil // the light dashes of a railway are too fine for so small a picture
	}
	opacity := uint8(255)
	if v, err := strconv.ParseFloat(attribute(tag, "stroke-opacity"), 64); err == nil {
		opacity = uint8(255 * max(0, min(1, v)))
	}
	width, err := strconv.ParseFloat(attribute(tag, "stroke-width"), 64)
	if err != nil {
		width = 1
	}
	c.stroke(lines, width)
	c.paint(func(int, int) (color.RGBA, uint8) { return stroke, opacity })
	return nil
}

var white = color.RGBA{255, 255, 255, 255}

func parseColor(s string) (color.RGBA, bool) {
	hex, ok := strings.CutPrefix(s, "#")
	if !ok {
		return color.RGBA{}, false
	}
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 {
		return color.RGBA{}, false
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, true
}

// halved returns the picture with each pixel the mean of four units.
func (c *canvas) halved() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, c.w/2, c.h/2))
	for y := range c.h / 2 {
		for x := range c.w / 2 {
			var r, g, b int
			for i := range 4 {
				p := c.pix[(2*y+i/2)*c.w+2*x+i%2]
				r, g, b = r+int(p.R), g+int(p.G), b+int(p.B)
			}
			img.SetRGBA(x, y, color.RGBA{uint8(r / 4), uint8(g / 4), uint8(b / 4), 255})
		}
	}
	return img
}
