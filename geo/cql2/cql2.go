// Package cql2 answers whether a feature is one that a filter asks for. It
// reads filters in the text form of OGC CQL2 and knows no database: a filter
// is held against one feature at a time.
//
// Of the standard it knows Basic CQL2, the advanced comparisons (LIKE, BETWEEN,
// IN), comparisons between properties, and the eight spatial functions with
// every kind of literal. An unknown value makes a comparison unknown, and only
// what is surely true is chosen.
package cql2

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/relate"
)

// Type is what a value is.
type Type uint8

// The types of properties and literals.
const (
	Text Type = iota + 1
	Number
	Boolean
	Date
	Timestamp
	Geometry
)

func (t Type) String() string {
	return [...]string{"", "text", "a number", "true or false", "a date", "a timestamp", "a geometry"}[t]
}

// Options say what a filter may speak of.
type Options struct {
	Properties map[string]Type
	// Position reads two coordinates of a geometry as longitude and latitude.
	Position func(first, second float64) (orb.Point, error)
	// Box reads two corners; the area may have two parts.
	Box func(lower, upper [2]float64) (orb.MultiPolygon, error)
}

// Feature is what a filter asks about. Value returns a string, float64, bool
// or time.Time by the type of the property, or nil where it has no value.
type Feature interface {
	Value(property string) any
	Shape() *relate.Shape // nil where it has none
}

// Filter is a filter that was understood. It is for one goroutine at a time.
type Filter struct{ root node }

// Match reports whether the filter is true of a feature.
func (f *Filter) Match(feature Feature) bool { return f.root.truth(feature) == yes }

// truth is true, false or unknown.
type truth int8

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// node is a part of a filter that is true or not.
type node interface{ truth(Feature) truth }

type and []node

func (n and) truth(f Feature) truth {
	least := yes
	for _, part := range n {
		if least = min(least, part.truth(f)); least == no {
			break
		}
	}
	return least
}

type or []node

func (n or) truth(f Feature) truth {
	most := no
	for _, part := range n {
		if most = max(most, part.truth(f)); most == yes {
			break
		}
	}
	return most
}

type not struct{ node }

func (n not) truth(f Feature) truth { return -n.node.truth(f) }

type constant bool

func (n constant) truth(Feature) truth { return truthOf(bool(n)) }

// value is an operand: a property, or else a literal.
type value struct {
	property string
	literal  any // string, float64, bool, time.Time or *relate.Shape
	kind     Type
}

func (v value) of(f Feature) any {
	if v.property == "" {
		return v.literal
	}
	if v.kind == Geometry {
		if shape := f.Shape(); shape != nil {
			return shape
		}
		return nil
	}
	return f.Value(v.property)
}

type comparison struct {
	a, b     value
	operator string
}

func (n comparison) truth(f Feature) truth {
	order, ok := compare(n.a.of(f), n.b.of(f))
	if !ok {
		return unknown
	}
	switch n.operator {
	case "=":
		return truthOf(order == 0)
	case "<>":
		return truthOf(order != 0)
	case "<":
		return truthOf(order < 0)
	case "<=":
		return truthOf(order <= 0)
	case ">":
		return truthOf(order > 0)
	}
	return truthOf(order >= 0)
}

// compare orders two values of one type; it cannot where one is missing.
func compare(a, b any) (order int, ok bool) {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return compareOrdered(a, b), true
		}
	case float64:
		if b, ok := b.(float64); ok {
			return compareOrdered(a, b), true
		}
	case bool:
		if b, ok := b.(bool); ok && a == b {
			return 0, true
		} else if ok && b {
			return -1, true
		} else if ok {
			return 1, true
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b), true
		}
	}
	return 0, false
}

func compareOrdered[T string | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// in is IN (…): one of the values, or unknown if none is and one is missing.
type in struct {
	a    value
	list []value
}

func (n in) truth(f Feature) truth {
	most := no
	for _, v := range n.list {
		most = max(most, comparison{n.a, v, "="}.truth(f))
	}
	return most
}

type like struct {
	a       value
	pattern []rune
}

func (n like) truth(f Feature) truth {
	text, ok := n.a.of(f).(string)
	if !ok {
		return unknown
	}
	return truthOf(matches(n.pattern, []rune(text)))
}

type isNull struct{ a value }

func (n isNull) truth(f Feature) truth { return truthOf(n.a.of(f) == nil) }

type spatial struct {
	relation relation
	a, b     value
}

func (n spatial) truth(f Feature) truth {
	a, okA := n.a.of(f).(*relate.Shape)
	b, okB := n.b.of(f).(*relate.Shape)
	if !okA || !okB {
		return unknown
	}
	return truthOf(n.relation(a, b))
}

type relation func(a, b *relate.Shape) bool

// relations are the spatial functions.
var relations = map[string]relation{
	"S_INTERSECTS": relate.Intersects,
	"S_DISJOINT":   func(a, b *relate.Shape) bool { return !relate.Intersects(a, b) },
	"S_WITHIN":     func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Within() },
	"S_CONTAINS":   func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Contains() },
	"S_EQUALS":     func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Equals() },
	"S_TOUCHES":    func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Touches() },
	"S_OVERLAPS":   func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Overlaps(a, b) },
	"S_CROSSES":    func(a, b *relate.Shape) bool { return relate.Intersects(a, b) && relate.Of(a, b).Crosses(a, b) },
}

// Condition is a comparison of a property with a literal that holds for every
// feature the filter chooses.
type Condition struct {
	Property string
	Operator string
	Value    any // string, float64 or bool
}

// Needs returns conditions and a box that every chosen feature meets, by which
// most others can be left out before the filter is asked; all says that the
// conditions are the whole filter.
func (f *Filter) Needs() (conditions []Condition, box *orb.Bound, all bool) {
	all = true
	parts, ok := f.root.(and)
	if !ok {
		parts = and{f.root}
	}
	for _, part := range parts {
		switch n := part.(type) {
		case comparison:
			if n.a.property != "" && n.b.property == "" && n.a.kind <= Boolean {
				conditions = append(conditions, Condition{n.a.property, n.operator, n.b.literal})
				continue
			}
		case near:
			if b := n.literal().Bound(); box == nil {
				box = &b
			}
		}
		all = false
	}
	return conditions, box, all
}

// near is a spatial function that is true only of shapes whose boxes meet.
type near struct{ spatial }

func (n near) literal() *relate.Shape {
	if n.a.property == "" {
		return n.a.literal.(*relate.Shape)
	}
	return n.b.literal.(*relate.Shape)
}

// Properties returns the properties that the filter reads, in order.
func (f *Filter) Properties() []string {
	seen := map[string]bool{}
	var walk func(n node)
	add := func(values ...value) {
		for _, v := range values {
			if v.property != "" {
				seen[v.property] = true
			}
		}
	}
	walk = func(n node) {
		switch n := n.(type) {
		case and:
			for _, part := range n {
				walk(part)
			}
		case or:
			for _, part := range n {
				walk(part)
			}
		case not:
			walk(n.node)
		case comparison:
			add(n.a, n.b)
		case in:
			add(n.a)
			add(n.list...)
		case like:
			add(n.a)
		case isNull:
			add(n.a)
		case spatial:
			add(n.a, n.b)
		case near:
			add(n.a, n.b)
		}
	}
	walk(f.root)
	names := make([]string, 0, len(seen))
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
