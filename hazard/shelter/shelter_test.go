package shelter

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"hazardmap/geo"
	"hazardmap/hazard"
)

// row makes a record of a header and its cells.
func row(header, cells string) (columns []string, a geo.Attributes) {
	columns = strings.Split(header, "|")
	a = geo.Attributes{}
	for i, cell := range strings.Split(cells, "|") {
		a[columns[i]] = cell
	}
	return columns, a
}

const (
	gsiEmergency  = "NO|共通ID|施設・場所名|住所|洪水|崖崩れ、土石流及び地滑り|高潮|地震|津波|大規模な火事|内水氾濫|火山現象|指定避難所との住所同一|緯度|経度|備考"
	gsiNationwide = "NO|共通ID|都道府県名及び市町村名|施設・場所名|住所|洪水|崖崩れ、土石流及び地滑り|高潮|地震|津波|大規模な火事|内水氾濫|火山現象|指定避難所との住所同一|緯度|経度|備考"
	gsiEvacuation = "NO|共通ID|施設・場所名|住所|指定緊急避難場所との住所同一|その他市町村長が必要と認める事項|受入対象者|緯度|経度|備考"
	standard39    = "全国地方公共団体コード|ID|名称|名称_カナ|名称_英字|所在地_全国地方公共団体コード|町字ID|所在地_連結表記|所在地_都道府県|所在地_市区町村|所在地_町字|所在地_番地以下|建物名等(方書)|緯度|経度|標高|電話番号|内線番号|連絡先メールアドレス|連絡先FormURL|連絡先備考（その他、SNSなど）|郵便番号|市区町村コード|地方公共団体名|災害種別_洪水|災害種別_崖崩れ、土石流及び地滑り|災害種別_高潮|災害種別_地震|災害種別_津波|災害種別_大規模な火事|災害種別_内水氾濫|災害種別_火山現象|指定避難所との重複|想定収容人数|対象となる町会・自治会|URL|画像|画像_ライセンス|備考"
	standard26    = "NO|名称|名称_カナ|住所|方書|緯度|経度|標高|電話番号|内線番号|市区町村コード|都道府県名|市区町村名|災害種別_洪水|災害種別_崖崩れ、土石流及び地滑り|災害種別_高潮|災害種別_地震|災害種別_津波|災害種別_大規模な火事|災害種別_内水氾濫|災害種別_火山現象|指定避難所との重複|想定収容人数|対象となる町会・自治会|URL|備考"
	nanao26       = "ID|名称|名称_カナ|名称_英字|所在地_全国地方公共団体コード|町字ID|所在地_連結表記|所在地_都道府県|所在地_市区町村|所在地_町字|所在地_番地以下|建物名等(方書)|緯度|経度|標高|電話番号|災害種別_洪水|災害種別_崖崩れ、土石流及び地滑り|災害種別_高潮|災害種別_地震|災害種別_津波|災害種別_大規模な火事|災害種別_内水氾濫|災害種別_火山現象|想定収容人数|対象となる町会・自治会"
)

// bits returns the disasters that a shelter is fit for.
func bits(list ...hazard.ShelterHazard) (set uint8) {
	for _, h := range list {
		set |= 1 << h
	}
	return set
}

