package importer

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/hazard"
	"hazardmap/hazard/ksj"
	"hazardmap/hazard/shelter"
)

// noteCut is what the table says of zones that were shortened.
const noteCut = "drawn shorter beyond 2 km around the area"

// tellEvery is how many records pass between two words of progress.
const tellEvery = 1000

// read takes what the second walk brings.
func (g *gatherer) read(m *archive.Member) error {
	key := filepath.Clean(m.Path)
	f := g.found[key]
	delete(g.found, key) // the same file handed over twice is read once
	var err error
	switch f.content {
	case hazardZones:
		err = g.readZones(m, f.format)
	case shelterList:
		err = g.readShelters(m, f.format)
	case placeList, townMap:
		g.gazetteer.files++
		g.found[key] = f
	}
	if err != nil {
		g.refuseFile(m.Path, fmt.Errorf("%s: %w", m.Path, plain(err, m.Path)))
	}
	return g.ctx.Err()
}

// zoneFile is one member of hazard zones while it is read. GML may mix
// elements, each with a meaning of its own.
type zoneFile struct {
	member   *archive.Member
	records  *records
	decoders map[string]*ksj.Decoder
	sources  map[string]int
}

func (g *gatherer) readZones(m *archive.Member, f format) error {
	r, err := openRecords(m, f)
	if err != nil {
		return err
	}
	defer r.Close()
	file := &zoneFile{member: m, records: r, decoders: map[string]*ksj.Decoder{}, sources: map[string]int{}}
	read := 0
	for feature, err := range r.All() {
		if read++; read%tellEvery == 0 {
			g.opts.Progress("read "+m.Name, read, 0)
			if g.ctx.Err() != nil {
				return g.ctx.Err()
			}
		}
		if err := g.readZone(file, feature, err); err != nil {
			g.incomplete |= file.kinds()
			return err
		}
	}
	for element, d := range file.decoders {
		g.sources[file.sources[element]].repaired(d.Notes())
	}
	return nil
}

// kinds returns what the elements read so far say something about.
func (f *zoneFile) kinds() hazard.KindSet {
	var all hazard.KindSet
	for _, d := range f.decoders {
		all |= d.Kinds()
	}
	return all
}

func (g *gatherer) readZone(file *zoneFile, feature geo.Feature, err error) error {
	element := file.records.element()
	d := file.decoders[element]
	if d == nil {
		if d, err = ksj.Recognise(file.member.Name, element, file.records.columns, file.records.first.Attr); err != nil {
			return err
		}
		file.decoders[element] = d
		file.sources[element] = g.sourceIndex(file.member.Path, hazardZones, d.Source())
	}
	s := g.sources[file.sources[element]]
	s.asks.kinds |= d.Kinds()
	var zones []hazard.Zone
	if err == nil {
		zones, err = d.Zones(feature)
	}
	if err != nil {
		g.incomplete |= d.Kinds()
		return g.refuseRecord(s, file.member, feature, err)
	}
	s.Read++
	s.asks.note(ksj.Prefecture(feature.Attr), zones)
	if len(zones) == 0 || !g.near.holds(geo.Bound(zones[0].Shape)) {
		s.Elsewhere++
		return nil
	}
	s.Kept++
	for _, z := range zones {
		z.Source = file.sources[element]
		if g.cut.cut(&z) {
			s.note(noteCut, placeOf(file.member.Path, feature.Record), 1)
		}
		g.zones = append(g.zones, z)
	}
	return nil
}

func (g *gatherer) readShelters(m *archive.Member, f format) error {
	r, err := openRecords(m, f)
	if err != nil {
		return err
	}
	defer r.Close()
	d, err := shelter.Recognise(m.Name, r.columns, r.first.Attr)
	if err != nil {
		return err
	}
	d.Restrict(g.area)
	index := g.sourceIndex(m.Path, shelterList, d.Source())
	s := g.sources[index]
	g.opts.Progress("read "+m.Name, 0, 0)
	for feature, err := range r.All() {
		var found hazard.Shelter
		if err == nil {
			found, err = d.Shelter(feature)
		}
		switch {
		case errors.Is(err, shelter.ErrElsewhere):
			s.Read++
			s.Elsewhere++
		case err != nil:
			if err := g.refuseRecord(s, m, feature, err); err != nil {
				return err
			}
		default:
			s.Read++
			s.Kept++
			found.Source = index
			g.shelters = append(g.shelters, found)
		}
	}
	return nil
}

// refuseRecord notes a record that stays out; any other error ends the file.
func (g *gatherer) refuseRecord(s *source, m *archive.Member, f geo.Feature, err error) error {
	record := f.Record
	var refused *geo.RecordError
	if errors.As(err, &refused) {
		record = refused.Record
	} else if record == 0 {
		return err
	}
	s.refuse(err, m.Path, max(record, 1))
	g.bad = append(g.bad, fmt.Errorf("%s: record %d: %w", m.Path, record, plain(err, m.Path)))
	return nil
}

// placeOf names a record by the member it lies in, without the way to the file
// on disk.
func placeOf(member string, record int) string {
	place := path.Base(filepath.ToSlash(member))
	if _, inside, packed := strings.Cut(member, "!"); packed {
		place = inside
	}
	if record > 0 {
		place += fmt.Sprintf(": record %d", record)
	}
	return place
}

// plain takes the place off an error that names it already.
func plain(err error, path string) error {
	var refused *geo.RecordError
	if errors.As(err, &refused) {
		return refused.Err
	}
	if text, ok := strings.CutPrefix(err.Error(), path+": "); ok {
		return shortened{text, err}
	}
	return err
}

// shortened is an error in fewer words.
type shortened struct {
	text string
	err  error
}

func (s shortened) Error() string { return s.text }
func (s shortened) Unwrap() error { return s.err }

// reasonOf is the text of an error without what differs from record to record.
func reasonOf(err error, path string) string { return plain(err, path).Error() }
