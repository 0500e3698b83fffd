package ksj

import (
	"math"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// coastForms are the two files of the coast, whose class is free text.
var coastForms = []struct {
	kind    hazard.Kind
	title   string
	columns []string // that may hold the class, likeliest first
	element string
}{
	{hazard.TsunamiDepth, "津波浸水想定データ", []string{"A40_003"}, ""},
	{hazard.SurgeDepth, "高潮浸水想定区域データ", []string{"A49_003", "A49_002", "A49_001"}, ""},
	{hazard.SurgeDepth, "高潮浸水想定区域データ", []string{"classificationOfWaterDepth"}, "AreasExpectedToBeFloodedByStormSurges"},
}

func coast(s *sheet) (*Decoder, error) {
	for _, form := range coastForms {
		if !s.has(form.columns...) || (form.element != "" && form.element != s.element) {
			continue
		}
		column := s.column(form.columns[0])
		for _, name := range form.columns {
			if _, ok := parseDepth(s.sample.Text(s.column(name))); ok {
				column = s.column(name)
				break
			}
		}
		d := &Decoder{kinds: hazard.KindSet(0).With(form.kind)}
		d.source = source(form.title, s.file, "CC BY 4.0（都道府県により制限あり）")
		d.words = func(a geo.Attributes) ([]hazard.Zone, error) {
			return []hazard.Zone{d.coastZone(form.kind, a.Text(column))}, nil
		}
		return d, nil
	}
	return nil, nil
}

func (d *Decoder) coastZone(kind hazard.Kind, text string) hazard.Zone {
	z := hazard.Zone{Kind: kind, Scenario: hazard.Max, Rank: hazard.RankUnknown, ClassText: text}
	depth, ok := parseDepth(text)
	switch {
	case text == "":
		d.notes.add(NoteNoClass)
		return z
	case !ok:
		d.notes.add(NoteClassText)
		return z
	case math.IsInf(depth.high, 1) && depth.low < 20:
		d.notes.add(NoteOpenClass)
	}
	z.Rank = depth.rank()
	return z
}

// source cites a data set of 国土数値情報.
func source(title string, file fileName, licence string) hazard.Source {
	return hazard.Source{
		Title:       "国土数値情報 " + title,
		Attribution: "「国土数値情報（" + title + "）」（国土交通省）を加工して作成",
		Licence:     licence,
		Edition:     file.edition(),
	}
}
