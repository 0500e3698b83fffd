package demo

import "github.com/paulmach/orb"

// town is an invented town. Its place is a point on the sheet (see bend).
type town struct {
	name, kana, romaji string
	chome              int // number of 丁目, 0 where it has none
	north              bool
	at                 orb.Point
	streets            density
}

// density says how closely a town is built.
type density int

const (
	centre density = iota
	suburb
	estate // 団地 on the hills' edge
	works  // factories
	fields
)

// towns are invented; the names are plain words for the land they stand on.
var towns = []town{
	{"本町", "ほんまち", "Honmachi", 4, true, orb.Point{2450, 1000}, centre},
	{"駅前", "えきまえ", "Ekimae", 3, true, orb.Point{2650, 1450}, centre},
	{"大手町", "おおてまち", "Otemachi", 2, true, orb.Point{1700, 1500}, centre},
	{"鍛冶町", "かじまち", "Kajimachi", 0, true, orb.Point{1850, 950}, centre},
	{"栄町", "さかえちょう", "Sakaecho", 3, true, orb.Point{3200, 1200}, centre},
	{"城山", "しろやま", "Shiroyama", 0, true, orb.Point{1330, 2050}, suburb},
	{"神明", "しんめい", "Shinmei", 0, true, orb.Point{1950, 2150}, suburb},
	{"若葉台", "わかばだい", "Wakabadai", 3, true, orb.Point{2900, 2250}, estate},
	{"桜木", "さくらぎ", "Sakuragi", 2, true, orb.Point{2300, 1850}, suburb},
	{"上野原", "うえのはら", "Uenohara", 0, true, orb.Point{2000, 2700}, fields},
	{"泉", "いずみ", "Izumi", 2, true, orb.Point{800, 1500}, suburb},
	{"柳瀬", "やなせ", "Yanase", 0, true, orb.Point{500, 800}, suburb},
	{"船渡", "ふなと", "Funato", 0, true, orb.Point{1150, 450}, suburb},
	{"川原町", "かわはらちょう", "Kawaharacho", 0, true, orb.Point{1900, 380}, suburb},
	{"堤", "つつみ", "Tsutsumi", 2, true, orb.Point{2750, 400}, suburb},
	{"瀬口", "せぐち", "Seguchi", 0, true, orb.Point{3550, 500}, works},
	{"落合", "おちあい", "Ochiai", 0, true, orb.Point{4250, 550}, suburb},
	{"東雲", "しののめ", "Shinonome", 2, true, orb.Point{3900, 1300}, suburb},
	{"緑ヶ丘", "みどりがおか", "Midorigaoka", 2, true, orb.Point{3700, 2000}, estate},
	{"寺尾", "てらお", "Terao", 0, true, orb.Point{3500, 2650}, fields},
	{"小滝", "こたき", "Kotaki", 0, true, orb.Point{4500, 2500}, fields},
	{"岩井沢", "いわいざわ", "Iwaizawa", 0, true, orb.Point{5300, 2200}, fields},
	{"谷戸", "やと", "Yato", 0, true, orb.Point{4850, 1700}, suburb},
	{"山崎", "やまざき", "Yamazaki", 0, true, orb.Point{5600, 1300}, fields},
	{"東山", "ひがしやま", "Higashiyama", 2, true, orb.Point{4800, 1050}, estate},
	{"下河原", "しもがわら", "Shimogawara", 0, true, orb.Point{5350, 500}, fields},
	{"水口", "みなくち", "Minakuchi", 0, false, orb.Point{600, -700}, fields},
	{"中島", "なかじま", "Nakajima", 0, false, orb.Point{1250, -450}, suburb},
	{"古川", "ふるかわ", "Furukawa", 2, false, orb.Point{2050, -500}, suburb},
	{"南本町", "みなみほんまち", "Minamihonmachi", 3, false, orb.Point{2850, -450}, suburb},
	{"稲荷", "いなり", "Inari", 0, false, orb.Point{3600, -450}, suburb},
	{"葦原", "あしはら", "Ashihara", 0, false, orb.Point{4400, -500}, fields},
	{"芝崎", "しばさき", "Shibasaki", 0, false, orb.Point{5300, -500}, fields},
	{"大沼", "おおぬま", "Onuma", 0, false, orb.Point{1500, -1250}, fields},
	{"新田", "しんでん", "Shinden", 2, false, orb.Point{2500, -1250}, suburb},
	{"平松", "ひらまつ", "Hiramatsu", 2, false, orb.Point{3450, -1250}, suburb},
	{"蓮沼", "はすぬま", "Hasunuma", 0, false, orb.Point{4500, -1250}, works},
	{"田端", "たばた", "Tabata", 0, false, orb.Point{2900, -1800}, fields},
}
