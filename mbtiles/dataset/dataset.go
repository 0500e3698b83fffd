// Package dataset keeps everything that one import says about a place in one
// directory: the manifest, the look-up index, the shapes, the tiles and the
// gazetteer.
//
// A dataset is written aside, verified, synced and renamed into place, and is
// never changed afterwards. Its version is the hash of its manifest, which
// names every other file by hash: whoever holds the version holds the bytes.
package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"hazardmap/hazard"
	"hazardmap/mbtiles"
)

// The files of a dataset beside its tilesets.
const (
	indexName  = "risks.idx"
	placesName = "places.idx"
	shapesName = "hazards.gpkg"

	tilesSuffix = ".mbtiles"
)

// Dataset is a directory opened for reading. It may be used by several
// goroutines at once.
type Dataset struct {
	Dir      string
	Manifest *Manifest
	Version  string // SHA-256 of the manifest, in hex
	Index    *hazard.Index
	Risks    []byte // risks.idx, as a phone may fetch it
	Places   []byte // places.idx, nil if there is none

	tilesets map[string]*mbtiles.Archive
	release  []func() error
}

// Open opens a dataset: the index and the gazetteer are mapped and must be those
// of the manifest to the last bit and answer its samples, since answers come from
// them; the tilesets are open. [Verify] checks the rest.
func Open(dir string) (*Dataset, error) {
	manifest, version, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	d := &Dataset{Dir: dir, Manifest: manifest, Version: version, tilesets: map[string]*mbtiles.Archive{}}
	if err := d.open(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Dataset) open() error {
	var err error
	for _, f := range d.Manifest.Files {
		path := d.Path(f.Name)
		switch {
		case f.Name == indexName:
			if d.Risks, err = d.mapped(path, f); err != nil {
				return err
			}
			if d.Index, err = hazard.OpenIndex(d.Risks); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		case f.Name == placesName:
			if d.Places, err = d.mapped(path, f); err != nil {
				return err
			}
		case strings.HasSuffix(f.Name, tilesSuffix):
			archive, err := mbtiles.Open(path)
			if err != nil {
				return err
			}
			d.release = append(d.release, archive.Close)
			d.tilesets[strings.TrimSuffix(f.Name, tilesSuffix)] = archive
		}
	}
	for _, s := range d.Manifest.Samples {
		if err := s.agree(d.Index); err != nil {
			return fmt.Errorf("%s: %w", d.Path(ManifestName), err)
		}
	}
	return nil
}

func (d *Dataset) mapped(path string, want File) ([]byte, error) {
	data, release, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	d.release = append(d.release, release)
	if int64(len(data)) != want.Bytes {
		return nil, fmt.Errorf("%s: has %d bytes, the manifest says %d", path, len(data), want.Bytes)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want.SHA256 {
		return nil, fmt.Errorf("%s: is damaged: its SHA-256 is not that of the manifest", path)
	}
	return data, nil
}

// Close releases everything. Bytes and strings that came from the dataset must
// not be used afterwards.
func (d *Dataset) Close() error {
	var errs []error
	for _, release := range slices.Backward(d.release) {
		errs = append(errs, release())
	}
	d.release = nil
	return errors.Join(errs...)
}

// Path returns where a file of the dataset lies.
func (d *Dataset) Path(name string) string { return filepath.Join(d.Dir, name) }

// Shapes returns where hazards.gpkg lies.
func (d *Dataset) Shapes() string { return d.Path(shapesName) }

// Tilesets returns the names of the tilesets, sorted: "base", "flood".
func (d *Dataset) Tilesets() []string {
	names := make([]string, 0, len(d.tilesets))
	for name := range d.tilesets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Tileset returns one tileset, and whether there is one of that name.
func (d *Dataset) Tileset(name string) (*mbtiles.Archive, bool) {
	a, ok := d.tilesets[name]
	return a, ok
}
