package mbtiles_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
	"hazardmap/tiles"

	_ "github.com/mattn/go-sqlite3"
)

// zones are two invented zones near Isesaki, and a line.
func zones() []hazard.Zone {
	at := func(lon, lat, side float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
	}
	return []hazard.Zone{
		{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: 3, River: "利根川", Shape: at(139.2, 36.3, 0.02)},
		{Kind: hazard.FloodDepth, Scenario: hazard.Max, Rank: hazard.RankUnknown, Shape: at(139.21, 36.31, 0.0001)},
		{Kind: hazard.CollapseFlow, Scenario: hazard.Max, Rank: 1, Flags: hazard.LineOnly, Shape: orb.MultiLineString{{{139.2, 36.3}, {139.22, 36.32}}}},
	}
}

// flood writes a tileset of the zones.
func flood(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "flood.mbtiles")
	kinds := hazard.KindSet(0).With(hazard.FloodDepth).With(hazard.CollapseFlow)
	w, err := mbtiles.Create(path, mbtiles.Metadata{
		Name: "flood", Description: "伊勢崎市", Attribution: "国土交通省", Version: "2026-04-01", Type: "overlay",
		Layers: tiles.ZoneLayers(kinds, tiles.CutOptions{}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tiles.Cut(t.Context(), zones(), tiles.CutOptions{}, w.Put); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVerify(t *testing.T) {
	path := flood(t)
	seen := 0
	report, err := mbtiles.VerifyEach(t.Context(), path, func(id tiles.ID, tile tiles.Tile) error {
		seen++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if report.Tiles < 9 || seen != report.Tiles || strings.Join(report.Layers, " ") != "flood-depth house-collapse-flow" {
		t.Errorf("VerifyEach = %+v, %d tiles seen", report, seen)
	}
	stop := errors.New("stop")
	if _, err := mbtiles.VerifyEach(t.Context(), path, func(tiles.ID, tiles.Tile) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("VerifyEach = %v, want the error of the callback", err)
	}
}

// TestVerifyRefuses changes one thing after the other.
func TestVerifyRefuses(t *testing.T) {
	tests := []struct{ name, sql, want string }{
		{"trigger", "CREATE TRIGGER x AFTER INSERT ON metadata BEGIN SELECT 1; END", `trigger "x"`},
		{"view", "CREATE VIEW x AS SELECT 1", `view "x"`},
		{"virtual table", "CREATE VIRTUAL TABLE x USING rtree(id, a, b)", "not part of our layout"},
		{"other view of tiles", "DROP VIEW tiles\nCREATE VIEW tiles AS SELECT 6 zoom_level, 0 tile_column, 0 tile_row, x'1f8b' tile_data", `view "tiles"`},
		{"index gone", "DROP INDEX name", "missing: CREATE UNIQUE INDEX"},
		{"application id", "PRAGMA application_id=1", "application_id"},
		{"name gone", "DELETE FROM metadata WHERE name='name'", `"name" is missing`},
		{"bounds of another country", "UPDATE metadata SET value='0,50,1,51' WHERE name='bounds'", "Japan"},
		{"bounds too small", "UPDATE metadata SET value='139.20,36.30,139.201,36.301' WHERE name='bounds'\nUPDATE metadata SET value='139.2005,36.3005,8' WHERE name='center'", "outside bounds"},
		{"center", "UPDATE metadata SET value='130,33,8' WHERE name='center'", "center"},
		{"zoom that is not there", "UPDATE metadata SET value='15' WHERE name='maxzoom'", "zooms 6 to 14"},
		{"json", "UPDATE metadata SET value='{' WHERE name='json'", `"json"`},
		{"layer not announced", "UPDATE metadata SET value=replace(value,'house-collapse-flow','x') WHERE name='json'", `"house-collapse-flow" is not described`},
		{"field not announced", "UPDATE metadata SET value=replace(value,'river','brook') WHERE name='json'", `"river" is not described`},
		{"hash", "UPDATE metadata SET value='00' WHERE name='agg_tiles_hash'", "agg_tiles_hash"},
		{"tile outside the pyramid", "INSERT INTO tiles_shallow VALUES (6, 64, 0, 1)", "outside the pyramid"},
		{"column as text", "INSERT INTO tiles_shallow VALUES (14, 'x', 0, 1)", "whole numbers"},
		{"tile gone", "DELETE FROM tiles_shallow WHERE zoom_level=9", "agg_tiles_hash"},
		{"blob gone", "DELETE FROM tiles_data WHERE tile_data_id=1", "agg_tiles_hash"},
		{"blob without tile", "INSERT INTO tiles_data VALUES (999, x'00')", "blobs"},
		{"not gzip", "UPDATE tiles_data SET tile_data=x'1a00' WHERE tile_data_id=1", "not gzip"},
		{"cut off", "UPDATE tiles_data SET tile_data=substr(tile_data,1,length(tile_data)-4) WHERE tile_data_id=1", "EOF"},
	}
	whole, err := os.ReadFile(flood(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "flood.mbtiles")
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
			edit(t, path, tt.sql)
			if _, err := mbtiles.Verify(t.Context(), path); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Verify = %v, want an error about %q", err, tt.want)
			}
		})
	}
}

func edit(t *testing.T, path, statements string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	for s := range strings.SplitSeq(statements, "\n") {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestVerifyDamage: whatever is cut off is found, and nothing makes Verify or
// Open panic.
func TestVerifyDamage(t *testing.T) {
	whole, err := os.ReadFile(flood(t))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "damaged.mbtiles")
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		if err := os.WriteFile(path, whole[:random.IntN(len(whole))], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := mbtiles.Verify(t.Context(), path); err == nil {
			t.Error("Verify takes a file that was cut off")
		}
	}
	for range 60 {
		b := bytes.Clone(whole)
		for range 1 + random.IntN(30) {
			b[random.IntN(len(b))] ^= byte(1 + random.IntN(255))
		}
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = mbtiles.Verify(t.Context(), path) // must come back
		if a, err := mbtiles.Open(path); err == nil {
			for _, err := range a.All(context.Background()) {
				if err != nil {
					break
				}
			}
			if err := a.Close(); err != nil {
				t.Log(err)
			}
		}
	}
}

// TestOpenHostile: a foreign schema cannot make Open run anything.
func TestOpenHostile(t *testing.T) {
	tests := []struct{ name, view string }{
		{"endless recursion", "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i+1 FROM n) SELECT 0 zoom_level, i tile_column, 0 tile_row, x'1a00' tile_data FROM n"},
		{"function", "CREATE VIEW tiles AS SELECT 0 zoom_level, 0 tile_column, 0 tile_row, randomblob(1000000000) tile_data"},
		{"virtual table", "CREATE VIRTUAL TABLE tiles USING fts3(zoom_level, tile_column, tile_row, tile_data)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hostile.mbtiles")
			edit(t, path, tt.view)
			if a, err := mbtiles.Open(path); err == nil {
				t.Error("Open takes the file")
				if err := a.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestGDALReads: another program reads every zoom.
func TestGDALReads(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (gdal-bin) is not installed: what others read is not checked")
	}
	path := flood(t)
	for zoom := '0' + 6; zoom <= '9'; zoom++ {
		out, err := exec.CommandContext(t.Context(), ogrinfo, "-ro", "-al", "-so", "-oo", "ZOOM_LEVEL="+string(zoom), path).CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("flood-depth")) || bytes.Contains(out, []byte("Feature Count: 0")) {
			t.Errorf("ogrinfo at zoom %c: %v\n%s", zoom, err, out)
		}
	}
}