func TestForms(t *testing.T) {
	tests := []struct {
		name, header, cells string
		want                hazard.Shelter
	}{
		{"GSI emergency", gsiEmergency, "1|E1020400001201|広瀬生涯学習館|群馬県伊勢崎市ひろせ町4080-5|1|||1|||||1|36.302239|139.194613|「洪水」では２階に避難",
			hazard.Shelter{ID: "E1020400001201", Name: "広瀬生涯学習館", Address: "群馬県伊勢崎市ひろせ町4080-5", Lon: 139.194613, Lat: 36.302239,
				Emergency: true, Suitable: bits(hazard.ShelterFlood, hazard.ShelterEarthquake), Remarks: "「洪水」では２階に避難"}},
		{"GSI nationwide", gsiNationwide, "1|E1020400001201|群馬県伊勢崎市|広瀬生涯学習館|ひろせ町|||||||||1|36.3|139.2|",
			hazard.Shelter{ID: "E1020400001201", Name: "広瀬生涯学習館", Address: "ひろせ町", Lon: 139.2, Lat: 36.3, Emergency: true}},
		{"GSI evacuation", gsiEvacuation, "1|E1020400001111|広瀬生涯学習館|ひろせ町|1|洪水時|高齢者|36.3|139.2|洪水時使用不可",
			hazard.Shelter{ID: "E1020400001111", Name: "広瀬生涯学習館", Address: "ひろせ町", Lon: 139.2, Lat: 36.3,
				Evacuation: true, Accepts: "高齢者", Remarks: "洪水時／洪水時使用不可"}},
		{"39 columns", standard39, "131016.0|E1310100001201|城山公園|シロヤマコウエン|Shiroyama Park|131016.0||東京都千代田区|||||| 35.69 |139.75|3.0|03-1234-5678||||||131016.0|東京都千代田区|1|1.0|１||0|×|○|| 1 |\"50,700 \"|||||夜間は閉門",
			hazard.Shelter{ID: "E1310100001201", Name: "城山公園", Kana: "シロヤマコウエン", NameEnglish: "Shiroyama Park", Address: "東京都千代田区",
				Lon: 139.75, Lat: 35.69, Emergency: true, Evacuation: true, Phone: "03-1234-5678", Capacity: "\"50,700 \"", Remarks: "夜間は閉門",
				Suitable: bits(hazard.ShelterFlood, hazard.ShelterLandslide, hazard.ShelterSurge, hazard.ShelterInland)}},
		{"older 26 columns", standard26, "12|第一小学校|ダイイチショウガッコウ|前橋市一丁目||36.4|139.1|||| 102016 |群馬県|前橋市|||||||||||||",
			hazard.Shelter{ID: "10201-12", Name: "第一小学校", Kana: "ダイイチショウガッコウ", Address: "前橋市一丁目", Lon: 139.1, Lat: 36.4, Emergency: true}},
		{"26 columns of 七尾市", nanao26, "CC0000000504|御祓地区センター|||172022|||石川県|七尾市|一本杉町|124番地||37.04826|136.96136|2.7||1.0|1.0|1.0|1.0|1.0||1.0||屋内191人／屋外0人(面積の1/2)|御祓地区（25町会）",
			hazard.Shelter{ID: "CC0000000504", Name: "御祓地区センター", Address: "石川県七尾市一本杉町124番地", Lon: 136.96136, Lat: 37.04826, Emergency: true,
				Capacity: "屋内191人／屋外0人(面積の1/2)",
				Suitable: bits(hazard.ShelterFlood, hazard.ShelterLandslide, hazard.ShelterSurge, hazard.ShelterEarthquake, hazard.ShelterTsunami, hazard.ShelterInland)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			columns, a := row(tt.header, tt.cells)
			d, err := Recognise("x.csv", columns, a)
			if err != nil {
				t.Fatal(err)
			}
			got, err := d.Shelter(geo.Feature{Attr: a})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Shelter, want → got:\n%s", diff)
			}
		})
	}
}

// A municipality may break lines in its header and leave cells empty.
func TestHeaderVariants(t *testing.T) {
	header := strings.NewReplacer("名称|", "名 称|", "災害種別_洪水", "災害種別＿洪水", "想定収容人数", "#34|想定収容人数").Replace(standard39)
	columns, a := row(header, strings.Repeat("|", strings.Count(header, "|")))
	d, err := Recognise("x.csv", columns, a)
	if err != nil {
		t.Fatalf("Recognise fails on 40 columns: %v", err)
	}
	a["名 称"], a["災害種別＿洪水"], a["想定収容人数"], a["緯度"], a["経度"] = "城山公園", 1.0, "4,800 ", 33.84, 132.76
	s, err := d.Shelter(geo.Feature{Attr: a})
	if err != nil || s.Name != "城山公園" || !s.Fit(hazard.ShelterFlood) || s.Capacity != "4,800" || s.Lat != 33.84 {
		t.Errorf("Shelter = %+v, %v, want 城山公園 fit for floods", s, err)
	}
}

func TestRecogniseRefuses(t *testing.T) {
	tests := []struct{ name, header string }{
		{"nothing", ""},
		{"towns", "lg_code|machiaza_id|pref|city"},
		{"zones", "A31a_201|A31a_205"},
		{"points of anything", "名称|緯度|経度"},
	}
	for _, tt := range tests {
		if _, err := Recognise("x.csv", strings.Split(tt.header, "|"), nil); !errors.Is(err, ErrUnknown) {
			t.Errorf("Recognise of %s = %v, want ErrUnknown", tt.name, err)
		}
	}
	open := strings.Replace(nanao26, "名称|", "名称|人数_令和6年1月9日午後6時時点|", 1)
	if _, err := Recognise("x.csv", strings.Split(open, "|"), nil); !errors.Is(err, ErrOpenToday) {
		t.Errorf("Recognise of shelters open at one hour = %v, want ErrOpenToday", err)
	}
}

