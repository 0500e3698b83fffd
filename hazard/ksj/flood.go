package ksj

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// A31_205, A31a_105, A31b_201: family, layer, position in the record.
var floodColumnPattern = regexp.MustCompile(`^(A31[AB]?)_([1-4])(\d\d)$`)

// floodLayer is one of the layers of A31 with the columns that hold it. A file
// has one, or several side by side.
type floodLayer struct {
	kind     hazard.Kind // of house collapse: see collapse
	scenario hazard.Scenario
	rank     string // the column of the class
	code     string // 河川番号; may be "", as the two below
	river    string
	date     string // 指定年月日
}

// floodColumns gathers the columns of each family and layer by position, such
// as "A31A2" → {"01": "A31a_201", …}.
func floodColumns(s *sheet) map[string]map[string]string {
	found := map[string]map[string]string{}
	for upper, name := range s.columns {
		m := floodColumnPattern.FindStringSubmatch(upper)
		if m == nil {
			continue
		}
		key := m[1] + m[2]
		if found[key] == nil {
			found[key] = map[string]string{}
		}
		found[key][m[3]] = name
	}
	return found
}

func flood(s *sheet) (*Decoder, error) {
	columns := floodColumns(s)
	if len(columns) == 0 {
		return nil, nil
	}
	d := &Decoder{source: floodSource(s, columns)}
	var layers []floodLayer
	for _, key := range slices.Sorted(maps.Keys(columns)) {
		layer, err := newFloodLayer(s, key, columns[key])
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
		d.kinds = d.kinds.With(layer.kind)
		if layer.kind == hazard.CollapseFlow {
			d.kinds = d.kinds.With(hazard.CollapseErosion)
		}
	}
	if err := agree(s.file.layer, columns); err != nil {
		return nil, err
	}
	// The files 41 and 42 hold one kind of house collapse each.
	switch s.file.layer {
	case "41":
		d.kinds = hazard.KindSet(0).With(hazard.CollapseFlow)
	case "42":
		d.kinds = hazard.KindSet(0).With(hazard.CollapseErosion)
	}
	d.words = func(a geo.Attributes) ([]hazard.Zone, error) { return d.floodZones(layers, s.file.layer, a) }
	return d, nil
}

// newFloodLayer decides which column holds the class: the fifth where there is
// one, for then the first is a river number; else the first.
func newFloodLayer(s *sheet, key string, column map[string]string) (floodLayer, error) {
	l := floodLayer{scenario: hazard.Max}
	switch key[len(key)-1] {
	case '1':
		l.kind, l.scenario = hazard.FloodDepth, hazard.Plan
	case '2':
		l.kind = hazard.FloodDepth
	case '3':
		l.kind = hazard.FloodDuration
	case '4':
		l.kind = hazard.CollapseFlow
	}
	if column["05"] != "" {
		l.rank, l.code, l.river, l.date = column["05"], column["01"], column["02"], column["06"]
		return l, nil
	}
	if column["01"] == "" {
		return l, refuseFlood(fmt.Sprintf("the columns %s… hold no class", key))
	}
	if isRiverCode(code(s.sample, column["01"])) {
		return l, refuseFlood(column["01"] + " holds river numbers and no other column a class")
	}
	l.rank, l.date = column["01"], column["02"]
	return l, nil
}

// agree refuses a file whose name promises another layer than its columns
// hold: depths, hours and zones of collapse must never mix.
func agree(layer string, columns map[string]map[string]string) error {
	if layer == "" {
		return nil
	}
	for key := range columns {
		if key[len(key)-1] == layer[0] {
			return nil
		}
	}
	held := slices.Sorted(maps.Keys(columns))
	return refuseFlood(fmt.Sprintf("its name says layer %s, its columns are %s…", layer, strings.Join(held, "…, ")))
}

func refuseFlood(reason string) error {
	return &RefusedError{Title: "国土数値情報 洪水浸水想定区域データ (A31)", Reason: reason}
}

