package dataset

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/geopackage"
	"hazardmap/hazard"

	"github.com/paulmach/orb"
)

// Verify recomputes everything that a dataset claims and returns the first
// thing that is wrong.
func Verify(ctx context.Context, dir string, progress Progress) error {
	v := verifier{dir: dir, tell: oneAtATime(progress)}
	var err error
	if v.manifest, _, err = ReadManifest(dir); err != nil {
		return err
	}
	if err := v.files(ctx); err != nil {
		return err
	}
	data, release, err := mapFile(filepath.Join(dir, indexName))
	if err != nil {
		return err
	}
	defer release()
	if v.index, err = hazard.OpenIndex(data); err != nil {
		return v.fault(indexName, err)
	}
	for _, check := range []func(context.Context) error{v.checkIndex, v.checkSamples, v.checkShapes, v.checkTilesets, v.checkPlaces, v.checkTowns} {
		if err := errors.Join(ctx.Err(), check(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// CheckFiles checks that a dataset is there to the last bit, and nothing else
// with it. Whoever has verified it once need not do so again.
func CheckFiles(ctx context.Context, dir string) error {
	v := verifier{dir: dir, tell: oneAtATime(nil)}
	var err error
	if v.manifest, _, err = ReadManifest(dir); err != nil {
		return err
	}
	return v.files(ctx)
}

type verifier struct {
	dir      string
	tell     Progress
	manifest *Manifest
	index    *hazard.Index
	zones    []hazard.Zone // of the index, with the shapes of hazards.gpkg
}

func (v *verifier) fault(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", filepath.Join(v.dir, name), err)
}

// files checks that the directory holds what the manifest names, byte for
// byte, and nothing else.
func (v *verifier) files(ctx context.Context) error {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		named := e.Name() == ManifestName || slices.ContainsFunc(v.manifest.Files, func(f File) bool { return f.Name == e.Name() })
		if !named || e.Type()&fs.ModeType != 0 {
			return v.fault(e.Name(), errors.New("is not a file of the manifest"))
		}
	}
	for i, want := range v.manifest.Files {
		v.tell("check hashes", i, len(v.manifest.Files))
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := describe(filepath.Join(v.dir, want.Name))
		if err != nil {
			return err
		}
		switch {
		case got.Bytes != want.Bytes:
			return v.fault(want.Name, fmt.Errorf("has %d bytes, the manifest says %d", got.Bytes, want.Bytes))
		case got.SHA256 != want.SHA256:
			return v.fault(want.Name, fmt.Errorf("SHA-256 is %s, the manifest says %s", got.SHA256, want.SHA256))
		}
	}
	v.tell("check hashes", len(v.manifest.Files), len(v.manifest.Files))
	return nil
}

func (v *verifier) checkIndex(context.Context) error {
	v.tell("check index", 0, 0)
	if err := v.index.Verify(); err != nil {
		return v.fault(indexName, err)
	}
	if got := v.index.DatasetID(); got != v.manifest.ID {
		return v.fault(indexName, fmt.Errorf("is of dataset %q, the manifest of %q", got, v.manifest.ID))
	}
	if got, want := v.index.Area(), v.manifest.Area.area(); got.Code != want.Code || got.Name != want.Name || got.Sample != want.Sample {
		return v.fault(indexName, fmt.Errorf("is of %s %s, the manifest of %s %s", got.Code, got.Name, want.Code, want.Name))
	}
	sources := v.index.Sources()
	if len(sources) != len(v.manifest.Sources) {
		return v.fault(indexName, fmt.Errorf("cites %d sources, the manifest %d", len(sources), len(v.manifest.Sources)))
	}
	for i, s := range sources {
		if m := v.manifest.Sources[i]; s != (hazard.Source{Title: m.Title, Attribution: m.Attribution, Licence: m.Licence, Edition: m.Edition}) {
			return v.fault(indexName, fmt.Errorf("source %d is %q, the manifest says %q", i, s.Title, m.Title))
		}
	}
	for i, want := range v.manifest.Coverage {
		got := countKinds(v.index)
		if i >= len(got) || got[i].Kind != want.Kind || got[i].Surveyed != want.Surveyed || got[i].Zones != want.Zones || got[i].InArea != want.InArea {
			return v.fault(indexName, fmt.Errorf("coverage of %s differs from the manifest", want.Kind))
		}
	}
	return nil
}

func (v *verifier) checkSamples(context.Context) error {
	for i, s := range v.manifest.Samples {
		v.tell("check samples", i+1, len(v.manifest.Samples))
		if err := s.agree(v.index); err != nil {
			return v.fault(ManifestName, err)
		}
	}
	return nil
}

// checkShapes compares every record of hazards.gpkg with the zone of the index
// that has its number, and asks the index about a corner of each.
func (v *verifier) checkShapes(ctx context.Context) error {
	f, err := geopackage.Open(filepath.Join(v.dir, shapesName))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Check(ctx); err != nil {
		return err
	}
	seen := 0
	v.zones = make([]hazard.Zone, v.index.Zones())
	for _, layer := range []string{zonesLayer, linesLayer} {
		for record, err := range f.Features(ctx, layer, geopackage.Query{}) {
			if err != nil {
				return err
			}
			seen++
			if seen%1000 == 0 || seen == v.index.Zones() {
				v.tell("check shapes", seen, v.index.Zones())
			}
			if err := v.checkZone(record.Record-1, record.Geometry, record.Attr); err != nil {
				return v.fault(shapesName, fmt.Errorf("layer %s: record %d: %w", layer, record.Record, err))
			}
		}
	}
	if seen != v.index.Zones() {
		return v.fault(shapesName, fmt.Errorf("holds %d zones, the index %d", seen, v.index.Zones()))
	}
	return v.checkBoundary(ctx, f)
}

// checkBoundary compares the boundary in the manifest with that of
// hazards.gpkg, corner by corner.
func (v *verifier) checkBoundary(ctx context.Context, f *geopackage.File) error {
	for record, err := range f.Features(ctx, boundaryLayer, geopackage.Query{}) {
		if err != nil {
			return err
		}
		if !orb.Equal(record.Geometry, v.manifest.Area.area().Boundary) {
			return v.fault(ManifestName, fmt.Errorf("the boundary of the area is not that of %s", shapesName))
		}
		return nil
	}
	return v.fault(shapesName, errors.New("holds no boundary"))
}

func (v *verifier) checkZone(n int, shape orb.Geometry, attr map[string]any) error {
	if n < 0 || n >= v.index.Zones() {
		return fmt.Errorf("the index has no zone %d", n)
	}
	zone := v.index.Zone(uint32(n))
	for i, want := range zoneValues(&zone, v.index.Sources()) {
		name := zoneColumns[i].Name
		if whole, ok := want.(int64); ok {
			want = float64(whole)
		}
		if want == "" {
			want = nil
		}
		if attr[name] != want {
			return fmt.Errorf("%s is %v, in the index %v", name, attr[name], want)
		}
	}
	if v.zones[n].Shape != nil {
		return errors.New("stands there twice")
	}
	zone.Shape = shape
	v.zones[n] = zone
	corner, ok := firstCorner(shape)
	if !ok {
		return nil
	}
	for _, hit := range v.index.At(nil, lattice(corner)) {
		if hit.Zone == uint32(n) && hit.Edge {
			return nil
		}
	}
	return errors.New("the index does not know its first corner as edge")
}

func (v *verifier) checkPlaces(context.Context) error {
	path := filepath.Join(v.dir, placesName)
	data, release, err := mapFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer release()
	v.tell("check places", 0, 0)
	index, err := gazetteer.Open(data)
	if err != nil {
		return v.fault(placesName, err)
	}
	return v.fault(placesName, index.Verify())
}
