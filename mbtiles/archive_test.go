package mbtiles_test

import (
	"errors"
	"strings"
	"testing"

	"hazardmap/geo/published"
	"hazardmap/mbtiles"
	"hazardmap/tiles"
)

// TestOpenForeign opens every file that other programs wrote, or says why not.
func TestOpenForeign(t *testing.T) {
	tests := []struct {
		file             string
		format           string
		tiles            int
		minZoom, maxZoom uint8
		refused          string // part of the reason
	}{
		{file: "gunma_base_gdal.mbtiles", format: "pbf", tiles: 715, minZoom: 8, maxZoom: 13},
		{file: "machiaza_isesaki_z8-14.mbtiles", format: "pbf", tiles: 291, minZoom: 8, maxZoom: 14},
		{file: "jma_warning_area_gunma.mbtiles", format: "pbf", tiles: 48, maxZoom: 10},
		{file: "omt_openmaptiles_z0-1.mbtiles", format: "pbf", tiles: 2, maxZoom: 1},
		{file: "world_cities.mbtiles", format: "pbf", tiles: 196, maxZoom: 6},
		{file: "geography-class-png.mbtiles", format: "png", tiles: 5, maxZoom: 1},
		{file: "martin/zoomed_world_cities.mbtiles", format: "pbf", tiles: 1, minZoom: 6, maxZoom: 6},
		{file: "martin/normalized-dedup-id.mbtiles", format: "jpg", tiles: 5, maxZoom: 1},
		{file: "martin/json.mbtiles", format: "json", tiles: 1},
		{file: "invalid.mbtiles", refused: "no table or view called tiles"},
		{file: "invalid-tile-format.mbtiles", refused: "FFFFFFFF"},
		{file: "martin/invalid-tile-idx.mbtiles", refused: "outside the pyramid"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := mbtiles.Open(published.Path(t, "basemap-tiles/mbtiles/"+tt.file))
			if tt.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tt.refused) {
					t.Fatalf("Open = %v, want an error about %q", err, tt.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			m := a.Metadata()
			if m.Format != tt.format || m.MinZoom != tt.minZoom || m.MaxZoom != tt.maxZoom || m.Bounds == [4]float64{} {
				t.Errorf("Metadata() = format %q, zooms %d to %d, bounds %v; want %q, %d to %d, some bounds",
					m.Format, m.MinZoom, m.MaxZoom, m.Bounds, tt.format, tt.minZoom, tt.maxZoom)
			}
			n := 0
			for s, err := range a.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				n++
				checkStored(t, a, s, tt.format)
			}
			if n != tt.tiles {
				t.Errorf("All yields %d tiles, want %d", n, tt.tiles)
			}
		})
	}
}

// checkStored asks for the tile by its name and reads it as what it is.
func checkStored(t *testing.T, a *mbtiles.Archive, s mbtiles.Stored, format string) {
	t.Helper()
	got, err := a.Tile(t.Context(), s.ID)
	if err != nil || string(got) != string(s.Data) {
		t.Fatalf("Tile(%v) = %d bytes, %v, want the %d bytes of All", s.ID, len(got), err, len(s.Data))
	}
	raw, err := mbtiles.Inflate(s.Data, s.Encoding)
	if err != nil {
		t.Fatalf("Inflate(%v): %v", s.ID, err)
	}
	if format != "pbf" {
		return
	}
	if _, err := tiles.Decode(raw); err != nil {
		t.Errorf("Decode(%v): %v", s.ID, err)
	}
}

func TestTileAbsent(t *testing.T) {
	a, err := mbtiles.Open(published.Path(t, "basemap-tiles/mbtiles/world_cities.mbtiles"))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, id := range []tiles.ID{{Z: 6, X: 0, Y: 63}, {Z: 9, X: 1, Y: 1}, {Z: 3, X: 8, Y: 0}, {Z: 255}} {
		if _, err := a.Tile(t.Context(), id); !errors.Is(err, tiles.ErrNoTile) {
			t.Errorf("Tile(%v) = %v, want ErrNoTile", id, err)
		}
	}
}
