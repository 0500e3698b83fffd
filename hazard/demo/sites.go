package demo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// site is a public place: most are shelters.
type site struct {
	town               string
	class              string // "school", "hall", "park", "office", "care", "hospital", "shrine", "station"
	name, kana, romaji string
	fit                string // of 洪水, 土砂, 地震, 火事, 内水, by first character; "" where it is no place to run to
	evacuation         bool   // 指定避難所
	accepts, remarks   string
	inSlide            bool // stands in a landslide zone of its town
	at                 orb.Point
}

var sites = []site{
	{"大手町", "office", "見本市役所", "みほんしやくしょ", "Mihon City Hall", "地火", false, "", "", false, orb.Point{}},
	{"本町", "school", "本町小学校", "ほんまちしょうがっこう", "Honmachi Elementary School", "洪地火内", true, "", "洪水時は３階以上に避難", false, orb.Point{}},
	{"駅前", "hall", "見本市民ホール", "みほんしみんほーる", "Mihon Civic Hall", "洪土地内", true, "", "", false, orb.Point{}},
	{"栄町", "school", "栄町中学校", "さかえちょうちゅうがっこう", "Sakaecho Junior High School", "洪地火内", true, "", "「洪水」では２階に避難", false, orb.Point{}},
	{"城山", "park", "城山公園", "しろやまこうえん", "Shiroyama Park", "洪地火内", false, "", "屋根のある施設はありません", false, orb.Point{}},
	{"神明", "school", "神明小学校", "しんめいしょうがっこう", "Shinmei Elementary School", "洪土地火内", true, "", "", false, orb.Point{}},
	{"若葉台", "school", "若葉台小学校", "わかばだいしょうがっこう", "Wakabadai Elementary School", "洪土地火内", true, "", "", false, orb.Point{}},
	{"桜木", "hall", "桜木公民館", "さくらぎこうみんかん", "Sakuragi Community Hall", "洪土地内", true, "", "", false, orb.Point{}},
	{"上野原", "park", "上野原運動公園", "うえのはらうんどうこうえん", "Uenohara Sports Park", "洪土地火内", false, "", "", false, orb.Point{}},
	{"泉", "school", "泉小学校", "いずみしょうがっこう", "Izumi Elementary School", "洪土地火", true, "", "洪水時は２階以上に避難", false, orb.Point{}},
	{"柳瀬", "hall", "柳瀬集会所", "やなせしゅうかいじょ", "Yanase Meeting House", "地", true, "", "洪水時使用不可", false, orb.Point{}},
	{"船渡", "school", "船渡小学校", "ふなとしょうがっこう", "Funato Elementary School", "洪地火", true, "", "洪水時は３階以上に避難", false, orb.Point{}},
	{"堤", "hall", "堤公民館", "つつみこうみんかん", "Tsutsumi Community Hall", "地内", true, "", "洪水時使用不可", false, orb.Point{}},
	{"瀬口", "park", "瀬口緑地", "せぐちりょくち", "Seguchi Green", "地火", false, "", "", false, orb.Point{}},
	{"東雲", "school", "東雲高等学校", "しののめこうとうがっこう", "Shinonome High School", "洪土地火内", true, "", "洪水時は２階以上に避難", false, orb.Point{}},
	{"緑ヶ丘", "school", "緑ヶ丘中学校", "みどりがおかちゅうがっこう", "Midorigaoka Junior High School", "洪土地火内", true, "", "", false, orb.Point{}},
	{"谷戸", "hall", "谷戸公民館", "やとこうみんかん", "Yato Community Hall", "洪地", true, "", "土砂災害時使用不可", false, orb.Point{}},
	{"岩井沢", "hall", "岩井沢集会所", "いわいざわしゅうかいじょ", "Iwaizawa Meeting House", "洪地", true, "", "土砂災害警戒区域内にあるため、大雨のときは使用不可", true, orb.Point{}},
	{"山崎", "school", "山崎小学校", "やまざきしょうがっこう", "Yamazaki Elementary School", "洪地火", true, "", "土砂災害のおそれがあるときは校舎の山側を使わない", true, orb.Point{}},
	{"東山", "hall", "東山コミュニティセンター", "ひがしやまこみゅにてぃせんたー", "Higashiyama Community Center", "洪土地内", true, "", "", false, orb.Point{}},
	{"中島", "school", "中島小学校", "なかじましょうがっこう", "Nakajima Elementary School", "洪地火", true, "", "洪水時は３階以上に避難", false, orb.Point{}},
	{"古川", "hall", "古川公民館", "ふるかわこうみんかん", "Furukawa Community Hall", "地", true, "", "洪水時使用不可", false, orb.Point{}},
	{"南本町", "school", "南本町小学校", "みなみほんまちしょうがっこう", "Minamihonmachi Elementary School", "洪地火", true, "", "洪水時は３階以上に避難", false, orb.Point{}},
	{"稲荷", "park", "稲荷公園", "いなりこうえん", "Inari Park", "地火", false, "", "", false, orb.Point{}},
	{"新田", "school", "新田中学校", "しんでんちゅうがっこう", "Shinden Junior High School", "洪地火内", true, "", "「洪水」では２階に避難", false, orb.Point{}},
	{"平松", "school", "平松小学校", "ひらまつしょうがっこう", "Hiramatsu Elementary School", "洪地火", true, "", "洪水時は２階以上に避難", false, orb.Point{}},
	{"蓮沼", "hall", "蓮沼体育館", "はすぬまたいいくかん", "Hasunuma Gymnasium", "地火", true, "", "", false, orb.Point{}},
	{"田端", "park", "田端運動場", "たばたうんどうじょう", "Tabata Sports Ground", "地火", false, "", "", false, orb.Point{}},
	{"桜木", "care", "特別養護老人ホームさくら", "とくべつようごろうじんほーむさくら", "Sakura Nursing Home", "", true, "要配慮者", "", false, orb.Point{}},
	{"新田", "care", "障害者支援センターひまわり", "しょうがいしゃしえんせんたーひまわり", "Himawari Support Center", "", true, "障害者", "洪水時使用不可", false, orb.Point{}},
	{"駅前", "hospital", "見本市民病院", "みほんしみんびょういん", "Mihon Municipal Hospital", "", false, "", "", false, orb.Point{}},
	{"神明", "shrine", "神明神社", "しんめいじんじゃ", "Shinmei Shrine", "", false, "", "", false, orb.Point{}},
}