func TestRowErrors(t *testing.T) {
	tests := []struct {
		name, lat, lon, flood, shelter string
		why                            string
	}{
		{"swapped", "139.2", "36.3", "1", "小学校", "swapped"},
		{"no position", "", "139.2", "1", "小学校", "緯度"},
		{"NaN", "NaN", "139.2", "1", "小学校", "outside Japan"},
		{"zero", "0", "0", "1", "小学校", "outside Japan"},
		{"no name", "36.3", "139.2", "1", "　", "no name"},
		{"flag in words", "36.3", "139.2", "可", "小学校", "洪水"},
		{"flag -1", "36.3", "139.2", "-1", "小学校", "洪水"},
		{"far outside the city", "36.9", "139.2", "1", "小学校", "km outside 伊勢崎市"},
	}
	city := hazard.Area{Code: "10204", Name: "伊勢崎市", Boundary: orb.MultiPolygon{{{{139.1, 36.2}, {139.3, 36.2}, {139.3, 36.4}, {139.1, 36.4}, {139.1, 36.2}}}}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			columns, a := row(gsiEmergency, "1|E1020400001201|"+tt.shelter+"|ひろせ町|"+tt.flood+"|||1|||||1|"+tt.lat+"|"+tt.lon+"|")
			d, err := Recognise("x.csv", columns, a)
			if err != nil {
				t.Fatal(err)
			}
			d.Restrict(city)
			if s, err := d.Shelter(geo.Feature{Attr: a}); err == nil || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("Shelter = %+v, %v, want an error that says %q", s, err, tt.why)
			}
		})
	}
}

func TestRestrict(t *testing.T) {
	city := hazard.Area{Code: "10204", Name: "伊勢崎市", Boundary: orb.MultiPolygon{{{{139.1, 36.2}, {139.3, 36.2}, {139.3, 36.4}, {139.1, 36.4}, {139.1, 36.2}}}}}
	tests := []struct {
		name, id, lat, lon string
		want               error // nil: taken
	}{
		{"in the city", "E1020400001201", "36.3", "139.2", nil},
		{"of the neighbour, in the city", "E1052100001201", "36.3", "139.2", nil},
		{"of the city, 560 m beyond", "E1020400001201", "36.405", "139.2", nil},
		{"of the neighbour", "E1052100001201", "36.405", "139.2", ErrElsewhere},
	}
	for _, tt := range tests {
		columns, a := row(gsiEmergency, "1|"+tt.id+"|小学校|ひろせ町||||1|||||1|"+tt.lat+"|"+tt.lon+"|")
		d, err := Recognise("x.csv", columns, a)
		if err != nil {
			t.Fatal(err)
		}
		d.Restrict(city)
		if _, err := d.Shelter(geo.Feature{Attr: a}); !errors.Is(err, tt.want) {
			t.Errorf("%s: Shelter = %v, want %v", tt.name, err, tt.want)
		}
	}
}

// A shelter that is read has a name, an id and a position in Japan.
func FuzzShelter(f *testing.F) {
	for _, header := range []string{gsiEmergency, gsiEvacuation, standard39, standard26, nanao26, ""} {
		for _, cells := range []string{"", "-1|NaN", "1|E1020400001201|小学校|町|1|||1|||||1|36.3|139.2|", "12|小学校|ショウ|前橋市||36.4|139.1|||| 102016", "\xff|１"} {
			f.Add(header, cells)
		}
	}
	f.Fuzz(func(t *testing.T, header, cells string) {
		if strings.Count(cells, "|") > strings.Count(header, "|") {
			return
		}
		columns, a := row(header, cells)
		d, err := Recognise("x.csv", columns, a)
		if err != nil {
			return
		}
		s, err := d.Shelter(geo.Feature{Attr: a})
		if err == nil && (s.Name == "" || s.ID == "" || !inJapan(s.Lon, s.Lat)) {
			t.Fatalf("Shelter(%v) = %+v", a, s)
		}
	})
}
