// Package gml reads the GML of 国土数値情報 (JPGIS 2.1) and the CityGML of PLATEAU,
// one feature at a time.
package gml

import (
	"errors"
	"io"

	"hazardmap/geo"
)

// ErrNoFeatures reports XML that is not a data set of features: a KS-META
// file, for one, holds metadata.
var ErrNoFeatures = errors.New("no GML features")

// Reader reads the features of one file.
type Reader struct{ element string }

// Read reads the head of a GML text, in UTF-8 or CP932. The name is for errors.
func Read(r io.Reader, name string) (*Reader, error) { return nil, errors.ErrUnsupported }

// CRS returns the coordinate reference system that the head names, "" if none.
func (r *Reader) CRS() geo.CRS { return "" }

// Element returns the element name, without prefix, of the feature that
// Features yielded last, such as "ExpectedFloodArea".
func (r *Reader) Element() string { return r.element }

// Features streams the features, once. Attributes carry the local names of the
// elements (cop, coz, znm), or the name of a generic attribute (区域区分).
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {}
}
