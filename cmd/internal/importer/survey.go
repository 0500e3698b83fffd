package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/gml"
	"hazardmap/hazard"
	"hazardmap/hazard/ksj"
	"hazardmap/hazard/shelter"
	"hazardmap/mbtiles/dataset"

	"github.com/paulmach/orb"
)

// What a file was recognised as.
const (
	hazardZones = "hazard zones"
	shelterList = "shelters"
	boundary    = "boundary"
	placeList   = "places"
	townMap     = "map of towns"
	contactList = "contacts"
	baseMap     = "base map"
)

// finding is what the first walk learned about a member.
type finding struct {
	content   string
	format    format
	gazetteer gazetteer.Format
}

// boundaryFile is a file of boundaries, read as a whole in the first walk.
type boundaryFile struct {
	boundaries *ksj.Boundaries
	source     int
}

// errUnknown reports a file that nothing here understands.
var errUnknown = errors.New("not recognised: neither hazard zones, shelters, boundaries, places, contacts nor a base map")

// survey recognises one member.
func (g *gatherer) survey(m *archive.Member) error {
	key := filepath.Clean(m.Path)
	if _, twice := g.found[key]; twice || g.ctx.Err() != nil {
		return g.ctx.Err()
	}
	g.opts.Progress("recognise "+m.Name, len(g.found), 0)
	f, err := g.recognise(m)
	if err != nil {
		g.refuseFile(m.Path, fmt.Errorf("%s: %w", m.Path, plain(err, m.Path)))
	}
	g.found[key] = f
	return g.ctx.Err()
}

func (g *gatherer) recognise(m *archive.Member) (finding, error) {
	raw, text, err := headOf(m)
	if err != nil {
		return finding{}, err
	}
	f := sniff(m, raw)
	switch f {
	case formatDocument, formatPart:
		return finding{}, nil
	case formatSQLite:
		return g.recogniseBase(m)
	case formatNone:
		return finding{}, errUnknown
	}
	if places, ok := gazetteer.Recognise(raw); ok {
		return finding{content: placeList, gazetteer: places}, nil
	}
	if f == formatJSON {
		return g.readContacts(m)
	}
	return g.recogniseRecords(m, f, text)
}

func (g *gatherer) recogniseRecords(m *archive.Member, f format, text []byte) (finding, error) {
	r, err := openRecords(m, f)
	if errors.Is(err, gml.ErrNoFeatures) && (bytes.Contains(text, []byte("MD_Metadata")) || strings.HasPrefix(m.Name, "KS-META")) {
		return finding{}, nil
	}
	if err != nil {
		return finding{}, err
	}
	defer r.Close()
	_, err = ksj.Recognise(m.Name, r.element(), r.columns, r.first.Attr)
	if err == nil {
		return finding{content: hazardZones, format: f}, nil
	} else if !errors.Is(err, ksj.ErrUnknown) {
		return finding{}, err
	}
	_, err = shelter.Recognise(m.Name, r.columns, r.first.Attr)
	if err == nil {
		return finding{content: shelterList, format: f}, nil
	}
	b, boundaryErr := ksj.RecogniseBoundaries(m.Name, r.columns, r.first.Attr)
	if boundaryErr == nil {
		return finding{content: boundary, format: f}, g.readBoundaries(m, r, b)
	}
	if gazetteer.NamesTowns(r.first.Attr) && isPolygon(r.first.Geometry) {
		return finding{content: townMap, format: f}, nil
	}
	for _, reason := range []error{err, boundaryErr} {
		if !errors.Is(reason, shelter.ErrUnknown) && !errors.Is(reason, ksj.ErrUnknown) {
			return finding{}, reason
		}
	}
	return finding{}, errUnknown
}

func isPolygon(shape orb.Geometry) bool {
	switch shape.(type) {
	case orb.Polygon, orb.MultiPolygon:
		return true
	}
	return false
}

func (g *gatherer) readBoundaries(m *archive.Member, r *records, b *ksj.Boundaries) error {
	index := g.sourceIndex(m.Path, boundary, b.Source())
	s := g.sources[index]
	good := 0
	for f, err := range r.All() {
		if err == nil {
			err = b.Add(f)
		}
		if err != nil {
			if err := g.refuseRecord(s, m, f, err); err != nil {
				return err
			}
			continue
		}
		s.Read++
		good++
	}
	s.repaired(b.Notes())
	kept := 0
	if area, err := b.Area(g.opts.Area); err == nil {
		kept = min(len(area.Boundary), good) // a record of 行政区域 is one polygon
	}
	s.Kept += kept
	s.Elsewhere += good - kept
	g.boundaries = append(g.boundaries, boundaryFile{boundaries: b, source: index})
	return g.ctx.Err()
}

// recogniseBase takes an MBTiles file as the base map.
func (g *gatherer) recogniseBase(m *archive.Member) (finding, error) {
	switch {
	case strings.Contains(m.Path, "!"):
		return finding{}, errors.New("a base map is read from disk, not from an archive")
	case g.base != "" && g.base != m.Path:
		return finding{}, fmt.Errorf("a second base map, after %s", g.base)
	}
	meta, err := dataset.BaseMetadata(m.Path)
	if err != nil {
		return finding{}, err
	}
	g.base = m.Path
	s := g.source(m.Path, baseMap, hazard.Source{Title: meta.Name, Attribution: meta.Attribution, Edition: meta.Version})
	s.Read, s.Kept = 1, 1
	return finding{content: baseMap}, nil
}

// contactsLimit caps the file of contacts.
const contactsLimit = 1 << 20

// readContacts reads a list of desks, [{"name": …, "phone": …}]: whom visitors
// may ask.
func (g *gatherer) readContacts(m *archive.Member) (finding, error) {
	data, err := m.Open()
	if err != nil {
		return finding{}, err
	}
	text, err := io.ReadAll(io.LimitReader(data, contactsLimit))
	if err := errors.Join(err, data.Close()); err != nil {
		return finding{}, err
	}
	var contacts []dataset.Contact
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&contacts); err != nil {
		return finding{}, fmt.Errorf("%w: %w", errUnknown, err)
	}
	if len(contacts) == 0 || slices.ContainsFunc(contacts, func(c dataset.Contact) bool { return c.Name == "" }) {
		return finding{}, errUnknown
	}
	s := g.source(m.Path, contactList, hazard.Source{Title: m.Name})
	s.Read, s.Kept = len(contacts), len(contacts)
	g.contacts = append(g.contacts, contacts...)
	return finding{content: contactList}, nil
}

// polygons reads every polygon of a file.
func (g *gatherer) polygons(path string) (orb.MultiPolygon, error) {
	var area orb.MultiPolygon
	err := archive.Walk(g.ctx, path, func(m *archive.Member) error {
		raw, _, err := headOf(m)
		if err != nil {
			return err
		}
		f := sniff(m, raw)
		if f == formatDocument || f == formatPart {
			return nil
		}
		r, err := openRecords(m, f)
		if err != nil {
			return err
		}
		defer r.Close()
		for f, err := range r.All() {
			if err != nil {
				return err
			}
			switch shape := f.Geometry.(type) {
			case orb.Polygon:
				area = append(area, shape)
			case orb.MultiPolygon:
				area = append(area, shape...)
			default:
				return &geo.RecordError{File: m.Path, Record: f.Record, Err: errors.New("is not a polygon")}
			}
		}
		return nil
	})
	if err == nil && len(area) == 0 {
		err = fmt.Errorf("%s: holds no polygon", path)
	}
	return area, err
}

func vertices(area orb.MultiPolygon) int {
	n := 0
	for _, polygon := range area {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}
