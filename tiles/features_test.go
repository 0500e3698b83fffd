package tiles_test

import (
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/tiles"
)

// town is a label on the border of four tiles of zoom 14, a boundary and a
// river.
func town() []tiles.Feature {
	lon, lat := tiles.Corner(tiles.ID{Z: 12, X: 3632, Y: 1606})
	return []tiles.Feature{
		{Layer: "place", ID: 7, Geometry: orb.Point{lon, lat}, Attr: map[string]any{"name": "連取町", "rank": 3, "share": 0.5, "minus": -4.0, "none": nil}, MinZoom: 10},
		{Layer: "boundary", Geometry: square(lon, lat, 0.05), Attr: map[string]any{"name": "伊勢崎市", "sample": true}},
		{Layer: "water", Geometry: orb.LineString{{lon - 0.05, lat - 0.02}, {lon, lat}, {lon + 0.05, lat - 0.02}}, MaxZoom: 12},
	}
}

func TestCutFeatures(t *testing.T) {
	labels, boundaries, rivers := map[uint8]int{}, map[uint8]int{}, map[uint8]int{}
	err := tiles.CutFeatures(t.Context(), town(), tiles.CutOptions{}, func(id tiles.ID, raw []byte) error {
		tile, err := tiles.Decode(raw)
		if err != nil {
			return err
		}
		for _, l := range tile.Layers {
			for _, f := range l.Features {
				switch l.Name {
				case "place":
					labels[id.Z]++
					if f.ID != 7 || f.Attr["name"] != "連取町" || f.Attr["rank"] != uint64(3) || f.Attr["share"] != 0.5 || f.Attr["minus"] != int64(-4) || len(f.Attr) != 4 {
						t.Errorf("tile %v: label is %d %v", id, f.ID, f.Attr)
					}
				case "boundary":
					boundaries[id.Z]++
				case "water":
					rivers[id.Z]++
				}
			}
		}
		return tile.Check()
	})
	if err != nil {
		t.Fatal(err)
	}
	for z := uint8(6); z <= 14; z++ {
		if want := map[bool]int{true: 1}[z >= 10]; labels[z] != want {
			t.Errorf("zoom %d: the label stands %d times, want %d", z, labels[z], want)
		}
		if boundaries[z] == 0 {
			t.Errorf("zoom %d: no boundary", z)
		}
		if (rivers[z] > 0) != (z <= 12) {
			t.Errorf("zoom %d: %d rivers, want some up to zoom 12 alone", z, rivers[z])
		}
	}
}

func TestCutFeaturesRefuses(t *testing.T) {
	for _, f := range []tiles.Feature{
		{Layer: "place", Geometry: orb.Point{139, 36}, Attr: map[string]any{"list": []int{1}}},
		{Layer: "place"},
	} {
		if err := tiles.CutFeatures(t.Context(), []tiles.Feature{f}, tiles.CutOptions{}, func(tiles.ID, []byte) error { return nil }); err == nil {
			t.Errorf("CutFeatures takes %+v", f)
		}
	}
}
