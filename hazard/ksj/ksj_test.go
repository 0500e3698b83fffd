package ksj

import (
	"errors"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// columnsOf returns the names of a record's columns.
func columnsOf(a geo.Attributes) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	return names
}

func kinds(list ...hazard.Kind) hazard.KindSet {
	var s hazard.KindSet
	for _, k := range list {
		s = s.With(k)
	}
	return s
}

var square = orb.Polygon{{{139.2, 36.3}, {139.3, 36.3}, {139.3, 36.4}, {139.2, 36.3}}}

// river is a record of A31-20/21 with a class.
func river(rank any) geo.Attributes {
	return geo.Attributes{
		"FID": 0.0, "A31_201": "1400020001", "A31_202": "大岡川", "A31_203": 14.0, "A31_204": "神奈川県",
		"A31_205": rank, "A31_206": "平成30年3月30日", "A31_207": " ", "A31_208": nil,
	}
}

func TestRecognise(t *testing.T) {
	depth := kinds(hazard.FloodDepth)
	slides := kinds(hazard.LandslideSteep, hazard.LandslideDebris, hazard.LandslideSlide)
	tests := []struct {
		name, file, element string
		record              geo.Attributes
		want                hazard.KindSet
	}{
		{"A31-21, rank in the fifth column", "A31-20-21_1400020001.geojson", "", river(1.0), depth},
		{"A31-19, rank in the first", "A31-19_83.geojson", "", geo.Attributes{"A31_201": "3", "A31_202": "20190401", "A31_203": "1", "A31_204": "672mm"}, depth},
		{"A31-22, rank alone", "A31-22_5439.shp", "", geo.Attributes{"A31_101": 2.0}, depth},
		{"A31a duration", "A31a-30-23_83_8303040001.geojson", "", geo.Attributes{"A31a_301": "8303040001", "A31a_305": 4.0}, kinds(hazard.FloodDuration)},
		{"A31a collapse", "x.geojson", "", geo.Attributes{"A31a_405": 3.0}, kinds(hazard.CollapseFlow, hazard.CollapseErosion)},
		{"A31a collapse by flow, by its name", "A31a-41-23_83_8303040001.geojson", "", geo.Attributes{"A31a_405": 1.0}, kinds(hazard.CollapseFlow)},
		{"A31a collapse by erosion, by its name", "A31a-42-23_83_8303040001.geojson", "", geo.Attributes{"A31a_405": 2.0}, kinds(hazard.CollapseErosion)},
		{"A31b", "A31b-20-23_10_5439.geojson", "", geo.Attributes{"A31b_201": 2.0}, depth},
		{"A31b in capitals", "a.dbf", "", geo.Attributes{"A31B_201": "2"}, depth},
		{"A31b depth and duration side by side", "a.dbf", "", geo.Attributes{"A31b_201": "2", "A31b_301": ""}, kinds(hazard.FloodDepth, hazard.FloodDuration)},
		{"A33", "A33-22_22Polygon.geojson", "", geo.Attributes{"A33_001": 1.0, "A33_002": 2.0}, slides},
		{"A33 GML", "A33.xml", "SedimentRelatedDisasterWarningAreasPolygon", geo.Attributes{"cop": "1", "coz": "1", "prc": "22"}, slides},
		{"PLATEAU, generic", "lsld.gml", "GenericCityObject", geo.Attributes{"現象の種類": "1", "区域区分": "1"}, slides},
		{"PLATEAU, urban planning", "urf.gml", "SedimentDisasterProneArea", geo.Attributes{"disasterType": "1", "areaType": "1"}, slides},
		{"A40", "A40-22_22.geojson", "", geo.Attributes{"A40_001": "静岡県", "A40_002": "22", "A40_003": "0.3m未満"}, kinds(hazard.TsunamiDepth)},
		{"A49", "A49-20_13.shp", "", geo.Attributes{"A49_001": "東京都", "A49_002": "13", "A49_003": "3m 以上 5m 未満"}, kinds(hazard.SurgeDepth)},
		{"A49 GML", "A49.xml", "AreasExpectedToBeFloodedByStormSurges", geo.Attributes{"classificationOfWaterDepth": "5m以上"}, kinds(hazard.SurgeDepth)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Recognise(tt.file, tt.element, columnsOf(tt.record), tt.record)
			if err != nil {
				t.Fatalf("Recognise(%q) fails: %v", tt.file, err)
			}
			if d.Kinds() != tt.want {
				t.Errorf("Kinds() = %b, want %b", d.Kinds(), tt.want)
			}
			if _, err := d.Zones(geo.Feature{Geometry: square, Attr: tt.record}); err != nil {
				t.Errorf("Zones fails on the record it was recognised by: %v", err)
			}
		})
	}
}

