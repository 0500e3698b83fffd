package gml

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"hazardmap/geo"
)

// maxAttributes is how many attributes one feature may have.
const maxAttributes = 4096

// feature is a feature as the file writes it.
type feature struct {
	record  int
	element string
	attr    geo.Attributes
	shape   node
}

// feature reads an element that is a feature.
func (s *source) feature(start xml.StartElement, around axes) (feature, error) {
	f := feature{element: start.Name.Local, attr: geo.Attributes{}, shape: node{kind: isMany}}
	s.drawn = map[string]bool{}
	err := s.properties(&f, "", around)
	f.shape.drop(s.drawn)
	s.drawn = nil
	return f, err
}

// drop removes the references to what the feature itself draws: a solid may
// refer to the surfaces that are there already.
func (n *node) drop(drawn map[string]bool) {
	n.parts = slices.DeleteFunc(n.parts, func(part node) bool {
		return part.kind == isRef && drawn[strings.ToLower(part.text)]
	})
	for i := range n.parts {
		n.parts[i].drop(drawn)
	}
}

// properties reads the children of a feature, or of a property of that name.
// A property without children is an attribute.
func (s *source) properties(f *feature, name string, around axes) error {
	var text strings.Builder
	leaf := true
	for {
		t, err := s.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.CharData:
			if text.Len() <= maxText {
				text.Write(t[:min(len(t), maxText+1)])
			}
		case xml.StartElement:
			leaf = false
			if err := s.property(f, t, name, around); err != nil {
				return err
			}
		case xml.EndElement:
			if leaf && name != "" {
				f.set(name, strings.TrimSpace(text.String()))
			}
			return nil
		}
	}
}

// property reads one child.
func (s *source) property(f *feature, start xml.StartElement, parent string, around axes) error {
	local := start.Name.Local
	if id, ok := reference(start); ok {
		f.shape.parts = append(f.shape.parts, node{kind: isRef, text: id})
		return s.skip()
	}
	switch {
	case local == "boundedBy":
		return s.skip()
	case isGeometry(start):
		shape, err := s.geometry(start, around)
		f.shape.parts = append(f.shape.parts, shape)
		return err
	case strings.HasSuffix(local, "Attribute") && attribute(start, "name") != "":
		// <gen:stringAttribute name="区域区分"><gen:value>1</gen:value>
		return s.properties(f, attribute(start, "name"), around)
	case local == "value" && parent != "":
		return s.properties(f, parent, around)
	}
	return s.properties(f, local, around)
}

// set keeps an attribute.
func (f *feature) set(name, value string) {
	switch {
	case len(value) > maxText:
		f.refuse(fmt.Errorf("%s is longer than %d bytes", name, maxText))
		return
	case len(f.attr) == maxAttributes:
		f.refuse(fmt.Errorf("more than %d attributes", maxAttributes))
		return
	}
	unused := name
	for n := 2; ; n++ {
		if _, taken := f.attr[unused]; !taken {
			break
		}
		unused = fmt.Sprintf("%s#%d", name, n)
	}
	f.attr[unused] = value
}

func (f *feature) refuse(err error) { f.shape.parts = append(f.shape.parts, fault(err)) }
