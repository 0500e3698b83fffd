package ksj

import (
	"strings"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// landslideForm names the columns of 土砂災害警戒区域 in one form of file.
type landslideForm struct {
	phenomenon, state                  string // 1..3, 1..4
	number, name, place, date, unready string // may be absent
	element                            string // part of the element's name that the form must have
	plateau                            bool
}

var landslideForms = []landslideForm{
	{phenomenon: "A33_001", state: "A33_002", number: "A33_004", name: "A33_005", place: "A33_006", date: "A33_007", unready: "A33_008"},
	{phenomenon: "cop", state: "coz", name: "znm", unready: "cus", element: "SedimentRelatedDisaster"},
	{phenomenon: "現象の種類", state: "区域区分", number: "区域番号", name: "区域名", place: "所在地", date: "告示日", unready: "特別警戒未指定フラグ", plateau: true},
	{phenomenon: "disasterType", state: "areaType", number: "zoneNumber", name: "zoneName", place: "location", date: "validFrom", unready: "status",
		element: "SedimentDisasterProneArea", plateau: true},
}

var phenomena = map[string]hazard.Kind{"1": hazard.LandslideSteep, "2": hazard.LandslideDebris, "3": hazard.LandslideSlide}

func landslide(s *sheet) (*Decoder, error) {
	for _, form := range landslideForms {
		if !s.has(form.phenomenon, form.state) || !strings.Contains(s.element, form.element) {
			continue
		}
		for _, c := range []*string{&form.phenomenon, &form.state, &form.number, &form.name, &form.place, &form.date, &form.unready} {
			*c = s.column(*c)
		}
		d := &Decoder{lines: true, words: form.zones}
		for _, kind := range phenomena {
			d.kinds = d.kinds.With(kind)
		}
		d.source = source("土砂災害警戒区域データ", s.file, "CC BY 4.0（都道府県により制限あり）")
		if form.plateau {
			d.source.Title = "3D都市モデル（Project PLATEAU） 土砂災害警戒区域"
			d.source.Attribution = "「3D都市モデル（Project PLATEAU）」（国土交通省）を加工して作成"
			d.source.Licence = "CC BY 4.0"
		}
		return d, nil
	}
	return nil, nil
}

func (f landslideForm) zones(a geo.Attributes) ([]hazard.Zone, error) {
	kind, ok := phenomena[code(a, f.phenomenon)]
	if !ok {
		return nil, fieldError(f.phenomenon, a.Text(f.phenomenon), "is no phenomenon of the code list 1..3")
	}
	z := hazard.Zone{
		Kind: kind, Number: a.Text(f.number), Name: a.Text(f.name), Place: a.Text(f.place), Designated: date(a.Text(f.date)),
	}
	switch code(a, f.state) {
	case "1":
		z.Rank = 1
	case "2":
		z.Rank = 2
	case "3":
		z.Rank, z.Flags = 1, hazard.NotDesignated
	case "4":
		z.Rank, z.Flags = 2, hazard.NotDesignated
	default:
		return nil, fieldError(f.state, a.Text(f.state), "is no state of the code list 1..4")
	}
	switch code(a, f.unready) {
	case "", "0":
	case "1":
		if z.Rank == 1 { // a red zone cannot lack its own survey
			z.Flags |= hazard.RedNotSurveyed
		}
	default:
		return nil, fieldError(f.unready, a.Text(f.unready), "is neither 0 nor 1")
	}
	return []hazard.Zone{z}, nil
}
