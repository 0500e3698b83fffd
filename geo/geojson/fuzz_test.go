package geojson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/geojson"
)

// FuzzRead: text that is read to its end is valid JSON, and says what the slow
// twin on encoding/json finds in it, however the bytes arrive.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "-1", "NaN", "{", `{"type":"unavailable"}`, collection(), collection(withGeometry(square)), withGeometry(square), square,
		collection(withGeometry(`null`), `{"type":"Feature"}`, `1`), collection(withGeometry(square))[:80],
		collection(withGeometry(`{"type":"Point","coordinates":[-1.5e-3,0.1000000000000000055511151231257827,3]}`)),
		collection(withGeometry(`{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4],[5,6]]],[]]}`)),
		collection(`{"type":"Feature","properties":{"a":"\u3042\ud800","b":[1,{}],"b":true},"geometry":{"type":"LineString","coordinates":[[1,2],[9007199254740993,4]]}}`),
		`{"features":[],"crs":{"properties":{"name":"EPSG:6668"}},"type":"FeatureCollection"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		got, refused, err := readAll(string(in))
		r, err2 := geojson.Read(iotest.OneByteReader(bytes.NewReader(in)), "x.geojson")
		if err2 == nil {
			var again []geo.Feature
			if again, _, err2 = collect(r.Features()); !cmp.Equal(got, again) {
				t.Fatalf("%q depends on how it arrives:\n%s", in, cmp.Diff(got, again))
			}
		}
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%q: %v, byte by byte %v", in, err, err2)
		}
		if err != nil || !utf8.Valid(in) {
			return
		}
		text := bytes.TrimPrefix(in, []byte("\uFEFF"))
		if !json.Valid(text) {
			t.Fatalf("%q was read to its end and is not JSON", in)
		}
		want, wantRefused := twin(text)
		hideNested(want, got)
		if !cmp.Equal(want, got) || len(refused) != wantRefused {
			t.Fatalf("%q: %d refused %v, want %d; -want +got\n%s", in, len(refused), refused, wantRefused, cmp.Diff(want, got))
		}
	})
}

// twin reads GeoJSON the slow and obvious way.
func twin(text []byte) (features []geo.Feature, refused int) {
	var file map[string]any
	if json.Unmarshal(text, &file) != nil {
		file = looseObject(text)
	}
	list := []any{file}
	if file["type"] == "FeatureCollection" {
		list, _ = file["features"].([]any)
	} else if file["type"] != "Feature" {
		list = []any{map[string]any{"type": "Feature", "geometry": file, "properties": file["properties"]}}
	}
	for i, f := range list {
		feature, err := twinFeature(f)
		if err != nil {
			refused++
			continue
		}
		feature.Record = i + 1
		features = append(features, feature)
	}
	return features, refused
}

// looseObject decodes JSON whose numbers may be too large for a float64.
func looseObject(text []byte) map[string]any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var file map[string]any
	if err := d.Decode(&file); err != nil {
		panic(err)
	}
	return loosen(file).(map[string]any)
}

func loosen(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = loosen(v[k])
		}
	case []any:
		for i := range v {
			v[i] = loosen(v[i])
		}
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return math.Inf(1)
		}
		return f
	}
	return v
}

func twinFeature(v any) (geo.Feature, error) {
	object, ok := v.(map[string]any)
	if !ok || object["type"] != "Feature" {
		return geo.Feature{}, fmt.Errorf("no feature: %v", v)
	}
	feature := geo.Feature{Attr: geo.Attributes{}}
	switch properties := object["properties"].(type) {
	case nil:
	case map[string]any:
		for name, value := range properties {
			switch value := value.(type) {
			case map[string]any, []any:
				feature.Attr[name] = nested
			case float64:
				if math.IsInf(value, 0) {
					return feature, fmt.Errorf("infinite")
				}
				feature.Attr[name] = value
			default:
				feature.Attr[name] = value
			}
		}
	default:
		return feature, fmt.Errorf("properties: %v", properties)
	}
	if object["geometry"] == nil {
		return feature, nil
	}
	geometry, ok := object["geometry"].(map[string]any)
	if !ok {
		return feature, fmt.Errorf("geometry: %v", object["geometry"])
	}
	kind, _ := geometry["type"].(string)
	shape, err := twinShape(kind, geometry["coordinates"])
	feature.Geometry = shape
	return feature, err
}

// nested stands in the twin's features for arrays and objects, which the
// reader keeps as text.
const nested = "(nested)"

func hideNested(want, got []geo.Feature) {
	for i := range min(len(want), len(got)) {
		for name, value := range want[i].Attr {
			if text, ok := got[i].Attr[name].(string); value == nested && ok && json.Valid([]byte(text)) {
				got[i].Attr[name] = nested
			}
		}
	}
}

func twinShape(kind string, v any) (orb.Geometry, error) {
	switch kind {
	case "Point":
		return twinPoint(v)
	case "MultiPoint":
		line, err := twinList(v, twinPoint)
		return orb.MultiPoint(line), err
	case "LineString":
		return twinLine(v)
	case "MultiLineString":
		lines, err := twinList(v, twinLine)
		return orb.MultiLineString(lines), err
	case "Polygon":
		return twinPolygon(v)
	case "MultiPolygon":
		polygons, err := twinList(v, twinPolygon)
		return orb.MultiPolygon(polygons), err
	}
	return nil, fmt.Errorf("type %q", kind)
}

func twinList[T any](v any, element func(any) (T, error)) ([]T, error) {
	list, ok := v.([]any)
	if !ok || len(list) == 0 {
		return nil, fmt.Errorf("no list: %v", v)
	}
	var out []T
	for _, v := range list {
		e, err := element(v)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func twinPoint(v any) (orb.Point, error) {
	numbers, err := twinList(v, func(v any) (float64, error) {
		f, ok := v.(float64)
		if !ok || math.IsInf(f, 0) {
			return 0, fmt.Errorf("no number: %v", v)
		}
		return f, nil
	})
	if err != nil || len(numbers) < 2 || math.Abs(numbers[0]) > 180 || math.Abs(numbers[1]) > 90 {
		return orb.Point{}, fmt.Errorf("no position: %v", v)
	}
	return orb.Point{numbers[0], numbers[1]}, nil
}

func twinLine(v any) (orb.LineString, error) {
	line, err := twinList(v, twinPoint)
	if err == nil && len(line) < 2 {
		err = fmt.Errorf("short line")
	}
	return line, err
}

func twinPolygon(v any) (orb.Polygon, error) {
	return twinList(v, func(v any) (orb.Ring, error) {
		line, err := twinList(v, twinPoint)
		if err == nil && len(line) >= 3 && line[0] != line[len(line)-1] {
			line = append(line, line[0])
		}
		if err == nil && len(line) < 4 {
			err = fmt.Errorf("short ring")
		}
		return line, err
	})
}

// The published files against the twin, every number to its last bit.
func TestPublishedTwin(t *testing.T) {
	for _, name := range []string{"flood/A31-20-21_1400230001.geojson.gz", "landslide/A33_numazu_523856.geojson.gz", "shelters/isesaki/102041_emergency.geojson"} {
		_, got := readPublished(t, name)
		var text strings.Builder
		if _, err := bytesOf(t, name).WriteTo(&text); err != nil {
			t.Fatal(err)
		}
		want, _ := twin([]byte(text.String()))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func bytesOf(t *testing.T, name string) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(open(t, name)); err != nil {
		t.Fatal(err)
	}
	return &b
}
