package cql2_test

import (
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"hazardmap/geo/cql2"
	"hazardmap/geo/crs"
	"hazardmap/geo/relate"
)

var properties = map[string]cql2.Type{
	"rank": cql2.Number, "river": cql2.Text, "designated": cql2.Boolean, "on": cql2.Date, "low": cql2.Number, "empty": cql2.Text,
	"geom": cql2.Geometry, "and": cql2.Text,
}

var options = cql2.Options{Properties: properties, Position: crs.CRS84().Position, Box: crs.CRS84().Box}

// zone is the feature that all filters here are held against.
type zone map[string]any

func (z zone) Value(name string) any { return z[name] }

func (z zone) Shape() *relate.Shape {
	return relate.Prepare(orb.MultiPolygon{{{{139, 36}, {140, 36}, {140, 37}, {139, 37}, {139, 36}}}})
}

var feature = zone{"rank": 3.0, "low": 0.5, "river": "利根川's 50%", "designated": true, "and": "x",
	"on": time.Date(2017, 7, 20, 0, 0, 0, 0, time.UTC)}

func TestMatch(t *testing.T) {
	tests := []struct {
		filter string
		want   bool
	}{
		{"rank = 3", true},
		{"rank=3.0e0", true},
		{"rank <> 3", false},
		{"rank < 3", false},
		{"rank <= 3", true},
		{"rank > -3", true},
		{"2 < rank", true},
		{"rank > low", true},
		{"river = '利根川''s 50%'", true},
		{`river = '利根川\'s 50%'`, true},
		{"river LIKE '利根%'", true},
		{"river LIKE '利根_'", false},
		{`river LIKE '%50\%'`, true},
		{"river like '%川%5_%'", true},
		{"river NOT LIKE '広瀬%'", true},
		{"rank BETWEEN 3 AND 4", true},
		{"rank NOT BETWEEN 3 AND 4", false},
		{"rank IN (1, 2, 3)", true},
		{"rank NOT IN (1, 2)", true},
		{"river IN ('利根川', '広瀬川')", false},
		{"empty IS NULL", true},
		{"river IS NOT NULL AND rank IS NOT NULL", true},
		{"empty = 'x'", false},
		{"NOT empty = 'x'", false}, // what is not known is not chosen
		{"empty = 'x' OR rank = 3", true},
		{"NOT (empty = 'x' AND rank = 4)", true},
		{"empty IN ('x')", false},
		{"empty NOT IN ('x')", false},
		{"designated = TRUE", true},
		{"designated <> true", false},
		{"on = DATE('2017-07-20')", true},
		{"on < DATE('2017-07-20')", false},
		{"TIMESTAMP('2017-07-20T00:00:00Z') < TIMESTAMP('2017-07-20T00:00:00.5Z')", true},
		{"rank = 1 OR rank = 2 AND rank = 3", false},
		{"(rank = 1 OR rank = 3) AND rank = 3", true},
		{"TRUE", true},
		{"NOT FALSE", true},
		{`"rank" = 3`, true},
		{`"and" = 'x'`, true},
		{"S_INTERSECTS(geom, POINT(139.5 36.5))", true},
		{"S_INTERSECTS(POINT(140 37), geom)", true},
		{"s_intersects(geom, BBOX(140, 36, 141, 37))", true},
		{"S_INTERSECTS(geom, BBOX(140.0000001, 36, 141, 37))", false},
		{"S_INTERSECTS(geom, BBOX(139.5, 36.5, 0, 139.6, 36.6, 9))", true},
		{"S_DISJOINT(geom, POINT(138 36))", true},
		{"S_WITHIN(geom, POLYGON((138 35,141 35,141 38,138 38,138 35)))", true},
		{"S_WITHIN(geom, POLYGON((139 36,140 36,140 37,139 36)))", false},
		{"S_CONTAINS(geom, MULTIPOINT(139.1 36.1, (139.2 36.2)))", true},
		{"S_CONTAINS(geom, POINT(139 36))", false}, // its border is not its inside
		{"S_TOUCHES(geom, LINESTRING(140 36,141 37))", true},
		{"S_CROSSES(MULTILINESTRING((138 36.5,141 36.5)), geom)", true},
		{"S_OVERLAPS(geom, MULTIPOLYGON(((139.5 36.5,141 36.5,141 38,139.5 38,139.5 36.5))))", true},
		{"S_EQUALS(geom, POLYGON((140 37,139 37,139 36,140 36,140 37)))", true},
		{"S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(0 0), LINESTRING Z(139 36 5,138 36 7)))", true},
		{"S_EQUALS(geom, geom)", true},
		{"geom IS NULL", false},
	}
	for _, tt := range tests {
		f, err := cql2.Parse(tt.filter, options)
		if err != nil {
			t.Errorf("Parse(%s): %v", tt.filter, err)
			continue
		}
		if got := f.Match(feature); got != tt.want {
			t.Errorf("%s is %v, want %v", tt.filter, got, tt.want)
		}
		checkNeeds(t, tt.filter, f)
	}
}

