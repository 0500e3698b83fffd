package importer

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/hazard"
	"hazardmap/hazard/shelter"
	"hazardmap/tiles"

	"github.com/paulmach/orb"
)

// gazetteerParts are the places of the area: the index, the shapes whose
// ranges are computed, and the names on the map.
type gazetteerParts struct {
	files    int
	index    []byte
	places   []hazard.Place
	features []tiles.Feature
}

// buildGazetteer reads the files of places, now that the area and its shelters
// are known.
func (g *gatherer) buildGazetteer() error {
	g.shelters = shelter.Merge(g.shelters)
	if g.gazetteer.files == 0 && len(g.shelters) == 0 {
		return nil
	}
	b := gazetteer.NewBuilder(g.gazetteerOptions())
	if g.gazetteer.files > 0 {
		if err := g.walk(func(m *archive.Member) error { return g.addPlaces(b, m) }); err != nil {
			return err
		}
	}
	g.opts.Progress("places", 0, 0)
	built, err := b.Build(g.ctx)
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	g.gazetteer.index = built.Index
	index, err := gazetteer.Open(built.Index)
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	for _, a := range built.Areas {
		p, _ := index.Place(a.ID)
		g.gazetteer.places = append(g.gazetteer.places, hazard.Place{
			ID: a.ID, Area: a.Shape, Approximate: a.Approximate,
			Level: p.Level.String(), Name: p.Label.Ja, Kana: p.Label.Kana, Romaji: p.Label.Romaji,
		})
	}
	g.drawPlaces(built, index)
	return nil
}

func (g *gatherer) gazetteerOptions() gazetteer.Options {
	opts := gazetteer.Options{Code: g.area.Code, Boundary: g.area.Boundary, Name: g.area.Name, Kana: g.area.Kana, Romaji: g.area.Romaji}
	for _, s := range g.shelters {
		opts.Facilities = append(opts.Facilities, gazetteer.Facility{
			ID: s.ID, Name: s.Name, Kana: s.Kana, English: s.NameEnglish,
			Position: geo.Point{Lon: s.Lon, Lat: s.Lat},
			Source:   gazetteer.Source{Name: g.sources[s.Source].Title, Date: g.sources[s.Source].Edition},
		})
	}
	return opts
}

