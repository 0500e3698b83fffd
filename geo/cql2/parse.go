package cql2

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// deepest is how far parentheses and NOTs may be nested.
const deepest = 64

// Parse reads a filter. Its error says where it was not understood.
func Parse(text string, opts Options) (*Filter, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens, opts: opts}
	root, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.next().kind != endToken {
		return nil, p.wrong("AND, OR or the end")
	}
	return &Filter{root}, nil
}

type parser struct {
	tokens []token
	opts   Options
	depth  int
}

func (p *parser) next() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != endToken {
		p.tokens = p.tokens[1:]
	}
	return t
}

func (p *parser) wrong(want string) error {
	return fmt.Errorf("at %d: got %v, want %s", p.next().at, p.next(), want)
}

// keyword takes a word if it comes next, in whatever case.
func (p *parser) keyword(word string) bool {
	if t := p.next(); t.kind != wordToken || !strings.EqualFold(t.text, word) {
		return false
	}
	p.take()
	return true
}

func (p *parser) sign(sign string) bool {
	if t := p.next(); t.kind != signToken || t.text != sign {
		return false
	}
	p.take()
	return true
}

func (p *parser) demand(sign string) error {
	if !p.sign(sign) {
		return p.wrong(fmt.Sprintf("%q", sign))
	}
	return nil
}

func (p *parser) expression() (node, error) {
	if p.depth++; p.depth > deepest {
		return nil, fmt.Errorf("at %d: nested deeper than %d", p.next().at, deepest)
	}
	defer func() { p.depth-- }()
	return p.chain("OR", p.term, func(parts []node) node { return or(parts) })
}

func (p *parser) term() (node, error) {
	return p.chain("AND", p.factor, func(parts []node) node { return and(parts) })
}

// chain reads one or more parts between which a word stands.
func (p *parser) chain(word string, part func() (node, error), join func([]node) node) (node, error) {
	var parts []node
	for {
		n, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if !p.keyword(word) {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return join(parts), nil
}

func (p *parser) factor() (node, error) {
	if p.keyword("NOT") {
		n, err := p.primary()
		return not{n}, err
	}
	return p.primary()
}

func (p *parser) primary() (node, error) {
	if p.sign("(") {
		n, err := p.expression()
		if err != nil {
			return nil, err
		}
		return n, p.demand(")")
	}
	if t := p.next(); t.kind == wordToken {
		if relation := relations[strings.ToUpper(t.text)]; relation != nil && p.tokens[1].text == "(" {
			return p.spatial(relation)
		}
	}
	return p.predicate()
}

// predicate reads a comparison, or a TRUE or FALSE that stands alone.
func (p *parser) predicate() (node, error) {
	a, err := p.value()
	if err != nil {
		return nil, err
	}
	if t := p.next(); t.kind == signToken && slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, t.text) {
		p.take()
		return p.comparison(a, t.text)
	}
	if p.keyword("IS") {
		negative := p.keyword("NOT")
		if !p.keyword("NULL") {
			return nil, p.wrong("NULL")
		}
		return negated(isNull{a}, negative), nil
	}
	negative := p.keyword("NOT")
	switch {
	case p.keyword("LIKE"):
		n, err := p.like(a)
		return negated(n, negative), err
	case p.keyword("BETWEEN"):
		n, err := p.between(a)
		return negated(n, negative), err
	case p.keyword("IN"):
		n, err := p.in(a)
		return negated(n, negative), err
	}
	if literal, ok := a.literal.(bool); ok && !negative {
		return constant(literal), nil
	}
	return nil, p.wrong("a comparison, LIKE, BETWEEN, IN or IS NULL")
}

func negated(n node, negative bool) node {
	if negative {
		return not{n}
	}
	return n
}

func (p *parser) comparison(a value, operator string) (node, error) {
	at := p.next().at
	b, err := p.value()
	if err != nil {
		return nil, err
	}
	if err := same(at, a, b); err != nil {
		return nil, err
	}
	if a.kind == Geometry {
		return nil, fmt.Errorf("at %d: geometries are compared by S_EQUALS", at)
	}
	if a.property == "" && b.property != "" { // a property first, as an index would have it
		turned := map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}
		if other, ok := turned[operator]; ok {
			operator = other
		}
		a, b = b, a
	}
	return comparison{a, b, operator}, nil
}