// isRiverCode tells a 河川番号, which has ten characters, from a rank.
func isRiverCode(s string) bool { return len(s) == 10 }

func (d *Decoder) floodZones(layers []floodLayer, fileLayer string, a geo.Attributes) ([]hazard.Zone, error) {
	var zones []hazard.Zone
	for _, l := range layers {
		class := code(a, l.rank)
		if class == "" && len(layers) > 1 {
			continue // the record belongs to another layer
		}
		z := hazard.Zone{
			Kind: l.kind, Scenario: l.scenario,
			River: a.Text(l.river), RiverCode: riverCode(a, l.code), Designated: date(a.Text(l.date)),
		}
		if l.kind == hazard.CollapseFlow {
			kinds, err := d.collapse(class, fileLayer)
			if err != nil {
				return nil, fieldError(l.rank, class, err.Error())
			}
			for _, kind := range kinds {
				z.Kind, z.Rank = kind, 1
				zones = append(zones, z)
			}
			continue
		}
		rank, err := d.rank(l, class)
		if err != nil {
			return nil, err
		}
		z.Rank = rank
		zones = append(zones, z)
	}
	if len(zones) == 0 {
		return nil, errors.New("no layer has a class")
	}
	return zones, nil
}

// rank reads the class of a depth or a duration.
func (d *Decoder) rank(l floodLayer, class string) (uint8, error) {
	if class == "" {
		d.notes.add(NoteNoClass)
		return hazard.RankUnknown, nil
	}
	if isRiverCode(class) {
		return 0, fieldError(l.rank, class, "is a river number, not a class")
	}
	rank, err := strconv.Atoi(class)
	if err != nil || rank < 1 || rank > int(l.kind.Ranks()) {
		return 0, fieldError(l.rank, class, fmt.Sprintf("is no class of the code list 1..%d", l.kind.Ranks()))
	}
	return uint8(rank), nil
}

// collapse reads the kind of house collapse: 1 or 41 氾濫流, 2 or 42 河岸侵食, 3
// both. In the files 41 and 42 the name decides where the record does not;
// where they contradict each other, both kinds hold.
func (d *Decoder) collapse(class, fileLayer string) ([]hazard.Kind, error) {
	both := []hazard.Kind{hazard.CollapseFlow, hazard.CollapseErosion}
	var said hazard.Kind
	switch class {
	case "1", "41":
		said = hazard.CollapseFlow
	case "2", "42":
		said = hazard.CollapseErosion
	case "3":
		return both, nil
	case "":
	default:
		return nil, errors.New("is no kind of the code list 1..3, 41, 42")
	}
	named := map[string]hazard.Kind{"41": hazard.CollapseFlow, "42": hazard.CollapseErosion}[fileLayer]
	switch {
	case said == named && said != 0, named == 0 && said != 0:
		return []hazard.Kind{said}, nil
	case said == 0 && named != 0:
		return []hazard.Kind{named}, nil
	}
	d.notes.add(NoteCollapseBoth)
	return both, nil
}

// riverCode reads a 河川番号 and gives back the zero that a number loses.
func riverCode(a geo.Attributes, column string) string {
	text := code(a, column)
	if _, isNumber := a[column].(float64); isNumber && len(text) == 9 {
		return "0" + text
	}
	return text
}

// floodSource cites the edition: A31 is under an open licence from fiscal 2021
// on, A31-22 being the one without rivers.
func floodSource(s *sheet, columns map[string]map[string]string) hazard.Source {
	const open, terms = "CC BY 4.0", "国土数値情報ダウンロードサイト コンテンツ利用規約"
	title, licence := "洪水浸水想定区域データ", terms
	for key, column := range columns {
		switch key[:len(key)-1] {
		case "A31A":
			title, licence = "洪水浸水想定区域データ（河川単位）", open
		case "A31B":
			title, licence = "洪水浸水想定区域データ（1次メッシュ単位）", open
		default:
			if s.file.year >= 2021 || len(column) == 1 {
				licence = open
			}
		}
	}
	return source(title, s.file, licence)
}
