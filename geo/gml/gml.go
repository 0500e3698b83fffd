// Package gml reads the GML of 国土数値情報 (JPGIS 2.1) and the CityGML of PLATEAU,
// one feature at a time.
//
// A feature of JPGIS refers to a surface, which refers to curves, before or
// after them in the file. What may be referred to is laid aside in a compact
// form, and so is a feature whose shape is not complete yet; it is yielded at
// the end. That takes at most 64 MB of memory (the rest goes to a file without
// a name) and some 60 bytes for each id, besides the text and the points of
// the largest single feature.
//
// Positions are latitude, longitude and perhaps height, which is dropped.
package gml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"hazardmap/geo"
	"hazardmap/geo/charset"
)

// ErrNoFeatures reports XML that is not a data set of features: a KS-META
// file, for one, holds metadata.
var ErrNoFeatures = errors.New("no GML features")

// maxMemory is how much is laid aside in memory.
const maxMemory = 64 << 20

// Reader reads the features of one file.
type Reader struct {
	file    string
	in      *source
	axes    axes
	next    xml.StartElement // the child of the root to be read next
	some    bool             // there is one
	ended   bool
	store   store
	records int
	element string
}

// Read reads the head of a GML text, in UTF-8 or CP932. The name is for errors.
func Read(r io.Reader, name string) (*Reader, error) {
	text, _, err := charset.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	reader := &Reader{file: name, in: newSource(text), store: store{room: maxMemory}}
	if err := reader.head(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return reader, nil
}

// head reads up to the first child of the root that may be data.
func (r *Reader) head() error {
	root, err := r.in.root()
	if err != nil {
		return err
	}
	switch root.Name.Local {
	case "CityModel":
		r.axes.dimension = 3
	case "Dataset", "FeatureCollection":
		r.axes.dimension = 2
	default:
		return fmt.Errorf("element %s: %w", root.Name.Local, ErrNoFeatures)
	}
	for {
		start, ok, err := r.in.child()
		if err != nil || !ok {
			return err
		}
		switch start.Name.Local {
		case "boundedBy":
			if err := r.envelope(); err != nil {
				return err
			}
		case "description", "name", "metaDataProperty":
			if err := r.in.skip(); err != nil {
				return err
			}
		default:
			r.next, r.some = start, true
			return nil
		}
	}
}

// envelope reads what the box around all features says of their coordinates.
func (r *Reader) envelope() error {
	for {
		start, ok, err := r.in.child()
		if err != nil || !ok {
			return err
		}
		if r.axes, err = r.axes.of(start); err != nil {
			return err
		}
		if err := r.in.skip(); err != nil {
			return err
		}
	}
}

// CRS returns the coordinate reference system that the head names, "" if none.
func (r *Reader) CRS() geo.CRS { return r.axes.crs }

// Element returns the element name, without prefix, of the feature that
// Features yielded last, such as "ExpectedFloodArea".
func (r *Reader) Element() string { return r.element }

// Features streams the features, once. Attributes carry the local names of the
// elements (cop, coz, znm), or the name of a generic attribute (区域区分); a
// second one of a name is "name#2". Where a feature has surfaces, lines and
// points, only the surfaces are its shape, where it has none only the lines.
func (r *Reader) Features() geo.Features {
	return func(yield func(geo.Feature, error) bool) {
		if r.ended {
			return
		}
		r.ended = true
		defer r.store.close()
		if err := r.all(yield); err != nil && err != errStopped {
			yield(geo.Feature{}, fmt.Errorf("%s: %w", r.file, err))
		}
	}
}

// errStopped ends the reading where the caller wants no more.
var errStopped = errors.New("stopped")

func (r *Reader) all(yield func(geo.Feature, error) bool) error {
	for r.some {
		if err := r.member(r.next, yield); err != nil {
			return err
		}
		var err error
		if r.next, r.some, err = r.in.child(); err != nil {
			return err
		}
	}
	if err := r.in.end(); err != nil {
		return err
	}
	for _, at := range r.store.waiting {
		f, err := r.store.feature(at)
		if err != nil {
			return err
		}
		if err := r.deliver(f, true, yield); err != nil {
			return err
		}
	}
	return nil
}

// member reads a child of the root.
func (r *Reader) member(start xml.StartElement, yield func(geo.Feature, error) bool) error {
	switch name := start.Name.Local; {
	case isGeometry(start):
		shape, err := r.in.geometry(start, r.axes)
		if err != nil {
			return err
		}
		return r.store.put(idOf(start), shape)
	case name == "boundedBy" || name == "description" || name == "name" || name == "metaDataProperty" || name == "appearanceMember":
		return r.in.skip()
	case name == "cityObjectMember" || name == "featureMember" || name == "featureMembers" || name == "member":
		for {
			start, ok, err := r.in.child()
			if err != nil || !ok {
				return err
			}
			if err := r.member(start, yield); err != nil {
				return err
			}
		}
	}
	r.records++
	f, err := r.in.feature(start, r.axes)
	if err != nil {
		return err
	}
	f.record = r.records
	if err := r.store.put(idOf(start), node{kind: isFeature}); err != nil {
		return err
	}
	return r.deliver(f, false, yield)
}

// deliver yields a feature, or lays it aside while something it refers to may
// still come.
func (r *Reader) deliver(f feature, last bool, yield func(geo.Feature, error) bool) error {
	shape, err := r.store.resolve(f.shape)
	var missing *missingError
	if errors.As(err, &missing) && !last {
		return r.store.wait(f)
	}
	var fault *storeError
	if errors.As(err, &fault) {
		return err
	}
	out := geo.Feature{Record: f.record, Geometry: shape, Attr: f.attr}
	if err != nil {
		out, err = geo.Feature{}, &geo.RecordError{File: r.file, Record: f.record, Err: err}
	}
	r.element = f.element
	if !yield(out, err) {
		return errStopped
	}
	return nil
}