// checkNeeds: what a filter needs is true of all that it chooses, and if that
// is all of the filter then of nothing else.
func checkNeeds(t *testing.T, text string, f *cql2.Filter) {
	t.Helper()
	conditions, box, all := f.Needs()
	holds := box == nil || box.Intersects(feature.Shape().Bound())
	for _, c := range conditions {
		value := zone{"a": feature[c.Property], "b": c.Value}
		kind := properties[c.Property]
		two, err := cql2.Parse("a "+c.Operator+" b", cql2.Options{Properties: map[string]cql2.Type{"a": kind, "b": kind}})
		if err != nil {
			t.Fatal(err)
		}
		holds = holds && two.Match(value)
	}
	if f.Match(feature) && !holds || all && f.Match(feature) != holds {
		t.Errorf("%s needs %v, %v (all: %v), which is %v of a zone for which it is %v", text, conditions, box, all, holds, f.Match(feature))
	}
}

func TestNeeds(t *testing.T) {
	f, err := cql2.Parse("3 <= rank AND river = 'x' AND S_WITHIN(geom, BBOX(1, 2, 3, 4)) AND (low = 1 OR low = 2)", options)
	if err != nil {
		t.Fatal(err)
	}
	conditions, box, all := f.Needs()
	if len(conditions) != 2 || conditions[0] != (cql2.Condition{Property: "rank", Operator: ">=", Value: 3.0}) || all {
		t.Errorf("conditions %v, all %v", conditions, all)
	}
	if want := (orb.Bound{Min: orb.Point{1, 2}, Max: orb.Point{3, 4}}); box == nil || *box != want {
		t.Errorf("box %v, want %v", box, want)
	}
	if got := strings.Join(f.Properties(), " "); got != "geom low rank river" {
		t.Errorf("Properties() = %s", got)
	}
	if f, err := cql2.Parse("S_DISJOINT(geom, POINT(1 2))", options); err != nil {
		t.Error(err)
	} else if _, box, _ := f.Needs(); box != nil {
		t.Errorf("disjoint shapes need to be near: %v", box)
	}
}

