package shelter

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hazardmap/hazard"
)

// steps moves a position north by about so many metres.
func steps(metres float64) float64 { return 36.3 + metres/111195 }

func TestMerge(t *testing.T) {
	run := func(id, name string, lat float64, fit ...hazard.ShelterHazard) hazard.Shelter {
		return hazard.Shelter{ID: id, Name: name, Lon: 139.2, Lat: lat, Emergency: true, Suitable: bits(fit...)}
	}
	live := func(id, name string, lat float64) hazard.Shelter {
		return hazard.Shelter{ID: id, Name: name, Lon: 139.2, Lat: lat, Evacuation: true}
	}
	type building struct {
		id, name   string
		run, live  bool
		floodProof bool
	}
	tests := []struct {
		name string
		rows []hazard.Shelter
		want []building
	}{
		{"two ids of one building",
			[]hazard.Shelter{run("E1020400002201", "殖蓮小", steps(0), hazard.ShelterFlood), live("E1020400002111", "殖蓮小", steps(180))},
			[]building{{"E1020400002", "殖蓮小", true, true, true}}},
		{"general and for the frail",
			[]hazard.Shelter{live("E1038400003111", "ふるさと館", steps(0)), live("E1038400003121", "ふるさと館", steps(1))},
			[]building{{"E1038400003", "ふるさと館", false, true, false}}},
		{"two buildings of one address keep their flags",
			[]hazard.Shelter{run("E1020500058202", "強戸行政センター", steps(0), hazard.ShelterFlood), run("E1020500058201", "強戸スポーツ広場", steps(80)),
				live("E1020500058111", "強戸行政センター", steps(0))},
			[]building{{"E1020500058201", "強戸スポーツ広場", true, false, false}, {"E1020500058202", "強戸行政センター", true, true, true}}},
		{"the name with the condition stays",
			[]hazard.Shelter{live("E1020700003111", "第五小学校", steps(0)), run("E1020700003201", "第五小学校　洪水時２階以上", steps(0), hazard.ShelterFlood)},
			[]building{{"E1020700003", "第五小学校　洪水時２階以上", true, true, true}}},
		{"one name in the other",
			[]hazard.Shelter{run("E1034400003201", "南小学校", steps(0)), live("E1034400003111", "榛東村立南小学校", steps(60))},
			[]building{{"E1034400003", "南小学校", true, true, false}}},
		{"a field and a hall 93 m apart",
			[]hazard.Shelter{run("E1020300056201", "西運動場", steps(0)), live("E1020300056112", "教育支援センター", steps(93))},
			[]building{{"E1020300056112", "教育支援センター", false, true, false}, {"E1020300056201", "西運動場", true, false, false}}},
		{"one house under two names",
			[]hazard.Shelter{run("E1038200011201", "旧小坂小学校", steps(0)), live("E1038200011111", "小坂社会体育館", steps(0))},
			[]building{{"E1038200011", "旧小坂小学校", true, true, false}}},
		{"two lists that disagree: fit for what both say",
			[]hazard.Shelter{run("E1020400002201", "殖蓮小", steps(0), hazard.ShelterFlood), run("E1020400002201", "殖蓮小", steps(0), hazard.ShelterEarthquake)},
			[]building{{"E1020400002", "殖蓮小", true, false, false}}},
		{"ids of a city",
			[]hazard.Shelter{run("CC0000000504", "センター", steps(0)), run("CC0000000505", "センター", steps(0))},
			[]building{{"CC0000000504", "センター", true, false, false}, {"CC0000000505", "センター", true, false, false}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 { // whatever the order of the rows
				var got []building
				for _, s := range Merge(tt.rows) {
					got = append(got, building{s.ID, s.Name, s.Emergency, s.Evacuation, s.Fit(hazard.ShelterFlood)})
				}
				if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(building{})); diff != "" {
					t.Errorf("Merge, want → got:\n%s", diff)
				}
				slices.Reverse(tt.rows)
			}
		})
	}
}

func TestMergeKeepsWords(t *testing.T) {
	rows := []hazard.Shelter{
		{ID: "E1020400002201", Name: "殖蓮小", Emergency: true, Remarks: "「洪水」では２階に避難"},
		{ID: "E1020400002111", Name: "殖蓮小", Evacuation: true, Remarks: "洪水時使用不可", Accepts: "高齢者", Capacity: "50,700"},
		{ID: "E1020400002121", Name: "殖蓮小", Evacuation: true, Remarks: "洪水時使用不可", Accepts: "要配慮者"},
	}
	got := Merge(rows)
	if len(got) != 1 || got[0].Remarks != "「洪水」では２階に避難／洪水時使用不可" || got[0].Accepts != "高齢者／要配慮者" || got[0].Capacity != "50,700" {
		t.Errorf("Merge = %+v, want one building with every remark once", got)
	}
}
