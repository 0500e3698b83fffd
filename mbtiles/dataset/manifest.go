package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"hazardmap/hazard"
	"hazardmap/tiles"

	"github.com/paulmach/orb"
)

// Format is the version of the directory that this package writes and reads.
const Format = 1

// ManifestName is the file that names all others.
const ManifestName = "manifest.json"

const boundaryType = "MultiPolygon"

// manifestLimit caps what is read before anything is known about a file.
const manifestLimit = 64 << 20

// Manifest says what a dataset is made of. It holds no clock: the same input
// gives the same manifest, and its hash is the version of the dataset.
type Manifest struct {
	Format      int                         `json:"format"`
	ID          string                      `json:"id"`
	Edition     string                      `json:"edition"` // "2023" or "2026-04-01"; "" where no source says it
	CreatedWith string                      `json:"created_with"`
	Area        Area                        `json:"area"`
	Bounds      [4]float64                  `json:"bounds"` // west, south, east, north of the boundary and every zone
	Sources     []Source                    `json:"sources"`
	Coverage    []Coverage                  `json:"coverage"`
	Contacts    []Contact                   `json:"contacts,omitempty"`
	Tiles       map[string]tiles.LossReport `json:"tiles"` // by theme: what the tiles do to the zones
	Files       []File                      `json:"files"`
	Samples     []Sample                    `json:"samples"`
}

// Area is the municipality or prefecture that the dataset is about.
type Area struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Kana     string   `json:"kana,omitempty"`
	Romaji   string   `json:"romaji,omitempty"`
	Sample   bool     `json:"sample,omitempty"` // invented, as the demo is
	Boundary Boundary `json:"boundary"`
}

// Boundary is a border as a GeoJSON geometry.
type Boundary struct {
	Type        string           `json:"type"` // "MultiPolygon"
	Coordinates orb.MultiPolygon `json:"coordinates"`
}

// Source is one file that was handed over and what became of its records:
// Read = Kept + Elsewhere + Refused. Zones cite it by its position.
type Source struct {
	File        string   `json:"file"`
	SHA256      string   `json:"sha256"`
	Content     string   `json:"content"` // what it was recognised as
	Title       string   `json:"title"`
	Licence     string   `json:"licence"`
	Attribution string   `json:"attribution"`
	Edition     string   `json:"edition,omitempty"`
	Read        int      `json:"read"`
	Kept        int      `json:"kept"`
	Elsewhere   int      `json:"elsewhere"` // beyond the area and its margin
	Repaired    int      `json:"repaired"`
	Refused     int      `json:"refused"`
	Why         []Reason `json:"why,omitempty"`
}

// Reason says why records were repaired or refused, and where the first is.
type Reason struct {
	Reason  string `json:"reason"`
	Records int    `json:"records"`
	First   string `json:"first,omitempty"` // "inner.geojson: record 12"
}

// Coverage says what is known of one kind in the area.
type Coverage struct {
	Kind       string `json:"kind"`
	Surveyed   bool   `json:"surveyed"`             // a source was read: outside every zone is an answer
	Incomplete bool   `json:"incomplete,omitempty"` // part of a source was refused: outside is undecided
	Zones      int    `json:"zones"`                // in the dataset
	InArea     int    `json:"zones_in_area"`        // 0 and surveyed: none designated here
}

// Contact is a desk that answers questions, as the city names it.
type Contact struct {
	Name    string  `json:"name"`
	Phone   string  `json:"phone,omitempty"`
	Address string  `json:"address,omitempty"`
	URL     string  `json:"url,omitempty"`
	Hours   []Hours `json:"hours,omitempty"`
}

// Hours says when a desk speaks a language, in that language.
type Hours struct {
	Lang string `json:"lang"` // "pt"
	Text string `json:"text"`
}

// File is one part of the dataset.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Sample is a position with its answer, computed from the shapes and not from
// the index, so that either finds a fault in the other.
type Sample struct {
	At      string `json:"at"` // "36.274,139.2244"
	InArea  bool   `json:"in_area"`
	Inside  []int  `json:"inside,omitempty"` // numbers of the zones that hold it
	OnEdges []int  `json:"on_edges,omitempty"`
}

// area returns the area of the manifest as the words of the house.
func (a Area) area() hazard.Area {
	return hazard.Area{Code: a.Code, Name: a.Name, Kana: a.Kana, Romaji: a.Romaji, Sample: a.Sample, Boundary: a.Boundary.Coordinates}
}

func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// version returns the name of the dataset whose manifest has these bytes.
func version(manifest []byte) string {
	sum := sha256.Sum256(manifest)
	return hex.EncodeToString(sum[:])
}

// ReadManifest reads the manifest of a dataset and returns its version, the
// SHA-256 of the manifest in hex.
func ReadManifest(dir string) (*Manifest, string, error) {
	data, err := readManifest(dir)
	if err != nil {
		return nil, "", err
	}
	m, err := ParseManifest(data)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), err)
	}
	return m, version(data), nil
}

func readManifest(dir string) ([]byte, error) {
	path := filepath.Join(dir, ManifestName)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, manifestLimit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

// ParseManifest reads a manifest and refuses what this program does not know.
func ParseManifest(data []byte) (*Manifest, error) {
	if len(data) > manifestLimit {
		return nil, fmt.Errorf("longer than %d bytes", manifestLimit)
	}
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	if head.Format != Format {
		return nil, fmt.Errorf("format %d is not known to this program, which reads %d", head.Format, Format)
	}
	var m Manifest
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	return &m, m.check()
}

// Bytes returns the length of all files that the manifest names.
func (m *Manifest) Bytes() int64 {
	var n int64
	for _, f := range m.Files {
		n += f.Bytes
	}
	return n
}

// endings are those of the files that a dataset may hold.
var endings = []string{".idx", ".gpkg", tilesSuffix}

func (m *Manifest) check() error {
	if m.ID == "" {
		return errors.New("has no id")
	}
	if m.Area.Boundary.Type != boundaryType || len(m.Area.Boundary.Coordinates) == 0 {
		return errors.New("area has no boundary of type " + boundaryType)
	}
	seen := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		if f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) || seen[f.Name] || !slices.Contains(endings, filepath.Ext(f.Name)) {
			return fmt.Errorf("file name %q is not allowed", f.Name)
		}
		if digest, err := hex.DecodeString(f.SHA256); err != nil || len(digest) != sha256.Size || f.Bytes < 0 {
			return fmt.Errorf("file %s: length or hash is no length or hash", f.Name)
		}
		seen[f.Name] = true
	}
	for _, need := range []string{indexName, shapesName} {
		if !seen[need] {
			return fmt.Errorf("has no %s", need)
		}
	}
	return nil
}
