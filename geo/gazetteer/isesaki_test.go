//go:build !js

package gazetteer_test

import (
	"context"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/geo/archive"
	"hazardmap/geo/gazetteer"
	"hazardmap/geo/geojson"
	"hazardmap/geo/published"
)

// add reads a published file, or the files in an archive, into b.
func add(t testing.TB, b *gazetteer.Builder, name, title string) map[string]counted {
	t.Helper()
	counts := make(map[string]counted)
	err := archive.Walk(context.Background(), published.Path(t, name), func(m *archive.Member) error {
		head, err := headOf(m)
		if err != nil {
			return err
		}
		f, ok := gazetteer.Recognise(head)
		if !ok {
			return nil
		}
		r, err := m.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		count, err := b.Add(m.Path, f, gazetteer.Source{Name: title}, r)
		counts[m.Name] = counted{count, f}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// counted is what was made of one file.
type counted struct {
	gazetteer.Count
	format gazetteer.Format
}

func headOf(m *archive.Member) ([]byte, error) {
	r, err := m.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(r, head)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = nil
	}
	return head[:n], err
}

func boundary(t testing.TB) orb.MultiPolygon {
	t.Helper()
	f, err := os.Open(published.Path(t, "boundaries/N03-2020_10204_isesaki.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := geojson.Read(f, f.Name())
	if err != nil {
		t.Fatal(err)
	}
	var shape orb.MultiPolygon
	for feature, err := range r.Features() {
		if err != nil {
			t.Fatal(err)
		}
		switch g := feature.Geometry.(type) {
		case orb.Polygon:
			shape = append(shape, g)
		case orb.MultiPolygon:
			shape = append(shape, g...)
		}
	}
	return shape
}

// isesakiBuilder reads every source of Isesaki.
func isesakiBuilder(t testing.TB) *gazetteer.Builder {
	t.Helper()
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204", Boundary: boundary(t)})
	add(t, b, "addresses/abr_machiaza_isesaki_2022.csv", "アドレス・ベース・レジストリ")
	add(t, b, "addresses/geolonia_isesaki.json", "Geolonia 住所データ")
	add(t, b, "addresses/postal_isesaki_kana_romaji_2026-07.csv", "日本郵便")
	add(t, b, "addresses/abr/mt_city_all.csv.zip", "アドレス・ベース・レジストリ")
	return b
}

type city struct {
	built *gazetteer.Built
	index *gazetteer.Index
}

// isesaki returns the index of Isesaki, built once.
func isesaki(t testing.TB) *city {
	t.Helper()
	cities.Lock()
	defer cities.Unlock()
	if cities.isesaki != nil {
		return cities.isesaki
	}
	built, err := isesakiBuilder(t).Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	x, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	cities.isesaki = &city{built, x}
	return cities.isesaki
}

// cities keeps what several tests read.
var cities struct {
	sync.Mutex
	isesaki  *city
	wakayama *gazetteer.Index
	nation   [][]string
}

// shelter is the address and position that a list of shelters has.
type shelter struct {
	address string
	at      geo.Point
}

func shelters(t testing.TB, m *archive.Member) []shelter {
	t.Helper()
	f, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := geojson.Read(f, m.Name)
	if err != nil {
		t.Fatal(err)
	}
	var list []shelter
	for feature, err := range r.Features() {
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := feature.Geometry.(orb.Point); ok {
			list = append(list, shelter{feature.Attr.Text("住所"), geo.Point{Lon: p[0], Lat: p[1]}})
		}
	}
	return list
}
