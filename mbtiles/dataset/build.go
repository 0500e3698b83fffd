package dataset

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"hazardmap/geo"
	"hazardmap/hazard"
	"hazardmap/mbtiles/disk"
	"hazardmap/tiles"

	"golang.org/x/sync/errgroup"
)

// partSuffix names a dataset that is not finished.
const partSuffix = ".part"

// Contents is everything that a dataset is made of.
type Contents struct {
	Input       *hazard.Input // zones sorted; Input.Sources and Sources are the same files in the same order
	Edition     string        // "2023", "2026-04" or "2026-04-01"; "" where no source says it
	CreatedWith string        // program and version
	Sources     []Source
	Contacts    []Contact
	Gazetteer   []byte          // places.idx; nil for none
	Places      []tiles.Feature // names on the map; nil for no such tileset
	Base        []tiles.Feature // rivers, roads, names of an invented place
	BaseFile    string          // MBTiles file to take the base map from
}

// Progress is told what is being done and how far it is; total 0 means not
// known. It is called from several goroutines, one at a time.
type Progress func(step string, done, total int)

// Report says what was built.
type Report struct {
	Version  string
	Manifest *Manifest
}

// Build writes a dataset to the directory out. It is written aside, verified,
// synced and renamed into place: until then the dataset before stays whole.
func Build(ctx context.Context, out string, c Contents, progress Progress) (Report, error) {
	if len(c.Sources) != len(c.Input.Sources) {
		return Report{}, fmt.Errorf("%s: %d sources are cited and %d described", out, len(c.Input.Sources), len(c.Sources))
	}
	out = filepath.Clean(out)
	part := out + partSuffix
	if err := errors.Join(mayReplace(out), tidy(disk.OS{}, part, out)); err != nil {
		return Report{}, fmt.Errorf("%s: %w", out, err)
	}
	if err := os.MkdirAll(part, 0o755); err != nil {
		return Report{}, err
	}
	b := builder{dir: part, c: &c, tell: oneAtATime(progress)}
	report, err := b.build(ctx)
	if err == nil {
		err = Verify(ctx, part, progress)
	}
	if err != nil {
		return Report{}, errors.Join(fmt.Errorf("%s: not written: %w", out, err), os.RemoveAll(part))
	}
	if err := publish(disk.OS{}, part, out); err != nil {
		return Report{}, fmt.Errorf("%s: not put in place: %w", out, err)
	}
	return report, nil
}

// mayReplace refuses to write over anything but a dataset or an empty folder.
func mayReplace(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, os.ErrNotExist) || (err == nil && len(entries) == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(out, ManifestName)); err != nil {
		return errors.New("is no dataset, so it is not replaced")
	}
	return nil
}

type builder struct {
	dir  string
	c    *Contents
	tell Progress
}

func (b *builder) build(ctx context.Context) (Report, error) {
	edition, err := parseEdition(b.c.Edition)
	if err != nil {
		return Report{}, err
	}
	m := b.manifest()
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		b.tell("shapes", 0, 0)
		return writeShapes(b.path(shapesName), b.c.Input, edition)
	})
	group.Go(func() error {
		if err := b.writeIndex(groupCtx); err != nil {
			return err
		}
		m.Samples = takeSamples(b.c.Input)
		return b.fillCoverage(m)
	})
	group.Go(func() error { return b.writeTilesets(groupCtx, m) })
	if err := group.Wait(); err != nil {
		return Report{}, err
	}
	if b.c.Gazetteer != nil {
		if err := os.WriteFile(b.path(placesName), b.c.Gazetteer, 0o644); err != nil {
			return Report{}, err
		}
	}
	v, err := b.writeManifest(m)
	return Report{Version: v, Manifest: m}, err
}

func (b *builder) path(name string) string { return filepath.Join(b.dir, name) }

func (b *builder) manifest() *Manifest {
	in := b.c.Input
	box := in.Area.Boundary.Bound()
	for i := range in.Zones {
		box = box.Union(geo.Bound(in.Zones[i].Shape))
	}
	return &Manifest{
		Format: Format, ID: in.DatasetID, Edition: b.c.Edition, CreatedWith: b.c.CreatedWith,
		Area: Area{
			Code: in.Area.Code, Name: in.Area.Name, Kana: in.Area.Kana, Romaji: in.Area.Romaji, Sample: in.Area.Sample,
			Boundary: Boundary{Type: boundaryType, Coordinates: in.Area.Boundary},
		},
		Bounds:   [4]float64{box.Min[0], box.Min[1], box.Max[0], box.Max[1]},
		Sources:  b.c.Sources,
		Contacts: b.c.Contacts,
		Tiles:    map[string]tiles.LossReport{},
	}
}

func (b *builder) writeIndex(ctx context.Context) (err error) {
	b.tell("index", 0, 0)
	f, err := os.Create(b.path(indexName))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	if err := hazard.WriteIndex(ctx, w, b.c.Input); err != nil {
		return fmt.Errorf("%s: %w", indexName, err)
	}
	return w.Flush()
}

func (b *builder) fillCoverage(m *Manifest) error {
	data, release, err := mapFile(b.path(indexName))
	if err != nil {
		return err
	}
	defer release()
	index, err := hazard.OpenIndex(data)
	if err != nil {
		return fmt.Errorf("%s: %w", indexName, err)
	}
	m.Coverage = countKinds(index)
	for i, k := range hazard.Kinds() {
		for _, c := range b.c.Input.Coverage {
			m.Coverage[i].Incomplete = m.Coverage[i].Incomplete || (c.Incomplete && c.Kinds.Has(k))
		}
	}
	return nil
}

// countKinds lists what an index knows of every kind.
func countKinds(index *hazard.Index) []Coverage {
	zones := map[hazard.Kind]int{}
	for n := range index.Zones() {
		zones[index.Zone(uint32(n)).Kind]++
	}
	var all []Coverage
	for _, k := range hazard.Kinds() {
		c := Coverage{Kind: k.String(), Surveyed: index.Sourced().Has(k), Zones: zones[k]}
		for _, s := range []hazard.Scenario{hazard.NoScenario, hazard.Max, hazard.Plan} {
			c.InArea += index.CountInArea(k, s)
		}
		all = append(all, c)
	}
	return all
}

func (b *builder) writeManifest(m *Manifest) (string, error) {
	entries, err := os.ReadDir(b.dir) // sorted by name
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		f, err := describe(b.path(e.Name()))
		if err != nil {
			return "", err
		}
		m.Files = append(m.Files, f)
	}
	data, err := m.encode()
	if err != nil {
		return "", err
	}
	return version(data), os.WriteFile(b.path(ManifestName), data, 0o644)
}

// describe measures a file and hashes it.
func describe(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return File{Name: filepath.Base(path), Bytes: n, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}

// parseEdition reads a date that may lack its day or month; no date is 1970.
func parseEdition(s string) (time.Time, error) {
	if s == "" {
		return time.Unix(0, 0).UTC(), nil
	}
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("edition %q: want YYYY, YYYY-MM or YYYY-MM-DD", s)
}
