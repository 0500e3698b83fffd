package geopackage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Query chooses records of a layer. The zero value chooses all.
type Query struct {
	Box   *orb.Bound     // records whose box meets this one
	Part  BoxPart        // which of those
	Bare  bool           // and records without a shape, unless only those inside are wanted
	Equal map[string]any // values of columns
	Where []Condition    // all of which hold
	After int64          // records with a greater id
	Until int64          // records with an id up to this one; 0 means no end
	Limit int            // at most so many; 0 means no limit

	Columns []string // what is read of a record; nil means all
	NoShape bool     // shapes are not read
}

// Condition compares a column with a value that is not nil. It does not hold
// where the column has no value.
type Condition struct {
	Column   string
	Operator string // =, <>, <, <=, > or >=
	Value    any
}

// BoxPart is a part of the records whose box meets that of a query.
type BoxPart uint8

// The parts.
const (
	Meeting  BoxPart = iota // all of them
	Inside                  // those whose box lies wholly inside
	OnBorder                // the others
)

// Group is the records of a layer that have one value in a column.
type Group struct {
	Value       string
	Records     int64
	Boxes       int64     // of records with a shape
	First, Last int64     // ids
	Bound       orb.Bound // by the R-tree, which rounds outwards to about a metre
	HasBound    bool
}

var operators = []string{"=", "<>", "<", "<=", ">", ">="}

// chosen returns the columns that a query reads.
func (l *Layer) chosen(q Query) ([]Column, error) {
	if q.Columns == nil {
		return l.Columns, nil
	}
	columns := make([]Column, 0, len(q.Columns))
	for _, name := range q.Columns {
		i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no column %s", name)
		}
		columns = append(columns, l.Columns[i])
	}
	return columns, nil
}

// statement makes the SQL that reads what a query chooses.
func (l *Layer) statement(q Query, columns []Column) (string, []any, error) {
	var b strings.Builder
	shape := quote(l.shape)
	if q.NoShape {
		shape = "NULL"
	}
	fmt.Fprintf(&b, "SELECT %s, %s", quote(l.id), shape)
	for _, c := range columns {
		b.WriteString(", " + quote(c.Name))
	}
	where, args, err := l.where(q)
	if err != nil {
		return "", nil, err
	}
	fmt.Fprintf(&b, " FROM %s%s ORDER BY %s", quote(l.Name), where, quote(l.id))
	if q.Limit > 0 {
		b.WriteString(" LIMIT ?")
		args = append(args, q.Limit)
	}
	return b.String(), args, nil
}

// where makes the SQL of what a query asks; names come from the file's own
// schema and every value is bound.
func (l *Layer) where(q Query) (string, []any, error) {
	var b strings.Builder
	fmt.Fprintf(&b, " WHERE %s > ?", quote(l.id))
	args := []any{q.After}
	if q.Until > 0 {
		fmt.Fprintf(&b, " AND %s <= ?", quote(l.id))
		args = append(args, q.Until)
	}
	conditions := make([]Condition, 0, len(q.Equal)+len(q.Where))
	for _, name := range slices.Sorted(maps.Keys(q.Equal)) {
		conditions = append(conditions, Condition{name, "=", q.Equal[name]})
	}
	for _, c := range append(conditions, q.Where...) {
		if !slices.ContainsFunc(l.Columns, func(column Column) bool { return column.Name == c.Column }) {
			return "", nil, fmt.Errorf("no column %s", c.Column)
		}
		if !slices.Contains(operators, c.Operator) {
			return "", nil, fmt.Errorf("no operator %s", c.Operator)
		}
		fmt.Fprintf(&b, " AND %s %s ?", quote(c.Column), c.Operator)
		args = append(args, c.Value)
	}
	if q.Box == nil {
		return b.String(), args, nil
	}
	if !l.indexed {
		return "", nil, errors.New("has no R-tree")
	}
	const meets, inside = "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?", "minx >= ? AND maxx <= ? AND miny >= ? AND maxy <= ?"
	id, boxes := quote(l.id), "SELECT id FROM "+quote("rtree_"+l.Name+"_"+l.shape)
	corners := []any{q.Box.Min[0], q.Box.Max[0], q.Box.Min[1], q.Box.Max[1]}
	if q.Part == Inside {
		fmt.Fprintf(&b, " AND %s IN (%s WHERE %s)", id, boxes, inside)
		return b.String(), append(args, corners...), nil
	}
	fmt.Fprintf(&b, " AND (%s IN (%s WHERE %s)", id, boxes, meets)
	args = append(args, corners...)
	if q.Part == OnBorder {
		fmt.Fprintf(&b, " AND %s NOT IN (%s WHERE %s)", id, boxes, inside)
		args = append(args, corners...)
	}
	if q.Bare {
		fmt.Fprintf(&b, " OR %s NOT IN (%s)", id, boxes)
	}
	b.WriteString(")")
	return b.String(), args, nil
}

// Count returns how many records a query chooses, whatever its limit.
func (f *File) Count(ctx context.Context, layer string, q Query) (int64, error) {
	l, err := f.layer(layer)
	if err != nil {
		return 0, err
	}
	where, args, err := l.where(q)
	var n int64
	if err == nil {
		err = f.db.QueryRowContext(ctx, "SELECT count(*) FROM "+quote(l.Name)+where, args...).Scan(&n)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: layer %s: %w", f.path, layer, err)
	}
	return n, nil
}

// Groups divides a layer by the values of a column; without a name all records
// are one group. A group without a value is left out.
func (f *File) Groups(ctx context.Context, layer, column string) (groups []Group, err error) {
	l, err := f.layer(layer)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: layer %s: %w", f.path, layer, err)
		}
	}()
	by := "''"
	if column != "" {
		if _, err := l.chosen(Query{Columns: []string{column}}); err != nil {
			return nil, err
		}
		by = "t." + quote(column)
	}
	box, join := "0, NULL, NULL, NULL, NULL", ""
	if l.indexed {
		box = "count(r.id), min(r.minx), min(r.miny), max(r.maxx), max(r.maxy)"
		join = fmt.Sprintf(" LEFT JOIN %s r ON r.id = t.%s", quote("rtree_"+l.Name+"_"+l.shape), quote(l.id))
	}
	rows, err := f.db.QueryContext(ctx, fmt.Sprintf("SELECT %s, count(*), min(t.%s), max(t.%s), %s FROM %s t%s WHERE %s IS NOT NULL GROUP BY 1 ORDER BY 1",
		by, quote(l.id), quote(l.id), box, quote(l.Name), join, by))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var g Group
		var corners [4]*float64
		if err := rows.Scan(&g.Value, &g.Records, &g.First, &g.Last, &g.Boxes, &corners[0], &corners[1], &corners[2], &corners[3]); err != nil {
			return nil, err
		}
		if corners[0] != nil {
			g.HasBound = true
			g.Bound = orb.Bound{Min: orb.Point{*corners[0], *corners[1]}, Max: orb.Point{*corners[2], *corners[3]}}
		}
		groups = append(groups, g)
	}
	return groups, rows.Err()
}
