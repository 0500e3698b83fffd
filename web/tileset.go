package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// tileset is one tileset of a dataset as it is served.
type tileset struct {
	pack    *pack
	meta    mbtiles.Metadata
	format  tileFormat
	windows [tiles.DeepestZoom + 1]window // where a tile that is absent is empty, and not unknown
}

// tileFormat says how the tiles of a format are named and sent.
type tileFormat struct {
	ext         string
	contentType []string
	vector      bool // kept and sent as gzip
}

func formatOf(name string) (tileFormat, error) {
	switch name {
	case "pbf", "mvt":
		return tileFormat{"mvt", []string{"application/vnd.mapbox-vector-tile"}, true}, nil
	case "png":
		return tileFormat{"png", []string{"image/png"}, false}, nil
	case "jpg", "jpeg":
		return tileFormat{"jpg", []string{"image/jpeg"}, false}, nil
	case "webp":
		return tileFormat{"webp", []string{"image/webp"}, false}, nil
	}
	return tileFormat{}, fmt.Errorf("tiles of format %q are not served", name)
}

// openTileset lays the tiles of an archive out for serving. Whatever has to be
// compressed is compressed here, once.
func openTileset(ctx context.Context, a Archive) (*tileset, error) {
	t := &tileset{meta: a.Metadata()}
	var err error
	if t.format, err = formatOf(t.meta.Format); err != nil {
		return nil, err
	}
	w, err := newPackWriter()
	if err != nil {
		return nil, err
	}
	for stored, err := range a.All(ctx) {
		if err != nil {
			return nil, w.abort(err)
		}
		body := stored.Data
		if t.format.vector {
			if body, err = gzipped(stored); err != nil {
				return nil, w.abort(fmt.Errorf("tile %v: %w", stored.ID, err))
			}
		}
		if err := w.add(stored.ID, body); err != nil {
			return nil, w.abort(err)
		}
		if z := stored.ID.Z; t.meta.Bounds == [4]float64{} {
			t.windows[z] = t.windows[z].with(stored.ID)
		}
	}
	if t.meta.Bounds != [4]float64{} {
		for z := t.meta.MinZoom; z <= min(t.meta.MaxZoom, tiles.DeepestZoom); z++ {
			t.windows[z] = windowOf(t.meta.Bounds, z)
		}
	}
	t.pack, err = w.finish()
	return t, err
}

// maxRawTile bounds what one tile may inflate to.
const maxRawTile = 4 << 20

// gzipped returns a vector tile as it is sent.
func gzipped(stored mbtiles.Stored) ([]byte, error) {
	raw := stored.Data
	switch stored.Encoding {
	case mbtiles.Gzip:
		return stored.Data, nil
	case mbtiles.Zlib:
		z, err := zlib.NewReader(bytes.NewReader(stored.Data))
		if err != nil {
			return nil, err
		}
		if raw, err = readTile(z); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, err := z.Write(raw)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// readTile reads a tile that is being inflated, up to [maxRawTile].
func readTile(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxRawTile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxRawTile {
		return nil, fmt.Errorf("inflates to more than %d bytes", maxRawTile)
	}
	return raw, nil
}

// window is the tiles of one zoom from the north-west to the south-east one.
type window struct {
	minX, minY, endX, endY uint32 // the ends are not inside; zero holds nothing
}

func (w window) holds(id tiles.ID) bool {
	return id.X >= w.minX && id.X < w.endX && id.Y >= w.minY && id.Y < w.endY
}

func (w window) with(id tiles.ID) window {
	if w == (window{}) {
		return window{id.X, id.Y, id.X + 1, id.Y + 1}
	}
	return window{min(w.minX, id.X), min(w.minY, id.Y), max(w.endX, id.X+1), max(w.endY, id.Y+1)}
}

// windowOf returns the tiles that meet west, south, east, north in degrees.
func windowOf(bounds [4]float64, z uint8) window {
	side := math.Exp2(float64(z))
	column := func(lon float64) uint32 { return clampTile((lon+180)/360*side, side) }
	row := func(lat float64) uint32 {
		sin := math.Sin(lat * math.Pi / 180)
		return clampTile((0.5-math.Log((1+sin)/(1-sin))/(4*math.Pi))*side, side)
	}
	return window{column(bounds[0]), row(bounds[3]), column(bounds[2]) + 1, row(bounds[1]) + 1}
}

func clampTile(v, side float64) uint32 {
	return uint32(max(0, min(side-1, v))) // Inf at the poles is clamped too
}

// plainAttribution returns the words of an attribution, which a file may give
// as HTML, so that no markup of a file reaches a page.
func plainAttribution(s string) string {
	var out strings.Builder
	for s != "" {
		text, rest, tagged := strings.Cut(s, "<")
		out.WriteString(text)
		if !tagged {
			break
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	return html.EscapeString(strings.Join(strings.Fields(html.UnescapeString(out.String())), " "))
}