func TestRefuses(t *testing.T) {
	for _, filter := range []string{
		"", " ", "rank", "rank =", "= 3", "rank = 3 rank", "rank = 3)", "(rank = 3", "rank = 'x'", "river = 3", "river = DATE('2017-07-20')",
		"absent = 3", "rank == 3", "rank = NaN", "rank = -", "rank = 1e999", "rank = 1e", "river = 'x", `"rank = 3`, "rank = 3;", "1=1 --",
		"river LIKE rank", "rank LIKE '3'", "rank LIKE 3", "river BETWEEN 'a' AND 'b'", "rank BETWEEN 1", "rank BETWEEN 1 OR 2", "rank IN ()", "rank IN (1,)", "rank IN (1,'x')",
		"rank IS", "rank IS 3", "rank NOT = 3", "NOT", "AND", "on = DATE('2017-02-30')", "on = DATE(2017)", "on = TIMESTAMP('2017-07-20T00:00:00Z')",
		"designated", "CASEI(river) = 'x'", "rank + 1 = 4", "S_NEAR(geom, POINT(1 2))", "S_INTERSECTS(geom)", "S_INTERSECTS(geom, rank)",
		"S_INTERSECTS(geom, 'POINT(1 2)')", "S_INTERSECTS(geom, POINT(36 139))", "S_INTERSECTS(geom, POINT(1))", "S_INTERSECTS(geom, POINT(1 2 3))",
		"S_INTERSECTS(geom, POLYGON((0 0,1 1,0 0)))", "S_INTERSECTS(geom, POLYGON((0 0,1 1,2 0,3 3)))", "S_INTERSECTS(geom, LINESTRING(1 2))",
		"S_INTERSECTS(geom, BBOX(1,2,3))", "S_INTERSECTS(geom, BBOX(1,3,2,2))", "S_INTERSECTS(geom, CIRCLE(1 2))", "geom = geom", "geom IN (geom)",
		"S_INTERSECTS(geom, POINT EMPTY)", "rank = 3 AND", "\xff", strings.Repeat("(", 100) + "TRUE" + strings.Repeat(")", 100),
		strings.Repeat("NOT (", 100) + "TRUE" + strings.Repeat(")", 100), "S_INTERSECTS(geom, " + strings.Repeat("GEOMETRYCOLLECTION(", 100) + "POINT(1 2)" + strings.Repeat(")", 101),
	} {
		if f, err := cql2.Parse(filter, options); err == nil {
			t.Errorf("Parse(%s) = %v, want an error", filter, f)
		} else if strings.Contains(err.Error(), "%!") {
			t.Errorf("Parse(%s): %v", filter, err)
		}
	}
}

// FuzzParse: nothing breaks the parser, a filter that is true of a zone is
// not true of it when negated, and [cql2.Filter.Needs] leaves out nothing.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"-1", "NaN", "", "rank = 3 AND river LIKE '利%' OR NOT on < DATE('2017-07-20')", "S_WITHIN(geom, POLYGON((1 2,3 4,5 6,1 2)))",
		"rank BETWEEN 1 AND 2 OR rank IN (1,-2e3) AND \"and\" IS NOT NULL", "S_INTERSECTS(geom, BBOX(1,2,3,4", "river = 'it''s \\' ", "(((", "S_EQUALS(geom,GEOMETRYCOLLECTION(POINT(1 2)))"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 500 {
			return
		}
		filter, err := cql2.Parse(text, options)
		if err != nil {
			return
		}
		checkNeeds(t, text, filter)
		negative, err := cql2.Parse("NOT ("+text+")", options)
		if err != nil {
			return // nested as deep as allowed
		}
		if filter.Match(feature) && negative.Match(feature) {
			t.Errorf("%q is true, and so is its negation", text)
		}
	})
}

// FuzzLike holds the matcher against the obvious recursion.
func FuzzLike(f *testing.F) {
	f.Add("%a_b%", "xaxbx")
	f.Add("", "")
	f.Add("\\%", "%")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 12 || len(text) > 12 {
			return
		}
		filter, err := cql2.Parse("river LIKE '"+pattern+"'", options)
		if err != nil || strings.ContainsAny(pattern, "'\\") {
			return
		}
		if got, want := filter.Match(zone{"river": text}), slowLike([]rune(pattern), []rune(text)); got != want {
			t.Errorf("%q LIKE %q is %v, want %v", text, pattern, got, want)
		}
	})
}

func slowLike(pattern, text []rune) bool {
	if len(pattern) == 0 {
		return len(text) == 0
	}
	if pattern[0] == '%' {
		return slowLike(pattern[1:], text) || len(text) > 0 && slowLike(pattern, text[1:])
	}
	return len(text) > 0 && (pattern[0] == '_' || pattern[0] == text[0]) && slowLike(pattern[1:], text[1:])
}
