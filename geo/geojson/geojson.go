// Package geojson reads GeoJSON of any size, one feature at a time.
//
// The text is scanned once, as it arrives, and numbers go straight into the
// points of a shape: one feature of 30 MB costs some 40 bytes a vertex, and a
// file of 700 MB no more. A feature that makes no sense is refused and the
// next is read; only text that is not JSON ends the file.
package geojson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

// ErrNoFeatures reports JSON that is no GeoJSON of features, such as
// {"type":"unavailable"}.
var ErrNoFeatures = errors.New("no GeoJSON features")

// Reader reads the features of one file.
type Reader struct {
	file  string
	s     *scanner
	crs   geo.CRS
	kind  string // the file's "type"
	state state
	feature
	bare coordinates // of a file that is one geometry
}

// state is how far the file was read.
type state int

const (
	inHead state = iota
	inFeatures
	single // the file is one feature, already read
	ended
)

// Read reads the head of a GeoJSON text, in UTF-8 or CP932, up to its first
// feature. The name is for errors.
func Read(r io.Reader, name string) (*Reader, error) {
	text, _, err := charset.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	reader := &Reader{file: name, s: newScanner(text)}
	reader.feature.init()
	if err := reader.head(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return reader, nil
}

// CRS returns the coordinate reference system that the head names, "" if none.
// One that comes after the features is checked too, when it is reached.
func (r *Reader) CRS() geo.CRS { return r.crs }

// head reads up to the features, or to the end of a file that is one feature.
func (r *Reader) head() error {
	if c := r.s.peek(); c != '{' {
		if r.s.value(nil, 0); r.s.err != nil {
			return r.s.err
		}
		return fmt.Errorf("no object: %w", ErrNoFeatures)
	}
	r.feature.reset()
	r.s.pos++
	if r.s.take('}') {
		return ErrNoFeatures
	}
	if err := r.topLevel(); err != nil || r.state == inFeatures {
		return err
	}
	switch r.kind {
	case "FeatureCollection":
		return fmt.Errorf("collection without features: %w", ErrNoFeatures)
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon":
		r.feature.gtype, r.feature.geom = r.kind, r.bare
		fallthrough
	case "Feature":
		r.state = single
		return r.tail()
	}
	return fmt.Errorf("type %q: %w", r.kind, ErrNoFeatures)
}

// topLevel reads members of the file's object up to the features or to its
// end.
func (r *Reader) topLevel() error {
	for {
		token, ok := r.s.member()
		if !ok {
			return r.s.err
		}
		if err := r.topMember(string(token)); err != nil {
			return err
		}
		if r.state == inFeatures || !r.s.next('}') {
			return r.s.err
		}
	}
}

func (r *Reader) topMember(name string) error {
	switch name {
	case `"type"`:
		if r.s.peek() == '"' {
			r.kind = string(r.s.text())
			return nil
		}
		r.s.skip()
	case `"crs"`:
		return r.readCRS()
	case `"coordinates"`:
		r.bare.read(r.s)
	case `"features"`:
		if r.s.peek() != '[' || (r.kind != "" && r.kind != "FeatureCollection") {
			return fmt.Errorf("features of a %q: %w", r.kind, ErrNoFeatures)
		}
		if r.state != inHead {
			return errors.New("features occur twice")
		}
		r.s.pos++
		r.state = inFeatures
	default:
		r.feature.member(r.s, name)
	}
	return nil
}

// readCRS reads the member of the GeoJSON of 2008 by which files still say that
// they are JGD2011.
func (r *Reader) readCRS() error {
	text, err := r.s.capture()
	if r.s.err != nil {
		return r.s.err
	}
	var crs *struct {
		Properties struct {
			Name string `json:"name"`
			Code int    `json:"code"`
		} `json:"properties"`
	}
	if err == nil {
		err = json.Unmarshal(text, &crs)
	}
	if err != nil {
		return fmt.Errorf("crs: %w", err)
	}
	switch {
	case crs == nil: // null
		return nil
	case crs.Properties.Name == "" && crs.Properties.Code != 0:
		crs.Properties.Name = fmt.Sprintf("EPSG:%d", crs.Properties.Code)
	case crs.Properties.Name == "":
		return fmt.Errorf("crs %s has no name", text)
	}
	r.crs, err = geo.ParseCRS(crs.Properties.Name)
	return err
}

// tail reads what follows the features up to the end of the file.
func (r *Reader) tail() error {
	if r.s.peek(); r.s.pos < r.s.end {
		r.s.unexpected("the end of the text")
	}
	return r.s.err
}

// Features streams the features, once.
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		switch r.state {
		case single:
			r.state = ended
			yield(r.record(1))
		case inFeatures:
			r.state = ended
			if err := r.collection(yield); err != nil {
				yield(geo.Feature{}, fmt.Errorf("%s: %w", r.file, err))
			}
		}
	}
}

// collection yields every feature, then reads the file to its end. Where the
// caller stops it returns nil.
func (r *Reader) collection(yield func(geo.Feature, error) bool) error {
	if !r.s.take(']') {
		for n := 1; ; n++ {
			r.feature.read(r.s)
			if r.s.err != nil {
				return r.s.err
			}
			if !yield(r.record(n)) {
				return nil
			}
			if !r.s.next(']') {
				break
			}
		}
	}
	if r.s.err == nil && r.s.next('}') {
		if err := r.topLevel(); err != nil {
			return err
		}
	}
	if r.s.err != nil {
		return r.s.err
	}
	if r.kind != "FeatureCollection" {
		return fmt.Errorf("type %q, want FeatureCollection", r.kind)
	}
	return r.tail()
}

// record returns the feature just read, or why it is refused.
func (r *Reader) record(n int) (geo.Feature, error) {
	shape, err := r.feature.shape()
	if err != nil {
		return geo.Feature{}, &geo.RecordError{File: r.file, Record: n, Err: err}
	}
	return geo.Feature{Record: n, Geometry: shape, Attr: r.attr}, nil
}