// addPlaces gives one member to the gazetteer.
func (g *gatherer) addPlaces(b *gazetteer.Builder, m *archive.Member) error {
	key := filepath.Clean(m.Path)
	f, ok := g.found[key]
	if !ok {
		return nil
	}
	delete(g.found, key)
	g.opts.Progress("read "+m.Name, 0, 0)
	s := g.source(m.Path, f.content, placeSource(m.Name, f))
	count, err := addFile(b, m, f, gazetteer.Source{Name: s.Title, Date: s.Edition})
	if err != nil {
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

func addFile(b *gazetteer.Builder, m *archive.Member, f finding, source gazetteer.Source) (gazetteer.Count, error) {
	if f.content == townMap {
		r, err := openRecords(m, f.format)
		if err != nil {
			return gazetteer.Count{}, err
		}
		count, err := b.AddAreas(m.Path, source, r.All())
		return count, errors.Join(err, r.Close())
	}
	data, err := m.Open()
	if err != nil {
		return gazetteer.Count{}, err
	}
	count, err := b.Add(m.Path, f.gazetteer, source, data)
	return count, errors.Join(err, data.Close())
}

// placeSource cites the publisher of a list of places.
func placeSource(name string, f finding) hazard.Source {
	family, _, _ := strings.Cut(f.gazetteer.String(), "-")
	switch {
	case f.content == townMap:
	case family == "abr":
		return hazard.Source{Title: "アドレス・ベース・レジストリ", Licence: "公共データ利用規約 PDL 1.0", Attribution: "出典：デジタル庁 アドレス・ベース・レジストリ（加工して作成）"}
	case family == "isj":
		return hazard.Source{Title: "位置参照情報", Licence: "位置参照情報ダウンロードサービス利用約款", Attribution: "出典：位置参照情報（国土交通省）（加工して作成）"}
	case family == "geolonia":
		return hazard.Source{Title: "Geolonia 住所データ", Licence: "CC BY 4.0", Attribution: "「Geolonia 住所データ」を加工して作成"}
	case family == "postal":
		return hazard.Source{Title: "郵便番号データ", Licence: "日本郵便（著作権を主張しない）", Attribution: "出典：日本郵便 郵便番号データ（加工して作成）"}
	}
	return hazard.Source{Title: name}
}

// Zooms from which the names and borders of places are drawn.
const (
	townZoom  = 11
	chomeZoom = 13
)

// drawPlaces makes the names and the published borders of towns into features
// of the map; a derived border would look like one that somebody drew.
func (g *gatherer) drawPlaces(built *gazetteer.Built, index *gazetteer.Index) {
	shapes := map[string]gazetteer.Area{}
	for _, a := range built.Areas {
		shapes[a.ID] = a
	}
	index.Places(func(p gazetteer.Place) bool {
		zoom := uint8(chomeZoom)
		switch p.Level {
		case gazetteer.LevelCity:
			g.nameArea(p.Label)
			return true
		case gazetteer.LevelTown:
			zoom = townZoom
		case gazetteer.LevelChome, gazetteer.LevelKoaza:
		default:
			return true
		}
		at, ok := labelPoint(p)
		if ok {
			name := withoutCity(index, p)
			g.gazetteer.features = append(g.gazetteer.features, tiles.Feature{
				Layer: "place", Geometry: at, MinZoom: zoom,
				Attr: map[string]any{"class": "town", "id": p.ID, "name": name.Ja, "kana": name.Kana, "romaji": name.Romaji},
			})
		}
		if shape, ok := shapes[p.ID]; ok && !shape.Approximate {
			g.gazetteer.features = append(g.gazetteer.features, tiles.Feature{
				Layer: "boundary", Geometry: borders(shape.Shape), MinZoom: zoom, Attr: map[string]any{"class": "town", "id": p.ID},
			})
		}
		return true
	})
}

// nameArea takes the readings of the municipality from its register.
func (g *gatherer) nameArea(l gazetteer.Label) {
	if l.Ja == g.area.Name || strings.HasSuffix(l.Ja, g.area.Name) {
		g.area.Kana, g.area.Romaji = cmp.Or(g.area.Kana, l.Kana), cmp.Or(g.area.Romaji, l.Romaji)
	}
}

// withoutCity is how a map of the city names a place.
func withoutCity(index *gazetteer.Index, p gazetteer.Place) gazetteer.Label {
	city, ok := p, true
	for ok && city.Parent != "" {
		city, ok = index.Place(city.Parent)
	}
	if !ok || city.ID == p.ID {
		return p.Label
	}
	return gazetteer.Label{
		Ja:     strings.TrimPrefix(p.Label.Ja, city.Label.Ja),
		Kana:   strings.TrimSpace(strings.TrimPrefix(p.Label.Kana, city.Label.Kana)),
		Romaji: strings.TrimSuffix(p.Label.Romaji, ", "+city.Label.Romaji),
	}
}

func labelPoint(p gazetteer.Place) (orb.Point, bool) {
	if p.Point != nil {
		return orb.Point{p.Point.Lon, p.Point.Lat}, true
	}
	return orb.Point{(p.Bounds.West + p.Bounds.East) / 2, (p.Bounds.South + p.Bounds.North) / 2}, !p.Bounds.IsZero()
}

func borders(shape orb.MultiPolygon) orb.MultiLineString {
	var lines orb.MultiLineString
	for _, polygon := range shape {
		for _, ring := range polygon {
			lines = append(lines, orb.LineString(ring))
		}
	}
	return lines
}
