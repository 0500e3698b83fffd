package shelter

import (
	"hazardmap/geo"
	"hazardmap/hazard"
)

// The fields of a shelter that lists hold under various headers.
const (
	fieldID       = "id"
	fieldName     = "name"
	fieldKana     = "kana"
	fieldEnglish  = "english"
	fieldAddress  = "address"
	fieldPref     = "pref"
	fieldCity     = "city"
	fieldTown     = "town"
	fieldBlock    = "block"
	fieldCode     = "code"
	fieldLat      = "lat"
	fieldLon      = "lon"
	fieldPhone    = "phone"
	fieldBoth     = "both" // the place is also listed as the other kind
	fieldCapacity = "capacity"
	fieldAccepts  = "accepts"
	fieldOther    = "other" // その他市町村長が必要と認める事項
	fieldRemarks  = "remarks"
	// 地方公共団体名
	fieldPublisher = "publisher"
)

// hazardFields are the eight kinds of disaster, in the order of
// [hazard.ShelterHazard].
var hazardFields = [hazard.ShelterHazards]string{"flood", "landslide", "surge", "earthquake", "tsunami", "fire", "inland", "volcano"}

var hazardHeaders = [hazard.ShelterHazards]string{
	"洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫", "火山現象",
}

// form is one way to lay out a list.
type form struct {
	fields     map[string][]string // headers of each field, likeliest first
	need       []string            // fields without which it is another form
	emergency  bool                // the list is one of 指定緊急避難場所
	evacuation bool                // the list is one of 指定避難所
	numbered   bool                // the id is a serial number of the file
	municipal  bool                // published by the municipality itself
}

// forms in the order in which they are tried.
var forms = []form{
	{ // GSI *_2, nationwide and of a prefecture too
		fields: withHazards("", map[string][]string{
			fieldID: {"共通ID"}, fieldName: {"施設・場所名"}, fieldAddress: {"住所"},
			fieldLat: {"緯度"}, fieldLon: {"経度"}, fieldRemarks: {"備考"},
		}),
		need:      []string{fieldID, fieldName, hazardFields[hazard.ShelterFlood], hazardFields[hazard.ShelterVolcano]},
		emergency: true,
	},
	{ // GSI *_1
		fields: map[string][]string{
			fieldID: {"共通ID"}, fieldName: {"施設・場所名"}, fieldAddress: {"住所"}, fieldLat: {"緯度"}, fieldLon: {"経度"},
			fieldAccepts: {"受入対象者"}, fieldOther: {"その他市町村長が必要と認める事項"}, fieldRemarks: {"備考"},
		},
		need:       []string{fieldID, fieldName, fieldAccepts},
		evacuation: true,
	},
	{ // 自治体標準オープンデータセット: 39 columns, 40 with an empty one, 26 of 七尾市
		fields:    withHazards("災害種別_", municipalFields([]string{"ID"}, []string{"所在地_連結表記"})),
		need:      []string{fieldID, fieldName, fieldAddress, hazardFields[hazard.ShelterFlood]},
		emergency: true,
		municipal: true,
	},
	{ // the older 26 columns
		fields:    withHazards("災害種別_", municipalFields([]string{"NO"}, []string{"住所"})),
		need:      []string{fieldID, fieldName, fieldAddress, hazardFields[hazard.ShelterFlood]},
		emergency: true,
		numbered:  true,
		municipal: true,
	},
}

func municipalFields(id, address []string) map[string][]string {
	return map[string][]string{
		fieldID: id, fieldName: {"名称"}, fieldKana: {"名称_カナ"}, fieldEnglish: {"名称_英字"}, fieldAddress: address,
		fieldPref: {"所在地_都道府県", "都道府県名"}, fieldCity: {"所在地_市区町村", "市区町村名"},
		fieldTown: {"所在地_町字"}, fieldBlock: {"所在地_番地以下"},
		fieldCode: {"市区町村コード", "所在地_全国地方公共団体コード", "全国地方公共団体コード"},
		fieldLat:  {"緯度"}, fieldLon: {"経度"}, fieldPhone: {"電話番号"}, fieldBoth: {"指定避難所との重複"},
		fieldCapacity: {"想定収容人数"}, fieldRemarks: {"備考"}, fieldPublisher: {"地方公共団体名"},
	}
}

func withHazards(prefix string, fields map[string][]string) map[string][]string {
	for h, field := range hazardFields {
		fields[field] = []string{prefix + hazardHeaders[h]}
	}
	return fields
}

func (f form) matches(found map[string]string) bool {
	for _, field := range f.need {
		if found[field] == "" {
			return false
		}
	}
	return true
}

// source cites the list.
func (f form) source(d *Decoder, sample geo.Attributes) hazard.Source {
	if f.municipal {
		city := sample.Text(d.columns[fieldPublisher])
		if city == "" {
			city = sample.Text(d.columns[fieldPref]) + sample.Text(d.columns[fieldCity])
		}
		return hazard.Source{
			Title:       city + " 指定緊急避難場所一覧",
			Attribution: "出典：" + city + " 指定緊急避難場所一覧（加工して作成）",
			Licence:     "公開元の利用条件による",
		}
	}
	title := "指定緊急避難場所データ"
	if f.evacuation {
		title = "指定避難所データ"
	}
	return hazard.Source{
		Title:       "国土地理院 " + title,
		Attribution: "出典：国土地理院 指定緊急避難場所・指定避難所データ（加工して作成）",
		Licence:     "国土地理院コンテンツ利用規約（公共データ利用規約 PDL 1.0）",
	}
}