func same(at int, a, b value) error {
	if a.kind != b.kind {
		return fmt.Errorf("at %d: %v cannot be compared with %v", at, b.kind, a.kind)
	}
	return nil
}

func (p *parser) like(a value) (node, error) {
	t := p.next()
	if a.kind != Text || t.kind != textToken {
		return nil, fmt.Errorf("at %d: LIKE wants a text and a pattern in quotes", t.at)
	}
	p.take()
	return like{a, parsePattern(t.text)}, nil
}

func (p *parser) between(a value) (node, error) {
	at := p.next().at
	low, err := p.value()
	if err != nil {
		return nil, err
	}
	if !p.keyword("AND") {
		return nil, p.wrong("AND")
	}
	high, err := p.value()
	if err != nil {
		return nil, err
	}
	if a.kind != Number || low.kind != Number || high.kind != Number {
		return nil, fmt.Errorf("at %d: BETWEEN wants numbers", at)
	}
	return and{comparison{a, low, ">="}, comparison{a, high, "<="}}, nil
}

func (p *parser) in(a value) (node, error) {
	if err := p.demand("("); err != nil {
		return nil, err
	}
	n := in{a: a}
	for {
		at := p.next().at
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if err := same(at, a, v); err != nil {
			return nil, err
		}
		if v.kind == Geometry {
			return nil, fmt.Errorf("at %d: a geometry cannot be in a list", at)
		}
		n.list = append(n.list, v)
		if !p.sign(",") {
			return n, p.demand(")")
		}
	}
}

// value reads a property or a literal that is no geometry.
func (p *parser) value() (value, error) {
	switch t := p.next(); t.kind {
	case textToken:
		p.take()
		return value{literal: t.text, kind: Text}, nil
	case quotedToken:
		return p.property()
	case numberToken, signToken:
		n, err := p.number()
		return value{literal: n, kind: Number}, err
	case wordToken:
		if p.tokens[1].text == "(" && p.tokens[1].kind == signToken {
			return p.instant()
		}
		if p.keyword("TRUE") {
			return value{literal: true, kind: Boolean}, nil
		}
		if p.keyword("FALSE") {
			return value{literal: false, kind: Boolean}, nil
		}
		return p.property()
	}
	return value{}, p.wrong("a property or a value")
}

func (p *parser) property() (value, error) {
	t := p.take()
	kind, ok := p.opts.Properties[t.text]
	if !ok {
		return value{}, fmt.Errorf("at %d: no property %q", t.at, t.text)
	}
	return value{property: t.text, kind: kind}, nil
}

func (p *parser) number() (float64, error) {
	negative := p.sign("-")
	if !negative {
		p.sign("+")
	}
	t := p.next()
	if t.kind != numberToken {
		return 0, p.wrong("a number")
	}
	p.take()
	n, err := strconv.ParseFloat(t.text, 64)
	if err != nil || math.IsInf(n, 0) {
		return 0, fmt.Errorf("at %d: %s is too large", t.at, t.text)
	}
	if negative {
		n = -n
	}
	return n, nil
}

// instant reads DATE('2017-07-20') or TIMESTAMP('2017-07-20T12:00:00Z').
func (p *parser) instant() (value, error) {
	name := p.take()
	kind, layout := Type(0), ""
	switch strings.ToUpper(name.text) {
	case "DATE":
		kind, layout = Date, time.DateOnly
	case "TIMESTAMP":
		kind, layout = Timestamp, "2006-01-02T15:04:05.999999999Z"
	default:
		return value{}, fmt.Errorf("at %d: no function %s", name.at, name.text)
	}
	if err := p.demand("("); err != nil {
		return value{}, err
	}
	t := p.next()
	if t.kind != textToken {
		return value{}, p.wrong("a date in quotes")
	}
	at, err := time.Parse(layout, t.text)
	if err != nil {
		return value{}, fmt.Errorf("at %d: %q is not of the form %s", t.at, t.text, layout)
	}
	p.take()
	return value{literal: at, kind: kind}, p.demand(")")
}
