// Package geojson reads GeoJSON of any size, one feature at a time.
package geojson

import (
	"errors"
	"io"

	"hazardmap/geo"
)

// ErrNoFeatures reports JSON that is no GeoJSON of features, such as
// {"type":"unavailable"}.
var ErrNoFeatures = errors.New("no GeoJSON features")

// Reader reads the features of one file.
type Reader struct{ crs geo.CRS }

// Read reads the head of a GeoJSON text, in UTF-8 or CP932, up to its first
// feature. The name is for errors.
func Read(r io.Reader, name string) (*Reader, error) { return nil, errors.ErrUnsupported }

// CRS returns the coordinate reference system that the head names, "" if none.
func (r *Reader) CRS() geo.CRS { return r.crs }

// Features streams the features, once.
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {}
}