// settle gives every site a block of its town, or a place in a landslide zone,
// and draws it. It returns the sites with their places.
func (b *builder) settle(slides []slide) []site {
	settled := slices.Clone(sites)
	for i := range settled {
		s := &settled[i]
		if s.inSlide {
			s.at = b.underSlope(slides, s.town)
		} else {
			s.at = b.claim(s.town, s.class, i)
		}
		b.add("poi", s.at, 13, attr("class", s.class, "name", s.name, "kana", s.kana, "romaji", s.romaji))
	}
	b.add("poi", station(), 11, attr("class", "station", "name", "見本駅", "kana", "みほんえき", "romaji", "Mihon Station"))
	return settled
}

// claim takes a block near the middle of a town for a site.
func (b *builder) claim(town, class string, i int) orb.Point {
	var best *block
	score := math.Inf(1)
	for k := range b.blocks {
		bl := &b.blocks[k]
		c := b.cells[bl.cell]
		if towns[c.town].name != town || bl.class == "site" || c.chome > 1+i%2 || slices.ContainsFunc(bl.plane, b.routes.at) {
			continue
		}
		middle, home := centroid(bl.sheet), centroid(c.sheet)
		s := math.Hypot(middle[0]-home[0], middle[1]-home[1]) - math.Abs(area(bl.sheet))/60
		if s < score {
			best, score = bl, s
		}
	}
	if best == nil {
		panic(fmt.Sprintf("demo: no block of %s is left", town)) // the city is always the same
	}
	best.class = "site"
	b.add("landuse", orb.Polygon{best.plane}, 12, attr("class", class))
	return centroid(best.plane[:len(best.plane)-1])
}

// underSlope returns a place in the lower part of a yellow zone of a town.
func (b *builder) underSlope(slides []slide, town string) orb.Point {
	for _, s := range slides {
		polygon, ok := s.shape.(orb.Polygon)
		if !ok || s.state != yellow || s.place != "見本市"+town {
			continue
		}
		lowest, at := math.Inf(1), orb.Point{}
		middle := centroid(polygon[0][:len(polygon[0])-1])
		for _, p := range polygon[0] {
			if h := b.elevation(p[0], p[1]); h < lowest {
				lowest, at = h, orb.Point{mix(middle[0], p[0], 0.6), mix(middle[1], p[1], 0.6)}
			}
		}
		return at
	}
	panic("demo: no yellow zone in " + town)
}
