package importer

import (
	"errors"
	"fmt"
	"path/filepath"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/hazard/shelter"
	"hazardmap/tiles"
)

// gazetteerParts are the places of the area: the index, the shapes whose
// ranges are computed, and the names on the map.
type gazetteerParts struct {
	files    []string
	index    []byte
	places   []hazard.Place
	features []tiles.Feature
}

// buildGazetteer reads the files of places, now that the area and its shelters
// are known.
func (g *gatherer) buildGazetteer() error {
	g.shelters = shelter.Merge(g.shelters)
	if len(g.gazetteer.files) == 0 && len(g.shelters) == 0 {
		return nil
	}
	b := gazetteer.NewBuilder(g.gazetteerOptions())
	if len(g.gazetteer.files) > 0 {
		err := g.walk(func(m *archive.Member) error { return g.addPlaces(b, m) })
		if err != nil {
			return err
		}
	}
	built, err := b.Build(g.ctx)
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	g.gazetteer.index = built.Index
	for _, a := range built.Areas {
		g.gazetteer.places = append(g.gazetteer.places, hazard.Place{ID: a.ID, Area: a.Shape, Approximate: a.Approximate})
	}
	return nil
}

func (g *gatherer) gazetteerOptions() gazetteer.Options {
	opts := gazetteer.Options{Code: g.area.Code, Boundary: g.area.Boundary, Name: g.area.Name}
	for _, s := range g.shelters {
		opts.Facilities = append(opts.Facilities, gazetteer.Facility{
			ID: s.ID, Name: s.Name, Kana: s.Kana, English: s.NameEnglish,
			Position: geo.Point{Lon: s.Lon, Lat: s.Lat},
			Source:   gazetteer.Source{Name: g.sources[s.Source].Title, Date: g.sources[s.Source].Edition},
		})
	}
	return opts
}

func (g *gatherer) addPlaces(b *gazetteer.Builder, m *archive.Member) error {
	key := filepath.Clean(m.Path)
	f, ok := g.found[key]
	if !ok || f.content != placeList {
		return nil
	}
	delete(g.found, key)
	g.opts.Progress("read "+m.Name, 0, 0)
	cite := hazard.Source{Title: m.Name}
	s := g.source(m.Path, placeList, cite)
	data, err := m.Open()
	if err != nil {
		return err
	}
	count, err := b.Add(m.Name, f.gazetteer, gazetteer.Source{Name: cite.Title, Date: cite.Edition}, data)
	if err := errors.Join(err, data.Close()); err != nil {
		g.refuseFile(m.Path, fmt.Errorf("%s: %w", m.Path, plain(err, m.Path)))
		return nil
	}
	s.Read += count.Read
	s.Kept += count.Kept + count.Repaired
	s.Repaired += count.Repaired
	s.Elsewhere += count.Elsewhere
	for reason, n := range count.Refused {
		s.Refused += n
		s.note(reason, placeOf(m.Path, 0), n)
	}
	return nil
}
