package importer

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"hazardmap/geo/gazetteer"
	"hazardmap/geo/published"
)

// TestMapNames: on a map of the city no town carries the city's name.
func TestMapNames(t *testing.T) {
	b := gazetteer.NewBuilder(gazetteer.Options{Code: "10204"})
	for _, name := range []string{"abr_machiaza_isesaki_2022.csv", "postal_isesaki_kana_romaji_2026-07.csv"} {
		text, err := os.ReadFile(published.Path(t, "addresses/"+name))
		if err != nil {
			t.Fatal(err)
		}
		format, ok := gazetteer.Recognise(text)
		if !ok {
			t.Fatalf("%s is not recognised", name)
		}
		if _, err := b.Add(name, format, gazetteer.Source{Name: name}, bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	built, err := b.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	index, err := gazetteer.Open(built.Index)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]gazetteer.Label{}
	index.Places(func(p gazetteer.Place) bool {
		label := withoutCity(index, p)
		named[label.Ja] = label
		if p.Level != gazetteer.LevelCity && (label.Ja == "" || strings.Contains(label.Ja, "伊勢崎市") || strings.Contains(label.Kana, "イセサキシ") || strings.Contains(label.Romaji, "Isesaki")) {
			t.Errorf("%s is called %+v on the map", p.Label.Ja, label)
		}
		return true
	})
	if got, want := named["大手町"], (gazetteer.Label{Ja: "大手町", Kana: "オオテマチ", Romaji: "Ote-machi"}); got != want {
		t.Errorf("大手町 is called %+v, want %+v", got, want)
	}
	if _, ok := named["伊勢崎市"]; !ok {
		t.Error("the city has lost its own name")
	}
}
