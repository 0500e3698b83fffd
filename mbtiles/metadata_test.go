package mbtiles

import (
	"reflect"
	"testing"
)

// FuzzMetadata: what the metadata rows of any file say is read without panic,
// and what was read reads the same after it was written again.
func FuzzMetadata(f *testing.F) {
	f.Add("bounds", "139.1,36.2,139.3,36.4", "json", `{"vector_layers":[{"id":"a","minzoom":0,"maxzoom":3,"fields":{"name":"String"}}]}`)
	f.Add("bounds", "-180,-85.0511,180,85.0511", "center", "0,20,0")
	f.Add("bounds", "NaN,NaN,NaN,NaN", "center", "1e999,0,0")
	f.Add("minzoom", "-1", "maxzoom", "")
	f.Add("json", "{", "json", "{")
	f.Add("format", "pbf", "name", "")
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string) {
		m, _ := parseMetadata([]row{{name1, value1}, {name2, value2}})
		rows, err := m.rows()
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseMetadata(rows)
		if err != nil {
			t.Fatalf("rows %v: %v", rows, err)
		}
		if again.Bounds != m.Bounds || again.Center != m.Center || again.MinZoom != m.MinZoom || again.MaxZoom != m.MaxZoom || again.Name != m.Name {
			t.Errorf("read %+v, written and read again %+v", m, again)
		}
		if len(m.Layers) > 0 && len(again.Layers) != len(m.Layers) && !reflect.DeepEqual(again.Layers, m.Layers) {
			t.Errorf("layers %+v, written and read again %+v", m.Layers, again.Layers)
		}
	})
}