func TestRecogniseRefuses(t *testing.T) {
	tests := []struct {
		name, file, element string
		record              geo.Attributes
		known               bool // understood, and refused
		why                 string
	}{
		{"nothing", "", "", nil, false, "not a known"},
		{"other columns", "A31a-20-23_83.geojson", "", geo.Attributes{"name": "x"}, false, "not a known"},
		{"a class without its tag", "x.xml", "WaterBody", geo.Attributes{"cop": "1", "coz": "1"}, false, "not a known"},
		{"the edition of 2012", "A31-12_10.shp", "", geo.Attributes{"A31_001": "13", "A31_002": "群馬県"}, true, "non-commercial"},
		{"the edition of 2012 in GML", "A31-12_10.xml", "ExpectedFloodArea", geo.Attributes{"waterDepth": "23"}, true, "non-commercial"},
		{"shelters of 2012", "P20-12_10.shp", "", geo.Attributes{"P20_001": "10204", "P20_002": "小学校"}, true, "non-commercial"},
		{"depth where the name says duration", "A31a-30-23_83_x.geojson", "", geo.Attributes{"A31a_205": 1.0}, true, "layer 30"},
		{"river numbers only", "x.geojson", "", geo.Attributes{"A31_201": "8303040001", "A31_202": "利根川"}, true, "river numbers"},
		{"no class at all", "x.geojson", "", geo.Attributes{"A31a_202": "利根川"}, true, "no class"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Recognise(tt.file, tt.element, columnsOf(tt.record), tt.record)
			var refused *RefusedError
			if errors.As(err, &refused) != tt.known || errors.Is(err, ErrUnknown) == tt.known {
				t.Fatalf("Recognise(%q) = %v, want it understood: %v", tt.file, err, tt.known)
			}
			if !strings.Contains(err.Error(), tt.why) {
				t.Errorf("Recognise(%q) says %q, want it to say %q", tt.file, err, tt.why)
			}
		})
	}
}

// decode reads one record the way an import does.
func decode(t *testing.T, file, element string, a geo.Attributes) ([]hazard.Zone, *Decoder, error) {
	t.Helper()
	sample := geo.Attributes{}
	for name := range a { // the first record of a file may say nothing
		sample[name] = nil
	}
	d, err := Recognise(file, element, columnsOf(a), sample)
	if err != nil {
		t.Fatalf("Recognise(%q) fails: %v", file, err)
	}
	zones, err := d.Zones(geo.Feature{Geometry: square, Attr: a})
	for i := range zones {
		zones[i].Shape = nil
	}
	return zones, d, err
}

func TestSources(t *testing.T) {
	tests := []struct {
		file    string
		record  geo.Attributes
		edition string
		licence string
	}{
		{"A31-20-21_1400020001.geojson", river(1.0), "2021", "CC BY 4.0"},
		{"A31-20-20_1400020001.geojson", river(1.0), "2020", "国土数値情報ダウンロードサイト コンテンツ利用規約"},
		{"renamed.geojson", river(1.0), "", "国土数値情報ダウンロードサイト コンテンツ利用規約"},
		{"A31a-20-23_83_8303040001.geojson", geo.Attributes{"A31a_205": 1.0}, "2023", "CC BY 4.0"},
		{"A31-22_5439.shp", geo.Attributes{"A31_201": 1.0}, "2022", "CC BY 4.0"},
		{"A33-22_22Polygon.geojson", geo.Attributes{"A33_001": 1.0, "A33_002": 1.0}, "2022", "CC BY 4.0（都道府県により制限あり）"},
	}
	for _, tt := range tests {
		d, err := Recognise(tt.file, "", columnsOf(tt.record), tt.record)
		if err != nil {
			t.Fatal(err)
		}
		s := d.Source()
		if s.Edition != tt.edition || s.Licence != tt.licence || !strings.HasSuffix(s.Attribution, "（国土交通省）を加工して作成") {
			t.Errorf("Source() of %s = %+v, want edition %q, licence %q", tt.file, s, tt.edition, tt.licence)
		}
	}
}
